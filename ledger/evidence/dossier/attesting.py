"""The decisions of one case derived again from the whole log, where it is kept, and what came of each.

Only the rankings of that case are computed; the log is folded as `rederive` folds it. Pure; fed with the rows
by whoever writes a reserved annex.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from domain.event import Event
from domain.matching.places import Places
from ledger.evidence.dossier.statement import SAME, Attestation
from ledger.evidence.notes.checkpoint import Checkpoint
from ledger.evidence.rederive import RANKERS, Way, deviation_of, is_ranking, override_deviation
from ledger.evidence.rederive_holds import Holds
from ledger.evidence.rederive_verdict import Deviation, Flaw
from ledger.evidence.rederive_walk import Decision, Overriding, Walk
from ledger.faults import BrokenEvent, UnknownTopic
from ledger.store import codec
from ledger.store.port import StoredRow


class DecisionsOfCase:
    """Give it every row of the log in order, up to the head; then ask for what was found."""

    def __init__(self, placements: Collection[UUID]) -> None:
        self._placements = frozenset(placements)
        self._decisions: dict[int, UUID] = {}
        self._found: list[Deviation] = []
        self._walk = Walk(self._judge, self._found.append, judge_override=self._judge_override)
        self._holds = Holds(self._found.append)

    def take(self, rows: Iterable[StoredRow]) -> None:
        for row in rows:
            if row.stream in self._placements and is_ranking(row.topic):
                self._decisions[row.position] = row.stream
            event = self._read(row)
            self._walk.take(row, event)
            self._holds.take(row, event)

    def attestations(self, head: Checkpoint) -> tuple[Attestation, ...]:
        """One for each decision, in order: `same`, or the first flaw that was found of it; what was then held
        otherwise is told of the last decision before it.
        """
        self._walk.end()
        self._holds.end()
        results = dict.fromkeys(self._decisions, SAME)
        for each in sorted(self._found, key=lambda each: each.position):
            told = self._decision_of(each)
            if told is not None and results[told] == SAME:
                results[told] = ",".join([each.flaw.value, *each.fields])
        return tuple(
            Attestation(head=head, position=position, stream=stream, result=results[position])
            for position, stream in self._decisions.items()
        )

    def _decision_of(self, found: Deviation) -> int | None:
        """The decision of the same placement that the flaw is about."""
        before = [
            position
            for position, stream in self._decisions.items()
            if stream == found.stream and position <= found.position
        ]
        return max(before, default=None)

    def _read(self, row: StoredRow) -> Event | None:
        try:
            return codec.decode(row.topic, row.state)
        except (BrokenEvent, UnknownTopic):
            self._found.append(Deviation(flaw=Flaw.UNREADABLE, position=row.position, stream=row.stream))
            return None

    def _judge(self, decision: Decision, places: Places) -> None:
        if decision.stream in self._placements:
            self._note(deviation_of(decision, places, RANKERS[Way.NORMATIVE]))

    def _judge_override(self, overriding: Overriding, places: Places) -> None:
        if overriding.decision.stream in self._placements:
            self._note(override_deviation(overriding, places))

    def _note(self, found: Deviation | None) -> None:
        if found is not None:
            self._found.append(found)
