"""What a placement is now, folded from its events: `initial` and `evolve`. What follows from each kind of
event stands in `steps`. Who decides is `decide` and `domain.coordination`.
"""

from __future__ import annotations

from domain.evolution import Steps
from domain.placement.events import PlacementEvent
from domain.placement.journey import PlacementState
from domain.placement.standing import Alarm, Bridge, Offer, OfferState, Phase
from domain.placement.steps import asking, bridging, offering, searching, staying

__all__ = ["Alarm", "Bridge", "Offer", "OfferState", "Phase", "PlacementState", "evolve", "initial"]

initial = PlacementState()

_STEPS = Steps[PlacementState].of_all(
    PlacementEvent, asking.STEPS, searching.STEPS, offering.STEPS, bridging.STEPS, staying.STEPS
)


def evolve(state: PlacementState, event: PlacementEvent) -> PlacementState:
    return _STEPS[event.__class__](state, event)
