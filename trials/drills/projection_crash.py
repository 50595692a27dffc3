"""Read models under crashes: a projector's process is killed before, during and after the commit of every
batch, over a log that holds every event type; in the end its rows are those of a rebuild, one by one.

Control: a projector that skips the rows of a single event and goes on. The comparison must find it.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from domain.catalogue import EVENT_TYPES
from ledger.store.ids import system_sources
from ledger.store.port import Append, NewEvent, Receipt, StoredRow
from ledger.store.postgres import PostgresStore
from projections.projector import Follow, Projector
from projections.read_models import Change, Folded, folded_on, follow
from projections.rebuild import Comparison, rebuild
from projections.views_postgres import PostgresViews
from trials.bench.journeys import journeys
from trials.drills.any_history import histories
from trials.drills.dying_projector import Moment
from trials.drills.finding import Finding
from trials.stage.ground import APP, Ground, ground
from trials.stage.programs import ROOT

EVENTS, REDUCED_EVENTS = 10_000, 1_200
JOURNEYS, REDUCED_JOURNEYS = 100, 8
PAGE = 250
APPENDED = 400
CONTROL_EVENTS = 600
CHILD_SECONDS = 60.0
_MOMENTS = (Moment.BEFORE, Moment.DURING, Moment.AFTER)


class NotKilled(AssertionError):
    """The projector ended otherwise than by the kill, or moved when it must not have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Survived:
    """What a log holds, and how a projector that died at every boundary of it ended."""

    events: int
    types: int
    kills: Counter[Moment]
    comparison: Comparison


def run(rounds: int, reduced: bool) -> Finding:
    events = rounds or (REDUCED_EVENTS if reduced else EVENTS)
    told = asyncio.run(journeys(REDUCED_JOURNEYS if reduced else JOURNEYS))
    with ground() as on:
        settings = on.durability()
        survived = _survive(on, events, told)
        control = asyncio.run(_skipping(on.server.dsn(on.fresh(), APP)))
    missing = len(EVENT_TYPES) - survived.types
    short = max(0, events - survived.events)
    return Finding(
        name="projection_crash",
        wrong=survived.comparison.different + missing + short,
        needed={
            "events": survived.events,
            "types": survived.types,
            **{f"killed_{moment.lower()}": survived.kills[moment] for moment in _MOMENTS},
            "rows": survived.comparison.rows,
        },
        control=control.different,
        control_said=f"skipping one event left {control.different} of {control.rows} rows wrong",
        settings=settings,
        said=f"different={survived.comparison.different} types_missing={missing}",
    )


def _survive(on: Ground, events: int, told: Iterable[StoredRow]) -> Survived:
    dsn = on.server.dsn(on.fresh(), APP)
    topics = asyncio.run(_write(dsn, events, told))
    kills: Counter[Moment] = Counter()
    at, head = 0, sum(topics.values())
    while at < head:
        began = at
        for moment in _MOMENTS:
            _kill(dsn, moment)
            kills[moment] += 1
            at = asyncio.run(_position(dsn))
            if (at > began) is not (moment is Moment.AFTER):
                raise NotKilled(f"{moment}: from {began} to {at}")
    _run(dsn, Moment.NEVER)
    return Survived(
        events=head,
        types=len(topics.keys() & EVENT_TYPES.keys()),
        kills=kills,
        comparison=asyncio.run(_compare(dsn)),
    )


def _kill(dsn: str, moment: Moment) -> None:
    """Errors: `NotKilled`."""
    if (status := _run(dsn, moment)) != -signal.SIGKILL:
        raise NotKilled(f"{moment}: status {status}")


def _run(dsn: str, moment: Moment) -> int:
    program = [sys.executable, "-m", "trials.drills.dying_projector", dsn, moment.value, str(PAGE)]
    return subprocess.run(program, cwd=ROOT, timeout=CHILD_SECONDS).returncode


async def _write(dsn: str, events: int, told: Iterable[StoredRow]) -> Counter[str]:
    """Real journeys first, then histories of every type until there are so many events; topics counted."""
    topics: Counter[str] = Counter()
    async with PostgresStore(dsn) as store:
        await _append(store, [_new(row) for row in told], topics)
        for page in histories(max(1, events - sum(topics.values()))):
            await _append(store, page, topics)
    return topics


async def _append(store: PostgresStore, events: Iterable[NewEvent], topics: Counter[str]) -> None:
    every = tuple(events)
    sources = system_sources()
    for start in range(0, len(every), APPENDED):
        some = every[start : start + APPENDED]
        command_id: UUID = sources.new_id()
        outcome = await store.append(Append(command_id=command_id, digest=bytes(32), events=some))
        assert isinstance(outcome, Receipt)
        topics.update(event.topic for event in some)


def _new(row: StoredRow) -> NewEvent:
    return NewEvent(
        stream=row.stream,
        version=row.version,
        topic=row.topic,
        state=row.state,
        event_id=row.event_id,
        metadata=row.metadata,
    )


async def _position(dsn: str) -> int:
    async with PostgresViews(dsn) as views:
        return (await views.live()).position


async def _compare(dsn: str, follow_: Follow = follow) -> Comparison:
    async with PostgresStore(dsn) as store, PostgresViews(dsn) as views:
        await Projector(store, views, follow=follow_).catch_up()
        return (await rebuild(store, views, swap=False, tell=lambda _: None)).comparison


async def _skipping(dsn: str) -> Comparison:
    """The control: rows of one event are left out, its stream is folded on."""
    await _write(dsn, CONTROL_EVENTS, ())
    async with PostgresStore(dsn) as store:
        rows = await store.read_all(after=0, limit=CONTROL_EVENTS)
    skipped = next(row.position for row in rows[len(rows) // 2 :] if row.topic.startswith("placement."))

    def skipping(before: Folded | None, row: StoredRow) -> tuple[Folded, tuple[Change, ...]]:
        return (folded_on(before, row)[0], ()) if row.position == skipped else follow(before, row)

    return await _compare(dsn, skipping)
