"""Derives every decision of a log again: the same ranker, the same policy, the log up to the same position.

Each certificate is computed anew and compared whole, its digest included; and each hold is compared with the
candidate that its decision names. It reads rows and nothing else: no database, no live state, no clock, and
keeps no more of a long log than of a short one. Called by `approdo replay --decisions` and by trials.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields

from domain.coordination.overriding import OVERRIDABLE
from domain.event import Event
from domain.matching import rankers
from domain.matching.certificate import certify
from domain.matching.places import Places
from domain.matching.rankers import Ranker
from domain.matching.ranking import Ranking
from domain.placement.events import CandidatesRanked
from ledger.evidence.rederive_holds import Holds
from ledger.evidence.rederive_verdict import Deviation, Flaw, Rederived
from ledger.evidence.rederive_walk import UNFIT, WINDOW, Decision, Overriding, Walk
from ledger.faults import BrokenEvent, UnknownTopic
from ledger.store import codec
from ledger.store.port import StoredRow

MOST_TOLD = 1000
"""Deviations told in full; all of them are counted."""


class Way(enum.Enum):
    """Which ranker of a name computes: the one that visits each unit and is the rule, or its fast twin."""

    NORMATIVE = "normative"
    FAST = "fast"


RANKERS: Mapping[Way, Mapping[str, Ranker]] = {Way.NORMATIVE: rankers.NORMATIVE, Way.FAST: rankers.RANKERS}


def rederive(rows: Iterable[StoredRow], way: Way = Way.NORMATIVE) -> Rederived:
    """Derive the decisions of a whole log, from position 1 on."""
    rederivation = Rederivation(way)
    rederivation.take(rows)
    return rederivation.result()


class Rederivation:
    """Takes a log in any number of pieces, in order."""

    def __init__(self, way: Way = Way.NORMATIVE, *, window: int = WINDOW) -> None:
        self._rankers = RANKERS[way]
        self._flaws: Counter[Flaw] = Counter()
        self._told: list[Deviation] = []
        self._walk = Walk(self._judge, self._find, window, self._judge_override)
        self._holds = Holds(self._find)
        self.rows = 0
        self.decisions = 0
        self.alike = 0

    def take(self, rows: Iterable[StoredRow]) -> None:
        for row in rows:
            self.rows += 1
            event = self._read(row)
            self._walk.take(row, event)
            self._holds.take(row, event)

    def result(self) -> Rederived:
        """What was found up to here; the log is taken to end."""
        self._walk.end()
        self._holds.end()
        return Rederived(
            rows=self.rows,
            position=self._walk.position,
            decisions=self.decisions,
            alike=self.alike,
            flaws=dict(sorted(self._flaws.items())),
            deviations=tuple(sorted(self._told, key=lambda each: each.position)),
        )

    def _read(self, row: StoredRow) -> Event | None:
        self.decisions += is_ranking(row.topic)
        try:
            return codec.decode(row.topic, row.state)
        except (BrokenEvent, UnknownTopic):
            self._find(Deviation(flaw=Flaw.UNREADABLE, position=row.position, stream=row.stream))
            return None

    def _judge(self, decision: Decision, places: Places) -> None:
        deviation = deviation_of(decision, places, self._rankers)
        if deviation is None:
            self.alike += 1
        else:
            self._find(deviation)

    def _judge_override(self, overriding: Overriding, places: Places) -> None:
        deviation = override_deviation(overriding, places)
        if deviation is not None:
            self._find(deviation)

    def _find(self, deviation: Deviation) -> None:
        self._flaws[deviation.flaw] += 1
        if len(self._told) < MOST_TOLD:
            self._told.append(deviation)


def is_ranking(topic: str) -> bool:
    """Whether events of this topic are certificates, of whatever version."""
    return topic.rpartition(".")[0] == CandidatesRanked.TOPIC.rpartition(".")[0]


def deviation_of(decision: Decision, places: Places, by: Mapping[str, Ranker]) -> Deviation | None:
    """What keeps the certificate from following from these places; None where it does."""
    recorded = decision.certificate
    policy, ranker = places.network.policy_of(recorded.policy), by.get(recorded.ranker)
    if policy is None:
        return _flawed(decision, Flaw.POLICY_UNKNOWN)
    if policy != places.network.policy:
        return _flawed(decision, Flaw.POLICY_NOT_IN_FORCE)
    if ranker is None:
        return _flawed(decision, Flaw.RANKER_UNKNOWN)
    if recorded.ranker != policy.ranker:
        return _flawed(decision, Flaw.RANKER_NOT_OF_POLICY)
    derived = derived_ranking(decision, places, by)
    if derived is None:
        return _flawed(decision, Flaw.NOT_DERIVABLE)
    again = certify(derived)
    return None if again == recorded else _flawed(decision, Flaw.DIFFERS, _differing(again, recorded))


def derived_ranking(decision: Decision, places: Places, by: Mapping[str, Ranker]) -> Ranking | None:
    """What the ranker says under the policy that the certificate names; None where it cannot."""
    recorded = decision.certificate
    policy, ranker = places.network.policy_of(recorded.policy), by.get(recorded.ranker)
    if policy is None or ranker is None:
        return None
    try:
        return ranker.rank(decision.request, places, policy, recorded.decided_at)
    except UNFIT:
        return None


def override_deviation(overriding: Overriding, places: Places) -> Deviation | None:
    """What keeps a place from having been held against the rules that its event names; None where those are
    what stood against it. By the rule itself: of one unit the fast twin says nothing.
    """
    decision, told, held = overriding.decision, overriding.told, overriding.held
    recorded = decision.certificate
    otherwise = Deviation(
        flaw=Flaw.OVERRIDDEN_OTHERWISE, position=overriding.position, stream=overriding.stream
    )
    policy, ranker = places.network.policy_of(recorded.policy), rankers.NORMATIVE.get(recorded.ranker)
    if policy is None or ranker is None or len(held.units) != 1:
        return otherwise
    try:
        unit_id = held.units[0].unit_id
        found = ranker.against(decision.request, places, policy, recorded.decided_at, unit_id)
    except UNFIT:
        return otherwise
    as_told = (told.rules, held.shelter_id, held.units) == (found.rules, found.shelter_id, found.units)
    return None if as_told and found.rules and OVERRIDABLE.issuperset(found.rules) else otherwise


def _differing(derived: CandidatesRanked, recorded: CandidatesRanked) -> tuple[str, ...]:
    return tuple(
        field.name
        for field in fields(recorded)
        if getattr(derived, field.name) != getattr(recorded, field.name)
    )


def _flawed(decision: Decision, flaw: Flaw, differing: tuple[str, ...] = ()) -> Deviation:
    return Deviation(flaw=flaw, position=decision.position, stream=decision.stream, fields=differing)
