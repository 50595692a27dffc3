"""Which places a request may have, and in what order: the agreed rules written anew, without haste, over the
plain dicts of `model`.

It imports nothing of the program (a test holds it to that). Everything is looked at each time it is asked;
nothing is kept. Called by `model` alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any, Protocol
from zoneinfo import ZoneInfo

WEIGHTS = {
    "spare place": 10,
    "ageing": 5,
    "stale": 40,
    "spare feature": 3,
    "further unit": 25,
    "pending": 8,
    "found wrong": 30,
}
FRESH, STALE = timedelta(hours=12), timedelta(hours=24)
AGES = ("AGE_0_2", "AGE_3_5", "AGE_6_10", "AGE_11_13", "AGE_14_17")
RISKS = ("LOW", "MEDIUM", "HIGH", "IMMEDIATE")
CRITERIA = (
    "INTERVIEW_FIRST",
    "SELF_SUFFICIENT",
    "CAV_IN_CHARGE",
    "SOCIAL_SERVICE_AUTHORISATION",
    "FEE_COMMITTED",
    "RESIDENCE_OR_AGREEMENT",
    "DOCUMENTS_SEEN",
)
AFTERWARDS = {("FEE_COMMITTED", "U1"), ("FEE_COMMITTED", "U2"), ("SOCIAL_SERVICE_AUTHORISATION", "U1")}
"""What may not be asked before an emergency is taken in."""
HERE = ZoneInfo("Europe/Rome")

Asks = Mapping[str, Any]
FREE, TO_BE_CONFIRMED = None, "TO_BE_CONFIRMED"


class Town(Protocol):
    """What there is: houses, units and placements by id, each a dict, units in the order they joined."""

    houses: dict[Any, dict[str, Any]]
    units: dict[Any, dict[str, Any]]
    placements: dict[Any, dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """What would be taken, and what it costs; `ends` are overdue holds of others that would end for it."""

    house: Any
    units: dict[Any, tuple[Any, ...]]
    penalty: int
    spare: int
    age: int
    ends: tuple[Any, ...]
    confirm: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """Every unit with the reason why not (None: free), and all candidates in order."""

    reasons: dict[Any, str | None]
    candidates: list[Candidate]


@dataclass(frozen=True)
class _Fit:
    units: tuple[Any, ...]
    sleeps: frozenset[Any]
    ends: tuple[Any, ...]


def rank(town: Town, asks: Asks, who: Any, now: datetime) -> Ranked:
    """Everything judged and put in order, with what is owed to those who come before left out."""
    return _rank(town, asks, who, now, owed_before(town, asks, who, now))


def owed_before(town: Town, asks: Asks, who: Any, now: datetime) -> set[Any]:
    """The places kept for those who wait and come before: for each of them, in order, the first candidate
    that is left, in none of the units whose house is silent.
    """
    kept: list[tuple[Asks, Candidate]] = []
    for rival in _waiting_before(town, asks, who, now):
        wishes = town.placements[rival]["asks"]
        silent = _silent_units(town.placements[rival])
        ranked = _rank(town, wishes, rival, now, _closed_to(town, wishes, kept), silent)
        kept += [(wishes, first) for first in ranked.candidates[:1]]
    return _closed_to(town, asks, kept)


def _waiting_before(town: Town, asks: Asks, who: Any, now: datetime) -> list[Any]:
    """Who has no place and seeks one, or whose house was silent too long; none who stopped for a person."""
    mine = _order(asks, who)
    found = []
    for each, placement in town.placements.items():
        going_on = not (placement["ended"] or placement["admitted"] or placement["stopped"])
        silent = placement["hold"] is not None and overdue(placement["offers"][placement["hold"]], now)
        if each != who and going_on and (placement["hold"] is None or silent):
            theirs = _order(placement["asks"], each)
            found += [theirs] if theirs < mine else []
    return [each for _, _, each in sorted(found)]


def _silent_units(placement: Mapping[str, Any]) -> set[Any]:
    """Of one that counts as waiting: the units it holds all the same."""
    return set() if placement["hold"] is None else set(placement["offers"][placement["hold"]]["units"])


def _order(asks: Asks, who: Any) -> tuple[str, datetime, Any]:
    return asks["urgency"], asks["at"], who


def _closed_to(town: Town, asks: Asks, kept: Iterable[tuple[Asks, Candidate]]) -> set[Any]:
    """What of the places kept one may not have; all of a house kept for somebody she must be apart from."""
    closed: set[Any] = set()
    for other, candidate in kept:
        for places in candidate.units.values():
            closed.update(places)
        if asks.get("case") in other["apart"] or (other.get("case") in asks["apart"]):
            for unit in town.units.values():
                closed.update(unit["places"] if unit["house"] == candidate.house else ())
    return closed


# --- each unit judged ---------------------------------------------------------------------------------------


def _rank(
    town: Town, asks: Asks, who: Any, now: datetime, owed: set[Any], silent: Collection[Any] = ()
) -> Ranked:
    reasons: dict[Any, str | None] = {}
    fits: dict[Any, _Fit] = {}
    for unit_id in town.units:
        why = "NOT_TO_ASK" if unit_id in silent else _why_not(town, asks, who, unit_id, now)
        fit = None if why else _alone(town, asks, who, unit_id, now, owed)
        if fit is None:
            reasons[unit_id] = why or _taken_or_owed(town, asks, who, unit_id, now, owed)
        else:
            fits[unit_id] = fit
    for house in town.houses:
        rooms = [each for each, unit in town.units.items() if unit["house"] == house]
        if not any(room in fits for room in rooms):
            several = _together(town, asks, who, rooms, reasons, now, owed)
            for room in several.units if several else ():
                del reasons[room]
                fits[room] = several  # type: ignore[assignment]
    for unit_id, fit in fits.items():
        reasons[unit_id] = TO_BE_CONFIRMED if _confirm(town, asks, fit, now) else FREE
    each_once = list({fit.units: fit for fit in fits.values()}.values())
    in_order = sorted(each_once, key=lambda fit: _sort_key(town, asks, who, fit, now))
    return Ranked(reasons=reasons, candidates=[_candidate(town, asks, who, fit, now) for fit in in_order])


def why_not(town: Town, asks: Asks, who: Any, unit_id: Any, now: datetime) -> str | None:
    """The first rule that the unit itself does not meet, whoever is in it; its size is no rule here, as
    several together may do.
    """
    why = _why_not(town, asks, who, unit_id, now)
    return _her_own(town, asks, unit_id, who) if why == "CAPACITY" else why


def still_does(town: Town, asks: Asks, who: Any, units: Mapping[Any, Any]) -> bool:
    """Whether these places would still do, and beds enough, whatever is free. A house that takes nobody else
    for now keeps whom it has.
    """
    rooms = []
    for unit_id, places in units.items():
        unit = town.units[unit_id]
        if _of_another_kind(unit, asks) or _her_own(town, asks, unit_id, who):
            return False
        rooms.append({place: unit["places"][place] for place in unit["places"] if place in places})
    return _beds_for(asks, rooms) is not None


def _why_not(town: Town, asks: Asks, who: Any, unit_id: Any, now: datetime) -> str | None:
    placement = town.placements.get(who)
    if placement is not None and unit_id in placement["avoid"]:
        return "NOT_TO_ASK"
    unit = town.units[unit_id]
    house = town.houses[unit["house"]]
    if not takes_anybody(house, now) or unit["observed"] is None:
        return "NOT_ACCEPTING"
    if asks["mode"] not in house["modes"]:
        return "INTAKE_MODE"
    if (why := _of_another_kind(unit, asks)) is not None:
        return why
    kinds = list(unit["places"].values())
    if people(asks) - min(infants(asks), kinds.count("COT")) > kinds.count("BED"):
        return "CAPACITY"
    return _her_own(town, asks, unit_id, who)


def _of_another_kind(unit: Mapping[str, Any], asks: Asks) -> str | None:
    if asks["mode"] not in unit["modes"]:
        return "INTAKE_MODE"
    return "LEVEL" if asks["level"] != unit["level"] else None


def _her_own(town: Town, asks: Asks, unit_id: Any, who: Any) -> str | None:
    """The rules about her and her children."""
    unit, terms = town.units[unit_id], town.units[unit_id]["terms"]
    if terms["children"] is not None and len(asks["children"]) > terms["children"]:
        return "CHILDREN"
    if terms["boys"] is not None and asks["boy"] in AGES and _older(asks["boy"], terms["boys"]):
        return "CHILDREN"
    risk = "HIGH" if asks["risk"] == "NOT_ASSESSED" else asks["risk"]
    if terms["risk"] is not None and RISKS.index(risk) > RISKS.index(terms["risk"]):
        return "RISK"
    if not set(asks["features"]) <= unit["features"]:
        return "FEATURE"
    if set(asks["zones"]) & unit["zones"] or unit["house"] in _not_to_meet(town, asks, who):
        return "SAFETY"
    return None


def takes_anybody(house: Mapping[str, Any], now: datetime) -> bool:
    """Not paused, in the register, and on this civil day under an agreement."""
    today = now.astimezone(HERE).date()
    begins, ends = house["agreement"]
    agreed = begins <= today and (ends is None or today <= ends)
    return bool(agreed and not house["paused"] and house["status"] != "NOT_LISTED")


def _not_to_meet(town: Town, asks: Asks, who: Any) -> set[Any]:
    """The houses barred to her, and where somebody is, or is to come, whom either must not meet."""
    houses = set(asks["barred"])
    for each, placement in town.placements.items():
        apart = placement["case"] in asks["apart"] or asks.get("case") in placement["asks"]["apart"]
        if each != who and apart and not placement["ended"] and placement["hold"] is not None:
            offer = placement["offers"][placement["hold"]]
            houses.update(town.units[unit]["house"] for unit in offer["units"])
    return houses


def _older(one: str, other: str) -> bool:
    return AGES.index(one) > AGES.index(other)


# --- where they would sleep ---------------------------------------------------------------------------------


def people(asks: Asks) -> int:
    return int(asks["adults"]) + len(asks["children"])


def infants(asks: Asks) -> int:
    return list(asks["children"]).count("AGE_0_2")


def _alone(town: Town, asks: Asks, who: Any, unit_id: Any, now: datetime, owed: set[Any]) -> _Fit | None:
    """In the unit as it is; else once overdue holds have ended: of all who may be asked to, everybody is
    spared who can be, those first in the order before the others.
    """
    unit = town.units[unit_id]
    sleeps = _beds_for(asks, [_free(unit, (), owed)])
    if sleeps is not None:
        return _Fit((unit_id,), sleeps, ())
    ends = sorted(
        rivals(town, asks, who, unit_id, now), key=lambda each: _order(town.placements[each]["asks"], each)
    )
    if _beds_for(asks, [_free(unit, ends, owed)]) is None:
        return None
    for rival in list(ends):
        spared = [each for each in ends if each != rival]
        if _beds_for(asks, [_free(unit, spared, owed)]) is not None:
            ends = spared
    sleeps = _beds_for(asks, [_free(unit, ends, owed)])
    assert sleeps is not None
    return _Fit((unit_id,), sleeps, tuple(reversed(ends)))


def _taken_or_owed(town: Town, asks: Asks, who: Any, unit_id: Any, now: datetime, owed: set[Any]) -> str:
    is_owed = owed & set(town.units[unit_id]["places"])
    return "OWED" if is_owed and _alone(town, asks, who, unit_id, now, set()) else "OCCUPIED"


def _together(
    town: Town,
    asks: Asks,
    who: Any,
    rooms: list[Any],
    reasons: dict[Any, str | None],
    now: datetime,
    owed: set[Any],
) -> _Fit | None:
    """Two units of the house, or else three: of those that would do, a set of which everything is known
    before one to be confirmed, and then the one that wastes least.
    """
    too_little = [
        room
        for room in rooms
        if reasons[room] in ("CAPACITY", "OCCUPIED", "OWED")
        and _her_own(town, asks, room, who) is None
        and _free(town.units[room], (), owed)
    ]
    for size in (2, 3):
        found = []
        for several in combinations(too_little, size):
            free = [_free(town.units[room], (), owed) for room in several]
            sleeps = _beds_for(asks, free)
            if sleeps is not None:
                found.append(_Fit(several, sleeps, ()))
        if found:
            return min(found, key=lambda fit: (_confirm(town, asks, fit, now) != (), _spare(town, fit)))
    return None


def _free(unit: Mapping[str, Any], ended: Iterable[Any], owed: set[Any]) -> dict[Any, str]:
    """What could be slept in once these holds have ended: nothing of a unit that goes whole and cannot."""
    barred = not_free(unit, ended) | (owed & set(unit["places"]))
    if unit["exclusive"] and barred:
        return {}
    return {
        place: kind for place, kind in unit["places"].items() if place in unit["open"] and place not in barred
    }


def not_free(unit: Mapping[str, Any], ended: Iterable[Any]) -> set[Any]:
    """Places that somebody has, or is in, once these holds have ended."""
    gone = set(ended)
    taken = {place for place, holder in unit["taken"].items() if holder not in gone}
    return taken.union(*unit["guests"].values()) if unit["guests"] else taken


def _beds_for(asks: Asks, rooms: list[dict[Any, str]]) -> frozenset[Any] | None:
    """Cots for infants as far as there are some, a bed for everybody else; None where that is too little."""
    beds = [place for room in rooms for place, kind in room.items() if kind == "BED"]
    cots = [place for room in rooms for place, kind in room.items() if kind == "COT"][: infants(asks)]
    needed = people(asks) - len(cots)
    return frozenset((*cots, *beds[:needed])) if needed <= len(beds) else None


def enough(asks: Asks, rooms: list[dict[Any, str]]) -> bool:
    """Whether the household can sleep in these places."""
    return _beds_for(asks, rooms) is not None


def rivals(town: Town, asks: Asks, who: Any, unit_id: Any, now: datetime) -> set[Any]:
    """Who holds places here, is overdue, and comes after in the order."""
    found = set()
    for holder in set(town.units[unit_id]["taken"].values()):
        rival = town.placements.get(holder)
        if rival is None or rival["admitted"] or rival["hold"] is None:
            continue
        silent = overdue(rival["offers"][rival["hold"]], now)
        if silent and _order(rival["asks"], holder) > _order(asks, who):
            found.add(holder)
    return found


def overdue(offer: Mapping[str, Any], now: datetime) -> bool:
    """Silence has lasted too long; a yes ends every deadline."""
    due = max(offer["deadline"], offer["until"] or offer["deadline"])
    return bool(offer["state"] != "accepted" and now > due)


# --- in what order ------------------------------------------------------------------------------------------


def _sort_key(
    town: Town, asks: Asks, who: Any, fit: _Fit, now: datetime
) -> tuple[bool, bool, bool, int, bytes]:
    tie = hashlib.sha256(b"".join(each.bytes for each in (who, *fit.units))).digest()
    return (
        fit.ends != (),
        _confirm(town, asks, fit, now) != (),
        any(unit in asked_before(town, who) for unit in fit.units),
        _penalty(town, asks, who, fit, now),
        tie,
    )


def asked_before(town: Town, who: Any) -> set[Any]:
    """Units asked within this request that gave no answer."""
    placement = town.placements.get(who)
    offers = placement["offers"].values() if placement is not None else ()
    silent = [offer for offer in offers if offer["unanswered"] or offer["state"] in ("released", "expired")]
    return {unit for offer in silent for unit in offer["units"]}


def _penalty(town: Town, asks: Asks, who: Any, fit: _Fit, now: datetime) -> int:
    units = [town.units[unit] for unit in fit.units]
    age = now - min(unit["observed"] for unit in units)
    pending = [
        each
        for each, placement in town.placements.items()
        if placement["hold"] is not None and not placement["admitted"]
        if town.units[next(iter(placement["offers"][placement["hold"]]["units"]))]["house"]
        == units[0]["house"]
    ]
    return (
        WEIGHTS["spare place"] * _spare(town, fit)
        + WEIGHTS["further unit"] * (len(units) - 1)
        + WEIGHTS["spare feature"] * sum(len(unit["features"] - set(asks["features"])) for unit in units)
        + WEIGHTS["pending"] * len(pending)
        + WEIGHTS["found wrong"] * any(unit["wrong"] for unit in units)
        + (WEIGHTS["stale"] if age > STALE else WEIGHTS["ageing"] if age > FRESH else 0)
    )


def _spare(town: Town, fit: _Fit) -> int:
    """Places that go with a unit taken whole and that nobody sleeps in."""
    whole = [town.units[unit]["places"] for unit in fit.units if town.units[unit]["exclusive"]]
    return sum(place not in fit.sleeps for places in whole for place in places)


def _confirm(town: Town, asks: Asks, fit: _Fit, now: datetime) -> tuple[str, ...]:
    """What the house is asked by voice before anybody counts on it."""
    asked: set[str] = set()
    for unit_id in fit.units:
        unit = town.units[unit_id]
        limit = unit["terms"]["boys"]
        if now - unit["observed"] > STALE:
            asked.add("AVAILABILITY_OLD")
        if (
            limit is not None
            and asks["boy"] == "NOT_SAID"
            and any(_older(age, limit) for age in asks["children"])
        ):
            asked.add("BOYS_AGE")
        asked.update(
            criterion
            for criterion in unit["terms"]["criteria"]
            if criterion not in asks["met"] and (criterion, asks["urgency"]) not in AFTERWARDS
        )
    return tuple(each for each in ("AVAILABILITY_OLD", "BOYS_AGE", *CRITERIA) if each in asked)


def _candidate(town: Town, asks: Asks, who: Any, fit: _Fit, now: datetime) -> Candidate:
    age = now - min(town.units[unit]["observed"] for unit in fit.units)
    return Candidate(
        house=town.units[fit.units[0]]["house"],
        units={
            unit: tuple(
                place
                for place in town.units[unit]["places"]
                if place in fit.sleeps or town.units[unit]["exclusive"]
            )
            for unit in fit.units
        },
        penalty=_penalty(town, asks, who, fit, now),
        spare=_spare(town, fit),
        age=age // timedelta(minutes=1),
        ends=fit.ends,
        confirm=_confirm(town, asks, fit, now),
    )
