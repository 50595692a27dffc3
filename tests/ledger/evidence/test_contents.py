"""Rows, entries, tiles of both levels and heads of logs longer than a tile, at the sizes where tiles end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from domain.vocabulary import LogKind
from ledger.evidence.export.reading import ExportFiles
from ledger.evidence.export.writing import LogToExport, write_export
from ledger.evidence.leaf import leaf_of
from ledger.evidence.notes.checkpoint import Checkpoint, parse_checkpoint
from ledger.evidence.notes.signed import SignedNote, parse_note
from ledger.evidence.sealing.memory import MemorySealedLog
from ledger.evidence.sealing.port import SealedHead
from ledger.evidence.tree.merkle import CompactRange, leaf_hash
from ledger.evidence.verifying.contents import Contents
from ledger.evidence.verifying.finding import Findings, Kind
from ledger.store.memory import MemoryStore
from ledger.store.port import StoredRow
from tests.ledger.evidence.sealed_log import EPOCH, KEY, ORIGIN


def row(position: int) -> StoredRow:
    """One that has a leaf and means nothing."""
    return StoredRow(
        stream=UUID(int=7),
        version=position,
        position=position,
        topic="test.happened.1",
        state=(2).to_bytes(4) + b"{}" + (18).to_bytes(4) + bytes(16) + b"{}",
        event_id=UUID(int=position),
        metadata=b"{}",
        recorded_at=EPOCH + timedelta(seconds=position),
    )


async def _sealed(rows: Sequence[StoredRow], every: int) -> MemorySealedLog:
    sealed, tree = MemorySealedLog(MemoryStore()), CompactRange()
    for after in range(0, len(rows), every):
        hashes = [tree.append(leaf_hash(leaf_of(each))) for each in rows[after : after + every]]
        text = Checkpoint(origin=ORIGIN, size=tree.size, root=tree.root()).text
        note = SignedNote(text=text, signatures=(KEY.heads.sign(text),)).raw
        head = SealedHead(size=tree.size, root=tree.root(), note=note, sealed_at=EPOCH)
        await sealed.seal(after=after, hashes=hashes, head=head)
    return sealed


def written(folder: Path, size: int, *, gone: int | None = None, every: int = 100) -> ExportFiles:
    """A log of this size; the row at position `gone` is not there any more."""

    async def export() -> None:
        rows = [row(position) for position in range(1, size + 1)]
        sealed = await _sealed(rows, every)
        head = await sealed.head()
        assert head is not None

        async def pages() -> AsyncIterator[Sequence[StoredRow]]:
            yield [each for each in rows if each.position != gone]

        log = LogToExport(
            origin=ORIGIN, kind=LogKind.EXERCISE, head=head, log_head=size, rows=pages(), sealed=sealed
        )
        await write_export(folder, log, lambda _: None)

    asyncio.run(export())
    return ExportFiles(folder)


def checked(files: ExportFiles) -> tuple[Contents, Findings]:
    findings = Findings()
    contents = Contents(files, files.manifest(), findings, (), (1, 256, 300))
    heads = (parse_checkpoint(parse_note(note).text) for note in files.notes("checkpoints"))
    contents.check(heads, lambda _: None)
    return contents, findings


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 513, 700])
def test_a_log_of_any_size_holds(tmp_path: Path, size: int) -> None:
    contents, findings = checked(written(tmp_path / "export", size))
    assert list(findings) == []
    assert contents.held == -(-size // 100)
    assert sorted(contents.roots) == [each for each in (1, 256, 300) if each <= size]


def test_more_than_two_levels_of_tiles_hold(tmp_path: Path) -> None:
    files = written(tmp_path / "export", 256 * 256 + 300, every=20_000)
    assert (tmp_path / "export" / "tile" / "2" / "000.p" / "1").exists()
    contents, findings = checked(files)
    assert (list(findings), contents.held) == ([], 4)


@pytest.mark.parametrize(
    ("tile", "kind", "index"),
    [
        ("tile/0/000", Kind.LEAF_DIFFERS, 0),
        ("tile/0/001", Kind.LEAF_DIFFERS, 256),
        ("tile/0/002.p/188", Kind.LEAF_DIFFERS, 512),
        ("tile/1/000.p/2", Kind.NODE_DIFFERS, 0),
        ("tile/entries/001", Kind.ROW_DIFFERS, 256),
    ],
)
def test_a_byte_of_a_tile_is_named(tmp_path: Path, tile: str, kind: Kind, index: int) -> None:
    files = written(tmp_path / "export", 700)
    path = tmp_path / "export" / tile
    raw = bytearray(path.read_bytes())
    raw[20] ^= 1
    path.write_bytes(raw)
    _, findings = checked(files)
    assert next(found.index for found in findings if found.kind is kind) == index
    assert findings.status == 4


@pytest.mark.parametrize("gone", [1, 100, 256, 257, 512, 600, 700])
def test_a_row_that_is_gone_is_named_wherever_it_stood(tmp_path: Path, gone: int) -> None:
    _, findings = checked(written(tmp_path / "export", 700, gone=gone))
    first = findings.first_bad
    assert first is not None
    assert first.index == gone - 1
    assert first.before is None
    assert Kind.ROWS_MISSING in findings.counts


@pytest.mark.parametrize("size", [1, 257, 513])
def test_the_only_leaf_of_a_bundle_may_be_gone(tmp_path: Path, size: int) -> None:
    """The last bundle is then empty."""
    _, findings = checked(written(tmp_path / "export", size, gone=size))
    assert Kind.ROWS_MISSING in findings.counts
    assert findings.status in (1, 4)
