"""A command that touches a placement alone, decided in a world: for the doors, the loops and `answering`.

What follows from it is `domain.placement.decide`'s; here it is only given the placement, the rules and the
instant.
"""

from __future__ import annotations

from domain.placement.commands import PlacementCommand
from domain.placement.decide import decide
from domain.vocabulary import PlacementId
from domain.world import Context, Decided, World, on_stream


def decide_alone(
    placement_id: PlacementId, command: PlacementCommand, world: World, context: Context
) -> Decided:
    """Refuses what `domain.placement.decide` refuses."""
    state = world.placement(placement_id)
    return on_stream(placement_id, decide(command, state, context.now, context.policy, context.zone))
