"""Weeks of ordinary nights are no reason to look at anybody; somebody who asks in vain again and again is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.disclosure import START_DISCLOSURE
from domain.placement.events import OfferSent, PlacementRequested
from domain.vocabulary import PlacementId
from ledger.store.memory import MemoryStore
from ledger.store.transact import Done
from projections.probing import Probing, ProbingKind, Watch
from trials.simulate.parameters import SCALES
from trials.simulate.running import Plan, founded

BUSY = replace(SCALES["A"], requests_a_day=3.0)
"""The small network with ten times its requests, all written down by one coordinator."""
SOMEBODY = UUID(int=1)
NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
LOOKS = 6
"""How often somebody opens a placement while it is sought."""


@pytest.mark.asyncio
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_simulated_week_raises_no_notice(seed: int) -> None:
    watch, offered, noticed = Watch(START_DISCLOSURE), set[PlacementId](), list[Probing]()
    asked = 0
    simulation = await founded(Plan(scale=BUSY, seed=seed, days=7), MemoryStore())

    def hear(done: Done) -> None:
        nonlocal asked
        now = simulation.agenda.now
        for each in done.events:
            placement_id = PlacementId(each.stream)
            if isinstance(each.event, OfferSent):
                offered.add(placement_id)
            if isinstance(each.event, PlacementRequested):
                asked += 1
                watch.asked(SOMEBODY, placement_id, now)
                found = watch.judged(SOMEBODY, frozenset(offered), now)
                noticed.extend(filter(None, (found,)))
            if each.event.KIND == "placement":
                for _ in range(LOOKS):
                    found = watch.did(SOMEBODY, ProbingKind.PLACEMENTS_READ, placement_id, now)
                    noticed.extend(filter(None, (found,)))

    simulation.engine.ears.append(hear)
    await simulation.play()
    assert asked > 10
    assert noticed == []


@pytest.mark.parametrize("minutes", [1, 20, 90])
def test_who_probes_is_found_within_twice_the_threshold(minutes: int) -> None:
    """However fast they ask: by what had time to lead somewhere and did not, else by the number."""
    watch, rules = Watch(START_DISCLOSURE), START_DISCLOSURE
    for number in range(1, 2 * rules.fruitless_requests + 1):
        now = NOW + timedelta(minutes=minutes * number)
        watch.asked(SOMEBODY, PlacementId(UUID(int=number)), now)
        found = watch.judged(SOMEBODY, frozenset(), now)
        if found is not None:
            assert found.kind is ProbingKind.FRUITLESS_REQUESTS
            assert number > rules.fruitless_requests
            return
    pytest.fail("nobody was told")


def test_requests_that_led_to_an_offer_are_no_probing_and_others_are_counted_for_themselves() -> None:
    watch = Watch(START_DISCLOSURE)
    placements = [PlacementId(UUID(int=number)) for number in range(1, 40)]
    for number, placement_id in enumerate(placements):
        now = NOW + timedelta(minutes=10 * number)
        watch.asked(SOMEBODY, placement_id, now)
        assert watch.judged(SOMEBODY, frozenset(placements), now) is None
        assert watch.judged(UUID(int=2), frozenset(), now) is None


def test_a_finding_is_told_once_and_again_when_there_is_half_as_much_more() -> None:
    watch, rules = Watch(START_DISCLOSURE), START_DISCLOSURE
    told = [
        found.count
        for number in range(1, 3 * rules.placements_read)
        if (found := watch.did(SOMEBODY, ProbingKind.PLACEMENTS_READ, UUID(int=number), NOW)) is not None
    ]
    assert told == [120, 180, 270]


def test_the_same_thing_counts_once_and_what_is_long_ago_does_not_count() -> None:
    watch, rules = Watch(START_DISCLOSURE), START_DISCLOSURE
    for _ in range(500):
        assert watch.did(SOMEBODY, ProbingKind.PLACEMENTS_READ, UUID(int=9), NOW) is None
    for number in range(rules.placements_read * 3):
        at = NOW + timedelta(minutes=20 * number)
        assert watch.did(SOMEBODY, ProbingKind.PLACEMENTS_READ, UUID(int=number), at) is None
    for day in range(3):
        at = NOW + timedelta(days=30 + 2 * day)
        assert watch.did(SOMEBODY, ProbingKind.PLACEMENTS_READ, UUID(int=9), at) is None
