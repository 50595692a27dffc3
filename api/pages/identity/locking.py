"""The locked screen: nothing of the page before can be read on it, and nothing typed there is lost.

Whatever form was on the page (its id is `modulo`) is posted along when somebody locks, or when a form meets a
session that has locked itself meanwhile. It waits in the lock page, sealed for this person alone, and is on
its page again after the PIN, the passkey, or a sign-in at the provider in another tab.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import NotTold, Told, asking
from api.pages.drawing import draw
from api.pages.forms import BACK_TO, DRAFT, EMPTY, Form, form_of
from api.pages.i18n import gettext_in, language_of
from api.pages.identity.onward import drawn_again, own
from api.pages.identity.proofs import said, shown, status_of, ways_of
from api.pages.notes import Note, go
from api.pages.sealing import Sealed
from api.pages.visitor import SignInFirst, Visitor, anybody

LASTS_SECONDS = 14 * 3600
"""As long as a session: what is typed in the evening is there in the morning."""


async def lock(request: Request) -> Response:
    """Somebody puts the telephone down."""
    form = await form_of(request)
    told = await asking(request).post("/identity/session/lock", {}, form)
    if not told.ok:
        raise NotTold(told)
    return await lock_page(request, form=form, back_to=form.one(BACK_TO, "/"))


async def show(request: Request) -> Response:
    """The lock page, for a page that found itself locked."""
    here = await anybody(request, locked=True)
    if here is None:
        raise SignInFirst
    if getattr(request.state, "visitor", None) is not None:
        return go(request, here.home)
    return await lock_page(request, form=None, back_to="/")


async def unlock(request: Request) -> Response:
    form = await form_of(request)
    told = await shown(request, form, "/identity/session/unlock")
    if told.ok and not told.content["locked"]:
        return await _back(request, form, told)
    return await _drawn(request, form.one(DRAFT), form.one(BACK_TO, "/"), told)


async def lock_page(request: Request, *, form: Form | None, back_to: str) -> Response:
    """With the draft of `form`, if something was typed. Errors: `SignInFirst`, `NotTold`."""
    here = await _behind(request)
    typed = form.typed() if form is not None else {}
    draft = _sealed(request).seal({"actor": here.actor, "typed": typed}) if typed else ""
    return await _drawn(request, draft, back_to, None)


def draft_of(request: Request) -> Form:
    """What was typed before the screen was locked; empty on every other way to a page."""
    return Form(getattr(request.state, "draft", None) or EMPTY.fields)


async def _behind(request: Request) -> Visitor:
    here = await anybody(request, locked=True)
    if here is None:
        raise SignInFirst
    return here


async def _drawn(request: Request, draft: str, back_to: str, told: Told | None) -> Response:
    """`told`: what was said to the last proof; one that is no problem is that it is locked still."""
    here = await _behind(request)
    request.state.visitor = None
    text = gettext_in(language_of(request))
    if told is None:
        detail = None
    elif told.ok:
        detail = text("È ancora bloccato. Accedi nell’altra scheda, poi torna qui e continua.")
    else:
        detail = await said(request, told, text("Non è riuscito. Controlla e riprova."))
    return await draw(
        request,
        "identity/locked.html",
        status=200 if told is None else status_of(told),
        path="/sblocca",
        here=here,
        ways=ways_of(request),
        draft=draft,
        back_to=own(back_to),
        detail=detail,
    )


async def _back(request: Request, form: Form, told: Told) -> Response:
    """To the page before; with a draft, drawn at once under the new cookie."""
    found = _sealed(request).open(form.one(DRAFT)) if form.has(DRAFT) else None
    back_to = own(form.one(BACK_TO, "/"))
    if found is None or found["actor"] != told.content["actor"]:
        response = go(request, back_to)
    else:
        response = await drawn_again(request, back_to, found["typed"], told)
        if response.status_code != 200:
            response = _lost(request, back_to)
    told.carry(response)
    return response


def _lost(request: Request, back_to: str) -> Response:
    text = gettext_in(language_of(request))
    said = text("Quello che stavi scrivendo non vale più su questa pagina.")
    return go(request, back_to, Note(text=said, danger=True))


def _sealed(request: Request) -> Sealed:
    return Sealed(request.app.state.doors.digest_secret, "drafts", LASTS_SECONDS)


ROUTES = (
    Route("/blocca", lock, methods=["POST"]),
    Route("/sblocca", show, methods=["GET"]),
    Route("/sblocca", unlock, methods=["POST"]),
)
