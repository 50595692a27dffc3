"""Bars and spans drawn by the server: their geometry. How they look is in the stylesheet.

A chart is as wide as a telephone's page; a row is a line of words and under it a bar: no label is cut. Each
chart has the same numbers in a table beside it. Pure; `templates/lead/parts.html` draws it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 340
ROW = 46
_BAR = 16
_WORDS = 16
"""Where the words' line and the bar begin in a row, in units of the drawing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A row: words, their value in words, and the bar from `x` as wide as `width`: none for what is not told.
    `tick`: where the middle lies.
    """

    label: str
    said: str
    words_y: int
    bar_y: int
    x: float = 0
    width: float | None = None
    tick: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """All rows, and the height that they take."""

    height: int
    marks: tuple[Mark, ...]
    bar: int = _BAR
    width: int = WIDTH


def bars(rows: Iterable[tuple[str, str, float | None]]) -> Chart:
    """Label, value in words, value. None: it is not told, and no length says anything of it."""
    known = tuple(rows)
    most = max((value for _, _, value in known if value is not None), default=0) or 1
    marks = [
        _mark(number, label, said, width=None if value is None else WIDTH * value / most)
        for number, (label, said, value) in enumerate(known)
    ]
    return Chart(height=ROW * len(marks), marks=tuple(marks))


def spans(rows: Iterable[tuple[str, str, int | None, int | None, int | None]], steps: Sequence[int]) -> Chart:
    """Label, words, and the ends of the bands of the first quarter, the middle and the last. `steps` are the
    bands' ends; what lies beyond the last is drawn after it, where the middle is beyond.
    """
    marks = []
    for number, (label, said, first, middle, last) in enumerate(rows):
        tick = _place(middle, steps)
        begin, end = (_place(each, steps) if each is not None else tick for each in (first, last))
        begin, end = min(begin, tick), max(end, tick)
        marks.append(_mark(number, label, said, x=begin, width=max(end - begin, 3), tick=tick))
    return Chart(height=ROW * len(marks), marks=tuple(marks))


def _mark(
    number: int, label: str, said: str, *, x: float = 0, width: float | None, tick: float | None = None
) -> Mark:
    top = number * ROW
    return Mark(
        label=label,
        said=said,
        words_y=top + _WORDS,
        bar_y=top + _WORDS + 6,
        x=round(x, 1),
        width=None if width is None else round(width, 1),
        tick=None if tick is None else round(tick, 1),
    )


def _place(minutes: int | None, steps: Sequence[int]) -> float:
    """Bands stand at equal distances: they are an order, not a scale."""
    number = len(steps) if minutes is None else steps.index(minutes)
    return WIDTH * (number + 1) / (len(steps) + 1)
