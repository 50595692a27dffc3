"""A place held against a rule: what is recorded of it, what nobody goes against, and what stays held."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.case import RuleOverridden
from domain.codes import (
    ChoiceReason,
    LateReason,
    OverrideReason,
    ReleaseCause,
    RevisionReason,
)
from domain.coordination.answering import AcceptOffer
from domain.coordination.ending import ReleaseHold
from domain.coordination.moving_on import ChooseAnother
from domain.coordination.overriding import OVERRIDABLE, OverrideRule
from domain.coordination.revising import ReviseHousehold, ReviseSafety
from domain.event import Event
from domain.matching.ranking import ExclusionCode
from domain.placement.commands import SendOffer
from domain.placement.events import (
    CandidatesRanked,
    HoldExpired,
    HoldPlaced,
    HoldReleased,
    LateAcceptanceRecorded,
    OfferAccepted,
    OfferSent,
)
from domain.placement.state import Phase
from domain.refusals import Refusal
from domain.unit import TermsDeclared
from domain.vocabulary import (
    AnswerChannel,
    Feature,
    Household,
    IntakeMode,
    OldestBoy,
    OverrideId,
    RiskBand,
)
from domain.world import NOTHING
from tests.domain.refusals.guarding import EXCLUDED
from tests.support.night import (
    ASKED,
    CASE,
    OTHER_CASE,
    OTHER_HOUSE,
    OTHER_ROOM,
    RIVAL,
    ROOM,
    ZONES,
    a_house,
    a_house_with_a_room,
    a_room,
    bed,
    held,
    holding,
    requested,
    sent,
)
from tests.support.spec import NOW, History, Scene, fresh, given, minutes

E = ExclusionCode
OVERRIDE = OverrideRule(placement_id=ASKED, unit_id=ROOM, reason=OverrideReason.IMMEDIATE_DANGER)
OTHER_HOUSES_ROOM = [
    *a_house(OTHER_HOUSE),
    *a_room(OTHER_ROOM, house=OTHER_HOUSE, features=(Feature.GROUND_FLOOR,)),
]


def overridden(scene: Scene) -> RuleOverridden:
    event = scene.told(CASE)[-1]
    assert isinstance(event, RuleOverridden)
    return event


def last(scene: Scene, count: int) -> list[type[Event]]:
    return [type(event) for event in scene.told(ASKED)[-count:]]


def test_the_ranking_the_hold_and_the_rule_are_recorded_together() -> None:
    after = EXCLUDED.when(OVERRIDE).done()
    assert last(after, 2) == [CandidatesRanked, HoldPlaced]
    state = after.placement(ASKED)
    assert state.held is not None and state.held.units == (held(bed()),)
    assert overridden(after) == RuleOverridden(
        override_id=OverrideId(fresh(2)),
        placement_id=ASKED,
        offer_id=state.held.offer_id,
        rules=("FEATURE",),
        reason=OverrideReason.IMMEDIATE_DANGER,
        review_by=NOW + timedelta(hours=72),
    )
    assert after.case(CASE).to_review == {fresh(2)}


def test_what_was_held_is_given_back_in_the_same_append() -> None:
    there = holding(held(bed(1, OTHER_ROOM), unit=OTHER_ROOM), house=OTHER_HOUSE)
    scene = given(EXCLUDED.history, OTHER_HOUSES_ROOM, there)
    after = scene.when(OVERRIDE).done()
    assert last(after, 3) == [CandidatesRanked, HoldReleased, HoldPlaced]
    assert after.unit(OTHER_ROOM).taken == {}
    released = after.told(ASKED)[-2]
    assert isinstance(released, HoldReleased) and released.cause is ReleaseCause.ANOTHER_CHOSEN


def test_an_eligible_place_is_chosen_and_no_rule_gone_against() -> None:
    scene = given(EXCLUDED.history, OTHER_HOUSES_ROOM)
    scene.when(replace(OVERRIDE, unit_id=OTHER_ROOM)).then(Refusal.NOT_AN_OVERRIDE)


def test_choosing_any_eligible_place_records_no_override() -> None:
    scene = given(
        a_house_with_a_room(),
        a_house(OTHER_HOUSE),
        a_room(OTHER_ROOM, house=OTHER_HOUSE),
        requested(),
        holding(),
    )
    chosen = ChooseAnother(placement_id=ASKED, units=(OTHER_ROOM,), reason=ChoiceReason.HER_WISH)
    after = scene.when(chosen).done()
    assert after.case(CASE).overrides == {}


# --- which rules --------------------------------------------------------------------------------------------

TERMS = TermsDeclared(children_most=0, boys_up_to=None, risk_up_to=RiskBand.LOW, criteria=())


def asking(*changed: tuple[str, object], room: History | None = None) -> Scene:
    told = requested()
    asked = replace(told[0][1], **dict(changed))
    return given(a_house_with_a_room() if room is None else room, [(ASKED, asked)], told[1:])


WITH_TERMS = [*a_house_with_a_room(), (ROOM, TERMS)]
AGAINST: dict[ExclusionCode, Scene] = {
    E.INTAKE_MODE: asking(room=a_house_with_a_room(modes=(IntakeMode.PLANNED_URGENT,))),
    E.LEVEL: asking(room=a_house_with_a_room(level="l1")),
    E.FEATURE: EXCLUDED,
    E.RISK: asking(room=WITH_TERMS),
    E.OWED: given(
        a_house_with_a_room(beds=1), requested(RIVAL, OTHER_CASE, occurred_at=NOW - minutes(600)), requested()
    ),
}


@pytest.mark.parametrize("rule", AGAINST)
def test_a_person_may_go_against_this_rule(rule: ExclusionCode) -> None:
    assert overridden(AGAINST[rule].when(OVERRIDE).done()).rules == (rule,)


def test_every_rule_gone_against_is_told_and_not_only_the_first() -> None:
    scene = asking(
        ("features_required", (Feature.GROUND_FLOOR,)),
        room=[*a_house_with_a_room(level="l1"), (ROOM, TERMS)],
    )
    assert overridden(scene.when(OVERRIDE).done()).rules == (E.LEVEL, E.RISK, E.FEATURE)


def test_what_keeps_women_safe_from_one_another_stands_also_beside_a_rule_that_does_not() -> None:
    scene = asking(("features_required", (Feature.GROUND_FLOOR,)), ("zones_to_avoid", ZONES[:1]))
    scene.when(OVERRIDE).then(Refusal.RULE_STANDS)


def test_these_rules_nobody_goes_against() -> None:
    never = {E.NOT_TO_ASK, E.NOT_ACCEPTING, E.CAPACITY, E.SAFETY, E.OCCUPIED}
    assert set(ExclusionCode) - never == OVERRIDABLE
    small = asking(("household", Household(adults=3)), room=a_house_with_a_room(beds=2))
    small.when(OVERRIDE).then(Refusal.RULE_STANDS)
    taken = given(
        a_house_with_a_room(beds=1), requested(RIVAL, OTHER_CASE), holding(placement_id=RIVAL), requested()
    )
    taken.when(OVERRIDE).then(Refusal.PLACE_CLAIMED)


def test_an_overdue_hold_of_a_later_request_ends_for_it_and_no_other_hold_does() -> None:
    scene = given(
        a_house_with_a_room(beds=1, level="l1"),
        requested(RIVAL, OTHER_CASE, occurred_at=NOW - minutes(5)),
        holding(placement_id=RIVAL, deadline=NOW - minutes(1)),
        requested(),
    )
    after = scene.when(OVERRIDE).done()
    assert isinstance(after.told(RIVAL)[-1], HoldExpired)
    standing = given(
        a_house_with_a_room(beds=1, level="l1"),
        requested(RIVAL, OTHER_CASE, occurred_at=NOW - minutes(5)),
        holding(placement_id=RIVAL, deadline=NOW + minutes(1)),
        requested(),
    )
    standing.when(OVERRIDE).then(Refusal.PLACE_CLAIMED)


# --- afterwards ---------------------------------------------------------------------------------------------


def revised(*features: Feature, adults: int = 1) -> ReviseHousehold:
    return ReviseHousehold(
        placement_id=ASKED,
        household=Household(adults=adults),
        oldest_boy=OldestBoy.NO_BOY,
        features_required=features,
        criteria_met=(),
        reason=RevisionReason.ADULT_JOINED,
        occurred_at=NOW,
    )


def test_the_offer_is_sent_and_the_house_asked_without_a_choice_out_of_the_ranking() -> None:
    after = EXCLUDED.when(OVERRIDE).done().when(SendOffer(units=(ROOM,)), on=ASKED).done()
    assert last(after, 2) == [HoldPlaced, OfferSent]
    assert after.placement(ASKED).phase is Phase.OFFERED


def test_what_is_entered_anew_gives_it_not_back_for_the_very_rule_gone_against() -> None:
    both = revised(Feature.GROUND_FLOOR, Feature.STAFFED_AT_NIGHT)
    assert EXCLUDED.when(OVERRIDE).done().when(both).done().placement(ASKED).held is not None


def test_what_is_entered_anew_gives_it_back_for_any_other_rule() -> None:
    held_against = EXCLUDED.when(OVERRIDE).done()
    away = ReviseSafety(
        placement_id=ASKED, zones_to_avoid=ZONES[:1], apart_from=(), houses_barred=(), occurred_at=NOW
    )
    for command in (away, revised(Feature.GROUND_FLOOR, adults=2)):
        after = held_against.when(command).done()
        assert after.placement(ASKED).held is None
        assert isinstance(after.told(ASKED)[-1], HoldReleased)


def test_an_override_of_an_earlier_offer_is_none_of_a_later_one() -> None:
    there = holding(held(bed(1, OTHER_ROOM), unit=OTHER_ROOM), house=OTHER_HOUSE)
    scene = given(EXCLUDED.when(OVERRIDE).done().history)
    state = scene.placement(ASKED)
    assert state.held is not None
    back = ReleaseHold(placement_id=ASKED, offer_id=state.held.offer_id)
    elsewhere = given(scene.when(back).done().history, OTHER_HOUSES_ROOM, there)
    after = elsewhere.when(revised(Feature.GROUND_FLOOR, Feature.STAFFED_AT_NIGHT)).done()
    assert after.placement(ASKED).held is None


def test_a_late_yes_takes_the_places_again_although_the_rule_still_stands() -> None:
    offered = EXCLUDED.when(OVERRIDE).done().when(SendOffer(units=(ROOM,)), on=ASKED).done()
    state = offered.placement(ASKED)
    assert state.held is not None
    offer = state.held.offer_id
    back = offered.when(ReleaseHold(placement_id=ASKED, offer_id=offer)).done()
    yes = AcceptOffer(placement_id=ASKED, offer_id=offer, channel=AnswerChannel.TELEPHONE, occurred_at=NOW)
    assert last(back.when(yes).done(), 2) == [HoldPlaced, OfferAccepted]
    without = given([told for told in back.history if not isinstance(told[1], RuleOverridden)])
    late = without.when(yes).done().told(ASKED)[-1]
    assert isinstance(late, LateAcceptanceRecorded) and late.reason is LateReason.NO_LONGER_FITS


def test_a_unit_that_is_held_for_her_already_is_held_once() -> None:
    given(EXCLUDED.history, holding(), sent()).when(OVERRIDE).then(NOTHING)
