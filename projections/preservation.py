"""What must be preserved of a case and what is being destroyed, which copies of it a court was given, and
which inquiries there are: kept in memory beside the index of places.

Only cases of which something of the kind was ever recorded are known here; every other is under no hold and
nobody proposed to destroy anything of it. An inquiry is tied to no case, here as in the log. Fed by
`projections.places_index`; asked by the doors, the loop that destroys and the commands `shred` and `dossier`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast
from uuid import UUID

from domain import case, inquiry
from domain.case import (
    CaseEvent,
    CaseKeyDestroyed,
    CaseState,
    Dossier,
    DossierApproved,
    DossierIssued,
    DossierOrdered,
    LegalHoldLifted,
    LegalHoldPlaced,
    ShreddingApproved,
    ShreddingProposed,
    ShreddingRejected,
)
from domain.event import Event
from domain.inquiry import InquiryEvent, InquiryState
from domain.vocabulary import CaseId, DossierId, InquiryId

_ABOUT_IT = (
    LegalHoldPlaced,
    LegalHoldLifted,
    ShreddingProposed,
    ShreddingRejected,
    ShreddingApproved,
    CaseKeyDestroyed,
    DossierOrdered,
    DossierApproved,
    DossierIssued,
)


class Preservation:
    """Of each case that was ever preserved or to be destroyed, its state in this respect; every inquiry."""

    def __init__(self) -> None:
        self._cases: dict[CaseId, CaseState] = {}
        self._inquiries: dict[InquiryId, InquiryState] = {}

    def apply(self, stream: UUID, event: Event) -> None:
        """Take in the next event of the log, whatever it is."""
        if isinstance(event, _ABOUT_IT):
            case_id = CaseId(stream)
            self._cases[case_id] = case.evolve(self.of(case_id), cast(CaseEvent, event))
        elif event.KIND == "inquiry":
            inquiry_id = InquiryId(stream)
            known = self._inquiries.get(inquiry_id, inquiry.initial)
            self._inquiries[inquiry_id] = inquiry.evolve(known, cast(InquiryEvent, event))

    def of(self, case_id: CaseId) -> CaseState:
        """The case in this respect: nothing else of it is kept here."""
        return self._cases.get(case_id, case.initial)

    @property
    def inquiries(self) -> Mapping[InquiryId, InquiryState]:
        return self._inquiries

    def dossier(self, dossier_id: DossierId) -> tuple[CaseId, Dossier] | None:
        """A copy for a court that was ordered, and of which case."""
        copies = ((case_id, state.dossiers.get(dossier_id)) for case_id, state in self._cases.items())
        return next(((case_id, found) for case_id, found in copies if found is not None), None)

    def proposed(self) -> dict[CaseId, ShreddingProposed]:
        """What somebody proposed and nobody has approved or rejected."""
        return self._with_proposal(lambda state: not state.approved)

    def to_destroy(self) -> dict[CaseId, ShreddingProposed]:
        """What two persons approved, and of which the log does not say yet that it is destroyed."""
        return self._with_proposal(lambda state: state.approved and not state.destroyed)

    def destroyed(self) -> dict[CaseId, ShreddingProposed]:
        return self._with_proposal(lambda state: state.destroyed)

    def _with_proposal(self, stands: Callable[[CaseState], bool]) -> dict[CaseId, ShreddingProposed]:
        return {
            case_id: state.proposed
            for case_id, state in self._cases.items()
            if state.proposed is not None and stands(state)
        }
