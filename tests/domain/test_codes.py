"""Every code of every closed list is taken by the command that carries it, or given by what leads to it.

Each list has one way here that makes a world in which the code was just recorded; a list without a way, or a
way that records another code, fails.
"""

from __future__ import annotations

import dataclasses
import enum
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from domain import codes, withheld
from domain.case.guarding import BreakGlass, ReviewBreaking
from domain.codes import (
    AlarmKind,
    AskAgainReason,
    BridgeEnd,
    BridgeKind,
    CheckedBy,
    ChoiceReason,
    CorrectionReason,
    DeclineGroup,
    DeskKind,
    DischargeOutcome,
    DossierKind,
    Escort,
    GlassReason,
    InquiryAsker,
    InquiryOutcome,
    LateReason,
    LegalHoldAsker,
    NeighbourAnswer,
    OverrideReason,
    PauseReason,
    PlacementOutcome,
    RefusalGroup,
    ReleaseCause,
    ReviewOutcome,
    RevisionReason,
    SplitDestination,
    ToConfirm,
    Told,
    UrgencyReason,
)
from domain.coordination.arriving import AgreeHandover
from domain.coordination.asking_again import AllowAskingAgain
from domain.coordination.correcting import CorrectEntry
from domain.coordination.direct import RecordDirectAdmission
from domain.coordination.ending import CLOSES, CloseRequest, ReleaseHold, WithdrawConsent
from domain.coordination.moving_on import ChooseAnother, MoveOn
from domain.coordination.overriding import OverrideRule
from domain.coordination.reality import RecordOutsideOccupancy
from domain.coordination.requesting import SearchAgain
from domain.coordination.revising import (
    AgreeHouseholdSplit,
    ChangeUrgency,
    ReviseHousehold,
    ReviseSafety,
)
from domain.coordination.staying import DischargeHousehold
from domain.desk import OpenDesk
from domain.network import RequestAuthoritySet
from domain.placement.alarms import RaiseAlarm, due_alarms
from domain.placement.bridging import ArrangeBridge, EndBridge, RecordNeighbourAnswer
from domain.placement.commands import AcceptAsWoman
from domain.placement.events import (
    HandoverAgreed,
    OfferRefused,
    OfferUnanswered,
    SafetyRevised,
    SafeUntilRevised,
    WomanDeclined,
)
from domain.placement.state import Alarm
from domain.policy import START_POLICY
from domain.refusals import Refusal
from domain.shelter import IntakePaused, PauseIntake
from domain.unit import CorrectAvailability, TermsDeclared
from domain.vocabulary import (
    AgeBand,
    AssessorRole,
    Channel,
    Criterion,
    Feature,
    Household,
    IntakeMode,
    OldestBoy,
    RiskAssessment,
    RiskBand,
    RiskTool,
    Setting,
    Urgency,
)
from domain.withheld import DeclineCode, RefusalCode, valid_for
from tests.domain.refusals.guarding import BROKE, EXCLUDED, SECOND
from tests.domain.refusals.keeping import ACTOR
from tests.domain.refusals.preserving import DECIDE, INQUIRY, ORDER, PLACE, RECEIVE
from tests.domain.refusals.worlds import (
    ACCEPTED,
    ASSESSED,
    CARRIED,
    ENDED,
    HELD,
    HER_NO,
    NEIGHBOUR_ASKED,
    NO,
    OFFERED,
    REFUSED,
    SET_UP,
    STAYS,
    TWO_ADULTS,
    WAITS,
    YES,
)
from tests.support.desks import FRESH_DESK
from tests.support.night import (
    ASKED,
    BRIDGE,
    CASE,
    GUESTS,
    HOUR,
    HOUSE,
    MEMBER,
    NEIGHBOUR,
    OFFER,
    OTHER_CASE,
    OTHER_HOUSE,
    OTHER_ROOM,
    RIVAL,
    ROOM,
    SECOND_OFFER,
    ZONES,
    a_house,
    a_house_with_a_room,
    a_room,
    bed,
    given_back,
    held,
    holding,
    request,
    requested,
    sent,
)
from tests.support.spec import NETWORK, NOW, Scene, given, minutes

