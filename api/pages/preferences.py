"""The language and the theme of a browser, kept in two cookies that say nothing of anybody."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from api.http.cookies import DEVICE_SECONDS, without_tls
from api.pages.drawing import THEME, THEMES
from api.pages.forms import BACK_TO, form_of
from api.pages.i18n import LANGUAGE, LANGUAGES
from api.pages.identity.onward import own
from api.pages.notes import go


async def prefer(request: Request) -> Response:
    """Back to the same page, where it can be read; what is no language or theme changes nothing."""
    form = await form_of(request)
    response = go(request, _readable(request, own(form.one(BACK_TO, "/"))))
    if form.one("lingua") in LANGUAGES:
        _keep(request, response, LANGUAGE, form.one("lingua"))
    if form.one("tema") in THEMES:
        _keep(request, response, THEME, form.one("tema"))
    return response


def _keep(request: Request, response: Response, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=DEVICE_SECONDS,
        path="/",
        secure=not without_tls(request, request.app.state.doors.log_kind),
        httponly=True,
        samesite="lax",
    )


def _readable(request: Request, address: str) -> str:
    """The start in place of an address that only takes forms, or is none of ours."""
    scope = {"type": "http", "method": "GET", "path": address.partition("?")[0], "root_path": ""}
    found = any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)
    return address if found else "/"


ROUTES = (Route("/preferenze", prefer, methods=["POST"]),)
