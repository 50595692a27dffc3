"""Ladders of refusals: arriving, giving back, closing and leaving."""

from __future__ import annotations

from domain.codes import (
    DischargeOutcome,
    Escort,
    PlacementOutcome,
    ReleaseCause,
)
from domain.coordination.arriving import AgreeHandover, RecordNotArrived
from domain.coordination.ending import CloseRequest, ReleaseHold, WithdrawConsent
from domain.coordination.staying import AdmitHousehold, DischargeHousehold
from domain.refusals import Refusal
from domain.vocabulary import (
    OfferId,
    PlacementId,
)
from tests.domain.refusals.ladder import Ladder, rung
from tests.domain.refusals.worlds import (
    ACCEPTED,
    AGREED,
    AHEAD,
    ENDED,
    FAR_AHEAD,
    HELD,
    LATER,
    NOBODY,
    OFFERED,
    OVER,
    STAYS,
    WAITS,
)
from tests.support.night import (
    ASKED,
    OFFER,
)
from tests.support.spec import NOW

R = Refusal
LADDERS = {
    "agree on the way": Ladder(
        AgreeHandover(
            placement_id=ASKED, offer_id=OFFER, expected_at=AHEAD, escort=Escort.CAV, occurred_at=NOW
        ),
        ACCEPTED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.NOT_IN_THE_FUTURE, ENDED, expected_at=NOW),
            rung(R.TOO_FAR_AHEAD, ENDED, expected_at=FAR_AHEAD),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
            rung(R.OFFER_NO_LONGER_HELD, OVER),
            rung(R.HOUSE_HAS_NOT_ACCEPTED, OFFERED),
        ),
    ),
    "not arrived": Ladder(
        RecordNotArrived(placement_id=ASKED, offer_id=OFFER, welfare_check_asked=True, occurred_at=NOW),
        ACCEPTED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
            rung(R.OFFER_NO_LONGER_HELD, OVER),
            rung(R.HOUSE_HAS_NOT_ACCEPTED, OFFERED),
        ),
    ),
    "arrive": Ladder(
        AdmitHousehold(placement_id=ASKED, occurred_at=NOW),
        AGREED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.NO_HOLD, WAITS),
            rung(R.HOUSE_HAS_NOT_ACCEPTED, OFFERED),
            rung(R.WOMAN_HAS_NOT_ACCEPTED, ACCEPTED),
        ),
    ),
    "give back": Ladder(
        ReleaseHold(placement_id=ASKED, offer_id=OFFER),
        HELD,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.CODE_MALFORMED, cause=ReleaseCause.UNANSWERED),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
        ),
    ),
    "withdraw": Ladder(
        WithdrawConsent(placement_id=ASKED, occurred_at=NOW),
        HELD,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
        ),
    ),
    "close": Ladder(
        CloseRequest(placement_id=ASKED, outcome=PlacementOutcome.UNREACHABLE, occurred_at=NOW),
        HELD,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.CODE_MALFORMED, STAYS, outcome=PlacementOutcome.DISCHARGED),
            rung(R.OCCURRED_IN_THE_FUTURE, STAYS, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
        ),
    ),
    "discharge": Ladder(
        DischargeHousehold(placement_id=ASKED, outcome=DischargeOutcome.OTHER, occurred_at=NOW),
        STAYS,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.NOT_ADMITTED, HELD),
        ),
    ),
}