Word = tuple[type[enum.StrEnum], str]
LATE = NOW - minutes(1)
ANOTHER_BED = held(bed(1, OTHER_ROOM), unit=OTHER_ROOM)
TWO_HOUSES = given(
    a_house_with_a_room(beds=1),
    a_house(OTHER_HOUSE),
    a_room(OTHER_ROOM, house=OTHER_HOUSE, beds=1),
    requested(occurred_at=NOW - minutes(5)),
    holding(deadline=LATE),
    sent(deadline=LATE),
)
GIVEN_BACK = given(OFFERED.history, given_back(cause=ReleaseCause.UNANSWERED))


def refused(group: RefusalGroup) -> Scene:
    return OFFERED.when(replace(NO, shown=group)).done()


def declined(group: DeclineGroup) -> Scene:
    return OFFERED.when(replace(HER_NO, shown=group)).done()


def released(cause: ReleaseCause) -> Scene:
    guests = RecordOutsideOccupancy(unit_id=ROOM, occupancy_id=GUESTS, places=(bed(),), occurred_at=NOW)
    elsewhere = RecordDirectAdmission(
        placement_id=ASKED,
        asked=None,
        shelter_id=OTHER_HOUSE,
        units=(ANOTHER_BED,),
        without_place=0,
        occurred_at=NOW,
    )
    match cause:
        case ReleaseCause.REFUSED_BY_HOUSE:
            return OFFERED.when(NO).done()
        case ReleaseCause.DECLINED_BY_WOMAN:
            return OFFERED.when(HER_NO).done()
        case ReleaseCause.CONSENT_WITHDRAWN:
            return HELD.when(WithdrawConsent(placement_id=ASKED, occurred_at=NOW)).done()
        case ReleaseCause.RELEASED_BY_COORDINATOR | ReleaseCause.NOT_ARRIVED:
            return HELD.when(ReleaseHold(placement_id=ASKED, offer_id=OFFER, cause=cause)).done()
        case ReleaseCause.DISPLACED_BY_REALITY:
            return HELD.when(guests).done()
        case ReleaseCause.EXPIRED_FOR_ANOTHER:
            overdue = given(
                a_house_with_a_room(beds=1),
                requested(RIVAL, OTHER_CASE, urgency=Urgency.U3),
                holding(placement_id=RIVAL, deadline=LATE),
            )
            return overdue.when(request()).creates()
        case ReleaseCause.UNANSWERED:
            return TWO_HOUSES.when(MoveOn(placement_id=ASKED, offer_id=OFFER)).creates()
        case ReleaseCause.ANOTHER_CHOSEN:
            return chosen(ChoiceReason.HER_WISH)
        case ReleaseCause.NO_LONGER_FITS:
            command = ReviseSafety(
                placement_id=ASKED, zones_to_avoid=ZONES, apart_from=(), houses_barred=(), occurred_at=NOW
            )
            return HELD.when(command).done()
        case ReleaseCause.NOT_REALLY_FREE:
            return HELD.when(CorrectAvailability(open_places=(), observed_at=NOW), on=ROOM).done()
        case ReleaseCause.ADMITTED_ELSEWHERE:
            return TWO_HOUSES.when(elsewhere).done()
        case ReleaseCause.REQUEST_CLOSED:
            return ended(PlacementOutcome.OTHER_SOLUTION)


def ended(outcome: PlacementOutcome) -> Scene:
    if outcome is PlacementOutcome.CONSENT_WITHDRAWN:
        return HELD.when(WithdrawConsent(placement_id=ASKED, occurred_at=NOW)).done()
    if outcome is PlacementOutcome.DISCHARGED:
        return discharged(DischargeOutcome.OTHER)
    assert outcome in CLOSES
    return HELD.when(CloseRequest(placement_id=ASKED, outcome=outcome, occurred_at=NOW)).done()


def discharged(outcome: DischargeOutcome) -> Scene:
    return STAYS.when(DischargeHousehold(placement_id=ASKED, outcome=outcome, occurred_at=NOW)).done()


def told(what: Told) -> Scene:
    yes = AcceptAsWoman(proximity_checked_by_voice=True, told=(what,), occurred_at=NOW)
    return ACCEPTED.when(yes, on=ASKED).done()


def paused(reason: PauseReason) -> Scene:
    return SET_UP.when(PauseIntake(reason=reason), on=HOUSE).done()


