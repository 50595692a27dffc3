"""`approdo shred`: what was proposed and approved to be destroyed, and on demand the end of the latter.

It begins nothing: proposing and approving are two persons' acts at the doors. It has no master key and can
read nothing of what it destroys.
"""

from __future__ import annotations

from api.erasing import Erasing
from api.loops.automatic import Automatic
from api.settings import Settings
from api.wiring import VERSION, OpenLedger, open_ledger
from projections.preservation import Preservation


async def shred(settings: Settings, *, finish: bool) -> None:
    """Errors: `VaultUnreachable`, and all of `open_ledger`."""
    async with open_ledger(settings, join=True) as ledger:
        preservation = (await ledger.engine.index.catch_up()).preservation
        if finish:
            await _finish(ledger, preservation)
        for line in _lines(preservation):
            print(line)


async def _finish(ledger: OpenLedger, preservation: Preservation) -> None:
    automatic = Automatic(network_id=ledger.network_id, app_version=VERSION)
    erasing = Erasing(ledger.opened.eraser, ledger.engine, automatic)
    for case_id, proposed in preservation.to_destroy().items():
        await erasing.finish(case_id, proposed.shredding_id)


def _lines(preservation: Preservation) -> list[str]:
    """Cases by their ids and destructions by register numbers; nothing else is known of either."""
    listed = (
        ("proposed, waits for another person", preservation.proposed()),
        ("approved, its key is there still", preservation.to_destroy()),
        ("destroyed", preservation.destroyed()),
    )
    lines = [
        f"case {case_id}: {said}, decision {each.decision}, "
        f"archive authorisation {each.archive_authorisation or '-'}"
        for said, cases in listed
        for case_id, each in cases.items()
    ]
    return lines or ["nothing was ever proposed to be destroyed"]
