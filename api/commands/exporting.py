"""`approdo export`: the sealed log as a directory, for whoever checks it without this database.

Of a REAL log the same is asked as of a plain dump: two persons' standing approval (`leaving`). What was
written last is sealed first, by this process where it has the log's key, else by the sealer that runs.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from api.commands.leaving import birth_of, leave
from api.commands.progress import Progress
from api.settings import Settings
from api.trust_file import trust_in
from api.wiring import OpenStore, open_store, sealing_of
from domain.vocabulary import LogKind
from ledger.evidence.export.folder import refuse_taken
from ledger.evidence.export.layout import Manifest
from ledger.evidence.export.writing import LogToExport, write_export
from ledger.evidence.notes.checkpoint import origin_of
from ledger.evidence.notes.signed import NoteBroken
from ledger.evidence.notes.trust import Trust, Witness, standing
from ledger.evidence.sealing.head_file import HeadFileBroken
from ledger.evidence.sealing.port import HeadMoved, NotSealed, SealedHead
from ledger.evidence.sealing.proving import note_of
from ledger.evidence.sealing.sealer import DatabaseDisagrees
from ledger.store.port import Birth
from ledger.store.replay import rows_upto

LOOKS, LOOK_SECONDS = 50, 0.1
"""How long a sealer has to seal what was written last, and witnesses to see it."""
NOT_SEEN = (
    "too few witnesses have seen this head, and `approdo verify` will say so (status 6): see that they "
    "answer, and export again into another directory once they have."
)


async def export(settings: Settings, path: Path) -> None:
    """Write the directory. Errors: `ExportNotWritten`, `ExportNotApproved`, `NotSealed`, `NotFounded`, and
    all of `open_store`.
    """
    refuse_taken(path)
    progress = Progress()
    async with open_store(settings, join=True) as opened:
        birth = await birth_of(opened)
        trusted = _trusted(settings)
        await _seal(opened, birth)
        if await opened.sealed.head() is None:
            raise NotSealed("`approdo serve` or `approdo seal` seals this log")
        await leave(opened, birth)
        if birth.kind is LogKind.REAL:
            await _seal(opened, birth)
        head, log_head = await _head(opened, trusted)
        log = LogToExport(
            origin=origin_of(birth.kind, birth.network),
            kind=birth.kind,
            head=head,
            log_head=log_head,
            rows=rows_upto(opened.store, head.size),
            sealed=opened.sealed,
            trusted=trusted,
        )
        manifest = await write_export(path, log, progress.tell)
        seen = await _is_seen(opened, head, trusted)
    progress.end(manifest.rows)
    print(_told(manifest, path))
    if not seen:
        print(f"approdo: {NOT_SEEN}", file=sys.stderr)


def _trusted(settings: Settings) -> Trust:
    """The witnesses that this log has; where they are reached is nobody else's matter. Errors:
    `WrongSettings`.
    """
    if settings.witnesses_file is None:
        return Trust()
    trust = trust_in(settings.witnesses_file)
    witnesses: Mapping[str, Witness] = {
        name: replace(each, url=None) for name, each in trust.witnesses.items()
    }
    return replace(trust, logs=(), witnesses=witnesses)


async def _seal(opened: OpenStore, birth: Birth) -> None:
    """Where this process may. A log that a sealer refuses is written out all the same, for it to be seen."""
    sealing = sealing_of(opened, birth)
    if sealing is None:
        return
    try:
        await sealing.step()
    except HeadMoved:
        return
    except (DatabaseDisagrees, HeadFileBroken) as refused:
        print(f"approdo: not sealed: {refused}", file=sys.stderr)


async def _head(opened: OpenStore, trusted: Trust) -> tuple[SealedHead, int]:
    """A head over all that was written before and seen by enough witnesses, if one comes soon; else the
    last one.
    """
    log_head = await opened.store.head()
    head = await opened.sealed.head()
    assert head is not None
    for _ in range(LOOKS):
        if head.size >= log_head and await _is_seen(opened, head, trusted):
            break
        await asyncio.sleep(LOOK_SECONDS)
        head = await opened.sealed.head() or head
    return head, max(log_head, head.size)


async def _is_seen(opened: OpenStore, head: SealedHead, trusted: Trust) -> bool:
    try:
        return standing(await note_of(opened.sealed, head), trusted).quorum_reached
    except NoteBroken:
        return False


def _told(manifest: Manifest, path: Path) -> str:
    beyond = f"; {manifest.beyond} later events are not sealed yet and not in it" if manifest.beyond else ""
    exercise = f"{manifest.kind} " if manifest.kind is LogKind.EXERCISE else ""
    return f"wrote {exercise}log {manifest.origin} up to event {manifest.size} to {path}{beyond}"
