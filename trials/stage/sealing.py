"""All that a trial's ledger has so far, sealed once by a sealer of its own."""

from __future__ import annotations

import tempfile
from pathlib import Path

from domain.vocabulary import LogKind
from ledger.evidence.notes.checkpoint import origin_of
from ledger.evidence.sealing.head_file import HeadFile
from ledger.evidence.sealing.log_key import log_key
from ledger.evidence.sealing.sealer import Sealer, SealingKeys
from ledger.postgres.sealed import PostgresSealedLog
from trials.stage.ledger_on import TrialLedger

_SEED = bytes(range(32))


async def sealed_once(ledger: TrialLedger) -> int:
    """The size of the head."""
    origin = origin_of(LogKind.EXERCISE, ledger.ids.network)
    keys = SealingKeys(origin=origin, present=log_key(origin, _SEED))
    with tempfile.TemporaryDirectory() as folder:
        async with PostgresSealedLog(ledger.sealer_dsn) as sealed:
            sealer = Sealer(sealed, keys, HeadFile(Path(folder) / "sealed-head"))
            await sealer.start()
            await sealer.step()
    return sealer.size
