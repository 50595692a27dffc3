"""How far ahead an hour that somebody is awaited at may lie. Beyond it stands a slip in a date, and alarms
that would be silent until then.

Not a deadline of the policy: what is refused here was never agreed. Called by what decides handovers, bridges
and the hour until which she is safe.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.vocabulary import Urgency

FARTHEST = timedelta(days=31)
FARTHEST_WHEN_PRESSING = timedelta(days=3)
"""For who needs a place tonight or today: when they come, and when somebody looks at a bridge."""


def is_too_far(ahead: datetime | None, said_at: datetime) -> bool:
    """Whether it lies too far after the moment it was said."""
    return ahead is not None and ahead - said_at > FARTHEST


def is_too_far_to_wait(ahead: datetime | None, said_at: datetime, urgency: Urgency) -> bool:
    """The same where the household itself is awaited, or looked after, at that hour."""
    farthest = FARTHEST_WHEN_PRESSING if urgency in (Urgency.U1, Urgency.U2) else FARTHEST
    return ahead is not None and ahead - said_at > farthest
