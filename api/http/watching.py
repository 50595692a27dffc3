"""Watches who asks and reads how much, after each answer, and keeps a notice where a person should look.

It stops nobody: a request for a place is never refused or delayed for it. `api.http.edge` calls it;
`api.http.probing_notices` shows what was kept.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from api.http.doors import Doors
from domain.event import kind_of
from domain.placement.events import HouseholdAdmitted, OfferSent
from domain.vocabulary import PlacementId
from ledger.faults import LedgerFault
from ledger.log_lines import Line, tell
from ledger.published import KeptNotice
from projections.probing import Probing, ProbingKind

_log = logging.getLogger("approdo.http")
_ASKING = "/placement-requests"
_PLACEMENT = "/placements/{placement_id}"
_LED_SOMEWHERE = (OfferSent.TOPIC, HouseholdAdmitted.TOPIC)


def is_watched(method: str, template: str) -> bool:
    return template.startswith((_ASKING, _PLACEMENT)) or _kind(method, template) is not None


async def watch(doors: Doors, actor: UUID, scope: Any, location: str | None) -> None:
    """Count one thing that somebody was let do; keep a notice where it is much."""
    try:
        found = await _found(doors, actor, scope, location)
        if found is not None:
            await _keep(doors, found)
    except LedgerFault as fault:
        # The answer was given already; what was noticed is noticed again with the next.
        tell(_log, logging.WARNING, Line.LEDGER_FAULT, fault=fault)


async def _found(doors: Doors, actor: UUID, scope: Any, location: str | None) -> Probing | None:
    method, template = scope["method"], scope["route"].path
    asks = method == "POST" and template == _ASKING
    kind = ProbingKind.FRUITLESS_REQUESTS if asks else _kind(method, template)
    thing = _last_id(location if asks else scope["path"])
    if kind is None or thing is None:
        return None
    now = await doors.engine.transactor.store.now()
    if kind is ProbingKind.FRUITLESS_REQUESTS:
        doors.watch.asked(actor, PlacementId(thing), now)
        recent = doors.watch.recent_requests(actor)
        return doors.watch.judged(actor, await _offered(doors, recent) if recent else frozenset(), now)
    if kind is ProbingKind.SEARCHES:
        thing = UUID(int=int(now.timestamp() * 1_000_000))  # each search counts, also of the same placement
    return doors.watch.did(actor, kind, thing, now)


def _kind(method: str, template: str) -> ProbingKind | None:
    if method == "POST" and template == f"{_PLACEMENT}/search":
        return ProbingKind.SEARCHES
    if method == "POST" and "/openings" in template:
        return ProbingKind.VALUES_OPENED
    return ProbingKind.PLACEMENTS_READ if method == "GET" and template.startswith(_PLACEMENT) else None


def _last_id(path: str | None) -> UUID | None:
    for part in reversed((path or "").split("/")):
        try:
            return UUID(part)
        except ValueError:
            continue
    return None


async def _offered(doors: Doors, placements: Iterable[PlacementId]) -> frozenset[PlacementId]:
    """Those that led to an offer or an arrival. From the log, as one that has ended is no longer indexed."""
    streams = await doors.engine.transactor.store.read_streams(tuple(placements))
    return frozenset(
        PlacementId(stream)
        for stream, rows in streams.items()
        if rows and kind_of(rows[0].topic) == "placement" and any(row.topic in _LED_SOMEWHERE for row in rows)
    )


async def _keep(doors: Doors, found: Probing) -> None:
    transactor = doors.engine.transactor
    await doors.published.notice(
        KeptNotice(
            notice_id=transactor.sources.new_id(),
            noticed_at=await transactor.store.now(),
            kind=found.kind.value,
            actor=found.actor,
            count=found.count,
        )
    )
    tell(_log, logging.WARNING, Line.UNUSUAL_ASKING, reason=found.kind.value)
