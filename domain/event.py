"""What makes a class a stored event: an explicit, versioned topic and the fields a court's copy must not
show.

The topic and the field names are the storage format: once an event has been recorded they never change. A
changed shape is a new version of the topic, and `ledger.store.codec` lifts the old one. Aggregate files
declare their events with `stored`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeVar, dataclass_transform

_E = TypeVar("_E", bound="Event")


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A fact that happened. `TOPIC` is its stored name; `RESERVED` names the fields kept out of the open
    part.
    """

    TOPIC: ClassVar[str]
    RESERVED: ClassVar[frozenset[str]]


@dataclass_transform(frozen_default=True, kw_only_default=True)
def stored(topic: str, *, reserved: tuple[str, ...] = ()) -> Callable[[type[_E]], type[_E]]:
    """Declare an event class: a frozen, keyword-only dataclass stored under `topic`
    (`aggregate.fact.version`).
    """

    def declare(cls: type[_E]) -> type[_E]:
        event = dataclass(frozen=True, kw_only=True, slots=True)(cls)
        event.TOPIC = topic
        event.RESERVED = frozenset(reserved)
        names = event.__dataclass_fields__.keys()
        assert names >= event.RESERVED, f"{topic}: a reserved field is not a field"
        return event

    return declare
