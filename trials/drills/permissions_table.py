"""The table of the drill `permissions`, read from `permissions.toml`: cells, and the fields of answers."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trials.drills.permissions_stage import PEOPLE, STATES

_FILE = Path(__file__).with_name("permissions.toml")
FORBIDDEN, HIDDEN, LET_IN = "-", "?", "+"
_SIMPLE = (FORBIDDEN, HIDDEN, LET_IN)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One door, one person, one state of a placement (none where the door is not about one), one letter."""

    door: str
    who: str
    state: str | None
    letter: str

    @property
    def method(self) -> str:
        return self.door.split(" ", 1)[0]

    @property
    def path(self) -> str:
        return self.door.split(" ", 1)[1]

    def __str__(self) -> str:
        return f"{self.door} {self.who} {self.state or ''}".strip()


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """`doors` name their family, `opened` the status without a token, `views` the fields by letter."""

    doors: Mapping[str, str]
    opened: Mapping[str, int]
    families: Mapping[str, Mapping[str, str]]
    views: Mapping[str, str]
    fields: Mapping[str, tuple[str, ...]]

    def cells(self, states: tuple[str, ...] = STATES) -> Iterator[Cell]:
        for door, family in self.doors.items():
            rows = self.families[family]
            about = "{placement_id}" in door or "{case_id}" in door
            for who in PEOPLE:
                letters = rows.get(who, FORBIDDEN)
                for state in states if about else (None,):
                    letter = letters[STATES.index(state) if state and len(letters) > 1 else 0]
                    yield Cell(door=door, who=who, state=state, letter=letter)

    def fields_of(self, letter: str) -> tuple[str, ...] | None:
        """The allow-list of an answer; None where the letter names none."""
        return None if letter in _SIMPLE else self.fields[self.views[letter]]


def read_table() -> Table:
    told = tomllib.loads(_FILE.read_text())
    families = told["families"]
    assert all(who in PEOPLE for rows in families.values() for who in rows), "somebody who is not there"
    widths = {len(letters) for rows in families.values() for letters in rows.values()}
    assert widths <= {1, len(STATES)}, "a letter for each state, or one"
    fields = {name: tuple(paths) for name, paths in told["fields"].items()}
    return Table(
        doors=told["doors"], opened=told["opened"], families=families, views=told["views"], fields=fields
    )


def strange_fields(answer: Any, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """Where an answer has other fields than those allowed: each object in it must have exactly its own."""
    tree: dict[str, Any] = {}
    for path in allowed:
        inside = tree
        for name in path.split("."):
            inside = inside.setdefault(name, {})
    return tuple(_strange(answer, tree, ""))


def _strange(value: Any, tree: Mapping[str, Any], path: str) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _strange(each, tree, path)
    if not isinstance(value, dict) or "*" in tree:
        return
    named = {name.rstrip("!"): name for name in tree}
    for name in value.keys() ^ named.keys():
        yield f"{path}.{name}".lstrip(".")
    for name in value.keys() & named.keys():
        if named[name].endswith("!") and value[name] is not None:
            yield f"{path}.{name} is told".lstrip(".")
        yield from _strange(value[name], tree[named[name]], f"{path}.{name}")
