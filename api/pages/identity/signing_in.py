"""Signing in: on a shared device by a tap and a PIN, elsewhere by passkey, at the provider, or with a code on
paper. Only what this network has is offered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import NotTold, Told, asking
from api.pages.drawing import draw
from api.pages.forms import BACK_TO, form_of
from api.pages.i18n import gettext_in, language_of
from api.pages.identity.onward import own
from api.pages.identity.proofs import PIN, passkey_shown, said, status_of, ways_of
from api.pages.notes import Note, go
from api.pages.visitor import UnlockFirst, anybody


async def show(request: Request) -> Response:
    """Who is here already goes to their first page; behind a locked screen somebody else may sign in."""
    try:
        if (here := await anybody(request)) is not None:
            return go(request, here.home)
    except UnlockFirst:
        pass
    return await _drawn(request)


async def other_ways(request: Request) -> Response:
    """In full, also for who is signed in by a PIN. `torna`: where to go then."""
    return await _drawn(request, in_full=True, back_to=own(request.query_params.get("torna", "/")))


async def choose(request: Request) -> Response:
    """Somebody tapped on her name."""
    colleague = await _colleague(request)
    return go(request, "/accesso") if colleague is None else await _asked_pin(request, colleague)


async def by_pin(request: Request) -> Response:
    form = await form_of(request)
    actor = str(request.path_params["actor"])
    body = {"actor": actor, "pin": form.one(PIN)}
    told = await asking(request).post("/identity/session/pin", body, form, signing_in=True)
    if told.ok:
        return _in(request, told, "/")
    colleague = await _colleague(request)
    if colleague is None:
        return go(request, "/accesso")
    return await _asked_pin(request, colleague, told)


async def by_passkey(request: Request) -> Response:
    form = await form_of(request)
    back_to = own(form.one(BACK_TO, "/"))
    told = await passkey_shown(request, form)
    if told.ok:
        return _in(request, told, back_to)
    return await _drawn(request, told, in_full=not ways_of(request).shared, back_to=back_to)


async def by_provider(request: Request) -> Response:
    """To the provider. `di-nuovo`: even who is signed in there shows anew who they are."""
    again = "true" if "di-nuovo" in request.query_params else None
    told = await asking(request).get("/identity/provider", {"again": again})
    if not told.ok:
        return await _drawn(request, told)
    response = go(request, told.headers["location"])
    told.carry(response)
    return response


async def returned(request: Request) -> Response:
    """From the provider, whose way back is this door's own address. The cookies that the browser is given
    here do not go with a redirection that began at another site: the page itself goes on.
    """
    query = {name: request.query_params.get(name) for name in ("code", "state")}
    told = await asking(request).get("/identity/provider/return", query)
    if not told.ok:
        return await _drawn(request, told)
    response = await draw(request, "identity/returned.html")
    response.headers["Refresh"] = "0; url=/"
    told.carry(response)
    return response


async def ask_code(request: Request) -> Response:
    return await draw(request, "identity/recovery.html", detail=None)


async def by_code(request: Request) -> Response:
    """A code kept on paper lets somebody in to make another passkey."""
    form, text = await form_of(request), gettext_in(language_of(request))
    told = await asking(request).post(
        "/identity/session/recovery", {"code": form.one("codice")}, form, signing_in=True
    )
    if not told.ok:
        wrong = text("Questo codice non vale. Controlla le lettere: ogni codice vale una volta sola.")
        detail = await said(request, told, wrong)
        return await draw(request, "identity/recovery.html", status=status_of(told), detail=detail)
    note = Note(text=text("Il codice valeva una volta sola. Adesso crea una nuova passkey."))
    return _in(request, told, "/io", note)


async def colleagues_of(request: Request) -> list[Mapping[str, Any]] | None:
    """Whom this shared device shows; None where it is none. Errors: `NotTold`."""
    if not ways_of(request).shared:
        return None
    told = await asking(request).get("/identity/colleagues")
    if told.status == 401:
        return None
    if not told.ok:
        raise NotTold(told)
    found: list[Mapping[str, Any]] = told.content["colleagues"]
    return found


async def _colleague(request: Request) -> Mapping[str, Any] | None:
    actor = str(request.path_params["actor"])
    found = await colleagues_of(request) or []
    return next((each for each in found if each["actor"] == actor), None)


def _in(request: Request, told: Told, address: str, note: Note | None = None) -> Response:
    response = go(request, address, note)
    told.carry(response)
    return response


async def _asked_pin(request: Request, colleague: Mapping[str, Any], told: Told | None = None) -> Response:
    text = gettext_in(language_of(request))
    wrong = text("PIN non giusto. Dopo cinque errori il PIN si blocca, e serve un altro modo di entrare.")
    return await draw(
        request,
        "identity/pin.html",
        status=200 if told is None else status_of(told),
        colleague=colleague,
        ways=ways_of(request),
        detail=None if told is None else await said(request, told, wrong),
    )


async def _drawn(
    request: Request, told: Told | None = None, *, in_full: bool = False, back_to: str = "/"
) -> Response:
    text = gettext_in(language_of(request))
    failed = text("Accesso non riuscito. Riprova, oppure scegli un altro modo.")
    return await draw(
        request,
        "identity/sign_in.html",
        status=200 if told is None else status_of(told),
        colleagues=None if in_full else await colleagues_of(request),
        ways=ways_of(request),
        back_to=back_to,
        path="/accesso",
        detail=None if told is None else await said(request, told, failed),
    )


ROUTES = (
    Route("/accesso", show, methods=["GET"]),
    Route("/accesso/altri-modi", other_ways, methods=["GET"]),
    Route("/accesso/passkey", by_passkey, methods=["POST"]),
    Route("/accesso/ente", by_provider, methods=["GET"]),
    Route("/accesso/codice", ask_code, methods=["GET"]),
    Route("/accesso/codice", by_code, methods=["POST"]),
    Route("/accesso/{actor:uuid}", choose, methods=["GET"]),
    Route("/accesso/{actor:uuid}", by_pin, methods=["POST"]),
    Route("/identity/provider/return", returned, methods=["GET"]),
)
