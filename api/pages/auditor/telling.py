"""What an event of a placement says besides its name: those of its fields whose values are codes.

The families of codes are read from the events' own types, so that a new field cannot be forgotten. Ids,
digests and values kept apart are not told: they stand in the file that is taken away. The timeline calls it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from types import MappingProxyType
from typing import Any, get_args, get_type_hints

from api.pages.marking import _
from domain.catalogue import EVENT_TYPES

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "answer": _("risposta"),
        "cause": _("causa"),
        "channel": _("canale"),
        "checked_by": _("chi verifica"),
        "criteria_met": _("requisiti presenti"),
        "destination": _("dove va chi resta fuori"),
        "escort": _("chi accompagna"),
        "features_required": _("cosa serve"),
        "intake_mode": _("tipo di ingresso"),
        "kind": _("tipo"),
        "level": _("livello"),
        "oldest_boy": _("figlio maschio più grande"),
        "outcome": _("esito"),
        "reason": _("motivo"),
        "risk": _("rischio"),
        "set_by": _("decisa da"),
        "setting": _("dove si trova"),
        "shown": _("motivo"),
        "side": _("chi"),
        "told": _("che cosa le è stato detto"),
        "urgency": _("urgenza"),
        "urgency_set_by": _("urgenza decisa da"),
        "policy": _("regole"),
        "ranker": _("metodo"),
    }
)
_PLAIN = ("policy", "ranker")
"""Versions: told as they are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A field of an event: its label, and its codes with their family (None: the values are plain)."""

    label: str
    family: str | None
    codes: tuple[str, ...]


def said_in(topic: str, event: Mapping[str, Any]) -> Iterator[Said]:
    """The fields of an event that hold codes or versions, in their order; empty ones are left out."""
    families = _families(topic.rpartition(".")[0])
    for field, value in event.items():
        codes = tuple(
            str(each) for each in (value if isinstance(value, list) else [value]) if each is not None
        )
        if codes and (field in families or field in _PLAIN):
            yield Said(label=FIELDS[field], family=families.get(field), codes=codes)


@cache
def _families(name: str) -> Mapping[str, str]:
    """The enum of each field that has one, by the newest version of the event."""
    newest = [kind for topic, kind in EVENT_TYPES.items() if topic.rpartition(".")[0] == name]
    return {
        field.name: found.__name__
        for kind in newest
        for field in fields(kind)
        if (found := _enum_in(get_type_hints(kind)[field.name])) is not None
    }


def _enum_in(hint: Any) -> type[enum.Enum] | None:
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return hint
    return next((found for each in get_args(hint) if (found := _enum_in(each)) is not None), None)
