"""The naive network: requests, and the search for a place. For `model`."""

# ruff: noqa: ARG002 - what is dispatched by name, or overridden, takes what its like takes

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from tests.simulation import choosing
from tests.simulation.choosing import Candidate, Ranked
from tests.simulation.town import Command, Judged, Told, Town, must

SENT = Counter(["placement.decision-taken.1", "placement.offer-sent.1"])
BEST = 10
"""So many candidates a certificate has."""


class Seeking(Town):
    """Its part of the model's commands."""

    def _judge_request(self, command: Command) -> Judged:
        if (unknown := self._unknown_name(command)) is not None:
            return unknown
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
        self._begin(told["placement"], {**command, "case": told["case"]}, consent=command["consent"])
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
        sends = self._sends(command["placement"], told)
        self._searched(told)
        if sends:
            self._sent_by_itself(told)

    def _goes_on(self, placement_id: Any) -> bool:
        """Whether the next offer leaves by itself: chosen so, consented to, and once sent by a person."""
        placement = self.placements[placement_id]
        once = any(offer["sent"] for offer in placement["offers"].values())
        return bool(placement["asks"]["send_on"] and placement["consent"] and once)

    def _sends(self, placement_id: Any, told: Told) -> bool:
        """Whether what was found is offered by itself: to no house that was asked in vain."""
        in_vain = choosing.asked_before(self, placement_id)
        return bool(told["units"] and self._goes_on(placement_id) and not in_vain & set(told["units"]))

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
            self._apply_search(command, told)

    def _judge_resume_search(self, command: Command) -> Judged:
        placement = self.placements.get(command["placement"])
        if placement is None:
            return "PLACEMENT_UNKNOWN"
        if placement["ended"]:
            return "PLACEMENT_ENDED"
        return Counter(["placement.search-resumed.1"]) if placement["stopped"] else Counter()

    def _apply_resume_search(self, command: Command, told: Told) -> None:
        self.placements[command["placement"]].update(stopped=False, said_no=False)

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
        self._offer(told["placement"], told["offer"], told["units"], told["deadline"], "held")

    def searched(self, command: Command, judged: Judged, told: Told) -> Counter[str]:
        """All topics of a command that was judged to search, with what this outcome of the search adds."""
        must(not isinstance(judged, str), f"it was to be refused: {judged}")
        topics = Counter(judged)
        topics["placement.candidates-ranked.2"] = 1
        if command["do"] in ("search", "go_on") and self._sends(told["placement"], told):
            topics += SENT
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

    def ranked_for(self, command: Command, placement_id: Any, now: datetime) -> Ranked:
        """Every unit judged, and what may be had, in order. Who moves on has had no answer."""
        if command["do"] == "request":
            return choosing.rank(self, command, placement_id, now)
        placement = self.placements[placement_id]
        if command["do"] not in ("move_on", "send_on"):
            return choosing.rank(self, placement["asks"], placement_id, now)
        offer = placement["offers"][command["offer"]]
        said = offer["unanswered"]
        offer["unanswered"] = True
        ranked = choosing.rank(self, placement["asks"], placement_id, now)
        offer["unanswered"] = said
        return ranked

    def check_choice(self, command: Command, ranked: Ranked, told: Told) -> None:
        """Whether what the engine holds is the one in turn."""
        best = self._in_turn(command, told["placement"], ranked)
        must(bool(told["units"]) == bool(best), "it holds what fits and waits where nothing does")
        if best:
            must(told["units"] == best[0].units, "another candidate than the first is held")
            must(set(told["expires"]) == set(best[0].ends), "other holds were ended than had to be")

    def _in_turn(self, command: Command, who: Any, ranked: Ranked) -> list[Candidate]:
        """What may be had now, in order: the one that was named; on the way nothing of the silent house; and
        what leaves by itself goes to nobody who was asked in vain.
        """
        best, do = ranked.candidates[:BEST], command["do"]
        if do == "choose":
            return [each for each in best if tuple(each.units) == tuple(command["units"])]
        in_vain = choosing.asked_before(self, who)
        silent = set(self._units_of_offer(who, command["offer"])) if do in ("move_on", "send_on") else set()
        unasked = [each for each in best if not (silent | in_vain) & set(each.units)]
        if do == "send_on":
            return unasked
        if do == "move_on":
            return [each for each in best if not silent & set(each.units)]
        return unasked or best if do in ("search", "go_on") and self._goes_on(who) else best

    def _units_of_offer(self, who: Any, offer: Any) -> Any:
        return self.placements[who]["offers"][offer]["units"]

    def check_still_open(self, asks: Command, told: Told) -> None:
        """Where the choice takes effect the whole house is as it was: it was guarded. What is owed is judged
        where it was ranked.
        """
        for unit_id, places in told["units"].items():
            why = choosing.why_not(self, asks, told["placement"], unit_id, self.now)
            must(why is None, f"the unit was not to be had any more: {why}")
            free = set(places) - choosing.not_free(self.units[unit_id], told["expires"])
            must(free == set(places), "a place chosen was not free")

    # --- from one house to the next -------------------------------------------------------------------------

    def _judge_move_on(self, command: Command) -> Judged:
        return self._not_overdue(command) or self._moved_on(command)

    def _apply_move_on(self, command: Command, told: Told) -> None:
        self.placements[command["placement"]]["offers"][command["offer"]]["unanswered"] = True
        self._end_hold(command["placement"], "released")
        self._searched(told)

    def _judge_send_on(self, command: Command) -> Judged:
        """As moving on, where the request had chosen that the engine does it: the offer leaves at once."""
        if refusal := self._not_overdue(command):
            return refusal
        placement = self.placements[command["placement"]]
        if not placement["consent"]:
            return "CONSENT_NOT_RECORDED"
        if not (placement["asks"]["send_on"] and placement["offers"][command["offer"]]["sent"]):
            return "OFFER_NOT_SENT"
        moved = self._moved_on(command)
        return moved + SENT if moved else moved

    def _apply_send_on(self, command: Command, told: Told) -> None:
        self._apply_move_on(command, told)
        self._sent_by_itself(told)

    def _sent_by_itself(self, told: Told) -> None:
        offer = self.placements[told["placement"]]["offers"][told["offer"]]
        offer.update(sent=True, state="sent", decided=True)

    def _not_overdue(self, command: Command) -> str | None:
        placement, offer, refusal = self._named(command)
        if refusal:
            return refusal
        for name, holds in (
            ("PLACEMENT_ENDED", placement["ended"]),
            ("ALREADY_ADMITTED", placement["admitted"]),
            ("SEARCH_STOPPED_FOR_A_PERSON", placement["stopped"]),
            ("OFFER_NO_LONGER_HELD", placement["hold"] != command["offer"]),
            ("OFFER_ALREADY_ACCEPTED", offer["state"] == "accepted"),
            ("HOLD_NOT_OVERDUE", not choosing.overdue(offer, self.now)),
        ):
            if holds:
                return name
        return None

    def _moved_on(self, command: Command) -> Counter[str]:
        placement, offer, _ = self._named(command)
        silent = Counter() if offer["unanswered"] else Counter(["placement.offer-unanswered.1"])
        ranked = self.ranked_for(command, command["placement"], self.now)
        if not self._in_turn(command, command["placement"], ranked):
            return Counter()
        return silent + self._released(placement) + Counter(["placement.candidates-ranked.2"])

    def _judge_choose(self, command: Command) -> Judged:
        placement = self.placements.get(command["placement"])
        if placement is None:
            return "PLACEMENT_UNKNOWN"
        offer = self._held(placement)
        for name, holds in (
            ("PLACEMENT_ENDED", placement["ended"]),
            ("ALREADY_ADMITTED", placement["admitted"]),
            ("CONSENT_NOT_RECORDED", not placement["consent"]),
            ("SEARCH_STOPPED_FOR_A_PERSON", placement["stopped"]),
            ("NO_HOLD", offer is None),
        ):
            if holds:
                return name
        assert offer is not None
        if tuple(offer["units"]) == tuple(command["units"]):
            return Counter()
        if offer["state"] == "accepted":
            return "OFFER_ALREADY_ACCEPTED"
        if command["reason"] is None:
            return "REASON_NEEDED"
        best = self.ranked_for(command, command["placement"], self.now).candidates[:BEST]
        if tuple(command["units"]) not in [tuple(each.units) for each in best]:
            return "CANDIDATE_NOT_ELIGIBLE"
        chosen = Counter(["placement.candidates-ranked.2", "placement.decision-taken.1"])
        return chosen + self._released(placement)

    def _apply_choose(self, command: Command, told: Told) -> None:
        self._end_hold(command["placement"], "released")
        self._searched(told)
        self.placements[command["placement"]]["offers"][told["offer"]]["decided"] = True
