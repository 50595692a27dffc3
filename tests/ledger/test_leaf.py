"""Leaf bytes: the golden ones, the same from the specification alone, and an event shown without its reserved
part.
"""

from __future__ import annotations

import ast
import dataclasses
import hashlib
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.matching.certificate import digest
from domain.matching.ranking import ExclusionCode, Ranking
from domain.placement.events import CandidatesRanked
from ledger import state_bytes
from ledger.evidence import leaf
from ledger.faults import BrokenEvent
from ledger.store.port import StoredRow
from tests.vectors import generate, stranger
from tests.vectors.named import TO_THE_MICROSECOND
from tests.vectors.samples import SAMPLES

VECTORS: dict[str, Any] = json.loads(generate.EVENTS.read_text())
NAMES = sorted(VECTORS)
any_name = st.sampled_from(NAMES)


def _row(entry: dict[str, Any]) -> StoredRow:
    return StoredRow(
        stream=UUID(entry["stream"]),
        version=entry["version"],
        position=entry["position"],
        topic=entry["topic"],
        state=bytes.fromhex(entry["state"]),
        event_id=UUID(entry["event_id"]),
        metadata=bytes.fromhex(entry["metadata"]),
        recorded_at=datetime.fromisoformat(entry["recorded_at"]),
    )


# --- golden bytes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_leaf_is_exactly_these_bytes(name: str) -> None:
    made = leaf.leaf_of(_row(VECTORS[name]))
    assert made.hex() == VECTORS[name]["leaf"]
    assert hashlib.sha256(made).hexdigest() == VECTORS[name]["leaf_sha256"]


def test_no_two_events_share_a_leaf() -> None:
    assert len({entry["leaf_sha256"] for entry in VECTORS.values()}) == len(VECTORS)


# --- by the specification alone -----------------------------------------------------------------------------


def test_the_stranger_knows_nothing_of_this_program() -> None:
    tree = ast.parse(Path(stranger.__file__).read_text())
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or "."] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    assert imported <= sys.stdlib_module_names | {"__future__"}
    assert not imported & {"importlib", "runpy", "pickle"}


@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_reads_a_leaf_and_its_event(name: str) -> None:
    entry = VECTORS[name]
    read = stranger.read_leaf(bytes.fromhex(entry["leaf"]))
    shown, reserved = stranger.read_state(bytes.fromhex(entry["state"]))
    assert (str(read.stream), read.version, read.position) == (
        entry["stream"],
        entry["version"],
        entry["position"],
    )
    assert (str(read.event_id), read.topic, read.open) == (entry["event_id"], entry["topic"], shown)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert epoch + timedelta(microseconds=read.recorded_at) == datetime.fromisoformat(entry["recorded_at"])
    assert read.withheld == stranger.withheld(reserved, bytes.fromhex(entry["metadata"]))
    assert reserved[:16].hex() == entry["salt"]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_stranger_reads_every_field(name: str) -> None:
    entry = VECTORS[name]
    told = stranger.read_fields(*stranger.read_state(bytes.fromhex(entry["state"])))
    assert told == _as_told(SAMPLES[name])


def test_a_stranger_reads_the_metadata() -> None:
    for entry in VECTORS.values():
        told = stranger.read_object(bytes.fromhex(entry["metadata"]))
        assert list(told) == [
            "v",
            "network",
            "command_id",
            "correlation_id",
            "causation_id",
            "actor",
            "on_behalf_of",
            "role",
            "device",
            "app_version",
        ]
        assert told["v"] == 1


def test_a_stranger_computes_the_digest_of_a_certificate() -> None:
    name = "candidates ranked, some to be confirmed"
    ranked = SAMPLES[name]
    assert isinstance(ranked, CandidatesRanked)
    excluded = {ExclusionCode.OCCUPIED: [0, 1, 2, 3, 4, 5, 6, 7], ExclusionCode.OWED: [8, 9]}
    ranking = Ranking(
        position=ranked.position,
        ranker=ranked.ranker,
        policy=ranked.policy,
        decided_at=ranked.decided_at,
        units_seen=12,
        excluded=tuple((code, sum(1 << bit for bit in excluded.get(code, []))) for code in ExclusionCode),
        eligible=0b010000000000,
        to_be_confirmed=0b100000000000,
        best=ranked.best,
    )
    _, reserved = stranger.read_state(bytes.fromhex(VECTORS[name]["state"]))
    told = stranger.certificate_digest(
        12,
        [(code.value, excluded.get(code, [])) for code in ExclusionCode],
        [10],
        [11],
        stranger.read_object(reserved[16:])["best"],
    )
    assert told == digest(ranking).hex()


