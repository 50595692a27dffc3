"""`approdo policy impact`: what a file's policy would have done to the decisions that a log holds.

Each decision is ranked again where it was taken, for the same request at the same instant, under the other
rules. It is looked at by itself: what would have followed from another hold is not played. Nothing is
written.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import orjson

from api.commands.progress import Progress
from api.commands.replaying_rows import LogRows, open_rows
from api.network_file.policy_file import read_policy_file
from api.settings import Settings
from domain.event import Event
from domain.matching import rankers
from domain.matching.places import Places
from domain.placement.events import RankedCandidate
from domain.policy import Policy
from domain.vocabulary import UnitId, Urgency
from ledger.evidence.rederive import is_ranking
from ledger.evidence.rederive_verdict import Deviation
from ledger.evidence.rederive_walk import UNFIT, Decision, Walk
from ledger.faults import BrokenEvent, UnknownTopic
from ledger.store import codec
from ledger.store.port import StoredRow

_MOST_DAYS = 366 * 1000
"""Older than any log."""


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
    be ranked again.
    """

    policy: str
    first: int
    last: int
    passed_over: int
    lines: Mapping[str, Line]


class Comparison:
    """Takes a log in any number of pieces, in order, and compares its decisions from position `first` on."""

    def __init__(self, policy: Policy, first: int = 1) -> None:
        self._policy = policy
        self._first = first
        self._walk = Walk(self._compare, self._pass_over)
        self._counts: Counter[tuple[str, str]] = Counter()
        self._requests: dict[tuple[str, str], set[UUID]] = {}
        self._passed_over = 0
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
            policy=self._policy.version,
            first=self._first,
            last=self._walk.position,
            passed_over=self._passed_over,
            lines={name: self._line(name) for name in (*(str(urgency) for urgency in Urgency), "all")},
        )

    def _line(self, urgency: str) -> Line:
        return Line(
            decisions=self._counts[urgency, "decisions"],
            requests=len(self._requests.get((urgency, "requests"), ())),
            another_first=self._counts[urgency, "another_first"],
            given_a_place=len(self._requests.get((urgency, "given_a_place"), ())),
            left_without=len(self._requests.get((urgency, "left_without"), ())),
        )

    def _compare(self, decision: Decision, places: Places) -> None:
        if decision.position < self._first:
            return
        self.decisions += 1
        ranker = rankers.RANKERS[self._policy.ranker]
        try:
            ranking = ranker.rank(decision.request, places, self._policy, decision.certificate.decided_at)
        except UNFIT:
            self._passed_over += 1
            return
        before, after = first_units(decision.certificate.best), first_units(ranking.best)
        self._count(decision, "decisions", "requests")
        if before and after and before != after:
            self._count(decision, "another_first")
        elif after and not before:
            self._count(decision, "given_a_place")
        elif before and not after:
            self._count(decision, "left_without")

    def _count(self, decision: Decision, *names: str) -> None:
        for urgency in (decision.request.requested.urgency, "all"):
            for name in names:
                self._counts[urgency, name] += 1
                self._requests.setdefault((urgency, name), set()).add(decision.stream)

    def _pass_over(self, deviation: Deviation) -> None:
        self._passed_over += deviation.position >= self._first


def first_units(best: tuple[RankedCandidate, ...]) -> tuple[UnitId, ...]:
    """The units of the first candidate; none where nothing was found."""
    return tuple(held.unit_id for held in best[0].units) if best else ()


def _event(row: StoredRow) -> Event | None:
    try:
        return codec.decode(row.topic, row.state)
    except (BrokenEvent, UnknownTopic):
        return None


async def impact(
    settings: Settings, path: Path, *, source: Path | None, last: int | None, days: int | None, in_json: bool
) -> None:
    """Compare the last decisions of a log, and those of its last days; all of them where neither is said.

    Errors: `BadNetworkFile`, `DumpBroken`, and all of `open_rows`.
    """
    policy, progress = read_policy_file(path).policy, Progress()
    async with open_rows(settings, source) as rows:
        comparison = Comparison(policy, await _first(rows, last, days))
        async for page in rows.pages():
            comparison.take(page)
            progress.tell(comparison.rows, comparison.decisions)
        found = comparison.result()
    progress.end(comparison.rows, comparison.decisions)
    print(as_json(found) if in_json else as_text(found))


async def _first(rows: LogRows, last: int | None, days: int | None) -> int:
    """The position from which decisions are looked at."""
    if last is None and days is None:
        return 1
    positions: deque[int] = deque(maxlen=last or 0)
    head: StoredRow | None = None
    async for page in rows.pages():
        positions.extend(row.position for row in page if is_ranking(row.topic))
        head = page[-1]
    first = positions[0] if last is not None and positions else 1
    if days is not None and head is not None:
        since = head.recorded_at - timedelta(days=min(days, _MOST_DAYS))
        first = max(first, await rows.position_at(since) + 1)
    return first


def as_json(found: Impact) -> str:
    """One JSON object."""
    return orjson.dumps(found, option=orjson.OPT_INDENT_2).decode()


def as_text(found: Impact) -> str:
    """Lines for a terminal."""
    heads = ("decisions", "requests", "another first", "given a place", "left without")
    lines = [
        f"under {found.policy}, decisions at positions {found.first} to {found.last}:",
        f"{'':<6}" + "".join(f"{head:>15}" for head in heads),
    ]
    for name, line in found.lines.items():
        counts = (line.decisions, line.requests, line.another_first, line.given_a_place, line.left_without)
        lines.append(f"{name:<6}" + "".join(f"{count:>15}" for count in counts))
    if found.passed_over:
        lines.append(f"not looked at, as the log does not allow it: {found.passed_over}")
    lines.append(
        "another first: decisions; given a place, left without: requests. Each decision is looked at by "
        "itself."
    )
    return "\n".join(lines)
