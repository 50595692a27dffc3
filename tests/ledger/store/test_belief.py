"""What was believed at one instant about an earlier one: a late entry counts from when the log knew of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from domain.codes import CorrectionReason
from domain.coordination.correcting import CorrectEntry, correct_entry
from domain.coordination.reality import RecordOutsideOccupancy, record_outside_occupancy
from domain.matching.places import Places
from domain.placement.events import HoldPlaced, HouseholdAdmitted, OfferAccepted
from domain.placement.state import Phase
from domain.unit import EndOutsideOccupancy, UnitOccupied
from domain.unit import decide as decide_unit
from domain.vocabulary import OccupancyId, PlacementId, UnitId
from domain.world import on_stream
from ledger.store import belief, codec
from ledger.store.belief import Belief, Believed
from ledger.store.happened import Happenings, note_corrections
from ledger.store.port import StoredRow
from tests.ledger.evidence.night import START, Night, played, played_by_telephone, played_past_the_silent

GUESTS = OccupancyId(UUID(int=7))


def believed(rows: list[StoredRow], at: datetime, about: datetime) -> Believed:
    """By what was recorded up to `at`."""
    known = [row for row in rows if row.recorded_at <= at]
    corrected: dict[tuple[UUID, int], datetime] = {}
    note_corrections(corrected, known)
    told = Belief(about, corrected)
    told.take(known)
    return told.result()


def plainly(rows: list[StoredRow], at: datetime) -> Places:
    places = Places()
    for row in rows:
        if row.recorded_at <= at:
            places.apply(row.stream, row.version, row.position, codec.decode(row.topic, row.state))
    return places


def state_of(places: Places) -> object:
    return places.position, places.units, places.shelters, places.network, places.placements, places.versions


async def _guests_entered_late() -> tuple[list[StoredRow], UnitId]:
    """Guests came an hour after the start and left at the fourth; recorded after three hours, and after
    seven.
    """
    night = Night("late")
    await night.begin()
    house = night.ids.shelters["house-b"].units["room-1"]
    unit_id = UnitId(house.id)
    night.now = START + timedelta(hours=3)
    came = RecordOutsideOccupancy(
        unit_id=unit_id,
        occupancy_id=GUESTS,
        places=house.beds,  # type: ignore[arg-type]
        occurred_at=START + timedelta(hours=1),
    )
    await night.run(lambda world, context: record_outside_occupancy(came, world, context))
    night.now = START + timedelta(hours=7)
    left = EndOutsideOccupancy(occupancy_id=GUESTS, occurred_at=START + timedelta(hours=4))
    await night.run(
        lambda world, context: on_stream(unit_id, decide_unit(left, world.unit(unit_id), context.now))
    )
    return await night.rows(), unit_id


@pytest.mark.parametrize(
    ("known_at", "about", "there"),
    [
        (2, 2, False),  # nobody had written it down yet
        (4, 2, True),  # recorded at three, said of one
        (4, 0.9, False),  # before they came
        (4, 3.5, True),
        (5, 5, True),  # they had left, and nobody had written that down yet
        (8, 5, False),  # recorded at seven, said of four
        (8, 3.5, True),  # what came later changes nothing of what was before
    ],
)
def test_guests_are_there_from_when_they_came_as_far_as_it_was_recorded(
    known_at: float, about: float, there: bool
) -> None:
    rows, unit_id = asyncio.run(_guests_entered_late())
    told = believed(rows, START + timedelta(hours=known_at), START + timedelta(hours=about))
    assert (GUESTS in told.places.units[unit_id].staying) is there


def test_what_was_learned_later_is_named_with_both_its_times() -> None:
    rows, _ = asyncio.run(_guests_entered_late())
    told = believed(rows, START + timedelta(hours=9), START + timedelta(hours=2))
    (entry,) = told.learned_later
    assert (entry.topic, told.learned_later_count) == ("unit.occupied-outside.1", 1)
    assert (entry.happened_at, entry.placement_id) == (START + timedelta(hours=1), None)
    assert entry.recorded_at >= START + timedelta(hours=3)


@pytest.mark.parametrize("play", [played, played_by_telephone])
def test_told_about_the_instant_itself_it_is_the_plain_state_as_of_there(play: object) -> None:
    async def night() -> list[StoredRow]:
        return await (await play()).rows()  # type: ignore[operator,no-any-return]

    rows = asyncio.run(night())
    for at in sorted({row.recorded_at for row in rows}):
        told = believed(rows, at, at)
        assert state_of(told.places) == state_of(plainly(rows, at))
        assert (told.learned_later_count, told.left_out, told.resting) == (0, 0, 0)


def test_a_log_that_is_read_in_pieces_or_from_a_stand_tells_the_same() -> None:
    rows, _ = asyncio.run(_guests_entered_late())
    about = START + timedelta(hours=2)
    whole = believed(rows, rows[-1].recorded_at, about)
    before = [row for row in rows if row.recorded_at <= about]
    told = Belief(about, {}, plainly(rows, about))
    for row in rows[len(before) :]:
        told.take([row])
    assert state_of(told.result().places) == state_of(whole.places)


async def _corrected(reason: CorrectionReason, true_at: datetime | None) -> tuple[Night, PlacementId]:
    """A household's arrival, entered as of now and corrected an hour later."""
    night = Night("corrected")
    await night.begin()
    placement_id = await night.ask()
    await night.offer(placement_id)
    await night.accept(placement_id)
    await night.admit(placement_id)
    (arrival,) = [row for row in await night.rows() if row.topic == HouseholdAdmitted.TOPIC]
    night.now += timedelta(hours=1)
    wrong = CorrectEntry(
        placement_id=placement_id, version=arrival.version, reason=reason, true_occurred_at=true_at
    )
    await night.run(lambda world, context: correct_entry(wrong, world, context))
    return night, placement_id


