"""A case: one woman and her children under a random id. Nothing in it says who they are.

It binds her to her open placement, names the values kept for her in the vault, and holds who may not see her
case, who broke the glass, what must be preserved, whether her key was destroyed and which copies a court was
given. Conflicts of interest with a house stand in the request, where ranking reads them.
"""

from __future__ import annotations

from domain.case.events import (
    CaseAccessRestored,
    CaseAccessRestricted,
    CaseBound,
    CaseEvent,
    CaseKeyDestroyed,
    CaseOpened,
    CaseUnbound,
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
from domain.case.state import CaseState, Dossier, evolve, initial

__all__ = [
    "CaseAccessRestored",
    "CaseAccessRestricted",
    "CaseBound",
    "CaseEvent",
    "CaseKeyDestroyed",
    "CaseOpened",
    "CaseState",
    "CaseUnbound",
    "CaseValueKept",
    "CaseValueWithdrawn",
    "CaseValuesOpened",
    "Dossier",
    "DossierApproved",
    "DossierIssued",
    "DossierOrdered",
    "EscortEntrusted",
    "GlassBroken",
    "GlassReviewed",
    "LegalHoldLifted",
    "LegalHoldPlaced",
    "OverrideReviewed",
    "RuleOverridden",
    "ShreddingApproved",
    "ShreddingProposed",
    "ShreddingRejected",
    "evolve",
    "initial",
]
