"""The control of the drill `permissions`: the checks of the product, each taken away by itself.

A cell of the product's table that says no is made to say yes; the question at one door is not asked; a filter
lets everything through. Nothing of it is a setting: names are put in place of the product's, here, and put
back.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from fastapi.routing import APIRoute

from api.http import entering, stepping
from domain.evolution import changed
from domain.permissions import Action, Allowed, Denial, Denied, Facts, Role, Verdict, deciding, relations
from domain.permissions.matrix import ANY, MATRIX, Cell
from domain.vocabulary import Channel
from ledger.store.loaded import Loaded
from trials.drills.permissions_stage import Stage

Rule = tuple[Action, Role]


@dataclass(frozen=True, kw_only=True, slots=True)
class Without:
    """One check taken away. `doors`: where it is missed (empty: at all of them); `asides`: by which questions
    beyond the table.
    """

    name: str
    places: tuple[tuple[Any, str, Any], ...]
    doors: frozenset[str] = frozenset()
    asides: bool = False

    @contextmanager
    def away(self) -> Iterator[None]:
        before = [(owner, name, getattr(owner, name)) for owner, name, _ in self.places]
        try:
            for owner, name, instead in self.places:
                setattr(owner, name, instead)
            yield
        finally:
            for owner, name, was in before:
                setattr(owner, name, was)


class Asked(Mapping[Action, Mapping[Role, Cell]]):
    """The product's table, which remembers what was asked of it."""

    def __init__(self) -> None:
        self.rules: set[Rule] = set()

    def __getitem__(self, action: Action) -> Mapping[Role, Cell]:
        return _Row(self, action)

    def __iter__(self) -> Iterator[Action]:
        return iter(MATRIX)

    def __len__(self) -> int:
        return len(MATRIX)


class _Row(Mapping[Role, Cell]):
    def __init__(self, asked: Asked, action: Action) -> None:
        self._asked, self._action = asked, action

    def __getitem__(self, role: Role) -> Cell:
        self._asked.rules.add((self._action, role))
        return MATRIX[self._action][role]

    def __iter__(self) -> Iterator[Role]:
        return iter(MATRIX[self._action])

    def __len__(self) -> int:
        return len(MATRIX[self._action])


def may_deny(rule: Rule) -> bool:
    """Whether the product's table says no to this role for anything."""
    action, role = rule
    return MATRIX[action].get(role) != ANY


def without_rule(rule: Rule) -> Without:
    """That role may do it to anything."""
    action, role = rule
    changed_row = {**MATRIX[action], role: ANY}
    table = {**MATRIX, action: changed_row}
    return Without(name=f"{action} {role}", places=((deciding, "MATRIX", table),))


def without_asking_at(stage: Stage, door: str, *, hidden: bool) -> Without:
    """At one door, whether the role may come in is not asked, neither on entering nor with the thing in hand;
    `hidden`: how somebody stands to the thing is not.
    """
    owner = _asks_at(stage, door)
    if not hidden:
        return Without(
            name=f"role at {door}",
            places=(
                (owner, "enter", _with(owner.enter, entering, "may_enter", _let_in)),
                (entering.Entered, "verdict", _whatever_the_role),
            ),
            doors=frozenset({door}),
        )
    found = [name for name in ("reach", "reach_case") if hasattr(owner, name)]
    instead: list[tuple[Any, str, Any]] = [
        (owner, name, _with(getattr(owner, name), entering.Entered, "verdict", lambda *_: Allowed()))
        for name in found
    ]
    instead.append((entering.Entered, "must_reach_house", lambda *_: None))
    return Without(name=f"relation at {door}", places=tuple(instead), doors=frozenset({door}))


