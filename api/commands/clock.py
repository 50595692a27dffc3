"""`approdo clock set`: moves the virtual clock of an exercise. A log in earnest has no such clock."""

from __future__ import annotations

from api.commands.instants import instant
from api.settings import Settings
from api.wiring import open_ledger
from ledger.faults import WrongLog
from ledger.store.port import LogClock


class NoVirtualClock(WrongLog):
    """This log runs on the real clock: only an exercise founded with `--clock virtual` has one to move."""


async def set_clock(settings: Settings, text: str) -> None:
    """Errors: `NoVirtualClock`, `WrongInstant`, `ClockSteppedBack`."""
    async with open_ledger(settings, join=True) as ledger:
        if ledger.birth.clock is not LogClock.VIRTUAL:
            raise NoVirtualClock
        zone = ledger.engine.index.places.network.zone
        to = instant(text, zone)
        await ledger.store.move_clock(to)
    print(f"the exercise's clock stands at {to.astimezone(zone).isoformat()}")
