"""`approdo clock set`: moves the virtual clock of an exercise. A log in earnest has no such clock."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from api.commands.instants import instant
from api.settings import Settings
from api.wiring import open_ledger


async def set_clock(settings: Settings, text: str) -> None:
    """Errors: `WrongInstant`, `WrongLog` (not an exercise on a virtual clock), `ClockSteppedBack`."""
    async with open_ledger(settings, join=True) as ledger:
        born = ledger.engine.index.places.network.born
        zone = ZoneInfo(born.time_zone if born is not None else "UTC")
        to = instant(text, zone)
        await ledger.store.move_clock(to)
    print(f"the exercise's clock stands at {to.astimezone(zone).isoformat()}")
