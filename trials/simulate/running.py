"""One run: a network founded on a store, time moved from minute to minute, everybody acting, loops stepped.

The clock is the log's own virtual clock and no other. After each minute in which something happened, the
engine's loops are stepped until they have nothing left to do, as they would within the second in earnest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from api.loops.running import Stepped, stepped
from api.network_file.writing import FoundableStore, found
from domain.vocabulary import LogKind, MemberId, NetworkId
from ledger.store.ids import Sources, seeded_sources
from ledger.store.port import LogClock
from ledger.store.transact import Transactor
from projections.places_index import PlacesIndex
from trials.simulate.acting import Around
from trials.simulate.agenda import Agenda, Entry
from trials.simulate.arrivals import Arrival, arrivals
from trials.simulate.asking import Asking
from trials.simulate.drawing import Draws
from trials.simulate.houses import Houses
from trials.simulate.listening import Heard
from trials.simulate.parameters import PARAMETERS, Parameters, Scale
from trials.simulate.people import People
from trials.simulate.weeks import ZONE
from trials.simulate.world import NEIGHBOURS, network_file, zones
from trials.stage.exercise import require_exercise
from trials.stage.in_process import APP_VERSION

FIRST_DAY = date(2026, 1, 5)
"""A Monday."""
LOOPS_EVERY = timedelta(minutes=30)
"""At the latest: alarms come also in minutes in which nobody does anything."""
MOST_ROUNDS = 50
Progress = Callable[["Simulation"], None]


class NeverQuiet(Exception):
    """The engine's loops go on for ever within one minute: each step of theirs brings another."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What is to be played. It ends after `days`, or earlier with the minute that brings the log to
    `events`."""

    scale: Scale
    seed: int
    days: int
    events: int | None = None
    parameters: Parameters = PARAMETERS

    @property
    def draws(self) -> Draws:
        return Draws(self.seed)


class Instant:
    """Where the run stands in time, for ids that are ordered by it."""

    def __init__(self) -> None:
        self.now = midnight(FIRST_DAY)

    def milliseconds(self) -> int:
        return int(self.now.timestamp() * 1000)


class Simulation:
    """A founded run: `play` takes it to its end. What was heard is in `people`, what was refused in
    `asking`."""

    def __init__(
        self,
        plan: Plan,
        store: FoundableStore,
        engine: Heard,
        asking: Asking,
        sources: Sources,
        instant: Instant,
    ) -> None:
        self.plan = plan
        self.engine = engine
        self.asking = asking
        self.agenda = Agenda(instant.now)
        self.until = midnight(FIRST_DAY + timedelta(days=plan.days))
        self._store = store
        self._instant = instant
        self._loops: tuple[Stepped, ...] = stepped(engine, APP_VERSION)
        draws, places = plan.draws, engine.index.places
        self.houses = Houses(places, asking, self.agenda, sources, draws, plan.parameters)
        around = Around(
            places=places,
            asking=asking,
            agenda=self.agenda,
            houses=self.houses,
            draws=draws,
            parameters=plan.parameters,
        )
        self.people = People(engine, around)
        self._coming = arrivals(
            draws, plan.parameters, plan.scale.requests_a_day, FIRST_DAY, plan.days, ZONE, zones(plan.scale)
        )
        self._day = FIRST_DAY
        self.stopping = False
        self.after_loops: list[Callable[[datetime], None]] = []
        """Called at least every half hour, when the loops have had their turn."""
        self.agenda.note(self.until, None)

    @property
    def events(self) -> int:
        """How long the log is."""
        return self.engine.index.places.position

    def stop(self) -> None:
        """End after the minute that is being played."""
        self.stopping = True

    async def play(self, progress: Progress | None = None) -> None:
        """To the end of the plan, or until `stop`."""
        self._begin_day()
        while not self.stopping and (found_minute := self.agenda.next_minute(self.until)) is not None:
            minute, entries = found_minute
            await self._move_to(minute)
            await self._act(entries)
            await self._step()
            if any(entry.deed is None for entry in entries):
                for look in self.after_loops:
                    look(minute)
            if progress is not None:
                progress(self)
            if self.plan.events is not None and self.events >= self.plan.events:
                return

    async def _step(self) -> None:
        """Step the loops until they add nothing: in earnest each wakes again because the log grew."""
        for _ in range(MOST_ROUNDS):
            before = self.events
            for loop in self._loops:
                await loop.step()
            if self.events == before:
                return
        raise NeverQuiet

    async def _move_to(self, minute: datetime) -> None:
        self._instant.now = minute
        await self._store.move_clock(minute)

    async def _act(self, entries: list[Entry]) -> None:
        """One after the other, as they were noted; those that are apart side by side, before them."""
        await asyncio.gather(*(entry.deed() for entry in entries if entry.apart and entry.deed is not None))
        for entry in entries:
            if not entry.apart and entry.deed is not None:
                await entry.deed()

    def _begin_day(self) -> None:
        """Note what a day brings from outside; the rest follows from it."""
        day, after = self._day, midnight(self._day + timedelta(days=1))
        self.houses.begin(day, ZONE)
        while (arrival := self._next_arrival(after)) is not None:
            self.agenda.note(arrival.at, partial(self.people.arrive, arrival))
        at = midnight(day)
        while at < after:
            self.agenda.note(at, None)
            at += LOOPS_EVERY
        self._day = day + timedelta(days=1)
        if after < self.until:
            self.agenda.note(after, self._begin_next_day)

    async def _begin_next_day(self) -> None:
        self._begin_day()

    _waiting: Arrival | None = None

    def _next_arrival(self, before: datetime) -> Arrival | None:
        """The next household that asks before an instant."""
        arrival = self._waiting or next(self._coming, None)
        self._waiting = None
        if arrival is not None and arrival.at >= before:
            self._waiting = arrival
            return None
        return arrival


async def founded(plan: Plan, store: FoundableStore, engine_of: type[Heard] = Heard) -> Simulation:
    """Found the plan's network on an empty log. `engine_of` lets a trial spoil the engine, so that the judge
    has something to find. Refuses (`RealLog`) a log that was born REAL.
    """
    await require_exercise(store)
    instant = Instant()
    sources = seeded_sources(f"simulate {plan.scale.name} {plan.seed}", instant.milliseconds)
    ids = (
        await found(
            network_file(plan.scale, plan.draws, plan.parameters),
            store,
            sources,
            kind=LogKind.EXERCISE,
            clock=LogClock.VIRTUAL,
            app_version=APP_VERSION,
            starts_at=instant.now,
        )
    ).ids
    network_id = NetworkId(ids.network)
    engine = engine_of(Transactor(store, sources, network_id), PlacesIndex(store))
    await engine.index.catch_up()
    neighbours = tuple(MemberId(ids.members[code]) for code in NEIGHBOURS)
    asking = Asking(engine, network_id, sources, ids.zones, neighbours)
    return Simulation(plan, store, engine, asking, sources, instant)


def midnight(day: date) -> datetime:
    """When a day begins where the network is, in UTC."""
    return datetime.combine(day, time(0), ZONE).astimezone(UTC)
