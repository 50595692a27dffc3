"""What a store of devices, PINs and sessions promises: how people who are in the register are known again.

It keeps digests of secrets, never a secret. What a wrong PIN or a long silence means is judged in
`api.identity`; here are only the steps that must be one, so that no code, try or signature counts twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.vocabulary import MemberId, ShelterId


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceCode:
    """With which a device is enrolled, once. `code` is a digest."""

    code: bytes
    member: MemberId
    houses: frozenset[ShelterId]
    made_by: UUID
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Device:
    """A device that colleagues share: of a body and, for a house's, of its houses. `secret` is a digest."""

    device: UUID
    secret: bytes
    member: MemberId
    houses: frozenset[ShelterId]
    enrolled_by: UUID
    enrolled_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Pin:
    """A personal PIN's slow hash, and what a device shows to tap on, sealed."""

    actor: UUID
    hash: str
    shown: bytes
    set_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A browser that is signed in. `id` is the digest of its cookie, `how` the way they proved
    who they are.
    """

    id: bytes
    actor: UUID
    device: UUID | None
    how: str
    began_at: datetime
    seen_at: datetime
    locked: bool = False
    stepped_up_at: datetime | None = None


class Access(Protocol):
    """Devices, PINs, sessions. Errors of every call: `StoreUnreachable`, `StoreRefused`."""

    async def add_code(self, code: DeviceCode) -> None: ...

    async def use_code(self, code: bytes, at: datetime) -> DeviceCode | None:
        """The code, which nobody uses again; None where it is unknown, used or too old."""

    async def add_device(self, device: Device) -> None: ...

    async def device(self, secret: bytes) -> Device | None:
        """By its secret's digest, unless it was revoked."""

    async def devices(self) -> tuple[Device, ...]: ...

    async def revoke_device(self, device: UUID, by: UUID | None, at: datetime) -> bool:
        """From the next request on it is unknown, and every session on it; False where there is none."""

    async def set_pin(self, pin: Pin) -> None: ...

    async def pin(self, actor: UUID) -> Pin | None: ...

    async def forget_pin(self, actor: UUID) -> None: ...

    async def pins(self) -> tuple[Pin, ...]: ...

    async def count_try(self, actor: UUID) -> int:
        """One more try, counted before the PIN is looked at, on whichever device; how many there were since
        the last good one.
        """

    async def forget_tries(self, actor: UUID) -> None: ...

    async def tries(self) -> dict[UUID, int]:
        """By actor."""

    async def begin(self, session: Session, *, instead_of: bytes | None) -> None:
        """Keep a session and end another in one step; those that began long ago are forgotten."""

    async def session(self, key: bytes) -> tuple[Session, Device | None] | None:
        """A session with its device; None where it ended or its device was revoked."""

    async def seen(self, key: bytes, at: datetime) -> None: ...

    async def lock(self, key: bytes) -> None: ...

    async def end_session(self, key: bytes) -> None: ...

    async def use_assertion(self, assertion: bytes, expires_at: datetime, now: datetime) -> bool:
        """Whether this is the first time that it is used."""
