"""A placement's decisions, each beside what follows from the log: for whoever verifies.

Houses bear labels drawn for this placement alone, and their rooms a number; no id is told. A unit excluded
for SAFETY is counted and not labelled: over many placements it would tell where its house is. Pure; the door
of decisions calls it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.codes import ToConfirm
from domain.matching.certificate import certify
from domain.matching.places import Places
from domain.matching.ranking import ExclusionCode, Ranking
from domain.placement.events import CandidatesRanked, RankedCandidate
from domain.vocabulary import PlacementId, ShelterId, UnitId
from ledger.evidence.rederive_verdict import Deviation, Flaw
from projections.ranking_view import RankingSummary, ranking_summary


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelledCandidate:
    """A candidate under its labels: the house's letters, and its rooms' numbers in that house."""

    rank: int
    house: str
    rooms: tuple[str, ...]
    penalty: int
    spare_places: int
    availability_age_minutes: int
    ends_overdue_holds: int
    to_confirm: tuple[ToConfirm, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ExcludedUnits:
    """All that one rule excluded first. `rooms` are labels, none for SAFETY; `units` counts them all."""

    code: ExclusionCode
    units: int
    rooms: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Derived:
    """What the ranker says again, from the log up to the same position."""

    summary: RankingSummary
    candidates: tuple[LabelledCandidate, ...]
    excluded: tuple[ExcludedUnits, ...]
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionView:
    """One certificate as it was recorded, and its re-derivation. `same`: the two are equal, digests too.
    Otherwise `flaw` says what was found and `differing` which fields of the certificate differ; `derived` is
    null where nothing could be derived.
    """

    recorded_position: int
    recorded_at: datetime
    summary: RankingSummary
    candidates: tuple[LabelledCandidate, ...]
    digest: str
    same: bool
    flaw: Flaw | None
    differing: tuple[str, ...]
    derived: Derived | None


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionsView:
    """Every ranking of a placement up to `position`, the log's head, oldest first."""

    placement_id: PlacementId
    position: int
    items: tuple[DecisionView, ...]


Labels = Mapping[ShelterId, str]


def decision_view(
    ranked: CandidatesRanked,
    recorded: tuple[int, datetime],
    places: Places,
    labels: Labels,
    deviation: Deviation | None,
    ranking: Ranking | None,
) -> DecisionView:
    """`recorded`: its position and instant. `ranking`: what was derived."""
    rooms = _rooms(places, labels)
    return DecisionView(
        recorded_position=recorded[0],
        recorded_at=recorded[1],
        summary=ranking_summary(ranked),
        candidates=_candidates(ranked, labels, rooms),
        digest=ranked.digest,
        same=deviation is None,
        flaw=deviation.flaw if deviation is not None else None,
        differing=deviation.fields if deviation is not None else (),
        derived=_derived(ranking, places, labels, rooms) if ranking is not None else None,
    )


def _derived(ranking: Ranking, places: Places, labels: Labels, rooms: Mapping[UnitId, str]) -> Derived:
    again = certify(ranking)
    return Derived(
        summary=ranking_summary(again),
        candidates=_candidates(again, labels, rooms),
        excluded=_excluded(ranking, places, rooms),
        digest=again.digest,
    )


def _candidates(
    ranked: CandidatesRanked, labels: Labels, rooms: Mapping[UnitId, str]
) -> tuple[LabelledCandidate, ...]:
    return tuple(_candidate(rank, each, labels, rooms) for rank, each in enumerate(ranked.best, start=1))


def _candidate(
    rank: int, candidate: RankedCandidate, labels: Labels, rooms: Mapping[UnitId, str]
) -> LabelledCandidate:
    return LabelledCandidate(
        rank=rank,
        house=labels.get(candidate.shelter_id, "?"),
        rooms=tuple(rooms.get(held.unit_id, "?") for held in candidate.units),
        penalty=candidate.penalty,
        spare_places=candidate.spare_places,
        availability_age_minutes=candidate.availability_age_minutes,
        ends_overdue_holds=len(candidate.expires),
        to_confirm=candidate.to_confirm,
    )


def _excluded(ranking: Ranking, places: Places, rooms: Mapping[UnitId, str]) -> tuple[ExcludedUnits, ...]:
    units = tuple(places.units)
    return tuple(
        ExcludedUnits(
            code=code,
            units=bitmap.bit_count(),
            rooms=()
            if code is ExclusionCode.SAFETY
            else tuple(sorted(rooms[unit] for bit, unit in enumerate(units) if bitmap >> bit & 1)),
        )
        for code, bitmap in ranking.excluded
        if bitmap
    )


def _rooms(places: Places, labels: Labels) -> Mapping[UnitId, str]:
    """By unit: the house's label and a number in that house."""
    return {
        unit: f"{labels.get(house, '?')}{number}"
        for house, units in places.by_shelter.items()
        for number, unit in enumerate(units, start=1)
    }
