"""What happened is recorded whatever the engine had decided: it displaces holds and stands beside stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.codes import DischargeOutcome, ReleaseCause
from domain.coordination.reality import RecordOutsideOccupancy
from domain.coordination.requesting import SearchAgain
from domain.coordination.staying import DischargeHousehold
from domain.placement.events import HoldDisplaced
from domain.placement.state import Phase
from domain.refusals import Refusal
from domain.unit import EndOutsideOccupancy, OccupiedOutsideEngine, UnitReleased
from domain.vocabulary import OccupancyId, PlaceId, UnitId
from tests.support.night import (
    ASKED,
    GUESTS,
    MORE_GUESTS,
    OFFER,
    OTHER_CASE,
    OTHER_ROOM,
    RIVAL,
    RIVAL_OFFER,
    ROOM,
    a_house_with_a_room,
    a_room,
    a_stay,
    bed,
    cot,
    held,
    holding,
    request,
    requested,
    said_yes,
    sent,
    she_said_yes,
)
from tests.support.spec import NOW, fresh, given

CAUSE = ReleaseCause.DISPLACED_BY_REALITY


def guests_in(*places: PlaceId, who: OccupancyId = GUESTS, unit: UnitId = ROOM) -> RecordOutsideOccupancy:
    return RecordOutsideOccupancy(unit_id=unit, occupancy_id=who, places=places, occurred_at=NOW)


def occupied(
    *places: PlaceId, contested: tuple[PlaceId, ...] = (), who: OccupancyId = GUESTS
) -> OccupiedOutsideEngine:
    return OccupiedOutsideEngine(occupancy_id=who, places=places, contested=contested, occurred_at=NOW)


def test_guests_from_outside_take_free_places_with_no_case() -> None:
    scene = given(a_house_with_a_room()).when(guests_in(bed(2))).then({ROOM: [occupied(bed(2))]})
    assert scene.unit(ROOM).taken == {bed(2): GUESTS}
    assert scene.unit(ROOM).staying == {GUESTS}


def test_guests_take_a_place_that_the_house_had_not_given_to_the_engine() -> None:
    scene = given(a_house_with_a_room(closed=(bed(1),)))
    scene.when(guests_in(bed(1))).then({ROOM: [occupied(bed(1))]})


def test_guests_displace_a_hold_and_its_request_is_ranked_again_in_its_old_place() -> None:
    scene = (
        given(a_house_with_a_room(), requested(), holding())
        .when(guests_in(bed()))
        .then(
            {
                ASKED: [HoldDisplaced(offer_id=OFFER, occupancy_id=GUESTS)],
                ROOM: [UnitReleased(placement_id=ASKED, places=(bed(),), cause=CAUSE), occupied(bed())],
            }
        )
    )
    assert scene.placement(ASKED).phase is Phase.SEARCHING
    scene = scene.when(SearchAgain(placement_id=ASKED)).done(again=Refusal.HOLD_STANDS)
    assert scene.unit(ROOM).taken == {bed(1): GUESTS, bed(2): ASKED}


def test_guests_displace_also_a_hold_to_which_both_had_said_yes() -> None:
    scene = (
        given(a_house_with_a_room(), requested(), holding(), sent(), said_yes(), she_said_yes())
        .when(guests_in(bed()))
        .done()
    )
    assert scene.placement(ASKED).hold is None
    assert not scene.placement(ASKED).woman_accepted


def test_a_hold_over_two_units_is_displaced_whole() -> None:
    both = (held(bed()), held(bed(1, OTHER_ROOM), unit=OTHER_ROOM))
    scene = given(a_house_with_a_room(), a_room(OTHER_ROOM), requested(), holding(*both))
    scene = scene.when(guests_in(bed())).done()
    assert scene.unit(OTHER_ROOM).taken == {}
    assert scene.unit(ROOM).taken == {bed(): GUESTS}


def test_guests_in_one_bed_leave_a_hold_on_another_alone() -> None:
    scene = given(a_house_with_a_room(), requested(), holding()).when(guests_in(bed(2))).done()
    assert scene.placement(ASKED).hold == OFFER


def test_guests_in_two_held_beds_displace_both_holds() -> None:
    scene = given(
        a_house_with_a_room(),
        requested(),
        holding(),
        requested(RIVAL, OTHER_CASE),
        holding(held(bed(2)), placement_id=RIVAL, offer_id=RIVAL_OFFER),
    )
    scene = scene.when(guests_in(bed(1), bed(2))).done()
    assert scene.placement(ASKED).hold is scene.placement(RIVAL).hold is None


def test_guests_in_one_bed_of_an_exclusive_unit_take_it_whole() -> None:
    scene = given(a_house_with_a_room(beds=2, cots=1, exclusive=True))
    scene.when(guests_in(bed(2))).then({ROOM: [occupied(bed(1), bed(2), cot(1))]})


def test_guests_beside_a_stay_take_nothing_and_are_recorded_for_a_person() -> None:
    scene = (
        given(a_house_with_a_room(), a_stay())
        .when(guests_in(bed(1), bed(2)))
        .then({ROOM: [occupied(bed(2), contested=(bed(1),))]})
    )
    assert scene.unit(ROOM).taken == {bed(1): ASKED, bed(2): GUESTS}


def test_guests_only_beside_a_stay_are_recorded_once() -> None:
    scene = (
        given(a_house_with_a_room(), a_stay())
        .when(guests_in(bed(1)))
        .then({ROOM: [occupied(contested=(bed(1),))]})
    )
    assert scene.unit(ROOM).taken == {bed(1): ASKED}


def test_guests_in_an_exclusive_unit_with_a_stay_contest_only_the_bed_they_are_in() -> None:
    whole = held(bed(1), bed(2))
    scene = given(a_house_with_a_room(exclusive=True), a_stay(whole))
    scene.when(guests_in(bed(2))).then({ROOM: [occupied(contested=(bed(2),))]})


def test_a_bed_with_guests_beside_a_stay_is_offered_to_nobody_when_the_stay_ends() -> None:
    leaving = DischargeHousehold(placement_id=ASKED, outcome=DischargeOutcome.OTHER, occurred_at=NOW)
    scene = given(a_house_with_a_room(beds=1), a_stay()).when(guests_in(bed())).done()
    scene = scene.when(leaving).done()
    waiting = scene.when(request()).creates()
    assert waiting.placement(fresh(1)).phase is Phase.WAITING
    gone = scene.when(EndOutsideOccupancy(occupancy_id=GUESTS, occurred_at=NOW), on=ROOM).done()
    assert gone.when(request()).creates().placement(fresh(1)).phase is Phase.HELD


def test_more_guests_beside_guests_are_recorded_too() -> None:
    scene = given(a_house_with_a_room()).when(guests_in(bed(1))).done()
    scene.when(guests_in(bed(1), who=MORE_GUESTS)).then(
        {ROOM: [occupied(contested=(bed(1),), who=MORE_GUESTS)]}
    )


def test_guests_that_have_left_are_not_recorded_again() -> None:
    scene = given(a_house_with_a_room()).when(guests_in(bed(1))).done()
    scene = scene.when(EndOutsideOccupancy(occupancy_id=GUESTS, occurred_at=NOW), on=ROOM).done()
    scene.when(guests_in(bed(1))).then({})


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (guests_in(bed(), unit=OTHER_ROOM), Refusal.UNIT_UNKNOWN),
        (guests_in(bed(9)), Refusal.PLACE_UNKNOWN),
        (guests_in(), Refusal.PLACE_UNKNOWN),
        (
            RecordOutsideOccupancy(
                unit_id=ROOM,
                occupancy_id=GUESTS,
                places=(bed(),),
                occurred_at=NOW + timedelta(seconds=1),
            ),
            Refusal.OCCURRED_IN_THE_FUTURE,
        ),
    ],
)
def test_only_what_is_unknown_or_has_not_happened_is_refused(
    command: RecordOutsideOccupancy, refusal: Refusal
) -> None:
    given(a_house_with_a_room()).when(command).then(refusal)
