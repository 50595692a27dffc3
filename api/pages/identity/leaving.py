"""Leaving: the session ends, the browser keeps nothing, and what is seen then is an empty page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.http import cookies
from api.pages.asking import NotTold, Told, asking
from api.pages.forms import form_of
from api.pages.notes import NOTE, go

EMPTY, SIGN_IN = "/fine", "/accesso"
_CLEAR = "clear-site-data"


async def leave(request: Request) -> Response:
    """At once. `dopo=accesso`: without hurry, to where the next one signs in."""
    form = await form_of(request)
    told = await asking(request).post("/identity/session/end", {}, form, signing_in=True)
    if not told.ok and told.status != 401:
        raise NotTold(told)
    return _gone(request, told, SIGN_IN if form.one("dopo") == "accesso" else EMPTY)


def _gone(request: Request, told: Told, address: str) -> Response:
    """Also where there was no session any more."""
    response = go(request, address)
    told.carry(response)
    if _CLEAR in told.headers:
        response.headers[_CLEAR] = told.headers[_CLEAR]
    kind = request.app.state.doors.log_kind
    if cookies.cookie(request, kind, NOTE) is not None:
        cookies.take_back(response, request, kind, NOTE)
    return response


ROUTES = (Route("/esci", leave, methods=["POST"]),)
