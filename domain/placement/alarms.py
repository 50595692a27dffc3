"""What calls a person: the alarms that are due of a placement, how one is raised, how somebody takes it up.

`due_alarms` is the one place that says what is due; the alarming loop and the decision ask it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.codes import AlarmKind
from domain.placement.events import AlarmRaised, AlarmTaken, PlacementEvent, PlacementRequested
from domain.placement.standing import Alarm, Offer, OfferState, Phase
from domain.placement.state import PlacementState
from domain.policy import Policy
from domain.refusals import Refusal
from domain.vocabulary import PlacementId, Urgency

Answer = tuple[PlacementEvent, ...] | Refusal

# --- Commands -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class RaiseAlarm:
    """Given by the engine when an alarm is due."""

    placement_id: PlacementId
    kind: AlarmKind
    due_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class TakeAlarm:
    """A named person takes the alarm in hand."""

    placement_id: PlacementId
    kind: AlarmKind
    due_at: datetime


AlarmCommand = RaiseAlarm | TakeAlarm

# --- what is due --------------------------------------------------------------------------------------------


def due_alarms(state: PlacementState, now: datetime, policy: Policy) -> tuple[Alarm, ...]:
    """The alarms that are due at `now` and were not raised yet, in the order of when they became due."""
    due = {alarm for alarm in _all_alarms(state, policy) if alarm.due_at <= now}
    return tuple(sorted(due - state.alarms.keys(), key=lambda alarm: (alarm.due_at, alarm.kind)))


def _all_alarms(state: PlacementState, policy: Policy) -> Iterator[Alarm]:
    """Every alarm there will be if nothing more happens, raised or not."""
    if state.request is None or state.outcome is not None or state.admitted:
        return
    yield from _of_where_she_waits(state, policy)
    yield from _of_the_search(state, state.request, policy)
    yield from _of_a_yes(state, policy)


def _of_where_she_waits(state: PlacementState, policy: Policy) -> Iterator[Alarm]:
    if state.safe_until is not None:
        lead = timedelta(minutes=policy.safe_until_lead_minutes)
        yield Alarm(AlarmKind.SAFE_UNTIL, state.safe_until - lead)
    bridge = state.bridge
    if bridge is not None:
        if bridge.check_at is not None:
            yield Alarm(AlarmKind.BRIDGE_CHECK, bridge.check_at)
        yield Alarm(AlarmKind.BRIDGE_ENDS, bridge.until)
    if state.handover is not None:
        grace = timedelta(minutes=policy.arrival_grace_minutes)
        yield Alarm(AlarmKind.LATE_ARRIVAL, state.handover.expected_at + grace)


def _of_the_search(state: PlacementState, requested: PlacementRequested, policy: Policy) -> Iterator[Alarm]:
    held = state.held
    tonight = requested.urgency in (Urgency.U1, Urgency.U2)
    if tonight and (held is None or held.state is not OfferState.ACCEPTED):
        yield Alarm(
            AlarmKind.NO_PLACE_YET, requested.occurred_at + timedelta(minutes=policy.no_place_minutes)
        )
    if state.silences >= policy.silent_offers and not _talks(held):
        yield Alarm(AlarmKind.HOUSES_SILENT, state.silent_at[policy.silent_offers - 1])
    found_none = state.ranking is not None and not state.ranking.best
    if state.refused_at is not None and state.phase is Phase.WAITING and found_none:
        yield Alarm(AlarmKind.ALL_REFUSED, state.refused_at)


def _of_a_yes(state: PlacementState, policy: Policy) -> Iterator[Alarm]:
    """Of each house that has said yes: it was lost, it came too late, or nothing has followed from it."""
    held = state.held
    accepted = held is not None and held.state is OfferState.ACCEPTED
    for offer in state.offers.values():
        if offer.lost and offer.accepted_at is not None and not accepted:
            yield Alarm(AlarmKind.PLACE_LOST, offer.accepted_at)
        if offer.late_yes_at is not None:
            yield Alarm(AlarmKind.LATE_YES, offer.late_yes_at)
    if held is not None and held.accepted_at is not None and state.handover is None:
        grace = timedelta(minutes=policy.arrival_grace_minutes)
        yield Alarm(AlarmKind.NOT_SETTLED, held.accepted_at + grace)


def _talks(held: Offer | None) -> bool:
    return held is not None and held.conversation_until is not None and not held.unanswered


# --- decide -------------------------------------------------------------------------------------------------


def decide(command: AlarmCommand, state: PlacementState, now: datetime, policy: Policy) -> Answer:
    """An alarm is raised once, and only when it is due; only one that was raised is taken in hand.

    Refuses: PLACEMENT_UNKNOWN, ALARM_UNKNOWN, PLACEMENT_ENDED.
    """
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    alarm = Alarm(command.kind, command.due_at)
    match command:
        case RaiseAlarm():
            if alarm in state.alarms:
                return ()
            if alarm not in due_alarms(state, now, policy):
                return Refusal.ALARM_UNKNOWN
            return (AlarmRaised(kind=alarm.kind, due_at=alarm.due_at),)
        case TakeAlarm():
            if alarm not in state.alarms:
                return Refusal.ALARM_UNKNOWN
            if state.alarms[alarm]:
                return ()
            if state.outcome is not None:
                return Refusal.PLACEMENT_ENDED
            return (AlarmTaken(kind=alarm.kind, due_at=alarm.due_at),)