def _as_told(value: Any) -> Any:
    """What JSON must say of an event or value, written out by other means than the codec's."""
    if isinstance(value, tuple):
        return [_as_told(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if dataclasses.is_dataclass(value):
        return {field.name: _as_told(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value if value is None or isinstance(value, int | bool) else str(value)


# --- withheld -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_an_event_with_its_reserved_part_withheld_has_the_same_leaf(name: str) -> None:
    entry = VECTORS[name]
    copy = leaf.shown(_row(entry))
    assert leaf.leaf_bytes(copy).hex() == entry["leaf"]
    assert (
        stranger.write_leaf(
            stranger.Leaf(
                stream=copy.stream,
                version=copy.version,
                position=copy.position,
                recorded_at=leaf.microseconds(copy.recorded_at),
                event_id=copy.event_id,
                topic=copy.topic,
                open=copy.open,
                withheld=copy.withheld,
            )
        ).hex()
        == entry["leaf"]
    )


@pytest.mark.parametrize("name", NAMES)
def test_what_is_shown_holds_nothing_of_the_reserved_part_or_the_metadata(name: str) -> None:
    entry = VECTORS[name]
    parts = state_bytes.split(bytes.fromhex(entry["state"]))
    made = bytes.fromhex(entry["leaf"])
    assert parts.reserved[:16] not in made
    hidden = set(stranger.read_object(parts.reserved[16:]))
    assert not hidden & set(stranger.read_object(parts.open))
    told = stranger.read_object(bytes.fromhex(entry["metadata"]))
    assert all(told[each].encode() not in made for each in ("actor", "command_id", "network"))


def test_the_same_fields_under_another_salt_give_another_digest() -> None:
    """Without the salt nobody can try the few values a reserved field may have until one fits."""
    row = _row(VECTORS["unit held"])
    parts = state_bytes.split(row.state)
    salted = replace(parts, reserved=bytes(16) + parts.reserved[16:])
    assert leaf.leaf_of(replace(row, state=state_bytes.join(salted))) != leaf.leaf_of(row)


@settings(max_examples=300)
@given(name=any_name, data=st.data())
def test_the_reserved_part_cannot_change_without_the_leaf(name: str, data: st.DataObject) -> None:
    row = _row(VECTORS[name])
    parts = state_bytes.split(row.state)
    other = data.draw(st.binary(min_size=16, max_size=80).filter(lambda made: made != parts.reserved))
    changed = replace(row, state=state_bytes.join(replace(parts, reserved=other)))
    assert leaf.leaf_of(changed) != leaf.leaf_of(row)


@settings(max_examples=300)
@given(name=any_name, data=st.data())
def test_any_changed_byte_of_what_is_stored_changes_the_leaf(name: str, data: st.DataObject) -> None:
    row = _row(VECTORS[name])
    which = data.draw(st.sampled_from(["state", "metadata"]))
    change: dict[str, Any] = {which: _flipped(getattr(row, which), data)}
    try:
        made = leaf.leaf_of(replace(row, **change))
    except BrokenEvent:
        return
    assert made != leaf.leaf_of(row)


@settings(max_examples=300)
@given(name=any_name, data=st.data())
def test_any_changed_byte_of_a_leaf_reads_otherwise_or_not_at_all(name: str, data: st.DataObject) -> None:
    made = bytes.fromhex(VECTORS[name]["leaf"])
    changed = _flipped(made, data)
    try:
        read = stranger.read_leaf(changed)
    except stranger.Unreadable:
        return
    assert read != stranger.read_leaf(made)
    assert stranger.write_leaf(read) == changed


def _flipped(stored: bytes, data: st.DataObject) -> bytes:
    at = data.draw(st.integers(min_value=0, max_value=len(stored) - 1))
    mask = data.draw(st.integers(min_value=1, max_value=255))
    return bytes((*stored[:at], stored[at] ^ mask, *stored[at + 1 :]))


@pytest.mark.parametrize(
    "change",
    [
        {"stream": UUID(int=1)},
        {"version": 9_999},
        {"position": 9_999},
        {"event_id": UUID(int=1)},
        {"topic": "unit.held.2"},
        {"recorded_at": TO_THE_MICROSECOND},
    ],
)
def test_every_field_of_a_row_is_in_its_leaf(change: dict[str, Any]) -> None:
    row = _row(VECTORS["unit held"])
    assert leaf.leaf_of(replace(row, **change)) != leaf.leaf_of(row)


def test_bytes_cannot_move_from_one_field_of_a_leaf_to_the_next() -> None:
    """Every part of variable size carries its length, so one row's leaf is never another's."""
    row = _row(VECTORS["unit held"])
    parts = state_bytes.split(row.state)
    longer = replace(row, topic=row.topic + "{", state=state_bytes.join(replace(parts, open=parts.open[1:])))
    moved = replace(
        row,
        state=state_bytes.join(replace(parts, reserved=parts.reserved + row.metadata[:1])),
        metadata=row.metadata[1:],
    )
    assert len({leaf.leaf_of(each) for each in (row, longer, moved)}) == 3


# --- what has no leaf ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_withheld_part_is_a_digest_of_32_bytes(size: int) -> None:
    copy = replace(leaf.shown(_row(VECTORS["unit held"])), withheld=b"0" * size)
    with pytest.raises(BrokenEvent, match="32 bytes"):
        leaf.leaf_bytes(copy)


@pytest.mark.parametrize("cut", [0, 3, 7, 20])
def test_state_that_is_cut_short_has_no_leaf(cut: int) -> None:
    row = _row(VECTORS["unit held"])
    with pytest.raises(BrokenEvent):
        leaf.leaf_of(replace(row, state=row.state[:cut]))


def test_microseconds_are_whole_and_in_utc() -> None:
    assert leaf.microseconds(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC)) == 1_000_005
    local = datetime(2026, 7, 1, 2, 0, tzinfo=timezone(timedelta(hours=2)))
    assert leaf.microseconds(local) == leaf.microseconds(datetime(2026, 7, 1, tzinfo=UTC))
    assert leaf.microseconds(datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)) < 2**63
