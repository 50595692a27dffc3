"""The outermost layer of the doors, as plain ASGI: what every request gets and every answer carries.

A correlation id, the allowance, headers for safety, a metric; and the last resort when something unforeseen
goes wrong, of which only the type is logged: a message can hold what a client sent.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from time import perf_counter
from typing import Any
from uuid import UUID

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http import problems
from api.http.allowance import Allowance, Allowances
from api.http.doors import Doors
from api.http.metering import Metrics
from api.http.problems import Problem
from api.http.receipts import Seals, SealWanted
from api.http.texts import preferred
from api.http.trouble_texts import Trouble
from api.http.watching import is_watched, watch
from ledger.faults import LedgerFault
from ledger.log_lines import Line, tell

_log = logging.getLogger("approdo.http")
_GONE = 499
"""Counted for a client that went away before it was answered; never sent."""

EVERY_ANSWER = tuple(
    (name.lower().encode(), value.encode())
    for name, value in (
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        (
            "Content-Security-Policy",
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
        ("X-Frame-Options", "DENY"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    )
)


class Visit:
    """One request under way: what its routes need besides what was sent."""

    __slots__ = (
        "actor",
        "allowance",
        "allowances",
        "body",
        "correlation_id",
        "doors",
        "glass_until",
        "location",
        "metrics",
        "seal_wanted",
        "status",
    )

    def __init__(
        self, *, doors: Doors, metrics: Metrics, allowances: Allowances, correlation_id: UUID
    ) -> None:
        self.doors = doors
        self.metrics = metrics
        self.allowances = allowances
        self.correlation_id = correlation_id
        self.allowance: Allowance | None = None
        self.status = 0
        self.glass_until: datetime | None = None
        """Until when they see what is shown for having broken the glass."""
        self.actor: UUID | None = None
        """Who was let in; None until then."""
        self.body: bytes | None = None
        """What was sent, once all of it is here."""
        self.location: str | None = None
        """Where what was made is found, as the answer said."""
        self.seal_wanted: SealWanted | None = None
        """The command whose seal the answer waits for."""


def visit_of(request: Request) -> Visit:
    visit: Visit = request.scope["visit"]
    return visit


class Edge:
    """Wraps the application. Everything but HTTP passes untouched."""

    def __init__(self, app: ASGIApp, doors: Doors, metrics: Metrics) -> None:
        self._app = app
        self._doors = doors
        self._metrics = metrics
        self._allowances = Allowances(doors.requests_per_minute)
        self._seals = Seals(doors.sealed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        visit = scope["visit"] = Visit(
            doors=self._doors,
            metrics=self._metrics,
            allowances=self._allowances,
            correlation_id=self._doors.engine.transactor.sources.new_id(),
        )
        started = perf_counter()

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                visit.status = message["status"]
                visit.location = _location(message)
                _dress(visit, scope, message)
                await self._await_seal(visit, scope, message)
            await send(message)

        try:
            await self._app(scope, receive, dressed)
        except ClientDisconnect:
            # Nobody is there to answer; what the command did, if it ran, stands under its key.
            visit.status = visit.status or _GONE
        except Exception as unforeseen:  # noqa: BLE001 - the last resort: nothing may pass it with its message
            await self._last_resort(visit, unforeseen, scope, receive, dressed)
        self._count(visit, scope, perf_counter() - started)
        actor, template = visit.actor, _template(scope)
        if actor is not None and 200 <= visit.status < 300 and is_watched(scope["method"], template):
            await watch(self._doors, actor, scope, visit.location)

    def _count(self, visit: Visit, scope: Scope, seconds: float) -> None:
        method, template = _known_method(scope["method"]), _template(scope)
        self._metrics.answered(method, template, visit.status, seconds)
        if _log.isEnabledFor(logging.INFO):
            tell(
                _log,
                logging.INFO,
                Line.REQUEST_ANSWERED,
                method=method,
                route=template,
                status=visit.status,
                milliseconds=round(seconds * 1000, 1),
                correlation_id=visit.correlation_id,
            )

    async def _await_seal(self, visit: Visit, scope: Scope, message: Message) -> None:
        """Let an answer to a change wait for its seal, where that was wanted."""
        if visit.seal_wanted is not None and 200 <= visit.status < 300:
            closing = getattr(scope["app"].state, "closing", None) or asyncio.Event()
            store = self._doors.engine.transactor.store
            message["headers"].extend(await self._seals.told(visit.seal_wanted, store, closing))

    async def _last_resort(
        self, visit: Visit, unforeseen: Exception, scope: Scope, receive: Receive, send: Send
    ) -> None:
        said = {"fault": unforeseen, "correlation_id": visit.correlation_id}
        tell(_log, logging.ERROR, Line.REQUEST_FAILED, **said)
        if visit.status:
            return
        await answer_problem(visit, Problem(Trouble.INTERNAL_ERROR), Request(scope))(scope, receive, send)


def answer_problem(visit: Visit, problem: Problem, request: Request) -> Any:
    """The response for a problem, counted."""
    visit.metrics.problem(problem.code)
    return problems.response(problem, preferred(request.headers.get("accept-language")))


def answer_fault(visit: Visit, fault: LedgerFault, request: Request) -> Any:
    """The response for a fault of the ledger; the log gets its type."""
    tell(_log, logging.WARNING, Line.LEDGER_FAULT, fault=fault, correlation_id=visit.correlation_id)
    return answer_problem(visit, problems.of_fault(fault), request)


def _dress(visit: Visit, scope: Scope, message: Message) -> None:
    """Add to an answer what it does not say itself. Raw pairs: this runs for every answer."""
    headers = message["headers"]
    said = {name for name, _ in headers}
    headers.extend(pair for pair in EVERY_ANSWER if pair[0] not in said)
    allowance = visit.allowance or visit.allowances.count(_peer(scope))
    if visit.glass_until is not None:
        headers.append((b"glass-until", visit.glass_until.isoformat().encode()))
    headers += (
        (b"correlation-id", str(visit.correlation_id).encode()),
        (b"ratelimit-limit", b"%d" % allowance.limit),
        (b"ratelimit-remaining", b"%d" % allowance.remaining),
        (b"ratelimit-reset", b"%d" % allowance.reset_seconds),
    )


def _template(scope: Scope) -> str:
    """Of the path only this is told: what stands in its places are ids."""
    path: str = getattr(scope.get("route"), "path", "unmatched")
    return path


def _location(message: Message) -> str | None:
    found = (value for name, value in message["headers"] if name == b"location")
    return next((value.decode("latin-1") for value in found), None)


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _known_method(method: str) -> str:
    return method if method in ("GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "PATCH") else "OTHER"
