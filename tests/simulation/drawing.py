"""Draws commands that make sense often enough, and nonsense often enough, from what the model knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, Protocol
from uuid import UUID

from hypothesis import strategies as st

from tests.simulation import choosing
from tests.simulation.model import Model


class Choices(Protocol):
    """Where chance comes from."""

    def one(self, choices: Sequence[Any]) -> Any: ...
    def number(self, least: int, most: int) -> int: ...
    def some(self, count: int, least: int) -> list[int]:
        """At least `least` of the first `count` numbers, in order."""


class Drawn:
    """Chance from Hypothesis, which shrinks what it finds; for stages where the same draws give the same
    night.
    """

    def __init__(self, data: st.DataObject) -> None:
        self._draw = data.draw

    def one(self, choices: Sequence[Any]) -> Any:
        return self._draw(st.sampled_from(choices))

    def number(self, least: int, most: int) -> int:
        return self._draw(st.integers(min_value=least, max_value=most))

    def some(self, count: int, least: int) -> list[int]:
        return sorted(self._draw(st.sets(st.sampled_from(range(count)), min_size=least, max_size=count)))


class Seeded:
    """Chance from a seed, for stages where real timing has a say in what there is to choose from."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def one(self, choices: Sequence[Any]) -> Any:
        return self._random.choice(choices)

    def number(self, least: int, most: int) -> int:
        return self._random.randint(least, most)

    def some(self, count: int, least: int) -> list[int]:
        return sorted(self._random.sample(range(count), self.number(min(least, count), count)))


MODES = ("EMERGENCY", "PLANNED_URGENT")
LEVELS = ("EMERGENCY_RECEPTION",) * 7 + ("FIRST_LEVEL",)
ZONES = tuple(UUID(int=100 + number) for number in range(4))
SETUP_DAY = date(2026, 1, 1)
NOBODY = UUID(int=99)
"""An id that nothing has."""

CHILDREN = (
    *({"children": (), "boy": "NOT_SAID"},) * 3,
    {"children": ("AGE_0_2",), "boy": "NO_BOY"},
    {"children": ("AGE_11_13",), "boy": "NOT_SAID"},
    {"children": ("AGE_14_17",), "boy": "AGE_14_17"},
    {"children": ("AGE_0_2", "AGE_6_10"), "boy": "AGE_6_10"},
    {"children": ("AGE_0_2", "AGE_3_5", "AGE_6_10"), "boy": "NO_BOY"},
)

HOUSEWORK = (
    *("publish", "publish", "pause", "resume", "inventory", "occupy", "occupy", "leave", "leave"),
    *("declare", "declare", "correct", "sign", "unsign", "list"),
)
NO_TERMS = {"children": None, "boys": None, "risk": None, "criteria": ()}
TERMS = (
    NO_TERMS,
    {**NO_TERMS, "children": 1},
    {**NO_TERMS, "boys": "AGE_6_10"},
    {**NO_TERMS, "risk": "HIGH"},
    {**NO_TERMS, "risk": "NOT_ASSESSED"},
    {"children": 2, "boys": "AGE_11_13", "risk": "MEDIUM", "criteria": ("FEE_COMMITTED",)},
    {**NO_TERMS, "criteria": ("SOCIAL_SERVICE_AUTHORISATION", "INTERVIEW_FIRST")},
)
REASONS = ("HER_WISH", "HER_WISH", "HER_WISH", None)
OUTCOMES = ("OTHER_SOLUTION", "UNREACHABLE")
NEXT = {
    "HELD": ("send", "send", "send", "consent", "release", "choose", "move_on", "send_on"),
    "OFFERED": (
        *("accept", "accept", "accept", "seen", "talk", "refuse", "unanswered"),
        *("move_on", "send_on", "choose"),
    ),
    "IN_CONVERSATION": ("accept", "accept", "accept", "refuse", "talk"),
    "ACCEPTED_BY_HOUSE": ("woman", "woman", "decline", "accept"),
    "ACCEPTED_BY_BOTH": ("admit", "admit", "decline", "handover", "missed"),
    "ADMITTED": ("discharge",),
    "SEARCHING": ("search",),
    "WAITING": ("search", "search", "revise", "ask_again", "direct"),
    "STOPPED": ("go_on", "go_on", "resume_search", "accept"),
    "ENDED": ("accept", "discharge", "withdraw"),
}
"""What usually comes next in each phase."""
ANYTHING = (
    *("consent", "send", "seen", "talk", "unanswered", "accept", "refuse", "decline", "woman", "search"),
    *("go_on", "resume_search", "release", "withdraw", "admit", "discharge", "move_on", "send_on", "choose"),
    *("close", "revise", "revise", "revise", "ask_again", "handover", "missed", "direct"),
)


OF_OFFERS = (
    *("seen", "talk", "unanswered", "accept", "refuse", "decline", "release"),
    *("move_on", "send_on", "handover", "missed"),
)


