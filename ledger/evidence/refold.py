"""A log folded again, one command after another, and every place where it says what cannot have been.

It derives claims and placements by the domain's own functions and compares what they say of each other. For
`invariants`, who reads the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.claims import Claim, ClaimKind, claim_change
from domain.event import Event
from domain.placement import state as placement
from domain.placement.decide import passes_over_unasked
from domain.placement.events import (
    AdmissionByDirectAgreement,
    DecisionTaken,
    ExtraordinaryAdmission,
    HoldPlaced,
    HouseholdAdmitted,
    OfferSent,
    PlacementEnded,
    PlacementEvent,
)
from domain.placement.state import OfferState, PlacementState
from domain.unit import OccupiedDirectly, OccupiedOutsideEngine, UnitRegistered
from ledger.evidence.verdict import Breach, Finding
from ledger.store.metadata import Metadata
from ledger.store.port import StoredRow


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadRow:
    """A row whose bytes could be read."""

    row: StoredRow
    event: Event
    metadata: Metadata


class Refold:
    """Claims, placements and units, brought forward one command at a time; `findings` gets what is wrong."""

    def __init__(self, findings: list[Finding]) -> None:
        self._findings = findings
        self._placements: dict[UUID, PlacementState] = {}
        self._houses: dict[UUID, UUID] = {}
        self._bound: dict[UUID, set[UUID]] = {}
        self._taken: dict[UUID, set[UUID]] = {}
        self.claims: dict[ClaimKind, dict[UUID, UUID]] = {kind: {} for kind in ClaimKind}

    def apply(self, command: Sequence[ReadRow]) -> None:
        for read in command:
            self._fold(read)
        touched = self._change_claims(command)
        for read in command:
            self._beside_a_stay(read)
        touched.update((read.row.stream, read.row) for read in command)
        for stream, row in touched.items():
            if stream in self._placements:
                self._agree(stream, row)

    def _fold(self, read: ReadRow) -> None:
        row, event = read.row, read.event
        if isinstance(event, UnitRegistered):
            self._houses[row.stream] = event.shelter_id
        if isinstance(event, PlacementEvent):
            before = self._placements.get(row.stream, placement.initial)
            for breach in _unlawful(before, event):
                self._find(breach, row)
            try:
                self._placements[row.stream] = placement.evolve(before, event)
            except KeyError:  # it speaks of an offer that was never made
                self._find(Breach.UNREADABLE, row)
        if isinstance(event, HoldPlaced | AdmissionByDirectAgreement | ExtraordinaryAdmission):
            houses = {self._houses.get(held.unit_id) for held in event.units}
            if houses != {event.shelter_id}:
                self._find(Breach.HOLD_ACROSS_SHELTERS, row)

    def _change_claims(self, command: Sequence[ReadRow]) -> dict[UUID, StoredRow]:
        """As the ledger: what the whole command frees, then what it takes. Gives whose claims changed."""
        changes = [(read, claim_change([(read.row.stream, read.event)])) for read in command]
        for read, change in changes:
            for claim in change.frees:
                self._free(claim, read.row)
        for read, change in changes:
            for claim in change.takes:
                self._take(claim, read.row)
        return {
            claim.holder: read.row for read, change in changes for claim in (*change.frees, *change.takes)
        }

    def _beside_a_stay(self, read: ReadRow) -> None:
        """A contested place is another's, who keeps it."""
        match read.event:
            case (
                OccupiedOutsideEngine(occupancy_id=here, contested=contested)
                | OccupiedDirectly(placement_id=here, contested=contested)
            ):
                claims = self.claims[ClaimKind.PLACE]
                if any(claims.get(place, here) == here for place in contested):
                    self._find(Breach.CONTESTED_WITHOUT_A_STAY, read.row)
            case _:
                pass

    def _free(self, claim: Claim, row: StoredRow) -> None:
        if self.claims[claim.kind].get(claim.key) != claim.holder:
            self._find(Breach.FREED_WITHOUT_CLAIM, row)
            return
        del self.claims[claim.kind][claim.key]
        self._of(claim).discard(claim.key)

    def _take(self, claim: Claim, row: StoredRow) -> None:
        if claim.key in self.claims[claim.kind]:
            self._find(Breach.DOUBLE_CLAIM if claim.kind is ClaimKind.PLACE else Breach.CASE_BOUND_TWICE, row)
            return
        self.claims[claim.kind][claim.key] = claim.holder
        self._of(claim).add(claim.key)

    def _of(self, claim: Claim) -> set[UUID]:
        return (self._taken if claim.kind is ClaimKind.PLACE else self._bound).setdefault(claim.holder, set())

    def _agree(self, placement_id: UUID, row: StoredRow) -> None:
        """After a command a placement has exactly the places of its hold or stay, and its case while open."""
        state = self._placements[placement_id]
        held = {place for unit in state.held.units for place in unit.places} if state.held else set()
        if self._taken.get(placement_id, set()) != held:
            self._find(Breach.PLACES_DIFFER_FROM_HOLD, row)
        bound = {state.request.case_id} if state.request is not None and state.outcome is None else set()
        if self._bound.get(placement_id, set()) != bound:
            self._find(Breach.CASE_BINDING_DIFFERS, row)

    def _find(self, breach: Breach, row: StoredRow) -> None:
        self._findings.append(Finding(breach=breach, position=row.position, stream=row.stream))


def _unlawful(before: PlacementState, event: PlacementEvent) -> list[Breach]:
    """What an event may not follow, whatever was decided."""
    found: dict[Breach, bool] = {}
    match event:
        case HoldPlaced():
            found[Breach.TWO_HOLDS] = before.hold is not None
            found[Breach.HELD_AFTER_ENDING] = before.outcome is not None
        case AdmissionByDirectAgreement() | ExtraordinaryAdmission():
            found[Breach.TWO_HOLDS] = before.hold is not None
            found[Breach.HELD_AFTER_ENDING] = before.outcome is not None
            found[Breach.TWO_STAYS] = before.admitted
        case DecisionTaken():
            found[Breach.DECISION_DIFFERS] = not _follows(before, event)
        case OfferSent():
            found[Breach.OFFERED_WITHOUT_CONSENT] = not before.consent
        case HouseholdAdmitted():
            found[Breach.TWO_STAYS] = before.admitted
            found[Breach.ADMITTED_WITHOUT_BOTH_YESES] = not _both_said_yes(before)
        case PlacementEnded():
            found[Breach.TWO_ENDINGS] = before.outcome is not None
        case _:
            pass
    return [breach for breach, is_so in found.items() if is_so]


def _follows(before: PlacementState, decision: DecisionTaken) -> bool:
    """Whether a choice is one of the latest certificate, and of the places that are held."""
    ranking, held = before.ranking, before.held
    if ranking is None or held is None or held.offer_id != decision.offer_id:
        return False
    if ranking.digest != decision.digest or not 1 <= decision.choice <= len(ranking.best):
        return False
    chosen = ranking.best[decision.choice - 1]
    said_why = not (
        passes_over_unasked(before, decision.choice) if decision.reason is None else decision.automatic
    )
    return (
        said_why
        and (chosen.shelter_id, chosen.units) == (held.shelter_id, held.units)
        and chosen.availability_age_minutes == decision.availability_age_minutes
    )


def _both_said_yes(before: PlacementState) -> bool:
    return before.woman_accepted and before.held is not None and before.held.state is OfferState.ACCEPTED
