"""An authenticator in software: it keeps keys, asks nobody, and answers as a browser hands its answers on.

What it says can be made wrong from outside, one thing at a time.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256, CoseKey
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG
PERSON = FLAG.UP | FLAG.UV
"""Somebody was there, and was known to be the owner."""


@dataclass(kw_only=True)
class Authenticator:
    """One credential on one authenticator."""

    origin: str
    host: str
    counter: int = 0
    counts: bool = True
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def made(
        self,
        options: Mapping[str, Any],
        *,
        flags: FLAG = PERSON,
        origin: str | None = None,
        host: str | None = None,
        challenge: str | None = None,
        kind: str = "webauthn.create",
        public: CoseKey | None = None,
    ) -> dict[str, Any]:
        """What `navigator.credentials.create` answers."""
        attested = AttestedCredentialData.create(
            bytes(16),
            self.credential_id,
            _public(self.key) if public is None else public,
        )
        told = AuthenticatorData.create(
            _hash(host or self.host), flags | FLAG.AT, self._counted(), bytes(attested)
        )
        client = self._client(options, kind, challenge, origin)
        return self._answer(
            clientDataJSON=_text(client), attestationObject=_text(AttestationObject.create("none", told, {}))
        )

    def shown(
        self,
        options: Mapping[str, Any],
        *,
        flags: FLAG = PERSON,
        origin: str | None = None,
        host: str | None = None,
        challenge: str | None = None,
        kind: str = "webauthn.get",
        signed_by: ec.EllipticCurvePrivateKey | None = None,
    ) -> dict[str, Any]:
        """What `navigator.credentials.get` answers."""
        told = AuthenticatorData.create(_hash(host or self.host), flags, self._counted())
        client = self._client(options, kind, challenge, origin)
        signed = bytes(told) + hashlib.sha256(client).digest()
        signature = (signed_by or self.key).sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            clientDataJSON=_text(client), authenticatorData=_text(told), signature=_text(signature)
        )

    def _counted(self) -> int:
        self.counter += self.counts
        return self.counter

    def _client(
        self, options: Mapping[str, Any], kind: str, challenge: str | None, origin: str | None
    ) -> bytes:
        asked = challenge or options["publicKey"]["challenge"]
        return bytes(CollectedClientData.create(kind, asked, origin or self.origin))

    def _answer(self, **response: str) -> dict[str, Any]:
        named = _text(self.credential_id)
        return {
            "id": named,
            "rawId": named,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }


def _public(key: ec.EllipticCurvePrivateKey) -> CoseKey:
    public: CoseKey = ES256.from_cryptography_key(key.public_key())  # type: ignore[no-untyped-call]
    return public


def _hash(host: str) -> bytes:
    return hashlib.sha256(host.encode()).digest()


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
