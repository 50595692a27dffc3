"""The naive network itself, in plain dicts: what stands where, and the small steps commands are made of.

`must` is how the model complains. The families of commands stand on it (`housework`, `seeking`, `answers`,
`revising`, `endings`); `model` puts them together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

Command = Mapping[str, Any]
"""`do` names it, the rest are its arguments."""
Told = Mapping[str, Any]
"""What the engine chose: ids of what is new, units with their places, the holds it ended, the deadline."""
Judged = str | Counter[str]

MINUTES = {"U1": 10, "U2": 30, "U3": 240}


class Violation(AssertionError):
    """The engine did what the model says can never be."""


def must(truth: object, what: str) -> None:
    if not truth:
        raise Violation(what)


class Town:
    """Houses, units, cases and placements by id, each a dict."""

    def __init__(self, now: datetime, zones: Iterable[Any]) -> None:
        self.now = now
        self.zones = set(zones)
        self.houses: dict[Any, dict[str, Any]] = {}
        self.units: dict[Any, dict[str, Any]] = {}
        self.cases: dict[Any, Any] = {}
        self.placements: dict[Any, dict[str, Any]] = {}
        self.minors = 0

    def _named(self, command: Command) -> tuple[dict[str, Any], dict[str, Any], str | None]:
        placement = self.placements.get(command["placement"])
        if placement is None:
            return {}, {}, "PLACEMENT_UNKNOWN"
        offer = placement["offers"].get(command["offer"])
        return (placement, {}, "OFFER_UNKNOWN") if offer is None else (placement, offer, None)

    def _not_standing(self, placement: dict[str, Any], offer: dict[str, Any], offer_id: Any) -> str | None:
        for refusal, holds in (
            ("PLACEMENT_ENDED", placement["ended"]),
            ("ALREADY_ADMITTED", placement["admitted"]),
            ("OFFER_NOT_SENT", not offer["sent"]),
            ("OFFER_ALREADY_REFUSED", offer["state"] == "refused"),
            ("OFFER_NO_LONGER_HELD", placement["hold"] != offer_id),
        ):
            if holds:
                return refusal
        return None

    def _held(self, placement: dict[str, Any]) -> dict[str, Any] | None:
        held: dict[str, Any] | None = placement["offers"].get(placement["hold"])
        return held

    def _units_of(self, placement_id: Any) -> list[Any]:
        """The units a placement has places of."""
        offer = self._held(self.placements[placement_id])
        return list(offer["units"]) if offer is not None else []

    def _released(self, placement: dict[str, Any]) -> Counter[str]:
        offer = self._held(placement)
        assert offer is not None
        return Counter({"placement.hold-released.1": 1, "unit.released.1": len(offer["units"])})

    def _check_deadline(self, placement: dict[str, Any], deadline: datetime) -> None:
        urgency = placement["asks"]["urgency"]
        if urgency in MINUTES:
            must(deadline == self.now + timedelta(minutes=MINUTES[urgency]), "the deadline is the policy's")
        must(deadline > self.now, "a deadline is ahead")

    def _whole(self, unit: dict[str, Any], places: Iterable[Any]) -> list[Any]:
        named = set(places)
        return [place for place in unit["places"] if place in named or (named and unit["exclusive"])]

    def _displaced(self, command: Command) -> list[Any]:
        unit = self.units[command["unit"]]
        holders = {unit["taken"].get(place) for place in self._whole(unit, command["places"])}
        return [
            holder
            for holder in holders
            if holder in self.placements and not self.placements[holder]["admitted"]
        ]

    def _take(self, unit_id: Any, holder: Any, places: Iterable[Any]) -> None:
        unit = self.units[unit_id]
        for place in places:
            must(place not in unit["taken"], "a place has two holders")
            unit["taken"][place] = holder

    def _free(self, unit_id: Any, holder: Any) -> None:
        unit = self.units[unit_id]
        unit["taken"] = {place: has for place, has in unit["taken"].items() if has != holder}

    def _end_hold(self, placement_id: Any, word: str) -> None:
        placement = self.placements[placement_id]
        must(placement["hold"] is not None and not placement["admitted"], "only a hold that stands can end")
        offer = placement["offers"][placement["hold"]]
        offer["state"] = word
        for unit in offer["units"]:
            self._free(unit, placement_id)
        placement.update(hold=None, woman=False, handover=None, missed=False)

    def _end(self, placement_id: Any, word: str) -> None:
        placement = self.placements[placement_id]
        placement["endings"] += 1
        placement["ended"] = word
        self.cases[placement["case"]] = None

    def _unknown_name(self, asks: Command) -> str | None:
        """The first name in a request that stands for nothing."""
        named = {*asks["apart"], *([asks["case"]] if asks["case"] else [])}
        for refusal, holds in (
            ("SHELTER_UNKNOWN", not set(asks["barred"]) <= set(self.houses)),
            ("CASE_UNKNOWN", not named <= set(self.cases)),
            ("ZONE_UNKNOWN", not set(asks["zones"]) <= self.zones),
            ("CODE_MALFORMED", asks["case"] in asks["apart"]),
        ):
            if holds:
                return refusal
        return None

    def _begin(self, placement_id: Any, asks: Command, *, consent: bool) -> None:
        must(placement_id not in self.placements, "a placement is requested once")
        self.cases[asks["case"]] = placement_id
        self.placements[placement_id] = {
            "case": asks["case"],
            "asks": {**asks, "set_by": None, "assessed": False},
            "consent": consent,
            "stopped": False,
            "said_no": False,
            "waiting": False,
            "hold": None,
            "offers": {},
            "avoid": set(),
            "woman": False,
            "handover": None,
            "missed": False,
            "admitted": False,
            "ended": None,
            "endings": 0,
            "reasons": None,
        }

    def _offer(
        self, placement_id: Any, offer_id: Any, units: Mapping[Any, Any], deadline: datetime, word: str
    ) -> None:
        self.placements[placement_id]["offers"][offer_id] = {
            "units": dict(units),
            "state": word,
            "sent": False,
            "seen": False,
            "until": None,
            "deadline": deadline,
            "unanswered": False,
            "channel": None,
            "confirmed": False,
            "late": False,
            "decided": False,
            "without": 0,
        }
