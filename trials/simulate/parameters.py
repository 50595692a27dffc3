"""How large a simulated network is, and every other figure of it: each with its unit and its source.

An assumption says so. Nothing here is a rule of the product: the product's rules are the policy in the log.
What was chosen and why: `docs/decisions/0011-simulation-parameters.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from trials.simulate.figures import Parameter
from trials.simulate.figures_of_people import PeopleFigures


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """How large the network is. `requests_a_day` is the mean over a year."""

    name: str
    houses: int
    units: int
    networks: int
    requests_a_day: float
    source: str


SCALES = {
    "A": Scale(
        name="A",
        houses=7,
        units=22,
        networks=4,
        requests_a_day=0.3,
        source="four Ambiti: about 4.5 houses by the North-West's 0.21 for 10,000 women (Istat 2023), "
        "0.1-0.4 requests a day if 39 in 100 succeed as in England (Women's Aid)",
    ),
    "B": Scale(
        name="B",
        houses=135,
        units=450,
        networks=27,
        requests_a_day=6.0,
        source="Lombardy: 27 networks, 118 to 161 houses by year and count (Region, 2023 to 2025)",
    ),
    "C": Scale(
        name="C",
        houses=480,
        units=1700,
        networks=100,
        requests_a_day=30.0,
        source="Italy: 464 houses (Istat 2023); 20-40 requests a day from their 3,054 women hosted",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Parameters(PeopleFigures):
    """Every figure of a run besides its scale."""


PARAMETERS = Parameters()


def described(parameters: Parameters = PARAMETERS) -> Iterator[tuple[str, Parameter[object]]]:
    """Every figure by its name."""
    for each in fields(parameters):
        yield each.name, getattr(parameters, each.name)
