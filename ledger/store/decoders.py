"""Compiles, once per class, the function that turns a parsed JSON object into an event or a value of the
domain.

The function sets the slots of a new object directly, each value converted as its field's type says. It is
strict: a missing or unknown field, or a value of another type, is an error (the codec turns it into
`BrokenEvent`).
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID, SafeUUID

Convert = Callable[[Any], Any]

_new = object.__new__
_set_int = UUID.__dict__["int"].__set__
_set_safe = UUID.__dict__["is_safe"].__set__


def decoder_of(kind: type) -> Convert:
    """A function from a parsed JSON object to an instance of the frozen, slotted dataclass `kind`."""
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    scope: dict[str, Any] = {"new": _new, "kind": kind, "size": len(names)}
    lines = [
        "def decode(stored):",
        "    if len(stored) != size: raise KeyError('fields')",
        "    made = new(kind)",
    ]
    for index, name in enumerate(names):
        scope[f"set_{index}"] = kind.__dict__[name].__set__
        scope[f"convert_{index}"] = converter_of(hints[name])
        lines.append(f"    set_{index}(made, convert_{index}(stored[{name!r}]))")
    lines.append("    return made")
    exec("\n".join(lines), scope)  # noqa: S102 - compiled from our own field names, never from stored bytes
    decode: Convert = scope["decode"]
    return decode


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
    """A UUID from its canonical text, without the constructor's general parsing."""
    if len(text) != 36:
        raise ValueError("not a UUID")
    made = _new(UUID)
    _set_int(made, int(text.replace("-", ""), 16))
    _set_safe(made, SafeUUID.unknown)
    return made


_PLAIN: dict[Any, Convert] = {
    UUID: _uuid,
    str: _exactly(str),
    int: _exactly(int),
    bool: _exactly(bool),
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
}
