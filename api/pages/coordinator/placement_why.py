"""Why this place and not the others, in one sentence each, out of the certificate as it was recorded:
nothing is ranked here. Called by `placement` and by the page of other choices.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from api.pages.asking import NotTold, asking


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A place that was found: in which house and rooms, as people call them; `units` name it to the door."""

    rank: int
    house: str
    rooms: tuple[str, ...]
    units: tuple[str, ...]
    minutes_old: int
    ends_overdue_holds: int
    to_confirm: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reasons:
    """`why` and `weight` are codes of the words `Order` and `Weights`; None where there is nothing to say.
    `others` are the places beside the one held, `excluded` the rest of the rooms by why.
    """

    why: str | None
    weight: str | None
    alone: bool
    rank: int | None
    others: tuple[Choice, ...]
    excluded: tuple[Mapping[str, Any], ...]
    position: int | None


NONE = Reasons(why=None, weight=None, alone=False, rank=None, others=(), excluded=(), position=None)


async def reasons_of(request: Request, view: Mapping[str, Any], houses: Mapping[str, Any]) -> Reasons:
    """Of the latest search; `NONE` where none was made. Errors: `NotTold`."""
    told = await asking(request).get(f"/placements/{view['placement_id']}/ranking")
    if told.status == 404:
        return NONE
    if not told.ok:
        raise NotTold(told)
    candidates, summary = told.content["candidates"], told.content["summary"]
    held = _held(view)
    mine = next((each for each in candidates if held and _units(each) == held), None)
    why, weight = _why(mine, candidates) if mine is not None else (None, None)
    return Reasons(
        why=why,
        weight=weight,
        alone=mine is not None and len(candidates) == 1,
        rank=mine["rank"] if mine is not None else None,
        others=tuple(_choice(each, houses) for each in candidates if each is not mine),
        excluded=tuple(
            sorted((each for each in summary["excluded"] if each["units"]), key=lambda each: -each["units"])
        ),
        position=told.content["recorded_position"],
    )


def place_of(units: Iterable[str], houses: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The code names of a house and of some of its rooms; empty where they are not known any more."""
    wanted = set(units)
    for house in houses["items"]:
        rooms = tuple(unit["code"] for unit in house["units"] if unit["unit_id"] in wanted)
        if rooms:
            return house["shelter"]["code"], rooms
    return "", ()


def held_offer(view: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The offer whose places are held now."""
    return next((each for each in view["offers"] if each["offer_id"] == view["hold"]), None)


def _held(view: Mapping[str, Any]) -> tuple[str, ...]:
    offer = held_offer(view)
    return _units(offer) if offer is not None else ()


def _units(candidate: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(each["unit_id"] for each in candidate["units"])


def _why(mine: Mapping[str, Any], candidates: Sequence[Mapping[str, Any]]) -> tuple[str | None, str | None]:
    """What parts it from the next one, by the order's keys; what it costs less where that decides."""
    next_one = next((each for each in candidates if each["rank"] == mine["rank"] + 1), None)
    if next_one is None:
        return ("to_confirm" if not mine["to_confirm"] else None), _fits(mine)
    for key, told in (("expires", "ends_overdue_holds"), ("to_confirm", "to_confirm")):
        if bool(mine[told]) != bool(next_one[told]):
            return key, None
    if mine["penalty"] > next_one["penalty"]:
        return "asked_before", None
    if mine["penalty"] == next_one["penalty"]:
        return "tie", None
    return "penalty", _fits(mine) if mine["spare_places"] < next_one["spare_places"] else None


def _fits(candidate: Mapping[str, Any]) -> str | None:
    return "spare_place" if candidate["spare_places"] == 0 else None


def _choice(candidate: Mapping[str, Any], houses: Mapping[str, Any]) -> Choice:
    units = _units(candidate)
    house, rooms = place_of(units, houses)
    return Choice(
        rank=candidate["rank"],
        house=house,
        rooms=rooms,
        units=units,
        minutes_old=candidate["availability_age_minutes"],
        ends_overdue_holds=candidate["ends_overdue_holds"],
        to_confirm=tuple(candidate["to_confirm"]),
    )
