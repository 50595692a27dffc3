"""The naive network: what a request asks, entered anew, and units that may be asked again. For `model`."""

# ruff: noqa: ARG002 - what is dispatched by name, or overridden, takes what its like takes

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.simulation import choosing
from tests.simulation.town import Command, Judged, Told, Town

NAMES = {
    "urgency": ("urgency", "set_by"),
    "risk": ("risk", "assessed"),
    "household": ("adults", "children", "boy", "features", "met"),
    "safety": ("zones", "apart", "barred"),
}
"""What each way of entering anew replaces."""
TOPICS = {
    "urgency": "placement.urgency-changed.1",
    "risk": "placement.risk-assessed.1",
    "household": "placement.household-revised.1",
    "safety": "placement.safety-revised.1",
}


class Revising(Town):
    """Its part of the model's commands."""

    def _judge_revise(self, command: Command) -> Judged:
        placement = self.placements.get(command["placement"])
        if command["what"] == "safety":
            if not set(command["barred"]) <= set(self.houses):
                return "SHELTER_UNKNOWN"
            if not set(command["apart"]) <= set(self.cases):
                return "CASE_UNKNOWN"
        if placement is None:
            return "PLACEMENT_UNKNOWN"
        if (refusal := self._contradicts(command, placement)) is not None:
            return refusal
        revised = self._revised(command, placement)
        if revised == placement["asks"]:
            return Counter()
        if placement["ended"]:
            return "PLACEMENT_ENDED"
        given_back = self._released(placement) if self._no_longer_does(command, revised) else Counter()
        for other in self._coming_to(command):
            given_back += self._released(self.placements[other])
        return Counter([TOPICS[command["what"]]]) + given_back

    def _apply_revise(self, command: Command, told: Told) -> None:
        placement = self.placements[command["placement"]]
        revised = self._revised(command, placement)
        if self._no_longer_does(command, revised):
            self._end_hold(command["placement"], "released")
        for other in self._coming_to(command):
            self._end_hold(other, "released")
        placement["asks"] = revised

    def _contradicts(self, command: Command, placement: dict[str, Any]) -> str | None:
        match command["what"]:
            case "risk" if command["risk"] == "NOT_ASSESSED":
                return "CODE_MALFORMED"
            case "household" if command["adults"] < 1:
                return "HOUSEHOLD_WITHOUT_HER"
            case "safety" if not set(command["zones"]) <= self.zones:
                return "ZONE_UNKNOWN"
            case "safety" if placement["case"] in command["apart"]:
                return "CODE_MALFORMED"
            case _:
                return None

    def _revised(self, command: Command, placement: dict[str, Any]) -> dict[str, Any]:
        return {**placement["asks"], **{name: command[name] for name in NAMES[command["what"]]}}

    def _no_longer_does(self, command: Command, revised: dict[str, Any]) -> bool:
        """Urgency decides who goes first, never what does."""
        placement = self.placements[command["placement"]]
        if command["what"] == "urgency" or placement["admitted"] or placement["hold"] is None:
            return False
        units = placement["offers"][placement["hold"]]["units"]
        return not choosing.still_does(self, revised, command["placement"], units)

    def _coming_to(self, command: Command) -> list[Any]:
        """Whose hold is in the house where she already is and where they must not meet her."""
        placement = self.placements[command["placement"]]
        if command["what"] != "safety" or not placement["admitted"]:
            return []
        house = self.units[self._units_of(command["placement"])[0]]["house"]
        return [
            known
            for known, other in self.placements.items()
            if other["case"] in command["apart"]
            if not other["ended"] and not other["admitted"] and other["hold"] is not None
            if self.units[self._units_of(known)[0]]["house"] == house
        ]

    def _judge_ask_again(self, command: Command) -> Judged:
        placement = self.placements.get(command["placement"])
        if placement is None:
            return "PLACEMENT_UNKNOWN"
        if placement["ended"]:
            return "PLACEMENT_ENDED"
        if placement["admitted"]:
            return "ALREADY_ADMITTED"
        lifted = placement["avoid"] & set(command["units"])
        return Counter(["placement.may-be-asked-again.1"]) if lifted else Counter()

    def _apply_ask_again(self, command: Command, told: Told) -> None:
        self.placements[command["placement"]]["avoid"] -= set(command["units"])
