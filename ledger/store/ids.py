"""Where ids and salts come from: time-ordered UUIDs (version 7), and UUIDs derived from bytes (version 8).

Nothing here is global: the wiring makes one source per process and injects it; tests and trials make one from
a seed. A source belongs to one event loop.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from domain.vocabulary import NewId

RandomBytes = Callable[[int], bytes]
Milliseconds = Callable[[], int]

_TAIL_BITS = 74
"""What follows the 48 bits of time in a version 7 UUID, without its version and variant."""
_STEP_BITS = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """The injected sources of ids and of salts."""

    new_id: NewId
    random_bytes: RandomBytes


def unix_milliseconds() -> int:
    return time.time_ns() // 1_000_000


class TimeOrderedIds:
    """UUIDs of version 7 (RFC 9562, 5.7 and 6.2): each greater than the one before, also within a
    millisecond and when the clock steps back.
    """

    def __init__(self, random_bytes: RandomBytes, clock: Milliseconds = unix_milliseconds) -> None:
        self._random_bytes = random_bytes
        self._clock = clock
        self._last = 0

    def __call__(self) -> UUID:
        fresh = self._clock() << _TAIL_BITS | self._random(_TAIL_BITS)
        self._last = fresh if fresh > self._last else self._last + 1 + self._random(_STEP_BITS)
        return _uuid_7(self._last)

    def _random(self, bits: int) -> int:
        size = (bits + 7) // 8
        return int.from_bytes(self._random_bytes(size)) >> (size * 8 - bits)


def _uuid_7(ordered: int) -> UUID:
    milliseconds, tail = ordered >> _TAIL_BITS, ordered & ((1 << _TAIL_BITS) - 1)
    high, low = tail >> 62, tail & ((1 << 62) - 1)
    return UUID(int=(milliseconds & (1 << 48) - 1) << 80 | 7 << 76 | high << 64 | 2 << 62 | low)


def uuid_4(random_bytes: RandomBytes) -> UUID:
    """A UUID that tells nothing, not even when it was made."""
    return UUID(bytes=random_bytes(16), version=4)


def uuid_8(digest: bytes) -> UUID:
    """A UUID of version 8 (RFC 9562, 5.8) from the first 16 bytes of a digest."""
    number = int.from_bytes(digest[:16]) & ~(0xF << 76 | 0x3 << 62)
    return UUID(int=number | 8 << 76 | 2 << 62)


class SeededBytes:
    """Bytes that follow from a seed, the same on every machine and version of Python: for runs that must be
    repeatable, never for a ledger in earnest.
    """

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._count = 0

    def __call__(self, size: int) -> bytes:
        given = b""
        while len(given) < size:
            self._count += 1
            given += hashlib.sha256(self._seed + b"\0" + str(self._count).encode()).digest()
        return given[:size]


def system_sources() -> Sources:
    """Ids and salts from the operating system's randomness and clock."""
    return Sources(new_id=TimeOrderedIds(os.urandom), random_bytes=os.urandom)


def seeded_sources(seed: str, clock: Milliseconds) -> Sources:
    """Ids and salts that follow from a seed and a given clock."""
    return Sources(
        new_id=TimeOrderedIds(SeededBytes(f"ids {seed}"), clock), random_bytes=SeededBytes(f"salts {seed}")
    )
