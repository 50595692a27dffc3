"""What a figure of the simulation is: a value with its unit and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

V = TypeVar("V")
Span = tuple[float, float]
Delay = tuple[float, float]
"""A lognormal delay: its median, and the share of cases that take no longer than 30 minutes."""


@dataclass(frozen=True)
class Parameter(Generic[V]):
    """One published figure, or one fitted to what is published."""

    value: V
    unit: str
    source: str


@dataclass(frozen=True)
class Assumed(Parameter[V]):
    """Nobody has published it for such a network: ours, to be replaced. `source` says why it is so."""


def minutes(figure: Parameter[float]) -> timedelta:
    return timedelta(minutes=figure.value)


def hours(figure: Parameter[float]) -> timedelta:
    return timedelta(hours=figure.value)
