"""What a door does before it reads a read model: let it reach the head of the log.

The loop that projects has nearly always done so; where it has not, the door does it itself, so that whoever
reads after a command sees what the command did, whichever process runs the loop.
"""

from __future__ import annotations

import asyncio

from api.http.doors import Doors

PATIENCE_SECONDS = 2.0


async def caught_up(doors: Doors) -> bool:
    """Whether the rows reach the head. Not: the program cannot read an event, or there is much to read still.

    Errors: the store's.
    """
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return (await doors.projector.catch_up()).stop is None
    except TimeoutError:
        return False