def without_filters() -> tuple[Without, ...]:
    """What is asked behind a body, in a list, in the news: each by itself."""
    modules = {name: sys.modules[f"api.http.{name}"] for name in _BEHIND}
    none_kept = _answering(frozenset())

    def one(name: str, *places: tuple[Any, str, Any]) -> Without:
        return Without(name=name, places=places, asides=True)

    every = lambda self: changed(_network(self), channels=tuple(Channel))  # noqa: E731 - a method in its place
    return (
        Without(
            name="conflict of interest",
            places=((relations, "is_restricted", lambda *_: False),),
            doors=frozenset({"GET /placements/{placement_id}"}),
        ),
        one("fields of a body", (entering.Entered, "must", lambda *_, **__: None)),
        one("what a requester may say", (modules["placement_requests"], "must_be_theirs", lambda *_: None)),
        one("channels listed", (Loaded, "network", every)),
        *(
            one(f"kept away in {name}", (modules[name], "kept_from", none_kept))
            for name in ("placement_requests", "queue", "timeline", "events")
        ),
        *(
            one(f"cases named in {name}", (modules[name], "reachable", lambda _: lambda case: case))
            for name in ("placement_requests", "direct", "revising")
        ),
        one("a house's own alone in direct", (modules["direct"], "_must_know", lambda *_: None)),
        one("what a house names in direct", (modules["direct"], "_keep_to_itself", lambda *_: None)),
        one("offers that ended in answers", (modules["answers"], "_stands", lambda *_: True)),
        one("households elsewhere in arrivals", (modules["arrivals"], "_not_theirs", lambda *_: None)),
        Without(
            name="kept away in the network as it was",
            places=((modules["as_it_was"], "kept_from", none_kept),),
            doors=frozenset({"GET /network-history"}),
        ),
        Without(
            name="kept away in units",
            places=((modules["units"], "kept_from", none_kept),),
            doors=frozenset({"GET /units/{unit_id}"}),
        ),
        Without(
            name="kept away in houses",
            places=((modules["houses"], "kept_from", none_kept),),
            doors=frozenset({"GET /shelters"}),
        ),
        Without(
            name="a house's own alone in houses",
            places=((modules["houses"], "_theirs", lambda *_: True),),
            doors=frozenset({"GET /shelters"}),
        ),
        Without(
            name="conflict of interest in what stands with a house",
            places=((relations, "is_restricted", lambda *_: False),),
            doors=frozenset({"GET /shelters/{shelter_id}/offers"}),
        ),
    )


_BEHIND = (
    "placement_requests",
    "queue",
    "timeline",
    "as_it_was",
    "events",
    "units",
    "houses",
    "direct",
    "revising",
    "answers",
    "arrivals",
)
_network = Loaded.network
_verdict = entering.Entered.verdict


def _asks_at(stage: Stage, door: str) -> ModuleType:
    """The module whose `enter` a door calls: its own, or that of the steps."""
    route = next(
        each
        for each in stage.app.routes
        if isinstance(each, APIRoute) and door in {f"{method} {each.path}" for method in each.methods or ()}
    )
    steps = "step" in route.endpoint.__code__.co_names
    return stepping if steps else sys.modules[route.endpoint.__module__]


def _with(asked: Callable[..., Any], owner: Any, name: str, instead: Any) -> Callable[..., Any]:
    """The same call, during which something else stands under a name."""

    async def called(*given: Any, **named: Any) -> Any:
        was = getattr(owner, name)
        setattr(owner, name, instead)
        try:
            return await asked(*given, **named)
        finally:
            setattr(owner, name, was)

    return called


def _whatever_the_role(entered: entering.Entered, facts: Facts) -> Verdict:
    verdict = _verdict(entered, facts)
    of_the_role = isinstance(verdict, Denied) and verdict.reason is Denial.ROLE
    return Allowed() if of_the_role else verdict


def _let_in(*_: Any, **__: Any) -> Allowed:
    return Allowed()


def _answering(value: Any) -> Callable[..., Any]:
    async def answer(*_: Any) -> Any:
        return value

    return answer
