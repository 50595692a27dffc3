"""Our own sign-in, for a network without a provider: passkeys (WebAuthn), made with an invitation, and
recovery codes for the day the authenticator is lost.

Every passkey is asked for the person themselves (user verification), so it also proves anew who they are. A
recovery code only lets somebody in to make another passkey. Who they may act as is the register's.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.exceptions import UnsupportedAlgorithm
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from api.identity.caller import Unauthenticated
from api.identity.enrolling import CodeWrong
from api.identity.sessions import digest
from api.identity.under_way import UnderWay
from ledger.register.credentials import Credentials, Invitation, Passkey
from ledger.store.ids import RandomBytes

INVITATION_LASTS = timedelta(hours=24)
RECOVERY_CODES = 8
_MAKING, _SHOWING = "passkey.make", "passkey.show"
_SIGNS_WITH = frozenset(CoseKey.supported_algorithms())
_MALFORMED = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    RecursionError,
    OverflowError,
    NotImplementedError,
    struct.error,
    UnsupportedAlgorithm,
)
"""What the library may raise at bytes that somebody made up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a browser is asked (a WebAuthn options object), and the cookie that its answer needs."""

    options: Mapping[str, Any]
    cookie: str


class Passkeys:
    """For one origin (scheme, host, port), which never changes: passkeys are bound to its host."""

    def __init__(
        self,
        *,
        credentials: Credentials,
        under_way: UnderWay,
        origin: str,
        key: bytes,
        random_bytes: RandomBytes,
        clock: Callable[[], datetime],
    ) -> None:
        host = urlsplit(origin).hostname
        assert host is not None, "settings give an origin"
        self._credentials = credentials
        self._under_way = under_way
        self._key = key
        self._random_bytes = random_bytes
        self._clock = clock
        self._server = Fido2Server(
            PublicKeyCredentialRpEntity(id=host, name="Approdo"), verify_origin=lambda said: said == origin
        )

    # --- invitations ---

    async def invite(self, actor: UUID, *, by: UUID | None) -> tuple[str, datetime]:
        """A code, given by hand, with which somebody makes a passkey; it lasts a day."""
        code, until = self._new_code(), self._clock() + INVITATION_LASTS
        made = Invitation(code=digest(code), actor=actor, made_by=by, expires_at=until)
        await self._credentials.invite(made)
        return code, until

    async def invited(self, code: str) -> UUID:
        """Whose invitation it is. Errors: `CodeWrong`; the register's."""
        actor = await self._credentials.invited(digest(_plain(code)), self._clock())
        if actor is None:
            raise CodeWrong
        return actor

    async def forget(self, actor: UUID) -> None:
        """Nothing with which they signed in here counts any more. Errors: the register's."""
        await self._credentials.forget(actor)

    # --- making one ---

    async def ask_to_make(self, actor: UUID, invitation: str | None = None) -> Asked:
        """The authenticator learns no name: the person is a random handle, the label the program's."""
        known = [AttestedCredentialData(each.attested) for each in await self._credentials.passkeys_of(actor)]
        options, state = self._server.register_begin(
            PublicKeyCredentialUserEntity(id=self._handle(actor), name="Approdo", display_name="Approdo"),
            credentials=known,
            resident_key_requirement=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
            challenge=self._random_bytes(32),
        )
        asked = {"state": state, "actor": str(actor), "invitation": invitation}
        return Asked(options=dict(options), cookie=self._under_way.begun(_MAKING, asked))

    async def make(self, answer: Mapping[str, Any], cookie: str | None) -> UUID:
        """Keep what the authenticator made; whose it is. Errors: `Unauthenticated`; the register's."""
        asked = await self._under_way.answered(_MAKING, cookie)
        try:
            told = self._server.register_complete(asked["state"], answer)
            attested, counter = told.credential_data, told.counter
            assert attested is not None and attested.public_key[3] in _SIGNS_WITH
        except _MALFORMED:
            raise Unauthenticated("PASSKEY_WRONG") from None
        actor, now = UUID(asked["actor"]), self._clock()
        invitation = asked["invitation"]
        if invitation is not None:
            used = await self._credentials.use_invitation(digest(_plain(invitation)), now)
            if not used:
                raise Unauthenticated("INVITATION_USED")
        made = Passkey(
            credential_id=attested.credential_id,
            actor=actor,
            attested=bytes(attested),
            counter=counter,
            added_at=now,
        )
        if not await self._credentials.add_passkey(made):
            raise Unauthenticated("PASSKEY_KNOWN")
        return actor

    # --- showing one ---

    def ask_to_show(self) -> Asked:
        """Any passkey of this origin: who signs in names nobody before."""
        options, state = self._server.authenticate_begin(
            user_verification=UserVerificationRequirement.REQUIRED, challenge=self._random_bytes(32)
        )
        return Asked(options=dict(options), cookie=self._under_way.begun(_SHOWING, {"state": state}))

    async def shown(self, answer: Mapping[str, Any], cookie: str | None) -> UUID:
        """Whose passkey answered. Errors: `Unauthenticated`, the same for a passkey nobody knows; the
        register's."""
        asked = await self._under_way.answered(_SHOWING, cookie)
        try:
            read = AuthenticationResponse.from_dict(answer)
        except _MALFORMED:
            raise Unauthenticated("PASSKEY_WRONG") from None
        known = await self._credentials.passkey(read.raw_id)
        if known is None:
            raise Unauthenticated("PASSKEY_UNKNOWN")
        try:
            self._server.authenticate_complete(asked["state"], [AttestedCredentialData(known.attested)], read)
        except _MALFORMED:
            raise Unauthenticated("PASSKEY_WRONG") from None
        if not await self._credentials.count_use(
            known.credential_id, read.response.authenticator_data.counter
        ):
            raise Unauthenticated("PASSKEY_COPIED")
        return known.actor

    async def known(self, actor: UUID) -> tuple[Passkey, ...]:
        return await self._credentials.passkeys_of(actor)

    async def remove(self, actor: UUID, credential_id: bytes) -> bool:
        return await self._credentials.remove_passkey(actor, credential_id)

    # --- recovery ---

    async def new_recovery_codes(self, actor: UUID) -> tuple[str, ...]:
        """Shown once, kept on paper; earlier ones count no more."""
        codes = tuple(self._new_code() for _ in range(RECOVERY_CODES))
        await self._credentials.set_recovery_codes(
            actor, tuple(digest(code) for code in codes), self._clock()
        )
        return codes

    async def recovered(self, code: str) -> UUID:
        """Whose code it is; it is used by this. Errors: `Unauthenticated`; the register's."""
        actor = await self._credentials.use_recovery_code(digest(_plain(code)), self._clock())
        if actor is None:
            raise Unauthenticated("RECOVERY_CODE_WRONG")
        return actor

    def _new_code(self) -> str:
        return base64.b32encode(self._random_bytes(15)).decode()

    def _handle(self, actor: UUID) -> bytes:
        """Not the actor's id, which stands on events."""
        return hmac.digest(self._key, actor.bytes, hashlib.sha256)[:32]


def _plain(code: str) -> str:
    """As it was given, however it was typed."""
    return code.strip().upper().replace(" ", "").replace("-", "")
