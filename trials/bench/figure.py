"""One figure: a ratio of medians over interleaved rounds, its spread, its bar. Printed on one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """`ratio` is judged against `bar`: at least it, or at most it where `at_most`; None is printed only."""

    name: str
    ratio: float
    low: float
    high: float
    bar: float | None
    at_most: bool = False
    said: str = ""

    @property
    def reached(self) -> bool:
        if self.bar is None:
            return True
        return self.ratio <= self.bar if self.at_most else self.ratio >= self.bar

    def line(self) -> str:
        bar = "none" if self.bar is None else f"{'<=' if self.at_most else '>='} {self.bar:g}"
        verdict = "printed" if self.bar is None else "reached" if self.reached else "NOT reached"
        return (
            f"{self.name:<26}  {self.ratio:.2f}  [{self.low:.2f} - {self.high:.2f}]  bar {bar}  {verdict}"
            f"{'  ' if self.said else ''}{self.said}"
        )


def interleaved(rounds: int, takers: Mapping[str, Callable[[], float]]) -> Mapping[str, Sequence[float]]:
    """Each taker once per round, in turn, so that a slow moment of the machine meets them all."""
    taken: dict[str, list[float]] = {name: [] for name in takers}
    for _ in range(rounds):
        for name, take in takers.items():
            taken[name].append(take())
    return taken


def ratio_of(
    name: str,
    above: Sequence[float],
    below: Sequence[float],
    *,
    bar: float | None,
    at_most: bool = False,
    said: str = "",
) -> Figure:
    """The ratio of each round; its median is the figure, its extremes the spread."""
    ratios = [up / down for up, down in zip(above, below, strict=True)]
    return Figure(
        name=name,
        ratio=median(ratios),
        low=min(ratios),
        high=max(ratios),
        bar=bar,
        at_most=at_most,
        said=said,
    )
