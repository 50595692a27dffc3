"""Ladders of refusals: values kept for her."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from domain.case import CaseValueKept, CaseValuesOpened, GlassBroken, ShreddingApproved, ShreddingProposed
from domain.case.keeping import MOST_OPENINGS, KeepCaseValues, OpenCaseValues, WithdrawCaseValues
from domain.codes import GlassReason
from domain.coordination.understanding import OpenTrueCodes
from domain.kept import OpeningPurpose, ValueKind
from domain.refusals import Refusal
from domain.vocabulary import BreakingId, OfferId, PlacementId, ShreddingId
from tests.domain.refusals.ladder import Ladder, rung
from tests.domain.refusals.worlds import HER_NO, NO, NOBODY, OFFERED, WAITS
from tests.support.night import ASKED, CASE, OFFER
from tests.support.spec import NOW, History, given

R = Refusal
ACTOR = UUID(int=0xAC1)
NUMBER, HOURS, MAY, NOTES, CODE, OTHER = (f"{number:02x}" * 32 for number in range(1, 7))


def kept(**values: str) -> History:
    return [
        (CASE, CaseValueKept(kind=ValueKind(kind.upper()), commitment=commitment))
        for kind, commitment in values.items()
    ]


def opened(commitment: str, times: int) -> History:
    look = CaseValuesOpened(commitments=(commitment,), purpose=OpeningPurpose.CALL_HER)
    return [(CASE, look)] * times


APPROVED: History = [
    (
        CASE,
        ShreddingProposed(
            shredding_id=ShreddingId(NOBODY),
            proposed_by=ACTOR,
            decision="2030/1",
            archive_authorisation=None,
        ),
    ),
    (CASE, ShreddingApproved(shredding_id=ShreddingId(NOBODY), approved_by=NOBODY)),
]
BROKEN: History = [
    (
        CASE,
        GlassBroken(
            breaking_id=BreakingId(NOBODY),
            actor=ACTOR,
            reason=GlassReason.DANGER_TO_LIFE,
            until=NOW + timedelta(hours=1),
            review_by=NOW + timedelta(hours=72),
        ),
    )
]
KEPT = given(WAITS.history, kept(callback_contact=NUMBER, safe_hours=HOURS, may_call=MAY, notes=NOTES))
SILENT = given(WAITS.history, kept(callback_contact=NUMBER))
WORN_OUT = given(KEPT.history, opened(NUMBER, MOST_OPENINGS))
GONE = given(KEPT.history, APPROVED)
CALL = OpenCaseValues(kinds=(ValueKind.CALLBACK_CONTACT,), purpose=OpeningPurpose.CALL_HER, actor=ACTOR)
TOLD = (
    given(OFFERED.history)
    .when(
        NO.__class__(
            placement_id=ASKED,
            offer_id=OFFER,
            channel=NO.channel,
            shown=NO.shown,
            commitment=CODE,
            occurred_at=NOW,
        )
    )
    .done()
)
UNTOLD = OFFERED.when(HER_NO).done()
UNDERSTAND = OpenTrueCodes(
    placement_id=ASKED, offer_id=OFFER, purpose=OpeningPurpose.UNDERSTAND_NO, actor=ACTOR
)

LADDERS = {
    "keep values for her": Ladder(
        KeepCaseValues(values=((ValueKind.ALIAS, OTHER),)),
        KEPT,
        (
            rung(R.CASE_UNKNOWN, given()),
            rung(R.CODE_MALFORMED, values=((ValueKind.ALIAS, "Maria"),)),
            rung(R.KEY_DESTROYED, GONE),
        ),
        CASE,
    ),
    "take values back": Ladder(
        WithdrawCaseValues(kinds=(ValueKind.MAY_CALL,)),
        KEPT,
        (rung(R.CASE_UNKNOWN, given()), rung(R.KEY_DESTROYED, GONE)),
        CASE,
    ),
    "open values kept for her": Ladder(
        CALL,
        KEPT,
        (
            rung(R.CASE_UNKNOWN, given()),
            rung(R.VALUE_NOT_FOR_PURPOSE, kinds=(ValueKind.NOTES,)),
            rung(R.KEY_DESTROYED, GONE),
            rung(R.VALUE_NOT_KEPT, WAITS),
            rung(R.NOT_TO_BE_CALLED, SILENT),
            rung(R.OPENED_TOO_OFTEN, WORN_OUT),
        ),
        CASE,
    ),
    "open the true code of a no": Ladder(
        UNDERSTAND,
        TOLD,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.VALUE_NOT_FOR_PURPOSE, purpose=OpeningPurpose.CALL_HER),
            rung(R.KEY_DESTROYED, given(TOLD.history, APPROVED)),
            rung(R.VALUE_NOT_KEPT, UNTOLD),
            rung(R.OPENED_TOO_OFTEN, given(TOLD.history, opened(CODE, MOST_OPENINGS))),
        ),
    ),
}
