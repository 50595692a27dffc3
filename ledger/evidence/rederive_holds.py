"""Whether what was held is what was decided: each hold against the candidate that its decision names.

A hold is judged where the ranking stands in the same command; a late yes takes its places again without one.
For `rederive`.
"""

from __future__ import annotations

from uuid import UUID

from domain.event import Event
from domain.placement.events import CandidatesRanked, HoldPlaced, RankedCandidate
from ledger.evidence.rederive_verdict import Deviation, Flaw
from ledger.evidence.rederive_walk import Find
from ledger.store.port import StoredRow


class Holds:
    """Give it every row in order, with its event (None: it could not be read)."""

    def __init__(self, find: Find) -> None:
        self._find = find
        self._metadata = b""
        self._command: list[tuple[StoredRow, CandidatesRanked | HoldPlaced]] = []

    def take(self, row: StoredRow, event: Event | None) -> None:
        if row.metadata != self._metadata:
            self.end()
            self._metadata = row.metadata
        if isinstance(event, CandidatesRanked | HoldPlaced):
            self._command.append((row, event))

    def end(self) -> None:
        """The command ends here."""
        named: dict[UUID, RankedCandidate | None] = {}
        for row, event in self._command:
            if isinstance(event, CandidatesRanked):
                named[row.stream] = candidate_named(event)
            elif row.stream in named and not _holds(event, named[row.stream]):
                self._find(Deviation(flaw=Flaw.HELD_ANOTHER, position=row.position, stream=row.stream))
        self._command.clear()


def candidate_named(certificate: CandidatesRanked) -> RankedCandidate | None:
    """The candidate that a decision names: the first."""
    return certificate.best[0] if certificate.best else None


def _holds(hold: HoldPlaced, candidate: RankedCandidate | None) -> bool:
    return candidate is not None and (hold.shelter_id, hold.units) == (candidate.shelter_id, candidate.units)
