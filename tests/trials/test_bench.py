"""Every figure as a smoke run: it fails where a bench does not run or outputs differ, never on a ratio."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.trials.nights import ROOT
from trials.bench.__main__ import BENCHES
from trials.bench.figure import ratio_of


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(BENCHES))
def test_a_figure_is_taken_and_both_sides_agree(name: str) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "trials.bench", "--only", name, "--smoke"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert name in said.stdout


def test_a_figure_is_judged_by_the_median_of_its_rounds() -> None:
    figure = ratio_of("speed", [9.0, 30.0, 3.0], [3.0, 3.0, 3.0], bar=3.0)
    assert (figure.ratio, figure.low, figure.high, figure.reached) == (3.0, 1.0, 10.0, True)
    assert "NOT reached" in ratio_of("speed", [1.0], [1.0], bar=3.0).line()


def test_a_figure_that_must_stay_low_is_judged_the_other_way() -> None:
    assert ratio_of("time", [3.0], [1.0], bar=4.0, at_most=True).reached
    assert not ratio_of("time", [5.0], [1.0], bar=4.0, at_most=True).reached


def test_a_figure_without_a_bar_is_printed_and_never_missed() -> None:
    figure = ratio_of("peer", [1.0], [2.0], bar=None)
    assert figure.reached
    assert "printed" in figure.line()
