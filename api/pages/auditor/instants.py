"""The instant that an auditor picks: a day and a time by the wall clock of the network, to the second.

In the hour that comes twice both readings are offered; an hour that never was is refused. Called by the pages
of the auditor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from urllib.parse import urlencode

from api.pages.marking import _
from api.pages.times import Clock


@dataclass(frozen=True, kw_only=True, slots=True)
class Picked:
    """What was asked for. `query` is for the door; `fault` is in words, in Italian; `twice`: the hour comes
    twice, and the second reading was meant where `second`.
    """

    day: str = ""
    hour: str = ""
    position: str = ""
    second: bool = False
    twice: bool = False
    query: Mapping[str, str]
    fault: str | None = None

    @property
    def asked(self) -> bool:
        return bool(self.query)

    @property
    def said(self) -> str:
        """The same again, as the query of a page of ours; empty where nothing was asked."""
        if self.position:
            return urlencode({"posizione": self.position})
        told = {"giorno": self.day, "ora": self.hour, "seconda": "1" if self.second else ""}
        return urlencode({name: value for name, value in told.items() if value})


def picked(query: Mapping[str, str], clock: Clock) -> Picked:
    """From the query of a page."""
    day, hour = query.get("giorno", "").strip(), query.get("ora", "").strip()
    position, second = query.get("posizione", "").strip(), query.get("seconda") == "1"
    if position:
        known = position.isdecimal() and position.isascii() and int(position[:18]) > 0 and len(position) < 18
        fault = None if known else _("Indica un numero di posizione, per esempio 120.")
        return Picked(position=position, query={"position": position} if known else {}, fault=fault)
    if not day and not hour:
        return Picked(query={})
    try:
        wall = datetime.combine(date.fromisoformat(day), time.fromisoformat(hour or "23:59:59"))
    except ValueError:
        return Picked(day=day, hour=hour, query={}, fault=_("Indica un giorno e un’ora che esistono."))
    first, later = (wall.replace(tzinfo=clock.zone, fold=fold) for fold in (0, 1))
    chosen = later if second else first
    if chosen.astimezone(UTC).astimezone(clock.zone).replace(tzinfo=None) != wall:
        return Picked(day=day, hour=hour, query={}, fault=_("Quella notte quest’ora non c’è stata."))
    twice = first.utcoffset() != later.utcoffset()
    said = chosen.astimezone(UTC).isoformat()
    return Picked(day=day, hour=hour, second=second and twice, twice=twice, query={"as_of": said})


def stamp(clock: Clock, instant: str | datetime | None) -> str:
    """To the second, with its date; in the hour that comes twice with its distance from UTC."""
    if instant is None:
        return "—"
    local = clock.local(instant)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{local:%d/%m/%Y %H:%M:%S}" + (f" (UTC{local:%z})" if twice else "")
