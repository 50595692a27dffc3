"""Compiles, once per class, the function that turns a parsed JSON object into an event or a value of the
domain.

The function sets the slots of a new object directly, each value converted as its field's type says. It is
strict: a missing or unknown field, or a value of another type, is an error (the codec turns it into
`BrokenEvent`).
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, Never, Union, get_args, get_origin, get_type_hints
from uuid import UUID, SafeUUID

from domain.event import Event

Convert = Callable[[Any], Any]

_new = object.__new__
_set_int = UUID.__dict__["int"].__set__
_set_safe = UUID.__dict__["is_safe"].__set__
_is_uuid = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
MOST_REMEMBERED = 65_536
_is_day = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch


def decoder_of(kind: type) -> Convert:
    """A function from a parsed JSON object to an instance of the frozen, slotted dataclass `kind`."""
    decode: Convert = _compiled(kind, {"stored": [field.name for field in fields(_dataclass(kind))]})
    return decode


def event_decoder_of(kind: type[Event]) -> Callable[[Any, Any], Event]:
    """A function from the parsed open and reserved parts to an event: each field stands in its own part."""
    names = [field.name for field in fields(_dataclass(kind))]
    decode: Callable[[Any, Any], Event] = _compiled(
        kind,
        {
            "shown": [name for name in names if name not in kind.RESERVED],
            "hidden": [name for name in names if name in kind.RESERVED],
        },
    )
    return decode


def _compiled(kind: type, parts: Mapping[str, Sequence[str]]) -> Any:
    """A function of the parts, each a JSON object with exactly the names given for it."""
    hints = get_type_hints(kind)
    scope = _Scope()
    scope.names.update(kind=kind)
    lines = [f"def decode({', '.join(parts)}):"]
    for part, names in parts.items():
        lines.append(
            f"    if type({part}) is not dict or len({part}) != {len(names)}: raise KeyError('fields')"
        )
    lines.append("    made = new(kind)")
    for part, names in parts.items():
        for name in names:
            scope.names[f"set_{name}"] = kind.__dict__[name].__set__
            lines.append(f"    set_{name}(made, {scope.converted(hints[name], f'{part}[{name!r}]')})")
    lines.append("    return made")
    exec("\n".join(lines), scope.names)  # noqa: S102 - compiled from our own field names, never from stored bytes
    return scope.names["decode"]


class _Scope:
    """The names that a compiled function uses, and how it says that a value is converted.

    What is met most often (ids, words, numbers, lists) is written out where it stands: a call for each would
    take longer than the conversion.
    """

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"new": _new, "ids": _ids, "wrong": _wrong}
        self._count = 0

    def converted(self, hint: Any, value: str) -> str:
        """An expression for `value` as a value of this type."""
        hint = getattr(hint, "__supertype__", hint)
        origin, arguments = get_origin(hint), get_args(hint)
        name = self._fresh()
        if origin in (Union, UnionType):
            (inner,) = (argument for argument in arguments if argument is not NoneType)
            return f"(None if ({name} := {value}) is None else {self.converted(inner, name)})"
        if origin is tuple:
            each = self._fresh()
            items = f"tuple([{self.converted(arguments[0], each)} for {each} in {name}])"
            return f"(wrong() if type({name} := {value}) is not list else {items} if {name} else ())"
        if hint is UUID:
            return f"ids[{value}]"
        if hint in (str, int, bool):
            return f"({name} if type({name} := {value}) is {hint.__name__} else wrong())"
        if isinstance(hint, type) and issubclass(hint, enum.StrEnum):
            self.names[f"words_{name}"] = {member.value: member for member in hint}
            return f"words_{name}[{value}]"
        self.names[f"convert_{name}"] = converter_of(hint)
        return f"convert_{name}({value})"

    def _fresh(self) -> str:
        self._count += 1
        return f"value_{self._count}"


def _wrong() -> Never:
    raise TypeError("a value of another type")


def _dataclass(kind: type) -> Any:
    if not is_dataclass(kind):
        raise TypeError(f"{kind} is not a dataclass")
    return kind


def converter_of(hint: Any) -> Convert:
    """How a JSON value becomes a moment, a day or a value of several fields. Raises at import for a type that
    is not storable.
    """
    if hint in _PLAIN:
        return _PLAIN[hint]
    if is_dataclass(hint) and isinstance(hint, type):
        return decoder_of(hint)
    raise TypeError(f"{hint} cannot be stored in an event")


def instants_of(kind: type) -> tuple[str, ...]:
    """The fields that hold an instant. Raises at import where one stands inside a value: none may, so that
    encoding can look at all of them.
    """
    names = []
    for name, hint in get_type_hints(kind).items():
        if hint is datetime or datetime in get_args(hint):
            names.append(name)
        elif _mentions_instant(hint):
            raise TypeError(f"{kind}: an instant inside the value {name}")
    return tuple(names)


def _mentions_instant(hint: Any) -> bool:
    if is_dataclass(hint):
        return any(_mentions_instant(inner) for inner in get_type_hints(hint).values())
    return hint is datetime or any(_mentions_instant(argument) for argument in get_args(hint))


class _Ids(dict[str, UUID]):
    """UUIDs by their canonical text. Placements, units and places are named again and again, so the ids met
    last are remembered.
    """

    def __missing__(self, text: str) -> UUID:
        """Made without the constructor's general parsing."""
        if _is_uuid(text) is None:
            raise ValueError("not a canonical UUID")
        made = _new(UUID)
        _set_int(made, int(text.replace("-", ""), 16))
        _set_safe(made, SafeUUID.unknown)
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        self[text] = made
        return made


_ids = _Ids()


def _instant(text: str) -> datetime:
    """An instant in UTC, as `docs/EVIDENCE.md` writes it: microseconds only where there are some.

    The marks are looked at one by one, which is quicker than a pattern; `fromisoformat` judges the digits.
    """
    size = len(text)
    whole = size == 20 or (size == 27 and text[19] == "." and text[20:26] != "000000")
    if not (
        whole
        and text[4] == "-" == text[7]
        and text[10] == "T"
        and text[13] == ":" == text[16]
        and text[-1] == "Z"
        and text[11:13] != "24"
    ):
        raise ValueError("not a canonical instant")
    return datetime.fromisoformat(text)


def _day(text: str) -> date:
    if _is_day(text) is None:
        raise ValueError("not a canonical day")
    return date.fromisoformat(text)


_PLAIN: dict[Any, Convert] = {datetime: _instant, date: _day}
