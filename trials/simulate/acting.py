"""What everybody who acts in a run shares: where to look, whom to ask, and the agenda."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.matching.places import Places
from domain.placement.standing import Offer, OfferState
from domain.placement.state import PlacementState
from domain.vocabulary import OfferId
from trials.simulate.agenda import Agenda, Deed
from trials.simulate.asking import Asking
from trials.simulate.drawing import Draws
from trials.simulate.houses import Houses
from trials.simulate.journeys import Journey
from trials.simulate.parameters import Parameters


@dataclass(frozen=True, kw_only=True, slots=True)
class Around:
    """The run as its people find it."""

    places: Places
    asking: Asking
    agenda: Agenda
    houses: Houses
    draws: Draws
    parameters: Parameters


class Acting:
    """Somebody who acts. Each deed looks again when its minute comes, as a person would."""

    def __init__(self, around: Around) -> None:
        self._places = around.places
        self._asking = around.asking
        self._agenda = around.agenda
        self._houses = around.houses
        self._draws = around.draws
        self._parameters = around.parameters

    @property
    def _now(self) -> datetime:
        return self._agenda.now

    def _later(self, now: datetime, after: timedelta, deed: Deed) -> None:
        self._agenda.note(now + after, deed)

    def _state(self, journey: Journey) -> PlacementState | None:
        """The placement as it is now; None once it has ended."""
        return self._places.placements.get(journey.placement_id)

    def _standing(self, journey: Journey, offer_id: OfferId) -> tuple[PlacementState | None, Offer | None]:
        """The placement, and the offer if its hold stands."""
        state = self._state(journey)
        return state, state.held if state is not None and state.hold == offer_id else None

    def _settled(self, offer: Offer) -> bool:
        return offer.state in (OfferState.ACCEPTED, OfferState.REFUSED, OfferState.DECLINED)
