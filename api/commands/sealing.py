"""`approdo seal`: the sealer in a process, a role and with a key of its own, until it is told to stop.

It may run beside servers that seal too, and beside others of its kind: one seals, the others wait until it
has gone. It opens nothing but the log and what is sealed of it.
"""

from __future__ import annotations

import asyncio
import signal

from api.loops.running import kept_turning
from api.settings import Settings, WrongSettings
from api.wiring import open_sealing
from api.wiring_outside import outside_loops
from api.wiring_sealing import SealingParts, sealing_parts
from ledger.evidence.notes.checkpoint import Checkpoint
from ledger.evidence.sealing.adopting import Adopted, adopt
from ledger.evidence.sealing.port import HeadMoved, SealedLog
from ledger.store.port import Birth

_GIVEN_UP = """The head given up may be in other hands, and the events under it are not all here. No size up
to its own is signed again, and what is sealed from now on does not follow from it: tell whoever verifies this
log (docs/OPERATIONS.md)."""


async def seal(settings: Settings) -> None:
    """Seal until SIGTERM or Ctrl-C. Errors: all of `open_sealing`, and at the start `DatabaseDisagrees` and
    `HeadFileBroken`.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    async with open_sealing(settings) as (sealed, birth):
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, stopping.set)
        parts = _parts(settings, sealed, birth)
        sealing = parts.sealing()
        try:
            await sealing.step()
        except HeadMoved:
            print("another sealer is there; this one waits until it has gone", flush=True)
        loops = (sealing.run, *outside_loops(settings, sealed))
        turning = [asyncio.ensure_future(kept_turning(run)()) for run in loops]
        try:
            print(f"approdo seals {parts.keys.origin}", flush=True)
            await stopping.wait()
        finally:
            for task in turning:
                task.cancel()
            await asyncio.gather(*turning, return_exceptions=True)


async def adopt_head(settings: Settings) -> None:
    """Go on from the database's head, and tell what it is. Errors: as `seal`; `HeadMoved` beside a sealer."""
    async with open_sealing(settings) as (sealed, birth):
        parts = _parts(settings, sealed, birth)
        async with sealed.alone():
            with parts.kept.alone():
                adopted = await adopt(sealed, parts.keys, parts.kept)
    for line in _told(adopted):
        print(line)


async def print_key(settings: Settings) -> None:
    """The keys of heads and clock, to be published. Errors: as `seal`."""
    async with open_sealing(settings) as (sealed, birth):
        key = _parts(settings, sealed, birth).keys.present
    for signer in (key.heads, key.clock):
        print(signer.verifier.vkey)


def _parts(settings: Settings, sealed: SealedLog, birth: Birth) -> SealingParts:
    parts = sealing_parts(settings, sealed, birth)
    if parts is None:
        raise WrongSettings("Set APPRODO_LOG_KEY_FILE and APPRODO_SEALED_HEAD_FILE: see docs/OPERATIONS.md.")
    return parts


def _told(adopted: Adopted) -> list[str]:
    head = adopted.head
    told = [f"adopted: {_shown(head)}" if head is not None else "adopted: nothing is sealed yet"]
    if adopted.given_up is not None:
        told += [f"given up: {_shown(adopted.given_up)}", _GIVEN_UP]
    return told


def _shown(head: Checkpoint) -> str:
    return f"{head.origin} size {head.size} root {head.root.hex()}"
