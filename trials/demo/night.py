"""One night as it is played: who calls which door at what time, shown event by event as the log grows.

A scenario is a function of a `Night`. Everything that changes goes through HTTP with a person's token; the
virtual clock alone is moved beside it, through the ledger's own function. What is printed is read back from
the log, never taken from an answer.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from domain.codes import AlarmKind
from domain.event import Event
from domain.permissions import Role
from domain.placement import state as placement
from domain.placement.events import (
    AlarmRaised,
    BridgeArranged,
    CandidatesRanked,
    HoldPlaced,
    PlacementEvent,
    PlacementRequested,
)
from domain.vocabulary import AgeBand, ShelterId
from ledger.store.postgres import PostgresStore
from trials.demo.screen import Screen
from trials.demo.stage import Stage
from trials.demo.words import Names, sentence
from trials.stage import programs
from trials.stage.calls import Calls
from trials.stage.record import Entry, of_kind, read_log

ZONE = ZoneInfo("Europe/Rome")
PATIENCE_SECONDS = 20.0
_CHILDREN = (AgeBand.AGE_3_5, AgeBand.AGE_6_10, AgeBand.AGE_11_13)

Json = dict[str, Any]


class NothingHappened(Exception):
    """The engine did not do by itself what the night waited for."""


class Request:
    """One request of the night, by its letter on the screen."""

    def __init__(self, letter: str, placement_id: UUID) -> None:
        self.letter = letter
        self.id = placement_id


class Night:
    """The people of one night and what they do. Times are local; they only go on."""

    def __init__(
        self, stage: Stage, store: PostgresStore, runner: asyncio.Runner, screen: Screen, seed: int
    ) -> None:
        self.random = random.Random(seed)
        self.later_by = (seed - 1) % 4
        """Minutes by which this seed's night runs behind the first one's."""
        self.stage, self.screen = stage, screen
        self.names = Names(ZONE)
        self._store, self._runner = store, runner
        self._entries: tuple[Entry, ...] = runner.run(read_log(store))
        self._now = runner.run(store.now())
        self._letters = iter("ABCDEFGH")
        self._name_houses()
        self.coordinator = self._person("coordinatrice", Role.COORDINATOR)

    # --- time ---

    def at(self, clock: str, doing: str, *, days_on: int = 0) -> None:
        """Move the exercise to this local time (the seed's minutes added), so many days on, and say who does
        what.
        """
        to = self.instant(clock, days_on=days_on)
        assert to >= self._now, "a night goes forward"
        self._runner.run(self._store.move_clock(to))
        self._now = to
        self.screen.step(self.names.clock(to), doing)

    def instant(self, clock: str, *, days_on: int = 0) -> datetime:
        """This local time of the day it is now, or so many days on, the seed's minutes added."""
        hour, minute = map(int, clock.split(":"))
        day = self._now.astimezone(ZONE) + timedelta(days=days_on)
        local = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return (local + timedelta(minutes=self.later_by)).astimezone(UTC)

    def ago(self, minutes: int) -> str:
        """The instant so many minutes back, as a door takes it."""
        return (self._now - timedelta(minutes=minutes)).isoformat()

    # --- people ---

    def house(self, code: str) -> Calls:
        """The operator on duty in a house."""
        return self._person(
            f"operatrice {code}", Role.SHELTER_OPERATOR, (ShelterId(self.stage.shelter(code)),)
        )

    def children(self, number: int, *, infants: int = 0) -> list[str]:
        """Ages that the seed chooses."""
        chosen = sorted(self.random.choice(_CHILDREN) for _ in range(number - infants))
        return [AgeBand.AGE_0_2.value] * infants + [age.value for age in chosen]

    def token(self, role: Role, subject: str) -> str:
        return self.stage.people.token(subject, role)

    def _person(self, subject: str, role: Role, houses: tuple[ShelterId, ...] = ()) -> Calls:
        return Calls(self.stage.served.url, self.stage.people.token(subject, role, houses), uuid4)

    # --- what the coordinator does ---

    def ask(self, household: Json, **more: Any) -> Request:
        """A request for a place, U1 with consent unless said otherwise."""
        asked: Json = {
            "channel": "EMERGENCY_DEPT",
            "urgency": "U1",
            "risk": "HIGH",
            "setting": "EMERGENCY_DEPARTMENT",
            "household": household,
            "consented_at": self.ago(3),
            "occurred_at": self.ago(4),
            **more,
        }
        answer = self.coordinator.post("/placement-requests", asked)
        case_id = UUID(answer["placement"]["case_id"])
        request = self._lettered(UUID(answer["placement"]["placement_id"]), case_id)
        self.show()
        return request

    def _lettered(self, placement_id: UUID, case_id: UUID | None = None) -> Request:
        """A request by its next letter, so that the screen can name it."""
        request = Request(next(self._letters), placement_id)
        self.names.known[placement_id] = f"richiesta {request.letter}"
        said = f"richiesta {request.letter}: {placement_id}"
        if case_id is not None:
            self.names.known[case_id] = f"caso {request.letter}"
            said += f" · caso {request.letter}: {case_id}"
        self.screen.progress(said)
        return request

    def offer(self, request: Request) -> str:
        """Tap the candidate that is held; the house's code name."""
        held = self.hold_of(request)
        units = [str(each.unit_id) for each in held.units]
        self.step(self.coordinator, request, "offers", {"units": units})
        return self.names.of(held.shelter_id)

    def ring(self, request: Request) -> None:
        """Who answers for the house that holds places; its number, opened to be rung."""
        on_call = self.coordinator.get(f"/placements/{request.id}/on-call")
        ours, house = on_call["coordination"][0], on_call["house"][0]
        self.names.known[UUID(house["desk_id"])] = f"recapito {house['code']}"
        self.screen.progress(f"coordina {ours['code']}; per la casa risponde il recapito {house['code']}")
        opened = self.coordinator.post(f"/desks/{house['desk_id']}/openings", {"purpose": "CALL_HOUSE"})
        self.show()
        self.screen.progress(f"sullo schermo, e in nessun altro posto: {opened['values'][0]['value']}")

    def rival(self, number: int, needs: list[str]) -> Json:
        """One of several who ask at the same moment, each as a coordinator of her own; the door's answer."""
        who = self._person(f"coordinatrice {number}", Role.COORDINATOR)
        asked: Json = {
            "channel": "CAV",
            "urgency": "U1",
            "risk": "HIGH",
            "household": {"adults": 1},
            "features_required": needs,
            "consented_at": self.ago(3),
            "occurred_at": self.ago(10 - number),
        }
        answer: Json = who.post("/placement-requests", asked)
        return answer

    def introduce(self, answers: Iterable[Json]) -> list[Request]:
        """Give letters to requests made at the same moment, in the order in which the log has them."""
        ids = sorted(UUID(answer["placement"]["placement_id"]) for answer in answers)
        requests = [self._lettered(placement_id) for placement_id in ids]
        self.show()
        return requests

    def next_in_order(self, waiting: Iterable[Request]) -> Request:
        """Who asked first of those who wait."""
        return min(waiting, key=lambda request: self._asked(request).occurred_at)

    def call(self, who: Calls, path: str, body: Json) -> None:
        """Any other door, then what the log says of it."""
        who.post(path, body)
        self.show()

    def move_on(self, request: Request) -> str:
        """Go on to the next house after silence; its code name."""
        self.step(self.coordinator, request, "move-on", {})
        return self.names.of(self.hold_of(request).shelter_id)

    def came_directly(self, house: str, unit: str, household: Json, **more: Any) -> Request:
        """The house records a family that is in a unit by agreement outside the engine."""
        asked = {"urgency": "U1", "risk": "HIGH", "household": household, "occurred_at": self.ago(40), **more}
        beds = self.stage.ids["shelters"][house]["units"][unit]
        body = {
            "shelter_id": str(self.stage.shelter(house)),
            "units": [{"unit_id": beds["id"], "places": beds["beds"]}],
            "asked": asked,
            "occurred_at": self.ago(10),
        }
        answer = self.house(house).post("/direct-admissions", body)
        request = self._lettered(UUID(answer["placement"]["placement_id"]))
        self.show()
        return request

    def bridge_of(self, request: Request) -> UUID:
        """The bridge arranged last."""
        arranged = [each.event for each in of_kind(self._of(request), BridgeArranged)]
        assert arranged and isinstance(arranged[-1], BridgeArranged)
        return arranged[-1].bridge_id

    def alarm(self, request: Request, kind: AlarmKind) -> None:
        """The engine calls a person by itself; the coordinator takes it in hand."""
        self._until(lambda: self._raised(request, kind) is not None, (AlarmRaised,))
        raised = self._raised(request, kind)
        assert raised is not None
        body = {"kind": kind.value, "due_at": raised.due_at.isoformat()}
        self.step(self.coordinator, request, "alarms/taken", body)

    def step(self, who: Calls, request: Request, what: str, body: Json) -> None:
        """One door of a placement, then what the log says of it."""
        who.post(f"/placements/{request.id}/{what}", body)
        self.show()

    # --- the log ---

    def hold_of(self, request: Request) -> HoldPlaced:
        """The latest hold of a request."""
        holds = [each.event for each in of_kind(self._of(request), HoldPlaced)]
        assert holds and isinstance(holds[-1], HoldPlaced)
        return holds[-1]

    def holds(self, request: Request) -> bool:
        """Whether the request has a hold now."""
        state = placement.initial
        for each in self._of(request):
            state = placement.evolve(state, cast(PlacementEvent, each.event))
        return state.hold is not None

    def confirms(self, request: Request) -> bool:
        """Whether the latest ranking's first candidate is to be confirmed by voice."""
        ranked = [each.event for each in of_kind(self._of(request), CandidatesRanked)]
        assert ranked and isinstance(ranked[-1], CandidatesRanked)
        return bool(ranked[-1].best and ranked[-1].best[0].to_confirm)

    def youngest(self, request: Request, number: int) -> list[str]:
        return [band.value for band in self._asked(request).household.children[:number]]

    def eldest(self, request: Request, number: int) -> list[str]:
        return [band.value for band in self._asked(request).household.children[-number:]]

    def _asked(self, request: Request) -> PlacementRequested:
        asked = next(of_kind(self._of(request), PlacementRequested)).event
        assert isinstance(asked, PlacementRequested)
        return asked

    def wait_for(self, request: Request, *kinds: type[Event], more_than: int = 0) -> None:
        """Until the engine has by itself recorded more than so many events of these kinds for the request."""
        self._until(lambda: sum(1 for _ in of_kind(self._of(request), *kinds)) > more_than, kinds)

    def count(self, request: Request, *kinds: type[Event]) -> int:
        return sum(1 for _ in of_kind(self._of(request), *kinds))

    def show(self) -> None:
        """Print what is new in the log."""
        after = self._entries[-1].position if self._entries else 0
        fresh = self._runner.run(read_log(self._store, after=after))
        self._entries += fresh
        for each in _in_order(fresh):
            said = sentence(each.event, self.names)
            if said is not None:
                clock, who = self.names.clock(each.recorded_at), self.names.of(each.stream)
                self.screen.fact(clock, who, said, each.position, str(each.stream)[-8:])

    def replay(self, *arguments: str) -> None:
        """`approdo replay` as an auditor would run it, with what it printed."""
        self.screen.quoted(f"$ approdo replay {' '.join(arguments)}")
        self.screen.quoted(programs.run(["replay", *arguments], self.stage.settings))

    @property
    def day(self) -> str:
        return f"{self._now.astimezone(ZONE):%Y-%m-%d}"

    @property
    def head(self) -> int:
        return self._entries[-1].position

    def _of(self, request: Request) -> tuple[Entry, ...]:
        return tuple(each for each in self._entries if each.stream == request.id)

    def _raised(self, request: Request, kind: AlarmKind) -> AlarmRaised | None:
        """The latest alarm of a kind."""
        raised = [each.event for each in of_kind(self._of(request), AlarmRaised)]
        return next(
            (each for each in reversed(raised) if isinstance(each, AlarmRaised) and each.kind is kind), None
        )

    def _until(self, seen: Callable[[], bool], kinds: Iterable[type[Event]]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not seen():
            if time.monotonic() > deadline:
                raise NothingHappened(", ".join(kind.__name__ for kind in kinds))
            time.sleep(0.1)
            self.show()

    def _name_houses(self) -> None:
        for code, member in self.stage.ids["members"].items():
            self.names.known[UUID(member)] = code
        for code, shelter in self.stage.ids["shelters"].items():
            self.names.known[UUID(shelter["id"])] = code
            for unit_code, unit in shelter["units"].items():
                self.names.known[UUID(unit["id"])] = unit_code


def _in_order(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda each: each.position)
