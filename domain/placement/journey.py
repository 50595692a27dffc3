"""A placement as it is now, whole: what its events left. `domain.placement.state` folds them into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from domain.codes import NeighbourAnswer, PlacementOutcome
from domain.placement.events import CandidatesRanked, EntryCorrected, HandoverAgreed, PlacementRequested
from domain.placement.standing import Alarm, Bridge, Offer, OfferState, Phase
from domain.vocabulary import BridgeId, MemberId, OfferId, UnitId


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementState:
    """The placement as it is now. `hold` names the offer that keeps places, if any."""

    request: PlacementRequested | None = None
    consent: bool = False
    stopped: bool = False
    stopped_by_a_no: bool = False
    """Of hers, or of a house on safety grounds: no late yes goes over it."""
    waiting: bool = False
    hold: OfferId | None = None
    offers: Mapping[OfferId, Offer] = field(default_factory=lambda: MappingProxyType({}))
    not_to_ask: frozenset[UnitId] = frozenset()
    woman_accepted: bool = False
    proximity_checked_by_voice: bool = False
    handover: HandoverAgreed | None = None
    """When the household of the hold that stands is expected."""
    not_arrived: bool = False
    welfare_check_asked: bool = False
    """Of a household that had not arrived."""
    admitted: bool = False
    outcome: PlacementOutcome | None = None
    ranking: CandidatesRanked | None = None
    """The latest."""
    silent_at: tuple[datetime, ...] = ()
    """When each offer ran out that nobody answered in time, since a house last answered."""
    refused_at: datetime | None = None
    """When a house last said no."""
    bridges: Mapping[BridgeId, Bridge] = field(default_factory=lambda: MappingProxyType({}))
    neighbours: Mapping[MemberId, NeighbourAnswer | None] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """Desks asked, with their latest answer; None while it is awaited."""
    alarms: Mapping[Alarm, bool] = field(default_factory=lambda: MappingProxyType({}))
    """Every alarm raised, and whether a person has taken it in hand."""
    corrections: Mapping[int, EntryCorrected] = field(default_factory=lambda: MappingProxyType({}))
    """The latest correction of each version of this stream that was declared wrong."""

    @property
    def corrected(self) -> frozenset[int]:
        """Versions of this stream that were declared wrong."""
        return frozenset(self.corrections)

    @property
    def silences(self) -> int:
        """Offers that nobody answered in time, since a house last answered."""
        return len(self.silent_at)

    @property
    def seeks(self) -> bool:
        """Whether a place is still sought by itself: asked for, without a hold, not stopped for a person."""
        return (
            self.hold is None
            and self.request is not None
            and not (self.stopped or self.admitted or self.outcome is not None)
        )

    @property
    def bridge(self) -> Bridge | None:
        """The bridge that carries the household now."""
        return next((bridge for bridge in self.bridges.values() if bridge.stands), None)

    @property
    def safe_until(self) -> datetime | None:
        """Until when she is safe where she is, a bridge that stands included."""
        said = self.request.safe_until if self.request is not None else None
        bridge = self.bridge
        return said if bridge is None else max(bridge.until, said or bridge.until)

    @property
    def asked_before(self) -> frozenset[UnitId]:
        """Units whose hold had no answer: others come first when it is ranked again."""
        return frozenset(
            held.unit_id
            for offer in self.offers.values()
            if offer.unanswered or offer.state in (OfferState.RELEASED, OfferState.EXPIRED)
            for held in offer.units
        )

    @property
    def held(self) -> Offer | None:
        return self.offers[self.hold] if self.hold is not None else None

    @property
    def phase(self) -> Phase:
        if self.outcome is not None:
            return Phase.ENDED
        if self.admitted:
            return Phase.ADMITTED
        held = self.held
        if held is None:
            return Phase.STOPPED if self.stopped else Phase.WAITING if self.waiting else Phase.SEARCHING
        if held.state is OfferState.ACCEPTED:
            return Phase.ACCEPTED_BY_BOTH if self.woman_accepted else Phase.ACCEPTED_BY_HOUSE
        if held.conversation_until is not None:
            return Phase.IN_CONVERSATION
        return Phase.OFFERED if held.sent else Phase.HELD
