"""A night's export, checked whole with `docs/EVIDENCE.md` alone: leaves from rows, roots from leaves, heads.

The stranger has the directory and the log's key from elsewhere. Ed25519 alone is taken from others.
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.ledger.evidence.exported import changed, exported
from tests.vectors import stranger, stranger_heads

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def leaf_of_line(line: str) -> bytes:
    """Plain dump, then Leaf."""
    row: dict[str, Any] = json.loads(line)
    shown, reserved = stranger.read_state(bytes.fromhex(row["state"]))
    since = datetime.fromisoformat(row["recorded_at"]) - EPOCH
    return stranger.write_leaf(
        stranger.Leaf(
            stream=uuid.UUID(row["stream"]),
            version=row["version"],
            position=row["position"],
            recorded_at=(since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds,
            event_id=uuid.UUID(row["event_id"]),
            topic=row["topic"],
            open=shown,
            withheld=stranger.withheld(reserved, bytes.fromhex(row["metadata"])),
        )
    )


def counted(raw: bytes) -> list[bytes]:
    """Export: notes after their lengths."""
    notes = []
    while raw:
        length, raw = raw.split(b"\n", 1)
        notes.append(raw[: int(length)])
        raw = raw[int(length) :]
    return notes


def entries(folder: Path, size: int) -> list[bytes]:
    found: list[bytes] = []
    for number in range(-(-size // 256)):
        path = stranger_heads.tile_path("entries", number, min(256, size - 256 * number))
        found += stranger_heads.read_bundle((folder / path).read_bytes())
    return found


def heads_that_hold(folder: Path, vkey: str) -> tuple[int, int]:
    """How many heads of the export are signed by the key and are of its rows, and how many there are."""
    leaves = [leaf_of_line(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    key, heads = stranger_heads.read_key(vkey), counted((folder / "checkpoints").read_bytes())
    held = 0
    for raw in heads:
        head = stranger_heads.read_head(raw)
        ((message, signature),) = stranger_heads.signed_by(key, head)
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
        held += head.root == stranger_heads.root(leaves[: head.size])
    return held, len(heads)


def test_a_stranger_finds_every_head_over_the_rows(tmp_path: Path) -> None:
    night, folder = exported(tmp_path)
    vkey = night.keys[0].heads.verifier.vkey
    held, heads = heads_that_hold(folder, vkey)
    assert held == heads > 3
    last = stranger_heads.read_head((folder / "checkpoint").read_bytes())
    lines = (folder / "log.jsonl").read_text().splitlines()
    assert entries(folder, last.size) == [leaf_of_line(line) for line in lines]
    assert [stranger.read_leaf(each).position for each in entries(folder, last.size)] == [
        index + 1 for index in range(last.size)
    ]


def test_a_stranger_finds_that_a_row_was_changed(tmp_path: Path) -> None:
    night, folder = exported(tmp_path, changed(15, metadata=b"{}"))
    held, heads = heads_that_hold(folder, night.keys[0].heads.verifier.vkey)
    assert 0 < held < heads
