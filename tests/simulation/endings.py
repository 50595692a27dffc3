"""The naive network: how holds, requests and stays end, and arrivals. For `model`."""

# ruff: noqa: ARG002 - what is dispatched by name, or overridden, takes what its like takes

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.simulation import choosing
from tests.simulation.town import Command, Judged, Told, Town


class Endings(Town):
    """Its part of the model's commands."""

    def _judge_release(self, command: Command) -> Judged:
        placement, _, refusal = self._named(command)
        if refusal:
            return refusal
        if placement["ended"]:
            return "PLACEMENT_ENDED"
        if placement["admitted"]:
            return "ALREADY_ADMITTED"
        if placement["hold"] != command["offer"]:
            return Counter()
        return self._released(placement)

    def _apply_release(self, command: Command, told: Told) -> None:
        self._end_hold(command["placement"], "released")
        self.placements[command["placement"]]["stopped"] = True

    def _judge_withdraw(self, command: Command) -> Judged:
        placement = self.placements.get(command["placement"])
        if placement is None:
            return "PLACEMENT_UNKNOWN"
        if placement["ended"]:
            return Counter() if placement["ended"] == "withdrawn" else "PLACEMENT_ENDED"
        if placement["admitted"]:
            return "ALREADY_ADMITTED"
        topics = ["placement.search-consent-withdrawn.1", "placement.ended.1", "case.unbound.1"]
        return Counter(topics) + (self._released(placement) if placement["hold"] is not None else Counter())

    def _apply_withdraw(self, command: Command, told: Told) -> None:
        if self.placements[command["placement"]]["hold"] is not None:
            self._end_hold(command["placement"], "released")
        self._end(command["placement"], "withdrawn")

    def _judge_admit(self, command: Command) -> Judged:
        placement = self.placements.get(command["placement"])
        if placement is None:
            return "PLACEMENT_UNKNOWN"
        offer = self._held(placement)
        if placement["ended"]:
            return "PLACEMENT_ENDED"
        if placement["admitted"]:
            return Counter()
        if offer is None:
            return "NO_HOLD"
        if offer["state"] != "accepted":
            return "HOUSE_HAS_NOT_ACCEPTED"
        if not placement["woman"]:
            return "WOMAN_HAS_NOT_ACCEPTED"
        return Counter({"placement.household-admitted.1": 1, "unit.occupied.1": len(offer["units"])})

    def _apply_admit(self, command: Command, told: Told) -> None:
        self.placements[command["placement"]]["admitted"] = True

    def _judge_discharge(self, command: Command) -> Judged:
        placement = self.placements.get(command["placement"])
        if placement is None:
            return "PLACEMENT_UNKNOWN"
        if placement["ended"]:
            return Counter() if placement["ended"] == "discharged" else "PLACEMENT_ENDED"
        if not placement["admitted"]:
            return "NOT_ADMITTED"
        left = Counter({"unit.vacated.1": len(self._units_of(command["placement"]))})
        return left + Counter(["placement.household-discharged.1", "placement.ended.1", "case.unbound.1"])

    def _apply_discharge(self, command: Command, told: Told) -> None:
        placement = self.placements[command["placement"]]
        for unit in self._units_of(command["placement"]):
            self._free(unit, command["placement"])
            if self.units[unit]["guests"].pop(command["placement"], None) is not None:
                self.units[unit]["departed"].add(command["placement"])
        placement["hold"] = None
        self._end(command["placement"], "discharged")

    def _judge_close(self, command: Command) -> Judged:
        placement = self.placements.get(command["placement"])
        if placement is None:
            return "PLACEMENT_UNKNOWN"
        if placement["ended"]:
            return Counter() if placement["ended"] == command["outcome"] else "PLACEMENT_ENDED"
        if placement["admitted"]:
            return "ALREADY_ADMITTED"
        ended = Counter(["placement.ended.1", "case.unbound.1"])
        return ended + (self._released(placement) if placement["hold"] is not None else Counter())

    def _apply_close(self, command: Command, told: Told) -> None:
        if self.placements[command["placement"]]["hold"] is not None:
            self._end_hold(command["placement"], "released")
        self._end(command["placement"], command["outcome"])

    # --- on the way -----------------------------------------------------------------------------------------

    def _not_on_the_way(self, command: Command) -> str | None:
        placement, offer, refusal = self._named(command)
        if refusal:
            return refusal
        for name, holds in (
            ("PLACEMENT_ENDED", placement["ended"]),
            ("ALREADY_ADMITTED", placement["admitted"]),
            ("OFFER_NO_LONGER_HELD", placement["hold"] != command["offer"]),
            ("HOUSE_HAS_NOT_ACCEPTED", offer["state"] != "accepted"),
        ):
            if holds:
                return name
        return None

    def _judge_handover(self, command: Command) -> Judged:
        if (refusal := self._named(command)[2]) is not None:
            return refusal
        if command["expected"] <= self.now:
            return "NOT_IN_THE_FUTURE"
        if refusal := self._not_on_the_way(command):
            return refusal
        known = self.placements[command["placement"]]["handover"]
        return Counter() if known == command["expected"] else Counter(["placement.handover-agreed.1"])

    def _apply_handover(self, command: Command, told: Told) -> None:
        self.placements[command["placement"]].update(handover=command["expected"], missed=False)

    def _judge_missed(self, command: Command) -> Judged:
        if refusal := self._not_on_the_way(command):
            return refusal
        missed = self.placements[command["placement"]]["missed"]
        return Counter() if missed else Counter(["placement.household-not-arrived.1"])

    def _apply_missed(self, command: Command, told: Told) -> None:
        self.placements[command["placement"]]["missed"] = True

    # --- without the engine ---------------------------------------------------------------------------------

    def _judge_direct(self, command: Command) -> Judged:
        """A household is in the house by agreement: it goes into its placement, or begins one."""
        if command["house"] not in self.houses:
            return "SHELTER_UNKNOWN"
        for unit_id, places in command["units"].items():
            unit = self.units.get(unit_id)
            if unit is None or unit["house"] != command["house"]:
                return "UNIT_UNKNOWN"
            if not set(places) <= set(unit["places"]):
                return "PLACE_UNKNOWN"
        if not command["without"] and not any(command["units"].values()):
            return "PLACE_UNKNOWN"
        known, asks = command["placement"], command["asks"]
        if known is None:
            if (refusal := self._cannot_begin(asks)) is not None:
                return refusal
            known = self.cases.get(asks["case"])
        if known is None:
            begun = ["placement.requested.2", "case.bound.1"] + ([] if asks["case"] else ["case.opened.1"])
            return self._came(command, None, Counter(begun))
        placement = self.placements.get(known)
        if placement is None:
            return "PLACEMENT_UNKNOWN"
        if placement["ended"]:
            return "PLACEMENT_ENDED"
        if placement["admitted"]:
            return Counter() if self._told_before(command, known) else "ALREADY_ADMITTED"
        held = placement["hold"] is not None
        return self._came(command, known, self._released(placement) if held else Counter())

    def _told_before(self, command: Command, known: Any) -> bool:
        """The same beds, those of others among them, and as many on the floor."""
        came = self._held(self.placements[known])
        assert came is not None
        if came["without"] != command["without"] or set(came["units"]) != set(command["units"]):
            return False
        for unit_id, named in command["units"].items():
            unit, has = self.units[unit_id], set(came["units"][unit_id])
            beside = unit["guests"].get(known, set())
            everything = set(self._whole(unit, named))
            if set(named) - has != beside or has - everything:
                return False
        return True

    def _cannot_begin(self, asks: Command) -> str | None:
        if choosing.people(asks) == 0:
            return "HOUSEHOLD_EMPTY"
        if asks["adults"] == 0:
            return "HOUSEHOLD_WITHOUT_HER"
        return "OCCURRED_IN_THE_FUTURE" if asks["at"] > self.now else self._unknown_name(asks)

    def _came(self, command: Command, known: Any, before: Counter[str]) -> Counter[str]:
        beyond = "extraordinary-admission" if command["without"] else "admission-by-direct-agreement"
        moved = self._in_the_way(command, known)
        return before + Counter(
            {
                f"placement.{beyond}.1": 1,
                "unit.occupied-directly.1": len(command["units"]),
                "placement.hold-displaced.1": len(moved),
                "unit.released.1": sum(len(self._units_of(each)) for each in moved),
            }
        )

    def _in_the_way(self, command: Command, known: Any) -> set[Any]:
        """Whose hold, other than its own, is on these places."""
        moved: set[Any] = set()
        for unit, places in command["units"].items():
            moved.update(self._displaced({"unit": unit, "places": places}))
        return moved - {known}

    def _apply_direct(self, command: Command, told: Told) -> None:
        known = told["placement"]
        if told["case"] is not None:
            self._begin(known, {**command["asks"], "case": told["case"]}, consent=False)
        placement = self.placements[known]
        if placement["hold"] is not None:
            self._end_hold(known, "released")
        for other in self._in_the_way(command, known):
            self._end_hold(other, "displaced")
        units = {}
        for unit_id, named in command["units"].items():
            unit = self.units[unit_id]
            wanted = self._whole(unit, named)
            units[unit_id] = tuple(place for place in wanted if place not in unit["taken"])
            unit["guests"][known] = {place for place in named if place in unit["taken"]}
            self._take(unit_id, known, units[unit_id])
        self._offer(known, told["offer"], units, self.now, "accepted")
        placement["offers"][told["offer"]]["without"] = command["without"]
        placement.update(hold=told["offer"], admitted=True, waiting=False)
