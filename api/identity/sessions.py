"""Browsers that are signed in: kept here, known by a secret in a cookie, locked when nobody is at them.

`begin_session` is the one way in, whatever proved who somebody is: a bearer token, a PIN on an enrolled
device, and whatever is added. A session of a device counts only together with that device's own secret. What
the person may do is asked of the register at each request. A lock is no end: whoever unlocks goes on where
they were, until the night is over.
"""

from __future__ import annotations

import base64
import enum
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from api.identity.authority import Authority, caller_of
from api.identity.caller import Caller, Unauthenticated
from api.identity.pins import NOBODY, Pins
from ledger.register.access import Access, Device, Session
from ledger.register.port import Engagement
from ledger.store.ids import RandomBytes

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(seconds=30)
_SECRET_BYTES = 32


class How(enum.StrEnum):
    """How somebody proved who they are when a session began."""

    TOKEN = "TOKEN"  # noqa: S105 - a word, not a secret
    PASSKEY = "PASSKEY"
    PROVIDER = "PROVIDER"
    PIN = "PIN"
    RECOVERY = "RECOVERY"


FULL = frozenset({How.TOKEN, How.PASSKEY, How.PROVIDER})
"""Ways that do not rest on a device: after one of them somebody may choose a PIN."""
MAKES_PASSKEYS = FULL | {How.RECOVERY}
"""A code kept on paper lets somebody in to make another passkey."""


class Locked(Exception):
    """The session stands, and nobody is known to be at it: unlock it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A session that stands, whose it is, and on which device."""

    session: Session
    engagement: Engagement
    device: Device | None
    locked: bool

    @property
    def caller(self) -> Caller:
        return caller_of(
            self.engagement, device=self.session.device, stepped_up_at=self.session.stepped_up_at
        )


