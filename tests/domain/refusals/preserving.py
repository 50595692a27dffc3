"""Ladders of refusals: what must be preserved of a case, the end of its key, and who asks what is known."""

from __future__ import annotations

from uuid import UUID

from domain.case import (
    CaseKeyDestroyed,
    DossierIssued,
    DossierOrdered,
    LegalHoldPlaced,
    ShreddingApproved,
    ShreddingProposed,
)
from domain.case.copying import ApproveDossier, IssueDossier, OrderDossier
from domain.case.preserving import (
    ApproveShredding,
    ConfirmKeyDestroyed,
    LiftLegalHold,
    PlaceLegalHold,
    ProposeShredding,
    RejectShredding,
)
from domain.codes import DossierKind, InquiryAsker, InquiryOutcome, LegalHoldAsker
from domain.inquiry import (
    DecideInquiry,
    InquiryDecided,
    InquiryReceived,
    InquiryValueKept,
    OpenInquiry,
    ReceiveInquiry,
)
from domain.kept import OpeningPurpose, ValueKind
from domain.network import ApproveExport, ExportRequested, RecordExport, RequestExport
from domain.refusals import Refusal
from domain.vocabulary import DossierId, ExportId, InquiryId, LegalHoldId, ShreddingId
from tests.domain.refusals.ladder import Ladder, rung
from tests.domain.refusals.worlds import BORN, ENDED, NOBODY, NOT_BORN, STAYS
from tests.support.night import CASE
from tests.support.spec import NETWORK, given

R = Refusal
FIRST, SECOND = UUID(int=0xA1), UUID(int=0xA2)
HOLD, SHREDDING, INQUIRY = (
    LegalHoldId(UUID(int=0x1E6)),
    ShreddingId(UUID(int=0x5E6)),
    InquiryId(UUID(int=0x1A9)),
)
DETAILS = "d7" * 32
WRONG = "delibera 7"

PLACE = PlaceLegalHold(asked_by=LegalHoldAsker.HER_LAWYER, reference="2030/0000007")
LIFT = LiftLegalHold(hold_id=HOLD, reference="2031/1")
PROPOSE = ProposeShredding(
    actor=FIRST, decision="2041/12", administrative=True, archive_authorisation="2041/3"
)
APPROVE = ApproveShredding(shredding_id=SHREDDING, actor=SECOND)
RECEIVE = ReceiveInquiry(asker=InquiryAsker.CO_PARENT, reference="2030/5", details=DETAILS)
DECIDE = DecideInquiry(outcome=InquiryOutcome.NOTHING_TO_SAY, reference="2030/6")

HELD_BY_LAW = [(CASE, LegalHoldPlaced(hold_id=HOLD, asked_by=LegalHoldAsker.PROSECUTOR, reference="2029/4"))]
A_PROPOSAL = [
    (
        CASE,
        ShreddingProposed(
            shredding_id=SHREDDING, proposed_by=FIRST, decision="2041/12", archive_authorisation=None
        ),
    )
]
AN_APPROVAL = [(CASE, ShreddingApproved(shredding_id=SHREDDING, approved_by=SECOND))]
UNDER_HOLD = given(ENDED.history, HELD_BY_LAW)
PROPOSED = given(ENDED.history, A_PROPOSAL)
APPROVED = given(PROPOSED.history, AN_APPROVAL)
DESTROYED = given(APPROVED.history, [(CASE, CaseKeyDestroyed(shredding_id=SHREDDING))])
RECEIVED = given(
    ENDED.history,
    [
        (INQUIRY, InquiryReceived(asker=InquiryAsker.CO_PARENT, reference="2030/5")),
        (INQUIRY, InquiryValueKept(kind=ValueKind.INQUIRY_DETAILS, commitment=DETAILS)),
    ],
)
ANSWERED = given(
    RECEIVED.history,
    [(INQUIRY, InquiryDecided(outcome=InquiryOutcome.ASKER_NOT_IDENTIFIED, reference="2030/6"))],
)

