"""The one question, and its one answer: may somebody in this role do this, given how they stand to the thing?

Pure, and no by default. The doors give it the facts and turn a no into 403, or into 404 where even existence
is not theirs to know (`hidden`).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from domain.permissions.actions import Action
from domain.permissions.matrix import CHANNELS, KNOWING, MATRIX
from domain.permissions.relations import NO_RELATION, Relation
from domain.permissions.roles import Role
from domain.vocabulary import Channel


class Denial(enum.StrEnum):
    """Why not."""

    REVIEW_OVERDUE = "REVIEW_OVERDUE"
    ROLE = "ROLE"
    CONFLICT_OF_INTEREST = "CONFLICT_OF_INTEREST"
    RELATION = "RELATION"
    CHANNEL_OF_OTHERS = "CHANNEL_OF_OTHERS"
    CHANNEL_NOT_LISTED = "CHANNEL_NOT_LISTED"


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """How somebody stands to the thing; for a request also its channel, and which ones the network lists."""

    relations: frozenset[Relation] = NO_RELATION
    channel: Channel | None = None
    listed: frozenset[Channel] = frozenset(Channel)


@dataclass(frozen=True, slots=True)
class Allowed:
    pass


@dataclass(frozen=True, slots=True)
class Denied:
    """`hidden`: the answer must be that of a thing that is not there."""

    reason: Denial
    hidden: bool


Verdict = Allowed | Denied
NOTHING_KNOWN = Facts()
_ALLOWED = Allowed()


def decide(role: Role, action: Action, facts: Facts = NOTHING_KNOWN) -> Verdict:
    """Denies, in this order: ROLE, CONFLICT_OF_INTEREST, RELATION, CHANNEL_OF_OTHERS, CHANNEL_NOT_LISTED."""
    needed = MATRIX[action].get(role)
    if needed is None:
        return Denied(Denial.ROLE, hidden=False)
    if Relation.RESTRICTED in facts.relations:
        return Denied(Denial.CONFLICT_OF_INTEREST, hidden=True)
    if needed.isdisjoint(facts.relations):
        return Denied(Denial.RELATION, hidden=not _knows(role, facts.relations))
    if facts.channel is not None and facts.channel not in CHANNELS[role]:
        return Denied(Denial.CHANNEL_OF_OTHERS, hidden=False)
    if facts.channel is not None and facts.channel not in facts.listed:
        return Denied(Denial.CHANNEL_NOT_LISTED, hidden=False)
    return _ALLOWED


def decide_any(role: Role, actions: tuple[Action, ...], facts: Facts) -> Verdict:
    """Whether one of several actions is allowed; else why the last that the role has is not."""
    verdict: Verdict = Denied(Denial.ROLE, hidden=False)
    for action in actions:
        found = decide(role, action, facts)
        if isinstance(found, Allowed):
            return found
        if found.reason is not Denial.ROLE:
            verdict = found
    return verdict


def may_enter(role: Role, actions: tuple[Action, ...], *, review_overdue: bool) -> Verdict:
    """Whether somebody may ask at all for one of these. Whoever broke the glass, and nobody has said within
    its time what that was, may nothing until somebody does. Denies: REVIEW_OVERDUE, ROLE.
    """
    if review_overdue:
        return Denied(Denial.REVIEW_OVERDUE, hidden=False)
    return _ALLOWED if may(role, *actions) else Denied(Denial.ROLE, hidden=False)


def may(role: Role, *actions: Action) -> bool:
    """Whether somebody in this role may do at least one of these to some thing, whatever it is."""
    return any(MATRIX[action].get(role) for action in actions)


def may_keep_from(by: Role, whom: Role | None) -> bool:
    """Whether somebody in one role may keep a case from somebody in another. Nobody hides one from those who
    look at what was done; the lead body declares its own conflicts. Called by the door, which knows roles.
    """
    if whom is Role.LEAD_BODY:
        return by is Role.LEAD_BODY
    return whom not in (Role.AUDITOR, Role.DATA_PROTECTION)


def _knows(role: Role, relations: frozenset[Relation]) -> bool:
    return any(not MATRIX[action].get(role, frozenset()).isdisjoint(relations) for action in KNOWING)
