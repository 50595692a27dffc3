"""What would have become of the decisions of a log under another policy, or with one more unit.

Each decision is ranked again where it was taken, for the same request at the same instant, over the places as
they really stood. It is looked at by itself: what would have followed from another hold is not played. Pure,
and it reads rows alone; called by `approdo policy impact` and `approdo replay --decisions`.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.event import Event
from domain.matching import rankers
from domain.matching.places import Places
from domain.matching.ranking import Ranking
from domain.placement.events import RankedCandidate
from domain.policy import Policy
from domain.vocabulary import UnitId, Urgency
from ledger.evidence.one_more import UNIT, OneMore
from ledger.evidence.rederive_verdict import Deviation
from ledger.evidence.rederive_walk import UNFIT, WINDOW, Decision, Walk
from ledger.faults import BrokenEvent, UnknownTopic
from ledger.store import codec
from ledger.store.port import StoredRow

MOST_TOLD = 1000
"""Decisions told in full; all of them are counted."""


class Change(enum.StrEnum):
    """What would have been otherwise: another first place, one instead of none, none instead of one."""

    ANOTHER_FIRST = "ANOTHER_FIRST"
    GIVEN_A_PLACE = "GIVEN_A_PLACE"
    LEFT_WITHOUT = "LEFT_WITHOUT"


@dataclass(frozen=True, kw_only=True, slots=True)
class Otherwise:
    """A decision that would have been another: `was` are the units of the first candidate as recorded,
    `would` those of what comes first instead. `by_one_more`: that is the one more unit.
    """

    position: int
    placement_id: UUID
    urgency: Urgency
    decided_at: datetime
    change: Change
    was: tuple[UnitId, ...]
    would: tuple[UnitId, ...]
    by_one_more: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What would have become of the decisions of one urgency, or of all. `requests` are those they were taken
    for; `given_a_place` had no candidate at one of them and would have had one; `left_without` the other way
    round.
    """

    decisions: int
    requests: int
    another_first: int
    given_a_place: int
    left_without: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Impact:
    """`first` and `last` are the positions between which decisions were looked at; `passed_over` could not
    be ranked again. `policy` is the version under which (None: each under its own). `one_more_first`: so many
    requests would have had the one more unit first. `changed` tells the first thousand of `changed_count`.
    """

    policy: str | None
    first: int
    last: int
    passed_over: int
    one_more_first: int
    lines: Mapping[str, Line]
    changed_count: int
    changed: tuple[Otherwise, ...]


class Comparison:
    """Takes a log in any number of pieces, in order, and compares its decisions from position `first` on with
    what they would have been under `policy` (None: each under its own), with `one_more` unit.
    """

    def __init__(
        self,
        policy: Policy | None,
        first: int = 1,
        *,
        one_more: OneMore | None = None,
        window: int = WINDOW,
    ) -> None:
        self._policy = policy
        self._one_more = one_more
        self._first = first
        self._walk = Walk(self._compare, self._pass_over, window)
        self._counts: Counter[tuple[str, str]] = Counter()
        self._requests: dict[tuple[str, str], set[UUID]] = {}
        self._named: set[UUID] = set()
        self._changed: list[Otherwise] = []
        self._passed_over = self._changes = 0
        self.rows = 0
        self.decisions = 0

    def take(self, rows: Iterable[StoredRow]) -> None:
        for row in rows:
            self.rows += 1
            self._walk.take(row, _event(row))

    def result(self) -> Impact:
        """What was found up to here; the log is taken to end."""
        self._walk.end()
        return Impact(
            policy=self._policy.version if self._policy is not None else None,
            first=self._first,
            last=self._walk.position,
            passed_over=self._passed_over,
            one_more_first=len(self._named),
            lines={name: self._line(name) for name in (*(str(urgency) for urgency in Urgency), "all")},
            changed_count=self._changes,
            changed=tuple(sorted(self._changed, key=lambda each: each.position)),
        )

    def _line(self, urgency: str) -> Line:
        return Line(
            decisions=self._counts[urgency, "decisions"],
            requests=len(self._requests.get((urgency, "requests"), ())),
            another_first=self._counts[urgency, Change.ANOTHER_FIRST],
            given_a_place=len(self._requests.get((urgency, Change.GIVEN_A_PLACE), ())),
            left_without=len(self._requests.get((urgency, Change.LEFT_WITHOUT), ())),
        )

    def _compare(self, decision: Decision, places: Places) -> None:
        at = decision.certificate.decided_at
        if decision.position < self._first or not (self._one_more is None or self._one_more.free_at(at)):
            return
        self.decisions += 1
        ranking = self._ranked(decision, places)
        if ranking is None:
            self._passed_over += 1
            return
        self._count(decision, "decisions", "requests")
        was, would = first_units(decision.certificate.best), first_units(ranking.best)
        change = change_of(was, would)
        if change is not None:
            self._count(decision, change)
            self._tell(decision, change, was, would)

    def _ranked(self, decision: Decision, places: Places) -> Ranking | None:
        """None where the log does not allow it. The fast twins are for places that only grow: with one more
        unit among them the rule itself ranks.
        """
        at = decision.certificate.decided_at
        policy = self._policy or places.network.policy_of(decision.certificate.policy)
        if policy is None:
            return None
        by = rankers.RANKERS if self._one_more is None else rankers.NORMATIVE
        try:
            stood = places if self._one_more is None else self._one_more.beside(places, at)
            return by[policy.ranker].rank(decision.request, stood, policy, at)
        except UNFIT:
            return None

    def _tell(
        self, decision: Decision, change: Change, was: tuple[UnitId, ...], would: tuple[UnitId, ...]
    ) -> None:
        self._changes += 1
        if UNIT in would:
            self._named.add(decision.stream)
        if len(self._changed) < MOST_TOLD:
            otherwise = Otherwise(
                position=decision.position,
                placement_id=decision.stream,
                urgency=decision.request.requested.urgency,
                decided_at=decision.certificate.decided_at,
                change=change,
                was=was,
                would=would,
                by_one_more=UNIT in would,
            )
            self._changed.append(otherwise)

    def _count(self, decision: Decision, *names: str) -> None:
        for urgency in (decision.request.requested.urgency, "all"):
            for name in names:
                self._counts[urgency, name] += 1
                self._requests.setdefault((urgency, name), set()).add(decision.stream)

    def _pass_over(self, deviation: Deviation) -> None:
        self._passed_over += deviation.position >= self._first


def change_of(was: tuple[UnitId, ...], would: tuple[UnitId, ...]) -> Change | None:
    """Between two first candidates; none where there is no candidate."""
    if was == would:
        return None
    if was and would:
        return Change.ANOTHER_FIRST
    return Change.GIVEN_A_PLACE if would else Change.LEFT_WITHOUT


def first_units(best: tuple[RankedCandidate, ...]) -> tuple[UnitId, ...]:
    """The units of the first candidate; none where nothing was found."""
    return tuple(held.unit_id for held in best[0].units) if best else ()


def _event(row: StoredRow) -> Event | None:
    try:
        return codec.decode(row.topic, row.state)
    except (BrokenEvent, UnknownTopic):
        return None
