"""What is really open, learned by voice, and the holds that rested on the wrong word."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.codes import ReleaseCause
from domain.placement.events import HoldReleased
from domain.placement.state import Phase
from domain.refusals import Refusal
from domain.unit import AvailabilityCorrected, CorrectAvailability, UnitReleased
from domain.vocabulary import PlaceId
from tests.support.night import (
    ASKED,
    OFFER,
    OTHER_CASE,
    OTHER_ROOM,
    RIVAL,
    RIVAL_OFFER,
    ROOM,
    WOMAN_AND_BABY,
    a_house_with_a_room,
    a_room,
    a_stay,
    bed,
    cot,
    held,
    holding,
    requested,
    said_yes,
    sent,
)
from tests.support.spec import NOW, given

CAUSE = ReleaseCause.NOT_REALLY_FREE


def really_open(*places: PlaceId) -> CorrectAvailability:
    return CorrectAvailability(open_places=places, observed_at=NOW)


def test_a_hold_on_a_bed_that_is_not_really_free_is_given_back_in_the_same_append() -> None:
    scene = given(a_house_with_a_room(beds=2), requested(), holding(), sent())
    after = scene.when(really_open(bed(2)), on=ROOM).then(
        {
            ROOM: [
                AvailabilityCorrected(open_places=(bed(2),), observed_at=NOW),
                UnitReleased(placement_id=ASKED, places=(bed(),), cause=CAUSE),
            ],
            ASKED: [HoldReleased(offer_id=OFFER, cause=CAUSE)],
        }
    )
    assert after.placement(ASKED).phase is Phase.SEARCHING
    assert after.unit(ROOM).wrongly_published


def test_also_when_the_house_had_said_yes() -> None:
    scene = given(a_house_with_a_room(beds=2), requested(), holding(), sent(), said_yes())
    assert scene.when(really_open(), on=ROOM).done().placement(ASKED).hold is None


def test_a_hold_on_a_bed_that_is_open_stands() -> None:
    scene = given(a_house_with_a_room(beds=2), requested(), holding())
    after = scene.when(really_open(bed(1)), on=ROOM).then_alone(
        AvailabilityCorrected(open_places=(bed(1),), observed_at=NOW)
    )
    assert after.placement(ASKED).hold == OFFER


def test_only_the_hold_that_rested_on_it_goes() -> None:
    scene = given(
        a_house_with_a_room(beds=2),
        requested(),
        holding(),
        requested(RIVAL, OTHER_CASE),
        holding(held(bed(2)), placement_id=RIVAL, offer_id=RIVAL_OFFER),
    )
    after = scene.when(really_open(bed(2)), on=ROOM).done()
    assert after.placement(ASKED).hold is None
    assert after.placement(RIVAL).hold == RIVAL_OFFER


def test_a_hold_over_two_rooms_goes_whole() -> None:
    both = (held(bed()), held(bed(1, OTHER_ROOM), unit=OTHER_ROOM))
    scene = given(
        a_house_with_a_room(), a_room(OTHER_ROOM), requested(household=WOMAN_AND_BABY), holding(*both)
    )
    after = scene.when(really_open(bed(2)), on=ROOM).done()
    assert after.unit(ROOM).taken == after.unit(OTHER_ROOM).taken == {}


def test_of_an_apartment_taken_whole_only_the_beds_they_sleep_in_must_be_open() -> None:
    whole = held(bed(1), bed(2), bed(3), cot(1))
    scene = given(
        a_house_with_a_room(beds=3, cots=1, exclusive=True),
        requested(household=WOMAN_AND_BABY),
        holding(whole),
    )
    assert scene.when(really_open(bed(1), cot(1)), on=ROOM).done().placement(ASKED).hold == OFFER
    assert scene.when(really_open(bed(2), bed(3)), on=ROOM).done().placement(ASKED).hold == OFFER
    assert scene.when(really_open(bed(2)), on=ROOM).done().placement(ASKED).hold is None


def test_a_stay_is_a_fact_and_no_word_of_the_house_ends_it() -> None:
    after = given(a_house_with_a_room(), a_stay()).when(really_open(), on=ROOM).done()
    assert after.unit(ROOM).taken == {bed(): ASKED}


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (really_open(bed(9)), Refusal.PLACE_UNKNOWN),
        (really_open(bed(1), bed(1)), Refusal.PLACE_REPEATED),
        (
            CorrectAvailability(open_places=(), observed_at=NOW + timedelta(seconds=1)),
            Refusal.OCCURRED_IN_THE_FUTURE,
        ),
    ],
)
def test_what_is_really_open_is_said_of_places_there_are(
    command: CorrectAvailability, refusal: Refusal
) -> None:
    given(a_house_with_a_room(), requested(), holding()).when(command, on=ROOM).then(refusal)
