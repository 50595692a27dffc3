"""One walk over a log that shows each ranking beside the places as they stood at the position it names.

A certificate is recorded after the position it was ranked at, and the next one may name an earlier position
than the one before it. So the places are folded a window of rows behind the row that is being read, and a
certificate waits for them. What is kept is the state, the window, and nothing of what has passed. Pure; for
`rederive`, and for whoever asks how another policy would have ranked.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from domain.case import RuleOverridden
from domain.event import Event
from domain.matching.places import Places
from domain.matching.ranking import RankRequest, request_of
from domain.placement import state as placement
from domain.placement.events import CandidatesRanked, PlacementEvent, PlacementRequested
from domain.placement.state import Offer, PlacementState
from domain.vocabulary import PlacementId
from ledger.evidence.rederive_verdict import Deviation, Flaw
from ledger.store.port import StoredRow

WINDOW = 20_000
"""Rows. A ranking is recorded within seconds of the position it was taken at."""

UNFIT = (AssertionError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError, OSError)
"""What a fold or a ranker may raise over a log that no program of ours wrote. OSError: of a time zone whose
name is that of a folder among the zones' files, or too long for one.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """A ranking as it stands in the log, and what its placement asked for just before it."""

    position: int
    stream: UUID
    certificate: CandidatesRanked
    request: RankRequest


@dataclass(frozen=True, kw_only=True, slots=True)
class Overriding:
    """A place held against rules, the ranking of the same command, and what was held."""

    position: int
    stream: UUID
    told: RuleOverridden
    decision: Decision
    held: Offer


Judge = Callable[[Decision, Places], None]
JudgeOverride = Callable[[Overriding, Places], None]
Find = Callable[[Deviation], None]


class Walk:
    """Give it every row in order, with its event; `judge` is called once for each decision whose position is
    reached, `judge_override` for each that went against a rule, `find` with what keeps one from it.
    """

    def __init__(
        self, judge: Judge, find: Find, window: int = WINDOW, judge_override: JudgeOverride | None = None
    ) -> None:
        self._judge_decision = judge
        self._judge_override = judge_override
        self._find = find
        self._window = window
        self._places = Places()
        self._ahead: deque[tuple[StoredRow, Event | None]] = deque()
        self._waiting: dict[int, list[Decision | Overriding]] = {}
        self._ranked: dict[UUID, Decision] = {}
        self._placements: dict[PlacementId, PlacementState] = {}
        self._command: tuple[bytes, int] = (b"", 0)
        self.position = 0

    def take(self, row: StoredRow, event: Event | None) -> None:
        """The next row; None is an event that could not be read."""
        if row.position != self.position + 1:
            self._find(Deviation(flaw=Flaw.OUT_OF_ORDER, position=row.position, stream=row.stream))
        if row.position <= self.position:
            return
        self.position = row.position
        if row.metadata != self._command[0]:
            # Events of one command stand together and share their metadata.
            self._command = row.metadata, row.position
            self._ranked = {}
        self._follow(row, event)
        self._ahead.append((row, event))
        while len(self._ahead) > self._window:
            self._fold(*self._ahead.popleft())

    def end(self) -> None:
        """The log ends here."""
        while self._ahead:
            self._fold(*self._ahead.popleft())
        for left in self._waiting.values():  # their position is one of those that are missing
            for decision in left:
                self._flaw(Flaw.POSITION_OUT_OF_LOG, decision.position, decision.stream)
        self._waiting.clear()

    def _follow(self, row: StoredRow, event: Event | None) -> None:
        """Bring the row's placement forward; a ranking is of what it asked for until then."""
        if isinstance(event, RuleOverridden):
            self._override(row, event)
        if event is None or event.KIND != "placement":
            return
        placement_id = PlacementId(row.stream)
        before = self._placements.get(placement_id)
        if isinstance(event, CandidatesRanked):
            self._await(row, event, before)
        if before is None and not isinstance(event, PlacementRequested):
            return  # it has ended
        try:
            state = placement.evolve(before or placement.initial, cast("PlacementEvent", event))
        except UNFIT:
            return  # said when the places are folded, which follow the same events
        if state.outcome is None:
            self._placements[placement_id] = state
        else:
            self._placements.pop(placement_id, None)

    def _await(self, row: StoredRow, certificate: CandidatesRanked, asked: PlacementState | None) -> None:
        at = certificate.position
        if asked is None or asked.request is None:
            self._flaw(Flaw.REQUEST_UNKNOWN, row.position, row.stream)
        elif not 0 <= at < self._command[1]:
            self._flaw(Flaw.POSITION_OUT_OF_LOG, row.position, row.stream)
        elif at < self._places.position:
            self._flaw(Flaw.POSITION_TOO_FAR_BACK, row.position, row.stream)
        else:
            decision = Decision(
                position=row.position,
                stream=row.stream,
                certificate=certificate,
                request=request_of(PlacementId(row.stream), asked),
            )
            self._ranked[row.stream] = decision
            self._submit(decision, at)

    def _override(self, row: StoredRow, told: RuleOverridden) -> None:
        """What it went against stands in the ranking of its own command, and what it held beside it."""
        decision, state = self._ranked.get(told.placement_id), self._placements.get(told.placement_id)
        held = state.offers.get(told.offer_id) if state is not None else None
        if decision is None or state is None or held is None or state.hold != told.offer_id:
            self._flaw(Flaw.OVERRIDDEN_OTHERWISE, row.position, row.stream)
        elif decision.certificate.position < self._places.position:
            self._flaw(Flaw.POSITION_TOO_FAR_BACK, row.position, row.stream)
        else:
            found = Overriding(
                position=row.position, stream=row.stream, told=told, decision=decision, held=held
            )
            self._submit(found, decision.certificate.position)

    def _submit(self, judged: Decision | Overriding, at: int) -> None:
        if at == self._places.position:
            self._judge(judged)
        else:
            self._waiting.setdefault(at, []).append(judged)

    def _judge(self, judged: Decision | Overriding) -> None:
        if isinstance(judged, Decision):
            self._judge_decision(judged, self._places)
        elif self._judge_override is not None:
            self._judge_override(judged, self._places)

    def _fold(self, row: StoredRow, event: Event | None) -> None:
        if event is not None:
            try:
                self._places.apply(row.stream, row.version, row.position, event)
            except UNFIT:
                self._flaw(Flaw.IMPOSSIBLE, row.position, row.stream)
        self._places.position = row.position
        for judged in self._waiting.pop(row.position, ()):
            self._judge(judged)

    def _flaw(self, flaw: Flaw, position: int, stream: UUID) -> None:
        self._find(Deviation(flaw=flaw, position=position, stream=stream))
