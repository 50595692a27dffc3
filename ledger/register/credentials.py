"""What a store of passkeys, recovery codes and invitations promises: how people are known again where no
provider does it.

It keeps public keys and digests, never a secret. The steps that must be one are here: no invitation or code
counts twice, and a passkey's counter never steps back. What is right is judged in `api.identity`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Invitation:
    """With which somebody who is in the register makes their first passkey, once. `code` is a digest."""

    code: bytes
    actor: UUID
    made_by: UUID | None
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Passkey:
    """One authenticator of one person. `attested` is its credential data (WebAuthn 6.5.1): id and public key.

    `counter` is the last one it told; 0 where it counts nothing.
    """

    credential_id: bytes
    actor: UUID
    attested: bytes
    counter: int
    added_at: datetime


class Credentials(Protocol):
    """Passkeys, recovery codes, invitations. Errors of every call: `StoreUnreachable`, `StoreRefused`."""

    async def invite(self, invitation: Invitation) -> None:
        """Another one for the same person ends the one before."""

    async def invited(self, code: bytes, at: datetime) -> UUID | None:
        """Whose invitation this is, unless it was used or is too old. It is not used by this."""

    async def use_invitation(self, code: bytes, at: datetime) -> bool:
        """Whether this is the first and only time. Who made it is kept for good."""

    async def inviters(self, since: datetime) -> tuple[tuple[UUID, UUID], ...]:
        """Who used an invitation since then, and who had made it; not those made on the machine itself."""

    async def add_passkey(self, passkey: Passkey) -> bool:
        """False where an authenticator with this id is known already."""

    async def passkey(self, credential_id: bytes) -> Passkey | None: ...

    async def passkeys_of(self, actor: UUID) -> tuple[Passkey, ...]: ...

    async def count_use(self, credential_id: bytes, counter: int) -> bool:
        """Keep the counter it told. False where it is not beyond the last one, unless neither counts."""

    async def remove_passkey(self, actor: UUID, credential_id: bytes) -> bool:
        """From the next sign-in on it is unknown; False where there is none of theirs."""

    async def forget(self, actor: UUID) -> None:
        """No passkey, recovery code or invitation of theirs counts any more."""

    async def set_recovery_codes(self, actor: UUID, codes: tuple[bytes, ...], at: datetime) -> None:
        """These, by digest, and no earlier ones."""

    async def use_recovery_code(self, code: bytes, at: datetime) -> UUID | None:
        """Whose it is; it never counts again."""
