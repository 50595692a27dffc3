"""What became of each request, as it was heard from the log: notes that the people and the report share."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from domain.codes import PlacementOutcome, RefusalGroup
from domain.vocabulary import CaseId, OfferId, PlacementId
from trials.simulate.answers import Answer
from trials.simulate.arrivals import Arrival


@dataclass(kw_only=True, slots=True)
class Journey:
    """One request from asking to its end. Instants are virtual."""

    arrival: Arrival
    placement_id: PlacementId
    case_id: CaseId
    asked_at: datetime
    held_at: datetime | None = None
    admitted_at: datetime | None = None
    outcome: PlacementOutcome | None = None
    waited: bool = False
    refusals: list[RefusalGroup] = field(default_factory=list)
    declined: int = 0
    unanswered: int = 0
    displaced: int = 0
    late_yes: int = 0
    bridges: int = 0
    alarms: int = 0
    direct: bool = False
    no_shows: int = 0
    times: Counter[str] = field(default_factory=Counter)
    """How often each unit was asked, by its name."""
    said_yes: set[str] = field(default_factory=set)
    """Houses' units that said yes too late."""
    answers: dict[OfferId, Answer] = field(default_factory=dict)

    @property
    def gives_up_at(self) -> datetime:
        return self.asked_at + self.arrival.patience