@pytest.mark.parametrize("earlier", [True, False])
def test_a_time_that_was_declared_wrong_moves_arrival_and_room_together(earlier: bool) -> None:
    shift = timedelta(minutes=-5 if earlier else 30)
    at = _arrived_at(asyncio.run(_corrected(CorrectionReason.WRONG_VALUE, None))[0])
    night, placement_id = asyncio.run(_corrected(CorrectionReason.WRONG_TIME, at + shift))
    rows = asyncio.run(night.rows())
    (room,) = [row for row in rows if row.topic == UnitOccupied.TOPIC]
    about = at + shift / 2
    then, now = (believed(rows, known, about) for known in (room.recorded_at, rows[-1].recorded_at))
    for told, expected in ((then, not earlier), (now, earlier)):
        assert told.places.placements[placement_id].admitted is expected
        assert (placement_id in told.places.units[UnitId(room.stream)].staying) is expected
    assert (then.left_out, now.left_out) == (0, 0 if earlier else 2)


def _arrived_at(night: Night) -> datetime:
    """As it was entered."""
    (arrival,) = [row for row in asyncio.run(night.rows()) if row.topic == HouseholdAdmitted.TOPIC]
    event = codec.decode(arrival.topic, arrival.state)
    assert isinstance(event, HouseholdAdmitted)
    return event.occurred_at


def test_an_entry_that_did_not_happen_is_believed_as_the_board_believes_it() -> None:
    """The declaration changes no state; who reads the placement's history is told."""
    night, placement_id = asyncio.run(_corrected(CorrectionReason.DID_NOT_HAPPEN, None))
    rows = asyncio.run(night.rows())
    told = believed(rows, rows[-1].recorded_at, rows[-1].recorded_at)
    assert told.places.placements[placement_id].admitted


def test_an_answer_dated_before_the_hold_counts_from_the_hold() -> None:
    """Somebody dates a house's yes an hour before its places were held."""

    async def night() -> list[StoredRow]:
        night = Night("early yes")
        await night.begin()
        placement_id = await night.ask()
        await night.offer(placement_id)
        await night.accept(placement_id)
        return await night.rows()

    rows = asyncio.run(night())
    held = next(row for row in rows if row.topic == HoldPlaced.TOPIC)
    (yes,) = [row for row in rows if row.topic == OfferAccepted.TOPIC]
    event = codec.decode(yes.topic, yes.state)
    assert isinstance(event, OfferAccepted)
    early = replace(event, occurred_at=held.recorded_at - timedelta(hours=1))
    rows = [replace(row, state=codec.encode(early, bytes(16))) if row is yes else row for row in rows]
    placement_id, instant = PlacementId(held.stream), timedelta(seconds=1)
    before = believed(rows, yes.recorded_at, held.recorded_at - instant)
    after = believed(rows, yes.recorded_at, held.recorded_at)
    assert (before.places.placements[placement_id].phase, before.resting) == (Phase.SEARCHING, 1)
    assert (after.places.placements[placement_id].phase, after.resting) == (Phase.ACCEPTED_BY_HOUSE, 0)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("play", [played, played_by_telephone, played_past_the_silent])
def test_whatever_people_say_of_when_it_happened_something_can_be_told(play: object, seed: int) -> None:
    """Times that contradict one another leave nothing that cannot be folded, about whichever instant."""

    async def night() -> list[StoredRow]:
        return await (await play()).rows()  # type: ignore[operator,no-any-return]

    drawn = Random(seed)
    rows = [_dated_earlier(row, drawn) for row in asyncio.run(night())]
    end = rows[-1].recorded_at
    for about in sorted({row.recorded_at - timedelta(minutes=step) for row in rows for step in (0, 25)}):
        told = believed(rows, end, about)
        assert told.places.position == rows[-1].position
        assert told.learned_later_count <= sum(row.recorded_at > about for row in rows)
    assert state_of(believed(rows, end, end).places) == state_of(plainly(rows, end))


def _dated_earlier(row: StoredRow, drawn: Random) -> StoredRow:
    event = codec.decode(row.topic, row.state)
    if not hasattr(event, "occurred_at"):
        return row
    at = event.occurred_at - timedelta(minutes=drawn.randrange(180))
    return replace(row, state=codec.encode(replace(event, occurred_at=at), bytes(16)))  # type: ignore[call-arg]


def test_a_belief_that_asks_only_when_a_thing_was_recorded_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: without the second time, a late entry says nothing about before it was recorded."""
    rows, unit_id = asyncio.run(_guests_entered_late())

    class Unknowing(Happenings):
        def _said(self, row: StoredRow, event: object) -> datetime | None:
            del event
            return row.recorded_at

    monkeypatch.setattr(belief, "Happenings", Unknowing)
    told = believed(rows, START + timedelta(hours=3), START + timedelta(hours=2))
    assert GUESTS not in told.places.units[unit_id].staying