class Sessions:
    """Sessions of one network. `clock` is real time; `key` (32 bytes) makes the tokens against forgery."""

    def __init__(
        self,
        *,
        access: Access,
        authority: Authority,
        pins: Pins,
        key: bytes,
        random_bytes: RandomBytes,
        clock: Callable[[], datetime],
    ) -> None:
        self._access = access
        self._authority = authority
        self._pins = pins
        self._key = key
        self._random_bytes = random_bytes
        self._clock = clock

    def now(self) -> datetime:
        return self._clock()

    async def begin_session(
        self,
        actor: UUID,
        how: How,
        device: Device | None,
        *,
        proved_at: datetime | None,
        instead_of: str | None = None,
    ) -> str:
        """Sign somebody in; the secret of their cookie. `instead_of`: the cookie that they came with, which
        ends. `proved_at`: when they proved who they are; None: nobody knows.

        Errors: `Unauthenticated` (not in the register, a program, not this device's); the register's.
        """
        engagement = await self._authority.of_actor(actor)
        if engagement.program:
            raise Unauthenticated("PROGRAM_BY_ANOTHER_WAY")
        if device is not None and not belongs(engagement, device):
            raise Unauthenticated("DEVICE_OF_OTHERS")
        now = self._clock()
        session = Session(
            id=b"",
            actor=actor,
            device=device.device if device is not None else None,
            how=how.value,
            began_at=now,
            seen_at=now,
            stepped_up_at=proved_at,
        )
        if how in FULL:
            await self._access.forget_tries(actor)
        return await self._kept(session, instead_of)

    async def begin_by_pin(
        self, actor: UUID, pin: str, device: Device, *, instead_of: str | None = None
    ) -> str:
        """Two taps on a shared device. Errors: `Unauthenticated`, the same whatever is wrong."""
        if not await self._pins.is_right(await self._sharing(actor, device), pin):
            raise Unauthenticated("PIN_WRONG")
        now = self._clock()
        return await self.begin_session(actor, How.PIN, device, proved_at=now, instead_of=instead_of)

    async def _sharing(self, actor: UUID, device: Device) -> UUID:
        """NOBODY in place of whoever does not share this device: on it nobody else is tried or locked."""
        try:
            shares = belongs(await self._authority.of_actor(actor), device)
        except Unauthenticated:
            shares = False
        return actor if shares else NOBODY

    async def device_of(self, secret: str) -> Device | None:
        """The shared device that has this secret, unless it was revoked."""
        return await self._access.device(digest(secret))

    async def find(self, cookie: str, device_secret: str | None, *, present: bool = False) -> Found:
        """The session of a cookie. `present`: somebody is at it now, as far as one can tell.

        Errors: `Unauthenticated`; the register's.
        """
        known = await self._access.session(digest(cookie))
        if known is None:
            raise Unauthenticated("SESSION_UNKNOWN")
        session, device = known
        if device is not None and not _is_secret_of(device, device_secret):
            raise Unauthenticated("DEVICE_MISSING")
        now = self._clock()
        if now >= session.began_at + LONGEST:
            await self._access.end_session(session.id)
            raise Unauthenticated("SESSION_OVER")
        engagement = await self._authority.of_actor(session.actor)
        if device is not None and not belongs(engagement, device):
            raise Unauthenticated("DEVICE_OF_OTHERS")
        locked = session.locked or now >= session.seen_at + IDLE
        await self._note(session, now, locked=locked, present=present)
        return Found(session=session, engagement=engagement, device=device, locked=locked)

    async def caller(self, cookie: str, device_secret: str | None, *, present: bool) -> Caller:
        """Who is at a session. Errors: `Unauthenticated`, `Locked`; the register's."""
        found = await self.find(cookie, device_secret, present=present)
        if found.locked:
            raise Locked
        return found.caller

    async def proved_by_pin(self, found: Found, pin: str) -> str:
        """Unlock, or prove anew who one is: the session goes on under another secret, which is returned.

        Errors: `Unauthenticated`, also where there is no device that was enrolled; the register's.
        """
        if found.device is None or not await self._pins.is_right(found.session.actor, pin):
            raise Unauthenticated("PIN_WRONG")
        now = self._clock()
        renewed = replace(found.session, seen_at=now, locked=False, stepped_up_at=now)
        return await self._kept(renewed, None, ends=found.session.id)

    async def lock(self, found: Found) -> None:
        await self._access.lock(found.session.id)

    async def end(self, cookie: str) -> None:
        await self._access.end_session(digest(cookie))

    def forgery_token(self, cookie: str) -> str:
        """What a page of this session sends with each change, and no other site knows."""
        return hmac.digest(self._key, cookie.encode(errors="replace"), "sha256").hex()

    def is_forgery_token(self, cookie: str, sent: str) -> bool:
        return hmac.compare_digest(self.forgery_token(cookie).encode(), sent.encode(errors="replace"))

    def new_secret(self) -> str:
        """The value of a cookie."""
        return base64.urlsafe_b64encode(self._random_bytes(_SECRET_BYTES)).rstrip(b"=").decode()

    async def _kept(self, session: Session, instead_of: str | None, ends: bytes | None = None) -> str:
        """Always under a new secret: none that a browser brought, or had before, goes on."""
        cookie = self.new_secret()
        before = ends if instead_of is None else digest(instead_of)
        await self._access.begin(replace(session, id=digest(cookie)), instead_of=before)
        return cookie

    async def _note(self, session: Session, now: datetime, *, locked: bool, present: bool) -> None:
        if locked and not session.locked:
            await self._access.lock(session.id)
        elif present and not locked and now >= session.seen_at + SEEN_EVERY:
            await self._access.seen(session.id, now)


def belongs(engagement: Engagement, device: Device) -> bool:
    """Whether somebody is one of the colleagues who share a device."""
    return engagement.member == device.member and (
        not device.houses or bool(engagement.houses & device.houses)
    )


def digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="replace")).digest()


def _is_secret_of(device: Device, secret: str | None) -> bool:
    return secret is not None and hmac.compare_digest(device.secret, digest(secret))
