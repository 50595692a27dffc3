"""What an append touches, and whether it is well formed. Not a judgement against the log: that is the
adapters'.

Called by both adapters before anything is recorded, and by the batcher to keep apart what depends on one
another.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

from domain.claims import Claim
from ledger.faults import MalformedAppend
from ledger.store.port import Append, NewEvent

DIGEST_BYTES = 32
LARGEST_ROW_BYTES = 60_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Footprint:
    """`changes`: the command id, the streams written and the keys of claims. `touches`: these and the streams
    guarded.

    Two appends are apart when neither changes what the other touches; only such share a batch. Streams,
    cases, places and commands have ids of their own, so one set holds them all; where an id is both a stream
    and a key, two appends are kept apart that need not be, which costs nothing but a turn.
    """

    changes: AbstractSet[UUID]
    touches: AbstractSet[UUID]


def footprint(append: Append) -> Footprint:
    """What the append touches. Refuses (`MalformedAppend`), in order: a digest that is not 32 bytes, versions
    of a stream that are not consecutive in the order given, a row too large, a stream guarded at two versions
    or at another than it is written at, a key freed or taken twice.
    """
    if len(append.digest) != DIGEST_BYTES:
        raise MalformedAppend("a digest is 32 bytes")
    expected = expected_versions(append.events)
    changes = {append.command_id, *expected}
    for stream, version in append.guards:
        if expected.setdefault(stream, version) != version:
            raise MalformedAppend("a stream is guarded at another version than it is written or guarded at")
    for claims in (append.frees, append.takes):
        keys = {claim.key for claim in claims}
        if len(keys) < len(claims):
            _require_distinct(claims)
        changes |= keys
    return Footprint(changes=changes, touches=changes.union(expected))


def expected_versions(events: Iterable[NewEvent]) -> dict[UUID, int]:
    """The version each written stream is expected to be at: the one before its first event."""
    expected: dict[UUID, int] = {}
    latest: dict[UUID, int] = {}
    stream, version = None, 0
    for event in events:
        if event.stream is not stream:  # mostly the same as the event before: hashing a UUID is not free
            if stream is not None:
                latest[stream] = version
            stream = event.stream
            version = latest.get(stream, event.version - 1)
            expected.setdefault(stream, version)
        if event.version != version + 1:
            raise MalformedAppend("versions of a stream in one command are consecutive")
        version = event.version
        _require_room(event)
    return expected


def require_counted_from_one(append: Append) -> None:
    """The ledger's own rule above the recorder: a stream's first event is number 1. Refuses with
    `MalformedAppend`.
    """
    first = min((event.version for event in append.events), default=1)
    guarded = min((version for _, version in append.guards), default=0)
    if first < 1 or guarded < 0:
        raise MalformedAppend("a stream's events are numbered from 1, and an absent stream is at version 0")


def _require_room(event: NewEvent) -> None:
    # A character is at most four bytes; only a row that may be too large is measured to the byte.
    size = len(event.state) + len(event.metadata)
    if (
        size + 4 * len(event.topic) > LARGEST_ROW_BYTES
        and size + len(event.topic.encode()) > LARGEST_ROW_BYTES
    ):
        raise MalformedAppend(f"an event is at most {LARGEST_ROW_BYTES} bytes")


def _require_distinct(claims: tuple[Claim, ...]) -> None:
    if len({(claim.kind, claim.key) for claim in claims}) < len(claims):
        raise MalformedAppend("a command frees or takes one key twice")
