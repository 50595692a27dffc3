"""Every event of a case has words, every id in them a label, and no new open field goes to a court unseen."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, get_args, get_type_hints
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
import pytest

from api.dossier.fields import FIELDS
from api.dossier.labels import KINDS, Labels, is_label, labels_for
from api.dossier.telling import Telling
from domain.catalogue import EVENT_TYPES
from domain.event import Event
from ledger import state_bytes
from ledger.store import codec
from tests.vectors.samples import SAMPLES

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}")
OF_A_CASE = {topic: kind for topic, kind in EVENT_TYPES.items() if kind.KIND in ("case", "placement")}
TEXTS = {
    "archive_authorisation",
    "commitment",
    "commitments",
    "decision",
    "digest",
    "page",
    "policy",
    "ranker",
    "recipient",
    "reference",
}
"""Open fields with text of a form that the domain checks. Looked at one by one: 0029-dossiers.md."""


def open_fields() -> Iterator[tuple[str, Any]]:
    for kind in OF_A_CASE.values():
        hints = get_type_hints(kind)
        yield from ((each.name, hints[each.name]) for each in fields(kind) if each.name not in kind.RESERVED)


def holds(hint: Any, wanted: type) -> bool:
    kind = getattr(hint, "__supertype__", hint)
    return kind is wanted or any(holds(each, wanted) for each in get_args(hint))


def test_every_open_id_of_a_case_was_looked_at_and_has_a_label() -> None:
    """Whoever opens another field says here, and in 0029, that it names no other case, house or person."""
    ids = {name for name, hint in open_fields() if holds(hint, UUID)}
    assert ids == KINDS.keys() - {"commitment", "commitments"}


def test_every_open_text_of_a_case_was_looked_at() -> None:
    assert {name for name, hint in open_fields() if holds(hint, str)} == TEXTS


def test_every_field_has_words() -> None:
    named = {each.name for kind in OF_A_CASE.values() for each in fields(kind)}
    assert named <= FIELDS.keys()


OPEN = [
    (event.TOPIC, orjson.loads(state_bytes.split(codec.encode(event, bytes(16))).open))
    for event in SAMPLES.values()
    if event.TOPIC in OF_A_CASE
]


@pytest.mark.parametrize(("topic", "event"), OPEN)
def test_every_event_is_told_without_an_id_or_a_code(topic: str, event: dict[str, Any]) -> None:
    telling = Telling(labels=labels_for("a", [], [event], os.urandom), zone=ZoneInfo("Europe/Rome"))
    told = [telling.what(topic), *(f"{name}: {value}" for name, value in telling.details(topic, event))]
    assert len(told) == 1 + sum(value is not None for value in event.values())
    for line in told:
        assert _ID.search(line) is None, line
        assert re.search(r"\b[A-Z]+_[A-Z_]+\b", line) is None, line


def test_reserved_parts_have_words_for_the_annex() -> None:
    telling = Telling(labels={}, zone=ZoneInfo("Europe/Rome"))
    for event in SAMPLES.values():
        if event.TOPIC in OF_A_CASE:
            assert list(telling.details(event.TOPIC, _reserved(event))) is not None


def _reserved(event: Event) -> dict[str, Any]:
    parts = state_bytes.split(codec.encode(event, bytes(16)))
    reserved: dict[str, Any] = orjson.loads(parts.reserved[16:])
    return reserved


def test_labels_are_letters_that_are_not_mistaken_and_never_twice() -> None:
    labels = Labels(os.urandom)
    for number in range(2_000):
        labels.draw("offer_id", str(number))
    assert len(set(labels.drawn.values())) == 2_000
    assert all(is_label(each, "Offerta") for each in labels.drawn.values())
    for wrong in (
        "Offerta AB",
        "Offerta ABCD",
        "Offerta aBC",
        "Percorso ABC",
        "Offerta AB ",
        "ABC",
    ):
        assert not is_label(wrong, "Offerta")
