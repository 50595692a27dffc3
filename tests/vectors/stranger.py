"""What somebody who has only `docs/EVIDENCE.md` can read: a decoder that knows nothing of this program.

It uses the standard library alone, a test holds it to that, and every function follows one section of the
page.
"""

from __future__ import annotations

import hashlib
import json
import struct
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class Unreadable(Exception):
    """The bytes are not what the page says."""


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """A leaf's fields as they lie in its bytes. `recorded_at` is in microseconds since 1970."""

    stream: uuid.UUID
    version: int
    position: int
    recorded_at: int
    event_id: uuid.UUID
    topic: str
    open: bytes
    withheld: bytes


class _Reader:
    def __init__(self, stored: bytes) -> None:
        self.stored = stored
        self.at = 0

    def take(self, size: int) -> bytes:
        if self.at + size > len(self.stored):
            raise Unreadable("too short")
        self.at += size
        return self.stored[self.at - size : self.at]

    def number(self, form: str) -> int:
        (number,) = struct.unpack(form, self.take(struct.calcsize(form)))
        return int(number)

    def end(self) -> None:
        if self.at != len(self.stored):
            raise Unreadable("too long")


def read_leaf(stored: bytes) -> Leaf:
    """Leaf bytes, version 1."""
    reader = _Reader(stored)
    if reader.number(">B") != 1:
        raise Unreadable("another version")
    leaf = Leaf(
        stream=uuid.UUID(bytes=reader.take(16)),
        version=reader.number(">Q"),
        position=reader.number(">Q"),
        recorded_at=reader.number(">Q"),
        event_id=uuid.UUID(bytes=reader.take(16)),
        topic=_text(reader.take(reader.number(">H"))),
        open=reader.take(reader.number(">I")),
        withheld=reader.take(32),
    )
    reader.end()
    return leaf


def write_leaf(leaf: Leaf) -> bytes:
    """The leaf of an event that is shown without its reserved part and metadata."""
    topic = leaf.topic.encode("utf-8")
    return (
        b"\x01"
        + leaf.stream.bytes
        + struct.pack(">QQQ", leaf.version, leaf.position, leaf.recorded_at)
        + leaf.event_id.bytes
        + struct.pack(">H", len(topic))
        + topic
        + struct.pack(">I", len(leaf.open))
        + leaf.open
        + leaf.withheld
    )


def withheld(reserved: bytes, metadata: bytes) -> bytes:
    """The digest that stands for the reserved part and the metadata."""
    framed = (struct.pack(">I", len(part)) + part for part in (reserved, metadata))
    return hashlib.sha256(b"".join(framed)).digest()


def read_state(state: bytes) -> tuple[bytes, bytes]:
    """The open and the reserved part of stored state, as bytes."""
    reader = _Reader(state)
    shown = reader.take(reader.number(">I"))
    reserved = reader.take(reader.number(">I"))
    reader.end()
    if len(reserved) < 16:
        raise Unreadable("no salt")
    return shown, reserved


def read_fields(shown: bytes, reserved: bytes) -> dict[str, Any]:
    """All fields of an event by name; 16 bytes of salt come first in the reserved part."""
    return {**read_object(shown), **read_object(reserved[16:])}


def read_object(part: bytes) -> dict[str, Any]:
    """One JSON object, without repeated names."""
    value = json.loads(_text(part), object_pairs_hook=_once)
    if not isinstance(value, dict):
        raise Unreadable("not an object")
    return value


def command_id(*words: bytes) -> uuid.UUID:
    """The UUID of version 8 that begins the SHA-256 of the words put together."""
    number = bytearray(hashlib.sha256(b"".join(words)).digest()[:16])
    number[6] = number[6] & 0x0F | 0x80
    number[8] = number[8] & 0x3F | 0x80
    return uuid.UUID(bytes=bytes(number))


def certificate_digest(
    units: int,
    excluded: Sequence[tuple[str, Sequence[int]]],
    eligible: Sequence[int],
    to_be_confirmed: Sequence[int],
    best: Sequence[Mapping[str, Any]],
) -> str:
    """The digest of a ranking, in hexadecimal: which units (by number) each rule excluded, which are
    eligible, which are to be confirmed, and the candidates as they stand in the event.
    """
    judged = (*excluded, ("ELIGIBLE", eligible), ("TO_BE_CONFIRMED", to_be_confirmed))
    told = b"".join(_bitmap(word, numbers, units) for word, numbers in judged)
    told += struct.pack(">H", len(best)) + b"".join(map(_candidate, best))
    return hashlib.sha256(told).hexdigest()


def _bitmap(word: str, numbers: Sequence[int], units: int) -> bytes:
    bits = bytearray((units + 7) // 8)
    for number in numbers:
        bits[number // 8] |= 1 << number % 8
    return struct.pack(">H", len(word)) + word.encode() + struct.pack(">I", len(bits)) + bytes(bits)


def _candidate(candidate: Mapping[str, Any]) -> bytes:
    told = uuid.UUID(candidate["shelter_id"]).bytes + struct.pack(">H", len(candidate["units"]))
    for unit in candidate["units"]:
        told += uuid.UUID(unit["unit_id"]).bytes + _ids(unit["places"])
    told += struct.pack(">q", candidate["penalty"])
    told += struct.pack(">I", candidate["spare_places"])
    told += struct.pack(">q", candidate["availability_age_minutes"])
    told += _ids(candidate["expires"]) + struct.pack(">H", len(candidate["to_confirm"]))
    return told + b"".join(struct.pack(">H", len(word)) + word.encode() for word in candidate["to_confirm"])


def _ids(ids: Sequence[str]) -> bytes:
    return struct.pack(">H", len(ids)) + b"".join(uuid.UUID(each).bytes for each in ids)


def _text(stored: bytes) -> str:
    try:
        return stored.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable("not UTF-8") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise Unreadable("a name is repeated")
    return dict(pairs)