def said_yes_too_late(reason: LateReason) -> Scene:
    """A yes after the hold had ended, in each situation in which nothing can be taken."""
    at = {
        LateReason.PLACES_TAKEN: given(
            GIVEN_BACK.history, requested(RIVAL, OTHER_CASE), holding(placement_id=RIVAL)
        ),
        LateReason.SHELTER_NOT_ADMITTING: given(
            GIVEN_BACK.history, [(HOUSE, IntakePaused(reason=PauseReason.STAFF))]
        ),
        LateReason.PLACEMENT_ENDED: ended_after(OFFERED),
        LateReason.ANOTHER_HOLD: given(
            GIVEN_BACK.history, a_room(OTHER_ROOM), holding(ANOTHER_BED, offer_id=SECOND_OFFER)
        ),
        LateReason.DECLINED_BY_WOMAN: OFFERED.when(HER_NO).done(),
        LateReason.SEARCH_STOPPED: stopped_elsewhere(),
        LateReason.NOT_TO_ASK: not_to_ask(),
        LateReason.NO_LONGER_FITS: given(
            GIVEN_BACK.history,
            [(ASKED, SafetyRevised(zones_to_avoid=ZONES, apart_from=(), houses_barred=(), occurred_at=NOW))],
        ),
        LateReason.OWED_TO_ANOTHER: given(
            a_house_with_a_room(beds=1),
            requested(RIVAL, OTHER_CASE, occurred_at=NOW - 9 * HOUR),
            requested(),
            holding(),
            sent(),
            given_back(cause=ReleaseCause.UNANSWERED),
        ),
    }
    return at[reason].when(YES).done()


def ended_after(scene: Scene) -> Scene:
    return scene.when(WithdrawConsent(placement_id=ASKED, occurred_at=NOW)).done()


def offered_again() -> Scene:
    """Given back, and another room of another house offered since."""
    return given(
        GIVEN_BACK.history,
        a_house(OTHER_HOUSE),
        a_room(OTHER_ROOM, house=OTHER_HOUSE),
        holding(ANOTHER_BED, offer_id=SECOND_OFFER, house=OTHER_HOUSE),
        sent(offer_id=SECOND_OFFER),
    )


def stopped_elsewhere() -> Scene:
    return offered_again().when(replace(NO, offer_id=SECOND_OFFER)).done()


def not_to_ask() -> Scene:
    """The same room was offered twice: to the second offer the house said no."""
    again = given(GIVEN_BACK.history, holding(offer_id=SECOND_OFFER), sent(offer_id=SECOND_OFFER))
    no = replace(NO, offer_id=SECOND_OFFER, shown=RefusalGroup.NOT_NOW)
    return again.when(no).done()


def urgency_changed(reason: UrgencyReason) -> Scene:
    command = ChangeUrgency(
        placement_id=ASKED,
        urgency=Urgency.U2,
        set_by=AssessorRole.COORDINATOR,
        reason=reason,
        occurred_at=NOW,
    )
    return WAITS.when(command).done()


def household_revised(reason: RevisionReason) -> Scene:
    command = ReviseHousehold(
        placement_id=ASKED,
        household=Household(adults=1, children=(AgeBand.AGE_0_2,)),
        oldest_boy=OldestBoy.NO_BOY,
        features_required=(),
        criteria_met=(),
        reason=reason,
        occurred_at=NOW,
    )
    return WAITS.when(command).done()


def household_split(destination: SplitDestination) -> Scene:
    command = AgreeHouseholdSplit(
        placement_id=ASKED,
        household=Household(adults=1),
        oldest_boy=OldestBoy.NO_BOY,
        apart=Household(adults=1),
        destination=destination,
        occurred_at=NOW,
    )
    return TWO_ADULTS.when(command).done()


def chosen(reason: ChoiceReason) -> Scene:
    command = ChooseAnother(placement_id=ASKED, units=(OTHER_ROOM,), reason=reason)
    return TWO_HOUSES.when(command).done()


def asked_again(reason: AskAgainReason) -> Scene:
    return REFUSED.when(AllowAskingAgain(placement_id=ASKED, units=(ROOM,), reason=reason)).done()


def bridge(kind: BridgeKind = BridgeKind.TRUSTED_PERSON, checked_by: CheckedBy = CheckedBy.CAV) -> Scene:
    command = ArrangeBridge(
        placement_id=ASKED,
        bridge_id=None,
        kind=kind,
        checked_by=checked_by,
        check_at=NOW + HOUR,
        until=NOW + HOUR,
        occurred_at=NOW,
    )
    return WAITS.when(command).done()


def looked_after(checked_by: CheckedBy) -> Scene:
    return bridge(checked_by=checked_by)


