"""A naive network of houses in plain dicts: what must follow from each command, written anew, without haste.

It imports nothing of the program (a test holds it to that). `judge` says what a command must lead to, as the
name of a refusal or as a count of topics; `apply` then makes it true, with the ids, places and deadlines that
the engine chose, and complains where the choice was not open to it. Driven by `machine`.
"""

# ruff: noqa: ARG002 - what is dispatched by name, or overridden, takes what its like takes

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

Command = Mapping[str, Any]
"""`do` names it, the rest are its arguments."""
Told = Mapping[str, Any]
"""What the engine chose: ids of the new placement, case and offer, unit, places, expired holds, deadline."""
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

    def __init__(self, now: datetime) -> None:
        self.now = now
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
        self.houses[command["house"]] = {"paused": False, "modes": set(command["modes"])}

    def _judge_register_unit(self, command: Command) -> Judged:
        if command["house"] not in self.houses:
            return "SHELTER_UNKNOWN"
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
        return Counter() if same else Counter(["unit.availability-published.1"])

    def _apply_publish(self, command: Command, told: Told) -> None:
        self.units[command["unit"]].update(open=set(command["open"]), observed=command["at"])

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
        moved = len(self._displaced(command))
        return Counter(
            {
                "unit.occupied-outside.1": 1,
                "placement.hold-displaced.1": moved,
                "unit.released.1": moved,
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
        if command["case"] is not None and command["case"] not in self.cases:
            return "CASE_UNKNOWN"
        if command["adults"] + command["children"] == 0:
            return "HOUSEHOLD_EMPTY"
        if command["at"] > self.now:
            return "OCCURRED_IN_THE_FUTURE"
        if command["adults"] == 0:
            return Counter(["network.minor-alone-signposted.1"])
        if command["channel"] != "CAV":
            return "CHANNEL_MAY_NOT_REQUEST"
        if command["case"] is not None and self.cases[command["case"]] is not None:
            return "CASE_HAS_OPEN_PLACEMENT"
        topics = ["placement.requested.1", "case.bound.1", "placement.candidates-ranked.1"]
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
            "asks": dict(command),
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
        reasons = self.reasons(placement["asks"], command["placement"], self.now)
        same = placement["waiting"] and reasons == placement["reasons"] and None not in reasons.values()
        return Counter() if same else Counter(["placement.candidates-ranked.1"])

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
        if told["unit"] is None:
            placement["waiting"] = True
            return
        self._take(told["unit"], told["placement"], told["places"])
        self._check_deadline(placement, told["deadline"])
        placement.update(waiting=False, hold=told["offer"])
        placement["offers"][told["offer"]] = {
            "unit": told["unit"],
            "places": list(told["places"]),
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
        topics["placement.candidates-ranked.1"] = 1
        return topics + self._found(told)

    def _found(self, told: Told) -> Counter[str]:
        if told["unit"] is None:
            placement = self.placements.get(told["placement"])
            again = placement is not None and placement["waiting"]
            return Counter() if again else Counter(["placement.left-waiting.1"])
        ended = len(told["expires"])
        return Counter(
            {
                "placement.hold-placed.1": 1,
                "unit.held.1": 1,
                "placement.hold-expired.1": ended,
                "unit.released.1": ended,
            }
        )

    def check_choice(self, asks: Command, told: Told, now: datetime) -> None:
        """Whether this model, as it stood where the engine ranked, leaves that choice open."""
        reasons = told["reasons"]
        if told["unit"] is None:
            must(None not in reasons.values(), "it waits although a place fits")
            return
        must(reasons[told["unit"]] is None, "the unit held was not to be had")
        unit, expires = self.units[told["unit"]], told["expires"]
        fits = self._fits(unit, asks, expires)
        must(fits is not None, "the household does not fit")
        rivals = self._rivals(unit, asks, told["placement"], now)
        must(set(expires) <= rivals, "an expired hold was not overdue, or came first in the order")
        for rival in expires:
            spared = [other for other in expires if other != rival]
            must(self._fits(unit, asks, spared) is None, "a hold was ended without need")
        self._check_places(unit, asks, told["places"], expires)
        easy = [
            each for each, why in reasons.items() if why is None and self._fits(self.units[each], asks, ())
        ]
        must(not expires or not easy, "a hold was ended although another place was free")
        asked = self._asked_before(told["placement"])
        fresh = [each for each in easy if each not in asked]
        must(not fresh or told["unit"] in fresh, "a silent house was asked again before the others")

    def check_still_open(self, asks: Command, told: Told) -> None:
        """Where the choice takes effect the whole house is as it was: it was guarded."""
        if told["unit"] is not None:
            unit = self.units[told["unit"]]
            why = self._reason(unit, told["unit"], asks, told["placement"], self.now)
            must(why is None, f"the unit was not to be had any more: {why}")

    def reasons(self, asks: Command, placement_id: Any, now: datetime) -> dict[Any, str | None]:
        """Why each unit is not to be had; None where it is."""
        return {each: self._reason(unit, each, asks, placement_id, now) for each, unit in self.units.items()}

    def _reason(
        self, unit: dict[str, Any], unit_id: Any, asks: Command, placement_id: Any, now: datetime
    ) -> str | None:
        placement = self.placements.get(placement_id)
        house = self.houses[unit["house"]]
        kinds = list(unit["places"].values())
        people = asks["adults"] + asks["children"]
        if placement is not None and unit_id in placement["avoid"]:
            return "NOT_TO_ASK"
        if house["paused"] or unit["observed"] is None:
            return "NOT_ACCEPTING"
        if asks["mode"] not in unit["modes"] or asks["mode"] not in house["modes"]:
            return "INTAKE_MODE"
        if asks["level"] != unit["level"]:
            return "LEVEL"
        if people - min(asks["infants"], kinds.count("COT")) > kinds.count("BED"):
            return "CAPACITY"
        if not set(asks["features"]) <= unit["features"]:
            return "FEATURE"
        if set(asks["zones"]) & unit["zones"]:
            return "SAFETY"
        rivals = self._rivals(unit, asks, placement_id, now)
        return None if self._fits(unit, asks, rivals) else "OCCUPIED"

    def _fits(self, unit: dict[str, Any], asks: Command, ended: Iterable[Any]) -> tuple[int, int] | None:
        """How many beds and cots the household would take once these holds have ended, or None."""
        barred = self._barred(unit, ended)
        if unit["exclusive"] and barred:
            return None
        free = [unit["places"][place] for place in unit["open"] if place not in barred]
        cots = min(free.count("COT"), asks["infants"])
        beds = asks["adults"] + asks["children"] - cots
        return (beds, cots) if beds <= free.count("BED") else None

    def _barred(self, unit: dict[str, Any], ended: Iterable[Any]) -> set[Any]:
        gone = set(ended)
        taken = {place for place, holder in unit["taken"].items() if holder not in gone}
        return taken.union(*unit["guests"].values()) if unit["guests"] else taken

    def _check_places(
        self, unit: dict[str, Any], asks: Command, places: Iterable[Any], expires: Iterable[Any]
    ) -> None:
        chosen = list(places)
        must(len(set(chosen)) == len(chosen), "a place is chosen once")
        must(not self._barred(unit, expires) & set(chosen), "a place chosen was not free")
        if unit["exclusive"]:
            must(set(chosen) == set(unit["places"]), "an exclusive unit is taken whole")
            return
        must(set(chosen) <= unit["open"], "a place chosen was not open")
        kinds = [unit["places"][place] for place in chosen]
        must(
            (kinds.count("BED"), kinds.count("COT")) == self._fits(unit, asks, expires),
            "cots are for infants, beds for the others, one each",
        )

    def _rivals(self, unit: dict[str, Any], asks: Command, placement_id: Any, now: datetime) -> set[Any]:
        """Who holds places here, is overdue, and comes after in the order."""
        mine = (asks["urgency"], asks["at"], placement_id)
        found = set()
        for holder in set(unit["taken"].values()):
            rival = self.placements.get(holder)
            if rival is None or rival["admitted"] or rival["hold"] is None:
                continue
            theirs = (rival["asks"]["urgency"], rival["asks"]["at"], holder)
            if self._overdue(rival["offers"][rival["hold"]], now) and theirs > mine:
                found.add(holder)
        return found

    def _asked_before(self, placement_id: Any) -> set[Any]:
        placement = self.placements.get(placement_id)
        offers = placement["offers"].values() if placement is not None else ()
        return {offer["unit"] for offer in offers if offer["state"] in ("released", "expired")}

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
            ("CANDIDATE_NOT_HELD", offer is not None and offer["unit"] != command["unit"]),
        ):
            if holds:
                return refusal
        assert offer is not None
        return Counter() if offer["sent"] else Counter(["placement.offer-sent.1"])

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
        late = self._overdue(offer, self.now)
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
            return self._judge_late(placement, offer)
        if placement["admitted"]:
            return Counter()
        if offer["state"] != "accepted":
            return Counter(["placement.offer-accepted.1"])
        confirms = (
            command["channel"] == "SCREEN" and offer["channel"] == "TELEPHONE" and not offer["confirmed"]
        )
        return Counter(["placement.telephone-acceptance-confirmed.1"]) if confirms else Counter()

    def _judge_late(self, placement: dict[str, Any], offer: dict[str, Any]) -> Judged:
        if self.why_late(placement, offer) is None:
            return Counter(["placement.hold-placed.1", "placement.offer-accepted.1", "unit.held.1"])
        return Counter() if offer["late"] else Counter(["placement.late-acceptance-recorded.1"])

    def why_late(self, placement: dict[str, Any], offer: dict[str, Any]) -> str | None:
        """Why a late yes takes nothing; None where it takes the places again."""
        unit = self.units[offer["unit"]]
        for reason, holds in (
            ("PLACEMENT_ENDED", placement["ended"]),
            ("ANOTHER_HOLD", placement["hold"] is not None),
            ("DECLINED_BY_WOMAN", offer["state"] == "declined"),
            ("SEARCH_STOPPED", placement["said_no"]),
            ("NOT_TO_ASK", offer["unit"] in placement["avoid"]),
            ("SHELTER_NOT_ADMITTING", self.houses[unit["house"]]["paused"]),
            ("PLACES_TAKEN", self._barred(unit, ()) & set(offer["places"])),
        ):
            if holds:
                return reason
        return None

    def _apply_accept(self, command: Command, told: Told) -> None:
        placement = self.placements[command["placement"]]
        offer = placement["offers"][command["offer"]]
        if placement["hold"] == command["offer"] and offer["state"] == "accepted":
            offer["confirmed"] = True
            return
        if placement["hold"] != command["offer"]:
            reason = self.why_late(placement, offer)
            must(told["reason"] == reason, f"a late yes takes nothing because {reason}")
            if reason is not None:
                offer["late"] = True
                return
            self._take(offer["unit"], command["placement"], offer["places"])
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
        return Counter([topic] + (["placement.hold-released.1", "unit.released.1"] if ends else []))

    def _say_no(self, command: Command, word: str, *, stops: bool) -> None:
        placement = self.placements[command["placement"]]
        offer = placement["offers"][command["offer"]]
        if placement["hold"] == command["offer"]:
            self._end_hold(command["placement"], word)
        offer["state"] = word
        placement["avoid"].add(offer["unit"])
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
        return Counter(["placement.hold-released.1", "unit.released.1"])

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
        topics += ["placement.hold-released.1", "unit.released.1"] if placement["hold"] is not None else []
        return Counter(topics)

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
        return Counter(["placement.household-admitted.1", "unit.occupied.1"])

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
        return Counter(
            ["placement.household-discharged.1", "placement.ended.1", "case.unbound.1", "unit.vacated.1"]
        )

    def _apply_discharge(self, command: Command, told: Told) -> None:
        placement = self.placements[command["placement"]]
        offer = self._held(placement)
        assert offer is not None
        self._free(offer["unit"], command["placement"])
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

    def _overdue(self, offer: dict[str, Any], now: datetime) -> bool:
        due = max(offer["deadline"], offer["until"] or offer["deadline"])
        return bool(offer["state"] != "accepted" and now > due)

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
        self._free(offer["unit"], placement_id)
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
            for place in placement["offers"][placement["hold"]]["places"]
        )
        must(all(count == 1 for count in holders.values()), "two placements hold one place")
        guests = sum(holder not in self.placements for holder in self.claims_on_places().values())
        must(len(holders) + guests == len(self.claims_on_places()), "places are conserved")
        opened = Counter(each["case"] for each in self.placements.values() if not each["ended"])
        must(all(count == 1 for count in opened.values()), "a case has one open placement")
        must(all(each["endings"] <= 1 for each in self.placements.values()), "a placement ends once")
