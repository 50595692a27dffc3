"""What somebody may act as, now: read from the register at each request, never from what they bring.

Each request reads one number, the register's version, after it has come in; requests that come together share
a reading that begins after the last of them. What was read of a person is remembered for as long as that
number stands. So whoever is ended, in whichever process, is refused at the very next request. Not how people
prove who they are: `tokens`, `sessions`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from api.identity.caller import Caller, Unauthenticated
from domain.permissions import Principal
from ledger.register.port import Engagement, Register

MOST_REMEMBERED = 10_000


class SharedReading:
    """One reading for all who asked before it began."""

    def __init__(self, read: Callable[[], Awaitable[int]]) -> None:
        self._read = read
        self._waiting: asyncio.Task[int] | None = None
        self._under_way: asyncio.Task[int] | None = None

    async def fresh(self) -> int:
        """What is read by a reading that begins after this call."""
        if self._waiting is None:
            self._waiting = asyncio.ensure_future(self._reading(self._under_way))
            self._waiting.add_done_callback(_heard)
        return await asyncio.shield(self._waiting)

    async def _reading(self, before: asyncio.Task[int] | None) -> int:
        if before is not None:
            await asyncio.wait((before,))
        self._under_way, self._waiting = self._waiting, None
        return await self._read()


def _heard(done: asyncio.Task[int]) -> None:
    """Nobody may be left to hear of a fault: all who asked may have gone away."""
    if not done.cancelled():
        done.exception()


class Authority:
    """Asks one register. `clock` is real time, also in an exercise."""

    def __init__(self, register: Register, clock: Callable[[], datetime]) -> None:
        self._register = register
        self._clock = clock
        self._version = SharedReading(register.version)
        self._known: dict[bytes | UUID, tuple[int, Engagement | None]] = {}

    async def of_subject(self, subject_key: bytes) -> Engagement:
        """Errors: `Unauthenticated`, the register's."""
        return await self._standing(subject_key, lambda: self._register.of_subject(subject_key))

    async def of_actor(self, actor: UUID) -> Engagement:
        """Errors: `Unauthenticated`, the register's."""
        return await self._standing(actor, lambda: self._register.of_actor(actor))

    async def _standing(
        self, key: bytes | UUID, read: Callable[[], Awaitable[Engagement | None]]
    ) -> Engagement:
        version = await self._version.fresh()
        known = self._known.get(key)
        if known is None or known[0] != version:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            # Read after the version: at least as new as it, so no change is ever missed.
            known = self._known[key] = (version, await read())
        engagement = known[1]
        if engagement is None:
            raise Unauthenticated("NOT_IN_REGISTER")
        if not engagement.holds_at(self._clock()):
            raise Unauthenticated("PERIOD_OVER")
        return engagement


def caller_of(
    engagement: Engagement, *, device: UUID | None = None, stepped_up_at: datetime | None = None
) -> Caller:
    """Somebody who has proved who they are, as the register has them."""
    return Caller(
        actor=engagement.actor,
        principal=Principal(role=engagement.role, houses=engagement.houses, member=engagement.member),
        on_behalf_of=engagement.member,
        device=device,
        stepped_up_at=stepped_up_at,
    )
