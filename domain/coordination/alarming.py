"""An alarm raised or taken in hand, decided in a world: for the alarming loop and the doors."""

from __future__ import annotations

from domain.placement.alarms import AlarmCommand, decide
from domain.world import Context, Decided, World, on_stream


def alarm(command: AlarmCommand, world: World, context: Context) -> Decided:
    """Refuses what `domain.placement.alarms` refuses."""
    state = world.placement(command.placement_id)
    return on_stream(command.placement_id, decide(command, state, context.now, context.policy))
