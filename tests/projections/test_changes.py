"""What changed between two instants: every kind of change is told, and what was before is not."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from api.commands.replaying_changes import Changed, as_json, as_text, changed
from domain.coordination.reality import RecordOutsideOccupancy, record_outside_occupancy
from domain.network import AdoptPolicy
from domain.network import decide as decide_network
from domain.placement.state import Phase
from domain.policy import START_POLICY
from domain.vocabulary import Household, OccupancyId, PlaceId, PlacementId, UnitId
from domain.world import on_stream
from ledger.store.happened import Happenings
from projections import changes
from tests.ledger.evidence.night import Night

WOMAN = Household(adults=1)


class Told:
    """A night with a middle: one request before it, and one of each kind of change after it."""

    def __init__(self) -> None:
        self.night = Night("changes")
        self.middle: datetime
        self.moved: PlacementId
        self.opened: PlacementId
        self.gone: PlacementId

    async def play(self) -> Told:
        night = self.night
        await night.begin()
        self.moved, self.gone = await night.ask(WOMAN), await night.ask(WOMAN)
        for placement_id in (self.gone,):
            await night.offer(placement_id)
            await night.accept(placement_id)
            await night.admit(placement_id)
        self.middle = night.now
        night.now += timedelta(hours=1)
        await night.offer(self.moved)
        self.opened = await night.ask(WOMAN)
        await night.discharge(self.gone)
        policy = replace(START_POLICY, version="agreed-2", fresh_hours=3)
        adopt = AdoptPolicy(policy=policy, valid_from=night.now.date())
        await night.run(
            lambda world, context: on_stream(
                night.network_id, decide_network(adopt, world.network(), context.now)
            )
        )
        room = night.ids.shelters["house-b"].units["room-1"]
        await night.publish(UnitId(room.id), tuple(PlaceId(bed) for bed in room.beds[:1]))
        late = RecordOutsideOccupancy(
            unit_id=UnitId(room.id),
            occupancy_id=OccupancyId(night.sources.new_id()),
            places=(PlaceId(room.beds[-1]),),
            occurred_at=self.middle - timedelta(minutes=30),
        )
        await night.run(lambda world, context: record_outside_occupancy(late, world, context))
        return self

    def changed(self, since: datetime, upto: int | None = None) -> Changed:
        async def told() -> Changed:
            store = self.night.store
            return await changed(store, since, await store.head() if upto is None else upto)

        return asyncio.run(told())


@pytest.fixture(scope="module")
def told() -> Told:
    return asyncio.run(Told().play())


def test_requests_that_were_opened_ended_and_moved_are_told_apart(told: Told) -> None:
    found = told.changed(told.middle).network
    assert [each.placement_id for each in found.opened.items] == [told.opened]
    assert [(each.placement_id, each.now) for each in found.moved.items] == [(told.moved, Phase.OFFERED)]
    (ended,) = found.ended.items
    assert (ended.placement_id, ended.was, ended.now) == (told.gone, Phase.ADMITTED, Phase.ENDED)
    assert ended.outcome is not None


def test_a_policy_that_was_adopted_is_told_with_its_ranker(told: Told) -> None:
    (policy,) = told.changed(told.middle).network.policies
    assert (policy.policy, policy.ranker) == ("agreed-2", START_POLICY.ranker)


def test_words_on_availability_are_counted_and_units_named_to_the_command_alone(told: Told) -> None:
    found = told.changed(told.middle)
    (words,) = found.network.availability
    assert (words.said, words.corrected, words.units) == (1, 0, 1)
    room = told.night.ids.shelters["house-b"].units["room-1"].id
    assert room in [each.unit_id for each in found.units]
    assert str(room) not in str(found.network)


def test_an_entry_of_before_that_was_recorded_after_is_told_with_both_times(told: Told) -> None:
    found = told.changed(told.middle).network
    late = [each for each in found.late_entries.items if each.topic == "unit.occupied-outside.1"]
    assert [each.happened_at for each in late] == [told.middle - timedelta(minutes=30)]
    assert all(each.recorded_at > told.middle for each in found.late_entries.items)


def test_counts_at_both_ends_are_those_of_the_replay(told: Told) -> None:
    (level,) = [each for each in told.changed(told.middle).network.places if each.before.units]
    assert level.after.occupied - level.before.occupied == 0  # one left, one came from outside
    assert level.before.open != level.after.open


def test_between_an_instant_and_itself_nothing_changed(told: Told) -> None:
    last = told.night.now
    found = told.changed(last)
    network = found.network
    assert (network.opened.count, network.ended.count, network.moved.count) == (0, 0, 0)
    assert (found.units, network.policies, network.late_entries.count) == ((), (), 0)


def test_it_is_told_to_people_and_to_programs(told: Told) -> None:
    found = told.changed(told.middle)
    text, shown = as_text(found, told.night.engine.index.places.network.zone), as_json(found)
    for each in (told.opened, told.gone, told.moved):
        assert str(each) in text and str(each) in shown
    assert "agreed-2" in text and "unit.occupied-outside.1 happened" in text


def test_many_changes_are_counted_and_the_first_are_named(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MOST_NAMED", 1)
    found = told.changed(datetime(2020, 1, 1, tzinfo=told.middle.tzinfo))
    assert (found.network.opened.count, len(found.network.opened.items)) == (3, 1)
    assert "  and 2 more" in as_text(found, told.night.engine.index.places.network.zone)


def test_a_reader_of_one_time_alone_is_caught(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: by the time of recording alone nothing is late."""

    class Unknowing(Happenings):
        def _said(self, row: object, event: object) -> datetime | None:
            del row, event
            return None

    monkeypatch.setattr(changes, "Happenings", Unknowing)
    assert told.changed(told.middle).network.late_entries.count == 0
