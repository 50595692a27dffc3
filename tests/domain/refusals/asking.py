"""Ladders of refusals: asking for a place, and what is entered anew of it."""

from __future__ import annotations

from domain.codes import (
    AskAgainReason,
    CorrectionReason,
    RevisionReason,
    SplitDestination,
    UrgencyReason,
)
from domain.coordination.asking_again import AllowAskingAgain
from domain.coordination.correcting import CorrectEntry
from domain.coordination.requesting import SearchAgain
from domain.coordination.revising import (
    AgreeHouseholdSplit,
    AssessRisk,
    ChangeUrgency,
    ReviseHousehold,
    ReviseSafety,
    ReviseSafeUntil,
)
from domain.refusals import Refusal
from domain.vocabulary import (
    AssessorRole,
    CaseId,
    Channel,
    DistrictId,
    Household,
    OldestBoy,
    PlacementId,
    RiskBand,
    Setting,
    ShelterId,
    Urgency,
    ZoneId,
)
from tests.domain.refusals.ladder import Ladder, rung
from tests.domain.refusals.worlds import (
    AHEAD,
    ASSESSED,
    BORN,
    ENDED,
    FAR_AHEAD,
    HELD,
    LATER,
    NOBODY,
    NOT_BORN,
    REFUSED,
    SET_UP,
    STAYS,
    STOPPED_WITH_A_HOLD,
    TWO_ADULTS,
    TWO_ADULTS_GONE,
    WAITS,
)
from tests.support.night import (
    ASKED,
    CASE,
    DISTRICT,
    ROOM,
    ZONES,
    request,
)
from tests.support.spec import NETWORK, NOW

R = Refusal
LADDERS = {
    "ask for a place": Ladder(
        request(),
        SET_UP,
        (
            rung(R.NETWORK_NOT_BORN, NOT_BORN),
            rung(R.POLICY_NOT_ADOPTED, BORN),
            rung(R.DISTRICT_UNKNOWN, continuity_with=DistrictId(NOBODY)),
            rung(R.SHELTER_UNKNOWN, houses_barred=(ShelterId(NOBODY),)),
            rung(R.CASE_UNKNOWN, WAITS, apart_from=(CaseId(NOBODY),)),
            rung(R.ZONE_UNKNOWN, WAITS, zones_to_avoid=(ZoneId(NOBODY),)),
            rung(R.CODE_MALFORMED, WAITS, assessed=ASSESSED),
            rung(R.HOUSEHOLD_EMPTY, WAITS, household=Household(adults=0)),
            rung(R.CONTINUITY_ONLY_PLANNED, WAITS, continuity_with=DISTRICT),
            rung(R.NOT_SAFE_WITH_PERPETRATOR, WAITS, setting=Setting.WITH_PERPETRATOR, safe_until=AHEAD),
            rung(R.OCCURRED_IN_THE_FUTURE, WAITS, occurred_at=LATER),
            rung(R.TOO_FAR_AHEAD, WAITS, safe_until=FAR_AHEAD),
            rung(R.CHANNEL_MAY_NOT_REQUEST, WAITS, channel=Channel.OTHER),
            rung(R.CASE_HAS_OPEN_PLACEMENT, WAITS, case_id=CASE),
        ),
        NETWORK,
    ),
    "search again": Ladder(
        SearchAgain(placement_id=ASKED),
        WAITS,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
            rung(R.SEARCH_STOPPED_FOR_A_PERSON, STOPPED_WITH_A_HOLD),
            rung(R.HOLD_STANDS, HELD),
        ),
    ),
    "change the urgency": Ladder(
        ChangeUrgency(
            placement_id=ASKED,
            urgency=Urgency.U2,
            set_by=AssessorRole.COORDINATOR,
            reason=UrgencyReason.SET_WRONGLY,
            occurred_at=NOW,
        ),
        HELD,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
        ),
    ),
    "assess the risk": Ladder(
        AssessRisk(placement_id=ASKED, risk=RiskBand.LOW, assessed=ASSESSED, occurred_at=NOW),
        HELD,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.CODE_MALFORMED, risk=RiskBand.NOT_ASSESSED),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
        ),
    ),
    "enter the household anew": Ladder(
        ReviseHousehold(
            placement_id=ASKED,
            household=Household(adults=2),
            oldest_boy=OldestBoy.NO_BOY,
            features_required=(),
            criteria_met=(),
            reason=RevisionReason.ADULT_JOINED,
            occurred_at=NOW,
        ),
        HELD,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.HOUSEHOLD_WITHOUT_HER, household=Household(adults=0)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
        ),
    ),
    "agree on a split": Ladder(
        AgreeHouseholdSplit(
            placement_id=ASKED,
            household=Household(adults=1),
            oldest_boy=OldestBoy.NO_BOY,
            apart=Household(adults=1),
            destination=SplitDestination.FRIENDS,
            occurred_at=NOW,
        ),
        TWO_ADULTS,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.HOUSEHOLD_WITHOUT_HER, household=Household(adults=0)),
            rung(R.SPLIT_DOES_NOT_ADD_UP, apart=Household(adults=2)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, TWO_ADULTS_GONE),
        ),
    ),
    "enter her safety anew": Ladder(
        ReviseSafety(
            placement_id=ASKED, zones_to_avoid=ZONES[2:], apart_from=(), houses_barred=(), occurred_at=NOW
        ),
        HELD,
        (
            rung(R.SHELTER_UNKNOWN, houses_barred=(ShelterId(NOBODY),)),
            rung(R.CASE_UNKNOWN, apart_from=(CaseId(NOBODY),)),
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.ZONE_UNKNOWN, zones_to_avoid=(ZoneId(NOBODY),)),
            rung(R.CODE_MALFORMED, apart_from=(CASE,)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
        ),
    ),
    "enter until when she is safe": Ladder(
        ReviseSafeUntil(placement_id=ASKED, setting=None, safe_until=AHEAD, occurred_at=NOW),
        HELD,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.NOT_SAFE_WITH_PERPETRATOR, setting=Setting.WITH_PERPETRATOR),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.TOO_FAR_AHEAD, safe_until=FAR_AHEAD),
            rung(R.PLACEMENT_ENDED, ENDED),
        ),
    ),
    "let a house be asked again": Ladder(
        AllowAskingAgain(placement_id=ASKED, units=(ROOM,), reason=AskAgainReason.REASON_GONE),
        REFUSED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
        ),
    ),
    "correct an entry": Ladder(
        CorrectEntry(placement_id=ASKED, version=1, reason=CorrectionReason.WRONG_TIME, true_occurred_at=NOW),
        ENDED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.ENTRY_UNKNOWN, version=0),
            rung(R.CODE_MALFORMED, reason=CorrectionReason.WRONG_VALUE),
            rung(R.OCCURRED_IN_THE_FUTURE, true_occurred_at=LATER),
        ),
    ),
}
