"""What every page carries and what becomes of what goes wrong on one: headers, a log line, a page in words.

The doors have their own edge (`api.http.edge`); a page that asks a door passes both.
"""

from __future__ import annotations

import logging
from time import perf_counter
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.edge import EVERY_ANSWER
from ledger.log_lines import Line, tell

_log = logging.getLogger("approdo.pages")
SENT_BY_SCRIPT, GO = "approdo-sent", "approdo-go"
_OWN = "'self'"
POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src {_OWN}",
        f"style-src {_OWN}",
        f"img-src {_OWN}",
        f"font-src {_OWN}",
        f"connect-src {_OWN}",
        f"manifest-src {_OWN}",
        f"worker-src {_OWN}",
        f"form-action {_OWN}",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_OF_PAGES = {
    "content-security-policy": POLICY,
    # With `no-referrer` a browser names no origin when it sends a form, and our own doors would refuse it.
    "referrer-policy": "same-origin",
}
_NOTHING_LEFT = "Qualcosa non ha funzionato. Riprova. — Something went wrong. Try again."


class PageEdge:
    """Wraps the pages. `metrics` of the doors do not count pages: what a page asks is counted there."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = perf_counter(), 0

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _dress(message)
                _point(scope, message)
            await send(message)

        try:
            await self._app(scope, receive, dressed)
        except ClientDisconnect:
            return
        except Exception as unforeseen:  # noqa: BLE001 - the last resort: nothing may pass it with its message
            tell(_log, logging.ERROR, Line.REQUEST_FAILED, fault=unforeseen)
            if not status:
                await PlainTextResponse(_NOTHING_LEFT, 500)(scope, receive, dressed)
        _count(scope, status, perf_counter() - started)


def _dress(message: Message) -> None:
    headers = MutableHeaders(raw=message["headers"])
    for name, value in _OF_PAGES.items():
        headers.setdefault(name, value)
    for raw_name, raw_value in EVERY_ANSWER:
        headers.setdefault(raw_name.decode(), raw_value.decode())


def _point(scope: Scope, message: Message) -> None:
    """A script that sends a form cannot see where a redirection leads, nor leave the note of the next page
    unread: it is told the address, and goes there by itself.
    """
    headers = MutableHeaders(raw=message["headers"])
    if message["status"] == 303 and SENT_BY_SCRIPT in Headers(scope=scope):
        message["status"] = 200
        headers[GO] = headers["location"]
        del headers["location"]


def _count(scope: Scope, status: int, seconds: float) -> None:
    if _log.isEnabledFor(logging.INFO):
        tell(
            _log,
            logging.INFO,
            Line.REQUEST_ANSWERED,
            method=Request(scope).method,
            route=_template(scope),
            status=status,
            milliseconds=round(seconds * 1000, 1),
        )


def _template(scope: Scope) -> str:
    path: Any = scope.get("page", "unmatched")
    return str(path)
