"""The closed object beside every event: its exact bytes, and everything else refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.permissions import Role
from domain.vocabulary import NetworkId
from ledger.faults import BrokenEvent
from ledger.store import metadata
from ledger.store.metadata import Metadata
from tests.vectors import generate

STORED = [bytes.fromhex(entry["metadata"]) for entry in json.loads(generate.EVENTS.read_text()).values()]
ABOUT = Metadata(
    network=NetworkId(UUID(int=1)),
    command_id=UUID(int=2),
    correlation_id=UUID(int=3),
    causation_id=None,
    actor=UUID(int=4),
    on_behalf_of=None,
    role=Role.COORDINATOR,
    device=None,
    app_version="0.1.0",
)
TOLD: dict[str, Any] = json.loads(metadata.encode(ABOUT))


def test_metadata_are_exactly_these_bytes() -> None:
    assert metadata.encode(ABOUT) == (
        b'{"v":1,"network":"00000000-0000-0000-0000-000000000001",'
        b'"command_id":"00000000-0000-0000-0000-000000000002",'
        b'"correlation_id":"00000000-0000-0000-0000-000000000003","causation_id":null,'
        b'"actor":"00000000-0000-0000-0000-000000000004","on_behalf_of":null,'
        b'"role":"COORDINATOR","device":null,"app_version":"0.1.0"}'
    )


def test_golden_metadata_are_read_and_written_alike() -> None:
    for stored in STORED:
        assert metadata.encode(metadata.decode(stored)) == stored


def test_every_role_can_stand_behind_an_event() -> None:
    for role in Role:
        assert metadata.decode(metadata.encode(replace(ABOUT, role=role))).role is role


def test_an_id_of_a_drivers_own_class_is_written_like_any_other() -> None:
    class DriverId(UUID):
        """What a database driver gives for a UUID."""

    assert metadata.encode(replace(ABOUT, actor=DriverId(int=4))) == metadata.encode(ABOUT)


@pytest.mark.parametrize("name", TOLD)
def test_a_missing_field_is_broken(name: str) -> None:
    with pytest.raises(BrokenEvent):
        metadata.decode(json.dumps({key: value for key, value in TOLD.items() if key != name}).encode())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("subject", "anna"),
        ("note", "free text"),
        ("v", 2),
        ("v", "1"),
        ("v", True),
        ("network", None),
        ("actor", "anna"),
        ("actor", "00000000-0000-0000-0000-00000000000A"),
        ("actor", None),
        ("command_id", 2),
        ("causation_id", ""),
        ("role", "ADMIN"),
        ("role", None),
        ("device", False),
        ("app_version", None),
        ("app_version", 1),
    ],
)
def test_another_field_or_type_is_broken(name: str, value: object) -> None:
    with pytest.raises(BrokenEvent):
        metadata.decode(json.dumps({**TOLD, name: value}).encode())


@pytest.mark.parametrize("stored", [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 5000, b'{"v":1'])
def test_bytes_that_are_no_metadata_are_broken(stored: bytes) -> None:
    with pytest.raises(BrokenEvent):
        metadata.decode(stored)


@settings(max_examples=200)
@given(data=st.data(), stored=st.sampled_from(STORED))
def test_changed_bytes_are_broken_or_tell_something_else(data: st.DataObject, stored: bytes) -> None:
    at = data.draw(st.integers(min_value=0, max_value=len(stored) - 1))
    mask = data.draw(st.integers(min_value=1, max_value=255))
    changed = bytes((*stored[:at], stored[at] ^ mask, *stored[at + 1 :]))
    try:
        told = metadata.decode(changed)
    except BrokenEvent:
        return
    assert told != metadata.decode(stored)


def test_a_fault_never_says_what_the_metadata_held() -> None:
    with pytest.raises(BrokenEvent) as fault:
        metadata.decode(json.dumps({**TOLD, "actor": "anna"}).encode())
    assert "anna" not in str(fault.value)
    assert fault.value.__cause__ is None
    assert fault.value.__suppress_context__
