"""Who asks, what people do with an offer, and what carries them meanwhile, as figures with their sources."""

# ruff: noqa: RUF009 - a figure is a frozen value
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from domain.codes import RefusalGroup
from domain.vocabulary import AgeBand, Channel, Feature, RiskBand, Urgency
from trials.simulate.figures import Assumed, Delay, Parameter, Span
from trials.simulate.figures_of_houses import HouseFigures


@dataclass(frozen=True, kw_only=True)
class PeopleFigures(HouseFigures):
    """What people are like, besides the houses."""

    # --- who asks, and when
    hours: Parameter[tuple[float, float, float, float]] = Assumed(
        (0.15, 0.10, 0.15, 0.60),
        "share of requests in 0-6, 6-12, 12-18, 18-24 o'clock",
        "60 in 100 between 18 and 24 as Finding A Bed Tonight assumes for its load; the rest is spread by us",
    )
    weekdays: Parameter[tuple[float, ...]] = Assumed(
        (0.95, 0.90, 0.90, 0.95, 1.10, 1.10, 1.10),
        "relative requests, Monday to Sunday",
        "somewhat more at weekends, when households are together",
    )
    children: Parameter[tuple[float, ...]] = Parameter(
        (0.38, 0.30, 0.20, 0.08, 0.03, 0.01),
        "share of households with 0, 1, 2, 3, 4, 5 children",
        "38 in 100 without children (Women's Aid, England: 62 have some); mean 1.1, between the 0.94 of "
        "women "
        "hosted in Italy (Istat 2023: 2,875 children for 3,054 women) and England's 1.3",
    )
    ages: Parameter[Mapping[AgeBand, float]] = Assumed(
        MappingProxyType(
            {
                AgeBand.AGE_0_2: 0.24,
                AgeBand.AGE_3_5: 0.22,
                AgeBand.AGE_6_10: 0.30,
                AgeBand.AGE_11_13: 0.14,
                AgeBand.AGE_14_17: 0.10,
            }
        ),
        "share of children",
        "years in each band, the small ones somewhat more",
    )
    urgencies: Parameter[Mapping[Urgency, float]] = Assumed(
        MappingProxyType({Urgency.U1: 0.32, Urgency.U2: 0.33, Urgency.U3: 0.27, Urgency.U4: 0.08}),
        "share of requests",
        "no count by urgency is published; most night requests are for today",
    )
    channels: Parameter[Mapping[Channel, float]] = Assumed(
        MappingProxyType(
            {
                Channel.CAV: 0.35,
                Channel.LAW_ENFORCEMENT: 0.20,
                Channel.EMERGENCY_DEPT: 0.15,
                Channel.SOCIAL_SERVICES: 0.15,
                Channel.HELPLINE_1522: 0.10,
                Channel.SOCIAL_EMERGENCY_SERVICE: 0.05,
            }
        ),
        "share of requests",
        "anti-violence centres first; nobody publishes the rest for placements alone",
    )
    risks: Parameter[Mapping[Urgency, Mapping[RiskBand, float]]] = Assumed(
        MappingProxyType(
            {
                Urgency.U1: {RiskBand.IMMEDIATE: 0.5, RiskBand.HIGH: 0.3, RiskBand.NOT_ASSESSED: 0.2},
                Urgency.U2: {RiskBand.HIGH: 0.6, RiskBand.MEDIUM: 0.1, RiskBand.NOT_ASSESSED: 0.3},
                Urgency.U3: {RiskBand.MEDIUM: 0.7, RiskBand.HIGH: 0.1, RiskBand.NOT_ASSESSED: 0.2},
                Urgency.U4: {RiskBand.LOW: 0.6, RiskBand.MEDIUM: 0.3, RiskBand.NOT_ASSESSED: 0.1},
            }
        ),
        "share of requests of an urgency",
        "the usual map from risk to urgency, with some not assessed at night",
    )
    feature_required: Parameter[float] = Assumed(
        0.12, "share of requests that require one feature", "disability and large needs are a minority"
    )
    features: Parameter[Mapping[Feature, float]] = Assumed(
        MappingProxyType(
            {
                Feature.STAFFED_AT_NIGHT: 0.35,
                Feature.GROUND_FLOOR: 0.20,
                Feature.PRIVATE_BATHROOM: 0.15,
                Feature.PETS_ADMITTED: 0.10,
                Feature.STEP_FREE: 0.10,
                Feature.ACCESSIBLE_BATHROOM: 0.05,
                Feature.OWN_KITCHEN: 0.05,
            }
        ),
        "share of what is required",
        "ours",
    )
    zone_to_avoid: Parameter[float] = Assumed(0.25, "share of requests that name a zone to avoid", "ours")
    consent_at_once: Parameter[float] = Assumed(
        0.92, "share of requests that come with her consent", "the others record it within the hour"
    )
    send_on: Parameter[float] = Assumed(
        0.30, "share of requests that let the engine send on by itself", "the choice is off by default"
    )
    safe_until: Parameter[float] = Assumed(
        0.40, "share of U1 and U2 requests that say until when she is safe where she is", "ours"
    )
    patience_hours: Parameter[Mapping[Urgency, Span]] = Assumed(
        MappingProxyType(
            {Urgency.U1: (6, 48), Urgency.U2: (12, 96), Urgency.U3: (48, 240), Urgency.U4: (240, 1440)}
        ),
        "hours, even between",
        "after so long without a place she withdraws: another solution, another network, or back home",
    )

    # --- what people do with an offer
    send_minutes: Parameter[Span] = Assumed((1, 6), "minutes, even between", "one tap on a named candidate")
    acknowledged: Parameter[Delay] = Parameter(
        (12.0, 0.65),
        "minutes until the house sees an offer: median, and the share within 30 minutes",
        "65 in 100 acknowledged within 30 minutes (Delaware's OpenBeds, first year); the median is assumed",
    )
    never_seen: Parameter[float] = Assumed(0.04, "share of offers nobody sees by itself", "ours")
    screening_minutes: Parameter[Span] = Assumed(
        (4, 40), "minutes, even between", "from seeing the offer to the answer, over the telephone"
    )
    answered_by_telephone: Parameter[float] = Assumed(
        0.6, "share of answers recorded by the coordinator", "at night most people telephone"
    )
    house_says_no: Parameter[float] = Assumed(
        0.11, "share of offers that the house refuses on its own grounds", "beside what is really full"
    )
    she_says_no: Parameter[float] = Parameter(
        0.14,
        "share of accepted offers",
        "so that, with the houses' 41 + 18 + 6, her no is near 35 in 100 (Women's Aid, England 2022-23)",
    )
    refusals: Parameter[Mapping[RefusalGroup, float]] = Parameter(
        MappingProxyType(
            {
                RefusalGroup.NO_CAPACITY: 10,
                RefusalGroup.NOT_SUITABLE: 12,
                RefusalGroup.NEEDS_SPECIALISED_UNIT: 6,
                RefusalGroup.NOT_NOW: 4,
                RefusalGroup.SAFETY: 2,
            }
        ),
        "relative weight of a house's reasons",
        "capacity 41, inappropriate 18, other 6 of 100 failed referrals (Women's Aid, England 2022-23): most "
        "of the 41 are rooms that turn out to be full; how 18 and 6 split into groups is assumed",
    )
    telephone_reaches: Parameter[float] = Assumed(
        0.55, "share of silent houses that answer when the coordinator calls", "ours"
    )
    notices_minutes: Parameter[Span] = Assumed(
        (2, 10), "minutes, even between", "from the alarm of an unanswered offer to the coordinator's call"
    )
    her_answer_minutes: Parameter[Span] = Assumed(
        (3, 25), "minutes, even between", "told of the place by voice"
    )
    goes_on: Parameter[float] = Assumed(
        0.85, "share that searches on after a stop", "the others withdraw; never held against her"
    )
    travel_minutes: Parameter[Span] = Assumed(
        (30, 180), "minutes, even between", "arrival within two hours is the aim"
    )
    no_show: Parameter[float] = Assumed(0.03, "share of agreed arrivals", "ours")

    # --- without a place, and around the engine
    neighbour_takes: Parameter[float] = Assumed(
        0.25, "share of U1 and U2 requests without a place that a neighbouring network takes", "ours"
    )
    neighbour_minutes: Parameter[Span] = Assumed(
        (20, 120), "minutes, even between", "until the neighbouring desks have answered"
    )
    bridge_holds: Parameter[float] = Assumed(0.9, "share of bridges that still carry when looked at", "ours")
    direct: Parameter[float] = Assumed(
        0.03, "share of households that a house takes by agreement outside the engine", "by telephone"
    )
    worsens: Parameter[float] = Assumed(
        0.04, "share of U2 to U4 requests whose urgency is raised while they wait", "her safe place is lost"
    )
    boy_not_said: Parameter[float] = Assumed(
        0.4, "share of mothers who are not asked about boys at first", "only some houses set a limit"
    )
    calls_again_minutes: Parameter[float] = Assumed(
        20, "minutes", "until a coordinator calls a silent house again, or it confirms a yes by telephone"
    )
    late_minutes: Parameter[float] = Assumed(
        70, "minutes after the agreed hour", "until a household that has not come is recorded as not arrived"
    )
    unreachable_hours: Parameter[float] = Assumed(
        2, "hours", "then the request of who did not come is closed"
    )
    takes_alarm_minutes: Parameter[float] = Assumed(4, "minutes", "until somebody has an alarm in hand")
    no_place_minutes: Parameter[float] = Assumed(
        20, "minutes without a place", "then neighbours are asked: the policy's start value"
    )
    worsens_hours: Parameter[float] = Assumed(2, "hours after the request", "when a safe place is lost")
