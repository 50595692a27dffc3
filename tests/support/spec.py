"""Domain tests as sentences: `given(history).when(command).then(events | refusal | NOTHING)`.

The history is events by stream, in the order in which they became true. `then` also repeats the command on
what has become of the world and requires silence (or, of a command that creates, the refusal stated). Every
decision is held to the engine's laws besides: it writes only streams that it has read or creates, no place or
case is ever claimed twice, and the claims are exactly what units and cases say of themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from domain import case, desk, inquiry, network, shelter, unit
from domain.case import CaseState
from domain.claims import ClaimKind, claim_change
from domain.desk import DeskState
from domain.event import Event
from domain.inquiry import InquiryState
from domain.matching.places import Places
from domain.network import NetworkState
from domain.placement import state as placement
from domain.placement.state import PlacementState
from domain.policy import START_POLICY
from domain.refusals import Refusal
from domain.shelter import ShelterState
from domain.unit import UnitState
from domain.vocabulary import CaseId, DeskId, InquiryId, NetworkId, PlacementId, ShelterId, UnitId
from domain.world import NOTHING, Context, Decided, Decision, NotRead, World
from tests.support.deciding import decide

NETWORK = NetworkId(UUID(int=0x1))
NOW = datetime(2026, 11, 20, 1, 13, tzinfo=UTC)
"""A Friday, 02:13 where the network is."""
ROME = ZoneInfo("Europe/Rome")

History = Sequence[tuple[UUID, Event]]
_State = TypeVar("_State")


def fresh(number: int) -> UUID:
    """The id that the source gives at its `number`-th call within one decision."""
    return UUID(int=0xF000_0000 + number)


class Scene:
    """A history and what it amounts to."""

    def __init__(self, history: Iterable[tuple[UUID, Event]]) -> None:
        self.history: tuple[tuple[UUID, Event], ...] = ()
        self.claims: dict[tuple[ClaimKind, UUID], UUID] = {}
        self.places = Places()
        self._streams: dict[UUID, list[Event]] = {}
        for stream, event in history:
            self._claim([(stream, event)])
            self._tell(stream, event)

    def when(
        self,
        command: Any,
        *,
        on: UUID = NETWORK,
        at: datetime = NOW,
        ids: int = 0,
        by: Callable[[Any, World, Context, Places], Decided] | None = None,
    ) -> Answer:
        """Decide. `on` is the stream of a command on one aggregate; `ids` are used up already; `by` decides
        a command that several functions take.
        """
        reading = _Reading(self)
        while True:
            numbers = count(ids + 1)
            context = Context(
                network_id=NETWORK,
                now=at,
                policy=self.network().policy or START_POLICY,
                zone=ROME,
                new_id=_source(numbers),
            )
            try:
                if by is not None:
                    decided = by(command, reading, context, self.places)
                else:
                    decided = decide(command, reading, context, self.places, on)
            except NotRead as need:
                reading.known.update(need.streams)
                continue
            used = next(numbers)
            again = partial(self._again, command, on=on, at=at, ids=used, by=by)
            return Answer(scene=self, on=on, decided=decided, known=reading.known, again=again)

    @staticmethod
    def _again(command: object, after: Scene, **as_before: Any) -> Decided:
        return after.when(command, **as_before).decided

    def with_decision(self, decision: Decision) -> Scene:
        """What has become of the world. Claims are judged as in the ledger: freed, then taken."""
        after = Scene(self.history)
        after._claim(decision.each())
        for stream, event in decision.each():
            after._tell(stream, event)
        after._require_agreement()
        return after

    def network(self) -> NetworkState:
        return _fold(self._streams.get(NETWORK, []), network.initial, network.evolve)

    def shelter(self, shelter_id: UUID) -> ShelterState:
        return _fold(self._streams.get(shelter_id, []), shelter.initial, shelter.evolve)

    def unit(self, unit_id: UUID) -> UnitState:
        return _fold(self._streams.get(unit_id, []), unit.initial, unit.evolve)

    def case(self, case_id: UUID) -> CaseState:
        return _fold(self._streams.get(case_id, []), case.initial, case.evolve)

    def placement(self, placement_id: UUID) -> PlacementState:
        return _fold(self._streams.get(placement_id, []), placement.initial, placement.evolve)

    def desk(self, desk_id: UUID) -> DeskState:
        return _fold(self._streams.get(desk_id, []), desk.initial, desk.evolve)

    def inquiry(self, inquiry_id: UUID) -> InquiryState:
        return _fold(self._streams.get(inquiry_id, []), inquiry.initial, inquiry.evolve)

    def has(self, stream: UUID) -> bool:
        return stream in self._streams

    def told(self, stream: UUID) -> tuple[Event, ...]:
        return tuple(self._streams.get(stream, ()))

    def version(self, stream: UUID) -> int:
        return len(self._streams.get(stream, ()))

    def _tell(self, stream: UUID, event: Event) -> None:
        events = self._streams.setdefault(stream, [])
        events.append(event)
        self.history = (*self.history, (stream, event))
        self.places.apply(stream, len(events), len(self.history), event)

    def _claim(self, events: Iterable[tuple[UUID, Event]]) -> None:
        change = claim_change(events)
        for claim in change.frees:
            assert self.claims.pop((claim.kind, claim.key), None) == claim.holder, (
                f"freed but not held: {claim}"
            )
        for claim in change.takes:
            assert (claim.kind, claim.key) not in self.claims, claim
            self.claims[claim.kind, claim.key] = claim.holder

    def _require_agreement(self) -> None:
        """Claims, streams and the index of places say the same."""
        told = {
            (ClaimKind.PLACE, place): holder
            for unit_id in self.places.units
            for place, holder in self.unit(unit_id).taken.items()
        } | {
            (ClaimKind.CASE, stream): state.open_placement
            for stream, events in self._streams.items()
            if events[0].TOPIC.startswith("case.") and (state := self.case(stream)).open_placement is not None
        }
        assert self.claims == told
        for unit_id, room in self.places.units.items():
            assert room == self.unit(unit_id)
        for placement_id, journey in self.places.placements.items():
            assert journey == self.placement(placement_id)
        for stream, version in self.places.versions.items():
            assert version == len(self._streams[stream])


class _Reading:
    """Keeps `domain.world.World` over a scene: it asks for every stream once, as a ledger does."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.known: set[UUID] = set()

    def network(self) -> NetworkState:
        return self._read(NETWORK, lambda _: self.scene.network())

    def shelter(self, shelter_id: ShelterId) -> ShelterState:
        return self._read(shelter_id, self.scene.shelter)

    def unit(self, unit_id: UnitId) -> UnitState:
        return self._read(unit_id, self.scene.unit)

    def units_of(self, shelter_id: ShelterId) -> tuple[UnitId, ...]:
        return tuple(self.scene.places.by_shelter.get(shelter_id, ()))

    def case(self, case_id: CaseId) -> CaseState:
        return self._read(case_id, self.scene.case)

    def placement(self, placement_id: PlacementId) -> PlacementState:
        return self._read(placement_id, self.scene.placement)

    def desk(self, desk_id: DeskId) -> DeskState:
        return self._read(desk_id, self.scene.desk)

    def inquiry(self, inquiry_id: InquiryId) -> InquiryState:
        return self._read(inquiry_id, self.scene.inquiry)

    def version(self, stream: UUID) -> int:
        return self.scene.version(stream) if stream in self.known else 0

    def _read(self, stream: UUID, state: Callable[[UUID], _State]) -> _State:
        if stream not in self.known:
            raise NotRead(stream)
        return state(stream)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was decided, not yet true."""

    scene: Scene
    on: UUID
    decided: Decided
    known: Collection[UUID]
    again: Callable[[Scene], Decided]

    def then(
        self, expected: Mapping[UUID, Sequence[Event]] | Refusal | Decision, *, again: Refusal | None = None
    ) -> Scene:
        """Exactly this; and the same command on the new state is silent (or refused `again`)."""
        if isinstance(expected, Refusal):
            assert self.decided is expected
            return self.scene
        wanted = expected.events if isinstance(expected, Decision) else expected
        assert isinstance(self.decided, Decision), self.decided
        assert {stream: list(events) for stream, events in self.decided.events.items()} == {
            stream: list(events) for stream, events in wanted.items()
        }
        return self._repeated(again)

    def then_alone(self, *events: Event, again: Refusal | None = None) -> Scene:
        """Exactly these events, on the stream of the command."""
        return self.then({self.on: events} if events else NOTHING, again=again)

    def then_on(self, stream: UUID, *events: Event, again: Refusal | None = None) -> Scene:
        """Exactly these events, on one stream."""
        return self.then({stream: events}, again=again)

    def done(self, *, again: Refusal | None = None) -> Scene:
        """Something was decided, whatever it was; repeated it is silent (or refused `again`)."""
        assert isinstance(self.decided, Decision), self.decided
        return self._repeated(again)

    def creates(self) -> Scene:
        """Something was decided that, asked once more, is another thing: a new case, one more of a count."""
        assert isinstance(self.decided, Decision), self.decided
        assert self.decided != NOTHING
        return self._after(self.decided)

    def _repeated(self, again: Refusal | None) -> Scene:
        assert isinstance(self.decided, Decision)
        after = self._after(self.decided)
        assert self.again(after) == (NOTHING if again is None else again)
        return after

    def _after(self, decision: Decision) -> Scene:
        for stream in decision.events:
            assert stream in self.known or not self.scene.has(stream), "written without having been read"
        return self.scene.with_decision(decision)


def given(*histories: History) -> Scene:
    """The world after these histories, one after another."""
    return Scene(told for history in histories for told in history)


def _source(numbers: Iterator[int]) -> Callable[[], UUID]:
    return lambda: fresh(next(numbers))


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def _fold(events: Iterable[Event], initial: _State, evolve: Callable[[_State, Any], _State]) -> _State:
    state = initial
    for event in events:
        state = evolve(state, event)
    return state
