"""An export is written whole or not at all, for its owner alone, in the form that other tools read."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledger.evidence.export.folder import ExportNotWritten
from ledger.evidence.export.layout import ALWAYS, ExportBroken, parse_manifest
from ledger.evidence.export.reading import ExportFiles
from ledger.evidence.export.writing import LogToExport, write_export
from ledger.evidence.leaf import leaf_of
from ledger.evidence.notes.checkpoint import parse_checkpoint
from ledger.evidence.notes.signed import parse_note
from ledger.evidence.notes.trust import parse_trust
from ledger.evidence.tree.merkle import CompactRange, leaf_hash
from ledger.evidence.tree.tiles import hashes_in, leaves_in
from ledger.store.dump import read_dump
from ledger.store.port import StoredRow
from tests.ledger.evidence.exported import WITNESSES, exported, sealed_night
from tests.vectors import stranger_heads


def test_it_holds_the_rows_the_leaves_the_hashes_and_every_head(tmp_path: Path) -> None:
    made, folder = exported(tmp_path)
    rows = list(read_dump(folder / "log.jsonl"))
    assert rows == made.rows
    leaves = leaves_in((folder / "tile" / "entries" / "000.p" / str(len(rows))).read_bytes())
    assert leaves == [leaf_of(row) for row in rows]
    sealed = hashes_in((folder / "tile" / "0" / "000.p" / str(len(rows))).read_bytes())
    assert list(sealed) == [leaf_hash(leaf) for leaf in leaves]
    tree, roots = CompactRange(), {}
    for leaf in leaves:
        tree.append(leaf_hash(leaf))
        roots[tree.size] = tree.root()
    notes = list(ExportFiles(folder).notes("checkpoints"))
    heads = [parse_checkpoint(parse_note(note).text) for note in notes]
    assert [head.size for head in heads] == [5, 6, 20, 31, 50, len(rows)]
    assert all(roots[head.size] == head.root for head in heads)
    assert (folder / "checkpoint").read_bytes() == notes[-1]
    assert parse_trust((folder / "trust").read_text()) == made.trust()


def test_a_plain_tool_checks_its_tiles_and_its_manifest_names_the_rest(tmp_path: Path) -> None:
    _, folder = exported(tmp_path)
    manifest = parse_manifest((folder / "manifest.json").read_bytes())
    assert set(manifest.files) == ALWAYS
    for path, said in manifest.files.items():
        assert ExportFiles(folder).sum(path) == said
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=False)
    assert checked.returncode == 0
    tiles = [each for each in folder.rglob("*") if each.is_file() and each.parts[-3] != folder.name]
    assert len((folder / "SHA256SUMS").read_text().splitlines()) == len(
        [each for each in tiles if "tile" in each.relative_to(folder).parts]
    )


def test_a_reader_written_from_the_page_rebuilds_the_root_of_every_head(tmp_path: Path) -> None:
    """With nothing of the program: entries, heads one after another, keys, and an Ed25519 of its own."""
    made, folder = exported(tmp_path)
    entries = (folder / stranger_heads.tile_path("entries", 0, len(made.rows))).read_bytes()
    leaves = stranger_heads.read_bundle(entries)
    key = stranger_heads.read_key((folder / "trust").read_text().split("\n")[0].split(" ")[1])
    raw, sizes = (folder / "checkpoints").read_bytes(), []
    while raw:
        count, _, rest = raw.partition(b"\n")
        head, raw = stranger_heads.read_head(rest[: int(count)]), rest[int(count) :]
        assert head.root == stranger_heads.root(leaves[: head.size])
        ((message, signature),) = stranger_heads.signed_by(key, head)
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
        sizes.append(head.size)
    assert sizes == [5, 6, 20, 31, 50, 78]


def test_an_exercise_says_so_first_in_both_languages(tmp_path: Path) -> None:
    _, folder = exported(tmp_path)
    text = (folder / "README.txt").read_text()
    assert "ESERCITAZIONE" in text.splitlines()[1]
    assert "EXERCISE" in text.splitlines()[2]
    assert "approdo verify" in text


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    _, folder = exported(tmp_path)
    modes = {each: each.stat().st_mode & 0o777 for each in [folder, *folder.rglob("*")]}
    assert {mode for each, mode in modes.items() if each.is_dir()} == {0o700}
    assert {mode for each, mode in modes.items() if each.is_file()} == {0o600}


def test_cosignatures_stand_under_their_heads(tmp_path: Path) -> None:
    async def made() -> bytes:
        sealed = await sealed_night(tmp_path)
        await sealed.cosign(*WITNESSES)
        await sealed.export(tmp_path / "export")
        return (await sealed.head()).note

    note = asyncio.run(made())
    written = (tmp_path / "export" / "checkpoint").read_bytes()
    assert written.startswith(note)
    assert len(parse_note(written).signatures) == 1 + len(WITNESSES)


def test_a_stamp_lies_beside_the_bytes_it_is_over(tmp_path: Path) -> None:
    async def made() -> bytes:
        sealed = await sealed_night(tmp_path)
        await sealed.cosign(*WITNESSES)
        await sealed.stamp(b"token")
        await sealed.stamp(b"another")
        await sealed.export(tmp_path / "export")
        return (await sealed.head()).note

    note = asyncio.run(made())
    manifest = ExportFiles(tmp_path / "export").manifest()
    assert [each.token for each in manifest.stamps] == ["stamps/78-1.tsr", "stamps/78-2.tsr"]
    assert (tmp_path / "export" / "stamps" / "78-1.note").read_bytes() == note
    assert (tmp_path / "export" / "stamps" / "78-2.tsr").read_bytes() == b"another"


def test_a_name_that_is_taken_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    with pytest.raises(ExportNotWritten, match="give another name"):
        exported(tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["export", "sealed-head"]
    assert list((tmp_path / "export").iterdir()) == []


def test_what_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    async def broken() -> None:
        sealed = await sealed_night(tmp_path)

        async def pages() -> AsyncIterator[Sequence[StoredRow]]:
            yield sealed.rows[:3]
            raise KeyboardInterrupt

        head = await sealed.head()
        log = LogToExport(
            origin=sealed.origin,
            kind=ExportFiles(tmp_path / "whole").manifest().kind,
            head=head,
            log_head=head.size,
            rows=pages(),
            sealed=sealed.sealed,
        )
        await write_export(tmp_path / "export", log, lambda _: None)

    asyncio.run(_whole(tmp_path))
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(broken())
    assert sorted(each.name for each in tmp_path.iterdir()) == ["sealed-head", "whole"]


async def _whole(kept: Path) -> None:
    sealed = await sealed_night(kept)
    await sealed.export(kept / "whole")
    (kept / "sealed-head").unlink()


def test_events_beyond_the_last_head_are_counted_and_left_out(tmp_path: Path) -> None:
    async def made() -> None:
        sealed = await sealed_night(tmp_path)
        longer = [*sealed.rows, replace(sealed.rows[-1], position=len(sealed.rows) + 1)]
        await replace(sealed, rows=longer).export(tmp_path / "export")

    asyncio.run(made())
    manifest = ExportFiles(tmp_path / "export").manifest()
    assert (manifest.size, manifest.rows, manifest.beyond) == (78, 78, 1)


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "/etc/passwd", "a//b", "tile/../x", ".hidden", "a/./b", "", "a\nb"]
)
def test_a_manifest_names_nothing_outside(tmp_path: Path, path: str) -> None:
    _, folder = exported(tmp_path)
    raw = (folder / "manifest.json").read_bytes().replace(b'"README.txt"', b'"%b"' % path.encode(), 1)
    with pytest.raises(ExportBroken):
        parse_manifest(raw)
