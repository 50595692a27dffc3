"""A unit: its beds and cots, who was in them on the first day, and what the house says of them since."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain import unit
from domain.codes import ReleaseCause
from domain.refusals import Refusal
from domain.unit import (
    AvailabilityCorrected,
    AvailabilityPublished,
    CorrectAvailability,
    EndOutsideOccupancy,
    InventoryOpened,
    OccupiedOutsideEngine,
    OpeningOccupancy,
    OpenInventory,
    PublishAvailability,
    RegisterUnit,
    UnitHeld,
    UnitOccupied,
    UnitRegistered,
    UnitReleased,
    UnitVacated,
    VacatedOutsideEngine,
)
from domain.vocabulary import Feature, IntakeMode, Place, PlaceId, PlaceKind
from tests.support.night import (
    ASKED,
    GUESTS,
    HOUSE,
    MORE_GUESTS,
    ROOM,
    ZONES,
    a_house,
    a_network,
    a_room,
    bed,
    cot,
    holding,
    requested,
)
from tests.support.spec import NOW, given

REGISTER = RegisterUnit(
    shelter_id=HOUSE,
    code="room-1",
    level="l0",
    intake_modes=(IntakeMode.EMERGENCY,),
    places=(Place(place_id=bed(), kind=PlaceKind.BED), Place(place_id=cot(), kind=PlaceKind.COT)),
    exclusive=False,
    features=(Feature.STEP_FREE,),
    unsuitable_zones=ZONES[:2],
)


def opening(*occupancies: OpeningOccupancy) -> OpenInventory:
    return OpenInventory(occupancies=occupancies, observed_at=NOW)


def were_in(*places: PlaceId, occupancy: object = GUESTS) -> OpeningOccupancy:
    return OpeningOccupancy(occupancy_id=occupancy, places=places)  # type: ignore[arg-type]


def test_a_unit_is_registered_once_with_its_beds_and_cots() -> None:
    given(a_network(), a_house()).when(REGISTER, on=ROOM).then_alone(
        UnitRegistered(
            shelter_id=HOUSE,
            code="room-1",
            level="l0",
            intake_modes=(IntakeMode.EMERGENCY,),
            places=REGISTER.places,
            exclusive=False,
            features=(Feature.STEP_FREE,),
            unsuitable_zones=ZONES[:2],
        ),
        again=Refusal.CODE_ALREADY_USED,
    )


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"code": "Stanza di Anna"}, Refusal.CODE_MALFORMED),
        ({"places": ()}, Refusal.UNIT_WITHOUT_BEDS),
        ({"places": (Place(place_id=cot(), kind=PlaceKind.COT),)}, Refusal.UNIT_WITHOUT_BEDS),
        ({"places": (Place(place_id=bed(), kind=PlaceKind.BED),) * 2}, Refusal.PLACE_REPEATED),
        ({"unsuitable_zones": ZONES[:1] * 2}, Refusal.TOO_FEW_UNSUITABLE_ZONES),
        ({"unsuitable_zones": ()}, Refusal.TOO_FEW_UNSUITABLE_ZONES),
    ],
)
def test_a_unit_that_contradicts_itself_is_not_registered(
    changes: dict[str, object], refusal: Refusal
) -> None:
    command = replace(REGISTER, **changes)  # type: ignore[arg-type]
    given(a_network(), a_house()).when(command, on=ROOM).then(refusal)


@pytest.mark.parametrize(
    "command",
    [
        opening(),
        PublishAvailability(open_places=(), observed_at=NOW),
        EndOutsideOccupancy(occupancy_id=GUESTS, occurred_at=NOW),
    ],
)
def test_an_unknown_unit_is_told_nothing(command: object) -> None:
    given(a_network()).when(command, on=UUID(int=0x99)).then(Refusal.UNIT_UNKNOWN)


def test_the_inventory_says_who_was_where_on_the_first_day_and_is_taken_once() -> None:
    scene = (
        given(a_room(beds=3))
        .when(opening(were_in(bed(1)), were_in(bed(3), occupancy=MORE_GUESTS)), on=ROOM)
        .then_alone(
            InventoryOpened(
                occupancies=(were_in(bed(1)), were_in(bed(3), occupancy=MORE_GUESTS)), observed_at=NOW
            ),
            again=Refusal.INVENTORY_ALREADY_TAKEN,
        )
    )
    assert scene.unit(ROOM).free(PlaceKind.BED) == (bed(2),)
    assert scene.unit(ROOM).staying == {GUESTS, MORE_GUESTS}


def test_an_empty_inventory_is_an_answer_too() -> None:
    given(a_room()).when(opening(), on=ROOM).then_alone(
        InventoryOpened(occupancies=(), observed_at=NOW), again=Refusal.INVENTORY_ALREADY_TAKEN
    )


def test_guests_found_in_an_exclusive_unit_take_it_whole() -> None:
    given(a_room(beds=2, cots=1, exclusive=True)).when(opening(were_in(bed(2))), on=ROOM).then_alone(
        InventoryOpened(occupancies=(were_in(bed(1), bed(2), cot(1)),), observed_at=NOW),
        again=Refusal.INVENTORY_ALREADY_TAKEN,
    )


def test_two_families_found_in_one_exclusive_unit_are_both_recorded() -> None:
    found = opening(were_in(bed(2)), were_in(bed(1), occupancy=MORE_GUESTS))
    scene = (
        given(a_room(beds=2, cots=1, exclusive=True))
        .when(found, on=ROOM)
        .then_alone(
            InventoryOpened(
                occupancies=(were_in(bed(2), cot(1)), were_in(bed(1), occupancy=MORE_GUESTS)),
                observed_at=NOW,
            ),
            again=Refusal.INVENTORY_ALREADY_TAKEN,
        )
    )
    assert set(scene.unit(ROOM).taken) == {bed(1), bed(2), cot(1)}


@pytest.mark.parametrize(
    ("found", "refusal"),
    [
        (opening(were_in(bed(9))), Refusal.PLACE_UNKNOWN),
        (opening(were_in()), Refusal.PLACE_UNKNOWN),
        (opening(were_in(bed(1)), were_in(bed(1), occupancy=MORE_GUESTS)), Refusal.PLACE_REPEATED),
        (opening(were_in(bed(1), bed(1))), Refusal.PLACE_REPEATED),
        (opening(were_in(bed(1)), were_in(bed(2))), Refusal.PLACE_REPEATED),
        (
            replace(opening(), observed_at=NOW + timedelta(seconds=1)),
            Refusal.OCCURRED_IN_THE_FUTURE,
        ),
    ],
)
def test_an_inventory_that_contradicts_itself_is_refused(found: OpenInventory, refusal: Refusal) -> None:
    given(a_room()).when(found, on=ROOM).then(refusal)


def test_an_inventory_does_not_take_what_the_engine_holds() -> None:
    scene = given(a_room(), requested(), holding())
    scene.when(opening(were_in(bed(1))), on=ROOM).then(Refusal.PLACE_CLAIMED)
    scene.when(opening(were_in(bed(2))), on=ROOM).done(again=Refusal.INVENTORY_ALREADY_TAKEN)


def test_availability_is_the_places_given_and_the_moment_they_were_seen() -> None:
    command = PublishAvailability(open_places=(bed(2), bed(1)), observed_at=NOW)
    scene = (
        given(a_room(beds=3))
        .when(command, on=ROOM)
        .then_alone(AvailabilityPublished(open_places=(bed(1), bed(2)), observed_at=NOW))
    )
    assert scene.unit(ROOM).free(PlaceKind.BED) == (bed(1), bed(2))


def test_the_same_places_seen_again_later_are_news() -> None:
    command = PublishAvailability(open_places=(bed(1), bed(2)), observed_at=NOW)
    given(a_room()).when(command, on=ROOM).then_alone(
        AvailabilityPublished(open_places=(bed(1), bed(2)), observed_at=NOW)
    )


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (PublishAvailability(open_places=(bed(9),), observed_at=NOW), Refusal.PLACE_UNKNOWN),
        (PublishAvailability(open_places=(bed(1), bed(1)), observed_at=NOW), Refusal.PLACE_REPEATED),
        (
            PublishAvailability(open_places=(), observed_at=NOW + timedelta(seconds=1)),
            Refusal.OCCURRED_IN_THE_FUTURE,
        ),
    ],
)
def test_availability_is_of_known_places_each_once_and_seen_already(
    command: PublishAvailability, refusal: Refusal
) -> None:
    given(a_room()).when(command, on=ROOM).then(refusal)


@pytest.mark.parametrize("said", [PublishAvailability, CorrectAvailability])
def test_an_older_word_never_goes_over_a_newer_one(
    said: type[PublishAvailability | CorrectAvailability],
) -> None:
    corrected = AvailabilityCorrected(open_places=(), observed_at=NOW - timedelta(minutes=1))
    scene = given(a_room(), [(ROOM, corrected)])
    older = said(open_places=(bed(1),), observed_at=NOW - timedelta(minutes=2))
    scene.when(older, on=ROOM).then(Refusal.OLDER_THAN_KNOWN)
    scene.when(replace(older, observed_at=corrected.observed_at), on=ROOM).done()


def test_closing_a_held_place_takes_it_from_nobody() -> None:
    scene = given(a_room(), requested(), holding())
    scene = scene.when(PublishAvailability(open_places=(), observed_at=NOW), on=ROOM).done()
    assert scene.unit(ROOM).taken == {bed(1): ASKED}


def test_guests_from_outside_leave_and_their_places_are_free() -> None:
    occupied = OccupiedOutsideEngine(
        occupancy_id=GUESTS, places=(bed(1), bed(2)), contested=(), occurred_at=NOW
    )
    scene = given(a_room(), [(ROOM, occupied)])
    scene = scene.when(EndOutsideOccupancy(occupancy_id=GUESTS, occurred_at=NOW), on=ROOM).then_alone(
        VacatedOutsideEngine(occupancy_id=GUESTS, places=(bed(1), bed(2)), occurred_at=NOW)
    )
    assert scene.unit(ROOM).free(PlaceKind.BED) == (bed(1), bed(2))
    assert scene.unit(ROOM).staying == frozenset()


def test_ending_an_outside_occupancy_never_frees_a_placements_places() -> None:
    scene = given(a_room(), requested(), holding())
    command = EndOutsideOccupancy(occupancy_id=ASKED, occurred_at=NOW)  # type: ignore[arg-type]
    scene.when(command, on=ROOM).then(Refusal.OCCUPANCY_UNKNOWN)


def test_guests_cannot_leave_in_the_future() -> None:
    occupied = OccupiedOutsideEngine(occupancy_id=GUESTS, places=(bed(1),), contested=(), occurred_at=NOW)
    command = EndOutsideOccupancy(occupancy_id=GUESTS, occurred_at=NOW + timedelta(seconds=1))
    given(a_room(), [(ROOM, occupied)]).when(command, on=ROOM).then(Refusal.OCCURRED_IN_THE_FUTURE)


def test_a_place_contested_beside_a_stay_is_not_free_when_the_stay_ends() -> None:
    beside = OccupiedOutsideEngine(occupancy_id=GUESTS, places=(), contested=(bed(1),), occurred_at=NOW)
    scene = given(
        a_room(),
        requested(),
        holding(),
        [(ROOM, UnitOccupied(placement_id=ASKED, places=(bed(1),))), (ROOM, beside)],
        [(ROOM, UnitVacated(placement_id=ASKED, places=(bed(1),)))],
    )
    assert scene.unit(ROOM).free(PlaceKind.BED) == (bed(2),)
    scene = scene.when(EndOutsideOccupancy(occupancy_id=GUESTS, occurred_at=NOW), on=ROOM).then_alone(
        VacatedOutsideEngine(occupancy_id=GUESTS, places=(), occurred_at=NOW)
    )
    assert scene.unit(ROOM).free(PlaceKind.BED) == (bed(1), bed(2))


def test_a_holder_stays_until_the_last_of_its_places_is_left() -> None:
    state = unit.initial
    for event in (
        a_room(beds=3)[0][1],
        UnitHeld(placement_id=ASKED, places=(bed(1), bed(2))),
        UnitOccupied(placement_id=ASKED, places=(bed(1), bed(2))),
        UnitReleased(placement_id=ASKED, places=(bed(1),), cause=ReleaseCause.RELEASED_BY_COORDINATOR),
    ):
        state = unit.evolve(state, event)  # type: ignore[arg-type]
    assert state.staying == {ASKED}
    state = unit.evolve(state, UnitVacated(placement_id=ASKED, places=(bed(2),)))
    assert state.staying == frozenset()


def test_only_the_holder_frees_its_places() -> None:
    state = given(a_room(), requested(), holding()).unit(ROOM)
    stranger = UnitReleased(
        placement_id=GUESTS,  # type: ignore[arg-type]
        places=(bed(1),),
        cause=ReleaseCause.RELEASED_BY_COORDINATOR,
    )
    assert unit.evolve(state, stranger).taken == {bed(1): ASKED}
