"""Neighbouring desks and bridges, decided in a world; and the end of a bridge that another command brings.

What follows for the placement is `domain.placement.bridging`'s. Called by the doors.
"""

from __future__ import annotations

from datetime import datetime

from domain.codes import BridgeEnd
from domain.placement.bridging import AskNeighbour, BridgingCommand, decide
from domain.placement.events import BridgeEnded
from domain.placement.state import PlacementState
from domain.refusals import Refusal
from domain.vocabulary import MemberKind, PlacementId
from domain.world import Context, Decided, Draft, World, on_stream


def bridge(command: BridgingCommand, world: World, context: Context) -> Decided:
    """Refuses: PLACEMENT_UNKNOWN, NEIGHBOUR_UNKNOWN (no desk of a neighbouring network), then what
    `domain.placement.bridging` refuses.
    """
    state = world.placement(command.placement_id)
    if (
        isinstance(command, AskNeighbour)
        and state.request is not None
        and not world.network().has_member(command.member_id, MemberKind.NEIGHBOUR_NETWORK)
    ):
        return Refusal.NEIGHBOUR_UNKNOWN
    return on_stream(command.placement_id, decide(command, state, context.now, context.new_id))


def end_bridge(
    placement_id: PlacementId, state: PlacementState, cause: BridgeEnd, occurred_at: datetime, draft: Draft
) -> None:
    """A bridge that stands is over: every command that ends the need for it says so in the same append."""
    standing = state.bridge
    if standing is not None:
        ended = BridgeEnded(bridge_id=standing.bridge_id, cause=cause, occurred_at=occurred_at)
        draft.add(placement_id, ended)
