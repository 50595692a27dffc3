"""A sealed log in memory over leaves that are only numbers: for tests of what stands on its heads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from ledger.evidence.notes.checkpoint import Checkpoint
from ledger.evidence.notes.signed import SignedNote
from ledger.evidence.sealing.log_key import LogKey, log_key, statement_of
from ledger.evidence.sealing.memory import MemorySealedLog
from ledger.evidence.sealing.port import KeyStatement, SealedHead
from ledger.evidence.tree.merkle import CompactRange, leaf_hash
from ledger.store.memory import MemoryStore

ORIGIN = "approdo.exercise/0f8fad5b-d9cb-469f-a165-70867728950e"
SEED = bytes(range(32))
KEY = log_key(ORIGIN, SEED)
EPOCH = datetime(2026, 11, 20, 22, tzinfo=UTC)


def leaf(index: int) -> bytes:
    return b"event %d" % index


def note_over(leaves: Iterable[bytes], origin: str = ORIGIN, key: LogKey = KEY) -> SignedNote:
    """A signed head over leaves, as the log's key would make it."""
    tree = CompactRange()
    for each in leaves:
        tree.append(leaf_hash(each))
    text = Checkpoint(origin=origin, size=tree.size, root=tree.root()).text
    return SignedNote(text=text, signatures=(key.heads.sign(text),))


async def sealed_log(
    sizes: Sequence[int], *, origin: str = ORIGIN, key: LogKey = KEY, changed: int | None = None
) -> MemorySealedLog:
    """A log with a head at each of the sizes; the leaf at index `changed` is another."""
    sealed, tree = MemorySealedLog(MemoryStore()), CompactRange()
    statement = statement_of(origin, 0, key, None)
    await sealed.state_key(KeyStatement(vkey=key.heads.verifier.vkey, since=0, note=statement.raw))
    for number, size in enumerate(sizes):
        after = tree.size
        hashes = [
            tree.append(leaf_hash(leaf(index) + (b"!" if index == changed else b"")))
            for index in range(after, size)
        ]
        text = Checkpoint(origin=origin, size=size, root=tree.root()).text
        note = SignedNote(text=text, signatures=(key.heads.sign(text),))
        head = SealedHead(
            size=size, root=tree.root(), note=note.raw, sealed_at=EPOCH + timedelta(minutes=number)
        )
        await sealed.seal(after=after, hashes=hashes, head=head)
    return sealed
