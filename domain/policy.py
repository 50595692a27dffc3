"""The dated rules that a network agrees on, as data: deadlines, freshness, weights, which ranker decides.

A policy is adopted by an event (`network.policy-adopted.2`), so every decision can name the version it was
taken under. Sources of the start values: `docs/decisions/0003-policy-start-values.md`.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.vocabulary import Urgency, is_code

LONGEST_MINUTES = 24 * 60
"""Longer times are civil days, not minutes."""
STALEST_HOURS = 31 * 24
LARGEST_WEIGHT = 1_000_000
MOST_SILENT_OFFERS = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """Penalties the ranker adds up; the lowest sum goes first. All integers.

    `spare_place` per place taken beyond need, `spare_feature` per feature she does not require, so that it
    stays for those who do; `extra_unit` per unit beyond the first; `pending_offer` per other household whose
    answer the house still owes or whose arrival it awaits; `wrong_availability` where the house's own word
    was last found wrong; `other_district` where continuity was asked for and the house has no agreement
    there.
    """

    spare_place: int
    ageing_availability: int
    stale_availability: int
    spare_feature: int
    extra_unit: int = 0
    pending_offer: int = 0
    wrong_availability: int = 0
    other_district: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """One version of the network's rules. Minutes and hours as named; U4 answers are due at a local time of
    day.
    """

    version: str
    ranker: str
    offer_minutes_u1: int
    offer_minutes_u2: int
    offer_minutes_u3: int
    offer_hour_u4: int
    conversation_minutes: int
    fresh_hours: int
    stale_hours: int
    weights: Weights
    no_place_minutes: int = 20
    """A request of tonight or today (U1, U2) without a place for so long calls a person."""
    silent_offers: int = 2
    """So many unanswered offers of one request call a person."""
    safe_until_lead_minutes: int = 60
    """How long before the hour until which she is safe a person is called."""
    arrival_grace_minutes: int = 60
    """How long after the agreed hour a household that has not arrived calls a person."""


RANKERS = frozenset({"rank_1"})
"""The names of the rankers there are (`domain.matching.rankers` has their code)."""

START_POLICY = Policy(
    version="start-1",
    ranker="rank_1",
    offer_minutes_u1=10,
    offer_minutes_u2=30,
    offer_minutes_u3=240,
    offer_hour_u4=12,
    conversation_minutes=30,
    fresh_hours=12,
    stale_hours=24,
    weights=Weights(
        spare_place=10,
        ageing_availability=5,
        stale_availability=40,
        spare_feature=3,
        extra_unit=25,
        pending_offer=8,
        wrong_availability=30,
        other_district=50,
    ),
)


def is_applicable(policy: Policy) -> bool:
    """Whether a decision can be taken under it: a known ranker, times that are times, no negative weight."""
    silences = (policy.offer_minutes_u1, policy.offer_minutes_u2, policy.offer_minutes_u3)
    return (
        is_code(policy.version)
        and policy.ranker in RANKERS
        and all(0 < minutes <= LONGEST_MINUTES for minutes in (*silences, policy.conversation_minutes))
        and 0 <= policy.offer_hour_u4 <= 23
        and 0 < policy.fresh_hours <= policy.stale_hours <= STALEST_HOURS
        and 0 < policy.no_place_minutes <= LONGEST_MINUTES
        and 0 < policy.silent_offers <= MOST_SILENT_OFFERS
        and 0 <= policy.safe_until_lead_minutes <= LONGEST_MINUTES
        and 0 <= policy.arrival_grace_minutes <= LONGEST_MINUTES
        and all(0 <= weight <= LARGEST_WEIGHT for weight in astuple(policy.weights))
    )


def offer_deadline(policy: Policy, urgency: Urgency, start: datetime, zone: ZoneInfo) -> datetime:
    """When an unanswered offer (or an unsent hold) becomes overdue, counted from `start` (UTC).

    U1 to U3 are minutes; U4 is `offer_hour_u4` o'clock of the next working day where the network is.
    """
    minutes = {
        Urgency.U1: policy.offer_minutes_u1,
        Urgency.U2: policy.offer_minutes_u2,
        Urgency.U3: policy.offer_minutes_u3,
    }.get(urgency)
    if minutes is not None:
        return start + timedelta(minutes=minutes)
    day = next_working_day(start.astimezone(zone).date())
    return datetime.combine(day, time(policy.offer_hour_u4), zone).astimezone(start.tzinfo)


def next_working_day(day: date) -> date:
    """The first day after `day` that is neither a Saturday, a Sunday nor an Italian public holiday."""
    day += timedelta(days=1)
    while day.weekday() >= 5 or is_public_holiday(day):
        day += timedelta(days=1)
    return day


_FIXED_HOLIDAYS = frozenset(
    {(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (10, 4), (11, 1), (12, 8), (12, 25), (12, 26)}
)


def is_public_holiday(day: date) -> bool:
    """Italian public holidays (L. 260/1949 as amended; 4 October from 2026, L. 151/2025), Easter Monday
    included.
    """
    if (day.month, day.day) == (10, 4) and day.year < 2026:
        return False
    return (day.month, day.day) in _FIXED_HOLIDAYS or day == _easter(day.year) + timedelta(days=1)


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by Gauss's method with the corrections of the Gregorian
    epact.
    """
    golden, century = year % 19, year // 100
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (year % 100 // 4) - epact - year % 100 % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)
