"""A naive network of houses in plain dicts: what must follow from each command, written anew, without haste.

It imports nothing of the program (a test holds it to that). `judge` says what a command must lead to, as the
name of a refusal or as a count of topics; `apply` then makes it true, with the ids and deadlines that the
engine gave. Which places a request may have, and which it gets, is `choosing`'s. Driven by `machine`.
"""

# ruff: noqa: ARG002 - what is dispatched by name, or overridden, takes what its like takes

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.simulation import choosing
from tests.simulation.choosing import Ranked

Command = Mapping[str, Any]
"""`do` names it, the rest are its arguments."""
Told = Mapping[str, Any]
"""What the engine chose: ids of what is new, units with their places, the holds it ended, the deadline."""
Judged = str | Counter[str]

MINUTES = {"U1": 10, "U2": 30, "U3": 240}
CONVERSATION = timedelta(minutes=30)


class Violation(AssertionError):
    """The engine did what the model says can never be."""


def must(truth: object, what: str) -> None:
    if not truth:
        raise Violation(what)


class Model:
    """Houses, units, cases and placements by id, each a dict."""

    def __init__(self, now: datetime, zones: Iterable[Any]) -> None:
        self.now = now
        self.zones = set(zones)
        self.houses: dict[Any, dict[str, Any]] = {}
        self.units: dict[Any, dict[str, Any]] = {}
        self.cases: dict[Any, Any] = {}
        self.placements: dict[Any, dict[str, Any]] = {}
        self.minors = 0

    def copy(self) -> Model:
        copied: Model = pickle.loads(pickle.dumps(self))
        return copied

    def judge(self, command: Command) -> Judged:
        """The refusal's name, or how many events of each topic; of a search, without what the search adds."""
        judged: Judged = getattr(self, f"_judge_{command['do']}")(command)
        return judged

    def apply(self, command: Command, told: Told) -> None:
        """Make true what was judged to follow."""
        getattr(self, f"_apply_{command['do']}")(command, told)

    # --- houses and units -----------------------------------------------------------------------------------

    def _judge_register_house(self, command: Command) -> Judged:
        if command["house"] in self.houses:
            return "CODE_ALREADY_USED"
        return Counter(["shelter.registered.1", "shelter.agreement-signed.1", "shelter.intake-policy-set.1"])

    def _apply_register_house(self, command: Command, told: Told) -> None:
        self.houses[command["house"]] = {
            "paused": False,
            "modes": set(command["modes"]),
            "listed": True,
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
        same = unit["open"] == set(command["open"]) and unit["observed"] == command["at"]
        return Counter() if same and not unit["wrong"] else Counter(["unit.availability-published.1"])

    def _apply_publish(self, command: Command, told: Told) -> None:
        self.units[command["unit"]].update(open=set(command["open"]), observed=command["at"], wrong=False)

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
        if command["guests"] in unit["departed"]:
            return Counter()
        if command["guests"] not in unit["guests"]:
            return "OCCUPANCY_UNKNOWN"
        return Counter(["unit.vacated-outside.1"])

    def _apply_leave(self, command: Command, told: Told) -> None:
        unit = self.units[command["unit"]]
        self._free(command["unit"], command["guests"])
        del unit["guests"][command["guests"]]
        unit["departed"].add(command["guests"])

    # --- asking and searching -------------------------------------------------------------------------------

    def _judge_request(self, command: Command) -> Judged:
        if not set(command["barred"]) <= set(self.houses):
            return "SHELTER_UNKNOWN"
        named = {*command["apart"], *([command["case"]] if command["case"] else [])}
        if not named <= set(self.cases):
            return "CASE_UNKNOWN"
        if not set(command["zones"]) <= self.zones:
            return "ZONE_UNKNOWN"
        if command["case"] in command["apart"]:
            return "CODE_MALFORMED"
        if choosing.people(command) == 0:
            return "HOUSEHOLD_EMPTY"
        if command["at"] > self.now:
            return "OCCURRED_IN_THE_FUTURE"
        if command["adults"] == 0:
            return Counter(["network.minor-alone-signposted.1"])
        if command["channel"] != "CAV":
            return "CHANNEL_MAY_NOT_REQUEST"
        if command["case"] is not None and self.cases[command["case"]] is not None:
            return "CASE_HAS_OPEN_PLACEMENT"
        topics = ["placement.requested.2", "case.bound.1", "placement.candidates-ranked.2"]
        topics += ["placement.search-consented.1"] if command["consent"] else []
        topics += ["case.opened.1"] if command["case"] is None else []
        return Counter(topics)

    def _apply_request(self, command: Command, told: Told) -> None:
        if command["adults"] == 0:
            self.minors += 1
            return
        must(told["placement"] not in self.placements, "a placement is requested once")
        self.cases[told["case"]] = told["placement"]
        self.placements[told["placement"]] = {
            "case": told["case"],
            "asks": {**command, "case": told["case"]},
            "consent": command["consent"],
            "stopped": False,
            "said_no": False,
            "waiting": False,
            "hold": None,
            "offers": {},
            "avoid": set(),
            "woman": False,
            "admitted": False,
            "ended": None,
            "endings": 0,
            "reasons": None,
        }
        self._searched(told)

    def _judge_search(self, command: Command) -> Judged:
        placement = self.placements.get(command["placement"])
        if placement is None:
            return "PLACEMENT_UNKNOWN"
        if placement["ended"]:
            return "PLACEMENT_ENDED"
        if placement["admitted"]:
            return "ALREADY_ADMITTED"
        if placement["stopped"]:
            return "SEARCH_STOPPED_FOR_A_PERSON"
        if placement["hold"] is not None:
            return "HOLD_STANDS"
        ranked = choosing.rank(self, placement["asks"], command["placement"], self.now)
        same = placement["waiting"] and ranked.reasons == placement["reasons"] and not ranked.candidates
        return Counter() if same else Counter(["placement.candidates-ranked.2"])

    def _apply_search(self, command: Command, told: Told) -> None:
        self._searched(told)

    def _judge_go_on(self, command: Command) -> Judged:
        """A person lifts the stop and searches; a hold that stands stays."""
        placement = self.placements.get(command["placement"])
        if placement is None or not placement["stopped"]:
            return self._judge_search(command)
        placement["stopped"] = False
        judged = self._judge_search(command)
        placement["stopped"] = True
        resumed = Counter(["placement.search-resumed.1"])
        if judged == "HOLD_STANDS":
            return resumed
        return judged if isinstance(judged, str) else judged + resumed

    def _apply_go_on(self, command: Command, told: Told) -> None:
        self._apply_resume_search(command, told)
        if told["placement"] is not None:
            self._searched(told)

    def _searched(self, told: Told) -> None:
        """The engine's choice becomes true here, whatever it was ranked on; the places must be free now."""
        placement = self.placements[told["placement"]]
        placement["reasons"] = told["reasons"]
        for rival in told["expires"]:
            self._end_hold(rival, "expired")
            self.placements[rival]["waiting"] = True
        if told["units"]:
            self._hold(told)
        else:
            placement["waiting"] = True

    def _hold(self, told: Told) -> None:
        placement = self.placements[told["placement"]]
        for unit, places in told["units"].items():
            self._take(unit, told["placement"], places)
        self._check_deadline(placement, told["deadline"])
        placement.update(waiting=False, hold=told["offer"])
        placement["offers"][told["offer"]] = {
            "units": dict(told["units"]),
            "state": "held",
            "sent": False,
            "seen": False,
            "until": None,
            "deadline": told["deadline"],
            "unanswered": False,
            "channel": None,
            "confirmed": False,
            "late": False,
        }

    def searched(self, judged: Judged, told: Told) -> Counter[str]:
        """All topics of a command that was judged to search, with what this outcome of the search adds."""
        must(not isinstance(judged, str), f"it was to be refused: {judged}")
        topics = Counter(judged)
        topics["placement.candidates-ranked.2"] = 1
        return topics + self._found(told)

    def _found(self, told: Told) -> Counter[str]:
        if not told["units"]:
            placement = self.placements.get(told["placement"])
            again = placement is not None and placement["waiting"]
            return Counter() if again else Counter(["placement.left-waiting.1"])
        ended = told["expires"]
        return Counter(
            {
                "placement.hold-placed.1": 1,
                "unit.held.1": len(told["units"]),
                "placement.hold-expired.1": len(ended),
                "unit.released.1": sum(len(self._units_of(rival)) for rival in ended),
            }
        )

    def ranked(self, asks: Command, placement_id: Any, now: datetime) -> Ranked:
        """Every unit judged, and what may be had, in order."""
        return choosing.rank(self, asks, placement_id, now)

    def check_choice(self, ranked: Ranked, told: Told) -> None:
        """Whether what the engine holds is the first of what may be had."""
        first = ranked.candidates[0] if ranked.candidates else None
        must(bool(told["units"]) == (first is not None), "it holds what fits and waits where nothing does")
        if first is not None:
            must(told["units"] == first.units, "another candidate than the first is held")
            must(set(told["expires"]) == set(first.ends), "other holds were ended than had to be")

    def check_still_open(self, asks: Command, told: Told) -> None:
        """Where the choice takes effect the whole house is as it was: it was guarded. What is owed is judged
        where it was ranked.
        """
        for unit_id, places in told["units"].items():
            why = choosing.why_not(self, asks, told["placement"], unit_id, self.now)
            must(why is None, f"the unit was not to be had any more: {why}")
            free = set(places) - choosing.not_free(self.units[unit_id], told["expires"])
            must(free == set(places), "a place chosen was not free")

    # --- offer and answers ----------------------------------------------------------------------------------

    def _judge_consent(self, command: Command) -> Judged:
        placement = self.placements.get(command["placement"])
        if placement is None:
            return "PLACEMENT_UNKNOWN"
        if placement["ended"]:
            return "PLACEMENT_ENDED"
        return Counter() if placement["consent"] else Counter(["placement.search-consented.1"])

    def _apply_consent(self, command: Command, told: Told) -> None:
        self.placements[command["placement"]]["consent"] = True

    def _judge_send(self, command: Command) -> Judged:
        placement = self.placements.get(command["placement"])
        if placement is None:
            return "PLACEMENT_UNKNOWN"
        offer = self._held(placement)
        for refusal, holds in (
            ("PLACEMENT_ENDED", placement["ended"]),
            ("ALREADY_ADMITTED", placement["admitted"]),
            ("CONSENT_NOT_RECORDED", not placement["consent"]),
            ("SEARCH_STOPPED_FOR_A_PERSON", placement["stopped"]),
            ("NO_HOLD", offer is None),
            ("CANDIDATE_NOT_HELD", offer is not None and tuple(offer["units"]) != tuple(command["units"])),
        ):
            if holds:
                return refusal
        assert offer is not None
        return (
            Counter() if offer["sent"] else Counter(["placement.decision-taken.1", "placement.offer-sent.1"])
        )

    def _apply_send(self, command: Command, told: Told) -> None:
        placement = self.placements[command["placement"]]
        self._check_deadline(placement, told["deadline"])
        offer = self._held(placement)
        assert offer is not None
        offer.update(sent=True, state="sent", deadline=told["deadline"], unanswered=False)

    def _judge_seen(self, command: Command) -> Judged:
        placement, offer, refusal = self._named(command)
        if refusal or placement["ended"]:
            return refusal or "PLACEMENT_ENDED"
        if not offer["sent"]:
            return "OFFER_NOT_SENT"
        if offer["seen"]:
            return Counter()
        talks = placement["hold"] == command["offer"] and offer["state"] != "accepted"
        topics = ["placement.offer-seen.1"] + (["placement.conversation-opened.1"] if talks else [])
        return Counter(topics)

    def _apply_seen(self, command: Command, told: Told) -> None:
        placement = self.placements[command["placement"]]
        offer = placement["offers"][command["offer"]]
        offer["seen"] = True
        if placement["hold"] == command["offer"] and offer["state"] != "accepted":
            offer.update(until=self.now + CONVERSATION, unanswered=False)

    def _judge_talk(self, command: Command) -> Judged:
        placement, offer, refusal = self._named(command)
        refusal = refusal or self._not_standing(placement, offer, command["offer"])
        if refusal:
            return refusal
        if offer["state"] == "accepted":
            return "OFFER_ALREADY_ACCEPTED"
        same = offer["until"] == self.now + CONVERSATION
        return Counter() if same else Counter(["placement.conversation-opened.1"])

    def _apply_talk(self, command: Command, told: Told) -> None:
        offer = self.placements[command["placement"]]["offers"][command["offer"]]
        offer.update(until=self.now + CONVERSATION, unanswered=False)

    def _judge_unanswered(self, command: Command) -> Judged:
        placement, offer, refusal = self._named(command)
        if refusal or placement["ended"]:
            return refusal or "PLACEMENT_ENDED"
        if offer["unanswered"] or placement["hold"] != command["offer"] or offer["state"] == "accepted":
            return Counter()
        late = choosing.overdue(offer, self.now)
        return Counter(["placement.offer-unanswered.1"]) if late else "HOLD_NOT_OVERDUE"

    def _apply_unanswered(self, command: Command, told: Told) -> None:
        self.placements[command["placement"]]["offers"][command["offer"]]["unanswered"] = True

    def _judge_accept(self, command: Command) -> Judged:
        placement, offer, refusal = self._named(command)
        if refusal:
            return refusal
        if command["at"] > self.now:
            return "OCCURRED_IN_THE_FUTURE"
        if not offer["sent"]:
            return "OFFER_NOT_SENT"
        if offer["state"] == "refused":
            return "OFFER_ALREADY_REFUSED"
        if placement["hold"] != command["offer"]:
            return self._judge_late(command, placement, offer)
        if placement["admitted"]:
            return Counter()
        if offer["state"] != "accepted":
            return Counter(["placement.offer-accepted.1"])
        confirms = (
            command["channel"] == "SCREEN" and offer["channel"] == "TELEPHONE" and not offer["confirmed"]
        )
        return Counter(["placement.telephone-acceptance-confirmed.1"]) if confirms else Counter()

    def _judge_late(self, command: Command, placement: dict[str, Any], offer: dict[str, Any]) -> Judged:
        if self.why_late(command, placement, offer) is None:
            took = Counter({"unit.held.1": len(offer["units"])})
            return took + Counter(["placement.hold-placed.1", "placement.offer-accepted.1"])
        return Counter() if offer["late"] else Counter(["placement.late-acceptance-recorded.1"])

    def why_late(self, command: Command, placement: dict[str, Any], offer: dict[str, Any]) -> str | None:
        """Why a late yes takes nothing; None where it takes the places again. What is owed to others was
        judged where the command was decided: `owed` says how, where that was not here.
        """
        units = {unit: self.units[unit] for unit in offer["units"]}
        places = {place for named in offer["units"].values() for place in named}
        for reason, holds in (
            ("PLACEMENT_ENDED", placement["ended"]),
            ("ANOTHER_HOLD", placement["hold"] is not None),
            ("DECLINED_BY_WOMAN", offer["state"] == "declined"),
            ("SEARCH_STOPPED", placement["said_no"]),
            ("NOT_TO_ASK", placement["avoid"] & set(units)),
            ("SHELTER_NOT_ADMITTING", any(self.houses[unit["house"]]["paused"] for unit in units.values())),
            ("PLACES_TAKEN", any(choosing.not_free(unit, ()) & places for unit in units.values())),
        ):
            if holds:
                return reason
        owed = command["owed"] if "owed" in command else self.is_owed(command, self.now)
        return "OWED_TO_ANOTHER" if owed else None

    def is_owed(self, command: Command, now: datetime) -> bool:
        """Whether what this offer was on is owed to somebody who comes before."""
        placement = self.placements.get(command["placement"])
        offer = placement["offers"].get(command["offer"]) if placement is not None else None
        if placement is None or offer is None:
            return False
        owed = choosing.owed_before(self, placement["asks"], command["placement"], now)
        return any(owed & set(places) for places in offer["units"].values())

    def tells(self, command: Command, told: Told) -> bool:
        """Whether a late yes took nothing for the reason it says."""
        if command["do"] != "accept":
            return True
        placement = self.placements[command["placement"]]
        offer = placement["offers"][command["offer"]]
        stands = placement["hold"] == command["offer"]
        return bool(stands or told["reason"] == self.why_late(command, placement, offer))

    def _apply_accept(self, command: Command, told: Told) -> None:
        placement = self.placements[command["placement"]]
        offer = placement["offers"][command["offer"]]
        if placement["hold"] == command["offer"] and offer["state"] == "accepted":
            offer["confirmed"] = True
            return
        if placement["hold"] != command["offer"]:
            reason = self.why_late(command, placement, offer)
            if reason is not None:
                offer["late"] = True
                return
            for unit, places in offer["units"].items():
                self._take(unit, command["placement"], places)
            placement.update(hold=command["offer"], waiting=False)
            offer.update(seen=False, until=None, unanswered=False, confirmed=False, late=False)
        offer.update(state="accepted", channel=command["channel"])

    def _judge_refuse(self, command: Command) -> Judged:
        placement, offer, refusal = self._named(command)
        if refusal:
            return refusal
        if offer["state"] == "refused":
            return Counter()
        for name, holds in (
            ("PLACEMENT_ENDED", placement["ended"]),
            ("ALREADY_ADMITTED", placement["admitted"]),
            ("OFFER_NOT_SENT", not offer["sent"]),
        ):
            if holds:
                return name
        return self._no("placement.offer-refused.1", placement, command)

    def _apply_refuse(self, command: Command, told: Told) -> None:
        self._say_no(command, "refused", stops=command["group"] == "SAFETY")

    def _judge_decline(self, command: Command) -> Judged:
        placement, offer, refusal = self._named(command)
        if refusal:
            return refusal
        if offer["state"] == "declined":
            return Counter()
        for name, holds in (
            ("PLACEMENT_ENDED", placement["ended"]),
            ("ALREADY_ADMITTED", placement["admitted"]),
        ):
            if holds:
                return name
        return self._no("placement.woman-declined.1", placement, command)

    def _apply_decline(self, command: Command, told: Told) -> None:
        self._say_no(command, "declined", stops=True)

    def _no(self, topic: str, placement: dict[str, Any], command: Command) -> Counter[str]:
        ends = placement["hold"] == command["offer"]
        return Counter([topic]) + (self._released(placement) if ends else Counter())

    def _say_no(self, command: Command, word: str, *, stops: bool) -> None:
        placement = self.placements[command["placement"]]
        offer = placement["offers"][command["offer"]]
        if placement["hold"] == command["offer"]:
            self._end_hold(command["placement"], word)
        offer["state"] = word
        placement["avoid"].update(offer["units"])
        placement["stopped"] = placement["stopped"] or stops
        placement["said_no"] = placement["said_no"] or stops

    def _judge_woman(self, command: Command) -> Judged:
        placement = self.placements.get(command["placement"])
        if placement is None:
            return "PLACEMENT_UNKNOWN"
        offer = self._held(placement)
        for refusal, holds in (
            ("PLACEMENT_ENDED", placement["ended"]),
            ("ALREADY_ADMITTED", placement["admitted"]),
            ("NO_HOLD", offer is None),
            ("HOUSE_HAS_NOT_ACCEPTED", offer is not None and offer["state"] != "accepted"),
        ):
            if holds:
                return refusal
        return Counter() if placement["woman"] else Counter(["placement.woman-accepted.1"])

    def _apply_woman(self, command: Command, told: Told) -> None:
        self.placements[command["placement"]]["woman"] = True

    # --- ending ---------------------------------------------------------------------------------------------

    def _judge_resume_search(self, command: Command) -> Judged:
        placement = self.placements.get(command["placement"])
        if placement is None:
            return "PLACEMENT_UNKNOWN"
        if placement["ended"]:
            return "PLACEMENT_ENDED"
        return Counter(["placement.search-resumed.1"]) if placement["stopped"] else Counter()

    def _apply_resume_search(self, command: Command, told: Told) -> None:
        self.placements[command["placement"]].update(stopped=False, said_no=False)

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
        placement["hold"] = None
        self._end(command["placement"], "discharged")

    # --- small things ---------------------------------------------------------------------------------------

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
        placement.update(hold=None, woman=False)

    def _end(self, placement_id: Any, word: str) -> None:
        placement = self.placements[placement_id]
        placement["endings"] += 1
        placement["ended"] = word
        self.cases[placement["case"]] = None

    # --- what can be asked of the whole ---------------------------------------------------------------------

    def claims_on_places(self) -> dict[Any, Any]:
        """Who has which place, by the units."""
        return {place: holder for unit in self.units.values() for place, holder in unit["taken"].items()}

    def claims_on_cases(self) -> dict[Any, Any]:
        """Which placement each case has open."""
        return {case: placement for case, placement in self.cases.items() if placement is not None}

    def phase(self, placement_id: Any) -> str:
        """Where a placement stands, in the words of the pages."""
        placement = self.placements[placement_id]
        offer = self._held(placement)
        if placement["ended"] or placement["admitted"]:
            return "ENDED" if placement["ended"] else "ADMITTED"
        if offer is None:
            return "STOPPED" if placement["stopped"] else "WAITING" if placement["waiting"] else "SEARCHING"
        if offer["state"] == "accepted":
            return "ACCEPTED_BY_BOTH" if placement["woman"] else "ACCEPTED_BY_HOUSE"
        return "IN_CONVERSATION" if offer["until"] else "OFFERED" if offer["sent"] else "HELD"

    def check(self) -> None:
        """What must be true of the model itself after every step."""
        for unit in self.units.values():
            must(set(unit["taken"]) <= set(unit["places"]), "a place taken is a place of the unit")
        holders = Counter(
            place
            for placement in self.placements.values()
            if placement["hold"] is not None
            for places in placement["offers"][placement["hold"]]["units"].values()
            for place in places
        )
        must(all(count == 1 for count in holders.values()), "two placements hold one place")
        guests = sum(holder not in self.placements for holder in self.claims_on_places().values())
        must(len(holders) + guests == len(self.claims_on_places()), "places are conserved")
        opened = Counter(each["case"] for each in self.placements.values() if not each["ended"])
        must(all(count == 1 for count in opened.values()), "a case has one open placement")
        must(all(each["endings"] <= 1 for each in self.placements.values()), "a placement ends once")
