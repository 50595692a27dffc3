"""`approdo replay`: the log read again up to an instant or a position, shown, and checked.

It changes nothing and trusts no live table: what it shows is folded from the events, and what it checks is
checked on their bytes. Only at the head of the log is the second guard compared as well. How it looks is
`replaying_shown`'s.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.commands.instants import instant
from api.settings import Settings
from api.wiring import open_ledger
from domain.claims import ClaimKind
from domain.event import Event
from domain.matching.places import Places
from domain.placement.events import CandidatesRanked
from domain.vocabulary import PlacementId
from ledger.evidence.invariants import Checker
from ledger.evidence.verdict import Verdict
from ledger.faults import LedgerFault
from ledger.store.belief import Belief
from ledger.store.happened import Happened, Happenings, note_corrections
from ledger.store.port import Store, StoredRow
from ledger.store.replay import Replay, position_of, rows_upto
from projections.as_it_was import NetworkAsItWas, network_as_it_was, told_about
from projections.ranking_view import RankingView, ranking_view


class PlacementNotInLog(LedgerFault):
    """No placement has this id up to there: check the id, or replay further."""


class AboutWhatHadNotCome(LedgerFault):
    """What was believed at an instant is about that one or an earlier one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One event of a placement's journey, with where it stands: on its own stream, or on another's (a unit,
    a case) by the same command. `happened_at` is when it happened, as far as the log up to there says.
    """

    position: int
    stream: UUID
    version: int
    recorded_at: datetime
    happened_at: datetime
    event_id: UUID
    topic: str
    event: Event


@dataclass(frozen=True, kw_only=True, slots=True)
class Replayed:
    """What a replay found. `was` is what the doors tell of the same instant, and `places` what it is told
    from; `ranking` is the placement's that stood then.
    """

    folded: Replay
    places: Places
    was: NetworkAsItWas
    verdict: Verdict
    timeline: tuple[Told, ...]
    ranking: RankingView | None


async def replay(
    settings: Settings,
    *,
    as_of: str | None,
    position: int | None,
    about: str | None,
    placement_id: UUID | None,
    in_json: bool,
) -> bool:
    """Show the log up to there; whether it is sound.

    Errors: `WrongInstant`, `PlacementNotInLog`, `AboutWhatHadNotCome`, and all of `open_ledger`.
    """
    from api.commands import replaying_shown

    async with open_ledger(settings, join=True) as ledger:
        zone = ledger.engine.index.places.network.zone
        at = instant(as_of, zone) if as_of is not None else None
        upto = await position_of(ledger.store, position=position, as_of=at)
        if at is None and position is None:
            at = await ledger.store.now()
        told = instant(about, zone) if about is not None else None
        found = await replayed(ledger.store, upto, placement_id, as_of=at, about=told)
    if placement_id is not None and not found.timeline:
        raise PlacementNotInLog(str(placement_id))
    print(replaying_shown.as_json(found) if in_json else replaying_shown.as_text(found, zone))
    return found.verdict.sound


async def replayed(
    store: Store,
    upto: int,
    placement_id: UUID | None,
    *,
    as_of: datetime | None = None,
    about: datetime | None = None,
) -> Replayed:
    """The log up to a position, with one placement's journey. `as_of` is the instant asked for (None: when
    the position was recorded); `about`: told of an earlier instant. Errors: the store's, and
    `AboutWhatHadNotCome`.
    """
    if about is not None and as_of is not None and about > as_of:
        raise AboutWhatHadNotCome
    # The tables are read first: a command recorded meanwhile must not look like a difference.
    tables = {kind: await store.claims(kind) for kind in ClaimKind}
    whole = await store.head() == upto
    corrected = await _corrections(store, upto) if placement_id is not None or about is not None else {}
    folded, checker, journey = Replay(), Checker(), _Journey(placement_id, Happenings(corrected))
    belief = Belief(about, corrected) if about is not None else None
    async for rows in rows_upto(store, upto):
        folded.take(rows)
        checker.take(rows)
        journey.take(rows)
        if belief is not None:
            belief.take(rows)
    verdict = checker.verdict(tables if whole and await store.head() == upto else None)
    at = as_of or folded.recorded_at or await store.now()
    if about is not None and about > at:
        raise AboutWhatHadNotCome
    believed = belief.result() if belief is not None else None
    places = believed.places if believed is not None else folded.places
    timeline = journey.told(about)
    return Replayed(
        folded=folded,
        places=places,
        was=network_as_it_was(
            places,
            recorded_at=folded.recorded_at,
            as_of=at,
            head=upto,
            head_recorded_at=folded.recorded_at,
            hidden=frozenset(),
            told_about=told_about(about, believed, frozenset()) if about is not None and believed else None,
        ),
        verdict=verdict,
        timeline=timeline,
        ranking=_ranking(placement_id, timeline),
    )


async def _corrections(store: Store, upto: int) -> dict[tuple[UUID, int], datetime]:
    found: dict[tuple[UUID, int], datetime] = {}
    async for rows in rows_upto(store, upto):
        note_corrections(found, rows)
    return found


def _ranking(placement_id: UUID | None, timeline: tuple[Told, ...]) -> RankingView | None:
    """The placement's that stood: the last of those."""
    for told in reversed(timeline):
        if told.stream == placement_id and isinstance(told.event, CandidatesRanked):
            return ranking_view(PlacementId(told.stream), told.event, told.position)
    return None


class _Journey:
    """The events of every command that wrote to one placement."""

    def __init__(self, placement_id: UUID | None, happenings: Happenings) -> None:
        self._placement_id = placement_id
        self._happenings = happenings
        self._told: list[Told] = []
        self._command: list[Happened] = []

    def take(self, rows: Iterable[StoredRow]) -> None:
        if self._placement_id is None:
            return
        for told in self._happenings.take(rows):
            if self._command and self._command[-1].row.metadata != told.row.metadata:
                self._settle()
            self._command.append(told)

    def told(self, about: datetime | None) -> tuple[Told, ...]:
        """All of it, or what had happened by an instant."""
        self._command += self._happenings.end()
        self._settle()
        return tuple(told for told in self._told if about is None or told.happened_at <= about)

    def _settle(self) -> None:
        if any(told.row.stream == self._placement_id for told in self._command):
            self._told += [_told(told) for told in self._command]
        self._command = []


def _told(told: Happened) -> Told:
    row = told.row
    return Told(
        position=row.position,
        stream=row.stream,
        version=row.version,
        recorded_at=row.recorded_at,
        happened_at=told.at,
        event_id=row.event_id,
        topic=row.topic,
        event=told.event,
    )
