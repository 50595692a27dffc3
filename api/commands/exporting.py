"""`approdo export`: the sealed log as a directory, for whoever checks it without this database.

Of a REAL log the same is asked as of a plain dump: two persons' standing approval (`leaving`).
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from api.commands.leaving import birth_of, leave
from api.commands.progress import Progress
from api.settings import Settings
from api.wiring import OpenStore, open_store
from ledger.evidence.export.folder import refuse_taken
from ledger.evidence.export.layout import Manifest
from ledger.evidence.export.writing import LogToExport, write_export
from ledger.evidence.notes.checkpoint import origin_of
from ledger.evidence.sealing.port import NotSealed, SealedHead
from ledger.store.replay import rows_upto

LOOKS, LOOK_SECONDS = 50, 0.1
"""How long a sealer has to seal what was written last."""


async def export(settings: Settings, path: Path) -> None:
    """Write the directory. Errors: `ExportNotWritten`, `ExportNotApproved`, `NotSealed`, `NotFounded`, and
    all of `open_store`.
    """
    refuse_taken(path)
    progress = Progress()
    async with open_store(settings, join=True) as opened:
        birth = await birth_of(opened)
        if await opened.sealed.head() is None:
            raise NotSealed("no event is sealed yet: `approdo serve` or `approdo seal` does it")
        await leave(opened, birth)
        head, log_head = await _head(opened)
        log = LogToExport(
            origin=origin_of(birth.kind, birth.network),
            kind=birth.kind,
            head=head,
            log_head=log_head,
            rows=rows_upto(opened.store, head.size),
            sealed=opened.sealed,
        )
        manifest = await write_export(path, log, progress.tell)
    progress.end(manifest.rows)
    print(_told(manifest, path))


async def _head(opened: OpenStore) -> tuple[SealedHead, int]:
    """The last head, once it is over all that was written before, if a sealer is there to make it so."""
    log_head = await opened.store.head()
    for _ in range(LOOKS):
        if await opened.sealed.head_covering(log_head) is not None:
            break
        await asyncio.sleep(LOOK_SECONDS)
    head = await opened.sealed.head()
    assert head is not None
    return head, max(log_head, head.size)


def _told(manifest: Manifest, path: Path) -> str:
    beyond = f"; {manifest.beyond} later events are not sealed yet and not in it" if manifest.beyond else ""
    exercise = f"{manifest.kind} " if manifest.kind == "EXERCISE" else ""
    return f"wrote {exercise}log {manifest.origin} up to event {manifest.size} to {path}{beyond}"
