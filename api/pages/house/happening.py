"""When something happened and who was there, as a tap or a form of a house says it. Pure.

Counted from the instant at which the page was drawn, so that a second tap says the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from api.pages.forms import Form
from domain.vocabulary import AgeBand

MINUTES_AGO = (0, 15, 30, 60, 120, 240, 480)
MOST_OF_AN_AGE = 9
MOST_ADULTS = 10


def happened(form: Form) -> dict[str, str]:
    """So many minutes (`minuti_fa`) before the page was drawn (`ora`). Nothing: now."""
    minutes, drawn = number(form, "minuti_fa", MINUTES_AGO[-1]), _instant(form.one("ora"))
    if not minutes or minutes not in MINUTES_AGO or drawn is None:
        return {}
    return {"occurred_at": (drawn - timedelta(minutes=minutes)).isoformat()}


def household(form: Form) -> dict[str, Any] | None:
    """Adults (`adulte`) and children by age band; None where a number is not one."""
    adults = number(form, "adulte", MOST_ADULTS)
    children = {band: number(form, f"eta_{band}", MOST_OF_AN_AGE) for band in AgeBand}
    if adults is None or None in children.values():
        return None
    return {"adults": adults, "children": [band for band, many in children.items() for _ in range(many or 0)]}


def number(form: Form, name: str, most: int) -> int | None:
    """A number from 0 to `most`; nothing typed is 0, anything else is None."""
    said = form.one(name, "0")
    if not said.isascii() or not said.isdigit() or len(said) > 4:
        return None
    return int(said) if int(said) <= most else None


def _instant(said: str) -> datetime | None:
    try:
        drawn = datetime.fromisoformat(said)
    except ValueError:
        return None
    return drawn if drawn.tzinfo is not None else None
