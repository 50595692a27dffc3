"""When something happened or falls due, as somebody tired says it: now, at a time of the night just past, in
so many minutes, or on a day at an hour. By the wall clock where the network is.

A time without its day is the one nearest to now: of what happened the last, of what is due the next. Nothing
is guessed beyond that: an hour that the clocks skipped is said back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from api.pages.forms import Form
from api.pages.times import Clock, parsed

NOW, AT = "adesso", "alle"
SHOWN = "allora"
"""The field in which a form says when it was drawn."""
STALE_AFTER = timedelta(minutes=15)
_FIRST, _LAST = 2000, 2100
"""The doors take no day outside these years."""


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """What of the fields was not a moment, in words."""

    faults: Mapping[str, str]


Moment = datetime | Misunderstood


def as_shown(form: Form, clock: Clock) -> Clock:
    """When the form was drawn (`allora`). "In an hour" is counted from then, so that a second tap says what
    the first said. An instant that is none, or lies far back, is now.
    """
    try:
        then = parsed(form.one(SHOWN))
        near = timedelta(0) <= clock.now - then <= STALE_AFTER
    except (ValueError, TypeError):
        return clock
    return replace(clock, now=then) if near else clock


def happened(form: Form, clock: Clock, *, name: str = "quando") -> Moment | None:
    """`{name}` is `adesso` or `alle`; then `{name}_ora` and, if it was another day, `{name}_giorno`. None:
    now. An hour that was written counts, whatever was tapped above it.
    """
    if form.one(name, NOW) != AT and not form.has(f"{name}_ora"):
        return None
    return _read(form, clock, name, latest=True)


def due(form: Form, clock: Clock, *, name: str) -> Moment | None:
    """`{name}` is a number of minutes from now, `HH:MM` (the next), or `alle`. None: not said. An hour
    that was written counts, whatever was tapped above it: a tap cannot be taken back.
    """
    said, _ = AT if form.has(f"{name}_ora") else form.one(name), clock.text
    if not said:
        return None
    if said.isascii() and said.isdigit() and len(said) <= 5:
        return clock.now + timedelta(minutes=int(said))
    if said == AT:
        return _read(form, clock, name, latest=False)
    hour = _time(said)
    return _next(hour, clock) if hour is not None else _fault(name, _("Scegli quando."))


def written(instant: datetime) -> str:
    """As the doors read it."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _read(form: Form, clock: Clock, name: str, *, latest: bool) -> Moment:
    hour, day, _ = _time(form.one(f"{name}_ora")), form.one(f"{name}_giorno"), clock.text
    if hour is None:
        return _fault(f"{name}_ora", _("Scrivi l’ora, per esempio 03:10."))
    if not day:
        return _last(hour, clock) if latest else _next(hour, clock)
    try:
        chosen = date.fromisoformat(day)
    except ValueError:
        chosen = date.min
    if not _FIRST < chosen.year < _LAST:
        return _fault(f"{name}_giorno", _("Scrivi il giorno, per esempio 22/11/2026."))
    found = _at(chosen, hour, clock, latest=latest)
    skipped = _("Quella notte l’orologio ha saltato quest’ora. Scrivine un’altra.")
    return found if found is not None else _fault(f"{name}_ora", skipped)


def _last(hour: time, clock: Clock) -> Moment:
    today = clock.local(clock.now).date()
    for back in (0, 1, 2):
        found = _at(today - timedelta(days=back), hour, clock, latest=True)
        if found is not None and found <= clock.now:
            return found
    raise AssertionError("every hour was there in the last two days")


def _next(hour: time, clock: Clock) -> Moment:
    today = clock.local(clock.now).date()
    for ahead in (0, 1, 2):
        found = _at(today + timedelta(days=ahead), hour, clock, latest=False)
        if found is not None and found > clock.now:
            return found
    raise AssertionError("every hour comes in the next two days")


def _at(day: date, hour: time, clock: Clock, *, latest: bool) -> datetime | None:
    """None: the clocks skipped it. Where it comes twice, of what happened the later that has passed."""
    first = datetime.combine(day, hour, clock.zone)
    back = first.astimezone(UTC).astimezone(clock.zone)
    if back.replace(tzinfo=None) != first.replace(tzinfo=None):
        return None
    second = first.replace(fold=1).astimezone(UTC)
    return second if latest and second <= clock.now else first.astimezone(UTC)


def _time(said: str) -> time | None:
    hours, _, minutes = said.replace(".", ":").partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and len(hours) <= 2 and len(minutes) == 2):
        return None
    if int(hours) > 23 or int(minutes) > 59:
        return None
    return time(int(hours), int(minutes))


def _fault(name: str, words: str) -> Misunderstood:
    return Misunderstood({name: words})
