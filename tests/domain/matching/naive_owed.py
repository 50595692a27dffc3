"""What is owed, worked out a second time by hand: for women alone or in pairs, in shared rooms of beds alone,
each room in a house of its own, everything fresh. Knows nothing of how the rankers do it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

SPARE_FEATURE = 3


@dataclass(kw_only=True)
class Room:
    unit_id: UUID
    features: int
    beds: list[UUID]


@dataclass(kw_only=True)
class Asker:
    placement_id: UUID
    urgency: int
    asked_at: datetime
    people: int
    refused_by: frozenset[UUID] = field(default_factory=frozenset)


def owed_before(asker: Asker, waiting: Sequence[Asker], rooms: Sequence[Room]) -> Mapping[UUID, list[UUID]]:
    """The beds of each room that are kept for those who come before."""
    kept: dict[UUID, list[UUID]] = {room.unit_id: [] for room in rooms}
    queue = sorted(waiting, key=_turn)
    for other in queue:
        if _turn(other) < _turn(asker):
            left = {
                room.unit_id: [bed for bed in room.beds if bed not in kept[room.unit_id]] for room in rooms
            }
            able = [
                room
                for room in rooms
                if len(left[room.unit_id]) >= other.people and room.unit_id not in other.refused_by
            ]
            if able:
                first = min(able, key=lambda room: (SPARE_FEATURE * room.features, _lot(other, room)))
                kept[first.unit_id] += left[first.unit_id][: other.people]
    return kept


def _turn(asker: Asker) -> tuple[int, datetime, UUID]:
    return asker.urgency, asker.asked_at, asker.placement_id


def _lot(asker: Asker, room: Room) -> bytes:
    return hashlib.sha256(asker.placement_id.bytes + room.unit_id.bytes).digest()
