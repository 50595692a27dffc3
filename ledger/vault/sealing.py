"""How a value is sealed under its subject's key, and what binds it to the log: bytes in, bytes out.

`docs/decisions/0015-vault.md` gives the format; golden vectors hold it. A sealed value opens only as what its
event told: the same subject, kind and commitment. Called by the adapters of `ledger.vault.port`.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.kept import ValueKind
from ledger.store.ids import RandomBytes
from ledger.vault.port import LARGEST_VALUE_BYTES, ValueBroken

KEY_BYTES = 32
_VERSION = b"\x01"
_NONCE_BYTES = 12
_SALT_BYTES = 32
_PADDED_TO = 128
"""A sealed value's length tells only so much of the value's: no code from another, no number from none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedValue:
    """`commitment` goes into the log, `sealed` into the vault."""

    commitment: bytes
    sealed: bytes


def seal(key: bytes, subject: UUID, kind: ValueKind, value: str, random_bytes: RandomBytes) -> SealedValue:
    """Version 1: `u8 1 ‖ 12 B nonce ‖ AES-256-GCM-SIV(32 B salt ‖ u16+value ‖ zeros)`."""
    text, salt, nonce = value.encode(), random_bytes(_SALT_BYTES), random_bytes(_NONCE_BYTES)
    assert len(text) <= LARGEST_VALUE_BYTES, "a value is bounded where it comes in"
    commitment = _commitment(key, salt, kind, text)
    plain = salt + len(text).to_bytes(2) + text
    plain += bytes(-len(plain) % _PADDED_TO)
    bound = _bound(subject, kind, commitment)
    sealed = AESGCMSIV(_derived(key, b"seal")).encrypt(nonce, plain, bound)
    return SealedValue(commitment=commitment, sealed=_VERSION + nonce + sealed)


def unseal(key: bytes, subject: UUID, kind: ValueKind, value: SealedValue) -> str:
    """Errors: `ValueBroken` for what was not sealed so, for this subject, kind and commitment."""
    version, rest = value.sealed[:1], value.sealed[1:]
    if version != _VERSION:
        raise ValueBroken("of another version")
    bound = _bound(subject, kind, value.commitment)
    try:
        plain = AESGCMSIV(_derived(key, b"seal")).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], bound)
    except (InvalidTag, ValueError):
        raise ValueBroken from None
    salt, length = plain[:_SALT_BYTES], int.from_bytes(plain[_SALT_BYTES : _SALT_BYTES + 2])
    text = plain[_SALT_BYTES + 2 :][:length]
    # The cipher alone does not commit to its key: this is what proves what was said.
    if not hmac.compare_digest(_commitment(key, salt, kind, text), value.commitment):
        raise ValueBroken
    return text.decode()


def _commitment(key: bytes, salt: bytes, kind: ValueKind, text: bytes) -> bytes:
    named = kind.value.encode()
    said = b"".join((_VERSION, salt, len(named).to_bytes(2), named, len(text).to_bytes(2), text))
    return hmac.digest(_derived(key, b"commit"), said, "sha256")


def _bound(subject: UUID, kind: ValueKind, commitment: bytes) -> bytes:
    """What a sealed value cannot be moved away from."""
    named = kind.value.encode()
    return b"".join((_VERSION, subject.bytes, len(named).to_bytes(2), named, commitment))


def _derived(key: bytes, use: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"approdo vault 1 " + use).derive(key)
