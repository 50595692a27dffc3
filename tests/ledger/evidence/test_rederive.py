"""Decisions derived again: silent on what the engine decided, and each thing changed afterwards is found."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

import pytest

from domain.case import CaseBound, GlassReviewed, RuleOverridden
from domain.codes import ChoiceReason, OverrideReason, ReleaseCause, ReviewOutcome
from domain.coordination.answering import AcceptOffer, accept
from domain.coordination.ending import ReleaseHold, release
from domain.coordination.moving_on import ChooseAnother, MoveOn, choose_another, move_on
from domain.coordination.overriding import OverrideRule, override
from domain.coordination.requesting import request_placement
from domain.event import Event
from domain.matching import rankers
from domain.network import AdoptPolicy, PolicyAdopted, decide
from domain.placement.events import (
    CandidatesRanked,
    DecisionTaken,
    HoldPlaced,
    HoldReleased,
    LeftWaiting,
    OfferSent,
    PlacementEnded,
)
from domain.unit import AvailabilityPublished
from domain.vocabulary import AnswerChannel, BreakingId, Feature, Household, OfferId, PlacementId, UnitId
from domain.world import Context, on_stream
from ledger.evidence.invariants import check
from ledger.evidence.rederive import MOST_TOLD, Rederivation, Way, deviation_of, rederive
from ledger.evidence.rederive_verdict import Deviation, Flaw
from ledger.evidence.rederive_walk import Walk
from ledger.evidence.verdict import ExceptionKind
from ledger.store import codec
from ledger.store.port import StoredRow
from ledger.store.transact import Done
from projections.places_index import PlacesIndex
from tests.ledger.evidence.night import FAMILY, Night, planted, played, played_past_the_silent
from trials.stage.in_process import command, emergency

E = TypeVar("E", bound=Event)
Rows = list[StoredRow]
NOBODY = UUID("00000000-0000-8000-8000-00000000dead")
OTHER_RULES = "agreed-2"


@pytest.fixture(scope="module")
def rows() -> Rows:
    return asyncio.run(_rows())


async def _rows() -> Rows:
    """A night, and another rule for its end."""
    night = await played()
    network = night.engine.index.places.network
    assert network.policy is not None
    policy = replace(network.policy, version=OTHER_RULES)
    adopt = AdoptPolicy(policy=policy, valid_from=night.now.date())
    await night.run(
        lambda world, context: on_stream(night.network_id, decide(adopt, world.network(), context.now))
    )
    await night.ask()
    return await night.rows()


def find(rows: Rows, kind: type[E], number: int = 0) -> tuple[StoredRow, E]:
    """The event of that kind with that number in the log (negative: from its end)."""
    decoded = ((row, codec.decode(row.topic, row.state)) for row in rows)
    return [(row, event) for row, event in decoded if isinstance(event, kind)][number]


def rewritten(rows: Rows, row: StoredRow, event: Event) -> Rows:
    """The log with the event of one row replaced, as somebody with the database's password could."""
    changed = replace(row, state=codec.encode(event, bytes(16)))
    return [changed if each is row else each for each in rows]


def flaws(rows: Rows) -> list[tuple[Flaw, int]]:
    found = rederive(rows)
    assert not found.agrees
    return [(each.flaw, each.position) for each in found.deviations]


def test_every_decision_of_the_engine_follows_from_its_log(rows: Rows) -> None:
    decisions = sum(row.topic == CandidatesRanked.TOPIC for row in rows)
    for way in Way:
        found = rederive(rows, way)
        assert (found.decisions, found.alike, found.deviations) == (decisions, decisions, ())
        assert (found.rows, found.position, found.agrees) == (len(rows), len(rows), True)
    assert decisions > 4


def test_a_log_may_be_taken_in_any_number_of_pieces(rows: Rows) -> None:
    changed = _certificate(rows)
    for size in (1, 7):
        rederivation = Rederivation()
        for start in range(0, len(rows), size):
            rederivation.take(changed[start : start + size])
        assert rederivation.result() == rederive(changed)


# --- what was changed afterwards ----------------------------------------------------------------------------


