"""Proving anew who one is, where a door answers STEP_UP_NEEDED, and then going on with what was begun.

Other areas need nothing: where a door says so with `NotTold` (every `shown`, every `post`) the page is
answered with `needed` by `api.pages.troubles`. The form that was sent waits in that page, sealed for this
person; after the PIN or the passkey it is sent again by itself, under the same key. An area that has the
answer in hand may `return await needed(request, form)`; where there is no form it sends the browser to
`/conferma?torna=/its/page`.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import Told
from api.pages.drawing import draw
from api.pages.forms import BACK_TO, DRAFT, Form, form_of
from api.pages.i18n import gettext_in, language_of
from api.pages.identity.onward import here, own, sent_again
from api.pages.identity.proofs import said, shown, status_of, ways_of
from api.pages.notes import Note, go
from api.pages.sealing import Sealed
from api.pages.visitor import visitor_of

NEEDED = "STEP_UP_NEEDED"
"""The doors' code for it (`api.http.stepping_up`)."""
WAITS_SECONDS = 30 * 60


async def needed(request: Request, form: Form | None = None) -> Response:
    """The page that asks for a proof. `form`: what is to be sent again after it; None: this page is read
    again. Errors: as `visitor_of`.
    """
    visitor = await visitor_of(request)
    pending = ""
    if form is not None:
        waiting = {"actor": visitor.actor, "path": request.url.path, "fields": dict(form.fields)}
        pending = _sealed(request).seal(waiting)
    return await _drawn(request, pending, here(request))


async def ask(request: Request) -> Response:
    """`torna`: the page to go back to."""
    await visitor_of(request)
    return await _drawn(request, "", own(request.query_params.get("torna", "/")))


async def prove(request: Request) -> Response:
    await visitor_of(request)
    form = await form_of(request)
    told = await shown(request, form, "/identity/session/step-up")
    if not told.ok:
        return await _drawn(request, form.one(DRAFT), own(form.one(BACK_TO, "/")), told)
    response = await _onward(request, form, told)
    told.carry(response)
    return response


async def _onward(request: Request, form: Form, told: Told) -> Response:
    """What was begun, for the person who began it and for nobody else."""
    if not form.has(DRAFT):
        return go(request, own(form.one(BACK_TO, "/")))
    pending = _sealed(request).open(form.one(DRAFT))
    if pending is None or pending["actor"] != told.content["actor"]:
        text = gettext_in(language_of(request))
        said = text("Quello che avevi iniziato non vale più. Non è stato inviato: ricomincia.")
        return go(request, "/", Note(text=said, danger=True))
    return await sent_again(request, pending["path"], pending["fields"], told)


async def _drawn(request: Request, pending: str, back_to: str, told: Told | None = None) -> Response:
    text = gettext_in(language_of(request))
    failed = text("Non è riuscito. Controlla e riprova.")
    return await draw(
        request,
        "identity/proving_anew.html",
        status=200 if told is None else status_of(told),
        path="/conferma",
        pending=pending,
        back_to=back_to,
        ways=ways_of(request),
        detail=None if told is None else await said(request, told, failed),
    )


def _sealed(request: Request) -> Sealed:
    return Sealed(request.app.state.doors.digest_secret, "what waits for a proof", WAITS_SECONDS)


ROUTES = (
    Route("/conferma", ask, methods=["GET"]),
    Route("/conferma", prove, methods=["POST"]),
)
