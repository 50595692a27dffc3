"""Every event as it is stored: its topic, its fields, and no room for words of anybody's own."""

from __future__ import annotations

import dataclasses
import enum
import re
import types
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest

from domain import case, desk, inquiry, network, shelter, unit
from domain.catalogue import EVENT_TYPES
from domain.event import Event, stored
from domain.placement import events as placement

CODES = {
    ("network.born.1", "code"),
    ("network.born.1", "time_zone"),
    ("network.district-added.1", "code"),
    ("network.district-added.1", "municipalities"),
    ("network.member-joined.1", "code"),
    ("network.level-defined.1", "code"),
    ("network.policy-adopted.2", "policy.version"),
    ("network.policy-adopted.2", "policy.ranker"),
    ("network.export-requested.1", "reference"),
    ("shelter.registered.1", "code"),
    ("unit.registered.1", "code"),
    ("unit.registered.1", "level"),
    ("placement.requested.2", "assessed.tool_version"),
    ("placement.risk-assessed.1", "assessed.tool_version"),
    ("placement.candidates-ranked.2", "ranker"),
    ("placement.candidates-ranked.2", "policy"),
    ("placement.candidates-ranked.2", "excluded.code"),
    ("placement.candidates-ranked.2", "digest"),
    ("placement.decision-taken.1", "digest"),
    ("placement.decision-taken.1", "page"),
    ("placement.offer-refused.1", "commitment"),
    ("placement.woman-declined.1", "commitment"),
    ("case.value-kept.1", "commitment"),
    ("case.value-withdrawn.1", "commitment"),
    ("case.values-opened.1", "commitments"),
    ("case.rule-overridden.1", "rules"),
    ("case.legal-hold-placed.1", "reference"),
    ("case.legal-hold-lifted.1", "reference"),
    ("case.shredding-proposed.1", "decision"),
    ("case.shredding-proposed.1", "archive_authorisation"),
    ("case.dossier-ordered.1", "reference"),
    ("case.dossier-issued.1", "recipient"),
    ("desk.opened.1", "code"),
    ("desk.value-kept.1", "commitment"),
    ("desk.values-opened.1", "commitments"),
    ("inquiry.received.1", "reference"),
    ("inquiry.value-kept.1", "commitment"),
    ("inquiry.values-opened.1", "commitments"),
    ("inquiry.decided.1", "reference"),
}
"""The only texts in the log: labels and codes whose form the domain checks, register numbers,
digests and commitments."""

PLAIN = (bool, int, str, UUID, date, datetime, types.NoneType)


def leaves(hint: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every simple type a stored field is made of."""
    hint = getattr(hint, "__supertype__", hint)
    if get_origin(hint) in (Union, types.UnionType):
        for part in get_args(hint):
            yield from leaves(part, path)
    elif get_origin(hint) is tuple:
        part, rest = get_args(hint)
        assert rest is Ellipsis, f"{path}: tuples are of one type and any length"
        yield from leaves(part, path)
    elif dataclasses.is_dataclass(hint):
        for name, inner in get_type_hints(hint).items():
            yield from leaves(inner, f"{path}.{name}")
    else:
        yield path, hint


def fields_of(kind: type[Event]) -> Iterator[tuple[str, Any]]:
    hints = get_type_hints(kind)
    for field in dataclasses.fields(kind):
        yield from leaves(hints[field.name], field.name)


@pytest.mark.parametrize(("topic", "kind"), EVENT_TYPES.items())
def test_a_topic_is_aggregate_fact_and_version(topic: str, kind: type[Event]) -> None:
    assert re.fullmatch(
        r"(network|shelter|unit|case|placement|desk|inquiry)\.[a-z]+(-[a-z]+)*\.[1-9][0-9]*", topic
    )
    assert topic == kind.TOPIC
    assert kind.__module__.split(".")[1] == topic.split(".", maxsplit=1)[0]


def test_no_two_events_share_a_topic_and_none_is_left_out() -> None:
    declared = {
        value
        for module in (network, shelter, unit, case, placement, desk, inquiry)
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Event) and value is not Event
    }
    assert declared == set(EVENT_TYPES.values())
    assert len({kind.TOPIC for kind in declared}) == len(declared)


@pytest.mark.parametrize("kind", EVENT_TYPES.values())
def test_an_event_is_frozen_small_and_named_field_by_field(kind: type[Event]) -> None:
    parameters = kind.__dataclass_params__  # type: ignore[attr-defined]
    assert parameters.frozen
    assert all(field.kw_only for field in dataclasses.fields(kind))
    assert not hasattr(object.__new__(kind), "__dict__")


@pytest.mark.parametrize("kind", EVENT_TYPES.values())
def test_every_field_is_of_a_type_that_is_stored(kind: type[Event]) -> None:
    for path, leaf in fields_of(kind):
        assert leaf in PLAIN or issubclass(leaf, enum.StrEnum), f"{kind.TOPIC} {path}: {leaf}"


def test_the_log_has_no_room_for_free_text() -> None:
    texts = {
        (kind.TOPIC, path) for kind in EVENT_TYPES.values() for path, leaf in fields_of(kind) if leaf is str
    }
    assert texts == CODES


@pytest.mark.parametrize("kind", EVENT_TYPES.values())
def test_a_placements_own_events_keep_houses_units_and_zones_in_their_reserved_part(
    kind: type[Event],
) -> None:
    if not kind.TOPIC.startswith("placement."):
        return
    hidden = {"ShelterId", "UnitId", "PlaceId", "ZoneId", "OccupancyId", "PlacementId"}
    for name, hint in get_type_hints(kind).items():
        if name in ("TOPIC", "RESERVED"):
            continue
        assert name in kind.RESERVED or not any(
            word in str(hint) for word in (*hidden, "HeldUnit", "Candidate")
        )


def test_a_reserved_field_is_a_field() -> None:
    with pytest.raises(AssertionError, match="not a field"):

        @stored("case.mistaken.1", reserved=("nobody",))
        class Mistaken(Event):
            pass
