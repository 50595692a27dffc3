"""The network as it was at one position of the log: the bed board, how old its words were, the on-call queue,
who was in a house, and the policy in force.

Made by the functions that make the rows of today from the places that the log up to there folds to, so that
it says what the boards said then. No house, unit or zone is named. Pure; the door of the past calls it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.matching.places import Places
from domain.placement.state import Phase
from domain.vocabulary import LevelFunction, PlacementId, Urgency
from ledger.store.belief import Believed
from ledger.store.happened import Entry
from projections.bed_board import BoardLine, bed_board
from projections.data_ages import AgeLine, data_ages
from projections.on_call_queue import QueueLine, QueueRow, on_call_queue, queue_row


@dataclass(frozen=True, kw_only=True, slots=True)
class StayLine:
    """A household that was in a house, and what it had asked for."""

    placement_id: PlacementId
    version: int
    phase: Phase
    urgency: Urgency
    level: LevelFunction
    household_size: int
    asked_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldAbout:
    """What is told is of `about`, as far as it was recorded by `as_of`. `learned_later` were recorded after
    `about` and are said to have happened by then (the first hundred; `learned_later_count` says how many);
    `left_out` counts what was recorded by then and declared since to have happened later, `resting` what
    follows from something that had not happened yet.
    """

    about: datetime
    learned_later: tuple[Entry, ...]
    learned_later_count: int
    left_out: int
    resting: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkAsItWas:
    """Everything recorded up to `position`, as it stood at `as_of`; `recorded_at` is when that position was
    recorded. The log has grown since: to `head`, recorded at `head_recorded_at`. `policy` was in force, by
    its `ranker`. `ages` tells every unit's last word by its age, also of full ones. With `told_about` it is
    what was believed by then about an earlier instant.
    """

    position: int
    recorded_at: datetime | None
    as_of: datetime
    head: int
    head_recorded_at: datetime | None
    policy: str | None
    ranker: str | None
    board: tuple[BoardLine, ...]
    ages: tuple[AgeLine, ...]
    queue: tuple[QueueLine, ...]
    stays: tuple[StayLine, ...]
    told_about: ToldAbout | None


def network_as_it_was(
    places: Places,
    *,
    recorded_at: datetime | None,
    as_of: datetime,
    head: int,
    head_recorded_at: datetime | None,
    hidden: frozenset[UUID],
    told_about: ToldAbout | None = None,
) -> NetworkAsItWas:
    """`hidden`: placements that are not there for whoever asks. What is told about an earlier instant is
    judged at that instant.
    """
    at = told_about.about if told_about is not None else as_of
    queued = (row for row in _queued(places) if row.placement_id not in hidden)
    policy = places.network.policy
    return NetworkAsItWas(
        position=places.position,
        recorded_at=recorded_at,
        as_of=as_of,
        head=head,
        head_recorded_at=head_recorded_at,
        policy=policy.version if policy is not None else None,
        ranker=policy.ranker if policy is not None else None,
        board=bed_board(places, at).items,
        ages=data_ages(places, at),
        queue=on_call_queue(queued, places.position, at, complete=True).items,
        stays=tuple(
            sorted(
                (stay for stay in _stays(places) if stay.placement_id not in hidden),
                key=lambda stay: (stay.asked_at, stay.placement_id),
            )
        ),
        told_about=told_about,
    )


def told_about(about: datetime, believed: Believed, hidden: frozenset[UUID]) -> ToldAbout:
    """Of a belief, without the entries of placements that are `hidden`."""
    shown = tuple(each for each in believed.learned_later if each.placement_id not in hidden)
    kept = len(believed.learned_later) - len(shown)
    return ToldAbout(
        about=about,
        learned_later=shown,
        learned_later_count=believed.learned_later_count - kept,
        left_out=believed.left_out,
        resting=believed.resting,
    )


def _queued(places: Places) -> Iterator[QueueRow]:
    for placement_id, state in places.placements.items():
        row = queue_row(placement_id, state, places.versions[placement_id])
        if row is not None:
            yield row


def _stays(places: Places) -> Iterator[StayLine]:
    for placement_id, state in places.placements.items():
        request = state.request
        if state.admitted and request is not None:
            yield StayLine(
                placement_id=placement_id,
                version=places.versions[placement_id],
                phase=state.phase,
                urgency=request.urgency,
                level=request.level,
                household_size=request.household.people,
                asked_at=request.occurred_at,
            )
