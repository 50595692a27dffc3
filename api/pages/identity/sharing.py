"""A shared device: made one with a code, handed from one colleague to the next with two taps and a PIN."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import asking
from api.pages.drawing import draw
from api.pages.forms import form_of
from api.pages.i18n import gettext_in, language_of
from api.pages.identity.proofs import said, status_of
from api.pages.identity.signing_in import colleagues_of
from api.pages.notes import Note, go
from api.pages.visitor import visitor_of


async def ask_code(request: Request) -> Response:
    return await draw(request, "identity/device.html", detail=None)


async def enrol(request: Request) -> Response:
    form, text = await form_of(request), gettext_in(language_of(request))
    told = await asking(request).post("/devices", {"code": form.one("codice")}, form, signing_in=True)
    if not told.ok:
        wrong = text("Questo codice non vale. Dura dieci minuti: se è scaduto, fattene dare un altro.")
        detail = await said(request, told, wrong)
        return await draw(request, "identity/device.html", status=status_of(told), detail=detail)
    response = go(request, "/accesso", Note(text=text("Questo dispositivo adesso è condiviso.")))
    told.carry(response)
    return response


async def switch(request: Request) -> Response:
    """The other colleagues of this device, for who is signed in at it."""
    here = await visitor_of(request)
    found = await colleagues_of(request)
    others = [each for each in found or () if each["actor"] != here.actor]
    return await draw(request, "identity/colleagues.html", shared=found is not None, colleagues=others)


ROUTES = (
    Route("/dispositivo", ask_code, methods=["GET"]),
    Route("/dispositivo", enrol, methods=["POST"]),
    Route("/colleghe", switch, methods=["GET"]),
)
