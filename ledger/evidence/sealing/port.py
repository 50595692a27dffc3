"""The contract of a sealed log: the nodes of its tree, its signed heads, and who else has seen them.

Two adapters keep it, `sealing.memory` and `ledger.postgres.sealed`, behind one contract suite. The sealer
alone adds to it, nobody changes it; the doors, exports and dossiers read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ledger.evidence.notes.checkpoint import Checkpoint, parse_checkpoint
from ledger.evidence.notes.signed import SignatureLine, SignedNote, parse_note
from ledger.evidence.tree.merkle import Node
from ledger.faults import LedgerFault
from ledger.store.port import StoredRow


class HeadMoved(LedgerFault):
    """Another sealer has sealed meanwhile: only one may run."""


class NotSealed(LedgerFault):
    """What was asked for is not sealed yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedHead:
    """A signed head as it is kept: the note's bytes with the log's own signatures, and when (UTC) it was
    sealed by the sealer's clock.
    """

    size: int
    root: bytes
    note: bytes
    sealed_at: datetime

    @property
    def signed(self) -> SignedNote:
        """Errors: `NoteBroken`."""
        return parse_note(self.note)

    @property
    def checkpoint(self) -> Checkpoint:
        """Errors: `NoteBroken`."""
        return parse_checkpoint(self.signed.text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cosignature:
    """A further line under the head of `size`: a witness's, or the log's own clock's."""

    size: int
    line: SignatureLine
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamp:
    """A time stamp (RFC 3161 response, DER) over the note of the head of `size`; `provider` was asked."""

    size: int
    provider: str
    at: datetime
    token: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyStatement:
    """Which key signs from the head after `since` on: a note that names it, signed by it and, where there was
    one, by the key before it.
    """

    vkey: str
    since: int
    note: bytes


class SealedReading(Protocol):
    """What may be read of it."""

    async def head(self) -> SealedHead | None:
        """The last, None before the first."""

    async def head_of(self, size: int) -> SealedHead | None:
        """That of exactly this size."""

    async def head_covering(self, size: int) -> SealedHead | None:
        """The first of at least this size; None where it is not sealed yet."""

    async def heads(self, *, after: int, limit: int) -> tuple[SealedHead, ...]:
        """Those of a size beyond `after`, in order."""

    async def nodes(self, nodes: Sequence[Node]) -> Mapping[Node, bytes]:
        """The hashes of whole subtrees. Errors: `NotSealed`."""

    async def cosignatures(self, size: int) -> tuple[Cosignature, ...]:
        """Those of a head, the earliest first."""

    async def stamps(self, *, after: int = 0) -> tuple[Stamp, ...]:
        """Of the heads of a size beyond `after`, in order."""

    async def last_stamp(self) -> Stamp | None:
        """The latest, None before the first."""

    async def key_statements(self) -> tuple[KeyStatement, ...]:
        """In order."""


class SealedLog(SealedReading, Protocol):
    """What the sealer adds; each call is one transaction, and nothing is ever changed."""

    def alone(self) -> AbstractAsyncContextManager[None]:
        """Be the one sealer of this log while the block lasts. Errors: `HeadMoved` where another is."""

    async def log_head(self) -> int:
        """The last position of the log itself."""

    async def rows(self, *, after: int, limit: int) -> tuple[StoredRow, ...]:
        """At most `limit` events of the log after a position, in order."""

    async def seal(self, *, after: int, hashes: Iterable[Sequence[bytes]], head: SealedHead) -> None:
        """Add the leaves from index `after` on, each with the nodes it completes, and the head over all of
        them. Errors: `HeadMoved` where the last head is not of the size `after`.
        """

    async def cosign(self, cosignature: Cosignature) -> None:
        """Keep a line; the same again changes nothing."""

    async def stamp(self, stamp: Stamp) -> None:
        """Keep a stamp."""

    async def state_key(self, statement: KeyStatement) -> None:
        """Keep a statement; the same again changes nothing."""
