"""Instants as people say them: "stanotte 03:12", the date wherever midnight lies between, 24 hours, in the
network's own time zone. Lengths are counted in UTC, so that the two nights of the year are right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

Text = Callable[[str], str]
_NIGHT_ENDS, _NOON, _NIGHT_BEGINS = 6, 12, 21


@dataclass(frozen=True, slots=True)
class Clock:
    """`now` is the ledger's; `text` turns Italian messages into the page's language."""

    now: datetime
    zone: ZoneInfo
    language: str
    text: Text

    def at(self, instant: str | datetime | None) -> str:
        """With its day, unless it is today: "oggi 14:05", "stanotte 03:12", "lun 23 nov, 14:05"."""
        if instant is None:
            return "—"
        local = self.local(instant)
        time = f"{local:%H:%M}{self._twice(local)}"
        day = self._day(local)
        return f"{day} {time}" if day else f"{self.date(local)}, {time}"

    def date(self, instant: str | datetime) -> str:
        """ "lun 23 nov" """
        said: str = format_date(self.local(instant).date(), "EEE d MMM", locale=self.language)
        return said

    def time(self, instant: str | datetime) -> str:
        """Hours and minutes alone, where the day is said beside it."""
        local = self.local(instant)
        return f"{local:%H:%M}{self._twice(local)}"

    def ago(self, instant: str | datetime | None) -> str:
        """ "4 min fa"; "mai" where it never was."""
        if instant is None:
            return self.text("mai")
        gone = self.now - parsed(instant)
        if gone < timedelta(minutes=1):
            return self.text("adesso")
        return self.text("%s fa") % self.length(gone)

    def until(self, instant: str | datetime | None) -> str:
        """ "fra 12 min", or how long ago it ran out: "scaduto da 3 min"."""
        if instant is None:
            return "—"
        left = parsed(instant) - self.now
        if left <= timedelta(0):
            return self.text("scaduto da %s") % self.length(-left)
        return self.text("fra %s") % self.length(left)

    def length(self, length: timedelta) -> str:
        minutes = int(length.total_seconds() // 60)
        if minutes < 1:
            return self.text("meno di 1 min")
        if minutes < 60:
            return self.text("%d min") % minutes
        hours, minutes = divmod(minutes, 60)
        if hours < 48:
            said = self.text("%d h") % hours
            return f"{said} {self.text('%d min') % minutes}" if minutes else said
        return self.text("%d giorni") % (hours // 24)

    def local(self, instant: str | datetime) -> datetime:
        return parsed(instant).astimezone(self.zone)

    def _day(self, local: datetime) -> str:
        """One word for the day where there is one. The night belongs to whoever is awake in it, and in the
        afternoon it is the one to come. To who is awake before dawn "tomorrow" may be the day that begins.
        """
        here = self.local(self.now)
        days = (local.date() - here.date()).days
        if abs(local - self.now) < timedelta(hours=12):
            if local.hour < _NIGHT_ENDS and not (days == 0 and here.hour >= _NOON):
                return self.text("stanotte")
            if local.hour >= _NIGHT_BEGINS:
                return self.text("ieri sera") if days == -1 else self.text("stasera")
        if days == 0:
            return self.text("oggi")
        if days == 1 and here.hour >= _NIGHT_ENDS:
            return self.text("domani")
        return self.text("ieri") if days == -1 else ""

    def _twice(self, local: datetime) -> str:
        """In the hour that comes twice when summer time ends, which of the two."""
        first, second = local.replace(fold=0), local.replace(fold=1)
        if first.utcoffset() == second.utcoffset():
            return ""
        if first.utcoffset() < second.utcoffset():  # type: ignore[operator]
            return ""
        return " " + (self.text("(ora solare)") if local.fold else self.text("(ora legale)"))


def parsed(instant: str | datetime) -> datetime:
    return instant if isinstance(instant, datetime) else datetime.fromisoformat(instant)
