"""What was changed is found, named by its first index, and told by the exit status; what cannot be read is
said plainly.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest

from api.commands.verifying_shown import as_text
from ledger import state_bytes
from ledger.evidence.daily.finding import heads_in
from ledger.evidence.export.layout import counted
from ledger.evidence.export.reading import ExportFiles
from ledger.evidence.notes.checkpoint import Checkpoint
from ledger.evidence.notes.signed import KeyKind, SignedNote, Signer, parse_note
from ledger.evidence.notes.trust import Trust
from ledger.evidence.rederive import Way
from ledger.evidence.sealing.log_key import log_key, statement_of
from ledger.evidence.stamping.stamp import stamp_request
from ledger.evidence.verifying.finding import Kind
from ledger.evidence.verifying.verification import Asked, Verified
from ledger.store import metadata
from ledger.store.port import StoredRow
from tests.ledger.evidence.exported import (
    SECOND_SEED,
    WITNESSES,
    Change,
    SealedNight,
    changed,
    exported,
    sealed_night,
    verified,
)
from trials.time_authority import TimeAuthority, time_authority


def kinds(found: Verified) -> set[Kind]:
    return set(found.findings.counts)


def first_bad(found: Verified) -> tuple[int | None, int | None]:
    first = found.findings.first_bad
    return (first.index, first.before) if first is not None else (None, None)


def test_what_nobody_touched_holds(tmp_path: Path) -> None:
    made, folder = exported(tmp_path)
    found = verified(folder, Asked(trust=made.trust()))
    assert (found.status, list(found.findings)) == (0, [])
    assert (found.rows, found.heads_held, found.is_exercise) == (78, 6, True)
    assert found.decisions is not None and found.decisions.alike == found.decisions.decisions == 4
    assert found.verdict is not None and len(found.verdict.exceptions) == 1


@pytest.mark.parametrize("way", [Way.FAST, None])
def test_decisions_may_be_derived_faster_or_not(tmp_path: Path, way: Way | None) -> None:
    _, folder = exported(tmp_path)
    found = verified(folder, Asked(way=way))
    assert (found.status, found.decisions is None) == (0, way is None)


# --- before the export -----------------------------------------------------------------------------------


def other_actor(position: int) -> Change:
    def change(rows: list[object]) -> list[object]:
        row = rows[position - 1]
        said = metadata.encode(replace(metadata.decode(row.metadata), actor=UUID(int=7)))  # type: ignore[attr-defined]
        return changed(position, metadata=said)(rows)  # type: ignore[arg-type, return-value]

    return change  # type: ignore[return-value]


def test_changed_metadata_are_named(tmp_path: Path) -> None:
    made, folder = exported(tmp_path, other_actor(17))
    found = verified(folder, Asked(trust=made.trust()))
    assert (found.status, first_bad(found)) == (4, (16, None))
    assert kinds(found) == {Kind.LEAF_DIFFERS, Kind.ROOT_DIFFERS}
    stretch = [(each.index, each.before) for each in found.findings if each.kind is Kind.ROOT_DIFFERS]
    assert stretch[0] == (6, 20)


def test_a_state_of_which_no_leaf_follows_is_named(tmp_path: Path) -> None:
    _, folder = exported(tmp_path, changed(30, state=b"nothing"))
    found = verified(folder)
    assert (found.status, first_bad(found)) == (3, (29, None))
    assert {Kind.ROW_DIFFERS, Kind.LEAF_DIFFERS} <= kinds(found)


def test_a_deleted_row_is_named(tmp_path: Path) -> None:
    _, folder = exported(tmp_path, lambda rows: [row for row in rows if row.position != 9])
    found = verified(folder)
    assert (found.status, first_bad(found)) == (3, (8, None))
    assert Kind.ROWS_MISSING in kinds(found)


# --- heads and keys --------------------------------------------------------------------------------------


async def _resealed(tmp_path: Path, edit: Callable[[list[bytes], SealedNight], list[bytes]]) -> Verified:
    """With the file of heads written anew, and the manifest as if nothing had been done."""
    made = await sealed_night(tmp_path)
    await made.export(tmp_path / "export")
    folder = tmp_path / "export"
    notes = edit(list(ExportFiles(folder).notes("checkpoints")), made)
    (folder / "checkpoints").write_bytes(b"".join(map(counted, notes)))
    (folder / "checkpoint").write_bytes(notes[-1] if notes else b"")
    _as_written(folder)
    return verified(folder, Asked(trust=made.trust()))


def _as_written(folder: Path) -> None:
    """The manifest says of each file what it is now."""
    files = ExportFiles(folder)
    manifest = files.manifest()
    said = {path: files.sum(path) for path in manifest.files}
    (folder / "manifest.json").write_bytes(replace(manifest, files=said).raw)


def test_a_head_of_another_key_is_found(tmp_path: Path) -> None:
    def edit(notes: list[bytes], made: SealedNight) -> list[bytes]:
        note = parse_note(notes[2])
        thief = log_key(made.origin, SECOND_SEED).heads
        return [*notes[:2], SignedNote(text=note.text, signatures=(thief.sign(note.text),)).raw, *notes[3:]]

    found = asyncio.run(_resealed(tmp_path, edit))
    assert (found.status, kinds(found)) == (5, {Kind.NOT_SIGNED})


def test_heads_grow(tmp_path: Path) -> None:
    found = asyncio.run(_resealed(tmp_path, lambda notes, _: [*notes[:3], notes[1], *notes[3:]]))
    assert (found.status, kinds(found)) == (5, {Kind.CHAIN})


def test_the_last_head_is_of_the_size_that_the_manifest_says(tmp_path: Path) -> None:
    found = asyncio.run(_resealed(tmp_path, lambda notes, _: notes[:-1]))
    assert (found.status, kinds(found)) == (5, {Kind.CHAIN})


def test_another_root_for_a_size_is_found_between_two_heads(tmp_path: Path) -> None:
    def edit(notes: list[bytes], made: SealedNight) -> list[bytes]:
        text = Checkpoint(origin=made.origin, size=31, root=bytes(32)).text
        forged = SignedNote(text=text, signatures=(made.keys[0].heads.sign(text),)).raw
        return [*notes[:3], forged, *notes[4:]]

    found = asyncio.run(_resealed(tmp_path, edit))
    assert (found.status, kinds(found), first_bad(found)) == (4, {Kind.ROOT_DIFFERS}, (20, 31))


def test_a_key_that_followed_another_is_believed_by_its_statement(tmp_path: Path) -> None:
    async def made() -> SealedNight:
        sealed = await sealed_night(tmp_path, rotated=True)
        await sealed.export(tmp_path / "export")
        return sealed

    sealed = asyncio.run(made())
    first, second = ((key.heads.verifier, key.clock.verifier) for key in sealed.keys)
    assert verified(tmp_path / "export", Asked(trust=Trust(logs=first))).status == 0
    assert verified(tmp_path / "export", Asked(trust=Trust(logs=(*first, *second)))).status == 0
    lonely = verified(tmp_path / "export", Asked(trust=Trust(logs=second)))
    assert (lonely.status, kinds(lonely)) == (5, {Kind.KEY_NOT_TRUSTED, Kind.NOT_SIGNED})


def test_a_key_that_nobody_vouches_for_is_told(tmp_path: Path) -> None:
    made, folder = exported(tmp_path)
    stranger = log_key(made.origin, SECOND_SEED).heads.verifier
    found = verified(folder, Asked(trust=Trust(logs=(stranger,))))
    assert (found.status, kinds(found)) == (5, {Kind.KEY_NOT_TRUSTED, Kind.NOT_SIGNED})


def test_a_key_whose_time_is_over_can_name_no_other(tmp_path: Path) -> None:
    """Stolen after it was followed by another: what it states and signs from then on counts for nothing."""

    async def made() -> SealedNight:
        sealed = await sealed_night(tmp_path, rotated=True)
        await sealed.export(tmp_path / "export")
        return sealed

    sealed, folder = asyncio.run(made()), tmp_path / "export"
    first, third = sealed.keys[0], log_key(sealed.origin, bytes(range(2, 34)))
    whole = (folder / "keys").read_bytes()
    for named in (first, third):
        stated = statement_of(sealed.origin, 60, named, first)
        (folder / "keys").write_bytes(whole + counted(stated.raw))
        _as_written(folder)
        found = verified(folder, Asked(trust=sealed.trust()))
        assert (found.status, kinds(found)) == (5, {Kind.KEY_NOT_TRUSTED})


# --- witnesses -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seen", "status"), [(3, 0), (2, 0), (1, 6), (0, 6)])
def test_enough_witnesses_have_seen_the_last_head(tmp_path: Path, seen: int, status: int) -> None:
    async def made() -> Verified:
        sealed = await sealed_night(tmp_path)
        await sealed.cosign(*WITNESSES[:seen])
        await sealed.export(tmp_path / "export")
        return verified(tmp_path / "export", Asked(trust=sealed.trust(witnesses=2)))

    assert asyncio.run(made()).status == status


def test_a_witness_is_not_whoever_takes_the_name(tmp_path: Path) -> None:
    async def made() -> Verified:
        sealed = await sealed_night(tmp_path)
        impostor = Signer(WITNESSES[0].verifier.name, KeyKind.COSIGNATURE, bytes([9]) * 32)
        await sealed.cosign(impostor, WITNESSES[1])
        await sealed.export(tmp_path / "export")
        return verified(tmp_path / "export", Asked(trust=sealed.trust(witnesses=2)))

    assert asyncio.run(made()).status == 6


# --- stamps ----------------------------------------------------------------------------------------------


def test_what_is_no_stamp_is_told(tmp_path: Path) -> None:
    async def made() -> Verified:
        sealed = await sealed_night(tmp_path)
        await sealed.stamp(b"no token")
        await sealed.export(tmp_path / "export")
        return verified(tmp_path / "export", Asked(trust=sealed.trust()))

    found = asyncio.run(made())
    assert (found.status, kinds(found)) == (7, {Kind.STAMP})


@pytest.fixture(scope="module")
def authority() -> Iterator[TimeAuthority]:
    with TemporaryDirectory() as folder:
        yield time_authority(Path(folder))


async def _stamped(kept: Path, authority: TimeAuthority, over: int) -> SealedNight:
    """Exported with a stamp of the last head that is over the note of another size."""
    sealed = await sealed_night(kept)
    head = await sealed.sealed.head_of(over)
    assert head is not None
    await sealed.stamp(authority.answer(stamp_request(head.note).raw))
    await sealed.export(kept / "export")
    return sealed


def test_a_stamp_of_the_last_head_holds_here_and_for_openssl(
    tmp_path: Path, authority: TimeAuthority
) -> None:
    trust, folder = asyncio.run(_stamped(tmp_path, authority, 78)).trust(), tmp_path / "export"
    found = verified(folder, Asked(trust=trust, authorities=authority.roots))
    assert found.status == 0
    assert [(each.size, each.found.verified) for each in found.stamps] == [(78, True)]
    unchecked = verified(folder, Asked(trust=trust))
    assert [each.found.verified for each in unchecked.stamps] == [False]
    note, token = ((folder / "stamps" / name).read_bytes() for name in ("78-1.note", "78-1.tsr"))
    assert authority.accepts(note, token)


def test_a_stamp_of_another_head_is_none_of_this(tmp_path: Path, authority: TimeAuthority) -> None:
    trust, folder = asyncio.run(_stamped(tmp_path, authority, 50)).trust(), tmp_path / "export"
    found = verified(folder, Asked(trust=trust, authorities=authority.roots))
    assert (found.status, kinds(found), found.stamps) == (7, {Kind.STAMP}, ())
    head = parse_note(list(ExportFiles(folder).notes("checkpoints"))[4])
    own = SignedNote(text=head.text, signatures=head.signatures[:1]).raw
    (folder / "stamps" / "78-1.note").write_bytes(own)
    _as_written(folder)
    found = verified(folder, Asked(trust=trust, authorities=authority.roots))
    assert (found.status, kinds(found), found.stamps) == (7, {Kind.STAMP}, ())


def test_a_stamp_by_somebody_whom_nobody_vouches_for_is_told(
    tmp_path: Path, authority: TimeAuthority
) -> None:
    trust = asyncio.run(_stamped(tmp_path, authority, 78)).trust()
    (tmp_path / "other").mkdir()
    other = time_authority(tmp_path / "other")
    found = verified(tmp_path / "export", Asked(trust=trust, authorities=other.roots))
    assert (found.status, kinds(found)) == (7, {Kind.STAMP})


# --- earlier heads ---------------------------------------------------------------------------------------


def test_every_head_that_was_kept_fits(tmp_path: Path) -> None:
    made, folder = exported(tmp_path)
    heads = heads_in((folder / "checkpoints").read_bytes())
    found = verified(folder, Asked(trust=made.trust(), earlier=heads))
    assert (found.status, found.earlier_fit) == (0, 6)


def _head(made: SealedNight, size: int, root: bytes = bytes(32), seed: bytes | None = None) -> bytes:
    text = Checkpoint(origin=made.origin, size=size, root=root).text
    key = log_key(made.origin, seed) if seed is not None else made.keys[0]
    return SignedNote(text=text, signatures=(key.heads.sign(text),)).raw


@pytest.mark.parametrize(("size", "stretch"), [(40, (31, 40)), (78, (50, 78)), (90, (78, 90))])
def test_a_head_that_does_not_fit_names_where(tmp_path: Path, size: int, stretch: tuple[int, int]) -> None:
    made, folder = exported(tmp_path)
    kept = (folder / "checkpoints").read_bytes()
    genuine = [head for head in heads_in(kept) if head.checkpoint.size < min(size, 78)]
    earlier = (*heads_in(_head(made, size)), *genuine)
    found = verified(folder, Asked(trust=made.trust(), earlier=earlier))
    assert (found.status, kinds(found), first_bad(found)) == (9, {Kind.EARLIER}, stretch)


def test_a_head_that_no_trusted_key_signed_proves_nothing(tmp_path: Path) -> None:
    made, folder = exported(tmp_path)
    root = heads_in((folder / "checkpoint").read_bytes())[0].checkpoint.root
    earlier = heads_in(_head(made, 78, root, seed=SECOND_SEED))
    assert verified(folder, Asked(trust=made.trust(), earlier=earlier)).status == 9


# --- after the export ------------------------------------------------------------------------------------

FILES = (
    "README.txt",
    "log.jsonl",
    "checkpoint",
    "checkpoints",
    "keys",
    "trust",
    "SHA256SUMS",
    "manifest.json",
    "tile/0/000.p/78",
    "tile/entries/000.p/78",
)


def flipped(raw: bytes, luck: random.Random) -> bytes:
    at = luck.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ 1 << luck.randrange(8)]) + raw[at + 1 :]


SPOILED: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "cut": lambda raw, luck: raw[: luck.randrange(len(raw))],
    "flipped": flipped,
    "emptied": lambda raw, luck: b"",  # noqa: ARG005
    "longer": lambda raw, luck: raw + luck.randbytes(7),
    "a huge line": lambda raw, luck: b"9" * 300_000 + raw,  # noqa: ARG005
    "noise": lambda raw, luck: luck.randbytes(len(raw)),
    "twice": lambda raw, luck: raw + raw,  # noqa: ARG005
}


@pytest.mark.parametrize("honest_sums", [True, False])
@pytest.mark.parametrize("name", FILES)
def test_whatever_is_done_to_a_file_is_found_and_plainly_said(
    tmp_path: Path, name: str, honest_sums: bool
) -> None:
    made, folder = exported(tmp_path)
    luck, whole = random.Random(name), (folder / name).read_bytes()
    manifest = (folder / "manifest.json").read_bytes()
    for spoil in list(SPOILED.values()) * 3:
        spoiled = spoil(whole, luck)
        if spoiled == whole:
            continue
        (folder / name).write_bytes(spoiled)
        if not honest_sums and name != "manifest.json":
            _as_written(folder)
        found = verified(folder, Asked(trust=made.trust()))
        unread = name in ("README.txt", "trust", "SHA256SUMS", "keys", "manifest.json") and not honest_sums
        assert found.status in (1, 3, 4, 5, 8) or unread, (found.status, list(found.findings))
        (folder / "manifest.json").write_bytes(manifest)
    (folder / name).write_bytes(whole)
    assert verified(folder, Asked(trust=made.trust())).status == 0


def test_a_length_that_is_not_the_files_is_told(tmp_path: Path) -> None:
    made, folder = exported(tmp_path)
    manifest = ExportFiles(folder).manifest()
    said = {
        path: replace(each, size=each.size + (path == "log.jsonl")) for path, each in manifest.files.items()
    }
    (folder / "manifest.json").write_bytes(replace(manifest, files=said).raw)
    assert kinds(verified(folder, Asked(trust=made.trust()))) == {Kind.FILE_DIFFERS}


@pytest.mark.parametrize("zone", [b"Europe", b"x" * 300, b"Europe/Nowhere"])
def test_a_time_zone_that_is_none_is_a_finding_and_no_fault(tmp_path: Path, zone: bytes) -> None:
    def elsewhere(rows: list[StoredRow]) -> list[StoredRow]:
        parts = state_bytes.split(rows[0].state)
        shown = parts.open.replace(b"Europe/Rome", zone)
        assert shown != parts.open
        return changed(1, state=state_bytes.join(replace(parts, open=shown)))(rows)

    made, folder = exported(tmp_path, elsewhere)
    assert kinds(verified(folder, Asked(trust=made.trust()))) >= {Kind.LEAF_DIFFERS, Kind.DECISION}


@pytest.mark.parametrize("name", [*FILES, "tile", "tile/0"])
@pytest.mark.parametrize("instead", ["nothing", "a folder", "a link", "a pipe"])
def test_what_is_no_plain_file_is_not_read(tmp_path: Path, name: str, instead: str) -> None:
    _, folder = exported(tmp_path)
    moved = tmp_path / "moved"
    (folder / name).rename(moved)
    match instead:
        case "a folder":
            (folder / name).mkdir()
        case "a link":
            (folder / name).symlink_to(moved)
        case "a pipe":
            os.mkfifo(folder / name)
        case _:
            pass
    assert verified(folder).status == 1


def test_words_of_an_export_move_no_cursor(tmp_path: Path) -> None:
    """A head may be said to be of any log: its name is shown, and not obeyed."""

    def edit(notes: list[bytes], made: SealedNight) -> list[bytes]:
        text = Checkpoint(origin="good\x9b2K\u202edab", size=31, root=bytes(32)).text
        forged = SignedNote(text=text, signatures=(made.keys[0].heads.sign(text),)).raw
        return [*notes[:3], forged, *notes[3:]]

    shown = as_text(asyncio.run(_resealed(tmp_path, edit)), 0)
    assert "of the log good?2K?dab" in shown
    assert all(line.isprintable() for line in shown.split("\n"))


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    assert verified(tmp_path / "nowhere").status == 1
    (tmp_path / "file").write_bytes(b"")
    assert verified(tmp_path / "file").status == 1
