"""The ids and moments that the golden samples name. Called by the samples and by the tests that read them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from domain.vocabulary import (
    BridgeId,
    CaseId,
    DistrictId,
    HeldUnit,
    MemberId,
    OccupancyId,
    OfferId,
    PlaceId,
    PlacementId,
    ShelterId,
    UnitId,
    ZoneId,
)


def numbered(kind: int, number: int) -> UUID:
    """A fixed id of the shape the program gives (version 7)."""
    return UUID(f"019b0000-{kind:04x}-7000-8000-{number:012x}")


DISTRICT, MEMBER = DistrictId(numbered(1, 1)), MemberId(numbered(2, 1))
SHELTER, UNIT, OTHER_UNIT = ShelterId(numbered(3, 1)), UnitId(numbered(4, 1)), UnitId(numbered(4, 2))
BED, OTHER_BED, COT = PlaceId(numbered(5, 1)), PlaceId(numbered(5, 2)), PlaceId(numbered(5, 3))
CASE, OTHER_CASE = CaseId(numbered(6, 1)), CaseId(numbered(6, 2))
PLACEMENT, RIVAL = PlacementId(numbered(7, 1)), PlacementId(numbered(7, 2))
OFFER, GUESTS = OfferId(numbered(8, 1)), OccupancyId(numbered(9, 1))
ZONES = (ZoneId(numbered(10, 1)), ZoneId(numbered(10, 2)))
COMMITMENT = "5a" * 32

WHOLE_SECOND = datetime(2026, 1, 17, 1, 42, tzinfo=UTC)
TO_THE_MICROSECOND = datetime(2026, 1, 17, 2, 13, 5, 7, tzinfo=UTC)
DAY = date(2026, 1, 1)
BRIDGE = BridgeId(numbered(11, 1))

HELD = (
    HeldUnit(unit_id=UNIT, places=(BED, COT)),
    HeldUnit(unit_id=OTHER_UNIT, places=(OTHER_BED,)),
)
