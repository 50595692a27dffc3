"""Whether what was held is what was decided: each hold against the candidate that its decision names.

A hold that is taken with a ranking is that ranking's first candidate, the first outside a hold that the same
command gives back unanswered, or the one that is chosen in the same command. Whoever offers a place names the
candidate that is held, and says why, unless all that come before it were asked already. Nobody is left
waiting by a ranking that found a place. A house's late yes takes the places of its own offer again, the same
ones, whatever its ranking would have held first. A place that is held against a rule is held with what tells
so: whether it says the truth `rederive` asks. For `rederive`.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from uuid import UUID

from domain.case import RuleOverridden
from domain.codes import ReleaseCause
from domain.event import Event
from domain.placement.events import (
    CandidatesRanked,
    DecisionTaken,
    HoldPlaced,
    HoldReleased,
    LeftWaiting,
    OfferAccepted,
    PlacementEnded,
    RankedCandidate,
)
from domain.vocabulary import OfferId, UnitId
from ledger.evidence.rederive_verdict import Deviation, Flaw
from ledger.evidence.rederive_walk import Find
from ledger.store.port import StoredRow

_Told = (
    CandidatesRanked
    | HoldPlaced
    | HoldReleased
    | LeftWaiting
    | DecisionTaken
    | OfferAccepted
    | PlacementEnded
    | RuleOverridden
)


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
        against = {event.offer_id for _, event in command if isinstance(event, RuleOverridden)}
        silent = {
            row.stream: self._units_of(row.stream, event.offer_id)
            for row, event in command
            if isinstance(event, HoldReleased) and event.cause is ReleaseCause.UNANSWERED
        }
        for row, event in command:
            match event:
                case CandidatesRanked():
                    self._ranked[row.stream] = event
                case HoldPlaced(offer_id=offer_id):
                    self._held[row.stream] = event
                    first = self._offered.setdefault(row.stream, {}).setdefault(offer_id, event)
                    if first is not event and offer_id in accepted:
                        self._judge_again(row, event, first)
                    elif offer_id not in against and row.stream in ranked:
                        self._judge(row, event, chosen.get(offer_id), silent.get(row.stream, frozenset()))
                case LeftWaiting():
                    found = self._ranked.get(row.stream)
                    if row.stream in ranked and found is not None and found.best:
                        self._flaw(Flaw.LEFT_WAITING, row)
                case DecisionTaken():
                    self._judge(row, self._held.get(row.stream), event)
                case OfferAccepted() | HoldReleased() | RuleOverridden():
                    pass
                case PlacementEnded():
                    self._ranked.pop(row.stream, None)
                    self._held.pop(row.stream, None)
                    self._offered.pop(row.stream, None)

    def _judge(
        self,
        row: StoredRow,
        hold: HoldPlaced | None,
        taken: DecisionTaken | None,
        silent: AbstractSet[UnitId] = frozenset(),
    ) -> None:
        ranked = self._ranked.get(row.stream)
        candidate = candidate_named(ranked, taken) if taken is not None else first_outside(ranked, silent)
        same = (
            candidate is not None
            and not self._unexplained(row.stream, ranked, taken)
            and hold is not None
            and (hold.shelter_id, hold.units) == (candidate.shelter_id, candidate.units)
            and (taken is None or taken.offer_id == hold.offer_id)
        )
        if not same:
            self._flaw(Flaw.HELD_ANOTHER, row)

    def _unexplained(
        self, stream: UUID, ranked: CandidatesRanked | None, taken: DecisionTaken | None
    ) -> bool:
        """Whether a choice says no reason though a better candidate was never held before."""
        if ranked is None or taken is None or taken.reason is not None:
            return False
        earlier = [offer_id for offer_id in self._offered.get(stream, {}) if offer_id != taken.offer_id]
        asked = frozenset[UnitId]().union(*(self._units_of(stream, offer_id) for offer_id in earlier))
        return any(asked.isdisjoint(_units(each)) for each in ranked.best[: taken.choice - 1])

    def _units_of(self, stream: UUID, offer_id: OfferId) -> frozenset[UnitId]:
        hold = self._offered.get(stream, {}).get(offer_id)
        return frozenset() if hold is None else _units(hold)

    def _judge_again(self, row: StoredRow, again: HoldPlaced, first: HoldPlaced) -> None:
        if (again.shelter_id, again.units) != (first.shelter_id, first.units):
            self._flaw(Flaw.HELD_ANOTHER, row)

    def _flaw(self, flaw: Flaw, row: StoredRow) -> None:
        self._find(Deviation(flaw=flaw, position=row.position, stream=row.stream))


def candidate_named(ranked: CandidatesRanked | None, taken: DecisionTaken) -> RankedCandidate | None:
    """The candidate that a decision names out of a ranking."""
    if ranked is None or not 0 < taken.choice <= len(ranked.best):
        return None
    return ranked.best[taken.choice - 1] if taken.digest == ranked.digest else None


def first_outside(ranked: CandidatesRanked | None, units: AbstractSet[UnitId]) -> RankedCandidate | None:
    """The first candidate of a ranking that lies in none of these units."""
    best = () if ranked is None else ranked.best
    return next((each for each in best if units.isdisjoint(_units(each))), None)


def _units(taken: HoldPlaced | RankedCandidate) -> frozenset[UnitId]:
    return frozenset(held.unit_id for held in taken.units)
