"""The fold that rankers read: one position, and a version for whatever a hold writes or guards."""

from __future__ import annotations

import pytest

from domain.codes import DischargeOutcome, LateReason, PlacementOutcome
from domain.coordination.answering import AcceptOffer
from domain.coordination.ending import WithdrawConsent
from domain.coordination.staying import DischargeHousehold
from domain.matching.places import Places
from domain.placement.events import LateAcceptanceRecorded
from domain.vocabulary import AnswerChannel, Urgency
from tests.support.night import (
    ASKED,
    CASE,
    HOUSE,
    OFFER,
    OTHER_CASE,
    OTHER_HOUSE,
    OTHER_ROOM,
    RIVAL,
    ROOM,
    THIRD_ROOM,
    a_house,
    a_house_with_a_room,
    a_room,
    a_stay,
    bed,
    held,
    holding,
    request,
    requested,
    sent,
)
from tests.support.spec import NETWORK, NOW, Scene, given, minutes


def test_units_keep_the_order_of_their_registration() -> None:
    scene = given(a_house_with_a_room(), a_room(THIRD_ROOM), a_room(OTHER_ROOM), holding())
    assert list(scene.places.units) == [ROOM, THIRD_ROOM, OTHER_ROOM]
    assert scene.places.by_shelter == {HOUSE: [ROOM, THIRD_ROOM, OTHER_ROOM]}


def test_the_position_is_that_of_the_last_event_whatever_it_told() -> None:
    scene = given(a_house_with_a_room(), requested())
    assert scene.places.position == len(scene.history)


def test_the_log_is_read_in_order() -> None:
    places = Places()
    stream, event = a_house()[0]
    places.apply(stream, 1, 5, event)
    with pytest.raises(AssertionError, match="in order"):
        places.apply(stream, 2, 5, event)


def test_every_stream_that_a_hold_writes_or_guards_has_its_version() -> None:
    scene = given(a_house_with_a_room(), a_room(OTHER_ROOM), requested(), holding(), sent())
    assert scene.places.versions == {NETWORK: 12, HOUSE: 3, ROOM: 3, OTHER_ROOM: 2, ASKED: 4}


def test_a_hold_over_an_overdue_one_reads_only_streams_with_a_version_besides_its_case() -> None:
    both = (held(bed()), held(bed(1, OTHER_ROOM), unit=OTHER_ROOM))
    scene = given(
        a_house_with_a_room(beds=1),
        a_room(OTHER_ROOM, beds=1),
        a_house(OTHER_HOUSE),
        requested(RIVAL, OTHER_CASE, urgency=Urgency.U3),
        holding(*both, placement_id=RIVAL, deadline=NOW - minutes(1)),
    )
    answer = scene.when(request())
    scene = answer.creates()
    assert set(answer.known) == {NETWORK, HOUSE, ROOM, OTHER_ROOM, RIVAL}
    assert set(answer.known) <= set(answer.scene.places.versions)
    assert OTHER_CASE not in answer.known


def ended() -> Scene:
    scene = given(a_house_with_a_room(), requested(), holding(), sent())
    return scene.when(WithdrawConsent(placement_id=ASKED, occurred_at=NOW)).done()


def test_an_ended_placement_leaves_the_index_and_its_case_was_never_in_it() -> None:
    leaving = DischargeHousehold(placement_id=ASKED, outcome=DischargeOutcome.OTHER, occurred_at=NOW)
    for scene in (ended(), given(a_house_with_a_room(), a_stay()).when(leaving).done()):
        assert ASKED not in scene.places.placements
        assert ASKED not in scene.places.versions
        assert CASE not in scene.places.versions


def test_what_is_still_told_of_an_ended_placement_moves_the_position_alone() -> None:
    yes = AcceptOffer(placement_id=ASKED, offer_id=OFFER, channel=AnswerChannel.TELEPHONE, occurred_at=NOW)
    before = ended()
    after = before.when(yes).done()
    told = after.told(ASKED)[-1]
    assert isinstance(told, LateAcceptanceRecorded)
    assert told.reason is LateReason.PLACEMENT_ENDED
    assert after.placement(ASKED).outcome is PlacementOutcome.CONSENT_WITHDRAWN
    assert after.places.position == before.places.position + 1
    assert after.places.placements == before.places.placements
    assert after.places.versions == before.places.versions


def test_who_waits_turns_with_whoever_begins_or_ceases_to_and_stands_through_all_else() -> None:
    a_house_alone = given(a_house_with_a_room()).places
    waiting = given(a_house_with_a_room(), requested()).places
    held_for = given(a_house_with_a_room(), requested(), holding()).places
    offered = given(a_house_with_a_room(), requested(), holding(), sent()).places
    assert a_house_alone.turned < waiting.turned < held_for.turned == offered.turned
    assert held_for.moved < offered.moved == offered.position


def test_what_a_house_says_of_itself_moves_nobody_under_way() -> None:
    places = given(a_house_with_a_room(), requested(), a_room(OTHER_ROOM)).places
    assert max(places.turned, places.moved) < places.loosened


def test_who_has_places_in_a_house_is_found_by_the_house_until_it_ends() -> None:
    assert given(a_house_with_a_room(), requested()).places.by_house == {}
    held_for = given(a_house_with_a_room(), requested(), holding())
    assert held_for.places.by_house == {HOUSE: {ASKED: None}}
    leaving = DischargeHousehold(placement_id=ASKED, outcome=DischargeOutcome.OTHER, occurred_at=NOW)
    stays = given(a_house_with_a_room(), a_stay())
    assert stays.places.by_house == {HOUSE: {ASKED: None}}
    assert stays.when(leaving).done().places.by_house == {HOUSE: {}}
    assert ended().places.by_house == {HOUSE: {}}


def test_places_that_part_go_their_own_ways() -> None:
    places = given(a_house_with_a_room(), a_stay()).places
    parted, again = places.forked(), places.forked()
    assert vars(parted) == vars(places)
    for value in vars(parted).values():
        if isinstance(value, dict):
            for inner in value.values():
                if isinstance(inner, dict | list):
                    inner.clear()
            value.clear()
        elif isinstance(value, set):
            value.clear()
    assert vars(places) == vars(again)
