"""A naive network of houses in plain dicts: what must follow from each command, written anew, without haste.

It imports nothing of the program (a test holds it to that). `judge` says what a command must lead to, as the
name of a refusal or as a count of topics; `apply` then makes it true, with the ids and deadlines that the
engine gave. Which places a request may have, and which it gets, is `choosing`'s. Driven by `machine`.
"""

from __future__ import annotations

import pickle
from collections import Counter
from typing import Any

from tests.simulation.answers import Answers
from tests.simulation.endings import Endings
from tests.simulation.housework import Housework
from tests.simulation.revising import Revising
from tests.simulation.seeking import Seeking
from tests.simulation.town import Command, Judged, Told, Violation, must

__all__ = ["Command", "Judged", "Model", "Told", "Violation", "must"]


class Model(Housework, Seeking, Answers, Revising, Endings):
    """The whole: commands judged and applied by name, and what must always be true of it."""

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
