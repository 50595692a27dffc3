"""A witness: judges what logs bring, remembers it, and only then cosigns.

Looking at its memory, judging, and writing it are one step that nobody comes between: else of two submissions
at once the later writer could be the shorter log, and the witness would have forgotten leaves that it vouched
for. Served by `api.witness`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock

from ledger.evidence.notes.checkpoint import Checkpoint, parse_checkpoint
from ledger.evidence.notes.signed import KeyKind, SignatureLine, SignedNote, Signer
from ledger.evidence.witnessing.judgement import Logs, Refused, judged
from ledger.evidence.witnessing.memory_files import MemoryFiles, hash_of
from ledger.evidence.witnessing.submission import Submission


class Witness:
    """One per folder (`MemoryFiles.alone`); its calls may come from any thread."""

    def __init__(
        self,
        signer: Signer,
        logs: Logs,
        memory: MemoryFiles,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        assert signer.verifier.kind is KeyKind.COSIGNATURE
        self._signer = signer
        self._logs = logs
        self._memory = memory
        self._clock = clock
        self._one_at_a_time = Lock()

    def add(self, asked: Submission) -> SignatureLine | Refused:
        """The cosignature of a head that follows from the last. Errors: `MemoryBroken`; nothing is signed."""
        with self._one_at_a_time:
            return self._vouched(asked, self._seen(asked.checkpoint.origin))

    def last(self, hashed: str) -> SignedNote | None:
        """The last head cosigned for the log with this hash. Errors: `MemoryBroken`."""
        return self._memory.last(hashed)

    def _seen(self, origin: str) -> Checkpoint | None:
        if origin not in self._logs:
            return None
        last = self._memory.last(hash_of(origin))
        return parse_checkpoint(last.text) if last is not None else None

    def _vouched(self, asked: Submission, seen: Checkpoint | None) -> SignatureLine | Refused:
        found = judged(asked, self._logs, seen)
        if isinstance(found, Refused):
            return found
        line = self._signer.sign(found.note.text, int(self._clock().timestamp()))
        self._memory.keep(asked.checkpoint.origin, found.note.signed_also([line]))
        return line
