"""The naive network: consent, the offer, and the answers to it. For `model`."""

# ruff: noqa: ARG002 - what is dispatched by name, or overridden, takes what its like takes

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from tests.simulation import choosing
from tests.simulation.town import Command, Judged, Told, Town

CONVERSATION = timedelta(minutes=30)
DENIED = ("NO_LONGER_FITS", "OWED_TO_ANOTHER")
"""Why a late yes takes nothing, where it was ranked to know."""


class Answers(Town):
    """Its part of the model's commands."""

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
        decided = Counter() if offer["decided"] else Counter(["placement.decision-taken.1"])
        return Counter() if offer["sent"] else decided + Counter(["placement.offer-sent.1"])

    def _apply_send(self, command: Command, told: Told) -> None:
        placement = self.placements[command["placement"]]
        self._check_deadline(placement, told["deadline"])
        offer = self._held(placement)
        assert offer is not None
        offer.update(sent=True, state="sent", deadline=told["deadline"], unanswered=False, decided=True)

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
        reason = self.why_late(command, placement, offer)
        ranked = Counter(["placement.candidates-ranked.2"] if reason in (None, *DENIED) else ())
        if reason is None:
            took = Counter({"unit.held.1": len(offer["units"])})
            return ranked + took + Counter(["placement.hold-placed.1", "placement.offer-accepted.1"])
        return Counter() if offer["late"] else ranked + Counter(["placement.late-acceptance-recorded.1"])

    def why_late(self, command: Command, placement: dict[str, Any], offer: dict[str, Any]) -> str | None:
        """Why a late yes takes nothing; None where it takes the places again. What she would be given was
        judged where the command was decided: `denied` says how, where that was not here.
        """
        units = {unit: self.units[unit] for unit in offer["units"]}
        places = {place for named in offer["units"].values() for place in named}
        for reason, holds in (
            ("PLACEMENT_ENDED", placement["ended"]),
            ("ANOTHER_HOLD", placement["hold"] is not None),
            ("DECLINED_BY_WOMAN", offer["state"] == "declined"),
            ("SEARCH_STOPPED", placement["said_no"]),
            ("NOT_TO_ASK", placement["avoid"] & set(units)),
            ("SHELTER_NOT_ADMITTING", not all(self._takes(unit) for unit in units.values())),
            ("PLACES_TAKEN", any(choosing.not_free(unit, ()) & places for unit in units.values())),
        ):
            if holds:
                return reason
        return command["denied"] if "denied" in command else self.denied(command, self.now)

    def _takes(self, unit: dict[str, Any]) -> bool:
        return choosing.takes_anybody(self.houses[unit["house"]], self.now)

    def denied(self, command: Command, now: datetime) -> str | None:
        """Why she would not be given the places of this offer today: she asks for something else now, or
        they are owed to somebody who comes before.
        """
        placement = self.placements.get(command["placement"])
        offer = placement["offers"].get(command["offer"]) if placement is not None else None
        if placement is None or offer is None:
            return None
        asks, who = placement["asks"], command["placement"]
        if not choosing.still_does(self, asks, who, offer["units"]):
            return "NO_LONGER_FITS"
        owed = choosing.owed_before(self, asks, who, now)
        return "OWED_TO_ANOTHER" if any(owed & set(each) for each in offer["units"].values()) else None

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
            if reason in (None, *DENIED):
                placement["reasons"] = told["reasons"]
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
