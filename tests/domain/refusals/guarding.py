"""Ladders of refusals: exceptions to the rule, and their review."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from domain.case import CaseAccessRestricted, GlassBroken, RuleOverridden
from domain.case.guarding import (
    BreakGlass,
    EntrustEscort,
    RestoreAccess,
    RestrictAccess,
    ReviewBreaking,
    ReviewOverride,
)
from domain.codes import GlassReason, OverrideReason, PauseReason, ReviewOutcome
from domain.coordination.overriding import OverrideRule
from domain.refusals import Refusal
from domain.shelter import IntakePaused
from domain.vocabulary import BreakingId, Feature, OverrideId, PlacementId, UnitId
from tests.domain.refusals.keeping import ACTOR, BROKEN
from tests.domain.refusals.ladder import Ladder, rung
from tests.domain.refusals.worlds import AHEAD, ENDED, FAR_AHEAD, NOBODY, SET_UP, STAYS, WAITS
from tests.support.night import (
    ASKED,
    CASE,
    HOUSE,
    OFFER,
    ROOM,
    a_house_with_a_room,
    bed,
    holding,
    request_event,
    requested,
    said_yes,
    sent,
)
from tests.support.spec import NOW, History, given

R = Refusal
SECOND = UUID(int=0xAC2)
OVERRIDDEN: History = [
    (
        CASE,
        RuleOverridden(
            override_id=OverrideId(NOBODY),
            placement_id=ASKED,
            offer_id=OFFER,
            rules=("FEATURE",),
            reason=OverrideReason.IMMEDIATE_DANGER,
            review_by=NOW + timedelta(hours=72),
        ),
    )
]


def needing_a_ground_floor(*, consented: bool = True) -> History:
    """She needs what the only room has not."""
    asked = request_event(needs=(Feature.GROUND_FLOOR,))
    return [(ASKED, asked), *requested(consented=consented)[1:]]


EXCLUDED = given(a_house_with_a_room(), needing_a_ground_floor())
UNASKED = given(a_house_with_a_room(), needing_a_ground_floor(consented=False))
OFFERED = given(EXCLUDED.history, holding(), sent())
PAUSED = given(EXCLUDED.history, [(HOUSE, IntakePaused(reason=PauseReason.STAFF))])
FULL = given(a_house_with_a_room(closed=(bed(1), bed(2))), needing_a_ground_floor())
BROKE = given(WAITS.history, BROKEN)
CLOSED_AGAIN = given(
    WAITS.history,
    [(CASE, replace(event, until=NOW)) for _, event in BROKEN if isinstance(event, GlassBroken)],
)
OVERRODE = given(WAITS.history, OVERRIDDEN)
BARRED = given(WAITS.history, [(CASE, CaseAccessRestricted(actor=ACTOR))])

LADDERS = {
    "keep a case from somebody": Ladder(
        RestrictAccess(actor=ACTOR), WAITS, (rung(R.CASE_UNKNOWN, SET_UP),), CASE
    ),
    "give a case back to somebody": Ladder(
        RestoreAccess(actor=ACTOR), BARRED, (rung(R.CASE_UNKNOWN, SET_UP),), CASE
    ),
    "break the glass": Ladder(
        BreakGlass(actor=ACTOR, reason=GlassReason.DANGER_TO_LIFE),
        WAITS,
        (
            rung(R.CASE_UNKNOWN, SET_UP),
            rung(R.ACCESS_RESTRICTED, BARRED),
            rung(R.GLASS_UNREVIEWED, CLOSED_AGAIN),
        ),
        CASE,
    ),
    "review a breaking": Ladder(
        ReviewBreaking(breaking_id=BreakingId(NOBODY), actor=SECOND, outcome=ReviewOutcome.JUSTIFIED),
        BROKE,
        (
            rung(R.CASE_UNKNOWN, SET_UP),
            rung(R.REVIEW_UNKNOWN, breaking_id=BreakingId(SECOND)),
            rung(R.SAME_PERSON, actor=ACTOR),
        ),
        CASE,
    ),
    "review an override": Ladder(
        ReviewOverride(
            override_id=OverrideId(NOBODY), actor=SECOND, acted=ACTOR, outcome=ReviewOutcome.JUSTIFIED
        ),
        OVERRODE,
        (
            rung(R.CASE_UNKNOWN, SET_UP),
            rung(R.REVIEW_UNKNOWN, override_id=OverrideId(SECOND)),
            rung(R.SAME_PERSON, actor=ACTOR),
        ),
        CASE,
    ),
    "entrust an escort": Ladder(
        EntrustEscort(actor=ACTOR, placement_id=ASKED, until=AHEAD),
        WAITS,
        (
            rung(R.CASE_UNKNOWN, SET_UP),
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.NOT_IN_THE_FUTURE, until=NOW),
            rung(R.TOO_FAR_AHEAD, until=FAR_AHEAD),
        ),
        CASE,
    ),
    "go against a rule": Ladder(
        OverrideRule(placement_id=ASKED, unit_id=ROOM, reason=OverrideReason.IMMEDIATE_DANGER),
        EXCLUDED,
        (
            rung(R.UNIT_UNKNOWN, unit_id=UnitId(NOBODY)),
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
            rung(R.CONSENT_NOT_RECORDED, UNASKED),
            rung(R.SEARCH_STOPPED_FOR_A_PERSON, OFFERED),
            rung(R.OFFER_ALREADY_ACCEPTED, given(OFFERED.history, said_yes())),
            rung(R.NOT_AN_OVERRIDE, WAITS),
            rung(R.RULE_STANDS, PAUSED),
            rung(R.PLACE_CLAIMED, FULL),
        ),
    ),
}
