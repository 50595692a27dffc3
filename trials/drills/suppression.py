"""A linear programme attacks what statistics tell, and must bound no hidden count below the threshold.

Populations are drawn by chance: the requests of a period, late entries that came after it was told, and the
next period. Each release tells two tables of the same people, by urgency and outcome and by urgency and time
band. The attacker knows more than anybody is told: every count before rounding, all margins, both releases,
that the two tables are of the same people, and how many entries came late. For each hidden cell of either
release he asks a solver for its least and its greatest value. The control is the same without secondary
suppression; a second one tells the first period again with its late entries, as a table counted anew would.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog  # type: ignore[import-untyped]

from domain.disclosure import START_DISCLOSURE
from projections.suppression import Cell, Table, told_table
from trials.drills.finding import Finding

POPULATIONS, REDUCED = 1_000, 60
CONTROLS, REDUCED_CONTROLS = 200, 40
FIRST_SEED = 71_000
SLACK = 1e-6
NEEDED = ("populations", "tables", "told", "hidden", "secondary", "joined", "late")
ROWS = ("U1", "U2", "U3", "U4")
COLUMNS = ("ADMITTED", "ELSEWHERE", "WITHOUT", "OPEN")
BANDS = ("NIGHT", "DAY")
People = Mapping[tuple[str, str, str], int]
Counts = Mapping[tuple[str, str], int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """A table that was told, and where it stands among the attacker's unknowns."""

    table: Table
    first: int
    """Its first unknown; the others follow row by row."""

    def unknown(self, cell: Cell) -> int:
        return self.first + cell[0] * len(self.table.columns) + cell[1]

    @property
    def cells(self) -> list[Cell]:
        return [(i, j) for i in range(len(self.table.rows)) for j in range(len(self.table.columns))]

    @property
    def hidden(self) -> list[Cell]:
        crossed = len(self.table.rows) > 1 and len(self.table.columns) > 1
        return [cell for cell in self.cells if cell not in self.table.cells] if crossed else []


@dataclass(kw_only=True)
class Knowledge:
    """What the attacker knows, as equations over his unknowns, none of which is negative."""

    unknowns: int = 0

    def __post_init__(self) -> None:
        self.equations: list[tuple[dict[int, float], float]] = []

    def learn(self, table: Table) -> Telling:
        """A table's margins and every cell it tells."""
        told = Telling(table=table, first=self.unknowns)
        self.unknowns += len(told.cells)
        for i, total in enumerate(table.row_totals):
            self._sum([told.unknown(cell) for cell in told.cells if cell[0] == i], total)
        for j, total in enumerate(table.column_totals):
            self._sum([told.unknown(cell) for cell in told.cells if cell[1] == j], total)
        for cell, number in table.cells.items():
            self._sum([told.unknown(cell)], number)
        return told

    def learn_same(self, one: Telling, other: Telling) -> None:
        """That two tables with the same rows count the same people: each stands in a cell of both."""
        assert one.table.rows == other.table.rows, "rows are joined by their totals, which are the same"
        for row in range(len(one.table.rows)):
            many = range(len(other.table.columns))
            people = {(i, j): self._new() for i in range(len(one.table.columns)) for j in many}
            for telling, side in ((one, 0), (other, 1)):
                for column in range(len(telling.table.columns)):
                    terms = {person: 1.0 for key, person in people.items() if key[side] == column}
                    self.equations.append(({**terms, telling.unknown((row, column)): -1.0}, 0.0))

    def _new(self) -> int:
        self.unknowns += 1
        return self.unknowns - 1

    def learn_grown(self, earlier: Telling, later: Telling, by: int) -> None:
        """That `later` is `earlier` with so many late entries: each cell has grown by a new unknown."""
        assert earlier.table.rows == later.table.rows and earlier.table.columns == later.table.columns
        grown = []
        for cell in earlier.cells:
            grown.append(self._new())
            self.equations.append(
                ({later.unknown(cell): 1.0, earlier.unknown(cell): -1.0, grown[-1]: -1.0}, 0.0)
            )
        self._sum(grown, by)

    def width(self, unknown: int) -> float:
        """Between its least and its greatest value; without end where nothing bounds it."""
        least, most = self._bound(unknown, 1.0), self._bound(unknown, -1.0)
        return most - least

    def _sum(self, unknowns: Sequence[int], number: int) -> None:
        self.equations.append((dict.fromkeys(unknowns, 1.0), float(number)))

    def _bound(self, unknown: int, sign: float) -> float:
        matrix = np.zeros((len(self.equations), self.unknowns))
        for row, (terms, _) in enumerate(self.equations):
            for column, factor in terms.items():
                matrix[row, column] = factor
        goal = np.zeros(self.unknowns)
        goal[unknown] = sign
        found = linprog(goal, A_eq=matrix, b_eq=[number for _, number in self.equations], method="highs")
        if found.status == 3:
            return float("inf")
        assert found.status == 0, f"the solver says {found.status}: the truth itself satisfies the equations"
        return float(found.x[unknown])


