"""What may be told of counts of people: the one function through which every aggregate goes.

No count below `smallest` is told, and none can be worked out from what is told (margins included) closer than
to an interval of that width. First, categories whose total is too small are joined with a neighbour, so that
every margin that is told is large enough. Then small cells are hidden, and further ones with them, until each
hidden cell can really vary that far. How far it can is exact: with its margins known, a table is a network,
and the bounds of a cell are greatest flows in it. The search always ends: with every cell hidden, and two
rows and two columns whose totals reach `smallest`, each cell varies by at least that much (the least of the
two totals and of what the whole has besides each). Not the rounding, which comes after and only widens.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Cell = tuple[int, int]
Categories = tuple[str, ...]
"""One category, or neighbours joined because one of them was too small to be told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table that may be told, not yet rounded. `cells` lacks those that are hidden. Of one row or one
    column the margins say everything, and there are no cells.
    """

    rows: tuple[Categories, ...]
    columns: tuple[Categories, ...]
    row_totals: tuple[int, ...]
    column_totals: tuple[int, ...]
    total: int
    cells: Mapping[Cell, int]


def told_table(
    counts: Mapping[tuple[str, str], int],
    rows: Sequence[str],
    columns: Sequence[str],
    smallest: int,
    *,
    secondary: bool = True,
) -> Table | None:
    """What may be told of `counts` by row and column; None where there are too few in all.

    Every unit counted stands in one cell. `rows` and `columns` are in their order, so that neighbours are
    joined. Without `secondary` it is not fit to be told: for the attack that shows why.
    """
    total = sum(counts.values())
    if total < smallest:
        return None
    by_row, by_column = Counter[str](), Counter[str]()
    for (row, column), number in counts.items():
        by_row[row] += number
        by_column[column] += number
    joined_rows, joined_columns = joined(rows, by_row, smallest), joined(columns, by_column, smallest)
    whole = {
        (i, j): sum(counts.get((row, column), 0) for row in some for column in others)
        for i, some in enumerate(joined_rows)
        for j, others in enumerate(joined_columns)
    }
    crossed = len(joined_rows) > 1 and len(joined_columns) > 1
    hidden = hidden_cells(whole, smallest, secondary=secondary) if crossed else set(whole)
    return Table(
        rows=joined_rows,
        columns=joined_columns,
        row_totals=tuple(sum(by_row[each] for each in some) for some in joined_rows),
        column_totals=tuple(sum(by_column[each] for each in some) for some in joined_columns),
        total=total,
        cells={cell: number for cell, number in whole.items() if cell not in hidden},
    )


def told_lines(population: int, counts: Mapping[str, int], smallest: int) -> Mapping[str, int]:
    """Of counts of those in `population` for whom something holds, several for one of them or none: the ones
    that may be told. Neither those who are in a line nor those who are not may be few.
    """
    return {name: number for name, number in counts.items() if smallest <= number <= population - smallest}


def rounded(number: int, to: int) -> int:
    """To the nearest multiple."""
    return (number + to // 2) // to * to


def joined(categories: Iterable[str], totals: Mapping[str, int], smallest: int) -> tuple[Categories, ...]:
    """Neighbours joined, the smallest first and with its smaller neighbour, until every total reaches
    `smallest` or one is left.
    """
    groups: list[tuple[Categories, int]] = [((each,), totals.get(each, 0)) for each in categories]
    while len(groups) > 1:
        at = min(range(len(groups)), key=lambda place: groups[place][1])
        if groups[at][1] >= smallest:
            break
        beside = [each for each in (at - 1, at + 1) if 0 <= each < len(groups)]
        other = min(beside, key=lambda place: groups[place][1])
        first, second = sorted((at, other))
        groups[first : second + 1] = [
            (groups[first][0] + groups[second][0], groups[first][1] + groups[second][1])
        ]
    return tuple(names for names, _ in groups)


def hidden_cells(whole: Mapping[Cell, int], smallest: int, *, secondary: bool = True) -> set[Cell]:
    """The cells to hide, given that every margin is told and reaches `smallest`."""
    hidden = {cell for cell, number in whole.items() if number < smallest}
    while secondary:
        exposed = next((cell for cell in sorted(hidden) if width(cell, whole, hidden) < smallest), None)
        if exposed is None:
            break
        hidden |= _cover(exposed, whole, hidden, smallest)
    return hidden


def _cover(exposed: Cell, whole: Mapping[Cell, int], hidden: set[Cell], smallest: int) -> set[Cell]:
    """The cheapest corners of a rectangle with `exposed` that protect it; where none does, the largest cell
    that is still told, which brings the end nearer.
    """
    for corners in sorted(_rectangles(exposed, whole), key=lambda each: _cost(each - hidden, whole)):
        if corners - hidden and width(exposed, whole, hidden | corners) >= smallest:
            return corners
    told = [cell for cell in whole if cell not in hidden]
    assert told, "with every cell hidden each is protected"
    return {max(told, key=lambda cell: (whole[cell], cell))}


def _rectangles(cell: Cell, whole: Mapping[Cell, int]) -> Iterator[set[Cell]]:
    row, column = cell
    for other_row, other_column in whole:
        if other_row != row and other_column != column:
            yield {(row, other_column), (other_row, column), (other_row, other_column)}


def _cost(cells: Iterable[Cell], whole: Mapping[Cell, int]) -> tuple[int, list[Cell]]:
    ordered = sorted(cells)
    return sum(whole[cell] for cell in ordered), ordered


def width(cell: Cell, whole: Mapping[Cell, int], hidden: set[Cell]) -> int:
    """Between how many values a hidden cell can lie, for whoever knows all margins and all other cells."""
    row, column = ("row", cell[0]), ("column", cell[1])
    others = hidden - {cell}
    more = _flow(column, row, whole, others)
    less = min(whole[cell], _flow(row, column, whole, others))
    return more + less


_Node = tuple[str, int]


def _flow(source: _Node, sink: _Node, whole: Mapping[Cell, int], cells: set[Cell]) -> int:
    """The greatest flow through hidden cells: from row to column each can grow as far as anything goes, from
    column to row it can shrink to nothing.
    """
    most = sum(whole.values())
    room: dict[_Node, dict[_Node, int]] = {}
    for row, column in cells:
        room.setdefault(("row", row), {})["column", column] = most
        room.setdefault(("column", column), {})["row", row] = whole[row, column]
    flow = 0
    while (path := _path(source, sink, room)) is not None:
        step = min(room[one][other] for one, other in path)
        for one, other in path:
            room[one][other] -= step
            room[other][one] += step
        flow += step
    return flow


def _path(
    source: _Node, sink: _Node, room: Mapping[_Node, Mapping[_Node, int]]
) -> list[tuple[_Node, _Node]] | None:
    """The shortest way with room on it."""
    came: dict[_Node, _Node] = {source: source}
    waiting = deque([source])
    while waiting:
        here = waiting.popleft()
        for there, left in room.get(here, {}).items():
            if left > 0 and there not in came:
                came[there] = here
                waiting.append(there)
    if sink not in came:
        return None
    way, here = [], sink
    while here != source:
        way.append((came[here], here))
        here = came[here]
    return way
