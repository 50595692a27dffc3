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
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID, SafeUUID

from domain.event import Event

Convert = Callable[[Any], Any]

_new = object.__new__
_set_int = UUID.__dict__["int"].__set__
_set_safe = UUID.__dict__["is_safe"].__set__
_is_uuid = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
MOST_REMEMBERED = 65_536
_met: dict[str, UUID] = {}
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_is_day = re.compile(_DAY).fullmatch
_is_instant = re.compile(_DAY + r"T([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(\.(?!0{6})[0-9]{6})?Z").fullmatch


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
    scope: dict[str, Any] = {"new": _new, "kind": kind, "dict": dict, "type": type, "len": len}
    lines = [f"def decode({', '.join(parts)}):"]
    for part, names in parts.items():
        lines.append(
            f"    if type({part}) is not dict or len({part}) != {len(names)}: raise KeyError('fields')"
        )
    lines.append("    made = new(kind)")
    for part, names in parts.items():
        for name in names:
            scope[f"set_{name}"] = kind.__dict__[name].__set__
            scope[f"convert_{name}"] = converter_of(hints[name])
            lines.append(f"    set_{name}(made, convert_{name}({part}[{name!r}]))")
    lines.append("    return made")
    exec("\n".join(lines), scope)  # noqa: S102 - compiled from our own field names, never from stored bytes
    return scope["decode"]


def _dataclass(kind: type) -> Any:
    if not is_dataclass(kind):
        raise TypeError(f"{kind} is not a dataclass")
    return kind


def converter_of(hint: Any) -> Convert:
    """How a JSON value becomes a value of this type. Raises at import for a type that is not storable."""
    hint = getattr(hint, "__supertype__", hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        (inner,) = (argument for argument in arguments if argument is not NoneType)
        return _optional(converter_of(inner))
    if origin is tuple:
        return _tuple(converter_of(arguments[0]))
    if hint in _PLAIN:
        return _PLAIN[hint]
    if isinstance(hint, type) and issubclass(hint, enum.StrEnum):
        return {member.value: member for member in hint}.__getitem__
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


def _optional(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


def _tuple(convert: Convert) -> Convert:
    def many(value: Any) -> tuple[Any, ...]:
        if type(value) is not list:
            raise TypeError("not a list")
        return tuple([convert(item) for item in value])

    return many


def _exactly(kind: type) -> Convert:
    def check(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"not {kind.__name__}")
        return value

    return check


def _uuid(text: str) -> UUID:
    """A UUID from its canonical text, without the constructor's general parsing.

    Placements, units and places are named again and again, so the ids met last are remembered.
    """
    met = _met.get(text)
    if met is not None:
        return met
    if _is_uuid(text) is None:
        raise ValueError("not a canonical UUID")
    made = _new(UUID)
    _set_int(made, int(text.replace("-", ""), 16))
    _set_safe(made, SafeUUID.unknown)
    if len(_met) >= MOST_REMEMBERED:
        _met.clear()
    _met[text] = made
    return made


def _instant(text: str) -> datetime:
    """An instant in UTC, as `docs/EVIDENCE.md` writes it: microseconds only where there are some."""
    if _is_instant(text) is None:
        raise ValueError("not a canonical instant")
    return datetime.fromisoformat(text)


def _day(text: str) -> date:
    if _is_day(text) is None:
        raise ValueError("not a canonical day")
    return date.fromisoformat(text)


_PLAIN: dict[Any, Convert] = {
    UUID: _uuid,
    str: _exactly(str),
    int: _exactly(int),
    bool: _exactly(bool),
    datetime: _instant,
    date: _day,
}