def bridge_ended(cause: BridgeEnd) -> Scene:
    return CARRIED.when(EndBridge(placement_id=ASKED, bridge_id=BRIDGE, cause=cause, occurred_at=NOW)).done()


def neighbour_said(answer: NeighbourAnswer) -> Scene:
    return NEIGHBOUR_ASKED.when(
        RecordNeighbourAnswer(placement_id=ASKED, member_id=NEIGHBOUR, answer=answer, occurred_at=NOW)
    ).done()


def raised(kind: AlarmKind) -> Scene:
    silent = OfferUnanswered(offer_id=OFFER, deadline=LATE)
    on_the_way = HandoverAgreed(offer_id=OFFER, expected_at=LATE, escort=Escort.CAV, occurred_at=LATE)
    where = SafeUntilRevised(setting=Setting.STREET, safe_until=NOW, occurred_at=LATE)
    scene = {
        AlarmKind.SAFE_UNTIL: given(WAITS.history, [(ASKED, where)]),
        AlarmKind.BRIDGE_CHECK: CARRIED,
        AlarmKind.BRIDGE_ENDS: CARRIED,
        AlarmKind.LATE_ARRIVAL: given(ACCEPTED.history, [(ASKED, on_the_way)]),
        AlarmKind.NO_PLACE_YET: WAITS,
        AlarmKind.HOUSES_SILENT: given(OFFERED.history, [(ASKED, silent), (ASKED, silent)]),
        AlarmKind.ALL_REFUSED: REFUSED_BY_ALL,
        AlarmKind.PLACE_LOST: given(ACCEPTED.history, given_back(cause=ReleaseCause.NOT_REALLY_FREE)),
        AlarmKind.LATE_YES: said_yes_too_late(LateReason.PLACES_TAKEN),
        AlarmKind.NOT_SETTLED: ACCEPTED,
    }[kind]
    after_all = NOW + 99 * HOUR
    due_at = next(alarm.due_at for alarm in _alarms(scene) if alarm.kind is kind)
    return scene.when(RaiseAlarm(placement_id=ASKED, kind=kind, due_at=due_at), at=after_all).done()


def _alarms(scene: Scene) -> tuple[Alarm, ...]:
    return due_alarms(scene.placement(ASKED), NOW + 99 * HOUR, START_POLICY)


REFUSED_BY_ALL = (
    OFFERED.when(replace(NO, shown=RefusalGroup.NOT_NOW)).done().when(SearchAgain(placement_id=ASKED)).done()
)


def brought_by(escort: Escort) -> Scene:
    command = AgreeHandover(
        placement_id=ASKED, offer_id=OFFER, expected_at=NOW + HOUR, escort=escort, occurred_at=NOW
    )
    return ACCEPTED.when(command).done()


def corrected(reason: CorrectionReason) -> Scene:
    truth = NOW if reason is CorrectionReason.WRONG_TIME else None
    return WAITS.when(
        CorrectEntry(placement_id=ASKED, version=1, reason=reason, true_occurred_at=truth)
    ).done()


def to_confirm(what: ToConfirm) -> Scene:
    """A house that wants this known first."""
    if what is ToConfirm.AVAILABILITY_OLD:
        return given(a_house_with_a_room(seen_at=NOW - 25 * HOUR)).when(request()).creates()
    criteria = () if what is ToConfirm.BOYS_AGE else (Criterion(what),)
    terms = TermsDeclared(
        children_most=None, boys_up_to=AgeBand.AGE_11_13, risk_up_to=None, criteria=criteria
    )
    asked = request(urgency=Urgency.U4, household=Household(adults=1, children=(AgeBand.AGE_14_17,)))
    if what is not ToConfirm.BOYS_AGE:
        asked = replace(asked, oldest_boy=OldestBoy.NO_BOY)
    return given(a_house_with_a_room(), [(ROOM, terms)]).when(asked).creates()


def opened_desk(kind: DeskKind) -> Scene:
    """A desk of this kind, under the id of whom it reaches."""
    house = HOUSE if kind is DeskKind.HOUSE else None
    zone = ZONES[0] if kind is DeskKind.ZONE else None
    body = {DeskKind.HOUSE: None, DeskKind.ZONE: None, DeskKind.NEIGHBOUR: NEIGHBOUR}.get(kind, MEMBER)
    asked = OpenDesk(kind=kind, code="recapito", member_id=body, shelter_id=house, zone_id=zone)
    return SET_UP.when(asked, on=FRESH_DESK).done()


