"""The sealer: grows the tree over what the log has, signs its head, and never signs two heads that disagree.

It is apart from those who write the log: it reads events, and adds only to what is sealed. Its order at each
seal: compute, write the head to its own file, then leaves and head in one transaction, which publishes them.
What a crash after the file leaves behind is mended at the next start, by sealing exactly that head again;
what a crash before it leaves behind is nothing. Turned by `approdo seal`, and by `serve` where it has the
key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from ledger.evidence.leaf import leaf_of
from ledger.evidence.notes.checkpoint import Checkpoint, parse_checkpoint
from ledger.evidence.notes.signed import SignedNote, signers_of
from ledger.evidence.sealing.head_file import HeadFile
from ledger.evidence.sealing.log_key import LogKey, statement_of
from ledger.evidence.sealing.port import Cosignature, KeyStatement, NotSealed, SealedHead, SealedLog
from ledger.evidence.tree.merkle import CompactRange, Node, leaf_hash, peaks_of
from ledger.faults import LedgerFault

PAGE = 1000
MOST_AT_ONCE = 20_000
"""Events under one new head; what is beyond gets the next, at once."""
PAUSE_SECONDS = 0.25
"""Between two heads, and between two looks at a log that says nothing of itself."""
GATHERING_SECONDS = 0.02
"""What a burst of events is waited for."""
HEARTBEAT_SECONDS = 600.0

Clock = Callable[[], datetime]
Grown = Callable[[int], Awaitable[None]]
"""Returns when the log may have grown beyond a size, or after a while."""


class DatabaseDisagrees(LedgerFault):
    """The database does not have the log that was sealed: it was restored from a backup, or changed. Nothing
    is sealed until somebody has found out why: docs/OPERATIONS.md says how.
    """


class SealingFellBehind(LedgerFault):
    """An event of the log was not there to be sealed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SealingKeys:
    """What signs; `former` signs too, while a key is followed by another."""

    origin: str
    present: LogKey
    former: LogKey | None = None

    @property
    def every(self) -> tuple[LogKey, ...]:
        return (self.present, *([self.former] if self.former is not None else []))