class Drawer:
    """Draws from one model; `new_id` names what is new."""

    def __init__(self, choices: Choices, model: Model, new_id: Callable[[], UUID]) -> None:
        self._choices = choices
        self._model = model
        self._new_id = new_id

    def house(self) -> dict[str, Any]:
        known = self._rarely(self._model.houses)
        modes = self._one((MODES, MODES, MODES[:1]))
        return {
            "do": "register_house",
            "house": known or self._new_id(),
            "modes": modes,
            "from": SETUP_DAY,
        }

    def unit(self) -> dict[str, Any]:
        known = self._rarely(self._model.units)
        beds, cots = self._one((1, 1, 2, 3)), self._one((0, 0, 1))
        kinds = ["BED"] * beds + ["COT"] * cots
        return {
            "do": "register_unit",
            "unit": known or self._new_id(),
            "house": self._known(self._model.houses),
            "places": {self._new_id(): kind for kind in kinds},
            "exclusive": self._one((False, False, True)),
            "modes": MODES,
            "level": self._one(LEVELS),
            "features": self._one(((), ("GROUND_FLOOR",))),
            "zones": self._one((ZONES[:2],) * 6 + (ZONES[2:],) * 6 + ((NOBODY, *ZONES),)),
        }

    def housework(self) -> dict[str, Any]:
        do = self._one(HOUSEWORK)
        if do in ("pause", "resume", "sign", "unsign", "list"):
            return {"do": do, "house": self._known(self._model.houses), **self._of_house(do)}
        visited = [each for each, unit in self._model.units.items() if unit["guests"]]
        known = self._known((visited or self._model.units) if do == "leave" else self._model.units)
        unit = self._model.units.get(known, {"places": {NOBODY: "BED"}, "guests": {}, "departed": set()})
        places = list(unit["places"])
        if do == "declare":
            return {"do": do, "unit": known, "terms": self._one(TERMS)}
        if do in ("publish", "correct"):
            open_places = places if self._one((True, True, False)) else self._some(places)
            return {"do": do, "unit": known, "open": open_places, "at": self._moment()}
        if do == "occupy":
            guests = self._rarely(unit["guests"]) or self._new_id()
            return {
                "do": do,
                "unit": known,
                "guests": guests,
                "places": self._some(places),
                "at": self._moment(),
            }
        if do == "leave":
            guests = self._one([*unit["guests"], *unit["guests"], *unit["departed"], NOBODY])
            return {"do": do, "unit": known, "guests": guests}
        guests_of = {self._new_id(): [place] for place in self._some(places)}
        return {"do": "inventory", "unit": known, "guests": guests_of}

    def _of_house(self, do: str) -> dict[str, Any]:
        today = self._model.now.date()
        match do:
            case "pause":
                return {"reason": self._one(("STAFF", "HEALTH"))}
            case "sign":
                return {"from": self._one((SETUP_DAY, SETUP_DAY, today + timedelta(days=1)))}
            case "unsign":
                return {"to": today + timedelta(days=self._one((-1, 0, 1, 30)))}
            case "list":
                return {"status": self._one(("COMPLIANT", "TRANSITIONAL", "COMPLIANT", "NOT_LISTED"))}
            case _:
                return {}

    def _revision(self) -> dict[str, Any]:
        asked, what = self.request(), self._one(("urgency", "urgency", "risk", "household", "safety"))
        match what:
            case "urgency":
                return {"what": what, "urgency": asked["urgency"], "set_by": "COORDINATOR"}
            case "risk":
                return {"what": what, "risk": asked["risk"], "assessed": True}
            case "household":
                named: tuple[str, ...] = ("adults", "children", "boy", "features", "met")
            case _:
                named = ("zones", "apart", "barred")
        return {"what": what, **{name: asked[name] for name in named}}

    def came(self, known: UUID | None) -> dict[str, Any]:
        """A household that is in a house already."""
        house = self._known(self._model.houses)
        rooms = [each for each, unit in self._model.units.items() if unit["house"] == house] or [NOBODY]
        chosen = [self._one(rooms)] if self._one((True, True, False)) else rooms[:2]
        places = {each: list(self._model.units[each]["places"]) for each in chosen if each != NOBODY}
        return {
            "do": "direct",
            "placement": known,
            "asks": self._one((self.plain_request, self.request))(),
            "house": house,
            "units": {each: tuple(self._some(places.get(each, [NOBODY]))) for each in chosen},
            "without": self._one((0, 0, 0, 2)),
            "at": self._model.now,
        }

    def request(self) -> dict[str, Any]:
        return {
            "do": "request",
            "case": self._one((None,) * 9 + (*list(self._model.cases)[-3:], NOBODY)),
            "channel": self._one(("CAV",) * 19 + ("OTHER",)),
            "urgency": self._one(("U1", "U1", "U2", "U3", "U4")),
            "mode": self._one(("EMERGENCY",) * 4 + MODES[1:]),
            "level": self._one(LEVELS),
            "adults": self._one((1,) * 12 + (2, 0)),
            **self._one(CHILDREN),
            "risk": self._one(("NOT_ASSESSED", "HIGH", "MEDIUM", "IMMEDIATE")),
            "met": self._one(((), (), ("FEE_COMMITTED", "INTERVIEW_FIRST"))),
            "apart": self._one(((),) * 5 + (tuple(self._model.cases)[-2:],)),
            "barred": self._one(((),) * 18 + (tuple(self._model.houses)[:1],) * 2 + ((NOBODY,),)),
            "features": self._one(((),) * 6 + (("GROUND_FLOOR",),)),
            "zones": self._one(((),) * 12 + (ZONES[1:2], ZONES[3:]) * 2 + ((NOBODY,),)),
            "consent": self._one((True, True, False)),
            "send_on": self._one((False, True)),
            "at": self._moment(),
        }

    def placement(self) -> UUID:
        """One that is open, mostly."""
        opened = [each for each, state in self._model.placements.items() if not state["ended"]]
        held = [each for each in opened if self._model.placements[each]["hold"] is not None]
        return self._known(self._one((held, held, held, opened, self._model.placements)) or opened)

    def plain_request(self) -> dict[str, Any]:
        """One that nothing but a full house keeps from a place."""
        asked = self.request()
        plain = {"case": None, "channel": "CAV", "mode": MODES[0], "level": LEVELS[0], "adults": 1}
        nothing = dict.fromkeys(("features", "zones", "apart", "barred"), ())
        return {**asked, **plain, **nothing, "at": self._model.now}

    def onward(self, known: UUID | None = None) -> dict[str, Any]:
        """A step of one placement, mostly one that fits where it stands."""
        known = known or self.placement()
        if known == NOBODY:
            return self.of_placement(self._one(ANYTHING), known)
        usual = NEXT[self._model.phase(known)]
        if self._model.placements[known]["offers"] and usual[0] == "search":
            usual = ("search", "accept", "decline", "refuse")
        return self.of_placement(self._one(usual if self._one((True,) * 4 + (False,)) else ANYTHING), known)

    def of_placement(self, do: str, known: UUID) -> dict[str, Any]:
        placement = self._model.placements.get(known, {"hold": None, "offers": {}})
        offers = list(placement["offers"]) or [NOBODY]
        offer = placement["hold"] or offers[-1]
        if do == "direct":
            return self.came(known)
        command = {"do": do, "placement": known}
        if do == "revise":
            command.update(self._revision())
        if do == "ask_again":
            command["units"] = (*placement.get("avoid", ()), NOBODY)[: self._one((1, 2))]
        if do == "close":
            command.update(outcome=self._one(OUTCOMES), at=self._model.now)
        if do == "handover":
            command["expected"] = self._model.now + timedelta(minutes=self._one((20, 60)))
        if do == "choose":
            command.update(self._other_choice(known))
        if do in OF_OFFERS:
            command["offer"] = self._one((offer, offer, offer, self._one(offers)))
        if do == "accept":
            command.update(channel=self._one(("SCREEN", "TELEPHONE")), at=self._moment())
        if do == "refuse":
            command["group"] = self._one(("NOT_NOW", "NO_CAPACITY", "SAFETY"))
        if do == "send":
            held = placement["offers"].get(offer, {"units": (NOBODY,)})
            command["units"] = self._one((tuple(held["units"]),) * 9 + ((NOBODY,),))
        return command

    def _other_choice(self, known: UUID) -> dict[str, Any]:
        """One of the candidates there are now, mostly, and mostly with a reason."""
        placement = self._model.placements.get(known)
        ranked = choosing.rank(self._model, placement["asks"], known, self._model.now) if placement else None
        best = [tuple(each.units) for each in ranked.candidates] if ranked is not None else []
        return {"units": self._one([*best[:3], *best[:3], (NOBODY,)]), "reason": self._one(REASONS)}

    def anything(self) -> dict[str, Any]:
        kind = self._one(("onward",) * 8 + ("request",) * 6 + ("housework",) * 4 + ("unit",) * 2 + ("came",))
        command: dict[str, Any] = self.came(None) if kind == "came" else getattr(self, kind)()
        return command

    def _moment(self) -> Any:
        """Mostly now or a little earlier, seldom in the future."""
        return self._model.now + timedelta(minutes=self._one((0, 0, 0, 0, -1, -5, -60) * 3 + (1,)))

    def _known(self, known: Iterable[UUID]) -> UUID:
        ids = list(known)
        chosen: UUID = self._one([*ids[-8:] * 4, NOBODY])
        return chosen

    def _rarely(self, known: Iterable[UUID]) -> UUID | None:
        chosen: UUID | None = self._one((None,) * 12 + tuple(known)[:1])
        return chosen

    def _some(self, places: list[UUID]) -> list[UUID]:
        least = self._one((1, 1, 1, 1, 0))
        return [places[index] for index in self._choices.some(len(places), least)]

    def _one(self, choices: Iterable[Any]) -> Any:
        return self._choices.one(list(choices))