def copied(kind: DossierKind) -> Scene:
    return ENDED.when(replace(ORDER, kind=kind), on=CASE).creates()


def preserved(asked_by: LegalHoldAsker) -> Scene:
    return ENDED.when(replace(PLACE, asked_by=asked_by), on=CASE).creates()


def inquired(asker: InquiryAsker) -> Scene:
    return ENDED.when(replace(RECEIVE, asker=asker), on=INQUIRY).creates()


def inquiry_answered(outcome: InquiryOutcome) -> Scene:
    asker = {
        InquiryOutcome.GIVEN_TO_HER: InquiryAsker.HERSELF,
        InquiryOutcome.SENT_TO_AUTHORITY: InquiryAsker.AUTHORITY,
    }.get(outcome, InquiryAsker.CO_PARENT)
    return inquired(asker).when(replace(DECIDE, outcome=outcome), on=INQUIRY).done()


def overridden(reason: OverrideReason) -> Scene:
    return EXCLUDED.when(OverrideRule(placement_id=ASKED, unit_id=ROOM, reason=reason)).done()


def glass_broken(reason: GlassReason) -> Scene:
    return WAITS.when(BreakGlass(actor=ACTOR, reason=reason), on=CASE).done()


def reviewed(outcome: ReviewOutcome) -> Scene:
    (breaking_id,) = BROKE.case(CASE).breakings
    return BROKE.when(ReviewBreaking(breaking_id=breaking_id, actor=SECOND, outcome=outcome), on=CASE).done()


WAYS: Mapping[type[enum.StrEnum], Callable[[Any], Scene]] = {
    RefusalGroup: refused,
    DeclineGroup: declined,
    ReleaseCause: released,
    PlacementOutcome: ended,
    DischargeOutcome: discharged,
    Told: told,
    PauseReason: paused,
    LateReason: said_yes_too_late,
    UrgencyReason: urgency_changed,
    RevisionReason: household_revised,
    SplitDestination: household_split,
    ChoiceReason: chosen,
    AskAgainReason: asked_again,
    BridgeKind: bridge,
    CheckedBy: looked_after,
    BridgeEnd: bridge_ended,
    NeighbourAnswer: neighbour_said,
    AlarmKind: raised,
    Escort: brought_by,
    CorrectionReason: corrected,
    ToConfirm: to_confirm,
    DeskKind: opened_desk,
    OverrideReason: overridden,
    GlassReason: glass_broken,
    ReviewOutcome: reviewed,
    LegalHoldAsker: preserved,
    DossierKind: copied,
    InquiryAsker: inquired,
    InquiryOutcome: inquiry_answered,
}


def lists_of(module: ModuleType) -> set[type[enum.StrEnum]]:
    declared = (each for each in vars(module).values() if inspect.isclass(each))
    return {
        each for each in declared if issubclass(each, enum.StrEnum) and each.__module__ == module.__name__
    }


def words(told: object) -> Iterator[Word]:
    """Every closed word in an event, whatever it stands in, with its list: lists share words."""
    if isinstance(told, enum.StrEnum):
        yield type(told), told.value
    elif isinstance(told, tuple):
        for each in told:
            yield from words(each)
    elif dataclasses.is_dataclass(told):
        for field in dataclasses.fields(told):
            yield from words(getattr(told, field.name))


def recorded(scene: Scene) -> set[Word]:
    return {word for _, event in scene.history for word in words(event)}


def test_every_list_has_a_way() -> None:
    assert lists_of(codes) == WAYS.keys()


@pytest.mark.parametrize("code", [code for each in WAYS for code in each], ids=repr)
def test_every_code_is_recorded_by_the_command_that_carries_it(code: enum.StrEnum) -> None:
    assert (type(code), code.value) in recorded(WAYS[type(code)](code))


# --- codes that are never recorded --------------------------------------------------------------------------

PLANNED = given(SET_UP.history, requested(urgency=Urgency.U4), holding(), sent())


def test_every_withheld_list_is_known_here() -> None:
    assert lists_of(withheld) == {RefusalCode, DeclineCode}


