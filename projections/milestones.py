"""The milestones of each request, for statistics alone: when it was asked, answered, confirmed, admitted.

One row per thing that happened, never who did it: nothing here could be counted per operator. Pure;
`projections.statistics` counts what may be told of them.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.codes import PlacementOutcome
from domain.event import Event
from domain.placement.events import (
    AdmissionByDirectAgreement,
    CandidatesRanked,
    DecisionTaken,
    ExtraordinaryAdmission,
    HouseholdAdmitted,
    LeftWaiting,
    OfferAccepted,
    OfferRefused,
    OfferSent,
    PlacementEnded,
    PlacementRequested,
    WomanAccepted,
)
from domain.placement.state import PlacementState
from domain.vocabulary import CaseId, LevelFunction, OfferId, PlacementId, ShelterId, Urgency
from ledger.store.port import StoredRow

NO_UNIT_KNOWN = "NO_UNIT_KNOWN"
"""Nothing was excluded and nothing fitted: there was no unit at all, or none was looked for."""


class Milestone(enum.StrEnum):
    """What a row tells. `word` says more: of REFUSED the shown group, of ENDED the outcome, of the two
    barriers the code under which units were excluded.
    """

    ASKED = "ASKED"
    DECIDED = "DECIDED"
    SENT = "SENT"
    AGREED = "AGREED"
    REFUSED = "REFUSED"
    CONFIRMED = "CONFIRMED"
    ADMITTED = "ADMITTED"
    ENDED = "ENDED"
    LEFT_WAITING_FOR = "LEFT_WAITING_FOR"
    ENDED_FOR = "ENDED_FOR"


UNMET = (Milestone.LEFT_WAITING_FOR, Milestone.ENDED_FOR)


@dataclass(frozen=True, kw_only=True, slots=True)
class MilestoneRow:
    """`at` is when it happened by what is said. `minutes`: of DECIDED, how old the house's word was. Urgency,
    level and size are those of the request as it then read.
    """

    KEY: ClassVar[tuple[str, ...]] = ("position", "milestone", "word")
    position: int
    milestone: Milestone
    word: str
    placement_id: PlacementId
    case_id: CaseId
    at: datetime
    recorded_at: datetime
    urgency: Urgency
    level: LevelFunction
    household_size: int
    shelter_id: ShelterId | None
    minutes: int | None


def milestone_rows(row: StoredRow, event: Event, state: PlacementState) -> Iterator[MilestoneRow]:
    """What an event after which `state` stands adds to its request."""
    request = state.request
    if request is None:
        return
    for milestone, word in _told(event, state):
        yield MilestoneRow(
            position=row.position,
            milestone=milestone,
            word=word,
            placement_id=PlacementId(row.stream),
            case_id=request.case_id,
            at=getattr(event, "occurred_at", row.recorded_at),
            recorded_at=row.recorded_at,
            urgency=request.urgency,
            level=request.level,
            household_size=request.household.people,
            shelter_id=_house(event, state),
            minutes=event.availability_age_minutes if isinstance(event, DecisionTaken) else None,
        )


def _told(event: Event, state: PlacementState) -> Iterator[tuple[Milestone, str]]:
    match event:
        case PlacementRequested():
            yield Milestone.ASKED, ""
        case DecisionTaken():
            yield Milestone.DECIDED, ""
        case OfferSent():
            yield Milestone.SENT, ""
        case OfferAccepted():
            yield Milestone.AGREED, ""
        case OfferRefused(shown=shown):
            yield Milestone.REFUSED, shown.value
        case WomanAccepted():
            yield Milestone.CONFIRMED, ""
        case HouseholdAdmitted() | AdmissionByDirectAgreement() | ExtraordinaryAdmission():
            yield Milestone.ADMITTED, ""
        case LeftWaiting():
            yield from ((Milestone.LEFT_WAITING_FOR, barrier) for barrier in _barriers(state))
        case PlacementEnded(outcome=outcome):
            yield Milestone.ENDED, outcome.value
            if not state.admitted and outcome is not PlacementOutcome.ENTERED_IN_ERROR:
                yield from ((Milestone.ENDED_FOR, barrier) for barrier in _barriers(state))
        case _:
            pass


def _barriers(state: PlacementState) -> tuple[str, ...]:
    """Those of the latest ranking. Where places were there and it ended all the same, the word it ended
    with.
    """
    ranked: CandidatesRanked | None = state.ranking
    if ranked is not None and ranked.best and state.outcome is not None:
        return (state.outcome.value,)
    excluded = ranked.excluded if ranked is not None else ()
    return tuple(each.code for each in excluded) or (NO_UNIT_KNOWN,)


def _house(event: Event, state: PlacementState) -> ShelterId | None:
    offer_id: OfferId | None = getattr(event, "offer_id", None)
    offer = state.offers.get(offer_id) if offer_id is not None else None
    return offer.shelter_id if offer is not None else None