def _weight(rows: Rows) -> Rows:
    row, event = find(rows, PolicyAdopted)
    heavier = replace(event.policy.weights, spare_feature=event.policy.weights.spare_feature + 1)
    return rewritten(rows, row, replace(event, policy=replace(event.policy, weights=heavier)))


def _availability(rows: Rows) -> Rows:
    """What the house of the first hold had said of that unit."""
    unit_id = find(rows, HoldPlaced)[1].units[0].unit_id
    row, event = find([row for row in rows if row.stream == unit_id], AvailabilityPublished)
    return rewritten(rows, row, replace(event, open_places=event.open_places[1:]))


def _certificate(rows: Rows) -> Rows:
    row, event = find(rows, CandidatesRanked)
    first, *others = event.best
    return rewritten(rows, row, replace(event, best=(replace(first, penalty=first.penalty + 1), *others)))


def test_a_changed_weight_is_found(rows: Rows) -> None:
    found = rederive(_weight(rows))
    assert {each.flaw for each in found.deviations} == {Flaw.DIFFERS}
    assert {"best", "digest"} in [set(each.fields) for each in found.deviations]
    assert found.alike < found.decisions


def test_a_changed_availability_is_found(rows: Rows) -> None:
    found = rederive(_availability(rows))
    assert Flaw.DIFFERS in {each.flaw for each in found.deviations}
    assert found.alike < found.decisions


def test_a_changed_certificate_is_found_where_it_stands(rows: Rows) -> None:
    row, _ = find(rows, CandidatesRanked)
    found = rederive(_certificate(rows))
    assert found.deviations == (
        Deviation(flaw=Flaw.DIFFERS, position=row.position, stream=row.stream, fields=("best",)),
    )
    assert found.alike == found.decisions - 1


