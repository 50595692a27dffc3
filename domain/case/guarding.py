"""Who may not see a case, who may for once, and what is reviewed afterwards: commands, and what follows for
one case.

Whether somebody's role lets them ask is `domain.permissions`; a hold against a rule is
`domain.coordination.overriding`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from domain.case.events import (
    CaseAccessRestored,
    CaseAccessRestricted,
    CaseEvent,
    CaseValuesOpened,
    EscortEntrusted,
    GlassBroken,
    GlassReviewed,
    OverrideReviewed,
)
from domain.case.state import CaseState
from domain.codes import GlassReason, ReviewOutcome
from domain.kept import OpeningPurpose
from domain.refusals import Refusal
from domain.vocabulary import BreakingId, NewId, OverrideId, PlacementId

GLASS_LASTS = timedelta(hours=4)
REVIEWED_WITHIN = timedelta(hours=72)
ESCORT_LASTS_AT_MOST = timedelta(hours=24)

_LOOK = CaseValuesOpened(commitments=(), purpose=OpeningPurpose.REVIEW)
"""Each look is one more: no value is opened, and the case is seen."""

Answer = tuple[CaseEvent, ...] | Refusal

# --- Commands -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class RestrictAccess:
    """For this person the case is not there: a conflict of interest."""

    actor: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoreAccess:
    actor: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class BreakGlass:
    """Somebody without a part in the case must see it now, for four hours."""

    actor: UUID
    reason: GlassReason


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewBreaking:
    """A second person, `actor`, says what it was."""

    breaking_id: BreakingId
    actor: UUID
    outcome: ReviewOutcome


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewOverride:
    """A second person says what it was. `acted` is who had overridden, which the log's metadata tells."""

    override_id: OverrideId
    actor: UUID
    acted: UUID
    outcome: ReviewOutcome


@dataclass(frozen=True, kw_only=True, slots=True)
class EntrustEscort:
    """This officer brings the household, and learns the hand-over point until then."""

    actor: UUID
    placement_id: PlacementId
    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class LookThroughGlass:
    """Somebody is about to see the case for having broken the glass, and for nothing else."""

    actor: UUID


GuardingCommand = (
    RestrictAccess
    | RestoreAccess
    | BreakGlass
    | ReviewBreaking
    | ReviewOverride
    | EntrustEscort
    | LookThroughGlass
)

# --- decide -------------------------------------------------------------------------------------------------


def decide(command: GuardingCommand, state: CaseState, now: datetime, new_id: NewId) -> Answer:
    """Refuses: CASE_UNKNOWN; of the glass also ACCESS_RESTRICTED (who has a conflict of interest breaks
    none), GLASS_UNREVIEWED (theirs has closed, and nobody has said what it was); of a review REVIEW_UNKNOWN,
    SAME_PERSON; of an escort PLACEMENT_UNKNOWN (not the case's open one), NOT_IN_THE_FUTURE, TOO_FAR_AHEAD.
    """
    if not state.opened:
        return Refusal.CASE_UNKNOWN
    match command:
        case RestrictAccess(actor=actor):
            return () if actor in state.restricted else (CaseAccessRestricted(actor=actor),)
        case RestoreAccess(actor=actor):
            return (CaseAccessRestored(actor=actor),) if actor in state.restricted else ()
        case BreakGlass():
            return _break(command, state, now, new_id)
        case ReviewBreaking():
            return _review_breaking(command, state)
        case ReviewOverride():
            return _review_override(command, state)
        case EntrustEscort():
            return _entrust(command, state, now)
        case LookThroughGlass(actor=actor):
            return (_LOOK,) if glass_broken(state, actor, now) else ()


def glass_broken(state: CaseState, actor: UUID, now: datetime) -> bool:
    """Whether this person sees the case for having broken the glass."""
    return any(broken.actor == actor and now < broken.until for broken in state.breakings.values())


def _break(command: BreakGlass, state: CaseState, now: datetime, new_id: NewId) -> Answer:
    if command.actor in state.restricted:
        return Refusal.ACCESS_RESTRICTED
    if glass_broken(state, command.actor, now):
        return ()
    theirs = {each for each, broken in state.breakings.items() if broken.actor == command.actor}
    if not theirs.isdisjoint(state.to_review):
        return Refusal.GLASS_UNREVIEWED
    broken = GlassBroken(
        breaking_id=BreakingId(new_id()),
        actor=command.actor,
        reason=command.reason,
        until=now + GLASS_LASTS,
        review_by=now + REVIEWED_WITHIN,
    )
    return (broken,)


def _review_breaking(command: ReviewBreaking, state: CaseState) -> Answer:
    broken = state.breakings.get(command.breaking_id)
    if broken is None:
        return Refusal.REVIEW_UNKNOWN
    if broken.actor == command.actor:
        return Refusal.SAME_PERSON
    if command.breaking_id not in state.to_review:
        return ()
    return (GlassReviewed(breaking_id=command.breaking_id, outcome=command.outcome),)


def _review_override(command: ReviewOverride, state: CaseState) -> Answer:
    if command.override_id not in state.overrides:
        return Refusal.REVIEW_UNKNOWN
    if command.acted == command.actor:
        return Refusal.SAME_PERSON
    if command.override_id not in state.to_review:
        return ()
    return (OverrideReviewed(override_id=command.override_id, outcome=command.outcome),)


def _entrust(command: EntrustEscort, state: CaseState, now: datetime) -> Answer:
    if command.placement_id != state.open_placement:
        return Refusal.PLACEMENT_UNKNOWN
    if command.until <= now:
        return Refusal.NOT_IN_THE_FUTURE
    if command.until > now + ESCORT_LASTS_AT_MOST:
        return Refusal.TOO_FAR_AHEAD
    entrusted = EscortEntrusted(actor=command.actor, placement_id=command.placement_id, until=command.until)
    return () if entrusted in state.escorts else (entrusted,)
