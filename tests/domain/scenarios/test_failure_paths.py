"""Every road on which a night goes wrong before an arrival, one test each, told to its end.

The roads are those of the network's own list, from no bed at all to an error in the record. None of them
ends in silence: it ends in a place, in a bridge with somebody who looks, in a person who is called, or in a
closing with its reason.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from domain.codes import (
    AlarmKind,
    AskAgainReason,
    BridgeEnd,
    BridgeKind,
    CheckedBy,
    CorrectionReason,
    DeclineGroup,
    Escort,
    LateReason,
    NeighbourAnswer,
    PauseReason,
    PlacementOutcome,
    RefusalGroup,
    ReleaseCause,
    RevisionReason,
    SplitDestination,
    Told,
    UrgencyReason,
)
from domain.coordination.answering import AcceptOffer, DeclineOffer, RefuseOffer
from domain.coordination.arriving import AgreeHandover, RecordNotArrived
from domain.coordination.asking_again import AllowAskingAgain
from domain.coordination.correcting import CorrectEntry
from domain.coordination.ending import CloseRequest, ReleaseHold, WithdrawConsent
from domain.coordination.moving_on import MoveOn
from domain.coordination.requesting import RequestPlacement, SearchAgain
from domain.coordination.resuming import resume_and_search
from domain.coordination.revising import AgreeHouseholdSplit, ChangeUrgency, ReviseHousehold
from domain.coordination.staying import AdmitHousehold
from domain.matching.ranking import ExclusionCode
from domain.placement.alarms import RaiseAlarm, TakeAlarm, due_alarms
from domain.placement.bridging import (
    ArrangeBridge,
    AskNeighbour,
    CheckBridge,
    RecordNeighbourAnswer,
)
from domain.placement.commands import AcceptAsWoman, MarkUnanswered, RecordConsent, SendOffer
from domain.placement.events import (
    BridgeEnded,
    CandidatesRanked,
    HoldReleased,
    LateAcceptanceRecorded,
    OfferUnanswered,
    PlacementEnded,
    PlacementRequested,
)
from domain.placement.state import Offer, Phase, PlacementState
from domain.policy import START_POLICY
from domain.refusals import Refusal
from domain.shelter import PauseIntake, SetSecurityState
from domain.unit import CorrectAvailability, PublishAvailability
from domain.vocabulary import (
    AgeBand,
    AnswerChannel,
    AssessorRole,
    BridgeId,
    Household,
    OldestBoy,
    PlacementId,
    SecurityState,
    UnitId,
    Urgency,
)
from domain.world import Decision
from tests.support.night import (
    HOUR,
    HOUSE,
    NEIGHBOUR,
    OTHER_HOUSE,
    OTHER_ROOM,
    ROOM,
    THIRD_ROOM,
    WOMAN,
    a_house,
    a_house_with_a_room,
    a_room,
    bed,
    request,
)
from tests.support.spec import NOW, Scene, fresh, given, minutes

SHE = PlacementId(fresh(1))
ANOTHER = PlacementId(fresh(101))
HER_BRIDGE = BridgeId(fresh(901))
FOUR_CHILDREN = Household(
    adults=1, children=(AgeBand.AGE_0_2, AgeBand.AGE_3_5, AgeBand.AGE_6_10, AgeBand.AGE_11_13)
)


def one_house(beds: int = 1) -> Scene:
    return given(a_house_with_a_room(beds=beds))


def two_houses() -> Scene:
    """One bed each."""
    return given(one_house().history, a_house(OTHER_HOUSE), a_room(OTHER_ROOM, house=OTHER_HOUSE, beds=1))


def asks(scene: Scene, command: RequestPlacement | None = None, *, ids: int = 0) -> Scene:
    return scene.when(command or request(), ids=ids).creates()


def state(scene: Scene, of: PlacementId = SHE) -> PlacementState:
    return scene.placement(of)


def hold(scene: Scene, of: PlacementId = SHE) -> Offer:
    found = state(scene, of).held
    assert found is not None
    return found


def held_in(scene: Scene, of: PlacementId = SHE) -> UnitId:
    return hold(scene, of).units[0].unit_id


def offers(scene: Scene, of: PlacementId = SHE, at: datetime = NOW) -> Scene:
    units = tuple(unit.unit_id for unit in hold(scene, of).units)
    return scene.when(SendOffer(units=units), on=of, at=at).done()


def refuses(scene: Scene, shown: RefusalGroup = RefusalGroup.NO_CAPACITY) -> Scene:
    no = RefuseOffer(
        placement_id=SHE,
        offer_id=hold(scene).offer_id,
        channel=AnswerChannel.TELEPHONE,
        shown=shown,
        commitment=None,
        occurred_at=NOW,
    )
    return scene.when(no).done()


def accepts(scene: Scene) -> Scene:
    yes = AcceptOffer(
        placement_id=SHE,
        offer_id=hold(scene).offer_id,
        channel=AnswerChannel.TELEPHONE,
        occurred_at=NOW,
    )
    return scene.when(yes).done()


def she_agrees(scene: Scene) -> Scene:
    yes = AcceptAsWoman(proximity_checked_by_voice=True, told=tuple(Told), occurred_at=NOW)
    return scene.when(yes, on=SHE).done()


def searches(scene: Scene, *, ids: int, of: PlacementId = SHE, at: datetime = NOW) -> Scene:
    again = scene.when(SearchAgain(placement_id=of), ids=ids, at=at)
    return again.done(again=Refusal.HOLD_STANDS if _holds(again.decided, of) else None)


def _holds(decided: object, of: PlacementId) -> bool:
    assert isinstance(decided, Decision)
    return any(event.TOPIC == "placement.hold-placed.1" for event in decided.events.get(of, ()))


def is_called(scene: Scene, kind: AlarmKind, at: datetime) -> Scene:
    """The alarm is due, is raised, and a named person takes it."""
    alarm = next(each for each in due_alarms(state(scene), at, START_POLICY) if each.kind is kind)
    raised = scene.when(RaiseAlarm(placement_id=SHE, kind=kind, due_at=alarm.due_at), at=at).done()
    return raised.when(TakeAlarm(placement_id=SHE, kind=kind, due_at=alarm.due_at), at=at).done()


def excluded(ranking: CandidatesRanked | None) -> dict[str, int]:
    assert ranking is not None
    return {each.code: each.units for each in ranking.excluded if each.units}


# --- nobody has a place, or nobody says yes -----------------------------------------------------------------


def test_no_bed_in_network() -> None:
    """01:13 a woman with four children; a hotel with an escort until a flat is free again at noon."""
    night = asks(one_house(beds=2), request(household=FOUR_CHILDREN))
    assert state(night).phase is Phase.WAITING
    assert excluded(state(night).ranking) == {ExclusionCode.CAPACITY: 1}
    night = is_called(night, AlarmKind.NO_PLACE_YET, NOW + minutes(20))
    night = night.when(AskNeighbour(placement_id=SHE, member_id=NEIGHBOUR, occurred_at=NOW)).done()
    no = RecordNeighbourAnswer(
        placement_id=SHE, member_id=NEIGHBOUR, answer=NeighbourAnswer.NO, occurred_at=NOW
    )
    hotel = ArrangeBridge(
        placement_id=SHE,
        bridge_id=HER_BRIDGE,
        kind=BridgeKind.VETTED_HOTEL_WITH_ESCORT,
        checked_by=CheckedBy.SOCIAL_EMERGENCY_SERVICE,
        check_at=NOW + 7 * HOUR,
        until=NOW + 12 * HOUR,
        occurred_at=NOW,
    )
    night = night.when(no).done().when(hotel).done()
    assert state(night).phase is Phase.WAITING
    morning = is_called(night, AlarmKind.BRIDGE_CHECK, NOW + 7 * HOUR)
    well = CheckBridge(
        placement_id=SHE, bridge_id=HER_BRIDGE, holds=True, check_at=None, occurred_at=NOW + 7 * HOUR
    )
    morning = morning.when(well, at=NOW + 7 * HOUR).done()
    freed = given(morning.history, a_room(OTHER_ROOM, beds=5, exclusive=True, seen_at=NOW))
    noon = offers(searches(freed, ids=10, at=NOW + 10 * HOUR), at=NOW + 10 * HOUR)
    assert held_in(noon) == OTHER_ROOM
    there = she_agrees(accepts(noon)).when(
        AdmitHousehold(placement_id=SHE, occurred_at=NOW + 11 * HOUR), at=NOW + 11 * HOUR
    )
    over = BridgeEnded(bridge_id=HER_BRIDGE, cause=BridgeEnd.PLACE_FOUND, occurred_at=NOW + 11 * HOUR)
    assert over in there.done().told(SHE)


def test_no_bed_in_network_and_the_neighbour_has_one() -> None:
    night = asks(given(one_house(beds=1).history), request(household=FOUR_CHILDREN))
    night = night.when(AskNeighbour(placement_id=SHE, member_id=NEIGHBOUR, occurred_at=NOW)).done()
    yes = RecordNeighbourAnswer(
        placement_id=SHE, member_id=NEIGHBOUR, answer=NeighbourAnswer.YES, occurred_at=NOW
    )
    night = night.when(yes).done()
    assert state(night).phase is Phase.WAITING
    closing = CloseRequest(placement_id=SHE, outcome=PlacementOutcome.PLACED_BY_NEIGHBOUR, occurred_at=NOW)
    closed = night.when(closing).done()
    assert closed.told(SHE)[-1] == PlacementEnded(outcome=PlacementOutcome.PLACED_BY_NEIGHBOUR)


def test_all_refuse() -> None:
    """Both houses say no; the request waits, a person is called, and a house may be asked again."""
    night = refuses(offers(asks(two_houses())))
    first_refused = next(iter(state(night).not_to_ask))
    night = searches(night, ids=10)
    assert held_in(night) != first_refused
    night = searches(refuses(offers(night)), ids=20)
    assert state(night).phase is Phase.WAITING
    assert excluded(state(night).ranking) == {ExclusionCode.NOT_TO_ASK: 2}
    night = is_called(night, AlarmKind.ALL_REFUSED, NOW)
    assert state(night).outcome is None
    again = AllowAskingAgain(
        placement_id=SHE, units=(first_refused,), reason=AskAgainReason.HOUSE_CHANGED_ITS_MIND
    )
    assert held_in(searches(night.when(again).done(), ids=30)) == first_refused


def test_operator_unreachable() -> None:
    """Nobody answers in two houses: each time the next is held, and a person is told of the silence."""
    night = given(two_houses().history, a_room(THIRD_ROOM, house=OTHER_HOUSE, beds=1, features=()))
    night = offers(asks(night))
    silent = {held_in(night)}
    first = hold(night).offer_id
    at = NOW + minutes(11)
    night = night.when(MarkUnanswered(offer_id=first), on=SHE, at=at).done()
    assert hold(night).offer_id == first, "silence alone gives nothing back"
    night = night.when(MoveOn(placement_id=SHE, offer_id=first), ids=10, at=at).creates()
    assert held_in(night) not in silent
    silent.add(held_in(night))
    night = offers(night, at=at)
    second, later = hold(night).offer_id, NOW + minutes(22)
    night = night.when(MarkUnanswered(offer_id=second), on=SHE, at=later).done()
    night = is_called(night, AlarmKind.HOUSES_SILENT, later)
    night = night.when(MoveOn(placement_id=SHE, offer_id=second), ids=20, at=later).creates()
    assert held_in(night) not in silent
    assert not state(night).not_to_ask, "a house that did not answer may be asked again"
    unanswered = [event for event in night.told(SHE) if isinstance(event, OfferUnanswered)]
    assert len(unanswered) == 2


def test_double_claim() -> None:
    """Two requests see the same last bed. What the second decided cannot be taken; decided anew, it waits."""
    before = one_house()
    hers = before.when(request(occurred_at=NOW - minutes(1)))
    others = before.when(request(), ids=100)
    assert isinstance(hers.decided, Decision)
    assert isinstance(others.decided, Decision)
    assert _holds(others.decided, ANOTHER)
    after = before.with_decision(hers.decided)
    with pytest.raises(AssertionError):
        after.with_decision(others.decided)
    both = asks(after, request(), ids=100)
    assert (state(both).phase, state(both, ANOTHER).phase) == (Phase.HELD, Phase.WAITING)
    assert excluded(state(both, ANOTHER).ranking) == {ExclusionCode.OCCUPIED: 1}


def test_stale_availability_discovered_at_phone() -> None:
    """The house says on the telephone that the bed is gone: corrected on the spot, and searched on."""
    night = offers(asks(two_houses()))
    room = held_in(night)
    nothing = CorrectAvailability(open_places=(), observed_at=NOW)
    night = night.when(nothing, on=room).done()
    assert night.unit(room).wrongly_published
    assert night.told(SHE)[-1] == HoldReleased(
        offer_id=next(iter(state(night).offers)), cause=ReleaseCause.NOT_REALLY_FREE
    )
    night = searches(night, ids=10)
    assert held_in(night) != room
    back = PublishAvailability(open_places=(bed(1, room),), observed_at=NOW)
    assert not night.when(back, on=room).done().unit(room).wrongly_published


# --- what she decides ---------------------------------------------------------------------------------------


def test_woman_declines() -> None:
    """Her no stops and asks; that place is not offered again in this request, and counts in no other."""
    night = accepts(offers(asks(two_houses())))
    room = held_in(night)
    no = DeclineOffer(
        placement_id=SHE,
        offer_id=hold(night).offer_id,
        shown=DeclineGroup.PLACE_NOT_RIGHT,
        commitment=None,
        occurred_at=NOW,
    )
    night = night.when(no).done()
    assert state(night).phase is Phase.STOPPED
    night.when(SearchAgain(placement_id=SHE)).then(Refusal.SEARCH_STOPPED_FOR_A_PERSON)
    resumed = night.when(SearchAgain(placement_id=SHE), by=resume_and_search, ids=10).creates()
    assert held_in(resumed) != room
    ended = resumed.when(WithdrawConsent(placement_id=SHE, occurred_at=NOW)).done()
    asked = state(ended).request
    assert asked is not None
    anew = asks(ended, replace(request(), case_id=asked.case_id), ids=100)
    assert excluded(state(anew, ANOTHER).ranking) == {}


def test_withdraws_consent() -> None:
    """At any moment, with nothing held against her: what was kept is free, and she may ask again."""
    night = she_agrees(accepts(offers(asks(one_house()))))
    friend = ArrangeBridge(
        placement_id=SHE,
        bridge_id=HER_BRIDGE,
        kind=BridgeKind.TRUSTED_PERSON,
        checked_by=CheckedBy.CAV,
        check_at=NOW + HOUR,
        until=NOW + HOUR,
        occurred_at=NOW,
    )
    night = night.when(friend).done().when(WithdrawConsent(placement_id=SHE, occurred_at=NOW)).done()
    assert state(night).outcome is PlacementOutcome.CONSENT_WITHDRAWN
    assert state(night).bridge is None
    assert night.unit(ROOM).taken == {}
    asked = state(night).request
    assert asked is not None
    assert night.case(asked.case_id).open_placement is None
    again = asks(night, replace(request(), case_id=asked.case_id), ids=100)
    assert state(again, ANOTHER).phase is Phase.HELD


def test_no_consent_yet_and_no_offer_leaves() -> None:
    night = asks(one_house(), request(consented_at=None))
    night.when(SendOffer(units=(ROOM,)), on=SHE).then(Refusal.CONSENT_NOT_RECORDED)
    night = night.when(RecordConsent(occurred_at=NOW), on=SHE).done()
    assert state(offers(night)).phase is Phase.OFFERED


# --- on the way ---------------------------------------------------------------------------------------------


def test_no_show() -> None:
    """They do not come: a person is called, the places are kept until a person gives them back."""
    night = she_agrees(accepts(offers(asks(one_house()))))
    offer_id = hold(night).offer_id
    at_two = AgreeHandover(
        placement_id=SHE,
        offer_id=offer_id,
        expected_at=NOW + HOUR,
        escort=Escort.LAW_ENFORCEMENT,
        occurred_at=NOW,
    )
    night = is_called(night.when(at_two).done(), AlarmKind.LATE_ARRIVAL, NOW + 2 * HOUR)
    missed = RecordNotArrived(
        placement_id=SHE, offer_id=offer_id, welfare_check_asked=True, occurred_at=NOW + 2 * HOUR
    )
    night = night.when(missed, at=NOW + 2 * HOUR).done()
    assert night.unit(ROOM).taken
    morning = NOW + 8 * HOUR
    back = ReleaseHold(placement_id=SHE, offer_id=offer_id, cause=ReleaseCause.NOT_ARRIVED)
    night = night.when(back, at=morning).done()
    assert state(night).phase is Phase.STOPPED, "no other place is taken for somebody who is not there"
    closing = CloseRequest(placement_id=SHE, outcome=PlacementOutcome.UNREACHABLE, occurred_at=morning)
    assert state(night.when(closing, at=morning).done()).phase is Phase.ENDED


def test_household_changes() -> None:
    """A son of fifteen comes too: the single bed no longer does, a larger room does; then he stays away."""
    larger = a_room(OTHER_ROOM, house=OTHER_HOUSE, beds=2, exclusive=True)
    night = accepts(offers(asks(given(one_house().history, a_house(OTHER_HOUSE), larger))))
    assert held_in(night) == ROOM
    with_her_son = ReviseHousehold(
        placement_id=SHE,
        household=Household(adults=1, children=(AgeBand.AGE_14_17,)),
        oldest_boy=OldestBoy.AGE_14_17,
        features_required=(),
        criteria_met=(),
        reason=RevisionReason.CHILD_JOINED,
        occurred_at=NOW,
    )
    night = searches(night.when(with_her_son).done(), ids=10)
    assert held_in(night) == OTHER_ROOM
    without = AgreeHouseholdSplit(
        placement_id=SHE,
        household=WOMAN,
        oldest_boy=OldestBoy.NO_BOY,
        apart=Household(adults=0, children=(AgeBand.AGE_14_17,)),
        destination=SplitDestination.RELATIVES,
        occurred_at=NOW,
    )
    night = night.when(without).done()
    assert held_in(night) == OTHER_ROOM, "a place that still does is not taken from her"


# --- houses and dangers -------------------------------------------------------------------------------------


def test_unit_compromised() -> None:
    """An address is known: the house takes nobody, and to others it looks like an ordinary pause."""
    leaked = SetSecurityState(state=SecurityState.COMPROMISED)
    frozen = asks(two_houses().when(leaked, on=HOUSE).done())
    paused = asks(two_houses().when(PauseIntake(reason=PauseReason.STAFF), on=HOUSE).done())
    assert held_in(frozen) == held_in(paused) == OTHER_ROOM
    assert state(frozen).ranking == state(paused).ranking


def test_unit_compromised_while_a_place_is_held_in_it() -> None:
    """The hold stands until a person decides; once given back, no late yes brings her there."""
    night = offers(asks(one_house()))
    offer_id = hold(night).offer_id
    night = night.when(SetSecurityState(state=SecurityState.COMPROMISED), on=HOUSE).done()
    assert hold(night).offer_id == offer_id
    night = night.when(ReleaseHold(placement_id=SHE, offer_id=offer_id)).done()
    late = AcceptOffer(placement_id=SHE, offer_id=offer_id, channel=AnswerChannel.SCREEN, occurred_at=NOW)
    told = night.when(late).done().told(SHE)[-1]
    assert isinstance(told, LateAcceptanceRecorded)
    assert told.reason is LateReason.SHELTER_NOT_ADMITTING
    after = night.when(SearchAgain(placement_id=SHE), by=resume_and_search, ids=10).creates()
    assert state(after).phase is Phase.WAITING


def test_perpetrator_released() -> None:
    """Two wait; he is out of prison, so her urgency is raised and the bed that frees is hers."""
    nobody_free = one_house(beds=1).when(CorrectAvailability(open_places=(), observed_at=NOW), on=ROOM)
    night = asks(nobody_free.done(), request(urgency=Urgency.U3))
    night = asks(night, request(urgency=Urgency.U2, occurred_at=NOW - HOUR), ids=100)
    freed = PublishAvailability(open_places=(bed(),), observed_at=NOW)
    before = night.when(freed, on=ROOM).done()
    assert excluded(state(searches(before, ids=10)).ranking) == {ExclusionCode.OWED: 1}
    raised = ChangeUrgency(
        placement_id=SHE,
        urgency=Urgency.U1,
        set_by=AssessorRole.POLICE_OFFICER,
        reason=UrgencyReason.PERPETRATOR_RELEASED,
        occurred_at=NOW,
    )
    after = before.when(raised).done()
    theirs = searches(after, ids=110, of=ANOTHER)
    assert excluded(state(theirs, ANOTHER).ranking) == {ExclusionCode.OWED: 1}
    assert held_in(searches(theirs, ids=10)) == ROOM


def test_risk_worsens() -> None:
    """She cannot stay where she is: what carried her carries no longer, and that is said at once."""
    night = asks(one_house(beds=1), request(household=FOUR_CHILDREN))
    observation = ArrangeBridge(
        placement_id=SHE,
        bridge_id=HER_BRIDGE,
        kind=BridgeKind.EMERGENCY_DEPARTMENT_OBSERVATION,
        checked_by=CheckedBy.EMERGENCY_DEPARTMENT,
        check_at=NOW + HOUR,
        until=NOW + 8 * HOUR,
        occurred_at=NOW,
    )
    night = night.when(observation).done()
    gone = CheckBridge(
        placement_id=SHE, bridge_id=HER_BRIDGE, holds=False, check_at=None, occurred_at=NOW + HOUR
    )
    night = night.when(gone, at=NOW + HOUR).done()
    assert (state(night).bridge, state(night).safe_until) == (None, None)
    raised = replace(
        observation,
        bridge_id=BridgeId(fresh(902)),
        kind=BridgeKind.POLICE_UNTIL_MORNING,
        checked_by=CheckedBy.LAW_ENFORCEMENT,
        check_at=NOW + 3 * HOUR,
        occurred_at=NOW + HOUR,
    )
    assert state(night.when(raised, at=NOW + HOUR).done()).safe_until == NOW + 8 * HOUR


# --- the record itself --------------------------------------------------------------------------------------


def test_system_down() -> None:
    """From the paper form, hours later: each step with its own hour, in the order in which they asked."""
    up_again = NOW
    asked_at = NOW - 4 * HOUR
    scene = asks(one_house(beds=1), request(urgency=Urgency.U2, occurred_at=NOW - HOUR), ids=100)
    scene = scene.when(CorrectAvailability(open_places=(), observed_at=NOW), on=ROOM).done()
    late = asks(scene, request(urgency=Urgency.U2, occurred_at=asked_at, consented_at=asked_at + minutes(5)))
    entered = late.told(SHE)[0]
    assert isinstance(entered, PlacementRequested)
    assert entered.occurred_at == asked_at
    police = ArrangeBridge(
        placement_id=SHE,
        bridge_id=HER_BRIDGE,
        kind=BridgeKind.POLICE_UNTIL_MORNING,
        checked_by=CheckedBy.LAW_ENFORCEMENT,
        check_at=NOW - HOUR,
        until=NOW + HOUR,
        occurred_at=NOW - 3 * HOUR,
    )
    late = late.when(police).done()
    late = is_called(late, AlarmKind.BRIDGE_CHECK, up_again)
    freed = late.when(PublishAvailability(open_places=(bed(),), observed_at=NOW), on=ROOM).done()
    theirs = searches(freed, ids=110, of=ANOTHER)
    assert excluded(state(theirs, ANOTHER).ranking) == {ExclusionCode.OWED: 1}
    assert held_in(searches(theirs, ids=10)) == ROOM


def test_error_in_record() -> None:
    """An hour was wrong, then the whole request: what was written stays, and both are said."""
    night = asks(one_house())
    written = night.told(SHE)
    hour = CorrectEntry(
        placement_id=SHE, version=1, reason=CorrectionReason.WRONG_TIME, true_occurred_at=NOW - HOUR
    )
    night = night.when(hour).done()
    closing = CloseRequest(placement_id=SHE, outcome=PlacementOutcome.ENTERED_IN_ERROR, occurred_at=NOW)
    night = night.when(closing).done()
    twice = CorrectEntry(
        placement_id=SHE, version=1, reason=CorrectionReason.ENTERED_TWICE, true_occurred_at=None
    )
    night = night.when(twice).done()
    assert night.told(SHE)[: len(written)] == written
    assert state(night).corrections[1].reason is CorrectionReason.ENTERED_TWICE
    assert night.unit(ROOM).taken == {}
