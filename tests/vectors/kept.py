"""Samples of what is told of values kept apart, of who may see a case, and of what reaches a desk.

They follow the same rule as `samples`, which lists them after its own: never changed, new ones at the end.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.case import (
    CaseAccessRestored,
    CaseAccessRestricted,
    CaseKeyDestroyed,
    CaseValueKept,
    CaseValuesOpened,
    CaseValueWithdrawn,
    DossierApproved,
    DossierIssued,
    DossierOrdered,
    EscortEntrusted,
    GlassBroken,
    GlassReviewed,
    LegalHoldLifted,
    LegalHoldPlaced,
    OverrideReviewed,
    RuleOverridden,
    ShreddingApproved,
    ShreddingProposed,
    ShreddingRejected,
)
from domain.codes import (
    DeskKind,
    DossierKind,
    GlassReason,
    InquiryAsker,
    InquiryOutcome,
    LegalHoldAsker,
    OverrideReason,
    ReviewOutcome,
)
from domain.desk import DeskClosed, DeskOpened, DeskValueKept, DeskValuesOpened
from domain.event import Event
from domain.inquiry import InquiryDecided, InquiryReceived, InquiryValueKept, InquiryValuesOpened
from domain.kept import OpeningPurpose, ValueKind
from domain.network import ExportApproved, ExportRequested, LogExported, RotaAdopted
from domain.vocabulary import (
    BreakingId,
    DeskId,
    DossierId,
    ExportId,
    LegalHoldId,
    OverrideId,
    RotaShift,
    ShreddingId,
    Weekday,
)
from tests.vectors.named import (
    COMMITMENT,
    DAY,
    MEMBER,
    OFFER,
    PLACEMENT,
    SHELTER,
    TO_THE_MICROSECOND,
    WHOLE_SECOND,
    ZONES,
    numbered,
)

ACTOR, OTHER_ACTOR = numbered(12, 1), numbered(12, 2)
BREAKING, OVERRIDE = BreakingId(numbered(13, 1)), OverrideId(numbered(14, 1))
EXPORT = ExportId(numbered(17, 1))
DOSSIER = DossierId(numbered(18, 1))
LEGAL_HOLD, SHREDDING = LegalHoldId(numbered(15, 1)), ShreddingId(numbered(16, 1))
DESK = DeskId(numbered(17, 1))
OTHER_COMMITMENT = "c3" * 32

KEPT: Mapping[str, Event] = {
    "case value kept": CaseValueKept(kind=ValueKind.CALLBACK_CONTACT, commitment=COMMITMENT),
    "case value withdrawn": CaseValueWithdrawn(kind=ValueKind.ALIAS, commitment=COMMITMENT),
    "case values opened": CaseValuesOpened(
        commitments=(COMMITMENT, OTHER_COMMITMENT), purpose=OpeningPurpose.CALL_HER
    ),
    "case access restricted": CaseAccessRestricted(actor=ACTOR),
    "case access restored": CaseAccessRestored(actor=ACTOR),
    "glass broken": GlassBroken(
        breaking_id=BREAKING,
        actor=ACTOR,
        reason=GlassReason.DANGER_TO_LIFE,
        until=WHOLE_SECOND,
        review_by=TO_THE_MICROSECOND,
    ),
    "glass reviewed": GlassReviewed(breaking_id=BREAKING, outcome=ReviewOutcome.JUSTIFIED),
    "rule overridden": RuleOverridden(
        override_id=OVERRIDE,
        placement_id=PLACEMENT,
        offer_id=OFFER,
        rules=("LEVEL", "SAFETY"),
        reason=OverrideReason.IMMEDIATE_DANGER,
        review_by=TO_THE_MICROSECOND,
    ),
    "override reviewed": OverrideReviewed(override_id=OVERRIDE, outcome=ReviewOutcome.RULE_TO_CHANGE),
    "escort entrusted": EscortEntrusted(actor=ACTOR, placement_id=PLACEMENT, until=WHOLE_SECOND),
    "legal hold placed": LegalHoldPlaced(
        hold_id=LEGAL_HOLD, asked_by=LegalHoldAsker.HER_LAWYER, reference="2026/0001234"
    ),
    "legal hold lifted": LegalHoldLifted(hold_id=LEGAL_HOLD, reference="2031/0000007"),
    "shredding proposed": ShreddingProposed(
        shredding_id=SHREDDING,
        proposed_by=ACTOR,
        decision="2041/0000123",
        archive_authorisation="2041/0000456",
    ),
    "shredding proposed, not administrative": ShreddingProposed(
        shredding_id=SHREDDING, proposed_by=ACTOR, decision="2041/0000124", archive_authorisation=None
    ),
    "shredding rejected": ShreddingRejected(shredding_id=SHREDDING),
    "shredding approved": ShreddingApproved(shredding_id=SHREDDING, approved_by=OTHER_ACTOR),
    "case key destroyed": CaseKeyDestroyed(shredding_id=SHREDDING),
    "dossier ordered": DossierOrdered(
        dossier_id=DOSSIER, kind=DossierKind.OSTENSIBLE, reference="2029/0000311", ordered_by=ACTOR
    ),
    "dossier ordered, reserved": DossierOrdered(
        dossier_id=DOSSIER, kind=DossierKind.RESERVED, reference="2029/0000312", ordered_by=ACTOR
    ),
    "dossier approved": DossierApproved(dossier_id=DOSSIER, approved_by=OTHER_ACTOR),
    "dossier issued": DossierIssued(dossier_id=DOSSIER, upto=4_711, recipient=None),
    "dossier issued, to somebody": DossierIssued(dossier_id=DOSSIER, upto=4_712, recipient="e5" * 32),
    "desk opened, house": DeskOpened(
        kind=DeskKind.HOUSE, code="ginepro", member_id=None, shelter_id=SHELTER, zone_id=None
    ),
    "desk opened, service": DeskOpened(
        kind=DeskKind.SERVICE, code="pronto-intervento", member_id=MEMBER, shelter_id=None, zone_id=None
    ),
    "desk opened, zone": DeskOpened(
        kind=DeskKind.ZONE, code="z1", member_id=None, shelter_id=None, zone_id=ZONES[0]
    ),
    "desk closed": DeskClosed(),
    "desk value kept": DeskValueKept(kind=ValueKind.ON_CALL_NUMBER, commitment=COMMITMENT),
    "desk values opened": DeskValuesOpened(commitments=(COMMITMENT,), purpose=OpeningPurpose.CALL_HOUSE),
    "inquiry received": InquiryReceived(asker=InquiryAsker.CO_PARENT, reference="2027/0000099"),
    "inquiry value kept": InquiryValueKept(kind=ValueKind.INQUIRY_DETAILS, commitment=COMMITMENT),
    "inquiry values opened": InquiryValuesOpened(
        commitments=(COMMITMENT,), purpose=OpeningPurpose.ANSWER_INQUIRY
    ),
    "inquiry decided": InquiryDecided(outcome=InquiryOutcome.NOTHING_TO_SAY, reference="2027/0000101"),
    "rota adopted": RotaAdopted(
        shifts=(
            RotaShift(desk_id=DESK, weekdays=(Weekday.MON, Weekday.SUN), begins=0, ends=1440),
            RotaShift(desk_id=DESK, weekdays=(Weekday.TUE,), begins=480, ends=1200),
        ),
        valid_from=DAY,
    ),
    "case values opened, none": CaseValuesOpened(commitments=(), purpose=OpeningPurpose.JUDICIAL_ORDER),
    "rule overridden, none named": RuleOverridden(
        override_id=OVERRIDE,
        placement_id=PLACEMENT,
        offer_id=OFFER,
        rules=(),
        reason=OverrideReason.RULE_DATA_WRONG,
        review_by=WHOLE_SECOND,
    ),
    "desk values opened, none": DeskValuesOpened(commitments=(), purpose=OpeningPurpose.NAME_ZONES),
    "inquiry values opened, none": InquiryValuesOpened(commitments=(), purpose=OpeningPurpose.REVIEW),
    "rota adopted, empty": RotaAdopted(shifts=(), valid_from=DAY),
    "rota adopted, a shift on no day": RotaAdopted(
        shifts=(RotaShift(desk_id=DESK, weekdays=(), begins=1, ends=2),), valid_from=DAY
    ),
    "export requested": ExportRequested(export_id=EXPORT, requested_by=ACTOR, reference="2041/0000200"),
    "export approved": ExportApproved(export_id=EXPORT, approved_by=OTHER_ACTOR, until=WHOLE_SECOND),
    "log exported": LogExported(export_id=EXPORT, upto=365081),
}
