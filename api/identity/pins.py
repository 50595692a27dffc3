"""Personal PINs: what is taken for one, how it is kept, and whether one is right.

Kept as Argon2id of an HMAC under a key that is not in the database: six digits would not withstand anybody
who has the hash alone. It opens nothing but a device that was enrolled. Five wrong tries lock it on every
device, until they sign in in full.
"""

from __future__ import annotations

import asyncio
import hmac
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ledger.register.access import Access, Pin

MOST_WRONG = 5
FEWEST_DIGITS, MOST_DIGITS = 6, 10
NOBODY = UUID(int=0)
"""Tries for people without a PIN are counted as somebody's, so that they cost the same."""
_TOGETHER = 2


def guessable(pin: str) -> bool:
    """Whether it is one digit over and over, or digits in a row."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return steps in ({0}, {1}, {9})


class Pins:
    """Hashes and checks PINs. `key` is 32 secret bytes."""

    def __init__(self, access: Access, key: bytes) -> None:
        self._access = access
        self._key = key
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._turns = asyncio.Semaphore(_TOGETHER)
        self._nobodys = self._hasher.hash(self._keyed(NOBODY, ""))

    async def set(self, actor: UUID, pin: str, shown: bytes, at: datetime) -> None:
        """Keep a PIN; tries that failed with another one are forgotten. Errors: the register's."""
        async with self._turns:
            hashed = await asyncio.to_thread(self._hasher.hash, self._keyed(actor, pin))
        await self._access.set_pin(Pin(actor=actor, hash=hashed, shown=shown, set_at=at))
        await self._access.forget_tries(actor)

    async def is_right(self, actor: UUID, pin: str) -> bool:
        """Whether this is their PIN and may be used: not after five wrong tries, on whichever devices.

        It takes as long for somebody who has none. Errors: the register's.
        """
        kept = await self._access.pin(actor)
        tries = await self._access.count_try(actor if kept is not None else NOBODY)
        async with self._turns:
            right = await asyncio.to_thread(self._matches, kept, actor, pin)
        if not right or tries > MOST_WRONG:
            return False
        await self._access.forget_tries(actor)
        return True

    def _matches(self, kept: Pin | None, actor: UUID, pin: str) -> bool:
        hashed = kept.hash if kept is not None else self._nobodys
        try:
            self._hasher.verify(hashed, self._keyed(actor, pin))
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    def _keyed(self, actor: UUID, pin: str) -> bytes:
        return hmac.digest(self._key, actor.bytes + pin.encode(), "sha256")
