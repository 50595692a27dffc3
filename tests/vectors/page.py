"""The tables of `docs/EVIDENCE.md` as they follow from the events: a test holds the page to them.

`python -m tests.vectors.page` prints them.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

from domain.catalogue import EVENT_TYPES
from domain.event import Event
from ledger.store.metadata import Metadata

_WORDS: dict[Any, str] = {
    UUID: "id",
    str: "text",
    int: "number",
    bool: "truth",
    datetime: "instant",
    date: "day",
}


EARLIER: Mapping[str, tuple[str, str]] = {
    "network.policy-adopted.1": ("policy: Policy.1, valid_from: day", "none"),
    "placement.requested.1": (
        (
            "case_id: id, channel: Channel, urgency: Urgency, intake_mode: IntakeMode, level: LevelFunction, "
            "household: Household, features_required: [Feature], risk: RiskBand, setting: Setting or null, "
            "safe_until: instant or null, removal_considered: truth or null, send_on: truth, "
            "occurred_at: instant"
        ),
        "zones_to_avoid: [id]",
    ),
    "placement.candidates-ranked.1": (
        (
            "position: number, ranker: text, policy: text, decided_at: instant, units_seen: number, "
            "eligible: number, excluded: [ExclusionCount], digest: text"
        ),
        "best: [RankedCandidate.1]",
    ),
}
"""Topics that are no longer written, as they were: open part and reserved part. Once here, a row stays."""

EARLIER_VALUES: Mapping[str, str] = {
    "Policy.1": (
        "version: text, ranker: text, offer_minutes_u1: number, offer_minutes_u2: number, "
        "offer_minutes_u3: number, offer_hour_u4: number, conversation_minutes: number, fresh_hours: number, "
        "stale_hours: number, weights: Weights.1"
    ),
    "RankedCandidate.1": (
        "shelter_id: id, units: [HeldUnit], penalty: number, spare_places: number, "
        "availability_age_minutes: number, expires: [id]"
    ),
    "Weights.1": (
        "spare_place: number, ageing_availability: number, stale_availability: number, spare_feature: number"
    ),
}
"""Objects as those topics had them."""


def events() -> Iterator[str]:
    """One row for each topic there ever was, an earlier version before its newer one: its open fields and its
    reserved fields.
    """
    for topic, kind in EVENT_TYPES.items():
        for earlier in (each for each in EARLIER if each.rsplit(".", 1)[0] == topic.rsplit(".", 1)[0]):
            yield f"| `{earlier}` | {EARLIER[earlier][0]} | {EARLIER[earlier][1]} |"
        shown = _fields(kind, [name for name in _names(kind) if name not in kind.RESERVED])
        hidden = _fields(kind, [name for name in _names(kind) if name in kind.RESERVED])
        yield f"| `{topic}` | {shown} | {hidden} |"


def values() -> Iterator[str]:
    """One row for each object that stands inside a field."""
    today = {kind.__name__: _fields(kind, _names(kind)) for kind in _inside(is_dataclass)}
    for name, shown in sorted({**today, **EARLIER_VALUES}.items()):
        yield f"| {name} | {shown} |"


def words() -> Iterator[str]:
    """One row for each closed list and its words."""
    lists = _inside(lambda hint: isinstance(hint, type) and issubclass(hint, enum.StrEnum))
    for kind in sorted(lists, key=lambda kind: kind.__name__):
        yield f"| {kind.__name__} | {', '.join(word.value for word in kind)} |"


def _names(kind: type[Any]) -> list[str]:
    return [field.name for field in fields(kind)]


def _fields(kind: type[Any], names: list[str]) -> str:
    hints = get_type_hints(kind)
    return ", ".join(f"{name}: {_word(hints[name])}" for name in names) or "none"


def _word(hint: Any) -> str:
    hint = getattr(hint, "__supertype__", hint)
    if get_origin(hint) is tuple:
        return f"[{_word(get_args(hint)[0])}]"
    if NoneType in get_args(hint):
        return f"{_word(next(each for each in get_args(hint) if each is not NoneType))} or null"
    return _WORDS.get(hint) or str(hint.__name__)


def _inside(wanted: Any) -> set[type[Any]]:
    found: set[type[Any]] = set()
    for kind in (*EVENT_TYPES.values(), Metadata):
        _collect(kind, wanted, found)
    return {kind for kind in found if not issubclass(kind, Event | Metadata)}


def _collect(hint: Any, wanted: Any, found: set[type[Any]]) -> None:
    hint = getattr(hint, "__supertype__", hint)
    if wanted(hint):
        found.add(hint)
    inner = get_type_hints(hint) if is_dataclass(hint) else {}
    for each in (*(inner[name] for name in inner if name.islower()), *get_args(hint)):
        _collect(each, wanted, found)


if __name__ == "__main__":
    for table in (events(), values(), words()):
        print("\n".join(table), end="\n\n")
