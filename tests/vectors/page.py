"""The tables of `docs/EVIDENCE.md` as they follow from the events: a test holds the page to them.

`python -m tests.vectors.page` prints them.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

from domain.catalogue import EVENT_TYPES
from domain.event import Event
from ledger.store.metadata import Metadata

_WORDS: dict[Any, str] = {
    UUID: "id",
    str: "text",
    int: "number",
    bool: "truth",
    datetime: "instant",
    date: "day",
}


def events() -> Iterator[str]:
    """One row for each topic: its open fields and its reserved fields."""
    for topic, kind in EVENT_TYPES.items():
        shown = _fields(kind, [name for name in _names(kind) if name not in kind.RESERVED])
        hidden = _fields(kind, [name for name in _names(kind) if name in kind.RESERVED])
        yield f"| `{topic}` | {shown} | {hidden} |"


def values() -> Iterator[str]:
    """One row for each object that stands inside a field."""
    for kind in sorted(_inside(is_dataclass), key=lambda kind: kind.__name__):
        yield f"| {kind.__name__} | {_fields(kind, _names(kind))} |"


def words() -> Iterator[str]:
    """One row for each closed list and its words."""
    lists = _inside(lambda hint: isinstance(hint, type) and issubclass(hint, enum.StrEnum))
    for kind in sorted(lists, key=lambda kind: kind.__name__):
        yield f"| {kind.__name__} | {', '.join(word.value for word in kind)} |"


def _names(kind: type[Any]) -> list[str]:
    return [field.name for field in fields(kind)]


def _fields(kind: type[Any], names: list[str]) -> str:
    hints = get_type_hints(kind)
    return ", ".join(f"{name}: {_word(hints[name])}" for name in names) or "none"


def _word(hint: Any) -> str:
    hint = getattr(hint, "__supertype__", hint)
    if get_origin(hint) is tuple:
        return f"[{_word(get_args(hint)[0])}]"
    if NoneType in get_args(hint):
        return f"{_word(next(each for each in get_args(hint) if each is not NoneType))} or null"
    return _WORDS.get(hint) or str(hint.__name__)


def _inside(wanted: Any) -> set[type[Any]]:
    found: set[type[Any]] = set()
    for kind in (*EVENT_TYPES.values(), Metadata):
        _collect(kind, wanted, found)
    return {kind for kind in found if not issubclass(kind, Event | Metadata)}


def _collect(hint: Any, wanted: Any, found: set[type[Any]]) -> None:
    hint = getattr(hint, "__supertype__", hint)
    if wanted(hint):
        found.add(hint)
    inner = get_type_hints(hint) if is_dataclass(hint) else {}
    for each in (*(inner[name] for name in inner if name.islower()), *get_args(hint)):
        _collect(each, wanted, found)


if __name__ == "__main__":
    for table in (events(), values(), words()):
        print("\n".join(table), end="\n\n")
