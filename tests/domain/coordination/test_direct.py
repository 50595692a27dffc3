"""A household that is in a house without the engine: recorded, whatever the engine had decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.case import CaseBound, CaseOpened
from domain.codes import DischargeOutcome, ReleaseCause
from domain.coordination.direct import RecordDirectAdmission, record_direct_admission
from domain.coordination.staying import DischargeHousehold
from domain.placement.events import (
    AdmissionByDirectAgreement,
    ExtraordinaryAdmission,
    HoldDisplaced,
    PlacementRequested,
)
from domain.placement.state import Phase
from domain.refusals import Refusal
from domain.unit import EndOutsideOccupancy, OccupiedDirectly, UnitReleased, UnitVacated
from domain.vocabulary import HeldUnit, Household, OccupancyId, OfferId, Setting
from domain.world import NOTHING, Context, Decided, World
from tests.support.night import (
    ASKED,
    CASE,
    HOUSE,
    OTHER_CASE,
    OTHER_HOUSE,
    OTHER_ROOM,
    RIVAL,
    RIVAL_OFFER,
    ROOM,
    a_house,
    a_house_with_a_room,
    a_room,
    a_stay,
    bed,
    held,
    holding,
    request,
    requested,
)
from tests.support.spec import NOW, Scene, fresh, given


def directly(command: RecordDirectAdmission, world: World, context: Context, _places: object) -> Decided:
    return record_direct_admission(command, world, context)


def into(*units: HeldUnit, without_place: int = 0) -> RecordDirectAdmission:
    return RecordDirectAdmission(
        placement_id=ASKED,
        asked=None,
        shelter_id=HOUSE,
        units=units or (held(bed()),),
        without_place=without_place,
        occurred_at=NOW,
    )


def test_a_family_admitted_by_telephone_is_in_the_house_from_now_on() -> None:
    scene = given(a_house_with_a_room(), requested())
    after = scene.when(into(), by=directly).then(
        {
            ROOM: [OccupiedDirectly(placement_id=ASKED, places=(bed(),), contested=())],
            ASKED: [
                AdmissionByDirectAgreement(
                    offer_id=OfferId(fresh(1)), shelter_id=HOUSE, units=(held(bed()),), occurred_at=NOW
                )
            ],
        }
    )
    assert after.placement(ASKED).phase is Phase.ADMITTED
    assert after.unit(ROOM).taken == {bed(): ASKED}


def test_it_displaces_the_hold_of_another_who_is_searched_for_again() -> None:
    scene = given(
        a_house_with_a_room(),
        requested(),
        requested(RIVAL, OTHER_CASE),
        holding(held(bed(1)), placement_id=RIVAL, offer_id=RIVAL_OFFER),
    )
    after = scene.when(into(held(bed(1))), by=directly).done()
    assert after.told(RIVAL)[-1] == HoldDisplaced(offer_id=RIVAL_OFFER, occupancy_id=OccupancyId(ASKED))
    assert RIVAL in after.places.searching
    assert [type(each) for each in after.told(ROOM)[-2:]] == [UnitReleased, OccupiedDirectly]


def test_a_hold_over_two_rooms_is_displaced_once_and_whole() -> None:
    both = (held(bed(1)), held(bed(1, OTHER_ROOM), unit=OTHER_ROOM))
    scene = given(
        a_house_with_a_room(),
        a_room(OTHER_ROOM),
        requested(),
        requested(RIVAL, OTHER_CASE),
        holding(*both, placement_id=RIVAL, offer_id=RIVAL_OFFER),
    )
    after = scene.when(into(*both), by=directly).done()
    assert [type(each) for each in after.told(RIVAL)].count(HoldDisplaced) == 1
    assert set(after.unit(OTHER_ROOM).taken.values()) == {ASKED}


def test_where_a_stay_stands_the_place_is_contested_and_taken_by_nobody() -> None:
    scene = given(a_house_with_a_room(), a_stay(placement_id=RIVAL, case_id=OTHER_CASE), requested())
    after = scene.when(into(held(bed(1), bed(2)), without_place=1), by=directly).done()
    assert after.told(ROOM)[-1] == OccupiedDirectly(placement_id=ASKED, places=(bed(2),), contested=(bed(1),))
    admitted = after.told(ASKED)[-1]
    assert isinstance(admitted, ExtraordinaryAdmission) and admitted.without_place == 1
    assert after.unit(ROOM).taken == {bed(1): RIVAL, bed(2): ASKED}


def test_a_mattress_needs_no_place_at_all_and_a_discharge_ends_it() -> None:
    scene = given(a_house_with_a_room(), requested())
    after = scene.when(into(held(), without_place=2), by=directly).done()
    assert after.unit(ROOM).taken == {} and after.unit(ROOM).staying == {ASKED}
    leaving = DischargeHousehold(placement_id=ASKED, outcome=DischargeOutcome.OTHER, occurred_at=NOW)
    left = after.when(leaving).done()
    assert left.told(ROOM)[-1] == UnitVacated(placement_id=ASKED, places=())
    assert left.unit(ROOM).staying == frozenset() and left.placement(ASKED).phase is Phase.ENDED


def test_an_exclusive_room_is_taken_whole() -> None:
    scene = given(a_house_with_a_room(beds=3, exclusive=True), requested())
    after = scene.when(into(held(bed(2))), by=directly).done()
    assert set(after.unit(ROOM).taken) == {bed(1), bed(2), bed(3)}


def test_a_hold_of_her_own_ends_wherever_it_was() -> None:
    scene = given(
        a_house_with_a_room(),
        a_house(OTHER_HOUSE),
        a_room(OTHER_ROOM, house=OTHER_HOUSE),
        requested(),
        holding(held(bed(1, OTHER_ROOM), unit=OTHER_ROOM), house=OTHER_HOUSE),
    )
    after = scene.when(into(), by=directly).done()
    assert after.unit(OTHER_ROOM).taken == {}
    released = after.told(OTHER_ROOM)[-1]
    assert isinstance(released, UnitReleased) and released.cause is ReleaseCause.ADMITTED_ELSEWHERE


def test_her_own_hold_on_the_same_place_becomes_the_stay() -> None:
    scene = given(a_house_with_a_room(), requested(), holding())
    assert scene.when(into(), by=directly).done().unit(ROOM).taken == {bed(): ASKED}


def test_who_was_never_asked_for_begins_a_placement_with_it() -> None:
    command = replace(into(), placement_id=None, asked=request(case_id=None))
    after = given(a_house_with_a_room()).when(command, by=directly).creates()
    asked, case = fresh(1), fresh(2)
    assert [type(each) for each in after.told(asked)] == [PlacementRequested, AdmissionByDirectAgreement]
    assert [type(each) for each in after.told(case)] == [CaseOpened, CaseBound]


def test_where_her_case_has_an_open_placement_the_fact_goes_into_that_one() -> None:
    command = replace(into(), placement_id=None, asked=request(case_id=CASE))
    after = given(a_house_with_a_room(), requested()).when(command, by=directly).done()
    assert after.placement(ASKED).admitted


def test_said_again_it_is_known_and_elsewhere_it_is_another_matter() -> None:
    scene = given(a_house_with_a_room(), a_room(OTHER_ROOM), requested())
    after = scene.when(into(), by=directly).done()
    after.when(into(), by=directly).then(NOTHING)
    elsewhere = into(held(bed(1, OTHER_ROOM), unit=OTHER_ROOM))
    after.when(elsewhere, by=directly).then(Refusal.ALREADY_ADMITTED)


@pytest.mark.parametrize(
    "otherwise",
    [
        into(held(bed(2))),
        into(held(bed(1), bed(2))),
        into(held(bed(2), bed(3)), without_place=1),
        into(held(bed(1), bed(2), bed(3))),
        into(held(), without_place=1),
    ],
)
def test_other_places_of_the_same_room_are_never_lost_in_silence(otherwise: RecordDirectAdmission) -> None:
    scene = given(a_house_with_a_room(beds=3), a_stay(placement_id=RIVAL, case_id=OTHER_CASE), requested())
    after = scene.when(into(held(bed(1), bed(2)), without_place=1), by=directly).done()
    after.when(into(held(bed(2), bed(1)), without_place=1), by=directly).then(NOTHING)
    after.when(otherwise, by=directly).then(Refusal.ALREADY_ADMITTED)


def test_an_exclusive_room_is_the_same_by_whichever_of_its_free_places() -> None:
    scene = given(a_house_with_a_room(beds=3, exclusive=True), requested())
    after = scene.when(into(held(bed(2))), by=directly).done()
    after.when(into(held(bed(1))), by=directly).then(NOTHING)
    after.when(into(held(bed(1)), without_place=1), by=directly).then(Refusal.ALREADY_ADMITTED)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"setting": Setting.WITH_PERPETRATOR, "safe_until": NOW}, Refusal.NOT_SAFE_WITH_PERPETRATOR),
        ({"safe_until": NOW + timedelta(days=32)}, Refusal.TOO_FAR_AHEAD),
    ],
)
def test_what_it_asks_is_no_slip_either(changes: dict[str, object], refusal: Refusal) -> None:
    command = replace(into(), placement_id=None, asked=request(case_id=None, **changes))
    given(a_house_with_a_room()).when(command, by=directly).then(refusal)


def test_guests_from_outside_and_a_direct_admission_are_ended_each_by_its_own_command() -> None:
    after = given(a_house_with_a_room(), requested()).when(into(), by=directly).done()
    ending = EndOutsideOccupancy(occupancy_id=OccupancyId(ASKED), occurred_at=NOW)
    after.when(ending, on=ROOM).then(Refusal.OCCUPANCY_UNKNOWN)


NEW = replace(into(), placement_id=None, asked=request())


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (replace(into(), shelter_id=OTHER_HOUSE), Refusal.SHELTER_UNKNOWN),
        (into(held(bed(1, OTHER_ROOM), unit=OTHER_ROOM)), Refusal.UNIT_UNKNOWN),
        (into(held(bed(9))), Refusal.PLACE_UNKNOWN),
        (into(held()), Refusal.PLACE_UNKNOWN),
        (into(held(bed(1), bed(1))), Refusal.PLACE_REPEATED),
        (into(held(bed(1)), held(bed(2))), Refusal.PLACE_REPEATED),
        (replace(into(), occurred_at=NOW + timedelta(seconds=1)), Refusal.OCCURRED_IN_THE_FUTURE),
        (replace(into(), placement_id=RIVAL), Refusal.PLACEMENT_UNKNOWN),
        (replace(into(), placement_id=None), Refusal.PLACEMENT_UNKNOWN),
        (replace(NEW, asked=request(case_id=OTHER_CASE)), Refusal.CASE_UNKNOWN),
        (replace(NEW, asked=request(household=Household(adults=0))), Refusal.HOUSEHOLD_EMPTY),
    ],
)
def test_what_is_named_must_exist(command: RecordDirectAdmission, refusal: Refusal) -> None:
    scene: Scene = given(a_house_with_a_room(), requested())
    scene.when(command, by=directly).then(refusal)
