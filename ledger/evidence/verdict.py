"""What a check of a log can find, and what it says in the end. Values alone: `invariants` checks."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from domain.claims import ClaimKind


class Breach(enum.StrEnum):
    """What was found wrong, in the order in which a row is looked at."""

    POSITION_OUT_OF_ORDER = "POSITION_OUT_OF_ORDER"
    POSITION_MISSING = "POSITION_MISSING"
    TIME_STEPPED_BACK = "TIME_STEPPED_BACK"
    VERSION_OUT_OF_ORDER = "VERSION_OUT_OF_ORDER"
    STREAM_OF_TWO_KINDS = "STREAM_OF_TWO_KINDS"
    UNREADABLE = "UNREADABLE"
    ANOTHER_NETWORK = "ANOTHER_NETWORK"
    COMMAND_TWICE = "COMMAND_TWICE"
    DOUBLE_CLAIM = "DOUBLE_CLAIM"
    FREED_WITHOUT_CLAIM = "FREED_WITHOUT_CLAIM"
    CASE_BOUND_TWICE = "CASE_BOUND_TWICE"
    CASE_BINDING_DIFFERS = "CASE_BINDING_DIFFERS"
    TWO_HOLDS = "TWO_HOLDS"
    TWO_STAYS = "TWO_STAYS"
    TWO_ENDINGS = "TWO_ENDINGS"
    HELD_AFTER_ENDING = "HELD_AFTER_ENDING"
    HOLD_ACROSS_SHELTERS = "HOLD_ACROSS_SHELTERS"
    PLACES_DIFFER_FROM_HOLD = "PLACES_DIFFER_FROM_HOLD"
    CLAIM_TABLE_DIFFERS = "CLAIM_TABLE_DIFFERS"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One breach, where it stands in the log."""

    breach: Breach
    position: int
    stream: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Contested:
    """A declared exception: guests from outside were in a place where a stay already stood."""

    position: int
    stream: UUID
    place: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a log was found to be. `claims` are those that stand at its end, by kind."""

    events: int
    commands: int
    position: int
    findings: tuple[Finding, ...]
    exceptions: tuple[Contested, ...]
    claims: Mapping[ClaimKind, Mapping[UUID, UUID]]

    @property
    def sound(self) -> bool:
        return not self.findings
