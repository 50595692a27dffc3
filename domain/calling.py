"""Which desks are to hear that something waits for them: the coordination of an alarm, a house of an offer.
What waits is not told: that is seen by signing in. Pure; called by `api.loops.notifying`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.codes import AlarmKind, DeskKind
from domain.matching.places import Places
from domain.network.rota import answering
from domain.placement.state import OfferState, PlacementState
from domain.vocabulary import DeskId, OfferId, PlacementId, ShelterId

Cause = tuple[PlacementId, AlarmKind, datetime] | tuple[PlacementId, OfferId]


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """Something waits for somebody: its own key, and the house it waits for (None: the coordination)."""

    cause: Cause
    house: ShelterId | None


def waiting(places: Places) -> Iterator[Waiting]:
    """Alarms that nobody has taken in hand, and offers that nobody has seen."""
    for placement_id in places.under_way:
        state = places.placements[placement_id]
        for alarm, taken in state.alarms.items():
            if not taken:
                yield Waiting(cause=(placement_id, alarm.kind, alarm.due_at), house=None)
        yield from _unseen(placement_id, state)


def desks_for(house: ShelterId | None, places: Places, at: datetime) -> tuple[DeskId, ...]:
    """The desks of the coordination on duty, or those of a house: on duty, or else all it has."""
    rota = places.network.rota
    duty = answering(rota.shifts, at, places.network.zone) if rota is not None else ()
    if house is None:
        return tuple(each for each in duty if _kind(places, each) is DeskKind.COORDINATION)
    theirs = [
        each for each, state in places.desks.items() if not state.closed and _house(places, each) == house
    ]
    return tuple(each for each in theirs if each in duty) or tuple(theirs)


def _unseen(placement_id: PlacementId, state: PlacementState) -> Iterator[Waiting]:
    held = state.held
    if held is not None and held.state is OfferState.SENT and not held.seen:
        yield Waiting(cause=(placement_id, held.offer_id), house=held.shelter_id)


def _kind(places: Places, desk_id: DeskId) -> DeskKind | None:
    opened = places.desks[desk_id].opened
    return opened.kind if opened is not None else None


def _house(places: Places, desk_id: DeskId) -> UUID | None:
    opened = places.desks[desk_id].opened
    return opened.shelter_id if opened is not None else None
