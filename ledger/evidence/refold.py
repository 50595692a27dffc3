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
from domain.placement.events import HoldPlaced, HouseholdAdmitted, PlacementEnded, PlacementEvent
from domain.placement.state import PlacementState
from domain.unit import UnitRegistered
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
        if isinstance(event, HoldPlaced):
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
    breaches: list[Breach] = []
    match event:
        case HoldPlaced():
            breaches += [Breach.TWO_HOLDS] if before.hold is not None else []
            breaches += [Breach.HELD_AFTER_ENDING] if before.outcome is not None else []
        case HouseholdAdmitted():
            breaches += [Breach.TWO_STAYS] if before.admitted else []
        case PlacementEnded():
            breaches += [Breach.TWO_ENDINGS] if before.outcome is not None else []
        case _:
            pass
    return breaches
