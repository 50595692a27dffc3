"""The naive network: what houses and units say of themselves, and who is in them unsent. For `model`."""

# ruff: noqa: ARG002 - what is dispatched by name, or overridden, takes what its like takes

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.simulation import choosing
from tests.simulation.town import Command, Judged, Told, Town


class Housework(Town):
    """Its part of the model's commands."""

    def _judge_register_house(self, command: Command) -> Judged:
        if command["house"] in self.houses:
            return "CODE_ALREADY_USED"
        return Counter(["shelter.registered.1", "shelter.agreement-signed.1", "shelter.intake-policy-set.1"])

    def _apply_register_house(self, command: Command, told: Told) -> None:
        self.houses[command["house"]] = {
            "paused": False,
            "modes": set(command["modes"]),
            "status": "COMPLIANT",
            "agreement": (command["from"], None),
        }

    def _judge_register_unit(self, command: Command) -> Judged:
        if command["house"] not in self.houses:
            return "SHELTER_UNKNOWN"
        if not set(command["zones"]) <= self.zones:
            return "ZONE_UNKNOWN"
        if command["unit"] in self.units:
            return "CODE_ALREADY_USED"
        if not any(kind == "BED" for kind in command["places"].values()):
            return "UNIT_WITHOUT_BEDS"
        return Counter(["unit.registered.1"])

    def _apply_register_unit(self, command: Command, told: Told) -> None:
        self.units[command["unit"]] = {
            "house": command["house"],
            "places": dict(command["places"]),
            "exclusive": command["exclusive"],
            "modes": set(command["modes"]),
            "level": command["level"],
            "features": set(command["features"]),
            "zones": set(command["zones"]),
            "open": set(),
            "observed": None,
            "wrong": False,
            "declared": None,
            "terms": {"children": None, "boys": None, "risk": None, "criteria": ()},
            "inventoried": False,
            "taken": {},
            "guests": {},
            "departed": set(),
        }

    def _judge_pause(self, command: Command) -> Judged:
        house = self.houses.get(command["house"])
        if house is None:
            return "SHELTER_UNKNOWN"
        return Counter() if house["paused"] == command["reason"] else Counter(["shelter.intake-paused.1"])

    def _apply_pause(self, command: Command, told: Told) -> None:
        self.houses[command["house"]]["paused"] = command["reason"]

    def _judge_resume(self, command: Command) -> Judged:
        house = self.houses.get(command["house"])
        if house is None:
            return "SHELTER_UNKNOWN"
        return Counter(["shelter.intake-resumed.1"]) if house["paused"] else Counter()

    def _apply_resume(self, command: Command, told: Told) -> None:
        self.houses[command["house"]]["paused"] = False

    def _judge_publish(self, command: Command) -> Judged:
        unit = self.units.get(command["unit"])
        if unit is None:
            return "UNIT_UNKNOWN"
        if not set(command["open"]) <= set(unit["places"]):
            return "PLACE_UNKNOWN"
        if command["at"] > self.now:
            return "OCCURRED_IN_THE_FUTURE"
        if self._seen_since(command):
            return "OLDER_THAN_KNOWN"
        same = unit["open"] == set(command["open"]) and unit["observed"] == command["at"]
        return Counter() if same and not unit["wrong"] else Counter(["unit.availability-published.1"])

    def _apply_publish(self, command: Command, told: Told) -> None:
        self.units[command["unit"]].update(open=set(command["open"]), observed=command["at"], wrong=False)

    def _seen_since(self, command: Command) -> bool:
        seen = self.units[command["unit"]]["observed"]
        return seen is not None and command["at"] < seen

    def _judge_inventory(self, command: Command) -> Judged:
        unit = self.units.get(command["unit"])
        if unit is None:
            return "UNIT_UNKNOWN"
        named = [place for places in command["guests"].values() for place in places]
        if not set(named) <= set(unit["places"]) or not all(command["guests"].values()):
            return "PLACE_UNKNOWN"
        if len(named) != len(set(named)):
            return "PLACE_REPEATED"
        if unit["inventoried"]:
            return "INVENTORY_ALREADY_TAKEN"
        if any(place in unit["taken"] for place in self._whole(unit, named)):
            return "PLACE_CLAIMED"
        return Counter(["unit.inventory-opened.1"])

    def _apply_inventory(self, command: Command, told: Told) -> None:
        unit = self.units[command["unit"]]
        unit["inventoried"] = True
        given = [(guests, list(places)) for guests, places in command["guests"].items()]
        named = [place for _, places in given for place in places]
        if given:
            given[0][1].extend(place for place in self._whole(unit, named) if place not in named)
        for guests, places in given:
            self._take(command["unit"], guests, places)
            unit["guests"][guests] = set()

    def _judge_occupy(self, command: Command) -> Judged:
        unit = self.units.get(command["unit"])
        if unit is None:
            return "UNIT_UNKNOWN"
        if not command["places"] or not set(command["places"]) <= set(unit["places"]):
            return "PLACE_UNKNOWN"
        if command["at"] > self.now:
            return "OCCURRED_IN_THE_FUTURE"
        if command["guests"] in unit["guests"] or command["guests"] in unit["departed"]:
            return Counter()
        moved = self._displaced(command)
        return Counter(
            {
                "unit.occupied-outside.1": 1,
                "placement.hold-displaced.1": len(moved),
                "unit.released.1": sum(len(self._units_of(each)) for each in moved),
            }
        )

    def _apply_occupy(self, command: Command, told: Told) -> None:
        unit = self.units[command["unit"]]
        for placement in self._displaced(command):
            self._end_hold(placement, "displaced")
        wanted = self._whole(unit, command["places"])
        stays = {place for place in wanted if place in unit["taken"]}
        self._take(command["unit"], command["guests"], [place for place in wanted if place not in stays])
        unit["guests"][command["guests"]] = stays & set(command["places"])

    def _judge_leave(self, command: Command) -> Judged:
        unit = self.units.get(command["unit"])
        if unit is None:
            return "UNIT_UNKNOWN"
        sent_by_others = command["guests"] not in self.placements
        if command["guests"] in unit["departed"] and sent_by_others:
            return Counter()
        if command["guests"] not in unit["guests"] or not sent_by_others:
            return "OCCUPANCY_UNKNOWN"
        return Counter(["unit.vacated-outside.1"])

    def _apply_leave(self, command: Command, told: Told) -> None:
        unit = self.units[command["unit"]]
        self._free(command["unit"], command["guests"])
        del unit["guests"][command["guests"]]
        unit["departed"].add(command["guests"])

    def _judge_sign(self, command: Command) -> Judged:
        house = self.houses.get(command["house"])
        if house is None:
            return "SHELTER_UNKNOWN"
        same = house["agreement"] == (command["from"], None)
        return Counter() if same else Counter(["shelter.agreement-signed.1"])

    def _apply_sign(self, command: Command, told: Told) -> None:
        self.houses[command["house"]]["agreement"] = (command["from"], None)

    def _judge_unsign(self, command: Command) -> Judged:
        house = self.houses.get(command["house"])
        if house is None:
            return "SHELTER_UNKNOWN"
        same = house["agreement"][1] == command["to"]
        return Counter() if same else Counter(["shelter.agreement-ended.1"])

    def _apply_unsign(self, command: Command, told: Told) -> None:
        house = self.houses[command["house"]]
        house["agreement"] = (house["agreement"][0], command["to"])

    def _judge_list(self, command: Command) -> Judged:
        house = self.houses.get(command["house"])
        if house is None:
            return "SHELTER_UNKNOWN"
        same = house["status"] == command["status"]
        return Counter() if same else Counter(["shelter.register-status-changed.1"])

    def _apply_list(self, command: Command, told: Told) -> None:
        self.houses[command["house"]]["status"] = command["status"]

    def _judge_declare(self, command: Command) -> Judged:
        unit = self.units.get(command["unit"])
        if unit is None:
            return "UNIT_UNKNOWN"
        if command["terms"]["risk"] == "NOT_ASSESSED":
            return "TERMS_MALFORMED"
        same = unit["declared"] == command["terms"]
        return Counter() if same else Counter(["unit.terms-declared.1"])

    def _apply_declare(self, command: Command, told: Told) -> None:
        self.units[command["unit"]].update(declared=command["terms"], terms=command["terms"])

    def _judge_correct(self, command: Command) -> Judged:
        """The house's word was wrong: whose hold has too few open places left loses it."""
        unit = self.units.get(command["unit"])
        if unit is None:
            return "UNIT_UNKNOWN"
        if not set(command["open"]) <= set(unit["places"]):
            return "PLACE_UNKNOWN"
        if command["at"] > self.now:
            return "OCCURRED_IN_THE_FUTURE"
        if self._seen_since(command):
            return "OLDER_THAN_KNOWN"
        same = unit["open"] == set(command["open"]) and unit["observed"] == command["at"] and unit["wrong"]
        lost = self._too_little(command)
        return Counter(
            {
                "unit.availability-corrected.1": 0 if same else 1,
                "placement.hold-released.1": len(lost),
                "unit.released.1": sum(len(self._units_of(each)) for each in lost),
            }
        )

    def _apply_correct(self, command: Command, told: Told) -> None:
        for placement in self._too_little(command):
            self._end_hold(placement, "released")
        self.units[command["unit"]].update(open=set(command["open"]), observed=command["at"], wrong=True)

    def _too_little(self, command: Command) -> list[Any]:
        lost = []
        for known in self._displaced(
            {"unit": command["unit"], "places": self.units[command["unit"]]["places"]}
        ):
            placement = self.placements[known]
            rooms = []
            for unit_id, places in placement["offers"][placement["hold"]]["units"].items():
                unit = self.units[unit_id]
                is_open = set(command["open"]) if unit_id == command["unit"] else unit["open"]
                rooms.append({each: unit["places"][each] for each in places if each in is_open})
            if not choosing.enough(placement["asks"], rooms):
                lost.append(known)
        return lost
