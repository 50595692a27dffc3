"""Devices, PINs and sessions on PostgreSQL, in the schema `register`. A crash leaves each step whole or
absent.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain.vocabulary import MemberId
from ledger.register.access import Device, DeviceCode, Pin, Session
from ledger.register.postgres import RegisterConnections, houses_of, plain_id, plain_id_or_none

FORGOTTEN_AFTER = timedelta(days=1)

_ADD_CODE = """INSERT INTO register.device_code (code, member, houses, made_by, expires_at)
    VALUES ($1, $2, $3, $4, $5)"""
_USE_CODE = """UPDATE register.device_code SET used_at = $2
    WHERE code = $1 AND used_at IS NULL AND expires_at > $2 RETURNING *"""
_ADD_DEVICE = """INSERT INTO register.device (device, secret, member, houses, enrolled_by, enrolled_at)
    VALUES ($1, $2, $3, $4, $5, $6)"""
_OF_DIGEST = "SELECT d.* FROM register.device d WHERE d.secret = $1 AND d.revoked_at IS NULL"
_DEVICES = "SELECT d.* FROM register.device d ORDER BY d.enrolled_at, d.device"
_REVOKE = """UPDATE register.device SET revoked_by = $2, revoked_at = $3
    WHERE device = $1 AND revoked_at IS NULL RETURNING device"""
_SET_PIN = """INSERT INTO register.pin (actor, hash, shown, set_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (actor) DO UPDATE SET hash = $2, shown = $3, set_at = $4"""
_PIN = "SELECT actor, hash, shown, set_at FROM register.pin WHERE actor = $1"
_FORGET_PIN = "DELETE FROM register.pin WHERE actor = $1"
_PINS = "SELECT actor, hash, shown, set_at FROM register.pin ORDER BY actor"
_COUNT_TRY = """INSERT INTO register.pin_tries AS t (actor, wrong) VALUES ($1, 1)
    ON CONFLICT (actor) DO UPDATE SET wrong = t.wrong + 1 RETURNING wrong"""
_FORGET_TRIES = "DELETE FROM register.pin_tries WHERE actor = $1"
_TRIES = "SELECT actor, wrong FROM register.pin_tries"
_BEGIN = """INSERT INTO register.session (id, actor, device, how, began_at, seen_at, locked, stepped_up_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"""
_END = "DELETE FROM register.session WHERE id = $1"
_DROP_OLD = "DELETE FROM register.session WHERE began_at < $1"
_FIND = """SELECT s.id, s.actor, s.device AS session_device, s.how, s.began_at, s.seen_at, s.locked,
    s.stepped_up_at, d.* FROM register.session s LEFT JOIN register.device d ON d.device = s.device
    WHERE s.id = $1 AND (s.device IS NULL OR (d.device IS NOT NULL AND d.revoked_at IS NULL))"""
_SEEN = "UPDATE register.session SET seen_at = $2 WHERE id = $1"
_LOCK = "UPDATE register.session SET locked = true WHERE id = $1"
_DROP_ASSERTIONS = "DELETE FROM register.assertion WHERE expires_at <= $1"
_USE_ASSERTION = """INSERT INTO register.assertion (assertion, expires_at) VALUES ($1, $2)
    ON CONFLICT (assertion) DO NOTHING RETURNING assertion"""


class PostgresAccess:
    """Keeps `ledger.register.access.Access`."""

    def __init__(self, connections: RegisterConnections) -> None:
        self._connections = connections

    # --- devices ---

    async def add_code(self, code: DeviceCode) -> None:
        houses = sorted(code.houses)
        await self._connections.done(_ADD_CODE, code.code, code.member, houses, code.made_by, code.expires_at)

    async def use_code(self, code: bytes, at: datetime) -> DeviceCode | None:
        row = await self._connections.done(_USE_CODE, code, at)
        if row is None:
            return None
        return DeviceCode(
            code=bytes(row["code"]),
            member=MemberId(plain_id(row["member"])),
            houses=houses_of(row["houses"]),
            made_by=plain_id(row["made_by"]),
            expires_at=row["expires_at"],
        )

    async def add_device(self, device: Device) -> None:
        who = (device.member, sorted(device.houses), device.enrolled_by, device.enrolled_at)
        await self._connections.done(_ADD_DEVICE, device.device, device.secret, *who)

    async def device(self, secret: bytes) -> Device | None:
        return _device(await self._connections.row(_OF_DIGEST, secret))

    async def devices(self) -> tuple[Device, ...]:
        found = map(_device, await self._connections.rows(_DEVICES))
        return tuple(each for each in found if each is not None)

    async def revoke_device(self, device: UUID, by: UUID | None, at: datetime) -> bool:
        return await self._connections.done(_REVOKE, device, by, at) is not None

    # --- PINs ---

    async def set_pin(self, pin: Pin) -> None:
        await self._connections.done(_SET_PIN, pin.actor, pin.hash, pin.shown, pin.set_at)

    async def pin(self, actor: UUID) -> Pin | None:
        row = await self._connections.row(_PIN, actor)
        return _pin(row) if row is not None else None

    async def forget_pin(self, actor: UUID) -> None:
        await self._connections.done(_FORGET_PIN, actor)

    async def pins(self) -> tuple[Pin, ...]:
        return tuple(map(_pin, await self._connections.rows(_PINS)))

    async def count_try(self, actor: UUID) -> int:
        row = await self._connections.done(_COUNT_TRY, actor)
        return int(row[0])

    async def forget_tries(self, actor: UUID) -> None:
        await self._connections.done(_FORGET_TRIES, actor)

    async def tries(self) -> dict[UUID, int]:
        return {plain_id(row[0]): row[1] for row in await self._connections.rows(_TRIES)}

    # --- sessions ---

    async def begin(self, session: Session, *, instead_of: bytes | None) -> None:
        times = (session.began_at, session.seen_at, session.locked, session.stepped_up_at)
        async with self._connections.lent() as connection, connection.transaction():
            if instead_of is not None:
                await connection.execute(_END, instead_of)
            await connection.execute(_BEGIN, session.id, session.actor, session.device, session.how, *times)
            await connection.execute(_DROP_OLD, session.seen_at - FORGOTTEN_AFTER)

    async def session(self, key: bytes) -> tuple[Session, Device | None] | None:
        row = await self._connections.row(_FIND, key)
        if row is None:
            return None
        session = Session(
            id=bytes(row["id"]),
            actor=plain_id(row["actor"]),
            device=plain_id_or_none(row["session_device"]),
            how=row["how"],
            began_at=row["began_at"],
            seen_at=row["seen_at"],
            locked=row["locked"],
            stepped_up_at=row["stepped_up_at"],
        )
        return session, _device(row) if row["device"] is not None else None

    async def seen(self, key: bytes, at: datetime) -> None:
        await self._connections.done(_SEEN, key, at)

    async def lock(self, key: bytes) -> None:
        await self._connections.done(_LOCK, key)

    async def end_session(self, key: bytes) -> None:
        await self._connections.done(_END, key)

    async def use_assertion(self, assertion: bytes, expires_at: datetime, now: datetime) -> bool:
        await self._connections.done(_DROP_ASSERTIONS, now)
        return await self._connections.done(_USE_ASSERTION, assertion, expires_at) is not None


def _device(row: Any) -> Device | None:
    if row is None:
        return None
    return Device(
        device=plain_id(row["device"]),
        secret=bytes(row["secret"]),
        member=MemberId(plain_id(row["member"])),
        houses=houses_of(row["houses"]),
        enrolled_by=plain_id(row["enrolled_by"]),
        enrolled_at=row["enrolled_at"],
        revoked_at=row["revoked_at"],
    )


def _pin(row: Any) -> Pin:
    return Pin(
        actor=plain_id(row["actor"]), hash=row["hash"], shown=bytes(row["shown"]), set_at=row["set_at"]
    )
