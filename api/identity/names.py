"""Seals what the register keeps of people that is not an id: a name, what a device shows to tap on, an order.

AES-256-GCM-SIV (RFC 8452) under one key derived from the server's secret, bound to what it is about, so that
no sealed value can stand for another person's. Whoever has the database alone reads none.
"""

from __future__ import annotations

from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from ledger.faults import LedgerFault
from ledger.store.ids import RandomBytes

_NONCE_BYTES = 12


class SealBroken(LedgerFault):
    """A sealed value of the register was changed or moved, or the server's secret is another one."""


class Seal:
    """Seals and opens under one key of 32 bytes."""

    def __init__(self, key: bytes, random_bytes: RandomBytes) -> None:
        self._cipher = AESGCMSIV(key)
        self._random_bytes = random_bytes

    def seal(self, text: str, purpose: str, about: UUID) -> bytes:
        nonce = self._random_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode(), purpose.encode() + about.bytes)

    def open(self, sealed: bytes, purpose: str, about: UUID) -> str:
        """Errors: `SealBroken`."""
        nonce, content = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, content, purpose.encode() + about.bytes).decode()
        except InvalidTag:
            raise SealBroken from None
