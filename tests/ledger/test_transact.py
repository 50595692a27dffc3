"""Read, decide, append, and again: what is recorded, what guards it, how retries and conflicts end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from domain.claims import ClaimKind
from domain.codes import PauseReason
from domain.event import Event
from domain.refusals import Refusal
from domain.shelter import IntakePaused, IntakeResumed
from domain.unit import UnitHeld
from domain.vocabulary import CaseId, PlaceId, PlacementId, ShelterId, UnitId
from domain.world import Decided, Decision, NotRead
from ledger.faults import MalformedAppend
from ledger.state_bytes import split
from ledger.store import metadata
from ledger.store.loaded import Loaded
from ledger.store.memory import MemoryStore
from ledger.store.port import Append, KeyReused, Outcome, StoredRow
from ledger.store.transact import Command, Done, Patience, TooManyConflicts, Transactor
from tests.simulation.driving import NETWORK, Ids, Issue

HOUSE, OTHER_HOUSE = ShelterId(UUID(int=0x21)), ShelterId(UUID(int=0x22))
ROOM, BED, PLACEMENT = UnitId(UUID(int=0x31)), PlaceId(UUID(int=0x32)), PlacementId(UUID(int=0x51))
PAUSED, RESUMED = IntakePaused(reason=PauseReason.STAFF), IntakeResumed()

pytestmark = pytest.mark.asyncio
Between = Callable[[], Awaitable[object]]


class WatchedStore(MemoryStore):
    """Remembers what was asked of it, and lets a test do something just before or just after."""

    def __init__(self) -> None:
        super().__init__()
        self.appends: list[Append] = []
        self.reads: list[tuple[UUID, ...]] = []
        self.before_append: list[Between] = []
        self.after_read: list[Between] = []

    async def append(self, append: Append) -> Outcome:
        self.appends.append(append)
        if self.before_append:
            await self.before_append.pop(0)()
        return await super().append(append)

    async def read_streams(
        self, streams: Sequence[UUID], *, upto: int | None = None
    ) -> Mapping[UUID, tuple[StoredRow, ...]]:
        self.reads.append(tuple(streams))
        rows = await super().read_streams(streams, upto=upto)
        if self.after_read:
            await self.after_read.pop(0)()
        return rows


class Desk:
    """A store, a transactor on it and a fresh command id for each call."""

    def __init__(self, patience_seconds: float = 5.0) -> None:
        self.store = WatchedStore()
        self.ids = Ids(7)
        self.transactor = Transactor(self.store, self.ids.sources, NETWORK, patience_seconds=patience_seconds)

    def command(self) -> Command:
        return Issue.new({"do": "something"}, self.ids.new_id()).envelope

    async def write(self, events: Mapping[UUID, tuple[Event, ...]]) -> Done:
        """Record events on streams as they stand now."""

        def decide(world: Loaded) -> Decided:
            for stream in events:
                _touch(world, stream)
            return Decision(events=events)

        done = await Transactor(self.store, self.ids.sources, NETWORK).run(self.command(), decide)
        assert isinstance(done, Done)
        return done

    async def log(self) -> list[tuple[UUID, int, str]]:
        return [
            (row.stream, row.version, row.topic) for row in await self.store.read_all(after=0, limit=1000)
        ]


def _touch(world: Loaded, stream: UUID) -> None:
    if stream == ROOM:
        world.unit(ROOM)
    else:
        world.shelter(ShelterId(stream))


def _pause(world: Loaded) -> Decided:
    """Pause a house that takes people; refuse where it is paused already."""
    if world.shelter(HOUSE).paused is not None:
        return Refusal.PLACE_CLAIMED
    return Decision(events={HOUSE: (PAUSED,)})


def _nothing(world: Loaded) -> Decided:
    world.shelter(HOUSE)
    return Decision()


async def test_a_decision_is_recorded_whole_with_its_versions_and_who_asked() -> None:
    desk = Desk()
    await desk.write({HOUSE: (PAUSED,)})
    command = desk.command()

    def decide(world: Loaded) -> Decided:
        world.shelter(HOUSE)
        return Decision(events={HOUSE: (RESUMED, PAUSED), OTHER_HOUSE: (PAUSED,)})

    done = await desk.transactor.run(command, decide)
    assert isinstance(done, Done)
    assert (done.receipt.first, done.receipt.last, done.receipt.head) == (2, 4, 4)
    assert [(each.stream, each.version, each.position, each.event) for each in done.events] == [
        (HOUSE, 2, 2, RESUMED),
        (HOUSE, 3, 3, PAUSED),
        (OTHER_HOUSE, 1, 4, PAUSED),
    ]
    rows = await desk.store.read_all(after=1, limit=10)
    assert [(row.stream, row.version) for row in rows] == [(HOUSE, 2), (HOUSE, 3), (OTHER_HOUSE, 1)]
    assert {metadata.decode(row.metadata) for row in rows} == {command.metadata}


async def test_every_event_has_an_id_and_a_salt_of_its_own() -> None:
    desk = Desk()
    await desk.write({HOUSE: (PAUSED, RESUMED, PAUSED)})
    rows = await desk.store.read_all(after=0, limit=10)
    assert len({row.event_id for row in rows}) == 3
    assert len({split(row.state).reserved[:16] for row in rows}) == 3


async def test_claims_are_those_of_the_events() -> None:
    desk = Desk()
    await desk.write({ROOM: (UnitHeld(placement_id=PLACEMENT, places=(BED,)),)})
    assert await desk.store.claims(ClaimKind.PLACE) == {BED: PLACEMENT}


async def test_a_decision_without_events_is_recorded_once_too() -> None:
    desk = Desk()
    command = desk.command()
    first = await desk.transactor.run(command, _nothing)
    again = await desk.transactor.run(command, _pause)
    assert isinstance(first, Done)
    assert (first.receipt.first, first.events, await desk.log()) == (None, (), [])
    assert again == replace(first, receipt=replace(first.receipt, repeated=True))


# --- retries and refusals -----------------------------------------------------------------------------------


async def test_a_retry_gets_the_answer_of_the_first_time_also_when_it_would_now_be_refused() -> None:
    desk = Desk()
    command = desk.command()
    first = await desk.transactor.run(command, _pause)
    again = await desk.transactor.run(command, _pause)
    assert isinstance(first, Done)
    assert again == replace(first, receipt=replace(first.receipt, repeated=True))
    assert await desk.log() == [(HOUSE, 1, "shelter.intake-paused.1")]


async def test_a_retry_gets_the_answer_of_the_first_time_also_when_it_would_now_do_something_else() -> None:
    desk = Desk()
    command = desk.command()
    first = await desk.transactor.run(command, _pause)
    await desk.write({HOUSE: (RESUMED,)})
    again = await desk.transactor.run(command, lambda _: Decision(events={OTHER_HOUSE: (PAUSED,)}))
    assert isinstance(first, Done)
    assert isinstance(again, Done)
    assert (again.receipt.repeated, again.events) == (True, first.events)
    assert len(await desk.log()) == 2


async def test_a_refusal_leaves_nothing_and_may_be_answered_otherwise_later() -> None:
    desk = Desk()
    await desk.write({HOUSE: (PAUSED,)})
    command = desk.command()
    assert await desk.transactor.run(command, _pause) is Refusal.PLACE_CLAIMED
    assert await desk.store.receipt(command.command_id) is None
    await desk.write({HOUSE: (RESUMED,)})
    assert isinstance(await desk.transactor.run(command, _pause), Done)


@pytest.mark.parametrize("decide", [_pause, _nothing, lambda _: Decision(events={OTHER_HOUSE: (PAUSED,)})])
async def test_a_key_that_stands_for_another_body_is_refused_and_nothing_written(
    decide: Callable[[Loaded], Decided],
) -> None:
    desk = Desk()
    command = desk.command()
    await desk.transactor.run(command, _pause)
    other = replace(command, digest=bytes(32))
    assert isinstance(await desk.transactor.run(other, decide), KeyReused)
    assert len(await desk.log()) == 1


async def test_an_append_that_is_malformed_is_a_fault_and_no_conflict() -> None:
    desk = Desk()
    command = replace(desk.command(), digest=b"short")
    with pytest.raises(MalformedAppend):
        await desk.transactor.run(command, _pause)


# --- conflicts ----------------------------------------------------------------------------------------------


async def test_when_another_was_first_it_is_decided_anew_on_what_then_stands() -> None:
    desk = Desk()
    desk.store.before_append.append(lambda: desk.write({HOUSE: (PAUSED,)}))
    assert await desk.transactor.run(desk.command(), _pause) is Refusal.PLACE_CLAIMED
    assert await desk.log() == [(HOUSE, 1, "shelter.intake-paused.1")]


async def test_when_a_stream_that_was_only_read_moved_it_is_decided_anew() -> None:
    desk = Desk()

    def follow(world: Loaded) -> Decided:
        event = RESUMED if world.shelter(HOUSE).paused is None else PAUSED
        world.shelter(OTHER_HOUSE)
        return Decision(events={OTHER_HOUSE: (event,)})

    desk.store.before_append.append(lambda: desk.write({HOUSE: (PAUSED,)}))
    done = await desk.transactor.run(desk.command(), follow)
    assert isinstance(done, Done)
    assert done.events[0].event == PAUSED
    assert done.events[0].position == 2


async def test_who_keeps_losing_gives_up_and_has_written_nothing() -> None:
    desk = Desk(patience_seconds=0.02)

    async def another() -> None:
        desk.store.before_append.clear()
        paused = desk.store.appends[-1].events[0].topic == PAUSED.TOPIC
        assert paused
        await desk.write({HOUSE: (RESUMED,)})
        desk.store.before_append.append(another)

    def decide(world: Loaded) -> Decided:
        world.shelter(HOUSE)
        return Decision(events={HOUSE: (PAUSED,)})

    desk.store.before_append.append(another)
    command = desk.command()
    with pytest.raises(TooManyConflicts, match="nothing was written"):
        await desk.transactor.run(command, decide)
    assert {topic for _, _, topic in await desk.log()} == {RESUMED.TOPIC}
    assert await desk.store.receipt(command.command_id) is None


async def test_patience_lasts_as_long_as_it_is_given() -> None:
    Patience(60.0).check()
    with pytest.raises(TooManyConflicts):
        Patience(-1.0).check()


# --- what a decision reads ----------------------------------------------------------------------------------


async def test_every_stream_read_and_not_written_guards_the_append() -> None:
    desk = Desk()
    await desk.write({HOUSE: (PAUSED, RESUMED), ROOM: (UnitHeld(placement_id=PLACEMENT, places=(BED,)),)})
    case = CaseId(UUID(int=0x41))

    def decide(world: Loaded) -> Decided:
        world.shelter(HOUSE)
        world.unit(ROOM)
        world.case(case)
        world.network()
        world.shelter(OTHER_HOUSE)
        return Decision(events={OTHER_HOUSE: (PAUSED,), HOUSE: (PAUSED,)})

    await desk.transactor.run(desk.command(), decide)
    append = desk.store.appends[-1]
    assert dict(append.guards) == {ROOM: 1, case: 0, NETWORK: 0}
    assert [(event.stream, event.version) for event in append.events] == [(OTHER_HOUSE, 1), (HOUSE, 3)]


async def test_what_only_an_abandoned_run_of_the_decision_read_guards_nothing() -> None:
    desk = Desk()
    asked: list[UUID] = []

    def decide(world: Loaded) -> Decided:
        if not asked:
            asked.append(OTHER_HOUSE)
            world.add({OTHER_HOUSE: ()})
            world.shelter(OTHER_HOUSE)
        world.shelter(HOUSE)
        return Decision()

    await desk.transactor.run(desk.command(), decide)
    assert desk.store.appends[-1].guards == ((HOUSE, 0),)


async def test_a_decision_is_given_what_it_asks_for_all_of_one_moment() -> None:
    desk = Desk()

    def decide(world: Loaded) -> Decided:
        first = world.shelter(HOUSE).paused
        second = world.shelter(OTHER_HOUSE).paused
        assert first is second, "one is paused and the other is not"
        world.unit(ROOM)
        return Decision()

    desk.store.after_read.append(lambda: desk.write({HOUSE: (PAUSED,), OTHER_HOUSE: (PAUSED,)}))
    result = await desk.transactor.run(desk.command(), decide, reads=(HOUSE,))
    assert isinstance(result, Done)
    assert [len(set(streams)) for streams in desk.store.reads if ROOM in streams] == [3]
    assert dict(desk.store.appends[-1].guards) == {HOUSE: 1, OTHER_HOUSE: 1, ROOM: 0}


async def test_streams_known_to_be_needed_are_read_at_once() -> None:
    desk = Desk()
    await desk.transactor.run(desk.command(), _pause, reads=(HOUSE, OTHER_HOUSE, HOUSE))
    assert desk.store.reads == [(HOUSE, OTHER_HOUSE)]
    assert desk.store.appends[-1].guards == ()


async def test_a_decision_that_asks_for_ever_is_a_fault_of_the_program() -> None:
    desk = Desk()

    def decide(_: Loaded) -> Decided:
        raise NotRead(HOUSE)

    with pytest.raises(AssertionError, match="asks again"):
        await desk.transactor.run(desk.command(), decide)


async def test_a_stream_that_was_not_read_is_taken_to_be_new() -> None:
    desk = Desk(patience_seconds=0.0)
    await desk.write({HOUSE: (PAUSED,)})
    with pytest.raises(TooManyConflicts):
        await desk.transactor.run(desk.command(), lambda _: Decision(events={HOUSE: (RESUMED,)}))
    assert len(await desk.log()) == 1


async def test_an_id_of_another_kind_reads_as_unknown() -> None:
    desk = Desk()
    await desk.write({HOUSE: (PAUSED,)})

    def decide(world: Loaded) -> Decided:
        assert world.unit(UnitId(HOUSE)).registered is None
        assert world.shelter(HOUSE).paused is PauseReason.STAFF
        assert not world.case(CaseId(HOUSE)).opened
        assert world.placement(PlacementId(HOUSE)).request is None
        return Decision()

    assert isinstance(await desk.transactor.run(desk.command(), decide), Done)