CHANGES: dict[str, Callable[[CandidatesRanked], CandidatesRanked]] = {
    "units_seen": lambda event: replace(event, units_seen=event.units_seen + 1),
    "eligible": lambda event: replace(event, eligible=event.eligible + 1),
    "excluded": lambda event: replace(event, excluded=event.excluded[1:]),
    "to_be_confirmed": lambda event: replace(event, to_be_confirmed=event.to_be_confirmed + 1),
    "digest": lambda event: replace(event, digest="0" * 64),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_part_of_a_certificate_is_compared(rows: Rows, name: str) -> None:
    row, event = find(rows, CandidatesRanked, 1)
    deviation, *others = rederive(rewritten(rows, row, CHANGES[name](event))).deviations
    assert (deviation.flaw, deviation.fields) == (Flaw.DIFFERS, (name,))
    # Whoever offers the place names the digest of the ranking she chose from.
    assert [each.flaw for each in others] == ([Flaw.HELD_ANOTHER] if name == "digest" else [])


# --- what keeps a decision from being derived ---------------------------------------------------------------


def _named(rows: Rows, **changes: object) -> tuple[StoredRow, Rows]:
    row, event = find(rows, CandidatesRanked)
    return row, rewritten(rows, row, replace(event, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "flaw"),
    [
        ({"ranker": "rank_0"}, Flaw.RANKER_UNKNOWN),
        ({"policy": "nobody-1"}, Flaw.POLICY_UNKNOWN),
        ({"policy": OTHER_RULES}, Flaw.POLICY_UNKNOWN),
        ({"position": 10**12}, Flaw.POSITION_OUT_OF_LOG),
        ({"position": -1}, Flaw.POSITION_OUT_OF_LOG),
        ({"decided_at": datetime(1, 1, 1, tzinfo=UTC)}, Flaw.NOT_DERIVABLE),
    ],
)
def test_what_a_certificate_names_has_to_be_there(rows: Rows, changes: dict[str, object], flaw: Flaw) -> None:
    row, changed = _named(rows, **changes)
    assert flaws(changed) == [(flaw, row.position)]


def test_a_position_inside_its_own_command_is_none_it_was_ranked_at(rows: Rows) -> None:
    row, event = find(rows, CandidatesRanked)
    own = [each.position for each in rows if each.metadata == row.metadata and each.position < row.position]
    for position in own:
        _, changed = _named(rows, position=position)
        assert flaws(changed) == [(Flaw.POSITION_OUT_OF_LOG, row.position)]
    assert event.position == own[0] - 1


def test_a_policy_that_was_no_longer_in_force_is_found(rows: Rows) -> None:
    row, event = find(rows, CandidatesRanked, -1)
    start = find(rows, PolicyAdopted)[1].policy.version
    assert event.policy == OTHER_RULES
    changed = rewritten(rows, row, replace(event, policy=start))
    assert flaws(changed) == [(Flaw.POLICY_NOT_IN_FORCE, row.position)]


def test_a_ranker_that_the_policy_does_not_name_is_found(rows: Rows) -> None:
    _, changed = _named(rows, ranker="rank_0")
    by = {"rank_0": rankers.NORMATIVE["rank_1"], **rankers.NORMATIVE}
    found: list[Deviation] = []
    judged: list[Deviation | None] = []
    walk = Walk(lambda decision, places: judged.append(deviation_of(decision, places, by)), found.append)
    for each in changed:
        walk.take(each, codec.decode(each.topic, each.state))
    walk.end()
    assert [each.flaw for each in judged if each is not None] == [Flaw.RANKER_NOT_OF_POLICY]
    assert found == []


def test_a_ranking_of_what_nobody_asked_for_is_found(rows: Rows) -> None:
    _, event = find(rows, CandidatesRanked)
    assert flaws(planted(rows, NOBODY, event)) == [(Flaw.REQUEST_UNKNOWN, len(rows) + 1)]


def test_rows_that_do_not_follow_one_another_are_found(rows: Rows) -> None:
    idle, _ = find(rows, CaseBound)
    hole = [row for row in rows if row is not idle]
    assert (Flaw.OUT_OF_ORDER, idle.position + 1) in flaws(hole)
    assert (Flaw.OUT_OF_ORDER, idle.position) in flaws([*rows, idle])
    assert (Flaw.OUT_OF_ORDER, rows[1].position) in flaws(rows[1:])


def test_a_position_that_is_missing_can_be_derived_by_nobody(rows: Rows) -> None:
    row, event = find(rows, CandidatesRanked)
    hole = [each for each in rows if each.position != event.position]
    assert (Flaw.POSITION_OUT_OF_LOG, row.position) in flaws(hole)


def test_bytes_that_cannot_be_read_are_found_and_the_rest_is_still_derived(rows: Rows) -> None:
    row, _ = find(rows, CandidatesRanked, -1)
    cut = [replace(each, state=each.state[:-9]) if each is row else each for each in rows]
    found = rederive(cut)
    assert [(each.flaw, each.position) for each in found.deviations] == [(Flaw.UNREADABLE, row.position)]
    assert found.alike == found.decisions - 1


def test_an_event_that_cannot_follow_is_found(rows: Rows) -> None:
    row, event = find(rows, OfferSent, -1)
    changed = rewritten(rows, row, replace(event, offer_id=OfferId(NOBODY)))
    assert (Flaw.IMPOSSIBLE, row.position) in flaws(changed)


def test_a_hold_on_another_candidate_than_the_decision_names_is_found(rows: Rows) -> None:
    row, event = find(rows, HoldPlaced)
    other = find(rows, HoldPlaced, 1)[1]
    assert event.units != other.units
    changed = rewritten(rows, row, replace(event, units=other.units, shelter_id=other.shelter_id))
    assert (Flaw.HELD_ANOTHER, row.position) in flaws(changed)


def test_a_hold_where_nothing_was_found_is_found(rows: Rows) -> None:
    ranked, event = next(
        (row, event)
        for row in rows
        if isinstance(event := codec.decode(row.topic, row.state), CandidatesRanked) and not event.best
    )
    hold = find(rows, HoldPlaced)[1]
    changed = rewritten(rows, rows[ranked.position], hold)
    changed[ranked.position] = replace(changed[ranked.position], topic=HoldPlaced.TOPIC)
    assert rows[ranked.position].stream == ranked.stream
    assert (Flaw.HELD_ANOTHER, ranked.position + 1) in flaws(changed)


def test_a_request_left_waiting_by_a_ranking_that_had_found_a_place_is_found(rows: Rows) -> None:
    row, _ = find(rows, HoldPlaced)
    changed = rewritten(rows, row, LeftWaiting())
    changed[row.position - 1] = replace(changed[row.position - 1], topic=LeftWaiting.TOPIC)
    assert (Flaw.LEFT_WAITING, row.position) in flaws(changed)


def test_an_offer_of_another_place_than_the_one_held_is_found(rows: Rows) -> None:
    row, event = find(rows, DecisionTaken)
    for changed in (replace(event, choice=9), replace(event, offer_id=OfferId(NOBODY))):
        assert (Flaw.HELD_ANOTHER, row.position) in flaws(rewritten(rows, row, changed))


@pytest.fixture(scope="module")
def chosen() -> Rows:
    return asyncio.run(_chosen())


async def _chosen() -> Rows:
    """The last candidate is chosen and offered; nobody answers, and the search moves on."""
    night = Night()
    await night.begin()
    placement_id = await night.ask(Household(adults=1, children=()))
    _, ranked = find(await night.rows(), CandidatesRanked)
    units = tuple(held.unit_id for held in ranked.best[2].units)
    choose = ChooseAnother(placement_id=placement_id, units=units, reason=ChoiceReason.HER_WISH)
    await night.place(lambda world, context, places: choose_another(choose, world, context, places))
    await night.offer(placement_id)
    night.now += timedelta(hours=1)
    _, hold = find(await night.rows(), HoldPlaced, -1)
    go = MoveOn(placement_id=placement_id, offer_id=hold.offer_id)
    await night.place(lambda world, context, places: move_on(go, world, context, places))
    return await night.rows()


def test_another_candidate_may_be_chosen_and_the_search_may_move_on(chosen: Rows) -> None:
    found = rederive(chosen)
    assert (found.decisions, found.alike, found.deviations) == (3, 3, ())
    assert sum(row.topic == HoldPlaced.TOPIC for row in chosen) == 3


def test_a_choice_that_was_changed_afterwards_is_found(chosen: Rows) -> None:
    row, event = find(chosen, DecisionTaken)
    hold, _ = find(chosen, HoldPlaced, 1)
    assert event.choice == 2
    assert flaws(rewritten(chosen, row, replace(event, choice=1))) == [
        (Flaw.HELD_ANOTHER, hold.position),
        (Flaw.HELD_ANOTHER, row.position),
    ]


@pytest.fixture(scope="module")
def passed_over() -> Rows:
    return asyncio.run(_passed_over())


async def _passed_over() -> Rows:
    night = await played_past_the_silent()
    return await night.rows()


def test_what_was_asked_in_vain_may_be_passed_over(passed_over: Rows) -> None:
    decisions = [find(passed_over, DecisionTaken, number)[1] for number in range(3)]
    assert [(each.choice, each.reason, each.automatic) for each in decisions] == [
        (1, None, False),
        (2, None, False),
        (2, None, True),
    ]
    found = rederive(passed_over)
    assert (found.decisions, found.alike, found.deviations) == (3, 3, ())


def test_a_hold_taken_on_the_way_is_the_first_outside_the_silent_one(passed_over: Rows) -> None:
    _, ranked = find(passed_over, CandidatesRanked, 1)
    row, hold = find(passed_over, HoldPlaced, 1)
    for candidate in (ranked.best[0], ranked.best[2]):
        other = replace(hold, shelter_id=candidate.shelter_id, units=candidate.units)
        assert (Flaw.HELD_ANOTHER, row.position) in flaws(rewritten(passed_over, row, other))


def test_only_silence_lets_a_better_candidate_be_passed_over(passed_over: Rows) -> None:
    row, given_back = find(passed_over, HoldReleased)
    chosen = replace(given_back, cause=ReleaseCause.ANOTHER_CHOSEN)
    hold, _ = find(passed_over, HoldPlaced, 1)
    assert flaws(rewritten(passed_over, row, chosen)) == [(Flaw.HELD_ANOTHER, hold.position)]


def test_a_choice_without_a_reason_passes_over_nobody_who_was_not_asked(passed_over: Rows) -> None:
    row, ranked = find(passed_over, CandidatesRanked, 2)
    hold, _ = find(passed_over, HoldPlaced, 2)
    taken, _ = find(passed_over, DecisionTaken, 2)
    first, *others = ranked.best
    never_asked = replace(first, units=(replace(first.units[0], unit_id=UnitId(NOBODY)),))
    assert flaws(rewritten(passed_over, row, replace(ranked, best=(never_asked, *others)))) == [
        (Flaw.DIFFERS, row.position),
        (Flaw.HELD_ANOTHER, hold.position),
        (Flaw.HELD_ANOTHER, taken.position),
    ]


@pytest.fixture(scope="module")
def retaken() -> Rows:
    return asyncio.run(_retaken())


async def _retaken() -> Rows:
    """A hold is given back by hand, and its house says yes all the same."""
    night = Night()
    await night.begin()
    placement_id = await night.ask()
    await night.offer(placement_id)
    _, hold = find(await night.rows(), HoldPlaced)
    back = ReleaseHold(placement_id=placement_id, offer_id=hold.offer_id)
    await night.run(lambda world, context: release(back, world, context))
    await night.ask(Household(adults=1, children=()))
    yes = AcceptOffer(
        placement_id=placement_id,
        offer_id=hold.offer_id,
        channel=AnswerChannel.SCREEN,
        occurred_at=night.now,
    )
    await night.place(lambda world, context, places: accept(yes, world, context, places))
    return await night.rows()


def test_a_late_yes_takes_its_own_places_again_beside_a_certificate_that_derives(retaken: Rows) -> None:
    assert find(retaken, HoldPlaced, -1)[1].offer_id == find(retaken, HoldPlaced)[1].offer_id
    found = rederive(retaken)
    assert (found.decisions, found.alike, found.deviations) == (3, 3, ())


def test_a_late_yes_that_takes_other_places_than_its_own_is_found(retaken: Rows) -> None:
    row, again = find(retaken, HoldPlaced, -1)
    _, other = find(retaken, HoldPlaced, 1)
    assert other.units != again.units
    changed = rewritten(retaken, row, replace(again, shelter_id=other.shelter_id, units=other.units))
    assert (Flaw.HELD_ANOTHER, row.position) in flaws(changed)


def test_the_certificate_of_a_late_yes_is_compared_too(retaken: Rows) -> None:
    row, ranked = find(retaken, CandidatesRanked, -1)
    changed = replace(ranked, eligible=ranked.eligible + 1)
    assert flaws(rewritten(retaken, row, changed)) == [(Flaw.DIFFERS, row.position)]


def test_all_deviations_are_counted_and_the_first_are_told(rows: Rows) -> None:
    row, event = find(rows, HoldReleased)
    broken = rewritten(rows, row, replace(event, offer_id=OfferId(NOBODY)))
    many = [*broken, *[row] * (MOST_TOLD + 5)]
    found = rederive(many)
    assert found.flaws[Flaw.OUT_OF_ORDER] == MOST_TOLD + 5
    assert len(found.deviations) == MOST_TOLD


# --- a ranking that comes late ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def late() -> Rows:
    return asyncio.run(_late())


async def _late() -> Rows:
    """Two processes: one ranks, waits while the other serves two households, and still wins."""
    night = Night()
    await night.begin()
    behind = PlacesIndex(night.store)
    await behind.catch_up()
    for _ in range(2):
        await night.ask(Household(adults=9, children=()))
    asked = replace(emergency(FAMILY, night.now), features_required=(Feature.GROUND_FLOOR,))
    network = behind.places.network
    assert network.policy is not None
    context = Context(
        network_id=night.network_id,
        now=night.now,
        policy=network.policy,
        zone=network.zone,
        new_id=night.sources.new_id,
    )
    transactor = night.engine.transactor
    attempt = await transactor.attempt(
        lambda world: request_placement(asked, world, context, behind.places), view=behind
    )
    this = command(night.network_id, night.network_id, night.sources)
    assert isinstance(await transactor.record(this, attempt), Done)
    return await night.rows()


def test_a_decision_may_rest_on_an_earlier_position_than_the_one_before_it(late: Rows) -> None:
    positions = [
        event.position
        for row in late
        if isinstance(event := codec.decode(row.topic, row.state), CandidatesRanked)
    ]
    assert positions != sorted(positions)
    found = rederive(late)
    assert (found.agrees, found.alike) == (True, 3)


def test_a_decision_further_back_than_the_window_is_told_and_stops_nothing(late: Rows) -> None:
    row, event = find(late, CandidatesRanked, -1)
    distance = row.position - event.position
    for window, alike in ((distance, 3), (distance - 1, 3), (distance - 2, 2), (distance - 5, 2)):
        rederivation = Rederivation(window=window)
        rederivation.take(late)
        found = rederivation.result()
        assert (found.decisions, found.alike) == (3, alike)
        told = [(each.flaw, each.position) for each in found.deviations]
        assert told == ([] if alike == 3 else [(Flaw.POSITION_TOO_FAR_BACK, row.position)])


# --- how much is kept ---------------------------------------------------------------------------------------


async def _journeys(count: int) -> Rows:
    """So many households, one after the other in the same places: the state at the end is that of one."""
    night = Night()
    await night.begin()
    for _ in range(count):
        placement_id = await night.ask()
        await night.offer(placement_id)
        await night.accept(placement_id)
        await night.admit(placement_id)
        await night.discharge(placement_id)
    return list(await night.store.read_all(after=0, limit=100_000))


def _peak(rows: Rows, keep: Callable[[StoredRow], object] = id) -> tuple[int, int]:
    """Bytes at the most, and decisions, of a walk with a window much shorter than the log."""
    tracemalloc.start()
    rederivation = Rederivation(window=200)
    for start in range(0, len(rows), 50):
        page = rows[start : start + 50]
        for row in page:
            keep(row)
        rederivation.take(page)
        gc.collect()  # what is let go is gone at once: the figure is of what is kept
    found = rederivation.result()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.agrees
    return peak, found.decisions


def test_a_log_four_times_as_long_takes_no_more_memory() -> None:
    rows = asyncio.run(_journeys(120))
    quarter = next(each.position for each in rows[len(rows) // 4 :] if each.topic == PlacementEnded.TOPIC)
    rederive(rows)  # the ids that decoding remembers are there before anything is counted
    short, few = _peak(rows[:quarter])
    long, many = _peak(rows)
    assert many > 3.5 * few
    assert long < 1.2 * short


def test_the_same_measure_notices_a_walk_that_keeps_what_has_passed() -> None:
    rows = asyncio.run(_journeys(120))
    rederive(rows)
    kept: list[object] = []
    short, _ = _peak(rows[: len(rows) // 4])
    long, _ = _peak(rows, lambda row: kept.append(codec.decode(row.topic, row.state)))
    assert long > 2 * short  # the rows themselves are kept by the test, outside the measure


# --- whatever stands in the rows ----------------------------------------------------------------------------


def test_a_log_with_any_row_left_out_twice_or_turned_is_told_and_never_stops_the_walk(rows: Rows) -> None:
    for index in range(0, len(rows) - 1, 3):
        without = rows[:index] + rows[index + 1 :]
        twice = rows[: index + 1] + rows[index:]
        turned = [*rows[:index], rows[index + 1], rows[index], *rows[index + 2 :]]
        for changed in (without, twice, turned):
            assert Flaw.OUT_OF_ORDER in rederive(changed).flaws


def test_events_that_stand_in_each_others_place_never_stop_the_walk(rows: Rows) -> None:
    """Every event once in the row of another kind of it: another topic, stream and version than its own."""
    some = {row.topic: row for row in rows}
    for index, row in enumerate(rows):
        other = list(some.values())[index % len(some)]
        changed = replace(row, topic=other.topic, state=other.state)
        found = rederive([changed if each is row else each for each in rows])
        assert found.rows == len(rows)
        assert found.alike <= found.decisions


# --- places held against a rule -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def overridden() -> Rows:
    return asyncio.run(_overridden())


async def _overridden() -> Rows:
    """A household for which no place is of the kind it needs, held in one all the same, offered and taken."""
    night = Night("overridden")
    await night.begin()
    asked = replace(emergency(FAMILY, night.now), features_required=tuple(Feature))
    done = await night.place(lambda world, context, places: request_placement(asked, world, context, places))
    placement_id = PlacementId(
        next(each.stream for each in done.events if isinstance(each.event, CandidatesRanked))
    )
    room = night.ids.shelters["house-b"].units["room-1"]
    against = OverrideRule(
        placement_id=placement_id, unit_id=UnitId(room.id), reason=OverrideReason.HOUSE_AGREED_BY_VOICE
    )
    await night.place(lambda world, context, places: override(against, world, context, places))
    await night.offer(placement_id)
    await night.accept(placement_id)
    await night.admit(placement_id)
    return await night.rows()


def test_a_place_held_against_a_rule_is_derived_too_and_declared(overridden: Rows) -> None:
    for way in Way:
        assert rederive(overridden, way).agrees
    row, event = find(overridden, RuleOverridden)
    assert event.rules == ("FEATURE",)
    verdict = check(overridden)
    assert verdict.sound
    assert [(each.kind, each.position) for each in verdict.exceptions] == [
        (ExceptionKind.RULE_OVERRIDDEN, row.position)
    ]


def test_a_window_just_long_enough_derives_it_and_a_shorter_one_says_so(overridden: Rows) -> None:
    row, _ = find(overridden, RuleOverridden)
    _, event = find(overridden, CandidatesRanked, 1)
    found: list[list[Flaw]] = []
    for window in (row.position - event.position, 1):
        rederivation = Rederivation(window=window)
        rederivation.take(overridden)
        found.append([each.flaw for each in rederivation.result().deviations])
    assert found[0] == []
    assert set(found[1]) == {Flaw.POSITION_TOO_FAR_BACK}


@pytest.mark.parametrize("rules", [(), ("LEVEL",), ("FEATURE", "RISK"), ("SAFETY",), ("NONSENSE",)])
def test_an_override_that_names_other_rules_than_those_that_stood_is_found(
    overridden: Rows, rules: tuple[str, ...]
) -> None:
    row, event = find(overridden, RuleOverridden)
    changed = rewritten(overridden, row, replace(event, rules=rules))
    assert flaws(changed) == [(Flaw.OVERRIDDEN_OTHERWISE, row.position)]


def test_a_place_held_outside_the_ranking_without_saying_so_is_found(overridden: Rows) -> None:
    row, event = find(overridden, RuleOverridden)
    hold, _ = find(overridden, HoldPlaced)
    other = replace(event, offer_id=OfferId(NOBODY))
    assert flaws(rewritten(overridden, row, other)) == [
        (Flaw.HELD_ANOTHER, hold.position),
        (Flaw.OVERRIDDEN_OTHERWISE, row.position),
    ]
    silent = rewritten(
        overridden, row, GlassReviewed(breaking_id=BreakingId(NOBODY), outcome=ReviewOutcome.JUSTIFIED)
    )
    silent = [
        replace(each, topic=GlassReviewed.TOPIC) if each.position == row.position else each for each in silent
    ]
    assert flaws(silent) == [(Flaw.HELD_ANOTHER, hold.position)]


def test_an_override_that_says_another_command_held_it_is_found(overridden: Rows) -> None:
    _, event = find(overridden, RuleOverridden)
    stream = find(overridden, RuleOverridden)[0].stream
    assert flaws(planted(overridden, stream, event)) == [(Flaw.OVERRIDDEN_OTHERWISE, len(overridden) + 1)]


def test_other_places_than_those_that_the_unit_gives_are_found(overridden: Rows) -> None:
    hold, event = find(overridden, HoldPlaced)
    row, _ = find(overridden, RuleOverridden)
    fewer = replace(event.units[0], places=event.units[0].places[:1])
    found = flaws(rewritten(overridden, hold, replace(event, units=(fewer,))))
    assert (Flaw.OVERRIDDEN_OTHERWISE, row.position) in found
