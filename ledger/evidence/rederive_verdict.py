"""What deriving the decisions of a log again can find, and what it says in the end. Values alone."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


class Flaw(enum.StrEnum):
    """What was found wrong, of a row or of a decision. A decision has one: the first in this order."""

    OUT_OF_ORDER = "OUT_OF_ORDER"
    """The row does not stand one position after the row before it."""
    UNREADABLE = "UNREADABLE"
    """The row's bytes are not what its topic says."""
    IMPOSSIBLE = "IMPOSSIBLE"
    """The event cannot follow from what stood before it."""
    REQUEST_UNKNOWN = "REQUEST_UNKNOWN"
    """A ranking of a placement that nobody had asked for, or that had ended."""
    POSITION_OUT_OF_LOG = "POSITION_OUT_OF_LOG"
    """The certificate names a position that is not in the log before its own command."""
    POSITION_TOO_FAR_BACK = "POSITION_TOO_FAR_BACK"
    """The certificate names a position further back than the window reaches: not derived, so not known."""
    POLICY_UNKNOWN = "POLICY_UNKNOWN"
    POLICY_NOT_IN_FORCE = "POLICY_NOT_IN_FORCE"
    """At that position another version was in force."""
    RANKER_UNKNOWN = "RANKER_UNKNOWN"
    RANKER_NOT_OF_POLICY = "RANKER_NOT_OF_POLICY"
    """The policy names another ranker."""
    NOT_DERIVABLE = "NOT_DERIVABLE"
    """The ranker cannot rank what the log says."""
    DIFFERS = "DIFFERS"
    """Another certificate follows from the log."""
    HELD_ANOTHER = "HELD_ANOTHER"
    """Places were held that are not those of the candidate that the decision names."""
    OVERRIDDEN_OTHERWISE = "OVERRIDDEN_OTHERWISE"
    """A place was held against other rules than those that stood against it, or against one that nobody may
    go against.
    """
    LEFT_WAITING = "LEFT_WAITING"
    """A request was left waiting by a ranking that had found a place."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deviation:
    """One flaw, where it stands in the log; `fields` are those of the certificate that differ."""

    flaw: Flaw
    position: int
    stream: UUID
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Rederived:
    """What became of a log's decisions: `alike` of `decisions` follow from it as they were recorded.

    `flaws` counts everything that was found, by kind; `deviations` tells the first of them in full, in the
    order of the log.
    """

    rows: int
    position: int
    decisions: int
    alike: int
    flaws: Mapping[Flaw, int]
    deviations: tuple[Deviation, ...]

    @property
    def agrees(self) -> bool:
        return self.alike == self.decisions and not self.flaws
