"""The keys a log signs with, of one seed: its heads, and that it still stands.

The seed is 32 random bytes that only the sealer's process holds. The key of the clock is another than that of
the heads, as C2SP wants of two kinds of signature. Where keys are kept is for `api` to know.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from ledger.evidence.notes.checkpoint import clock_of
from ledger.evidence.notes.signed import KeyKind, SignedNote, Signer

SEED_BYTES = 32
STATEMENT = "approdo/log-key v1"
"""First line of the note that says which key signs from a size on; no checkpoint has it as its origin."""


@dataclass(frozen=True, slots=True)
class LogKey:
    """The signers of one seed for one origin."""

    heads: Signer
    clock: Signer


def log_key(origin: str, seed: bytes) -> LogKey:
    """Of a seed of 32 bytes."""
    assert len(seed) == SEED_BYTES
    ticking = hmac.digest(seed, b"approdo log clock", "sha256")
    return LogKey(
        heads=Signer(origin, KeyKind.NOTE, seed),
        clock=Signer(clock_of(origin), KeyKind.COSIGNATURE, ticking),
    )


def statement_of(origin: str, since: int, present: LogKey, former: LogKey | None) -> SignedNote:
    """That heads beyond size `since` are signed by this key: signed by it, and by the key before it.

    Text: the first line above, the origin, the size, the keys of heads and clock as vkeys, each on a line.
    """
    keys = (present.heads.verifier.vkey, present.clock.verifier.vkey)
    text = "\n".join([STATEMENT, origin, str(since), *keys]) + "\n"
    signers = [present.heads, *([former.heads] if former is not None else [])]
    return SignedNote(text=text, signatures=tuple(signer.sign(text) for signer in signers))
