"""Between events and stored bytes: explicit topics, versions lifted on the way in, two JSON parts
(`ledger.state_bytes`).

Reading builds objects directly, without their constructors, by functions compiled once per event class:
replay speed is decided here. This and `metadata` are the only places where bytes become objects, so casts
live here and nowhere else.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from uuid import UUID

import orjson

from domain.catalogue import EVENT_TYPES
from domain.event import Event
from ledger import state_bytes
from ledger.faults import BrokenEvent, UnknownTopic
from ledger.state_bytes import SALT_BYTES, StateParts
from ledger.store import lifts
from ledger.store.decoders import event_decoder_of, instants_of
from ledger.store.lifts import Lift

BROKEN = (KeyError, ValueError, TypeError, AttributeError, OverflowError, RecursionError, struct.error)
"""What bytes that are not what they should be can raise while they are decoded."""

_length = struct.Struct(">I").unpack_from
_UTC_OFFSET = timedelta()

LIFTS: Mapping[str, Lift] = lifts.LIFTS
"""Old topics and how each is lifted to the next version. Once here, an entry stays."""


def plain(value: object) -> object:
    """What orjson does not take as it is: subclasses of UUID that database drivers make."""
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(type(value).__name__)


class Codec:
    """Encodes the newest version of each event and decodes every version there ever was."""

    def __init__(self, event_types: Mapping[str, type[Event]], lifts: Mapping[str, Lift]) -> None:
        assert not event_types.keys() & lifts.keys(), "a topic that is lifted is no longer written"
        self._lifts = lifts
        self._fields = {
            topic: (
                tuple(field.name for field in fields(kind) if field.name not in kind.RESERVED),
                tuple(field.name for field in fields(kind) if field.name in kind.RESERVED),
            )
            for topic, kind in event_types.items()
        }
        self._instants = {topic: instants_of(kind) for topic, kind in event_types.items()}
        self._decoders = {topic: event_decoder_of(kind) for topic, kind in event_types.items()}

    def encode(self, event: Event, salt: bytes) -> bytes:
        """State bytes of an event. `salt` is 16 random bytes from the injected source; instants are UTC."""
        assert len(salt) == SALT_BYTES
        for name in self._instants[event.TOPIC]:
            instant = getattr(event, name)
            assert instant is None or instant.utcoffset() == _UTC_OFFSET, f"{event.TOPIC}: {name} is not UTC"
        shown, reserved = self._fields[event.TOPIC]
        return state_bytes.join(
            StateParts(
                open=_json(event, shown), reserved=salt + (_json(event, reserved) if reserved else b"{}")
            )
        )

    def decode(self, topic: str, state: bytes) -> Event:
        """The event that these bytes tell. Errors: `UnknownTopic`, `BrokenEvent`."""
        try:
            (size,) = _length(state)
            (reserved_size,) = _length(state, size + 4)
            if size + 8 + reserved_size != len(state) or reserved_size < SALT_BYTES:
                raise BrokenEvent(topic)
            shown = orjson.loads(state[4 : size + 4])
            reserved = state[size + 8 + SALT_BYTES :]
            hidden = {} if reserved == b"{}" else orjson.loads(reserved)
            while (decoder := self._decoders.get(topic)) is None:
                if topic not in self._lifts:
                    raise UnknownTopic(topic)
                topic, shown, hidden = self._lifts[topic](shown, hidden)
            return decoder(shown, hidden)
        except (UnknownTopic, BrokenEvent):
            raise
        except BROKEN:
            # Whatever is wrong with the bytes, the reader is told that this event is broken, and never what
            # it held.
            raise BrokenEvent(topic) from None


def _json(event: Event, names: tuple[str, ...]) -> bytes:
    return orjson.dumps({name: getattr(event, name) for name in names}, plain, orjson.OPT_UTC_Z)


CODEC = Codec(EVENT_TYPES, LIFTS)
encode = CODEC.encode
decode = CODEC.decode
