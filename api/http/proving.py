"""How a request proves who asks: by a bearer token, or by the cookie of a session.

A cookie is sent by the browser whoever made it ask, so with one a change must come from a page of ours: by
its origin, and by the token that only such a page knows. Called by `api.http.entering`.
"""

from __future__ import annotations

from starlette.requests import Request

from api.http import cookies
from api.http.doors import Doors
from api.http.problems import Problem
from api.http.trouble_texts import Trouble
from api.identity.caller import Caller, Unauthenticated
from api.identity.sessions import Found, Locked

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORGERY_TOKEN = "forgery-token"  # noqa: S105 - the header's name
BACKGROUND = "approdo-background"
"""A request that says so was made by a page by itself: it does not show that somebody is there."""


async def proved(request: Request, doors: Doors, *, again: bool = False) -> Caller:
    """Who asks. `again`: asked by ourselves while an answer is under way.

    Errors: `Unauthenticated`; problems for a locked session or a forged request; the ledger's.
    """
    if "authorization" in request.headers:
        return await doors.authenticate(bearer_token(request))
    session = cookies.cookie(request, doors.log_kind, cookies.SESSION)
    if session is None:
        raise Unauthenticated("MISSING")
    if request.method not in SAFE_METHODS:
        require_own_page(request, doors, session)
    device = cookies.cookie(request, doors.log_kind, cookies.DEVICE)
    streams = "text/event-stream" in request.headers.get("accept", "")
    present = not (again or streams or BACKGROUND in request.headers)
    try:
        return await doors.identity.sessions.caller(session, device, present=present)
    except Locked:
        raise Problem(Trouble.SESSION_LOCKED) from None


async def is_still(request: Request, doors: Doors, caller: Caller) -> bool:
    """Whether what proved who asks proves the same person, in the same task, now. Errors: the ledger's."""
    try:
        now = await proved(request, doors, again=True)
    except (Unauthenticated, Problem):
        return False
    return (now.actor, now.principal) == (caller.actor, caller.principal)


def bearer_token(request: Request) -> str:
    """Errors: `Unauthenticated`."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("MISSING")
    return token


async def found_session(request: Request, doors: Doors) -> tuple[Found, str]:
    """The session itself, locked or not, and its cookie. Errors: as `proved`."""
    session = cookies.cookie(request, doors.log_kind, cookies.SESSION)
    if session is None:
        raise Unauthenticated("MISSING")
    if request.method not in SAFE_METHODS:
        require_own_page(request, doors, session)
    device = cookies.cookie(request, doors.log_kind, cookies.DEVICE)
    return await doors.identity.sessions.find(session, device), session


def require_own_page(request: Request, doors: Doors, session: str) -> None:
    """Errors: a problem 403 for a change that another site has a browser ask for."""
    require_own_origin(request, doors)
    if not doors.identity.sessions.is_forgery_token(session, request.headers.get(FORGERY_TOKEN, "")):
        raise Problem(Trouble.REQUEST_FORGED)


def require_own_origin(request: Request, doors: Doors) -> None:
    """Errors: a problem 403 for what does not come from a page of this very origin."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin", "").lower()
    if site != "same-origin" or origin != cookies.own_origin(request, doors.log_kind):
        raise Problem(Trouble.REQUEST_FORGED)
