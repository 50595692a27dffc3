"""The ranking, the hold on what was found, and how a hold ends.

Field names and topics are the storage format.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.codes import (
    AskAgainReason,
    ReleaseCause,
    ToConfirm,
)
from domain.event import Event, stored
from domain.vocabulary import (
    HeldUnit,
    OccupancyId,
    OfferId,
    PlacementId,
    ShelterId,
    UnitId,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RankedCandidate:
    """One eligible candidate as it was ranked: what it would take, its penalty (lower is better) and what
    made it up.

    `expires` are overdue holds of other placements that taking it would end; `to_confirm` is what nobody
    knows yet and the house is asked by voice.
    """

    shelter_id: ShelterId
    units: tuple[HeldUnit, ...]
    penalty: int
    spare_places: int
    availability_age_minutes: int
    expires: tuple[PlacementId, ...]
    to_confirm: tuple[ToConfirm, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ExclusionCount:
    """How many units a rule excluded (each unit counts under the first rule that excludes it)."""

    code: str
    units: int


@stored("placement.candidates-ranked.2", reserved=("best",))
class CandidatesRanked(Event):
    """The certificate of one ranking: computed on the log up to `position`, at `decided_at`, by `ranker`
    under `policy`.

    `digest` is SHA-256 over every exclusion and the candidates (`domain.matching.certificate`), in
    hexadecimal.
    """

    position: int
    ranker: str
    policy: str
    decided_at: datetime
    units_seen: int
    eligible: int
    to_be_confirmed: int
    excluded: tuple[ExclusionCount, ...]
    best: tuple[RankedCandidate, ...]
    digest: str


@stored("placement.hold-placed.1", reserved=("shelter_id", "units"))
class HoldPlaced(Event):
    """Places of one shelter are kept for this household, all at once or none. Silence past `deadline` makes
    it overdue.
    """

    offer_id: OfferId
    shelter_id: ShelterId
    units: tuple[HeldUnit, ...]
    deadline: datetime


@stored("placement.left-waiting.1")
class LeftWaiting(Event):
    """No place was found; the request stays open in its order. The ranking before it says why."""


@stored("placement.search-resumed.1")
class SearchResumed(Event):
    """A person decided to go on after the search had stopped."""


@stored("placement.may-be-asked-again.1", reserved=("units",))
class MayBeAskedAgain(Event):
    """A person records that units may be asked again within this request after a no."""

    units: tuple[UnitId, ...]
    reason: AskAgainReason


@stored("placement.hold-released.1")
class HoldReleased(Event):
    offer_id: OfferId
    cause: ReleaseCause


@stored("placement.hold-expired.1", reserved=("needed_by",))
class HoldExpired(Event):
    """The overdue hold went to a request of higher urgency, or of equal urgency and earlier."""

    offer_id: OfferId
    needed_by: PlacementId


@stored("placement.hold-displaced.1", reserved=("occupancy_id",))
class HoldDisplaced(Event):
    """Somebody is really in the held places. The request is ranked again at once in its old place in the
    order.
    """

    offer_id: OfferId
    occupancy_id: OccupancyId
