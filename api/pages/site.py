"""The whole site: every page, the static files, and behind them the doors. The one list of pages.

`site` is what is served; `api.commands.serving` and trials call it. A request that no page takes goes to the
doors as it came.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.doors import Doors
from api.pages import auditor, files, house, identity, lead, preferences, requester, start, troubles
from api.pages.asking import NotTold
from api.pages.coordinator import (
    board,
    bridges,
    direct,
    handover,
    neighbours,
    paper,
    placement,
    placement_answers,
    placement_revising,
    placement_steps,
    placement_values,
    request,
    shift,
    story,
)
from api.pages.edge import PageEdge
from api.pages.visitor import NotYourPage, SignInFirst, UnlockFirst
from ledger.faults import LedgerFault

PAGES: tuple[Route, ...] = (
    *start.ROUTES,
    *identity.ROUTES,
    *preferences.ROUTES,
    *shift.ROUTES,
    *handover.ROUTES,
    *board.ROUTES,
    *request.ROUTES,
    *placement.ROUTES,
    *placement_steps.ROUTES,
    *placement_answers.ROUTES,
    *placement_values.ROUTES,
    *placement_revising.ROUTES,
    *bridges.ROUTES,
    *neighbours.ROUTES,
    *story.ROUTES,
    *direct.ROUTES,
    *paper.ROUTES,
    *house.ROUTES,
    *auditor.ROUTES,
    *lead.ROUTES,
    *requester.ROUTES,
    *files.ROUTES,
)


class Site:
    """Pages first, then doors. `state.closing` is what streams of the doors await to end."""

    def __init__(self, doors_app: Any, doors: Doors) -> None:
        self._doors_app = doors_app
        self.state = doors_app.state
        self.pages = Starlette(
            routes=list(PAGES),
            middleware=[Middleware(PageEdge)],
            exception_handlers=_HANDLERS,
        )
        self.pages.router.redirect_slashes = False
        self.pages.state.doors_app = doors_app
        self.pages.state.doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        page = _page(scope) if scope["type"] == "http" else None
        app: ASGIApp = self._doors_app
        if page is not None:
            scope["page"] = page.path_format
        if page is not None or self._is_lost(scope):
            app = self.pages
        await app(scope, receive, send)

    def _is_lost(self, scope: Scope) -> bool:
        """A browser at an address that is neither a page nor a door: it is told so on a page."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return False
        if "text/html" not in Headers(scope=scope).get("accept", ""):
            return False
        return all(door.matches(scope)[0] is Match.NONE for door in self._doors_app.router.routes)


def _page(scope: Scope) -> Route | None:
    return next((page for page in PAGES if page.matches(scope)[0] is not Match.NONE), None)


def site(doors_app: Any, doors: Doors) -> Site:
    """The pages over these doors."""
    return Site(doors_app, doors)


Handler = Callable[[Request, Exception], Awaitable[Response]]
_HANDLERS: dict[Any, Handler] = {
    SignInFirst: troubles.sign_in_first,
    UnlockFirst: troubles.unlock_first,
    NotYourPage: troubles.not_your_page,
    NotTold: troubles.not_told,
    LedgerFault: troubles.ledger_fault,
    HTTPException: troubles.http_trouble,
}
