"""Leaf bytes, version 1: what the evidence tree is built over. Fixed from the first event; `docs/EVIDENCE.md`
specifies them.

`u8 1 ‖ 16 B stream ‖ u64 version ‖ u64 position ‖ u64 recorded_at in µs ‖ 16 B event id ‖ u16 length ‖ topic
‖ u32 length ‖ open part ‖ 32 B SHA-256(u32 length ‖ reserved part ‖ u32 length ‖ metadata)`, integers
big-endian.

Reserved part and metadata enter as one digest, so an event can be shown and proved without them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from struct import pack
from uuid import UUID

from ledger import state_bytes
from ledger.faults import BrokenEvent
from ledger.store.port import StoredRow

LEAF_VERSION = 1
DIGEST_BYTES = 32
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownEvent:
    """An event as it may be shown: all of its leaf, with the withheld part as its digest alone."""

    stream: UUID
    version: int
    position: int
    recorded_at: datetime
    event_id: UUID
    topic: str
    open: bytes
    withheld: bytes


def shown(row: StoredRow) -> ShownEvent:
    """Withhold what is reserved."""
    parts = state_bytes.split(row.state)
    return ShownEvent(
        stream=row.stream,
        version=row.version,
        position=row.position,
        recorded_at=row.recorded_at,
        event_id=row.event_id,
        topic=row.topic,
        open=parts.open,
        withheld=withheld_digest(parts.reserved, row.metadata),
    )


def withheld_digest(reserved: bytes, metadata: bytes) -> bytes:
    """SHA-256 (32 bytes) over the length-prefixed reserved part and metadata."""
    return hashlib.sha256(
        pack(">I", len(reserved)) + reserved + pack(">I", len(metadata)) + metadata
    ).digest()


def leaf_bytes(event: ShownEvent) -> bytes:
    """The leaf of an event, from what may be shown of it. Errors: `BrokenEvent`."""
    if len(event.withheld) != DIGEST_BYTES:
        raise BrokenEvent("a withheld part is a digest of 32 bytes")
    topic = event.topic.encode()
    return b"".join(
        (
            pack(">B", LEAF_VERSION),
            event.stream.bytes,
            pack(">QQQ", event.version, event.position, microseconds(event.recorded_at)),
            event.event_id.bytes,
            pack(">H", len(topic)) + topic,
            pack(">I", len(event.open)) + event.open,
            event.withheld,
        )
    )


def leaf_of(row: StoredRow) -> bytes:
    """The leaf of a stored event."""
    return leaf_bytes(shown(row))


def microseconds(instant: datetime) -> int:
    """Whole microseconds since 1970-01-01T00:00:00Z."""
    return (instant - _EPOCH) // timedelta(microseconds=1)
