"""Writing a sealed log out as a directory that can be checked without the log.

It copies and judges nothing: what was changed in the log is in the export as it stands, for whoever checks it
to find. Only events under the last head are written. Whether a log may leave is for `api` to know.
"""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path

from domain.vocabulary import LogKind
from ledger.evidence.export.folder import NewFolder, OpenFile, new_folder
from ledger.evidence.export.layout import (
    CHECKPOINT,
    CHECKPOINTS,
    KEYS,
    LOG,
    MANIFEST,
    README,
    SUMS,
    TRUST,
    Manifest,
    StampFile,
    counted,
    sum_line,
)
from ledger.evidence.export.readme import readme
from ledger.evidence.leaf import leaf_of
from ledger.evidence.notes.signed import KeyBroken, NoteBroken
from ledger.evidence.notes.trust import Trust, rendered
from ledger.evidence.sealing.port import SealedHead, SealedReading
from ledger.evidence.sealing.proving import note_of
from ledger.evidence.sealing.stated_keys import stated_keys, verifiers
from ledger.evidence.tree.tiles import LONGEST_ENTRY, WIDTH, Tile, bundle_of, bundle_path, tiles_of
from ledger.faults import BrokenEvent
from ledger.store.dump import line_of
from ledger.store.port import StoredRow

HEADS_AT_ONCE = 500

Tell = Callable[[int], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class LogToExport:
    """What is exported: the rows up to `head` in order, and what is sealed of them. `log_head` is the last
    position of the log itself; `trusted` the witnesses that the exporter knows, and how many of them count.
    """

    origin: str
    kind: LogKind
    head: SealedHead
    log_head: int
    rows: AsyncIterator[Sequence[StoredRow]]
    sealed: SealedReading
    trusted: Trust = field(default_factory=Trust)


async def write_export(path: Path, log: LogToExport, tell: Tell) -> Manifest:
    """Write the directory. Errors: `ExportNotWritten`, `NotSealed`, the store's."""
    with new_folder(path) as folder:
        with folder.open(SUMS) as sums:
            tiles = _Tiles(folder, sums)
            rows = await _write_rows(tiles, log, tell)
            await _write_tiles(tiles, log, tell)
        await _write_heads(folder, log)
        await _write_keys(folder, log)
        stamps = await _write_stamps(folder, log)
        manifest = Manifest(
            origin=log.origin,
            kind=log.kind,
            size=log.head.size,
            rows=rows,
            beyond=max(0, log.log_head - log.head.size),
            files={},
            stamps=stamps,
        )
        folder.write(README, readme(manifest, log.head.checkpoint).encode())
        manifest = replace(manifest, files=dict(sorted(folder.files.items())))
        folder.write(MANIFEST, manifest.raw)
    return manifest


# --- events and tree ----------------------------------------------------------------------------------------


class _Tiles:
    """What is below `tile/`: listed as it is written, and not kept in mind."""

    def __init__(self, folder: NewFolder, sums: OpenFile) -> None:
        self.folder = folder
        self._sums = sums

    def write(self, path: str, content: bytes) -> None:
        written = self.folder.write(path, content, listed=False)
        self._sums.write(sum_line(path, written.digest))


async def _write_rows(tiles: _Tiles, log: LogToExport, tell: Tell) -> int:
    """The rows as a plain dump, and their leaves in bundles; how many rows."""
    places = takewhile(lambda each: each.level == 0, tiles_of(log.head.size))
    bundle: list[bytes] = []
    tile, count = next(places, None), 0
    with tiles.folder.open(LOG) as file:
        async for page in log.rows:
            for row in page:
                file.write(line_of(row))
                bundle.append(_entry_of(row))
                if tile is not None and len(bundle) == tile.width:
                    _write_bundle(tiles, tile, bundle)
                    tile, bundle = next(places, None), []
            count += len(page)
            tell(count)
    while tile is not None:
        _write_bundle(tiles, tile, bundle)
        tile, bundle = next(places, None), []
    return count


def _write_bundle(tiles: _Tiles, tile: Tile, leaves: Sequence[bytes]) -> None:
    tiles.write(bundle_path(tile.number, tile.width), bundle_of(leaves))


def _entry_of(row: StoredRow) -> bytes:
    """Its leaf; nothing where none follows from what was made of the row."""
    try:
        leaf = leaf_of(row)
    except (BrokenEvent, struct.error):
        return b""
    return leaf if len(leaf) <= LONGEST_ENTRY else b""


async def _write_tiles(tiles: _Tiles, log: LogToExport, tell: Tell) -> None:
    for tile in tiles_of(log.head.size):
        nodes = await log.sealed.nodes(tile.nodes)
        tiles.write(tile.path, b"".join(nodes[node] for node in tile.nodes))
        if tile.level == 0:
            tell(tile.number * WIDTH + tile.width)


# --- heads, keys, stamps ------------------------------------------------------------------------------------


async def _write_heads(folder: NewFolder, log: LogToExport) -> None:
    """Each head with every line under it. The last one apart is the same bytes again."""
    after, last = 0, b""
    with folder.open(CHECKPOINTS) as file:
        while after < log.head.size:
            heads = await log.sealed.heads(after=after, limit=HEADS_AT_ONCE)
            for head in heads:
                if head.size <= log.head.size:
                    last = await _note(log.sealed, head)
                    file.write(counted(last))
            if not heads:
                break
            after = heads[-1].size
    folder.write(CHECKPOINT, last)


async def _note(sealed: SealedReading, head: SealedHead) -> bytes:
    try:
        return (await note_of(sealed, head)).raw
    except NoteBroken:
        return head.note


async def _write_keys(folder: NewFolder, log: LogToExport) -> None:
    statements = await log.sealed.key_statements()
    folder.write(KEYS, b"".join(counted(each.note) for each in statements))
    try:
        keys = verifiers(stated_keys(log.origin, statements))
    except (NoteBroken, KeyBroken):
        keys = ()
    folder.write(TRUST, rendered(replace(log.trusted, logs=keys)).encode())


async def _write_stamps(folder: NewFolder, log: LogToExport) -> tuple[StampFile, ...]:
    """Each beside the bytes that it is over: the head's note as it was kept, without further lines."""
    written: list[StampFile] = []
    for stamp in await log.sealed.stamps():
        head = await log.sealed.head_of(stamp.size)
        if head is None or stamp.size > log.head.size:
            continue
        name = f"stamps/{stamp.size}-{sum(each.size == stamp.size for each in written) + 1}"
        each = StampFile(size=stamp.size, provider=stamp.provider, note=f"{name}.note", token=f"{name}.tsr")
        folder.write(each.note, head.note)
        folder.write(each.token, stamp.token)
        written.append(each)
    return tuple(written)