EXPORT = ExportId(UUID(int=0xE1))
APPROVE_EXPORT = ApproveExport(export_id=EXPORT, actor=SECOND)
RECORD_EXPORT = RecordExport(export_id=EXPORT, upto=7)
EXPORT_ASKED = given(
    BORN.history, [(NETWORK, ExportRequested(export_id=EXPORT, requested_by=FIRST, reference="2041/5"))]
)
EXPORT_APPROVED = EXPORT_ASKED.when(APPROVE_EXPORT).done()

SHOWN, ANNEX = DossierId(UUID(int=0xD1)), DossierId(UUID(int=0xD2))
RECIPIENT = "e5" * 32
ORDER = OrderDossier(kind=DossierKind.OSTENSIBLE, reference="2029/311", actor=FIRST)
AGREE = ApproveDossier(dossier_id=ANNEX, actor=SECOND)
ISSUE = IssueDossier(dossier_id=SHOWN, upto=7, recipient=None)
ISSUE_ANNEX = IssueDossier(dossier_id=ANNEX, upto=7, recipient=RECIPIENT)
COPIES = given(
    ENDED.history,
    [
        (CASE, DossierOrdered(dossier_id=each, kind=kind, reference="2029/311", ordered_by=FIRST))
        for each, kind in ((SHOWN, DossierKind.OSTENSIBLE), (ANNEX, DossierKind.RESERVED))
    ],
)
COPIES_AGREED = COPIES.when(AGREE, on=CASE).done()
COPY_MADE = given(
    COPIES_AGREED.history,
    [
        (CASE, DossierIssued(dossier_id=SHOWN, upto=6, recipient=None)),
        (CASE, DossierIssued(dossier_id=ANNEX, upto=6, recipient=RECIPIENT)),
    ],
)

