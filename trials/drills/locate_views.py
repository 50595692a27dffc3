"""Everything that each role is shown over a run, taken at the doors: the attacker's material.

When somebody asks, before and after; some days later, when it has been decided; and each quarter, whatever
else a role may read. Each role tries every door; a no is no material. `spoilt` lets a control show more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import orjson

from domain.permissions import Role
from domain.placement.events import PlacementRequested
from domain.vocabulary import PlacementId, ShelterId
from ledger.store import metadata
from ledger.store.transact import Done
from trials.drills.locate_town import HOUSES_SEEN, Town
from trials.simulate.running import FIRST_DAY, midnight

_IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|district-[0-9]+")
_LEVEL = "EMERGENCY_RECEPTION"
_REVIEWERS = (Role.COORDINATOR, Role.AUDITOR, Role.DATA_PROTECTION)

BEFORE, AFTER, LATER, ELSE = "before", "after", "later", "else"
Spoil = Callable[[Town], Any]
"""What a control shows beside the product's own board."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One answer: to whom, about which placement, when, and every id in it, in order."""

    who: str
    about: PlacementId | None
    when: str
    ids: tuple[str, ...]
    known: frozenset[str]
    body: Any
    """Where districts stand in it."""
    safety: bool


@dataclass(kw_only=True)
class Seen:
    """All that was shown in one run, with the truth about it that the judge keeps to himself."""

    town: Town
    telling: frozenset[str]
    """Ids of zones, houses and units: all others tell apart nothing but themselves."""
    shown: list[Shown] = field(default_factory=list)
    asked_by: dict[PlacementId, str] = field(default_factory=dict)
    stood_in: dict[PlacementId, ShelterId] = field(default_factory=dict)
    """In which house each placement was held when it was first looked for."""

    def add(self, who: str, about: PlacementId | None, when: str, body: Any) -> None:
        if body is None:
            return
        text = orjson.dumps(body).decode()
        ids = tuple(one for one in _IDS.findall(text) if one in self.telling or "district" in one)
        ids += (str(about),) if about is not None and str(about) in text else ()
        self.shown.append(
            Shown(
                who=who,
                about=about,
                when=when,
                ids=ids,
                known=frozenset(ids),
                body=body if "district-" in text else None,
                safety='"SAFETY"' in text,
            )
        )


class Watching:
    """Looks for everybody while a run is played."""

    def __init__(self, town: Town, spoilt: Spoil | None = None) -> None:
        telling = {str(each) for each in (*town.zones, *town.houses, *town.units)}
        self.seen = Seen(town=town, telling=frozenset(telling))
        self._town = town
        self._spoilt = spoilt
        self._last: dict[str, Any] = {}
        town.simulation.engine.ears.append(self._hear)
        if spoilt is not None:
            town.simulation.after_loops.append(self._keep_spoilt)

    async def play(self) -> Seen:
        plan, first = self._town.simulation.plan, self._town.now
        for quarter in range(1, max(plan.days // 91, 1) + 1):
            at = min(first + timedelta(days=91 * quarter), midnight_of(self._town) - timedelta(hours=1))
            self._town.simulation.agenda.note(at, self._everything)
        await self._town.simulation.play()
        return self.seen

    def _hear(self, done: Done) -> None:
        for each in done.events:
            if isinstance(each.event, PlacementRequested):
                placement_id = PlacementId(each.stream)
                agenda, now = self._town.simulation.agenda, self._town.now
                agenda.note(now, partial(self._asked, placement_id))
                agenda.note(now + timedelta(minutes=45), partial(self._after, placement_id))
                agenda.note(now + timedelta(days=2), partial(self._later, placement_id))

    async def _asked(self, placement_id: PlacementId) -> None:
        store = self._town.simulation.engine.transactor.store
        rows = (await store.read_streams((placement_id,)))[placement_id]
        who = metadata.decode(rows[0].metadata).role.value
        self.seen.asked_by[placement_id] = who
        await self._look(who, placement_id, BEFORE)
        await self._boards(who, placement_id, BEFORE)
        await self._look(Role.COORDINATOR.value, placement_id, BEFORE, "ranking")

    async def _after(self, placement_id: PlacementId) -> None:
        who = self.seen.asked_by[placement_id]
        await self._boards(who, placement_id, AFTER)
        await self._look(who, placement_id, AFTER)
        for number in range(len(self._town.houses)):
            await self._look(f"{HOUSES_SEEN}{number}", placement_id, AFTER)
        self._note_house(placement_id)

    async def _later(self, placement_id: PlacementId) -> None:
        self._note_house(placement_id)
        for role in _REVIEWERS:
            await self._look(role.value, placement_id, LATER, "history", "ranking")
        await self._look(self.seen.asked_by[placement_id], placement_id, LATER)

    def _note_house(self, placement_id: PlacementId) -> None:
        state = self._town.simulation.engine.index.places.placements.get(placement_id)
        if state is not None and state.held is not None:
            self.seen.stood_in.setdefault(placement_id, state.held.shelter_id)

    async def _look(self, who: str, placement_id: PlacementId, when: str, *parts: str) -> None:
        for part in ("", *(f"/{each}" for each in parts)):
            body = await self._town.get(f"/placements/{placement_id}{part}", who)
            self.seen.add(who, placement_id, when, body)

    async def _boards(self, who: str, placement_id: PlacementId, when: str) -> None:
        self.seen.add(who, placement_id, when, await self._town.get("/bed-board", who))
        for people in (1, 3):
            path = f"/availability?people={people}&level={_LEVEL}"
            self.seen.add(who, placement_id, when, await self._town.get(path, who))
        if self._spoilt is not None:
            # Before: as it stood at the last half hour, when nothing was held for her yet.
            body = self._last.get("board") if when == BEFORE else self._spoilt(self._town)
            self.seen.add(who, placement_id, when, body)

    def _keep_spoilt(self, _: datetime) -> None:
        if self._spoilt is not None:
            self._last["board"] = self._spoilt(self._town)

    async def _everything(self) -> None:
        for who in everybody(self._town):
            for path in self._paths(who):
                self.seen.add(who, None, ELSE, await self._town.get(path, who))

    def _paths(self, who: str) -> Iterator[str]:
        yield from ("/bed-board", "/unmet-need", "/on-call-queue", "/placement-requests", "/probing-notices")
        month = (self._town.now - timedelta(days=45)).strftime("%Y-%m")
        yield f"/statistics?period={month}"
        yield from (f"/shelters/{house}" for house in self._town.houses)
        yield from (f"/units/{unit}" for unit in self._town.units)
        if who.startswith(HOUSES_SEEN):
            yield from (f"/shelters/{house}/statistics?period={month}" for house in self._town.houses)


def everybody(town: Town) -> Iterator[str]:
    """Everybody who has a token, but the engine itself."""
    yield from (role.value for role in Role if role not in (Role.ENGINE, Role.SHELTER_OPERATOR))
    yield from (f"{HOUSES_SEEN}{number}" for number in range(len(town.houses)))


def midnight_of(town: Town) -> datetime:
    return midnight(FIRST_DAY + timedelta(days=town.simulation.plan.days))