def run(rounds: int, reduced: bool) -> Finding:
    """`rounds` is how many populations; 0 is the drill's own number."""
    seen: Counter[str] = Counter()
    complaints: list[str] = []
    populations = rounds or (REDUCED if reduced else POPULATIONS)
    for number in range(populations):
        complaints += attack(FIRST_SEED + number, seen)
    controls = min(populations, REDUCED_CONTROLS if reduced else CONTROLS)
    without = sum(bool(attack(FIRST_SEED + each, Counter(), secondary=False)) for each in range(controls))
    again = sum(told_again(FIRST_SEED + each) for each in range(controls))
    return Finding(
        name="suppression",
        wrong=len(complaints),
        needed={name: seen[name] for name in NEEDED},
        control=min(without, again),
        control_said=f"without secondary suppression: cells bounded in {without} of {controls} populations; "
        f"the same month told again with its late entries: in {again} of {controls}",
        settings=f"threshold {START_DISCLOSURE.smallest}, before rounding",
        complaints=tuple(complaints[:10]),
    )


def drawn(seed: int) -> tuple[People, People, People]:
    """A period's requests, its late entries, and the next period's: from a small network's to a region's."""
    chance = random.Random(seed)
    mean = chance.choice((12, 40, 120, 400, 1500))
    shares = {
        (row, column, band): chance.paretovariate(1.1) - 0.9
        for row in ROWS
        for column in COLUMNS
        for band in BANDS
    }
    return _people(chance, shares, mean), _people(chance, shares, mean / 25), _people(chance, shares, mean)


def _people(chance: random.Random, shares: Mapping[tuple[str, str, str], float], mean: float) -> People:
    number = int(chance.uniform(0.7, 1.3) * mean)
    return Counter(chance.choices(list(shares), list(shares.values()), k=number))


def _counts(people: People, by: int) -> Counts:
    """By urgency, and by outcome (1) or time band (2)."""
    counts: Counter[tuple[str, str]] = Counter()
    for each, number in people.items():
        counts[each[0], each[by]] += number
    return counts


def attack(seed: int, seen: Counter[str], *, secondary: bool = True) -> list[str]:
    """Every hidden cell that two releases of one population let the attacker bound too closely."""
    seen["populations"] += 1
    month, late, following = drawn(seed)
    seen["late"] += sum(late.values())
    knowledge = Knowledge()
    return [
        f"population {seed}: {telling.table.rows[cell[0]]} {telling.table.columns[cell[1]]} within {width:g}"
        for telling in [
            each for people in (month, following) for each in _release(people, knowledge, seen, secondary)
        ]
        for cell in telling.hidden
        if (width := knowledge.width(telling.unknown(cell))) < START_DISCLOSURE.smallest - SLACK
    ]


def _release(people: People, knowledge: Knowledge, seen: Counter[str], secondary: bool) -> list[Telling]:
    """What one release lets the attacker know."""
    told = []
    for by, columns in ((1, COLUMNS), (2, BANDS)):
        counts = _counts(people, by)
        table = told_table(counts, ROWS, columns, START_DISCLOSURE.smallest, secondary=secondary)
        if table is not None:
            told.append(knowledge.learn(table))
            _count(told[-1], counts, (ROWS, columns), seen)
    if told:
        knowledge.learn_same(*told)
    return told


def told_again(seed: int) -> bool:
    """Whether a table told a second time, with its late entries in it, lets a hidden cell be bounded."""
    smallest = START_DISCLOSURE.smallest
    month, late, _ = drawn(seed)
    once = told_table(_counts(month, 1), ROWS, COLUMNS, smallest)
    twice = told_table(_counts(Counter(month) + Counter(late), 1), ROWS, COLUMNS, smallest)
    if once is None or twice is None or (once.rows, once.columns) != (twice.rows, twice.columns):
        return False
    knowledge = Knowledge()
    first, second = knowledge.learn(once), knowledge.learn(twice)
    knowledge.learn_grown(first, second, sum(late.values()))
    return any(
        knowledge.width(telling.unknown(cell)) < smallest - SLACK
        for telling in (first, second)
        for cell in telling.hidden
    )


def _count(
    telling: Telling, counts: Counts, order: tuple[Sequence[str], Sequence[str]], seen: Counter[str]
) -> None:
    table = telling.table
    seen["tables"] += 1
    seen["told"] += len(table.cells)
    seen["joined"] += (len(table.rows), len(table.columns)) != (len(order[0]), len(order[1]))
    for i, j in telling.hidden:
        own = sum(counts.get((row, column), 0) for row in table.rows[i] for column in table.columns[j])
        seen["hidden"] += 1
        seen["secondary"] += own >= START_DISCLOSURE.smallest
