"""Ladders of refusals: the offer and its answers."""

from __future__ import annotations

from domain.codes import (
    RefusalGroup,
)
from domain.placement.commands import (
    AcceptAsWoman,
    MarkOfferSeen,
    OpenConversation,
    SendOffer,
)
from domain.refusals import Refusal
from domain.vocabulary import (
    OfferId,
    PlacementId,
    Side,
)
from domain.withheld import RefusalCode
from tests.domain.refusals.ladder import Ladder, rung
from tests.domain.refusals.worlds import (
    ACCEPTED,
    ENDED,
    HELD,
    HER_NO,
    LATER,
    NO,
    NOBODY,
    OFFERED,
    OVER,
    REFUSED,
    SET_UP,
    STAYS,
    STOPPED_WITH_A_HOLD,
    UNCONSENTED,
    WAITS,
    YES,
)
from tests.support.night import (
    OFFER,
    ROOM,
)
from tests.support.spec import NOW

R = Refusal
LADDERS = {
    "send the offer": Ladder(
        SendOffer(units=(ROOM,)),
        HELD,
        (
            rung(R.PLACEMENT_UNKNOWN, SET_UP),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
            rung(R.CONSENT_NOT_RECORDED, UNCONSENTED),
            rung(R.SEARCH_STOPPED_FOR_A_PERSON, STOPPED_WITH_A_HOLD),
            rung(R.NO_HOLD, WAITS),
            rung(R.CANDIDATE_NOT_HELD, units=()),
        ),
    ),
    "say that they talk": Ladder(
        OpenConversation(offer_id=OFFER, side=Side.HOUSE),
        OFFERED,
        (
            rung(R.PLACEMENT_UNKNOWN, SET_UP),
            rung(R.OFFER_UNKNOWN, ENDED, offer_id=OfferId(NOBODY)),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
            rung(R.OFFER_NOT_SENT, HELD),
            rung(R.OFFER_ALREADY_REFUSED, REFUSED),
            rung(R.OFFER_ALREADY_ACCEPTED, ACCEPTED),
            rung(R.OFFER_NO_LONGER_HELD, OVER),
        ),
    ),
    "see the offer": Ladder(
        MarkOfferSeen(offer_id=OFFER),
        OFFERED,
        (
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.OFFER_NOT_SENT, HELD),
        ),
    ),
    "accept": Ladder(
        YES,
        OFFERED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.OFFER_NOT_SENT, HELD),
            rung(R.OFFER_ALREADY_REFUSED, REFUSED),
        ),
    ),
    "refuse": Ladder(
        NO,
        OFFERED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.CODE_MALFORMED, commitment="words"),
            rung(
                R.CODE_NOT_VALID_FOR_URGENCY,
                code=RefusalCode.FEE_NOT_COMMITTED,
                shown=RefusalGroup.NOT_NOW,
            ),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
            rung(R.OFFER_NOT_SENT, HELD),
        ),
    ),
    "decline": Ladder(
        HER_NO,
        OFFERED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.CODE_MALFORMED, commitment="words"),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
        ),
    ),
    "her yes": Ladder(
        AcceptAsWoman(proximity_checked_by_voice=True, told=(), occurred_at=NOW),
        ACCEPTED,
        (
            rung(R.PLACEMENT_UNKNOWN, SET_UP),
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
            rung(R.NO_HOLD, OVER),
            rung(R.OFFER_NO_LONGER_HELD, STOPPED_WITH_A_HOLD, offer_id=OFFER),
            rung(R.HOUSE_HAS_NOT_ACCEPTED, OFFERED),
        ),
    ),
}
