"""What carries the household meanwhile, and what calls a person."""

from __future__ import annotations

from domain.evolution import Steps, changed, with_entry
from domain.placement.events import (
    AlarmRaised,
    AlarmTaken,
    BridgeArranged,
    BridgeChecked,
    BridgeEnded,
    NeighbourAnswered,
    NeighbourAsked,
)
from domain.placement.journey import PlacementState
from domain.placement.standing import Alarm, Bridge

STEPS = Steps[PlacementState]()


@STEPS.on(NeighbourAsked)
def _neighbour_asked(state: PlacementState, event: NeighbourAsked) -> PlacementState:
    return changed(state, neighbours=with_entry(state.neighbours, event.member_id, None))


@STEPS.on(NeighbourAnswered)
def _neighbour_answered(state: PlacementState, event: NeighbourAnswered) -> PlacementState:
    return changed(state, neighbours=with_entry(state.neighbours, event.member_id, event.answer))


@STEPS.on(BridgeArranged)
def _arranged(state: PlacementState, event: BridgeArranged) -> PlacementState:
    bridge = Bridge(
        bridge_id=event.bridge_id,
        kind=event.kind,
        checked_by=event.checked_by,
        check_at=event.check_at,
        until=event.until,
    )
    return _with(state, bridge)


@STEPS.on(BridgeChecked)
def _looked(state: PlacementState, event: BridgeChecked) -> PlacementState:
    bridge = state.bridges[event.bridge_id]
    return _with(state, changed(bridge, check_at=event.check_at, checked_at=event.occurred_at))


@STEPS.on(BridgeEnded)
def _over(state: PlacementState, event: BridgeEnded) -> PlacementState:
    return _with(state, changed(state.bridges[event.bridge_id], check_at=None, stands=False))


def _with(state: PlacementState, bridge: Bridge) -> PlacementState:
    return changed(state, bridges=with_entry(state.bridges, bridge.bridge_id, bridge))


@STEPS.on(AlarmRaised)
def _raised(state: PlacementState, event: AlarmRaised) -> PlacementState:
    return changed(state, alarms=with_entry(state.alarms, Alarm(event.kind, event.due_at), False))


@STEPS.on(AlarmTaken)
def _taken(state: PlacementState, event: AlarmTaken) -> PlacementState:
    return changed(state, alarms=with_entry(state.alarms, Alarm(event.kind, event.due_at), True))
