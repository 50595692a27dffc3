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
    OFFERED_WITHOUT_CONSENT = "OFFERED_WITHOUT_CONSENT"
    DECISION_DIFFERS = "DECISION_DIFFERS"
    ADMITTED_WITHOUT_BOTH_YESES = "ADMITTED_WITHOUT_BOTH_YESES"
    CONTESTED_WITHOUT_A_STAY = "CONTESTED_WITHOUT_A_STAY"
    PLACES_DIFFER_FROM_HOLD = "PLACES_DIFFER_FROM_HOLD"
    CLAIM_TABLE_DIFFERS = "CLAIM_TABLE_DIFFERS"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One breach, where it stands in the log."""

    breach: Breach
    position: int
    stream: UUID


class ExceptionKind(enum.StrEnum):
    """What was declared to have happened beside the rules: listed, never a failure."""

    CONTESTED = "CONTESTED"
    """Somebody was in places where a stay already stood: they are claimed by that stay alone."""
    DIRECT_AGREEMENT = "DIRECT_AGREEMENT"
    """A household was admitted by agreement outside the engine, without the two yeses."""
    EXTRAORDINARY_ADMISSION = "EXTRAORDINARY_ADMISSION"
    """A household was admitted beyond the places there are."""
    RULE_OVERRIDDEN = "RULE_OVERRIDDEN"
    """A place was held against a rule, by a person, for a reason."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclaredException:
    """One declared exception, where it stands in the log: in a unit what is contested there, in a placement
    the places its household was given, in a case nothing. `without_place` of the household had none.
    """

    kind: ExceptionKind
    position: int
    stream: UUID
    places: tuple[UUID, ...]
    without_place: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a log was found to be. `claims` are those that stand at its end, by kind."""

    events: int
    commands: int
    position: int
    findings: tuple[Finding, ...]
    exceptions: tuple[DeclaredException, ...]
    claims: Mapping[ClaimKind, Mapping[UUID, UUID]]

    @property
    def sound(self) -> bool:
        return not self.findings
