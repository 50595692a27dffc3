"""Desks of a contact book and rotas, for tests of the domain."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from domain.codes import DeskKind
from domain.desk import DeskOpened, DeskValueKept
from domain.kept import ValueKind
from domain.vocabulary import DeskId, RotaShift, Weekday
from tests.support.spec import History

COORDINATION, HOUSE_DESK, ZONE_DESK, FRESH_DESK, SERVICE_DESK = (
    DeskId(UUID(int=0xDE50 + number)) for number in range(5)
)
COMMITMENT = "5e" * 32


def a_desk(desk_id: DeskId, kind: DeskKind, *, code: str | None = None, **reaches: Any) -> History:
    named = {"member_id": None, "shelter_id": None, "zone_id": None, **reaches}
    return [(desk_id, DeskOpened(kind=kind, code=code or kind.value.lower(), **named))]


def kept(desk_id: DeskId, kind: ValueKind = ValueKind.ON_CALL_NUMBER) -> History:
    return [(desk_id, DeskValueKept(kind=kind, commitment=COMMITMENT))]


def shift(desk_id: DeskId, *days: Weekday, begins: int = 0, ends: int = 1440) -> RotaShift:
    return RotaShift(desk_id=desk_id, weekdays=days or tuple(Weekday), begins=begins, ends=ends)


def every_hour(desk_id: DeskId) -> tuple[RotaShift, ...]:
    """One desk, day and night."""
    return (shift(desk_id),)
