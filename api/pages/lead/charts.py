"""Bars and spans drawn by the server: their geometry. How they look is in the stylesheet.

A chart is as wide as a telephone's page; a row is its words and under them a bar: no label is cut. Each
chart has the same numbers in a table beside it. Pure; `templates/lead/parts.html` draws it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import overload

WIDTH = 340
BAR = 16
_LINE, _BELOW, _ROOM = 17, 5, 9
"""Of a row: the height of a line of words, the room to its bar, and that to the next row."""
_LETTERS = 46
"""As many stand in a line whatever the typeface."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    words: str
    y: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A row: its words, and the bar from `x` as wide as `width`: none for what is not told. `tick`: where the
    middle lies.
    """

    lines: tuple[Line, ...]
    bar_y: int
    x: float = 0
    width: float | None = None
    tick: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """All rows, and the height that they take."""

    height: int
    marks: tuple[Mark, ...]
    bar: int = BAR
    width: int = WIDTH


@dataclass(frozen=True, kw_only=True, slots=True)
class _Bar:
    words: str
    x: float = 0
    width: float | None
    tick: float | None = None


def bars(rows: Iterable[tuple[str, str, float | None]]) -> Chart:
    """Label, value in words, value. None: it is not told, and no length says anything of it."""
    known = tuple(rows)
    most = max((value for _, _, value in known if value is not None), default=0) or 1
    return _chart(
        _Bar(words=f"{label}: {said}", width=None if value is None else WIDTH * value / most)
        for label, said, value in known
    )


def spans(rows: Iterable[tuple[str, str, int | None, int | None, int | None]], steps: Sequence[int]) -> Chart:
    """Label, words, and the ends of the bands of the first quarter, the middle and the last. `steps` are the
    bands' ends; what lies beyond the last is drawn after it.
    """
    found = []
    for label, said, first, middle, last in rows:
        tick = _place(middle, steps)
        begin, end = (_place(each, steps) if each is not None else tick for each in (first, last))
        begin, end = min(begin, tick), max(end, tick)
        found.append(_Bar(words=f"{label}: {said}", x=begin, width=max(end - begin, 3), tick=tick))
    return _chart(found)


def _chart(rows: Iterable[_Bar]) -> Chart:
    marks, top = [], 0
    for row in rows:
        words = wrap(row.words, _LETTERS)
        lines = tuple(Line(words=each, y=top + _LINE * number) for number, each in enumerate(words, start=1))
        bar_y = top + _LINE * len(lines) + _BELOW
        marks.append(
            Mark(lines=lines, bar_y=bar_y, x=_round(row.x), width=_round(row.width), tick=_round(row.tick))
        )
        top = bar_y + BAR + _ROOM
    return Chart(height=top, marks=tuple(marks))


def _place(minutes: int | None, steps: Sequence[int]) -> float:
    """Bands stand at equal distances: they are an order, not a scale."""
    number = len(steps) if minutes is None else steps.index(minutes)
    return WIDTH * (number + 1) / (len(steps) + 1)


@overload
def _round(number: float) -> float: ...


@overload
def _round(number: float | None) -> float | None: ...


def _round(number: float | None) -> float | None:
    return None if number is None else round(number, 1)
