"""The cookies of a browser: its session; on a shared device the device's own secret; and, for ten minutes,
what a sign-in under way has asked.

All are `__Host-` cookies: sent over TLS to this very host alone, out of reach of scripts, never to or from
another site (but the last, which a provider's way back must find). Only an EXERCISE that listens on this
machine without TLS uses plain names. Called by `api.http.proving` and the doors of sessions and devices.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from api.identity.sessions import LONGEST
from api.identity.under_way import LASTS
from domain.vocabulary import LogKind

SESSION, DEVICE, UNDER_WAY = "approdo-session", "approdo-device", "approdo-sign-in"
DEVICE_SECONDS = 400 * 24 * 3600
"""As long as a browser keeps one at most (RFC 6265bis)."""
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def without_tls(request: Request, kind: LogKind) -> bool:
    """Whether this is an exercise that is tried on this machine, without TLS."""
    return kind is LogKind.EXERCISE and request.url.scheme == "http" and request.url.hostname in _HERE


def own_origin(request: Request, kind: LogKind) -> str:
    """The origin of our own pages, as the browser names it. Behind a proxy TLS ends before us."""
    scheme = "http" if without_tls(request, kind) else "https"
    return f"{scheme}://{request.headers.get('host', '').lower()}"


def cookie(request: Request, kind: LogKind, name: str) -> str | None:
    return request.cookies.get(_named(request, kind, name)) or None


def give(
    response: Response, request: Request, kind: LogKind, name: str, value: str, seconds: int | None = None
) -> None:
    response.set_cookie(
        _named(request, kind, name),
        value,
        max_age=seconds or int(LONGEST.total_seconds()),
        path="/",
        secure=not without_tls(request, kind),
        httponly=True,
        samesite="strict",
    )


def give_under_way(response: Response, request: Request, kind: LogKind, value: str) -> None:
    """The one that must come along when a provider sends the browser back to us."""
    response.set_cookie(
        _named(request, kind, UNDER_WAY),
        value,
        max_age=int(LASTS.total_seconds()),
        path="/",
        secure=not without_tls(request, kind),
        httponly=True,
        samesite="lax",
    )


def take_back(response: Response, request: Request, kind: LogKind, name: str) -> None:
    response.delete_cookie(
        _named(request, kind, name),
        path="/",
        secure=not without_tls(request, kind),
        httponly=True,
        samesite="strict",
    )


def _named(request: Request, kind: LogKind, name: str) -> str:
    return name if without_tls(request, kind) else f"__Host-{name}"