@pytest.mark.parametrize("code", RefusalCode)
def test_of_a_houses_no_the_log_carries_the_group_alone(code: RefusalCode) -> None:
    answer = PLANNED.when(replace(NO, code=code, shown=code.shown))
    event = answer.done().told(ASKED)[-2]
    assert isinstance(event, OfferRefused)
    assert (event.shown, event.stops) == (code.shown, code.shown is RefusalGroup.SAFETY)
    assert type(code) not in {each for each, _ in words(event)}


@pytest.mark.parametrize("code", DeclineCode)
def test_of_her_no_the_log_carries_the_group_alone(code: DeclineCode) -> None:
    event = PLANNED.when(replace(HER_NO, shown=code.shown)).done().told(ASKED)[-2]
    assert isinstance(event, WomanDeclined)
    assert event.shown is code.shown
    assert type(code) not in {each for each, _ in words(event)}


def test_every_group_is_the_group_of_some_code() -> None:
    assert {code.shown for code in RefusalCode} == set(RefusalGroup)
    assert {code.shown for code in DeclineCode} == set(DeclineGroup)


@pytest.mark.parametrize("code", RefusalCode)
def test_a_code_is_shown_as_its_own_group_and_no_other(code: RefusalCode) -> None:
    for group in RefusalGroup:
        answer = PLANNED.when(replace(NO, code=code, shown=group))
        if group is not code.shown:
            answer.then(Refusal.CODE_MALFORMED)


@pytest.mark.parametrize("code", RefusalCode)
@pytest.mark.parametrize("urgency", Urgency)
def test_money_and_authorisations_never_stand_before_an_emergency(
    code: RefusalCode, urgency: Urgency
) -> None:
    barred = {
        RefusalCode.FEE_NOT_COMMITTED: {Urgency.U1, Urgency.U2},
        RefusalCode.NO_SOCIAL_SERVICE_AUTHORISATION: {Urgency.U1},
    }
    assert valid_for(code, urgency) is (urgency not in barred.get(code, set()))
    offered = given(SET_UP.history, requested(urgency=urgency), holding(), sent())
    answer = offered.when(replace(NO, code=code, shown=code.shown))
    if valid_for(code, urgency):
        answer.done()
    else:
        answer.then(Refusal.CODE_NOT_VALID_FOR_URGENCY)


@pytest.mark.parametrize("code", [RefusalCode.DOCUMENTS_STATUS, RefusalCode.RESIDENCE_OR_AGREEMENT])
def test_papers_and_residence_are_recorded_and_never_stop_the_search(code: RefusalCode) -> None:
    after = OFFERED.when(replace(NO, code=code, shown=code.shown)).done()
    state = after.placement(ASKED)
    assert not state.stopped
    assert state.seeks


# --- words of the field that a request carries --------------------------------------------------------------

CARRIED_BY_A_REQUEST: Mapping[str, type[enum.StrEnum]] = {
    "urgency": Urgency,
    "risk": RiskBand,
    "setting": Setting,
    "urgency_set_by": AssessorRole,
    "oldest_boy": OldestBoy,
    "intake_mode": IntakeMode,
    "channel": Channel,
}


@pytest.mark.parametrize(
    ("field", "code"), [(field, code) for field, each in CARRIED_BY_A_REQUEST.items() for code in each]
)
def test_a_request_carries_every_word(field: str, code: enum.StrEnum) -> None:
    open_to_all = given(SET_UP.history, [(NETWORK, RequestAuthoritySet(channels=tuple(Channel)))])
    after = open_to_all.when(request(**{field: code})).creates()
    assert (type(code), code.value) in recorded(after)


@pytest.mark.parametrize("tool", RiskTool)
def test_a_risk_is_assessed_with_any_instrument_of_the_list(tool: RiskTool) -> None:
    assessed: RiskAssessment = replace(ASSESSED, tool=tool)
    after = SET_UP.when(request(risk=RiskBand.HIGH, assessed=assessed)).creates()
    assert (RiskTool, tool.value) in recorded(after)


@pytest.mark.parametrize("band", AgeBand)
def test_a_child_of_any_age_is_asked_for(band: AgeBand) -> None:
    after = SET_UP.when(request(household=Household(adults=1, children=(band,)))).creates()
    assert (AgeBand, band.value) in recorded(after)


def test_all_that_may_be_required_or_known_is_carried() -> None:
    asked = request(features_required=tuple(Feature), criteria_met=tuple(Criterion))
    carried = {(type(each), each.value) for each in (*Feature, *Criterion)}
    assert carried <= recorded(SET_UP.when(asked).creates())
