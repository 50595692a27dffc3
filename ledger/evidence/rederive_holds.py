"""Whether what was held is what was decided: each hold against the candidate that its decision names.

A hold that is taken with a ranking is that ranking's first candidate, or the one that a person chose in the
same command; whoever offers a place names the candidate that is held; and nobody is left waiting by a ranking
that found a place. A house's late yes takes the places of its own offer again, the same ones, whatever its
ranking would have held first. For `rederive`.
"""

from __future__ import annotations

from uuid import UUID

from domain.event import Event
from domain.placement.events import (
    CandidatesRanked,
    DecisionTaken,
    HoldPlaced,
    LeftWaiting,
    OfferAccepted,
    PlacementEnded,
    RankedCandidate,
)
from domain.vocabulary import OfferId
from ledger.evidence.rederive_verdict import Deviation, Flaw
from ledger.evidence.rederive_walk import Find
from ledger.store.port import StoredRow

_Told = CandidatesRanked | HoldPlaced | LeftWaiting | DecisionTaken | OfferAccepted | PlacementEnded


class Holds:
    """Give it every row in order, with its event (None: it could not be read). Of each open placement it
    keeps the latest ranking, the latest hold, and the first hold of each offer.
    """

    def __init__(self, find: Find) -> None:
        self._find = find
        self._metadata = b""
        self._command: list[tuple[StoredRow, _Told]] = []
        self._ranked: dict[UUID, CandidatesRanked] = {}
        self._held: dict[UUID, HoldPlaced] = {}
        self._offered: dict[UUID, dict[OfferId, HoldPlaced]] = {}

    def take(self, row: StoredRow, event: Event | None) -> None:
        if row.metadata != self._metadata:
            self.end()
            self._metadata = row.metadata
        if isinstance(event, _Told):
            self._command.append((row, event))

    def end(self) -> None:
        """The command ends here."""
        command, self._command = self._command, []
        ranked = {row.stream for row, event in command if isinstance(event, CandidatesRanked)}
        chosen = {event.offer_id: event for _, event in command if isinstance(event, DecisionTaken)}
        accepted = {event.offer_id for _, event in command if isinstance(event, OfferAccepted)}
        for row, event in command:
            match event:
                case CandidatesRanked():
                    self._ranked[row.stream] = event
                case HoldPlaced(offer_id=offer_id):
                    self._held[row.stream] = event
                    first = self._offered.setdefault(row.stream, {}).setdefault(offer_id, event)
                    if first is not event and offer_id in accepted:
                        self._judge_again(row, event, first)
                    elif row.stream in ranked:
                        self._judge(row, event, chosen.get(offer_id))
                case LeftWaiting():
                    if row.stream in ranked and self._ranked[row.stream].best:
                        self._flaw(Flaw.LEFT_WAITING, row)
                case DecisionTaken():
                    self._judge(row, self._held.get(row.stream), event)
                case OfferAccepted():
                    pass
                case PlacementEnded():
                    self._ranked.pop(row.stream, None)
                    self._held.pop(row.stream, None)
                    self._offered.pop(row.stream, None)

    def _judge(self, row: StoredRow, hold: HoldPlaced | None, taken: DecisionTaken | None) -> None:
        candidate = candidate_named(self._ranked.get(row.stream), taken)
        same = (
            candidate is not None
            and hold is not None
            and (hold.shelter_id, hold.units) == (candidate.shelter_id, candidate.units)
            and (taken is None or taken.offer_id == hold.offer_id)
        )
        if not same:
            self._flaw(Flaw.HELD_ANOTHER, row)

    def _judge_again(self, row: StoredRow, again: HoldPlaced, first: HoldPlaced) -> None:
        if (again.shelter_id, again.units) != (first.shelter_id, first.units):
            self._flaw(Flaw.HELD_ANOTHER, row)

    def _flaw(self, flaw: Flaw, row: StoredRow) -> None:
        self._find(Deviation(flaw=flaw, position=row.position, stream=row.stream))


def candidate_named(ranked: CandidatesRanked | None, taken: DecisionTaken | None) -> RankedCandidate | None:
    """The candidate that a decision names out of a ranking: the first, unless somebody chose."""
    choice = 1 if taken is None else taken.choice
    if ranked is None or not 0 < choice <= len(ranked.best):
        return None
    return ranked.best[choice - 1] if taken is None or taken.digest == ranked.digest else None
