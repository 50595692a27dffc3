"""Houses, their units and the stays in them, as figures with their sources."""

# ruff: noqa: RUF009 - a figure is a frozen value
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from domain.codes import DischargeOutcome
from domain.vocabulary import LevelFunction
from trials.simulate.figures import Assumed, Parameter, Span


@dataclass(frozen=True, kw_only=True)
class HouseFigures:
    """What the houses are like, how full they are and how long people stay."""

    publications: Parameter[float] = Parameter(
        3.0,
        "availability updates per house and working day",
        "the scale table's 3; German houses really change status 0.06 times a day (Frauenhaus snapshots "
        "2021-22)",
    )
    silent_at_weekends: Parameter[float] = Parameter(
        0.93,
        "share of houses that say nothing from Friday 18:00 to Monday 8:00",
        "German shelters: 138 to 199 updates on each weekday to Thursday, 12 on Saturdays, 10 on Sundays "
        "(115 snapshots of 318 houses, 2021-12 to 2022-01)",
    )
    occupancy: Parameter[Span] = Assumed(
        (0.80, 0.95),
        "share of a house's units of a level that are taken when it takes no more guests from outside",
        "the range to simulate; Canada's short-term beds were 78 in 100 taken in 2018, England and "
        "Germany are "
        "fuller",
    )
    outside_a_day: Parameter[float] = Assumed(
        4.0,
        "groups per house and day whom others would send to it",
        "so many that a free emergency place is filled within hours, as where German houses could take "
        "nobody on 83 in 100 days (Correctiv 2022); overall occupancy stays in its range",
    )
    outside_levels: Parameter[Mapping[LevelFunction, float]] = Assumed(
        MappingProxyType(
            {
                LevelFunction.EMERGENCY_RECEPTION: 0.80,
                LevelFunction.FIRST_LEVEL: 0.17,
                LevelFunction.SECOND_LEVEL: 0.03,
            }
        ),
        "share of such groups by the level they need",
        "short stays turn over more often; a house without the level takes none",
    )
    outside_unrecorded: Parameter[float] = Assumed(
        0.1, "share of guests from outside recorded only at the next update", "the rest are told at once"
    )
    outside_pushes: Parameter[float] = Assumed(
        0.15, "share of such groups who are given a room that is only held", "reality displaces a hold"
    )
    pauses_a_year: Parameter[float] = Assumed(
        2.0, "pauses of intake per house and year", "staff, works, illness"
    )
    pause_days: Parameter[Span] = Assumed((2, 14), "days, even between", "ours")
    emergency_houses: Parameter[float] = Parameter(
        0.58, "share of houses that take emergencies", "58.1 in 100 (Istat 2018; North-West 52.7)"
    )
    emergency_levels: Parameter[Mapping[LevelFunction, float]] = Assumed(
        MappingProxyType(
            {
                LevelFunction.EMERGENCY_RECEPTION: 0.05,
                LevelFunction.FIRST_LEVEL: 0.25,
                LevelFunction.SECOND_LEVEL: 0.70,
            }
        ),
        "share of the further units of a house that takes emergencies, by level: its first is for them",
        "most beds are for longer stays (86.5 in 100 houses offer medium and long ones, Istat 2018)",
    )
    other_levels: Parameter[Mapping[LevelFunction, float]] = Assumed(
        MappingProxyType({LevelFunction.FIRST_LEVEL: 0.25, LevelFunction.SECOND_LEVEL: 0.75}),
        "share of the units of the other houses, by level",
        "as above",
    )
    beds: Parameter[Mapping[int, float]] = Assumed(
        MappingProxyType({1: 0.12, 2: 0.38, 3: 0.30, 4: 0.14, 5: 0.06}),
        "share of units with so many beds",
        "2.6 in the mean: with 3.5 units, near the 8.9 beds of a house (Istat 2018)",
    )
    cots: Parameter[float] = Assumed(0.5, "share of units with a cot", "ours")
    shared_large_units: Parameter[float] = Assumed(
        0.5, "share of units of four beds and more that several households share", "the others go whole"
    )
    features_offered: Parameter[float] = Assumed(0.3, "share of units that have a feature, each", "ours")
    secret: Parameter[float] = Parameter(0.869, "share of houses at a secret address", "Istat 2018")
    compliant: Parameter[float] = Assumed(
        0.9, "share of houses that the regional register lists as compliant", "the others are in transition"
    )
    limits_children: Parameter[float] = Assumed(0.10, "share of units with at most 2 to 4 children", "ours")
    limits_boys: Parameter[float] = Assumed(
        0.20,
        "share of units with a limit on the age of boys",
        "limits of 10 and 14 years have been published",
    )
    limits_risk: Parameter[float] = Assumed(
        0.05, "share of units that take nobody at immediate risk", "where nobody is there at night"
    )
    declares_criteria: Parameter[float] = Assumed(
        0.25, "share of units that want something known first", "ours; 95.9 in 100 have criteria (Istat 2018)"
    )

    # --- stays
    stay_days: Parameter[Mapping[LevelFunction, Span]] = Parameter(
        MappingProxyType(
            {
                LevelFunction.EMERGENCY_RECEPTION: (2, 8),
                LevelFunction.FIRST_LEVEL: (10, 30),
                LevelFunction.SECOND_LEVEL: (153, 365),
                LevelFunction.SEMI_INDEPENDENT: (180, 540),
            }
        ),
        "days, even between",
        "limits of 8 days, 30 days and 12 months (a house in Varese, its own pages; example data of the "
        "network "
        "file); second level with mean 259 days, Istat's 2018 mean of the longest stay allowed, which some "
        "read as the mean stay",
    )
    moves_on: Parameter[float] = Assumed(
        0.15,
        "share of stays below the second level that go on inside the network",
        "of the 25.4 in 100 who left for another dwelling or facility (Istat 2022), those whom the network "
        "itself takes on",
    )
    outcomes: Parameter[Mapping[DischargeOutcome, float]] = Parameter(
        MappingProxyType(
            {
                DischargeOutcome.GOALS_REACHED: 39.2,
                DischargeOutcome.RETURNED_TO_PERPETRATOR: 15.0,
                DischargeOutcome.LEFT_PATH: 12.1,
                DischargeOutcome.MOVED_TO_FAMILY: 25.4,
                DischargeOutcome.OTHER: 8.3,
            }
        ),
        "share of those who leave",
        "39.2 reached their aims, 27.1 went back or dropped out, 25.4 moved elsewhere (Istat 2022); the "
        "split "
        "of 27.1 follows 2018's 12.0 and 9.8",
    )
