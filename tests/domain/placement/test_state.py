"""How a placement is folded: phases as pages name them, and what each ending of a hold leaves."""

from __future__ import annotations

import pytest

from domain.codes import DischargeOutcome, LateReason, PlacementOutcome, ReleaseCause
from domain.event import Event
from domain.matching.ranking import request_of
from domain.placement import state as placement
from domain.placement.events import (
    CandidatesRanked,
    ConversationOpened,
    HoldDisplaced,
    HoldExpired,
    HouseholdAdmitted,
    HouseholdDischarged,
    LateAcceptanceRecorded,
    LeftWaiting,
    OfferUnanswered,
    PlacementEnded,
    PlacementEvent,
    SearchConsented,
    SearchConsentWithdrawn,
    SearchResumed,
)
from domain.placement.state import OfferState, Phase, PlacementState
from domain.vocabulary import Side, Urgency
from tests.support.night import (
    ASKED,
    GUESTS,
    OFFER,
    RIVAL,
    ROOM,
    bed,
    given_back,
    held,
    hold_placed,
    holding,
    request_event,
    requested,
    said_yes,
    sent,
    she_said_yes,
)
from tests.support.spec import NOW, History, minutes


def folded(*histories: History) -> PlacementState:
    state = placement.initial
    for history in histories:
        for stream, event in history:
            if stream == ASKED:
                state = placement.evolve(state, event)  # type: ignore[arg-type]
    return state


def told(*events: Event) -> History:
    return [(ASKED, event) for event in events]


TALKING = told(ConversationOpened(offer_id=OFFER, side=Side.HOUSE, until=NOW + minutes(30)))
THERE = told(HouseholdAdmitted(offer_id=OFFER, occurred_at=NOW))


@pytest.mark.parametrize(
    ("histories", "phase"),
    [
        ([], Phase.SEARCHING),
        ([told(LeftWaiting())], Phase.WAITING),
        ([holding()], Phase.HELD),
        ([told(LeftWaiting()), holding()], Phase.HELD),
        ([holding(), sent()], Phase.OFFERED),
        ([holding(), sent(), TALKING], Phase.IN_CONVERSATION),
        ([holding(), sent(), TALKING, said_yes()], Phase.ACCEPTED_BY_HOUSE),
        ([holding(), sent(), said_yes(), she_said_yes()], Phase.ACCEPTED_BY_BOTH),
        ([holding(), sent(), said_yes(), she_said_yes(), THERE], Phase.ADMITTED),
        ([holding(), sent(), given_back()], Phase.STOPPED),
        ([holding(), sent(), given_back(), told(SearchResumed())], Phase.SEARCHING),
        ([holding(), sent(), given_back(cause=ReleaseCause.REFUSED_BY_HOUSE)], Phase.SEARCHING),
        ([holding(), told(HoldExpired(offer_id=OFFER, needed_by=RIVAL))], Phase.WAITING),
        ([holding(), told(HoldDisplaced(offer_id=OFFER, occupancy_id=GUESTS))], Phase.SEARCHING),
        ([told(PlacementEnded(outcome=PlacementOutcome.CONSENT_WITHDRAWN))], Phase.ENDED),
    ],
)
def test_a_placement_is_in_one_phase(histories: list[History], phase: Phase) -> None:
    assert folded(requested(), *histories).phase is phase


@pytest.mark.parametrize(
    ("ending", "left"),
    [
        (given_back(), OfferState.RELEASED),
        (told(HoldExpired(offer_id=OFFER, needed_by=RIVAL)), OfferState.EXPIRED),
        (told(HoldDisplaced(offer_id=OFFER, occupancy_id=GUESTS)), OfferState.DISPLACED),
    ],
)
def test_every_ending_of_a_hold_leaves_none_and_no_yes_of_hers(ending: History, left: OfferState) -> None:
    state = folded(requested(), holding(), sent(), said_yes(), she_said_yes(), ending)
    assert state.hold is None
    assert state.held is None
    assert not state.woman_accepted
    assert state.offers[OFFER].state is left


def test_a_house_that_stayed_silent_is_remembered_and_one_displaced_is_not() -> None:
    assert folded(requested(), holding(), given_back()).asked_before == {ROOM}
    displaced = told(HoldDisplaced(offer_id=OFFER, occupancy_id=GUESTS))
    assert folded(requested(), holding(), displaced).asked_before == frozenset()


def test_only_an_unaccepted_hold_past_its_moment_is_overdue() -> None:
    offer = folded(requested(), holding()).offers[OFFER]
    assert not offer.overdue(NOW + minutes(5))
    assert offer.answer_due_at == NOW + minutes(5)
    assert offer.overdue(NOW + minutes(6))
    accepted = folded(requested(), holding(), sent(), said_yes()).offers[OFFER]
    assert not accepted.overdue(NOW + minutes(600))
    assert accepted.answer_due_at is None


def test_an_offer_taken_again_was_sent_already() -> None:
    state = folded(requested(), holding(), sent(), given_back(), told(hold_placed(held(bed()))))
    assert state.offers[OFFER].sent
    assert state.offers[OFFER].state is OfferState.SENT


def test_sending_begins_a_new_silence() -> None:
    unanswered = told(OfferUnanswered(offer_id=OFFER, deadline=NOW))
    assert folded(requested(), holding(), unanswered).offers[OFFER].unanswered
    assert not folded(requested(), holding(), unanswered, sent()).offers[OFFER].unanswered


def test_a_late_yes_marks_its_offer() -> None:
    late = LateAcceptanceRecorded(
        offer_id=OFFER,
        channel=said_yes()[0][1].channel,  # type: ignore[attr-defined]
        reason=LateReason.PLACES_TAKEN,
        occurred_at=NOW,
    )
    assert folded(requested(), holding(), sent(), given_back(), told(late)).offers[OFFER].late_yes


def test_consent_is_what_she_said_last() -> None:
    state = folded(requested(consented=False))
    assert not state.consent
    state = placement.evolve(state, SearchConsented(occurred_at=NOW))
    assert state.consent
    assert not placement.evolve(state, SearchConsentWithdrawn(occurred_at=NOW)).consent


def test_a_discharge_leaves_no_hold_and_ends_once() -> None:
    left = HouseholdDischarged(outcome=DischargeOutcome.GOALS_REACHED, occurred_at=NOW)
    state = folded(requested(), holding(), sent(), said_yes(), THERE, told(left))
    assert state.hold is None
    ended: PlacementEvent = PlacementEnded(outcome=PlacementOutcome.DISCHARGED)
    assert placement.evolve(state, ended).outcome is PlacementOutcome.DISCHARGED


def test_requests_are_ordered_by_urgency_and_then_by_age() -> None:
    def asked(urgency: Urgency, before: int) -> PlacementState:
        event = request_event(urgency=urgency, occurred_at=NOW - minutes(before))
        return placement.evolve(placement.initial, event)

    states = asked(Urgency.U1, 1), asked(Urgency.U2, 9), asked(Urgency.U2, 8)
    first, second, third = (request_of(ASKED, state).precedence for state in states)
    assert first < second < third


def test_the_latest_ranking_is_known() -> None:
    ranked = CandidatesRanked(
        position=1,
        ranker="rank_1",
        policy="start-1",
        decided_at=NOW,
        units_seen=0,
        eligible=0,
        to_be_confirmed=0,
        excluded=(),
        best=(),
        digest="00",
    )
    assert folded(requested(), told(ranked)).ranking == ranked