LADDERS = {
    "order a copy for a court": Ladder(
        ORDER,
        ENDED,
        (rung(R.CASE_UNKNOWN, given()), rung(R.REFERENCE_MALFORMED, reference=WRONG)),
        CASE,
    ),
    "agree to a reserved annex": Ladder(
        AGREE,
        COPIES,
        (
            rung(R.CASE_UNKNOWN, given()),
            rung(R.DOSSIER_UNKNOWN, dossier_id=DossierId(NOBODY)),
            rung(R.DOSSIER_NOT_RESERVED, dossier_id=SHOWN),
            rung(R.SAME_PERSON, actor=FIRST),
        ),
        CASE,
    ),
    "make a reserved annex": Ladder(
        ISSUE_ANNEX,
        COPIES_AGREED,
        (
            rung(R.CASE_UNKNOWN, given()),
            rung(R.DOSSIER_UNKNOWN, dossier_id=DossierId(NOBODY)),
            rung(R.RECIPIENT_MALFORMED, recipient=None),
            rung(R.DOSSIER_NOT_APPROVED, COPIES),
            rung(R.DOSSIER_ALREADY_ISSUED, COPY_MADE),
        ),
        CASE,
    ),
    "ask for the whole log": Ladder(
        RequestExport(export_id=EXPORT, actor=FIRST, reference="2041/5"),
        BORN,
        (rung(R.NETWORK_NOT_BORN, NOT_BORN), rung(R.REFERENCE_MALFORMED, reference=WRONG)),
        NETWORK,
    ),
    "agree that the whole log is exported": Ladder(
        APPROVE_EXPORT,
        EXPORT_ASKED,
        (
            rung(R.NETWORK_NOT_BORN, NOT_BORN),
            rung(R.EXPORT_UNKNOWN, export_id=ExportId(NOBODY)),
            rung(R.SAME_PERSON, actor=FIRST),
        ),
        NETWORK,
    ),
    "export the whole log": Ladder(
        RECORD_EXPORT,
        EXPORT_APPROVED,
        (
            rung(R.NETWORK_NOT_BORN, NOT_BORN),
            rung(R.EXPORT_UNKNOWN, export_id=ExportId(NOBODY)),
            rung(R.EXPORT_NOT_APPROVED, EXPORT_ASKED),
        ),
        NETWORK,
    ),
    "place a legal hold": Ladder(
        PLACE,
        ENDED,
        (
            rung(R.CASE_UNKNOWN, given()),
            rung(R.REFERENCE_MALFORMED, reference=WRONG),
            rung(R.KEY_DESTROYED, APPROVED),
        ),
        CASE,
    ),
    "lift a legal hold": Ladder(
        LIFT,
        UNDER_HOLD,
        (
            rung(R.CASE_UNKNOWN, given()),
            rung(R.LEGAL_HOLD_UNKNOWN, hold_id=LegalHoldId(NOBODY)),
            rung(R.REFERENCE_MALFORMED, reference=WRONG),
        ),
        CASE,
    ),
    "propose to destroy": Ladder(
        PROPOSE,
        ENDED,
        (
            rung(R.CASE_UNKNOWN, given()),
            rung(R.REFERENCE_MALFORMED, decision=WRONG),
            rung(R.ARCHIVE_AUTHORISATION_NEEDED, archive_authorisation=None),
            rung(R.CASE_HAS_OPEN_PLACEMENT, given(STAYS.history, HELD_BY_LAW, A_PROPOSAL)),
            rung(R.KEY_DESTROYED, APPROVED),
            rung(R.LEGAL_HOLD_STANDS, given(PROPOSED.history, HELD_BY_LAW)),
            rung(R.SHREDDING_ALREADY_PROPOSED, PROPOSED),
        ),
        CASE,
    ),
    "reject a destruction": Ladder(
        RejectShredding(shredding_id=SHREDDING),
        PROPOSED,
        (
            rung(R.CASE_UNKNOWN, given()),
            rung(R.SHREDDING_UNKNOWN, shredding_id=ShreddingId(NOBODY)),
            rung(R.KEY_DESTROYED, APPROVED),
        ),
        CASE,
    ),
    "approve a destruction": Ladder(
        APPROVE,
        PROPOSED,
        (
            rung(R.CASE_UNKNOWN, given()),
            rung(R.SHREDDING_UNKNOWN, shredding_id=ShreddingId(NOBODY)),
            rung(R.SAME_PERSON, actor=FIRST),
            rung(R.CASE_HAS_OPEN_PLACEMENT, given(STAYS.history, HELD_BY_LAW, A_PROPOSAL)),
            rung(R.LEGAL_HOLD_STANDS, given(PROPOSED.history, HELD_BY_LAW)),
        ),
        CASE,
    ),
    "confirm that a key is destroyed": Ladder(
        ConfirmKeyDestroyed(shredding_id=SHREDDING),
        APPROVED,
        (
            rung(R.CASE_UNKNOWN, given()),
            rung(R.SHREDDING_UNKNOWN, shredding_id=ShreddingId(NOBODY)),
            rung(R.SHREDDING_NOT_APPROVED, PROPOSED),
        ),
        CASE,
    ),
    "receive an inquiry": Ladder(
        RECEIVE,
        ENDED,
        (
            rung(R.CODE_MALFORMED, details="chi chiede"),
            rung(R.REFERENCE_MALFORMED, reference=WRONG),
            rung(R.INQUIRY_ALREADY_RECEIVED, RECEIVED),
        ),
        INQUIRY,
    ),
    "read an inquiry": Ladder(
        OpenInquiry(purpose=OpeningPurpose.ANSWER_INQUIRY),
        RECEIVED,
        (rung(R.INQUIRY_UNKNOWN, ENDED), rung(R.VALUE_NOT_FOR_PURPOSE, purpose=OpeningPurpose.CALL_HER)),
        INQUIRY,
    ),
    "answer an inquiry": Ladder(
        DECIDE,
        RECEIVED,
        (
            rung(R.INQUIRY_UNKNOWN, ENDED),
            rung(R.REFERENCE_MALFORMED, reference=WRONG),
            rung(R.OUTCOME_NOT_FOR_ASKER, outcome=InquiryOutcome.GIVEN_TO_HER),
            rung(R.INQUIRY_ALREADY_DECIDED, ANSWERED),
        ),
        INQUIRY,
    ),
}
