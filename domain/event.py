"""What makes a class a stored event: an explicit, versioned topic and the fields a court's copy must not
show. And how a stream of them folds to a state.

The topic and the field names are the storage format: once an event has been recorded they never change. A
changed shape is a new version of the topic, and `ledger.store.codec` lifts the old one. Aggregate files
declare their events with `stored`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any, ClassVar, TypeVar, dataclass_transform

_E = TypeVar("_E", bound="Event")
_State = TypeVar("_State")


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A fact that happened. `TOPIC` is its stored name and `KIND` the kind of stream it stands in; `RESERVED`
    names the fields kept out of the open part.
    """

    TOPIC: ClassVar[str]
    KIND: ClassVar[str]
    RESERVED: ClassVar[frozenset[str]]


@dataclass_transform(frozen_default=True, kw_only_default=True)
def stored(topic: str, *, reserved: tuple[str, ...] = ()) -> Callable[[type[_E]], type[_E]]:
    """Declare an event class: a frozen, keyword-only dataclass stored under `topic`
    (`aggregate.fact.version`).
    """

    def declare(cls: type[_E]) -> type[_E]:
        event = dataclass(frozen=True, kw_only=True, slots=True)(cls)
        event.TOPIC = topic
        event.KIND = kind_of(topic)
        event.RESERVED = frozenset(reserved)
        made: type[Event] = event
        assert {field.name for field in fields(made)} >= event.RESERVED, (
            f"{topic}: a reserved field is not a field"
        )
        return event

    return declare


def kind_of(topic: str) -> str:
    """The kind of stream that events of a topic stand in: its first word."""
    return topic.split(".", 1)[0]


def folded(
    kind: str, events: Iterable[Event], initial: _State, evolve: Callable[[_State, Any], _State]
) -> _State:
    """The state that a stream of this kind has after its events. One of another kind reads as unknown: an id
    that a caller gives may name anything.
    """
    state = initial
    for event in events:
        if kind != event.KIND:
            return initial
        state = evolve(state, event)
    return state
