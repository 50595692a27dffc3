"""From who signed in to the random id that stands on events: the same id for the same subject, for good.

The register knows a keyed digest of issuer and subject, so neither the log nor the register alone names
anybody. Not a directory of people: their names and roles are the issuer's.
"""

from __future__ import annotations

import asyncio
import hmac
from typing import Protocol
from uuid import UUID

from api.identity.caller import Authenticate, Caller
from api.identity.tokens import Tokens
from ledger.store.ids import RandomBytes, uuid_4

MOST_REMEMBERED = 10_000


class Register(Protocol):
    """Keeps one actor for each subject key (32 bytes)."""

    async def enter(self, subject_key: bytes, proposed: UUID) -> UUID:
        """The actor known for this subject; where there is none, `proposed`, kept from now on."""


class MemoryRegister:
    """A register that lasts as long as the process, for tests and simulation."""

    def __init__(self) -> None:
        self._known: dict[bytes, UUID] = {}

    async def enter(self, subject_key: bytes, proposed: UUID) -> UUID:
        return self._known.setdefault(subject_key, proposed)


class Actors:
    """The actors this process has met, and the register behind them."""

    def __init__(self, register: Register, *, key: bytes, random_bytes: RandomBytes) -> None:
        self._register = register
        self._key = key
        self._random_bytes = random_bytes
        self._met: dict[bytes, UUID] = {}
        self._entering = asyncio.Lock()

    async def actor_of(self, issuer: str, subject: str) -> UUID:
        """Errors: the register's."""
        named = issuer.encode()
        subject_key = hmac.digest(
            self._key, len(named).to_bytes(4) + named + subject.encode(errors="surrogatepass"), "sha256"
        )
        actor = self._met.get(subject_key)
        return actor if actor is not None else await self._enter(subject_key)

    async def _enter(self, subject_key: bytes) -> UUID:
        """One at a time: when many requests of people not met yet arrive together, the register, which
        connects for each call, would use up the database's connections."""
        async with self._entering:
            actor = self._met.get(subject_key)
            if actor is None:
                if len(self._met) >= MOST_REMEMBERED:
                    self._met.clear()
                actor = await self._register.enter(subject_key, uuid_4(self._random_bytes))
                self._met[subject_key] = actor
        return actor


def authenticator(tokens: Tokens, actors: Actors) -> Authenticate:
    """The check that every door makes first."""

    async def authenticate(token: str) -> Caller:
        bearer = tokens.check(token)
        actor = await actors.actor_of(bearer.issuer, bearer.subject)
        return Caller(actor=actor, principal=bearer.principal)

    return authenticate
