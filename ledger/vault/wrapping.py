"""The master key, which is in no database: it wraps the key of each subject (AES-KWP, RFC 5649).

The subject's id is wrapped with its key, so that no wrapped key passes for another's. While a master key is
being changed the former one still opens. Called by the adapters of `ledger.vault.port`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap_with_padding,
    aes_key_wrap_with_padding,
)

from ledger.faults import LedgerFault
from ledger.vault.port import ValueBroken
from ledger.vault.sealing import KEY_BYTES


class MasterKeyUnknown(LedgerFault):
    """The vault's keys are under another master key: set APPRODO_VAULT_KEY_FILE to the one they have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WrappedKey:
    """`master` names the master key without telling it."""

    master: bytes
    wrapped: bytes


class MasterKeys:
    """The master key (32 bytes), and the former one while keys are wrapped anew."""

    def __init__(self, current: bytes, former: bytes | None = None) -> None:
        assert len(current) == KEY_BYTES, "a master key has 32 bytes"
        assert former is None or len(former) == KEY_BYTES, "a master key has 32 bytes"
        self._current = current
        self._known = {_name(key): key for key in (former, current) if key is not None}

    @property
    def name(self) -> bytes:
        """What the rows that are wrapped under the current key say."""
        return _name(self._current)

    def require(self, named: Iterable[bytes]) -> None:
        """Errors: `MasterKeyUnknown` unless each of these is known."""
        if any(name not in self._known for name in named):
            raise MasterKeyUnknown

    def wrap(self, subject: UUID, key: bytes) -> WrappedKey:
        return WrappedKey(
            master=self.name, wrapped=aes_key_wrap_with_padding(self._current, key + subject.bytes)
        )

    def unwrap(self, subject: UUID, wrapped: WrappedKey) -> bytes:
        """Errors: `MasterKeyUnknown`; `ValueBroken` for what was changed or belongs to another subject."""
        master = self._known.get(wrapped.master)
        if master is None:
            raise MasterKeyUnknown
        try:
            plain = aes_key_unwrap_with_padding(master, wrapped.wrapped)
        except (InvalidUnwrap, ValueError):
            raise ValueBroken from None
        if plain[KEY_BYTES:] != subject.bytes:
            raise ValueBroken
        return plain[:KEY_BYTES]


def _name(master: bytes) -> bytes:
    return hashlib.sha256(b"approdo vault master 1 " + master).digest()[:8]
