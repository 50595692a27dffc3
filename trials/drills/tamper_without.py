"""Verifiers that lack a check: what the check is worth is what they miss. Here and nowhere else."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from pathlib import Path

from ledger.evidence.export.layout import Manifest
from ledger.evidence.notes.trust import Trust
from ledger.evidence.rederive_verdict import Rederived
from ledger.evidence.verdict import Verdict
from ledger.evidence.verifying.contents import Contents, RowReader
from ledger.evidence.verifying.finding import Findings
from ledger.evidence.verifying.heads import HeadsSeen
from ledger.evidence.verifying.keys import KeyRing
from ledger.evidence.verifying.verification import Asked, Verification


class Lacks(enum.Enum):
    """A check that is taken out."""

    TREE = "tree"
    """Leaves are held against nothing, and heads against no leaves."""
    EVENTS = "events"
    """What the events say of each other."""
    DECISIONS = "decisions"
    QUORUM = "quorum"
    EARLIER = "earlier heads"


class Careless(Verification):
    """Lacks some checks."""

    def __init__(self, folder: Path, asked: Asked, lacks: frozenset[Lacks]) -> None:
        super().__init__(folder, asked, _unheard)
        self._lacks = lacks

    def contents(self, manifest: Manifest, readers: Sequence[RowReader]) -> Contents:
        if Lacks.TREE not in self._lacks:
            return super().contents(manifest, readers)
        return Contents(self.files, manifest, Findings(), readers)

    def check_events(self, verdict: Verdict) -> None:
        if Lacks.EVENTS not in self._lacks:
            super().check_events(verdict)

    def check_decisions(self, decisions: Rederived | None) -> None:
        if Lacks.DECISIONS not in self._lacks:
            super().check_decisions(decisions)

    def check_quorum(self, seen: HeadsSeen, trust: Trust) -> None:
        if Lacks.QUORUM not in self._lacks:
            super().check_quorum(seen, trust)

    def check_earlier(self, manifest: Manifest, keys: KeyRing, roots: Mapping[int, bytes]) -> int:
        return 0 if Lacks.EARLIER in self._lacks else super().check_earlier(manifest, keys, roots)


def _unheard(rows: int, decisions: int | None) -> None:
    """Nobody listens."""
    del rows, decisions
