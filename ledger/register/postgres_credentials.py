"""Passkeys, recovery codes and invitations on PostgreSQL, in the schema `sign_in`. A crash leaves each step
whole or absent.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.register.credentials import Invitation, Passkey
from ledger.register.postgres import RegisterConnections, plain_id

_INVITE = """INSERT INTO sign_in.invitation (actor, code, made_by, expires_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (actor) DO UPDATE SET code = $2, made_by = $3, expires_at = $4"""
_INVITED = "SELECT actor FROM sign_in.invitation WHERE code = $1 AND expires_at > $2"
_USE_INVITATION = """WITH
    used AS (DELETE FROM sign_in.invitation WHERE code = $1 AND expires_at > $2 RETURNING actor, made_by),
    kept AS (INSERT INTO sign_in.invited (actor, made_by, used_at)
        SELECT actor, made_by, $2 FROM used WHERE made_by IS NOT NULL)
    SELECT actor FROM used"""
_INVITERS = "SELECT actor, made_by FROM sign_in.invited WHERE used_at >= $1"
_FORGET = """WITH
    invitations AS (DELETE FROM sign_in.invitation WHERE actor = $1),
    codes AS (DELETE FROM sign_in.recovery_code WHERE actor = $1)
    DELETE FROM sign_in.passkey WHERE actor = $1"""
_ADD_PASSKEY = """INSERT INTO sign_in.passkey (credential_id, actor, attested, counter, added_at)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (credential_id) DO NOTHING RETURNING actor"""
_PASSKEY = "SELECT credential_id, actor, attested, counter, added_at FROM sign_in.passkey"
_COUNT = """UPDATE sign_in.passkey SET counter = $2
    WHERE credential_id = $1 AND ($2 > counter OR ($2 = 0 AND counter = 0)) RETURNING actor"""
_REMOVE = "DELETE FROM sign_in.passkey WHERE actor = $1 AND credential_id = $2 RETURNING actor"
_SET_CODES = """WITH gone AS (DELETE FROM sign_in.recovery_code WHERE actor = $1)
    INSERT INTO sign_in.recovery_code (code, actor, made_at)
    SELECT code, $1, $3 FROM unnest($2::bytea[]) AS code"""
_USE_CODE = """UPDATE sign_in.recovery_code SET used_at = $2
    WHERE code = $1 AND used_at IS NULL RETURNING actor"""


class PostgresCredentials:
    """Keeps `ledger.register.credentials.Credentials`."""

    def __init__(self, connections: RegisterConnections) -> None:
        self._connections = connections

    async def invite(self, invitation: Invitation) -> None:
        who = (invitation.actor, invitation.code, invitation.made_by)
        await self._connections.done(_INVITE, *who, invitation.expires_at)

    async def invited(self, code: bytes, at: datetime) -> UUID | None:
        row = await self._connections.row(_INVITED, code, at)
        return plain_id(row["actor"]) if row is not None else None

    async def use_invitation(self, code: bytes, at: datetime) -> bool:
        return await self._connections.done(_USE_INVITATION, code, at) is not None

    async def inviters(self, since: datetime) -> tuple[tuple[UUID, UUID], ...]:
        rows = await self._connections.rows(_INVITERS, since)
        return tuple((plain_id(row[0]), plain_id(row[1])) for row in rows)

    async def add_passkey(self, passkey: Passkey) -> bool:
        told = (passkey.credential_id, passkey.actor, passkey.attested, passkey.counter, passkey.added_at)
        return await self._connections.done(_ADD_PASSKEY, *told) is not None

    async def passkey(self, credential_id: bytes) -> Passkey | None:
        row = await self._connections.row(f"{_PASSKEY} WHERE credential_id = $1", credential_id)
        return _passkey(row) if row is not None else None

    async def passkeys_of(self, actor: UUID) -> tuple[Passkey, ...]:
        rows = await self._connections.rows(f"{_PASSKEY} WHERE actor = $1 ORDER BY added_at", actor)
        return tuple(map(_passkey, rows))

    async def count_use(self, credential_id: bytes, counter: int) -> bool:
        return await self._connections.done(_COUNT, credential_id, counter) is not None

    async def remove_passkey(self, actor: UUID, credential_id: bytes) -> bool:
        return await self._connections.done(_REMOVE, actor, credential_id) is not None

    async def forget(self, actor: UUID) -> None:
        await self._connections.done(_FORGET, actor)

    async def set_recovery_codes(self, actor: UUID, codes: tuple[bytes, ...], at: datetime) -> None:
        await self._connections.done(_SET_CODES, actor, list(codes), at)

    async def use_recovery_code(self, code: bytes, at: datetime) -> UUID | None:
        row = await self._connections.done(_USE_CODE, code, at)
        return plain_id(row["actor"]) if row is not None else None


def _passkey(row: Any) -> Passkey:
    return Passkey(
        credential_id=bytes(row["credential_id"]),
        actor=plain_id(row["actor"]),
        attested=bytes(row["attested"]),
        counter=row["counter"],
        added_at=row["added_at"],
    )
