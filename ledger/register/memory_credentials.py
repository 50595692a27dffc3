"""Passkeys, recovery codes and invitations that last as long as the process, for tests and simulation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from ledger.register.credentials import Invitation, Passkey


class MemoryCredentials:
    """Keeps `ledger.register.credentials.Credentials`."""

    def __init__(self) -> None:
        self._invitations: dict[UUID, Invitation] = {}
        self._used: list[tuple[datetime, UUID, UUID]] = []
        self._passkeys: dict[bytes, Passkey] = {}
        self._codes: dict[bytes, UUID] = {}

    async def invite(self, invitation: Invitation) -> None:
        self._invitations[invitation.actor] = invitation

    async def invited(self, code: bytes, at: datetime) -> UUID | None:
        found = (each for each in self._invitations.values() if each.code == code and at < each.expires_at)
        return next((each.actor for each in found), None)

    async def use_invitation(self, code: bytes, at: datetime) -> bool:
        actor = await self.invited(code, at)
        used = self._invitations.pop(actor, None) if actor is not None else None
        if used is not None and used.made_by is not None:
            self._used.append((at, used.actor, used.made_by))
        return used is not None

    async def inviters(self, since: datetime) -> tuple[tuple[UUID, UUID], ...]:
        return tuple((actor, by) for at, actor, by in self._used if at >= since)

    async def add_passkey(self, passkey: Passkey) -> bool:
        return self._passkeys.setdefault(passkey.credential_id, passkey) is passkey

    async def passkey(self, credential_id: bytes) -> Passkey | None:
        return self._passkeys.get(credential_id)

    async def passkeys_of(self, actor: UUID) -> tuple[Passkey, ...]:
        return tuple(passkey for passkey in self._passkeys.values() if passkey.actor == actor)

    async def count_use(self, credential_id: bytes, counter: int) -> bool:
        known = self._passkeys.get(credential_id)
        if known is None or not (counter > known.counter or counter == known.counter == 0):
            return False
        self._passkeys[credential_id] = replace(known, counter=counter)
        return True

    async def remove_passkey(self, actor: UUID, credential_id: bytes) -> bool:
        known = self._passkeys.get(credential_id)
        if known is None or known.actor != actor:
            return False
        del self._passkeys[credential_id]
        return True

    async def forget(self, actor: UUID) -> None:
        self._invitations.pop(actor, None)
        self._passkeys = {key: each for key, each in self._passkeys.items() if each.actor != actor}
        self._codes = {code: whose for code, whose in self._codes.items() if whose != actor}

    async def set_recovery_codes(self, actor: UUID, codes: tuple[bytes, ...], at: datetime) -> None:  # noqa: ARG002
        self._codes = {code: whose for code, whose in self._codes.items() if whose != actor}
        self._codes.update(dict.fromkeys(codes, actor))

    async def use_recovery_code(self, code: bytes, at: datetime) -> UUID | None:  # noqa: ARG002
        return self._codes.pop(code, None)
