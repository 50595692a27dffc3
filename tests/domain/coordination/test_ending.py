"""What ends before an arrival: a hold given back, a request withdrawn or closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.case import CaseUnbound
from domain.codes import BridgeEnd, PlacementOutcome, ReleaseCause
from domain.coordination.direct import RecordDirectAdmission
from domain.coordination.ending import BY_HAND, CLOSES, CloseRequest, ReleaseHold, WithdrawConsent
from domain.placement.events import BridgeEnded, HoldReleased, PlacementEnded, SearchConsentWithdrawn
from domain.placement.state import Phase
from domain.refusals import Refusal
from domain.unit import UnitReleased
from domain.vocabulary import OfferId
from tests.support.night import (
    ASKED,
    BRIDGE,
    CASE,
    HOUSE,
    OFFER,
    OTHER_ROOM,
    RIVAL,
    ROOM,
    a_house_with_a_room,
    a_room,
    a_stay,
    bed,
    bridged,
    given_back,
    held,
    holding,
    requested,
    said_yes,
    sent,
    she_said_yes,
)
from tests.support.spec import NOW, History, given

WITHDRAWAL = WithdrawConsent(placement_id=ASKED, occurred_at=NOW)
RELEASE = ReleaseHold(placement_id=ASKED, offer_id=OFFER)
CLOSING = CloseRequest(placement_id=ASKED, outcome=PlacementOutcome.OTHER_SOLUTION, occurred_at=NOW)
BOTH = (held(bed()), held(bed(1, OTHER_ROOM), unit=OTHER_ROOM))


def two_rooms() -> History:
    return [*a_house_with_a_room(), *a_room(OTHER_ROOM)]


def test_the_coordination_gives_a_hold_back_whole() -> None:
    cause = ReleaseCause.RELEASED_BY_COORDINATOR
    scene = (
        given(two_rooms(), requested(), holding(*BOTH))
        .when(RELEASE)
        .then(
            {
                ASKED: [HoldReleased(offer_id=OFFER, cause=cause)],
                ROOM: [UnitReleased(placement_id=ASKED, places=(bed(),), cause=cause)],
                OTHER_ROOM: [UnitReleased(placement_id=ASKED, places=(bed(1, OTHER_ROOM),), cause=cause)],
            }
        )
    )
    assert scene.unit(ROOM).taken == scene.unit(OTHER_ROOM).taken == {}


def test_giving_back_a_hold_that_is_over_is_silent() -> None:
    given(a_house_with_a_room(), requested(), holding(), given_back()).when(RELEASE).then({})


@pytest.mark.parametrize(
    "before",
    [
        [],
        [*holding()],
        [*holding(), *sent()],
        [*holding(), *sent(), *said_yes()],
        [*holding(), *sent(), *said_yes(), *she_said_yes()],
    ],
)
def test_she_may_withdraw_at_any_moment_before_the_arrival(before: History) -> None:
    scene = given(a_house_with_a_room(), requested(), before).when(WITHDRAWAL).done()
    assert scene.placement(ASKED).phase is Phase.ENDED
    assert scene.placement(ASKED).outcome is PlacementOutcome.CONSENT_WITHDRAWN
    assert scene.case(CASE).open_placement is None
    assert scene.unit(ROOM).taken == {}
    assert ASKED not in scene.places.placements


def test_a_withdrawal_gives_the_places_back_and_ends_the_placement() -> None:
    cause = ReleaseCause.CONSENT_WITHDRAWN
    given(a_house_with_a_room(), requested(), holding()).when(WITHDRAWAL).then(
        {
            ASKED: [
                SearchConsentWithdrawn(occurred_at=NOW),
                HoldReleased(offer_id=OFFER, cause=cause),
                PlacementEnded(outcome=PlacementOutcome.CONSENT_WITHDRAWN),
            ],
            ROOM: [UnitReleased(placement_id=ASKED, places=(bed(),), cause=cause)],
            CASE: [CaseUnbound(placement_id=ASKED, outcome=PlacementOutcome.CONSENT_WITHDRAWN)],
        }
    )


def test_only_a_known_offer_is_given_back() -> None:
    command = ReleaseHold(placement_id=ASKED, offer_id=OfferId(RIVAL))
    given(a_house_with_a_room(), requested(), holding()).when(command).then(Refusal.OFFER_UNKNOWN)


@pytest.mark.parametrize("cause", ReleaseCause)
def test_a_hold_is_given_back_by_hand_for_the_causes_that_are_a_persons(cause: ReleaseCause) -> None:
    answer = given(two_rooms(), requested(), holding()).when(replace(RELEASE, cause=cause))
    if cause in BY_HAND:
        assert answer.done().placement(ASKED).phase is Phase.STOPPED
    else:
        answer.then(Refusal.CODE_MALFORMED)


def test_a_request_is_closed_with_what_it_held_and_what_carried_her() -> None:
    cause = ReleaseCause.REQUEST_CLOSED
    scene = given(two_rooms(), requested(), holding(), bridged())
    after = scene.when(CLOSING).then(
        {
            ASKED: [
                HoldReleased(offer_id=OFFER, cause=cause),
                BridgeEnded(bridge_id=BRIDGE, cause=BridgeEnd.LEFT, occurred_at=NOW),
                PlacementEnded(outcome=PlacementOutcome.OTHER_SOLUTION),
            ],
            ROOM: [UnitReleased(placement_id=ASKED, places=(bed(),), cause=cause)],
            CASE: [CaseUnbound(placement_id=ASKED, outcome=PlacementOutcome.OTHER_SOLUTION)],
        }
    )
    assert after.placement(ASKED).phase is Phase.ENDED
    assert after.case(CASE).open_placement is None


def test_a_withdrawal_ends_what_carried_her() -> None:
    after = given(two_rooms(), requested(), bridged()).when(WITHDRAWAL).done()
    assert BridgeEnded(bridge_id=BRIDGE, cause=BridgeEnd.LEFT, occurred_at=NOW) in after.told(ASKED)


@pytest.mark.parametrize("outcome", PlacementOutcome)
def test_the_coordination_closes_with_the_outcomes_that_are_its_own(outcome: PlacementOutcome) -> None:
    answer = given(two_rooms(), requested(), bridged()).when(replace(CLOSING, outcome=outcome))
    if outcome in CLOSES:
        after = answer.done()
        assert after.placement(ASKED).outcome is outcome
        assert after.placement(ASKED).bridge is None
    else:
        answer.then(Refusal.CODE_MALFORMED)


@pytest.mark.parametrize(
    "before",
    [[], [*holding()], [*holding(), *sent(), *said_yes(), *she_said_yes()], [*holding(), *given_back()]],
)
def test_a_request_may_be_closed_at_any_moment_before_the_arrival(before: History) -> None:
    after = given(two_rooms(), requested(), before).when(CLOSING).done()
    assert after.unit(ROOM).taken == {}


def test_an_admission_without_the_engine_ends_what_carried_her_too() -> None:
    directly = RecordDirectAdmission(
        placement_id=ASKED,
        asked=None,
        shelter_id=HOUSE,
        units=(held(bed()),),
        without_place=0,
        occurred_at=NOW,
    )
    after = given(two_rooms(), requested(), bridged()).when(directly).done()
    ended = BridgeEnded(bridge_id=BRIDGE, cause=BridgeEnd.PLACE_FOUND, occurred_at=NOW)
    assert after.told(ASKED)[-1] == ended


def test_a_stay_is_never_closed() -> None:
    given(two_rooms(), a_stay()).when(CLOSING).then(Refusal.ALREADY_ADMITTED)


def test_a_request_ends_once() -> None:
    closed = given(two_rooms(), requested()).when(CLOSING).done()
    closed.when(replace(CLOSING, outcome=PlacementOutcome.UNREACHABLE)).then(Refusal.PLACEMENT_ENDED)
    closed.when(WITHDRAWAL).then(Refusal.PLACEMENT_ENDED)


def test_nobody_closes_tomorrow() -> None:
    command = replace(CLOSING, occurred_at=NOW + timedelta(seconds=1))
    given(two_rooms(), requested()).when(command).then(Refusal.OCCURRED_IN_THE_FUTURE)
