"""What an inquiry is now, folded from its events: `initial` and `evolve`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from domain.evolution import changed, with_entry
from domain.inquiry.events import (
    InquiryDecided,
    InquiryEvent,
    InquiryReceived,
    InquiryValueKept,
    InquiryValuesOpened,
)
from domain.kept import ValueKind

_NO_VALUES: Mapping[ValueKind, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class InquiryState:
    received: InquiryReceived | None = None
    values: Mapping[ValueKind, str] = field(default_factory=lambda: _NO_VALUES)
    decided: InquiryDecided | None = None


initial = InquiryState()


def evolve(state: InquiryState, event: InquiryEvent) -> InquiryState:
    match event:
        case InquiryReceived():
            return changed(state, received=event)
        case InquiryValueKept(kind=kind, commitment=commitment):
            return changed(state, values=with_entry(state.values, kind, commitment))
        case InquiryValuesOpened():
            return state
        case InquiryDecided():
            return changed(state, decided=event)
