"""The list of open requests as the coordination reads it, made from the states of the placements at one
position of the log. Not a read model: the on-call queue is one, and also says what a person has to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.matching.ranking import request_of
from domain.placement.state import Phase, PlacementState
from domain.vocabulary import IntakeMode, LevelFunction, OfferId, PlacementId, Urgency


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenRequestView:
    """One line of the list of open requests, in the order in which they are owed a place.

    `due_at` is until when the house's answer is awaited: none while nothing is held and once it has said yes.
    """

    placement_id: PlacementId
    version: int
    phase: Phase
    urgency: Urgency
    level: LevelFunction
    intake_mode: IntakeMode
    household_size: int
    requested_at: datetime
    hold: OfferId | None
    due_at: datetime | None
    overdue: bool


def open_requests(
    placements: Iterable[tuple[PlacementId, PlacementState, int]], now: datetime
) -> tuple[OpenRequestView, ...]:
    """Requests that still seek or hold a place, in their order of precedence."""
    seeking = [each for each in placements if each[1].request is not None and not each[1].admitted]
    seeking.sort(key=lambda each: request_of(each[0], each[1]).precedence)
    return tuple(_open_request(*each, now) for each in seeking)


def _open_request(
    placement_id: PlacementId, state: PlacementState, version: int, now: datetime
) -> OpenRequestView:
    request, held = state.request, state.held
    assert request is not None
    return OpenRequestView(
        placement_id=placement_id,
        version=version,
        phase=state.phase,
        urgency=request.urgency,
        level=request.level,
        intake_mode=request.intake_mode,
        household_size=request.household.people,
        requested_at=request.occurred_at,
        hold=state.hold,
        due_at=held.answer_due_at if held is not None else None,
        overdue=held is not None and held.overdue(now),
    )
