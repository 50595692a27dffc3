"""Histories in which every event type there is occurs, made from the types' own declarations: new ones join
by themselves.

Not nights: what happens in them makes no sense, but each stream folds and gives rows. Ids of one kind are the
same within a history, so that an answer is about an offer that was made; an event that does not fold yet is
told later. Seeded, so the same histories come again.
"""

from __future__ import annotations

import enum
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from types import NoneType, UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from domain.catalogue import EVENT_TYPES
from domain.event import Event
from domain.permissions import Role
from domain.vocabulary import NetworkId
from ledger.store import codec, metadata
from ledger.store.metadata import Metadata
from ledger.store.port import NewEvent, StoredRow
from projections.read_models import Folded, follow

EARLY = datetime(2026, 11, 1, tzinfo=UTC)
_FIRST = ("network.born.", "shelter.registered.", "unit.registered.", "placement.requested.", "case.opened.")
_WORDS: Mapping[str, Callable[[random.Random], str]] = {
    "time_zone": lambda _: "Europe/Rome",
    "digest": lambda chance: chance.randbytes(32).hex(),
    "commitment": lambda chance: chance.randbytes(32).hex(),
}
"""Fields whose text is read as something."""


class NeverFolds(AssertionError):
    """Event types that no order of a history lets fold."""


class History:
    """One stream of each kind, every type of its kind in an order that folds."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._ids: dict[str, UUID] = {}

    def events(self) -> tuple[NewEvent, ...]:
        """Streams interleaved, each in its own order. Errors: `NeverFolds`."""
        streams = [list(self._stream(kind)) for kind in sorted({each.KIND for each in EVENT_TYPES.values()})]
        told: list[NewEvent] = []
        while any(streams):
            told.append(self._chance.choice([stream for stream in streams if stream]).pop(0))
        return tuple(told)

    def _stream(self, kind: str) -> Iterator[NewEvent]:
        waiting = [each for topic, each in EVENT_TYPES.items() if kind == each.KIND]
        self._chance.shuffle(waiting)
        waiting.sort(key=lambda each: not each.TOPIC.startswith(_FIRST))
        stream, state = self._id(f"{kind.capitalize()}Id"), None
        while waiting:
            for each in waiting:
                made = self._row(stream, state, each)
                if made is not None:
                    new, state = made
                    waiting.remove(each)
                    yield new
                    break
            else:
                raise NeverFolds(", ".join(each.TOPIC for each in waiting))

    def _row(self, stream: UUID, state: Folded | None, kind: type[Event]) -> tuple[NewEvent, Folded] | None:
        """The next event of the stream and the state after it; None where it does not fold now."""
        version = state.version + 1 if state is not None else 1
        new = NewEvent(
            stream=stream,
            version=version,
            topic=kind.TOPIC,
            state=codec.encode(self._value(kind, kind.__name__), self._chance.randbytes(16)),
            event_id=self._fresh(),
            metadata=metadata.encode(self._metadata()),
        )
        try:
            after, _ = follow(state, _stored(new))
        except Exception:  # noqa: BLE001 - whatever it is, it waits for what has to come before it
            return None
        return new, after

    def _metadata(self) -> Metadata:
        return Metadata(
            network=NetworkId(self._id("NetworkId")),
            command_id=self._fresh(),
            correlation_id=self._fresh(),
            causation_id=None,
            actor=self._fresh(),
            on_behalf_of=None,
            role=self._chance.choice(list(Role)),
            device=None,
            app_version="drill",
        )

    def _value(self, hint: Any, name: str) -> Any:
        """Any value of a type that an event may have."""
        chance = self._chance
        if isinstance(hint, NewType):
            return self._id(hint.__name__)
        origin, arguments = get_origin(hint), get_args(hint)
        if origin in (Union, UnionType):
            (inner,) = (argument for argument in arguments if argument is not NoneType)
            return self._value(inner, name) if chance.random() < 0.7 else None
        if origin is tuple:
            return tuple(self._value(arguments[0], name) for _ in range(chance.randint(1, 2)))
        if is_dataclass(hint):
            hints = get_type_hints(hint)
            assert isinstance(hint, type)
            return hint(**{field.name: self._value(hints[field.name], field.name) for field in fields(hint)})
        if isinstance(hint, type) and issubclass(hint, enum.Enum):
            return chance.choice(list(hint))
        return self._plain(hint, name)

    def _plain(self, hint: Any, name: str) -> Any:
        chance = self._chance
        made: Mapping[Any, Callable[[], Any]] = {
            str: lambda: _WORDS[name](chance) if name in _WORDS else f"word-{chance.randint(1, 99)}",
            int: lambda: chance.randint(1, 9),
            bool: lambda: chance.random() < 0.5,
            datetime: lambda: EARLY + timedelta(seconds=chance.randrange(20 * 86_400)),
            date: lambda: EARLY.date() + timedelta(days=chance.randrange(20)),
            UUID: self._fresh,
        }
        return made[hint]()

    def _id(self, name: str) -> UUID:
        return self._ids.setdefault(name, self._fresh())

    def _fresh(self) -> UUID:
        return UUID(int=self._chance.getrandbits(128), version=4)


def histories(events: int, seed: int = 1) -> Iterator[tuple[NewEvent, ...]]:
    """Histories, four side by side to a page, until there are so many events. Errors: `NeverFolds`."""
    told = 0
    while told < events:
        side_by_side = [list(History(seed + each).events()) for each in range(4)]
        seed += len(side_by_side)
        page = _interleaved(side_by_side, random.Random(seed))
        told += len(page)
        yield page


def _interleaved(streams: Sequence[list[NewEvent]], chance: random.Random) -> tuple[NewEvent, ...]:
    told: list[NewEvent] = []
    while any(streams):
        told.append(chance.choice([stream for stream in streams if stream]).pop(0))
    return tuple(told)


def _stored(new: NewEvent) -> StoredRow:
    return StoredRow(
        stream=new.stream,
        version=new.version,
        position=1,
        topic=new.topic,
        state=new.state,
        event_id=new.event_id,
        metadata=new.metadata,
        recorded_at=EARLY,
    )
