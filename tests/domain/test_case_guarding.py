"""Who may not see a case, who may for a while, and what a second person says of it afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.case import (
    CaseAccessRestored,
    CaseAccessRestricted,
    CaseValuesOpened,
    EscortEntrusted,
    GlassBroken,
    GlassReviewed,
    OverrideReviewed,
    RuleOverridden,
)
from domain.case.guarding import (
    ESCORT_LASTS_AT_MOST,
    GLASS_LASTS,
    REVIEWED_WITHIN,
    BreakGlass,
    EntrustEscort,
    LookThroughGlass,
    RestoreAccess,
    RestrictAccess,
    ReviewBreaking,
    ReviewOverride,
    glass_broken,
)
from domain.codes import GlassReason, OverrideReason, ReviewOutcome
from domain.kept import OpeningPurpose
from domain.permissions import Action, Allowed, Denial, Denied, Role, may, may_enter
from domain.refusals import Refusal
from domain.vocabulary import BreakingId, OverrideId
from domain.world import NOTHING, Decision
from tests.domain.refusals.worlds import WAITS
from tests.support.night import ASKED, CASE, OFFER, RIVAL
from tests.support.spec import NOW, Scene, fresh, given, minutes

SHE, OTHER = UUID(int=0xAC1), UUID(int=0xAC2)
BROKEN = GlassBroken(
    breaking_id=BreakingId(fresh(1)),
    actor=SHE,
    reason=GlassReason.DANGER_TO_LIFE,
    until=NOW + timedelta(hours=4),
    review_by=NOW + timedelta(hours=72),
)
OVERRIDDEN = RuleOverridden(
    override_id=OverrideId(UUID(int=0xB1)),
    placement_id=ASKED,
    offer_id=OFFER,
    rules=("FEATURE",),
    reason=OverrideReason.IMMEDIATE_DANGER,
    review_by=NOW + timedelta(hours=72),
)
BREAK = BreakGlass(actor=SHE, reason=GlassReason.DANGER_TO_LIFE)
REVIEW = ReviewBreaking(breaking_id=BROKEN.breaking_id, actor=OTHER, outcome=ReviewOutcome.JUSTIFIED)
REVIEW_OVERRIDE = ReviewOverride(
    override_id=OVERRIDDEN.override_id, actor=OTHER, acted=SHE, outcome=ReviewOutcome.RULE_TO_CHANGE
)
ESCORT = EntrustEscort(actor=SHE, placement_id=ASKED, until=NOW + timedelta(hours=2))


def after(*events: object) -> Scene:
    return given(WAITS.history, [(CASE, event) for event in events])  # type: ignore[misc]


def test_a_case_is_kept_from_somebody_once_and_given_back_once() -> None:
    kept = WAITS.when(RestrictAccess(actor=SHE), on=CASE).then_alone(CaseAccessRestricted(actor=SHE))
    assert kept.case(CASE).restricted == {SHE}
    back = kept.when(RestoreAccess(actor=SHE), on=CASE).then_alone(CaseAccessRestored(actor=SHE))
    assert back.case(CASE).restricted == frozenset()


def test_glass_is_broken_for_four_hours_and_reviewed_within_seventy_two() -> None:
    assert timedelta(hours=4) == GLASS_LASTS
    assert timedelta(hours=72) == REVIEWED_WITHIN
    state = WAITS.when(BREAK, on=CASE).then_alone(BROKEN).case(CASE)
    assert state.to_review == {BROKEN.breaking_id}


def test_glass_closes_again_to_the_minute() -> None:
    state = after(BROKEN).case(CASE)
    assert glass_broken(state, SHE, BROKEN.until - minutes(1))
    assert not glass_broken(state, SHE, BROKEN.until)
    assert not glass_broken(state, OTHER, NOW)


def test_glass_that_has_closed_is_broken_anew_once_it_was_reviewed() -> None:
    refused = after(BROKEN).when(BREAK, on=CASE, at=BROKEN.until)
    assert refused.decided is Refusal.GLASS_UNREVIEWED
    reviewed = GlassReviewed(breaking_id=BROKEN.breaking_id, outcome=ReviewOutcome.JUSTIFIED)
    again = after(BROKEN, reviewed).when(BREAK, on=CASE, at=BROKEN.until, ids=1)
    assert len(again.done().case(CASE).breakings) == 2


def test_each_look_through_the_glass_is_one_more_and_none_once_it_has_closed() -> None:
    look = CaseValuesOpened(commitments=(), purpose=OpeningPurpose.REVIEW)
    scene = after(BROKEN)
    for _ in range(2):
        decided = scene.when(LookThroughGlass(actor=SHE), on=CASE)
        assert decided.decided == Decision(events={CASE: (look,)})
        scene = decided.creates()
    scene.when(LookThroughGlass(actor=SHE), on=CASE, at=BROKEN.until).then(NOTHING)
    scene.when(LookThroughGlass(actor=OTHER), on=CASE).then(NOTHING)


def test_who_broke_the_glass_and_was_not_reviewed_in_time_may_nothing() -> None:
    for role in Role:
        for action in Action:
            told = may_enter(role, (action,), review_overdue=True)
            assert told == Denied(Denial.REVIEW_OVERDUE, hidden=False)
            assert (may_enter(role, (action,), review_overdue=False) == Allowed()) is may(role, action)


def test_who_has_a_conflict_of_interest_breaks_no_glass() -> None:
    after(CaseAccessRestricted(actor=SHE)).when(BREAK, on=CASE).then(Refusal.ACCESS_RESTRICTED)


def test_nobody_reviews_what_they_did_themselves() -> None:
    broken, overridden = after(BROKEN), after(OVERRIDDEN)
    broken.when(replace(REVIEW, actor=SHE), on=CASE).then(Refusal.SAME_PERSON)
    overridden.when(replace(REVIEW_OVERRIDE, actor=SHE), on=CASE).then(Refusal.SAME_PERSON)


def test_a_second_person_says_once_what_it_was() -> None:
    reviewed = GlassReviewed(breaking_id=BROKEN.breaking_id, outcome=ReviewOutcome.JUSTIFIED)
    assert after(BROKEN).when(REVIEW, on=CASE).then_alone(reviewed).case(CASE).to_review == frozenset()
    said = OverrideReviewed(override_id=OVERRIDDEN.override_id, outcome=ReviewOutcome.RULE_TO_CHANGE)
    seen = after(OVERRIDDEN).when(REVIEW_OVERRIDE, on=CASE).then_alone(said)
    assert seen.case(CASE).to_review == frozenset()
    later = replace(REVIEW_OVERRIDE, outcome=ReviewOutcome.NOT_JUSTIFIED)
    seen.when(later, on=CASE).then(NOTHING)


def test_an_officer_is_entrusted_with_the_open_placement_for_a_day_at_most() -> None:
    entrusted = EscortEntrusted(actor=SHE, placement_id=ASKED, until=ESCORT.until)
    WAITS.when(ESCORT, on=CASE).then_alone(entrusted)
    WAITS.when(replace(ESCORT, placement_id=RIVAL), on=CASE).then(Refusal.PLACEMENT_UNKNOWN)
    WAITS.when(replace(ESCORT, until=NOW), on=CASE).then(Refusal.NOT_IN_THE_FUTURE)
    longest = NOW + ESCORT_LASTS_AT_MOST
    WAITS.when(replace(ESCORT, until=longest), on=CASE).done()
    WAITS.when(replace(ESCORT, until=longest + minutes(1)), on=CASE).then(Refusal.TOO_FAR_AHEAD)


@pytest.mark.parametrize(
    "command",
    [BREAK, REVIEW, REVIEW_OVERRIDE, ESCORT, RestrictAccess(actor=SHE), LookThroughGlass(actor=SHE)],
)
def test_nothing_is_guarded_of_a_case_that_nobody_opened(command: object) -> None:
    given().when(command, on=CASE).then(Refusal.CASE_UNKNOWN)
