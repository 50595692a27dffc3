"""What a desk is now, folded from its events: `initial` and `evolve`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from domain.desk.events import DeskClosed, DeskEvent, DeskOpened, DeskValueKept, DeskValuesOpened
from domain.evolution import changed, with_entry
from domain.kept import ValueKind

_NO_VALUES: Mapping[ValueKind, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskState:
    """`values` are the commitments that stand, by kind."""

    opened: DeskOpened | None = None
    closed: bool = False
    values: Mapping[ValueKind, str] = field(default_factory=lambda: _NO_VALUES)


initial = DeskState()


def evolve(state: DeskState, event: DeskEvent) -> DeskState:
    match event:
        case DeskOpened():
            return changed(state, opened=event)
        case DeskClosed():
            return changed(state, closed=True)
        case DeskValueKept(kind=kind, commitment=commitment):
            return changed(state, values=with_entry(state.values, kind, commitment))
        case DeskValuesOpened():
            return state
