"""How a placement looks: what the coordination is shown of a long night, and what a house is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest

from domain.codes import AlarmKind, BridgeEnd, Escort, NeighbourAnswer, PlacementOutcome, ToConfirm
from domain.event import Event
from domain.placement.events import (
    AdmissionByDirectAgreement,
    AlarmRaised,
    AlarmTaken,
    BridgeEnded,
    CandidatesRanked,
    HandoverAgreed,
    HouseholdNotArrived,
    NeighbourAnswered,
    NeighbourAsked,
    OfferUnanswered,
    PlacementEnded,
    RankedCandidate,
)
from domain.placement.state import PlacementState, evolve
from domain.vocabulary import Criterion, HeldUnit, ShelterId
from ledger.store.codec import plain
from projections.offered_view import (
    OfferedPlacementView,
    Standing,
    answered_view,
    offered_view,
    offers_to,
)
from projections.placement_view import PlacementView, placement_view
from tests.support.night import (
    ASKED,
    BRIDGE,
    HOUR,
    HOUSE,
    NEIGHBOUR,
    OFFER,
    OTHER_CASE,
    OTHER_HOUSE,
    ROOM,
    SECOND_OFFER,
    ZONES,
    a_house_with_a_room,
    a_stay,
    arrived,
    bed,
    bridged,
    given_back,
    held,
    holding,
    request_event,
    requested,
    said_yes,
    sent,
    she_said_yes,
)
from tests.support.spec import NOW, History, given

HANDOVER = HandoverAgreed(
    offer_id=OFFER, expected_at=NOW + HOUR, escort=Escort.LAW_ENFORCEMENT, occurred_at=NOW
)


def _state(*histories: History) -> PlacementState:
    return given(a_house_with_a_room(), *histories).placement(ASKED)


def _shown_to(house: ShelterId, state: PlacementState) -> OfferedPlacementView:
    return offered_view(ASKED, state, frozenset({house}), lambda _: ())


def _view(*histories: History) -> PlacementView:
    return placement_view(ASKED, _state(*histories), 7)


def _said(*events: Event) -> History:
    return [(ASKED, event) for event in events]


def _ranked(*units: HeldUnit, to_confirm: tuple[ToConfirm, ...] = ()) -> CandidatesRanked:
    best = RankedCandidate(
        shelter_id=HOUSE,
        units=units,
        penalty=0,
        spare_places=0,
        availability_age_minutes=60,
        expires=(),
        to_confirm=to_confirm,
    )
    return CandidatesRanked(
        position=3,
        ranker="rank_1",
        policy="start-1",
        decided_at=NOW,
        units_seen=1,
        eligible=1,
        to_be_confirmed=len(to_confirm),
        excluded=(),
        best=(best,),
        digest="0" * 64,
    )


def test_a_bridge_that_stands_counts_for_how_long_she_is_safe() -> None:
    shown = _view(requested(), bridged(until=NOW + 10 * HOUR))
    assert shown.bridge is not None
    assert shown.bridge.bridge_id == BRIDGE
    assert shown.safe_until == NOW + 10 * HOUR
    over = BridgeEnded(bridge_id=BRIDGE, cause=BridgeEnd.TIME_OVER, occurred_at=NOW)
    ended = _view(requested(), bridged(), _said(over))
    assert (ended.bridge, ended.safe_until) == (None, None)


def test_neighbours_and_alarms_are_shown_in_the_order_in_which_they_came() -> None:
    asked = NeighbourAsked(member_id=NEIGHBOUR, occurred_at=NOW)
    said = NeighbourAnswered(member_id=NEIGHBOUR, answer=NeighbourAnswer.NO, occurred_at=NOW)
    awaited = _view(requested(), _said(asked)).neighbours
    assert [(desk.member_id, desk.answer) for desk in awaited] == [(NEIGHBOUR, None)]
    assert _view(requested(), _said(asked, said)).neighbours[0].answer is NeighbourAnswer.NO
    raised = (
        AlarmRaised(kind=AlarmKind.NO_PLACE_YET, due_at=NOW),
        AlarmRaised(kind=AlarmKind.ALL_REFUSED, due_at=NOW - HOUR),
        AlarmTaken(kind=AlarmKind.NO_PLACE_YET, due_at=NOW),
    )
    shown = _view(requested(), _said(*raised)).alarms
    assert [(alarm.kind, alarm.taken) for alarm in shown] == [
        (AlarmKind.NO_PLACE_YET, True),
        (AlarmKind.ALL_REFUSED, False),
    ]


def test_what_is_to_be_confirmed_is_that_of_the_places_held() -> None:
    unknown = (ToConfirm.AVAILABILITY_OLD, ToConfirm.INTERVIEW_FIRST)
    ranked = _said(_ranked(held(bed()), to_confirm=unknown))
    assert _view(requested(), ranked, holding()).to_confirm == unknown
    assert _view(requested(), ranked).to_confirm == (), "nothing is held"
    other = _said(_ranked(held(bed(2)), to_confirm=unknown))
    assert _view(requested(), other, holding()).to_confirm == (), "it was said of other places"
    there = [*sent(), *said_yes(), *she_said_yes(), *arrived()]
    assert _view(requested(), ranked, holding(), there).to_confirm == (), "they are there"


def test_silence_and_not_arriving_are_shown() -> None:
    silent = OfferUnanswered(offer_id=OFFER, deadline=NOW)
    assert _view(requested(), holding(), sent(), _said(silent)).silences == 1
    missed = HouseholdNotArrived(offer_id=OFFER, welfare_check_asked=True, occurred_at=NOW)
    shown = _view(requested(), holding(), sent(), said_yes(), _said(HANDOVER, missed))
    assert shown.handover is not None
    assert shown.handover.expected_at == NOW + HOUR
    assert (shown.not_arrived, shown.welfare_check_asked) == (True, True)


def test_zones_cases_and_houses_are_counted_and_never_listed() -> None:
    told = request_event(avoids=ZONES[:2])
    asked = replace(told, apart_from=(OTHER_CASE,), houses_barred=(OTHER_HOUSE,))
    shown = placement_view(ASKED, replace(_state(requested()), request=asked), 7)
    counts = (shown.zones_to_avoid_count, shown.apart_from_count, shown.houses_barred_count)
    assert counts == (2, 1, 1)
    told_json = _bytes(shown)
    for secret in (*ZONES, OTHER_CASE, OTHER_HOUSE):
        assert str(secret) not in told_json


def test_a_house_learns_when_they_come_to_it_and_nothing_of_the_rest() -> None:
    state = _state(requested(), bridged(), holding(), sent(), said_yes(), _said(HANDOVER))
    (offer,) = _shown_to(HOUSE, state).offers
    assert (offer.expected_at, offer.escort) == (NOW + HOUR, Escort.LAW_ENFORCEMENT)
    assert _shown_to(OTHER_HOUSE, state).offers == ()
    assert str(BRIDGE) not in _bytes(_shown_to(HOUSE, state))


def test_a_house_sees_who_comes_once_it_has_said_yes_and_until_they_leave() -> None:
    asked = _state(requested(), holding(), sent())
    assert [offer.who_comes for offer in _shown_to(HOUSE, asked).offers] == [None]
    (offer,) = _shown_to(HOUSE, _state(requested(), holding(), sent(), said_yes())).offers
    request = asked.request
    assert request is not None and offer.who_comes is not None
    assert offer.who_comes.children == request.household.children
    assert offer.who_comes.risk is request.risk
    over = evolve(replace(asked, hold=None), PlacementEnded(outcome=PlacementOutcome.UNREACHABLE))
    assert _shown_to(HOUSE, over).offers == ()


def test_of_what_a_house_wants_known_it_sees_what_is_met_and_what_nobody_has_said() -> None:
    state = _state(requested(), holding(), sent())
    assert state.request is not None
    known = replace(state, request=replace(state.request, criteria_met=(Criterion.INTERVIEW_FIRST,)))
    wanted = (Criterion.INTERVIEW_FIRST, Criterion.FEE_COMMITTED)
    (offer,) = offered_view(ASKED, known, frozenset({HOUSE}), lambda _: wanted).offers
    told = {each.criterion: each.met for each in offer.criteria}
    assert told == {Criterion.INTERVIEW_FIRST: True, Criterion.FEE_COMMITTED: False}
    (plain,) = _shown_to(HOUSE, known).offers
    assert plain.criteria == (), "what it did not ask for is not told"


def test_an_earlier_offer_does_not_tell_when_they_come_elsewhere() -> None:
    anew = replace(HANDOVER, offer_id=SECOND_OFFER)
    state = _state(
        requested(),
        holding(),
        sent(),
        given_back(),
        holding(held(bed(2)), offer_id=SECOND_OFFER),
        sent(offer_id=SECOND_OFFER),
        said_yes(offer_id=SECOND_OFFER),
        _said(anew),
    )
    (second,) = _shown_to(HOUSE, state).offers
    assert (second.offer_id, second.expected_at) == (SECOND_OFFER, NOW + HOUR)
    told = answered_view(ASKED, state, frozenset({HOUSE})).offers
    assert [(each.offer_id, each.state, each.due_at) for each in told] == [
        (OFFER, Standing.OVER, None),
        (SECOND_OFFER, Standing.ACCEPTED, None),
    ]


@pytest.mark.parametrize(("history", "known"), [(holding(), 0), ([*holding(), *sent()], 1)])
def test_a_house_knows_an_offer_once_it_is_sent(history: History, known: int) -> None:
    assert len(offers_to(_state(requested(), history), frozenset({HOUSE}))) == known


def test_a_house_knows_whom_it_took_in_directly() -> None:
    there = AdmissionByDirectAgreement(
        offer_id=OFFER, shelter_id=HOUSE, units=(held(bed()),), occurred_at=NOW - timedelta(minutes=5)
    )
    admitted = evolve(_state(requested()), there)
    assert [offer.offer_id for offer in offers_to(admitted, frozenset({HOUSE}))] == [OFFER]
    assert offers_to(admitted, frozenset({OTHER_HOUSE})) == ()


def test_a_stay_reads_the_same_whoever_asks_again() -> None:
    assert _bytes(_view(a_stay())) == _bytes(_view(a_stay()))
    assert str(ROOM) in _bytes(_view(a_stay()))


def _bytes(shown: Any) -> str:
    return orjson.dumps(shown, plain).decode()
