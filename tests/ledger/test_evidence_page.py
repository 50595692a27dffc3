"""`docs/EVIDENCE.md` says what the program does: its tables and its example are the code's own."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from api.http.commanding import command_id
from api.loops.automatic import Automatic
from domain.matching.ranking import ExclusionCode
from domain.vocabulary import NetworkId
from ledger.store import codec
from tests.vectors import generate, page, stranger

PAGE = (Path(__file__).parents[2] / "docs" / "EVIDENCE.md").read_text()
VECTORS = json.loads(generate.EVENTS.read_text())
EXAMPLE = VECTORS["unit held"]
NETWORK, ACTOR, CAUSE = NetworkId(UUID(int=1)), UUID(int=2), UUID(int=3)


@pytest.mark.parametrize(
    ("heading", "rows"), [("Topics", page.events()), ("Objects", page.values()), ("Words", page.words())]
)
def test_a_table_of_the_page_is_what_follows_from_the_events(heading: str, rows: list[str]) -> None:
    assert _table(heading) == list(rows)


@pytest.mark.parametrize("topic", page.EARLIER)
def test_an_earlier_version_stands_in_the_tables_as_its_bytes_have_it(topic: str) -> None:
    entries = [entry for entry in VECTORS.values() if entry["topic"] == topic]
    assert entries
    for entry in entries:
        shown, reserved = stranger.read_state(bytes.fromhex(entry["state"]))
        for part, described in zip((shown, reserved[16:]), page.EARLIER[topic], strict=True):
            _has_the_fields(stranger.read_object(part), described)


def test_every_lifted_topic_stands_in_the_tables() -> None:
    assert page.EARLIER.keys() == codec.LIFTS.keys()


def test_the_table_of_metadata_has_the_names_in_their_order() -> None:
    named = [row.split("`")[1] for row in _table("Metadata")]
    assert named == list(stranger.read_object(bytes.fromhex(EXAMPLE["metadata"])))


def test_the_reasons_under_the_digest_stand_in_their_order() -> None:
    assert f"for each reason {', '.join(ExclusionCode)}, and then" in PAGE


def test_the_example_is_a_golden_event() -> None:
    shown = PAGE.split("## An example", 1)[1].split("## What is", 1)[0]
    state, leaf = (_hexadecimal(block) for block in shown.split("```")[1::2])
    assert state == EXAMPLE["state"]
    opened = stranger.read_state(bytes.fromhex(EXAMPLE["state"]))[0].hex()
    cut = len(leaf) - 64
    assert leaf[:cut] + opened + leaf[cut:] == EXAMPLE["leaf"]
    assert hashlib.sha256(bytes.fromhex(EXAMPLE["leaf"])).hexdigest() in shown


def test_a_stranger_derives_the_id_of_a_command_asked_at_a_door() -> None:
    route, key = "POST /placements/{placement_id}/offers", "0123456789abcdef"
    words = (NETWORK.bytes, ACTOR.bytes, route.encode(), b"\0", key.encode())
    assert command_id(NETWORK, ACTOR, route, key) == stranger.command_id(*words)


def test_a_stranger_derives_the_id_of_an_automatic_command() -> None:
    made = Automatic(network_id=NETWORK, app_version="0.1.0").command("search-again", CAUSE, ACTOR)
    assert made.command_id == stranger.command_id(NETWORK.bytes, b"search-again", CAUSE.bytes)


def _has_the_fields(told: dict[str, Any], described: str) -> None:
    """Its names, in order; and those of the objects inside it that were of an earlier shape too."""
    fields = dict(each.split(": ") for each in described.split(", ")) if described != "none" else {}
    assert list(told) == list(fields)
    for name, word in fields.items():
        earlier = page.EARLIER_VALUES.get(word.strip("[]"))
        for value in told[name] if isinstance(told[name], list) else [told[name]]:
            if earlier is not None:
                _has_the_fields(value, earlier)


def _table(heading: str) -> list[str]:
    section = re.split(r"\n##+ ", PAGE.split(f"# {heading}\n", 1)[1], maxsplit=1)[0]
    return [line for line in section.splitlines() if line.startswith("|")][2:]


def _hexadecimal(block: str) -> str:
    """The bytes at the beginnings of the lines, one or two groups of them."""
    found = (re.match(r"([0-9a-f]{2,})(?: ([0-9a-f]{8,}))?(?=\s|$)", line) for line in block.splitlines())
    return "".join("".join(each for each in line.groups() if each) for line in found if line is not None)
