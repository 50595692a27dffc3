"""An event of a case in Italian words: what it is, and each of its fields.

From the stored JSON, by the types of the newest version of its topic: a field that a topic of an earlier
version did not have is not told. A field that has no words here fails, so none can be forgotten.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import MappingProxyType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from api.dossier.fields import FIELDS
from api.pages.words import excluded, word
from domain.catalogue import EVENT_TYPES
from domain.placement.events.searching import ExclusionCount


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """`labels` stand for ids; `zone` is the network's."""

    labels: Mapping[str, str]
    zone: ZoneInfo

    def what(self, topic: str) -> str:
        return word("Topic", topic)

    def at(self, instant: str | datetime) -> str:
        """With its offset: "20/11/2026 02:13:05 +01:00"."""
        told = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
        local = told.astimezone(self.zone)
        return f"{local:%d/%m/%Y %H:%M:%S} {local.isoformat()[-6:]}"

    def details(self, topic: str, event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Each field with its value; what is not known is left out."""
        hints = self.hints(topic)
        for field, value in event.items():
            if value is not None:
                yield FIELDS[field], self.say(hints[field], value)

    def say(self, hint: Any, value: Any) -> str:
        """A value of JSON, by its type."""
        if value is None:
            return "—"
        hint = _known(hint)
        if isinstance(value, list):
            (inner, *_) = get_args(hint)
            return ", ".join(self.say(inner, each) for each in value) or "—"
        if isinstance(value, dict):
            return self._object(hint, value)
        if isinstance(value, bool):
            return "sì" if value else "no"
        if isinstance(hint, type) and issubclass(hint, enum.Enum):
            return word(hint.__name__, value)
        if hint is datetime:
            return self.at(value)
        if hint is date:
            return f"{date.fromisoformat(value):%d/%m/%Y}"
        return self.labels.get(str(value), str(value))

    @staticmethod
    def hints(topic: str) -> Mapping[str, Any]:
        """By field, of the newest version of the topic."""
        name = topic.rpartition(".")[0]
        kinds = (kind for known, kind in EVENT_TYPES.items() if known.rpartition(".")[0] == name)
        found: Any = next(kinds)
        return _hints_of(found)

    def _object(self, hint: Any, value: Mapping[str, Any]) -> str:
        if hint is ExclusionCount:
            return f"{value['units']} {excluded(value['code'], value['units'])}"
        hints = _hints_of(hint)
        return "; ".join(f"{FIELDS[field]}: {self.say(hints[field], each)}" for field, each in value.items())


def _known(hint: Any) -> Any:
    """A type without its None."""
    if get_origin(hint) in (Union, UnionType):
        return next(each for each in get_args(hint) if each is not type(None))
    return hint


@cache
def _hints_of(kind: type) -> Mapping[str, Any]:
    assert is_dataclass(kind)
    hints = get_type_hints(kind)
    return MappingProxyType({field.name: hints[field.name] for field in fields(kind)})
