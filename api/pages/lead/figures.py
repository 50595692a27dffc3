"""A release of the statistics in words: rows for charts, tables and files, all from what the door told.

Nothing is counted or subtracted here: what a release hides stays hidden, in the same words everywhere. Called
by the page of figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from api.pages.lead.charts import Chart, bars, spans
from api.pages.marking import _
from api.pages.tables import Cell
from api.pages.words import excluded, word
from domain.vocabulary import Urgency

Text = Callable[[str], str]
HIDDEN = _("non indicato")
STEPS = ("FIRST_ANSWER", "CONFIRMED", "ADMITTED", "AGE_OF_THE_WORD")
_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "NIGHT": _("notte"),
        "DAY": _("giorno"),
        "ADMITTED": _("entrate in casa"),
        "BY_NEIGHBOUR": _("accolte da una rete vicina"),
        "WITHOUT_PLACE": _("rimaste senza posto"),
        "OPEN": _("ancora aperte"),
        "1": _("1 persona"),
        "2": _("2 persone"),
        "3": _("3 persone"),
        "4": _("4 persone"),
        "5_OR_MORE": _("5 persone o più"),
        "NO_UNIT_KNOWN": _("non c’era nessuna camera"),
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of a chart and its table: `number` None is hidden."""

    label: str
    number: int | None
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Time:
    """How long a step took for some cases, in words: by when a quarter, half, three quarters were there."""

    urgencies: str
    bands: str
    first: str
    middle: str
    last: str
    ends: tuple[int | None, int | None, int | None]

    @property
    def label(self) -> str:
        return f"{self.urgencies} · {self.bands}"


@dataclass(frozen=True, slots=True)
class Figures:
    """`told` is the door's answer; `text` gives the page's language."""

    told: Mapping[str, Any]
    text: Text

    def times(self, step: str) -> tuple[Time, ...]:
        return tuple(self._time(each) for each in self.told["times"] if each["step"] == step)

    def times_chart(self, step: str) -> Chart:
        rows = ((each.label, self.text("metà %s") % each.middle, *each.ends) for each in self.times(step))
        return spans(rows, self.told["time_bands"])

    @property
    def refusals(self) -> tuple[Row, ...]:
        return self._rows(self.told["refusals"], lambda name: word("RefusalGroup", name))

    @property
    def waiting_for(self) -> tuple[Row, ...]:
        return self._rows(self.told["unmet"]["left_waiting_for"], _barrier)

    @property
    def ended_for(self) -> tuple[Row, ...]:
        return self._rows(self.told["unmet"]["ended_for"], _barrier)

    def chart(self, rows: Iterable[Row]) -> Chart:
        return bars((row.label, row.said, row.number) for row in rows)

    def count(self, number: int | None) -> str:
        return self.text(HIDDEN) if number is None else str(number)

    def categories(self, names: Sequence[str] | None) -> str:
        """Those joined because one was small stand together; None are all."""
        return ", ".join(self.text(_category(each)) for each in names) if names else self.text("tutte")

    def table(self, name: str) -> Mapping[str, Any] | None:
        """`by_time_band`, `by_outcome`, or the unmet need by level and size."""
        table: Mapping[str, Any] | None = (
            self.told["unmet"]["by_level_and_size"] if name == "unmet" else self.told[name]
        )
        return table

    def cell(self, table: Mapping[str, Any], row: Sequence[str], column: Sequence[str]) -> str | None:
        """The number in words; None where rows and columns are told by themselves alone."""
        found = [each for each in table["cells"] if (each["row"], each["column"]) == (row, column)]
        return self.count(found[0]["cases"]) if found else None

    def minutes(self, minutes: int | None) -> str:
        """The end of a band in words."""
        if minutes is None:
            return self.text("oltre %s") % self._length(self.told["time_bands"][-1])
        return self.text("entro %s") % self._length(minutes)

    def lines(self) -> Iterator[tuple[Cell, ...]]:
        """Every count that is told, one a line: table, row, column, cases."""
        text, told = self.text, self.told
        yield text("Casi"), text("tutte"), text("tutte"), self._cell(told["cases"])
        yield text("Casi arrivati tardi"), text("tutte"), text("tutte"), self._cell(told["late_cases"])
        for name, title in TABLES:
            table = self.table(name)
            for side in ("rows", "columns") if table is not None else ():
                for each in table[side] if table is not None else ():
                    line = self.categories(each["categories"])
                    pair = (line, text("tutte")) if side == "rows" else (text("tutte"), line)
                    yield text(title), *pair, self._cell(each["cases"])
            for each in table["cells"] if table is not None else ():
                row, column = self.categories(each["row"]), self.categories(each["column"])
                yield text(title), row, column, self._cell(each["cases"])
        yield text("Senza posto"), text("tutte"), text("tutte"), self._cell(told["unmet"]["cases"])
        for rows, title in (
            (self.refusals, _("No delle case")),
            (self.waiting_for, _("In attesa: che cosa mancava")),
            (self.ended_for, _("Finite senza posto: che cosa mancava")),
        ):
            for each in rows:
                yield text(title), each.label, text("tutte"), self._cell(each.number)

    def time_lines(self) -> Iterator[tuple[Cell, ...]]:
        for step in STEPS:
            for each in self.times(step):
                name = self.text(word("Step", step))
                yield name, each.urgencies, each.bands, each.first, each.middle, each.last

    def _cell(self, number: int | None) -> Cell:
        return self.text(HIDDEN) if number is None else number

    def _rows(self, lines: Iterable[Mapping[str, Any]], name: Callable[[str], str]) -> tuple[Row, ...]:
        return tuple(
            Row(label=self.text(name(each["name"])), number=each["cases"], said=self.count(each["cases"]))
            for each in lines
        )

    def _time(self, told: Mapping[str, Any]) -> Time:
        first, middle, last = told["first_quartile"], told["median"], told["third_quartile"]
        few = first is None
        return Time(
            urgencies=self.categories(told["urgencies"]),
            bands=self.categories(told["bands"]) if told["bands"] else self.text("giorno e notte"),
            first=self.text(HIDDEN) if few else self.minutes(first),
            middle=self.minutes(middle),
            last=self.text(HIDDEN) if few else self.minutes(last),
            ends=(first, middle, middle if few else last),
        )

    def _length(self, minutes: int) -> str:
        if minutes < 60:
            return self.text("%s min") % minutes
        if minutes < 1440:
            return self.text("%s h") % (minutes // 60)
        return self.text("%s giorni") % (minutes // 1440) if minutes > 1440 else self.text("un giorno")


TABLES = (
    ("by_time_band", _("Richieste per urgenza e ora")),
    ("by_outcome", _("Richieste per urgenza ed esito")),
    ("unmet", _("Senza posto per livello e persone")),
)


def _barrier(code: str) -> str:
    return _WORDS[code] if code in _WORDS else excluded(code, 2)


def _category(code: str) -> str:
    if code in _WORDS:
        return _WORDS[code]
    return word("Urgency" if code in set(Urgency) else "LevelFunction", code)
