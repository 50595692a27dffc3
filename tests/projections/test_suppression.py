"""No small count is told, and none can be worked out: the method against every table there can be.

The solver's attack is `trials.drills.suppression`; here the bounds are looked for by trying every table.
"""

from __future__ import annotations

import random
from collections import Counter
from itertools import product

import pytest

from domain.disclosure import START_DISCLOSURE
from projections.suppression import Cell, hidden_cells, joined, rounded, told_lines, told_table, width
from projections.told import Step, time_told
from trials.drills import suppression as drill
from trials.drills.finding import Finding

SMALL = 3
"""A threshold for tables so small that every one with their margins can be tried."""


def drawn(seed: int) -> dict[Cell, int]:
    """Two rows and three columns whose totals are large enough."""
    chance = random.Random(seed)
    while True:
        whole = {cell: chance.choice((0, 0, 1, 2, 3, 5)) for cell in product(range(2), range(3))}
        rows, columns = totals(whole)
        if min(*rows, *columns) >= SMALL:
            return whole


def totals(whole: dict[Cell, int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    rows = tuple(sum(n for (i, _), n in whole.items() if i == row) for row in range(2))
    columns = tuple(sum(n for (_, j), n in whole.items() if j == column) for column in range(3))
    return rows, columns


def possible(whole: dict[Cell, int], hidden: set[Cell]) -> list[dict[Cell, int]]:
    """Every table with the same margins and the same told cells."""
    most = max(sum(each) for each in totals(whole))
    free = sorted(hidden)
    found = []
    for numbers in product(range(most + 1), repeat=len(free)):
        table = {**whole, **dict(zip(free, numbers, strict=True))}
        if totals(table) == totals(whole):
            found.append(table)
    return found


@pytest.mark.parametrize("seed", range(12))
def test_how_far_a_hidden_cell_can_vary_is_what_trying_every_table_gives(seed: int) -> None:
    whole = drawn(seed)
    hidden = set(random.Random(seed).sample(sorted(whole), 4))
    tables = possible(whole, hidden)
    for cell in hidden:
        numbers = [table[cell] for table in tables]
        assert width(cell, whole, hidden) == max(numbers) - min(numbers)


@pytest.mark.parametrize("seed", range(200))
def test_every_hidden_cell_can_vary_by_the_threshold_and_no_small_one_is_told(seed: int) -> None:
    whole = drawn(seed)
    hidden = hidden_cells(whole, SMALL)
    assert all(width(cell, whole, hidden) >= SMALL for cell in hidden)
    assert {cell for cell, number in whole.items() if number < SMALL} <= hidden


@pytest.mark.parametrize("seed", range(200))
def test_with_every_cell_hidden_each_can_vary_by_the_threshold(seed: int) -> None:
    """So that the search for more cells to hide always ends in a table that may be told."""
    whole = drawn(seed)
    assert all(width(cell, whole, set(whole)) >= SMALL for cell in whole)


def test_categories_are_joined_until_every_total_is_large_enough() -> None:
    names = ("U1", "U2", "U3", "U4")
    assert joined(names, {"U1": 20, "U2": 4, "U3": 6, "U4": 30}, 10) == (("U1",), ("U2", "U3"), ("U4",))
    assert joined(names, {"U1": 20, "U2": 20, "U3": 20, "U4": 20}, 10) == tuple((each,) for each in names)
    assert joined(names, {"U1": 3}, 10) == (names,)


def test_of_too_few_nothing_is_told() -> None:
    assert told_table({("U1", "NIGHT"): 9}, ("U1",), ("NIGHT",), 10) is None
    told = told_table({("U1", "NIGHT"): 9, ("U1", "DAY"): 1}, ("U1",), ("NIGHT", "DAY"), 10)
    assert told is not None
    assert (told.total, told.columns, told.cells) == (10, (("NIGHT", "DAY"),), {})


def test_without_secondary_suppression_a_margin_gives_a_small_cell_back() -> None:
    counts = {("U1", "A"): 40, ("U1", "B"): 3, ("U2", "A"): 30, ("U2", "B"): 20}
    rows, columns = ("U1", "U2"), ("A", "B")
    naive = told_table(counts, rows, columns, 10, secondary=False)
    told = told_table(counts, rows, columns, 10)
    assert naive is not None
    assert told is not None
    assert naive.row_totals[0] - naive.cells[0, 0] == 3
    assert told.cells == {}


@pytest.mark.parametrize(
    ("population", "number", "told"),
    [(100, 9, False), (100, 10, True), (100, 90, True), (100, 91, False), (100, 100, False), (19, 10, False)],
)
def test_a_line_is_told_only_where_neither_side_is_few(population: int, number: int, told: bool) -> None:
    assert bool(told_lines(population, {"SAFETY": number}, 10)) is told


def test_a_time_has_enough_cases_on_both_sides() -> None:
    rules = START_DISCLOSURE
    assert time_told(Step.FIRST_ANSWER, None, None, [5.0] * 19, rules) is None
    median = time_told(Step.FIRST_ANSWER, None, None, [5.0] * 10 + [45.0] * 10, rules)
    assert median is not None
    assert (median.median, median.first_quartile, median.third_quartile) == (15, None, None)
    whole = time_told(Step.FIRST_ANSWER, None, None, [5.0] * 20 + [9000.0] * 20, rules)
    assert whole is not None
    assert (whole.first_quartile, whole.median, whole.third_quartile) == (15, 15, None)


def test_counts_are_rounded_to_the_nearest_five() -> None:
    assert [rounded(number, 5) for number in (10, 12, 13, 17, 18)] == [10, 10, 15, 15, 20]


@pytest.fixture(scope="module")
def found() -> Finding:
    return drill.run(25, True)


def test_a_solver_bounds_no_hidden_cell_and_would_without_secondary_suppression(found: Finding) -> None:
    assert found.wrong == 0, found.complaints
    assert all(found.needed.values())
    assert found.control > 0


def test_the_attack_counts_each_population_once() -> None:
    seen: Counter[str] = Counter()
    drill.attack(drill.FIRST_SEED, seen)
    assert seen["populations"] == 1