class Sealer:
    """One log's. `start` it, then `step` it or let it `run`, alone (`SealedLog.alone`)."""

    def __init__(
        self, sealed: SealedLog, keys: SealingKeys, kept: HeadFile, clock: Clock = lambda: datetime.now(UTC)
    ) -> None:
        self._sealed = sealed
        self._keys = keys
        self._kept = kept
        self._clock = clock
        self._tree = CompactRange()
        self._above = 0
        self._head: SealedHead | None = None
        self._beaten_at: datetime | None = None

    @property
    def size(self) -> int:
        """Of the last head."""
        return self._tree.size

    async def start(self) -> None:
        """Take up where the last head stands. Errors: `DatabaseDisagrees`, `HeadFileBroken`, the log's."""
        kept, head = self._kept.read(), await self._sealed.head()
        if kept is not None and kept.origin != self._keys.origin:
            raise DatabaseDisagrees(f"the kept head is of {kept.origin}, the database of {self._keys.origin}")
        if kept is None and head is not None:
            raise DatabaseDisagrees(f"the database has a head of size {head.size}, and no kept head is there")
        self._tree, self._head = await self._grown(head), head
        await self._require_end(self._tree.size)
        if kept is not None and kept.size > self._tree.size:
            await self._seal_again(kept)
        elif kept is not None and await self._root_at(kept.size) != kept.root:
            raise DatabaseDisagrees(f"another root was sealed at size {kept.size}")
        given_up = self._kept.given_up()
        self._above = given_up.size if given_up is not None else 0
        await self._state_key()

    async def step(self) -> SealedHead | None:
        """Seal what the log has grown by; the new head, or None where it has not.

        No size is signed up to that of a head that was given up.
        """
        sealed = max(self._tree.size, self._above)
        upto = min(await self._sealed.log_head(), sealed + MOST_AT_ONCE)
        return await self._seal(upto) if upto > sealed else None

    async def beat(self) -> None:
        """Say that the last head still stands, where nothing has been said for ten minutes."""
        head, now = self._head, self._clock()
        if head is None:
            return
        since = max(head.sealed_at, self._beaten_at or head.sealed_at)
        if (now - since).total_seconds() >= HEARTBEAT_SECONDS:
            line = self._keys.present.clock.sign(head.signed.text, int(now.timestamp()))
            await self._sealed.cosign(Cosignature(size=head.size, line=line, at=now))
            self._beaten_at = now

    async def run(self, grown: Grown | None = None) -> None:
        """Without end: no two heads within a pause, and none later than that after the log has grown."""
        while True:
            if await self.step() is not None or grown is None:
                await asyncio.sleep(PAUSE_SECONDS)
            else:
                await grown(max(self._tree.size, self._above))
                await asyncio.sleep(GATHERING_SECONDS)
            await self.beat()

    async def _grown(self, head: SealedHead | None) -> CompactRange:
        """The tree of the database's last head, once it is known to be under that head and of our keys."""
        if head is None:
            return CompactRange()
        signed, known = head.signed, [key.heads.verifier for key in self._keys.every]
        tree = await self._tree_at(head.size)
        said = Checkpoint(origin=self._keys.origin, size=head.size, root=tree.root())
        if not signers_of(signed, known) or parse_checkpoint(signed.text) != said:
            raise DatabaseDisagrees(f"the head of size {head.size} is not one that was signed here")
        return tree

    async def _require_end(self, size: int) -> None:
        """Leaves and their head are added together: none stands beyond the last."""
        try:
            await self._sealed.nodes([Node(0, size)])
        except NotSealed:
            return
        raise DatabaseDisagrees(f"what was sealed beyond size {size} has no head")

    async def _tree_at(self, size: int) -> CompactRange:
        nodes = await self._sealed.nodes(peaks_of(size)) if size else {}
        return CompactRange(size, [nodes[peak] for peak in peaks_of(size)])

    async def _root_at(self, size: int) -> bytes:
        return (await self._tree_at(size)).root()

    async def _seal_again(self, kept: Checkpoint) -> None:
        """A crash came between the file and the database: the same head must follow from the events."""
        if await self._sealed.log_head() < kept.size:
            raise DatabaseDisagrees(f"the log is shorter than the head of size {kept.size} that was sealed")
        hashes, tree = await self._leaves(kept.size)
        if tree.root() != kept.root:
            raise DatabaseDisagrees(f"another root was sealed at size {kept.size}")
        await self._publish(hashes, tree)

    async def _seal(self, upto: int) -> SealedHead:
        return await self._publish(*await self._leaves(upto))

    async def _leaves(self, upto: int) -> tuple[list[tuple[bytes, ...]], CompactRange]:
        """What is new up to there, and the tree with it; the sealer's own stands as it was."""
        tree = await self._tree_at(self._tree.size)
        if tree.root() != self._tree.root():
            raise DatabaseDisagrees(f"the tree under the head of size {tree.size} is another")
        hashes: list[tuple[bytes, ...]] = []
        while tree.size < upto:
            rows = await self._sealed.rows(after=tree.size, limit=min(PAGE, upto - tree.size))
            if not rows:
                raise SealingFellBehind
            for row in rows:
                if row.position != tree.size + 1:
                    raise DatabaseDisagrees(f"there is no event at position {tree.size + 1}")
                hashes.append(tree.append(leaf_hash(leaf_of(row))))
        return hashes, tree

    async def _publish(self, hashes: list[tuple[bytes, ...]], tree: CompactRange) -> SealedHead:
        head = self._signed(Checkpoint(origin=self._keys.origin, size=tree.size, root=tree.root()))
        self._kept.write(head.note)
        await self._sealed.seal(after=self._tree.size, hashes=hashes, head=head)
        self._tree, self._head = tree, head
        return head

    def _signed(self, checkpoint: Checkpoint) -> SealedHead:
        text = checkpoint.text
        signatures = tuple(key.heads.sign(text) for key in self._keys.every)
        note = SignedNote(text=text, signatures=signatures)
        return SealedHead(size=checkpoint.size, root=checkpoint.root, note=note.raw, sealed_at=self._clock())

    async def _state_key(self) -> None:
        """Say once, under the key before it, which key signs from here on."""
        key = self._keys.present
        if any(each.vkey == key.heads.verifier.vkey for each in await self._sealed.key_statements()):
            return
        note = statement_of(self._keys.origin, self._tree.size, key, self._keys.former)
        await self._sealed.state_key(
            KeyStatement(vkey=key.heads.verifier.vkey, since=self._tree.size, note=note.raw)
        )
