"""What a case is now, folded from its events: `initial` and `evolve`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from uuid import UUID

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
from domain.evolution import Steps, changed, with_entry
from domain.kept import ValueKind
from domain.vocabulary import BreakingId, DossierId, LegalHoldId, OverrideId, PlacementId

_NO_VALUES: Mapping[ValueKind, str] = MappingProxyType({})
_NO_BREAKINGS: Mapping[BreakingId, GlassBroken] = MappingProxyType({})
_NO_OVERRIDES: Mapping[OverrideId, RuleOverridden] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class Dossier:
    """A copy for a court, and how far it has come."""

    ordered: DossierOrdered
    approved: bool = False
    issued: DossierIssued | None = None


_NO_DOSSIERS: Mapping[DossierId, Dossier] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseState:
    """`values` are the commitments that stand, by kind; `openings` counts how often each was opened."""

    opened: bool = False
    open_placement: PlacementId | None = None
    placements: tuple[PlacementId, ...] = ()
    values: Mapping[ValueKind, str] = field(default_factory=lambda: _NO_VALUES)
    openings: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    restricted: frozenset[UUID] = frozenset()
    breakings: Mapping[BreakingId, GlassBroken] = field(default_factory=lambda: _NO_BREAKINGS)
    """Every time the glass was broken."""
    overrides: Mapping[OverrideId, RuleOverridden] = field(default_factory=lambda: _NO_OVERRIDES)
    to_review: frozenset[UUID] = frozenset()
    """The breakings and overrides that nobody has reviewed."""
    escorts: tuple[EscortEntrusted, ...] = ()
    legal_holds: frozenset[LegalHoldId] = frozenset()
    proposed: ShreddingProposed | None = None
    approved: bool = False
    """Once approved the key is not used any more, whether or not it has been destroyed yet."""
    destroyed: bool = False
    dossiers: Mapping[DossierId, Dossier] = field(default_factory=lambda: _NO_DOSSIERS)


initial = CaseState()


_STEPS = Steps[CaseState]()


def evolve(state: CaseState, event: CaseEvent) -> CaseState:
    return _STEPS[event.__class__](state, event)


@_STEPS.on(CaseOpened)
def _opened(state: CaseState, _: CaseOpened) -> CaseState:
    return changed(state, opened=True)


@_STEPS.on(CaseBound)
def _bound(state: CaseState, event: CaseBound) -> CaseState:
    return changed(
        state, open_placement=event.placement_id, placements=(*state.placements, event.placement_id)
    )


@_STEPS.on(CaseUnbound)
def _unbound(state: CaseState, _: CaseUnbound) -> CaseState:
    return changed(state, open_placement=None)


@_STEPS.on(CaseValueKept)
def _kept(state: CaseState, event: CaseValueKept) -> CaseState:
    return changed(state, values=with_entry(state.values, event.kind, event.commitment))


@_STEPS.on(CaseValueWithdrawn)
def _withdrawn(state: CaseState, event: CaseValueWithdrawn) -> CaseState:
    left = {kind: kept for kind, kept in state.values.items() if kind is not event.kind}
    return changed(state, values=MappingProxyType(left))


@_STEPS.on(CaseValuesOpened)
def _values_opened(state: CaseState, event: CaseValuesOpened) -> CaseState:
    counted = dict(state.openings)
    for commitment in event.commitments:
        counted[commitment] = counted.get(commitment, 0) + 1
    return changed(state, openings=MappingProxyType(counted))


@_STEPS.on(CaseAccessRestricted)
def _restricted(state: CaseState, event: CaseAccessRestricted) -> CaseState:
    return changed(state, restricted=state.restricted | {event.actor})


@_STEPS.on(CaseAccessRestored)
def _restored(state: CaseState, event: CaseAccessRestored) -> CaseState:
    return changed(state, restricted=state.restricted - {event.actor})


@_STEPS.on(GlassBroken)
def _broken(state: CaseState, event: GlassBroken) -> CaseState:
    return changed(
        state,
        breakings=with_entry(state.breakings, event.breaking_id, event),
        to_review=state.to_review | {event.breaking_id},
    )


@_STEPS.on(GlassReviewed)
def _breaking_reviewed(state: CaseState, event: GlassReviewed) -> CaseState:
    return changed(state, to_review=state.to_review - {event.breaking_id})


@_STEPS.on(RuleOverridden)
def _overridden(state: CaseState, event: RuleOverridden) -> CaseState:
    return changed(
        state,
        overrides=with_entry(state.overrides, event.override_id, event),
        to_review=state.to_review | {event.override_id},
    )


@_STEPS.on(OverrideReviewed)
def _override_reviewed(state: CaseState, event: OverrideReviewed) -> CaseState:
    return changed(state, to_review=state.to_review - {event.override_id})


@_STEPS.on(EscortEntrusted)
def _entrusted(state: CaseState, event: EscortEntrusted) -> CaseState:
    return changed(state, escorts=(*state.escorts, event))


@_STEPS.on(LegalHoldPlaced)
def _hold_placed(state: CaseState, event: LegalHoldPlaced) -> CaseState:
    return changed(state, legal_holds=state.legal_holds | {event.hold_id})


@_STEPS.on(LegalHoldLifted)
def _hold_lifted(state: CaseState, event: LegalHoldLifted) -> CaseState:
    return changed(state, legal_holds=state.legal_holds - {event.hold_id})


@_STEPS.on(ShreddingProposed)
def _proposed(state: CaseState, event: ShreddingProposed) -> CaseState:
    return changed(state, proposed=event)


@_STEPS.on(ShreddingRejected)
def _rejected(state: CaseState, _: ShreddingRejected) -> CaseState:
    return changed(state, proposed=None)


@_STEPS.on(ShreddingApproved)
def _approved(state: CaseState, _: ShreddingApproved) -> CaseState:
    return changed(state, approved=True)


@_STEPS.on(CaseKeyDestroyed)
def _destroyed(state: CaseState, _: CaseKeyDestroyed) -> CaseState:
    return changed(state, destroyed=True, values=_NO_VALUES)


@_STEPS.on(DossierOrdered)
def _dossier_ordered(state: CaseState, event: DossierOrdered) -> CaseState:
    return changed(state, dossiers=with_entry(state.dossiers, event.dossier_id, Dossier(ordered=event)))


@_STEPS.on(DossierApproved)
def _dossier_approved(state: CaseState, event: DossierApproved) -> CaseState:
    approved = replace(state.dossiers[event.dossier_id], approved=True)
    return changed(state, dossiers=with_entry(state.dossiers, event.dossier_id, approved))


@_STEPS.on(DossierIssued)
def _dossier_issued(state: CaseState, event: DossierIssued) -> CaseState:
    issued = replace(state.dossiers[event.dossier_id], issued=event)
    return changed(state, dossiers=with_entry(state.dossiers, event.dossier_id, issued))


assert Steps[CaseState].of_all(CaseEvent, _STEPS), "each kind of event has its step"
