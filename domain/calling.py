"""Which desks are to hear that something waits for them: the coordination of an alarm, a house of an offer,
the lead body of what it must review. What waits is not told: that is seen by signing in. Pure; called by
`api.loops.notifying`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.codes import AlarmKind, DeskKind
from domain.matching.places import Places
from domain.network.rota import answering
from domain.placement.state import OfferState, PlacementState
from domain.vocabulary import DeskId, MemberKind, OfferId, PlacementId, ShelterId

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
    duty = _on_duty(places, at)
    if house is None:
        return tuple(each for each in duty if _kind(places, each) is DeskKind.COORDINATION)
    return _first_on_duty((each for each in places.desks if _house(places, each) == house), places, duty)


def desks_of_the_lead_body(places: Places, at: datetime) -> tuple[DeskId, ...]:
    """Those on duty, or else all it has."""
    lead = {each.member_id for each in places.network.members if each.kind is MemberKind.LEAD}
    theirs = (each for each in places.desks if _member(places, each) in lead)
    return _first_on_duty(theirs, places, _on_duty(places, at))


def _on_duty(places: Places, at: datetime) -> tuple[DeskId, ...]:
    rota = places.network.rota
    return answering(rota.shifts, at, places.network.zone) if rota is not None else ()


def _first_on_duty(desks: Iterable[DeskId], places: Places, duty: tuple[DeskId, ...]) -> tuple[DeskId, ...]:
    theirs = tuple(each for each in desks if not places.desks[each].closed)
    return tuple(each for each in theirs if each in duty) or theirs


def _unseen(placement_id: PlacementId, state: PlacementState) -> Iterator[Waiting]:
    held = state.held
    if held is not None and held.state is OfferState.SENT and not held.seen:
        yield Waiting(cause=(placement_id, held.offer_id), house=held.shelter_id)


def _kind(places: Places, desk_id: DeskId) -> DeskKind | None:
    opened = places.desks[desk_id].opened
    return opened.kind if opened is not None else None


def _member(places: Places, desk_id: DeskId) -> UUID | None:
    opened = places.desks[desk_id].opened
    return opened.member_id if opened is not None else None


def _house(places: Places, desk_id: DeskId) -> UUID | None:
    opened = places.desks[desk_id].opened
    return opened.shelter_id if opened is not None else None
