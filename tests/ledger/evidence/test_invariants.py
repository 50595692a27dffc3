"""The log's own checks: silent on what the engine wrote, and each planted breach found where it stands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import pytest

from domain.case import CaseBound, CaseUnbound
from domain.claims import ClaimKind
from domain.codes import ChoiceReason, PlacementOutcome, ReleaseCause
from domain.event import Event
from domain.placement.events import (
    AdmissionByDirectAgreement,
    CandidatesRanked,
    DecisionTaken,
    ExtraordinaryAdmission,
    HoldPlaced,
    HoldReleased,
    HouseholdAdmitted,
    OfferAccepted,
    OfferSent,
    PlacementEnded,
    PlacementRequested,
    SearchConsentWithdrawn,
    WomanAccepted,
)
from domain.unit import (
    OccupiedDirectly,
    OccupiedOutsideEngine,
    UnitHeld,
    UnitOccupied,
    UnitReleased,
    UnitVacated,
)
from domain.vocabulary import HeldUnit, OccupancyId, OfferId, PlaceId, PlacementId, UnitId
from ledger.evidence.invariants import Checker, check
from ledger.evidence.verdict import Breach, DeclaredException, ExceptionKind, Verdict
from ledger.store import codec, metadata
from ledger.store.memory import MemoryStore
from ledger.store.port import StoredRow
from ledger.store.replay import replay, rows_upto
from tests.ledger.evidence.night import Night, planted, played, played_by_telephone, played_past_the_silent

E = TypeVar("E", bound=Event)
Rows = list[StoredRow]
Plant = Callable[[Rows], Rows]
NOBODY = UUID("00000000-0000-8000-8000-00000000dead")


@pytest.fixture(scope="module")
def night() -> Night:
    return asyncio.run(played())


@pytest.fixture(scope="module")
def by_telephone() -> Night:
    return asyncio.run(played_by_telephone())


@pytest.fixture(scope="module")
def rows(night: Night) -> Rows:
    return asyncio.run(night.rows())


def find(rows: Rows, kind: type[E], number: int = 0) -> tuple[StoredRow, E]:
    """The event of that kind with that number in the log (negative: from its end)."""
    decoded = ((row, codec.decode(row.topic, row.state)) for row in rows)
    return [(row, event) for row, event in decoded if isinstance(event, kind)][number]


def test_what_the_engine_wrote_is_sound(night: Night, rows: Rows) -> None:
    verdict = check(rows, asyncio.run(night.tables()))
    assert verdict.findings == ()
    assert (verdict.events, verdict.position) == (len(rows), len(rows))
    assert verdict.commands == len({metadata.decode(row.metadata).command_id for row in rows})
    assert len(verdict.claims[ClaimKind.CASE]) == 2


def test_without_a_reason_only_what_was_asked_in_vain_is_passed_over() -> None:
    night = asyncio.run(played_past_the_silent())
    rows, tables = asyncio.run(night.rows()), asyncio.run(night.tables())
    assert check(rows, tables).findings == ()
    row, ranked = find(rows, CandidatesRanked, -1)
    taken, _ = find(rows, DecisionTaken, -1)
    first, *others = ranked.best
    never_asked = replace(first, units=(replace(first.units[0], unit_id=UnitId(NOBODY)),))
    state = codec.encode(replace(ranked, best=(never_asked, *others)), bytes(16))
    changed = [replace(each, state=state) if each is row else each for each in rows]
    found = check(changed, tables).findings
    assert [(each.breach, each.position) for each in found] == [(Breach.DECISION_DIFFERS, taken.position)]


def test_contested_places_are_declared_and_no_failure(rows: Rows) -> None:
    verdict = check(rows)
    row, event = find(rows, OccupiedOutsideEngine, -1)
    assert event.contested
    assert verdict.exceptions == (
        DeclaredException(
            kind=ExceptionKind.CONTESTED, position=row.position, stream=row.stream, places=event.contested
        ),
    )


def test_households_admitted_without_the_engine_are_declared_and_no_failure(by_telephone: Night) -> None:
    rows = asyncio.run(by_telephone.rows())
    verdict = check(rows, asyncio.run(by_telephone.tables()))
    assert verdict.findings == ()
    agreed, beside = find(rows, AdmissionByDirectAgreement, 0), find(rows, AdmissionByDirectAgreement, 1)
    contested, beyond = find(rows, OccupiedDirectly, 1), find(rows, ExtraordinaryAdmission)
    assert contested[1].contested
    assert set(verdict.exceptions) == {
        _declared(ExceptionKind.DIRECT_AGREEMENT, agreed[0], agreed[1].units),
        _declared(ExceptionKind.DIRECT_AGREEMENT, beside[0], beside[1].units),
        DeclaredException(
            kind=ExceptionKind.CONTESTED,
            position=contested[0].position,
            stream=contested[0].stream,
            places=contested[1].contested,
        ),
        replace(
            _declared(ExceptionKind.EXTRAORDINARY_ADMISSION, beyond[0], beyond[1].units), without_place=2
        ),
    }


def test_a_contested_place_stays_the_claim_of_the_stay_alone(by_telephone: Night) -> None:
    rows = asyncio.run(by_telephone.rows())
    row, event = find(rows, OccupiedDirectly, 1)
    before = check([each for each in rows if each.position < row.position]).claims[ClaimKind.PLACE]
    after = check([each for each in rows if each.metadata != row.metadata or each.position <= row.position])
    assert {before[place] for place in event.contested} == {find(rows, OccupiedDirectly)[1].placement_id}
    for place in event.contested:
        assert after.claims[ClaimKind.PLACE].get(place) != event.placement_id


def _declared(kind: ExceptionKind, row: StoredRow, units: tuple[HeldUnit, ...]) -> DeclaredException:
    places = tuple(place for unit in units for place in unit.places)
    return DeclaredException(kind=kind, position=row.position, stream=row.stream, places=places)


def test_a_log_may_be_taken_in_any_number_of_pieces(rows: Rows) -> None:
    for size in (1, 7):
        checker = Checker()
        for start in range(0, len(rows), size):
            checker.take(rows[start : start + size])
        assert checker.verdict() == check(rows)


def test_every_prefix_that_ends_with_a_command_is_sound(rows: Rows) -> None:
    for end in range(1, len(rows) + 1):
        whole = end == len(rows) or rows[end].metadata != rows[end - 1].metadata
        if whole:
            assert check(rows[:end]).sound, end


# --- one planted breach each --------------------------------------------------------------------------------


def _hole(rows: Rows) -> Rows:
    return rows[:30] + rows[31:]


def _turned(rows: Rows) -> Rows:
    return [*rows[:30], rows[31], rows[30], *rows[32:]]


def _earlier(rows: Rows) -> Rows:
    late = replace(rows[-1], recorded_at=rows[-1].recorded_at - timedelta(days=1))
    return [*rows[:-1], late]


def _version(rows: Rows) -> Rows:
    return [*rows[:-1], replace(rows[-1], version=rows[-1].version + 1)]


def _kinds(rows: Rows) -> Rows:
    row, _ = find(rows, CaseBound)
    return planted(rows, row.stream, PlacementEnded(outcome=PlacementOutcome.DISCHARGED))


def _bytes(rows: Rows) -> Rows:
    return [*rows[:-1], replace(rows[-1], state=rows[-1].state[:-9])]


def _topic(rows: Rows) -> Rows:
    return [*rows[:-1], replace(rows[-1], topic=rows[-1].topic.replace(".1", ".9"))]


def _described(rows: Rows) -> Rows:
    return [*rows[:-1], replace(rows[-1], metadata=b"{}")]


def _network(rows: Rows) -> Rows:
    other = replace(metadata.decode(rows[-1].metadata), network=NOBODY)  # type: ignore[arg-type]
    return [*rows[:-1], replace(rows[-1], metadata=metadata.encode(other))]


def _again(rows: Rows) -> Rows:
    row, event = find(rows, OfferSent)
    return planted(rows, row.stream, event, metadata=rows[0].metadata)


def _double(rows: Rows) -> Rows:
    row, event = find(rows, UnitOccupied)
    return planted(rows, row.stream, UnitHeld(placement_id=PlacementId(NOBODY), places=event.places[:1]))


def _double_outside(rows: Rows) -> Rows:
    row, event = find(rows, UnitOccupied)
    guests = OccupiedOutsideEngine(
        occupancy_id=OccupancyId(NOBODY), places=event.places, contested=(), occurred_at=row.recorded_at
    )
    return planted(rows, row.stream, guests)


def _freed(rows: Rows) -> Rows:
    row, event = find(rows, UnitReleased)
    return planted(rows, row.stream, event)


def _freed_for_another(rows: Rows) -> Rows:
    row, event = find(rows, UnitOccupied)
    return planted(rows, row.stream, replace(_vacated(event), placement_id=PlacementId(NOBODY)))


def _vacated(event: UnitOccupied) -> UnitVacated:
    return UnitVacated(placement_id=event.placement_id, places=event.places)


def _left_without_a_word(rows: Rows) -> Rows:
    row, event = find(rows, UnitOccupied)
    return planted(rows, row.stream, _vacated(event))


def _bound(rows: Rows) -> Rows:
    row, _ = find(rows, CaseBound)
    return planted(rows, row.stream, CaseBound(placement_id=PlacementId(NOBODY)))


def _unbound(rows: Rows) -> Rows:
    row, event = find(rows, CaseBound)
    freed = CaseUnbound(placement_id=event.placement_id, outcome=PlacementOutcome.DISCHARGED)
    return planted(rows, row.stream, freed)


def _second_hold(rows: Rows) -> Rows:
    row, event = find(rows, HoldPlaced, 1)
    return planted(rows, row.stream, replace(event, offer_id=OfferId(NOBODY)))


def _second_stay(rows: Rows) -> Rows:
    row, event = find(rows, HouseholdAdmitted)
    return planted(rows, row.stream, event)


def _second_ending(rows: Rows) -> Rows:
    row, event = find(rows, PlacementEnded)
    return planted(rows, row.stream, event)


def _held_after_ending(rows: Rows) -> Rows:
    row, _ = find(rows, PlacementEnded)
    _, hold = find(rows, HoldPlaced)
    return planted(rows, row.stream, hold)


def _across(rows: Rows) -> Rows:
    first, second = find(rows, HoldPlaced, 0), find(rows, HoldPlaced, 1)
    both = replace(second[1], units=(*first[1].units, *second[1].units), offer_id=OfferId(NOBODY))
    return planted(rows, second[0].stream, both)


def _unknown_offer(rows: Rows) -> Rows:
    row, _ = find(rows, HoldPlaced)
    return planted(
        rows, row.stream, HoldReleased(offer_id=OfferId(NOBODY), cause=ReleaseCause.REFUSED_BY_HOUSE)
    )


def _request_of_a_bound_case(rows: Rows) -> Rows:
    _, event = find(rows, PlacementRequested)
    return planted(rows, NOBODY, event)


def _rewritten(rows: Rows, row: StoredRow, event: Event) -> Rows:
    """One row told otherwise, as far as the end: what comes after it was decided otherwise and is cut."""
    state = codec.encode(event, bytes(16))
    return [*rows[: row.position - 1], replace(row, state=state)]


def _chosen(rows: Rows, **changes: object) -> Rows:
    row, event = find(rows, DecisionTaken)
    return _rewritten(rows, row, replace(event, **changes))  # type: ignore[arg-type]


def _chosen_out_of_another_ranking(rows: Rows) -> Rows:
    return _chosen(rows, digest="0" * 64)


def _chosen_beyond_the_ranking(rows: Rows) -> Rows:
    return _chosen(rows, choice=11, reason=ChoiceReason.HER_WISH)


def _chosen_and_not_held(rows: Rows) -> Rows:
    return _chosen(rows, choice=2, reason=ChoiceReason.HER_WISH)


def _chosen_before_the_first(rows: Rows) -> Rows:
    return _chosen(rows, choice=0)


def _chosen_for_another_offer(rows: Rows) -> Rows:
    return _chosen(rows, offer_id=OfferId(NOBODY))


def _chosen_at_another_age(rows: Rows) -> Rows:
    return _chosen(rows, availability_age_minutes=1_000_000)


def _chosen_by_itself_for_a_reason(rows: Rows) -> Rows:
    return _chosen(rows, automatic=True, reason=ChoiceReason.LANGUAGE)


def _chosen_without_a_ranking(rows: Rows) -> Rows:
    _, event = find(rows, DecisionTaken)
    _, asked = find(rows, PlacementRequested)
    return planted(planted(rows, NOBODY, asked), NOBODY, event)


def _offered_without_consent(rows: Rows) -> Rows:
    row, event = find(rows, OfferSent)
    end = next(number for number, each in enumerate(rows) if each.position == row.position) - 1
    withdrawn = planted(rows[:end], row.stream, SearchConsentWithdrawn(occurred_at=row.recorded_at))
    return planted(withdrawn, row.stream, event)


def _admitted_without(rows: Rows, said: type[Event]) -> Rows:
    """The admission, with one of the two yeses never said."""
    row, event = find(rows, HouseholdAdmitted)
    yes, _ = find(rows, said)
    return planted(rows[: yes.position - 1], row.stream, event)


def _admitted_without_her_yes(rows: Rows) -> Rows:
    return _admitted_without(rows, WomanAccepted)


def _admitted_without_the_houses_yes(rows: Rows) -> Rows:
    return _admitted_without(rows, OfferAccepted)


def _admitted_nowhere(rows: Rows) -> Rows:
    _, event = find(rows, HouseholdAdmitted)
    return planted(rows, find(rows, PlacementRequested, -1)[0].stream, event)


def _directly(rows: Rows, number: int) -> tuple[StoredRow, AdmissionByDirectAgreement]:
    """A direct admission into the house of the first hold, for the placement of that number."""
    _, hold = find(rows, HoldPlaced)
    row, _ = find(rows, PlacementRequested, number)
    admitted = AdmissionByDirectAgreement(
        offer_id=OfferId(NOBODY), shelter_id=hold.shelter_id, units=(), occurred_at=row.recorded_at
    )
    return row, admitted


def _directly_while_it_stays(rows: Rows) -> Rows:
    row, admitted = _directly(rows, 0)
    return planted(rows, row.stream, replace(admitted, units=find(rows, HoldPlaced)[1].units))


def _directly_after_ending(rows: Rows) -> Rows:
    row, _ = find(rows, PlacementEnded)
    return planted(rows, row.stream, _directly(rows, 0)[1])


def _directly_without_taking(rows: Rows) -> Rows:
    row, admitted = _directly(rows, -1)
    _, hold = find(rows, HoldPlaced)
    return planted(rows, row.stream, replace(admitted, units=hold.units))


def _directly_across(rows: Rows) -> Rows:
    row, admitted = _directly(rows, -1)
    units = (*find(rows, HoldPlaced, 0)[1].units, *find(rows, HoldPlaced, 1)[1].units)
    return planted(rows, row.stream, replace(admitted, units=units))


def _directly_beyond_while_it_stays(rows: Rows) -> Rows:
    row, admitted = _directly(rows, 0)
    beyond = ExtraordinaryAdmission(
        offer_id=admitted.offer_id,
        shelter_id=admitted.shelter_id,
        units=find(rows, HoldPlaced)[1].units,
        without_place=1,
        occurred_at=admitted.occurred_at,
    )
    return planted(rows, row.stream, beyond)


def _double_directly(rows: Rows) -> Rows:
    row, event = find(rows, UnitOccupied)
    here = OccupiedDirectly(placement_id=PlacementId(NOBODY), places=event.places, contested=())
    return planted(rows, row.stream, here)


def _contested_by_nobody(rows: Rows) -> Rows:
    row, event = find(rows, UnitOccupied)
    beside = OccupiedDirectly(
        placement_id=event.placement_id, places=(), contested=(PlaceId(NOBODY), *event.places)
    )
    return planted(rows, row.stream, beside)


def _contested_by_no_guests(rows: Rows) -> Rows:
    row, _ = find(rows, UnitReleased)
    guests = OccupiedOutsideEngine(
        occupancy_id=OccupancyId(NOBODY),
        places=(),
        contested=(PlaceId(NOBODY),),
        occurred_at=row.recorded_at,
    )
    return planted(rows, row.stream, guests)


PLANTS: dict[Plant, Breach] = {
    _hole: Breach.POSITION_MISSING,
    _turned: Breach.POSITION_OUT_OF_ORDER,
    _earlier: Breach.TIME_STEPPED_BACK,
    _version: Breach.VERSION_OUT_OF_ORDER,
    _kinds: Breach.STREAM_OF_TWO_KINDS,
    _bytes: Breach.UNREADABLE,
    _topic: Breach.UNREADABLE,
    _described: Breach.UNREADABLE,
    _unknown_offer: Breach.UNREADABLE,
    _network: Breach.ANOTHER_NETWORK,
    _again: Breach.COMMAND_TWICE,
    _double: Breach.DOUBLE_CLAIM,
    _double_outside: Breach.DOUBLE_CLAIM,
    _freed: Breach.FREED_WITHOUT_CLAIM,
    _freed_for_another: Breach.FREED_WITHOUT_CLAIM,
    _left_without_a_word: Breach.PLACES_DIFFER_FROM_HOLD,
    _bound: Breach.CASE_BOUND_TWICE,
    _unbound: Breach.CASE_BINDING_DIFFERS,
    _request_of_a_bound_case: Breach.CASE_BINDING_DIFFERS,
    _second_hold: Breach.TWO_HOLDS,
    _second_stay: Breach.TWO_STAYS,
    _second_ending: Breach.TWO_ENDINGS,
    _held_after_ending: Breach.HELD_AFTER_ENDING,
    _across: Breach.HOLD_ACROSS_SHELTERS,
    _chosen_out_of_another_ranking: Breach.DECISION_DIFFERS,
    _chosen_beyond_the_ranking: Breach.DECISION_DIFFERS,
    _chosen_and_not_held: Breach.DECISION_DIFFERS,
    _chosen_before_the_first: Breach.DECISION_DIFFERS,
    _chosen_for_another_offer: Breach.DECISION_DIFFERS,
    _chosen_at_another_age: Breach.DECISION_DIFFERS,
    _chosen_by_itself_for_a_reason: Breach.DECISION_DIFFERS,
    _chosen_without_a_ranking: Breach.DECISION_DIFFERS,
    _offered_without_consent: Breach.OFFERED_WITHOUT_CONSENT,
    _admitted_without_her_yes: Breach.ADMITTED_WITHOUT_BOTH_YESES,
    _admitted_without_the_houses_yes: Breach.ADMITTED_WITHOUT_BOTH_YESES,
    _admitted_nowhere: Breach.ADMITTED_WITHOUT_BOTH_YESES,
    _directly_while_it_stays: Breach.TWO_STAYS,
    _directly_beyond_while_it_stays: Breach.TWO_STAYS,
    _directly_after_ending: Breach.HELD_AFTER_ENDING,
    _directly_without_taking: Breach.PLACES_DIFFER_FROM_HOLD,
    _directly_across: Breach.HOLD_ACROSS_SHELTERS,
    _double_directly: Breach.DOUBLE_CLAIM,
    _contested_by_nobody: Breach.CONTESTED_WITHOUT_A_STAY,
    _contested_by_no_guests: Breach.CONTESTED_WITHOUT_A_STAY,
}


@pytest.mark.parametrize(("plant", "breach"), PLANTS.items(), ids=[plant.__name__ for plant in PLANTS])
def test_a_planted_breach_is_found_where_it_stands(rows: Rows, plant: Plant, breach: Breach) -> None:
    changed = plant(rows)
    stands = changed[30 if plant is _hole else 31 if plant is _turned else -1]
    found = {each.breach: (each.position, each.stream) for each in check(changed).findings}
    assert breach in found
    assert found[breach] == (stands.position, stands.stream)


def test_every_breach_has_a_plant() -> None:
    assert {*PLANTS.values(), Breach.CLAIM_TABLE_DIFFERS} == set(Breach)


def test_a_second_guard_that_says_otherwise_is_found(night: Night, rows: Rows) -> None:
    tables = asyncio.run(night.tables())
    place, holder = next(iter(tables[ClaimKind.PLACE].items()))
    for wrong in ({place: NOBODY}, {NOBODY: holder}):
        verdict = check(rows, {**tables, ClaimKind.PLACE: {**tables[ClaimKind.PLACE], **wrong}})
        assert [(each.breach, each.stream) for each in verdict.findings] == [
            (Breach.CLAIM_TABLE_DIFFERS, next(iter(wrong)))
        ]
    del tables[ClaimKind.CASE][next(iter(tables[ClaimKind.CASE]))]
    assert len(check(rows, tables).findings) == 1


# --- replay -------------------------------------------------------------------------------------------------


def test_replay_at_the_head_equals_the_live_index(night: Night) -> None:
    folded = asyncio.run(replay(night.store))
    live = night.engine.index.places
    assert folded.places.position == live.position
    for name in ("network", "shelters", "units", "placements", "versions", "by_shelter"):
        assert getattr(folded.places, name) == getattr(live, name), name


def test_replay_at_a_position_or_instant_sees_no_further(night: Night, rows: Rows) -> None:
    async def run() -> None:
        for row in rows[::7]:
            folded = await replay(night.store, position=row.position)
            assert folded.position == row.position
            assert folded.recorded_at == row.recorded_at
        middle = rows[len(rows) // 2].recorded_at
        expected = sum(row.recorded_at <= middle for row in rows)
        assert (await replay(night.store, as_of=middle)).position == expected
        assert (await replay(night.store, as_of=rows[0].recorded_at - timedelta(seconds=1))).position == 0
        assert (await replay(night.store, position=10**9)).position == len(rows)

    asyncio.run(run())


def test_replay_keeps_placements_that_have_ended(night: Night) -> None:
    folded = asyncio.run(replay(night.store))
    outcomes = [state.outcome for state in folded.placements.values()]
    assert outcomes.count(PlacementOutcome.DISCHARGED) == 1
    assert len(folded.placements) == 3
    assert sum(state.open_placement is not None for state in folded.cases.values()) == 2


def test_an_empty_log_is_sound_and_replays_to_nothing() -> None:
    async def run() -> tuple[Verdict, int]:
        store = MemoryStore()
        return check([row async for page in rows_upto(store) for row in page]), (await replay(store)).position

    verdict, position = asyncio.run(run())
    assert (verdict.sound, verdict.events, position) == (True, 0, 0)
