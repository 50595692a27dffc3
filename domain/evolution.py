"""How states follow events: a record with some of its fields changed, and one small function for each kind of
event. Every aggregate's `evolve` is made of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_args

from domain.event import Event

__all__ = ["Steps", "changed", "with_entry"]

_State = TypeVar("_State")
_Event = TypeVar("_Event", bound=Event)
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

if TYPE_CHECKING:
    # What `changed` is given is checked field by field, as for the function it stands in for.
    from dataclasses import replace as changed
else:

    def changed(record: Any, /, **changes: Any) -> Any:
        """The same frozen record with other values in some of its fields. It does what `dataclasses.replace`
        does, for slotted records that check nothing when they are made, in a fraction of the time.
        """
        copy, put = _slots_of(record.__class__)
        made = copy(record)
        for name, value in changes.items():
            put[name](made, value)
        return made


@cache
def _slots_of(kind: type[Any]) -> tuple[Callable[[Any], Any], Mapping[str, Callable[[Any, Any], None]]]:
    """How a record of this class is copied, and how each field of a copy is set."""
    assert not hasattr(kind, "__post_init__"), f"{kind.__name__} checks what it is made of"
    put = {field.name: kind.__dict__[field.name].__set__ for field in fields(kind)}
    scope: dict[str, Any] = {"new": object.__new__, "kind": kind}
    scope.update((f"put_{name}", put[name]) for name in put)
    lines = [f"    put_{name}(made, record.{name})" for name in put]
    written = ["def copy(record):", "    made = new(kind)", *lines, "    return made"]
    exec("\n".join(written), scope)  # noqa: S102 - written from our own field names alone
    return scope["copy"], put


def with_entry(known: Mapping[_Key, _Value], key: _Key, value: _Value) -> Mapping[_Key, _Value]:
    """A mapping with one entry more, or another value in one."""
    return MappingProxyType({**known, key: value})


class Steps(dict[type[Event], Callable[[_State, Any], _State]], Generic[_State]):
    """What follows from each kind of event: a function of the state and the event, by the event's class."""

    def on(
        self, kind: type[_Event]
    ) -> Callable[[Callable[[_State, _Event], _State]], Callable[[_State, _Event], _State]]:
        """Declares the step of one kind of event; a second one for the same kind is a fault."""

        def declare(step: Callable[[_State, _Event], _State]) -> Callable[[_State, _Event], _State]:
            assert kind not in self, f"{kind.__name__} has a step already"
            self[kind] = step
            return step

        return declare

    @classmethod
    def of_all(cls, union: object, *families: Steps[_State]) -> Steps[_State]:
        """The steps of several families together. Asserts that each event of the union has its step, and that
        nothing else has one.
        """
        steps: Steps[_State] = cls()
        for family in families:
            assert not steps.keys() & family.keys(), "an event has one step"
            steps.update(family)
        assert steps.keys() == set(get_args(union)), "each kind of event is folded, and no other"
        return steps
