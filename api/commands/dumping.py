"""`approdo replay --dump`: the log's rows as a plain file, for whoever checks it without this database.

A REAL log is written out only as two persons have approved at the doors, once, and that it is stands in the
log before the first row is written. What a crash in between leaves behind: an export that is recorded and was
not made, for which two persons must be asked again.
"""

from __future__ import annotations

from pathlib import Path

from api.commands.progress import Progress
from api.commands.replaying_rows import LedgerRows, LogRows, position_asked
from api.loops.automatic import Automatic
from api.settings import Settings
from api.wiring import VERSION, NotFounded, OpenLedger, OpenStore, ledger_on, open_store, refuse_scratch
from domain import network
from domain.network import RecordExport
from domain.refusals import Refusal
from domain.vocabulary import LogKind
from domain.world import Context, Decided, World, on_stream
from ledger.faults import LedgerFault
from ledger.store.dump import dump_at


class ExportNotApproved(LedgerFault):
    """A REAL log leaves by two persons' will alone: POST /exports, then another's approval, not a day ago."""


async def dump(settings: Settings, path: Path, *, position: int | None, as_of: str | None) -> None:
    """Write the rows up to there. Errors: `ExportNotApproved`, `DumpNotWritten`, `WrongInstant`,
    `NotFounded`, and all of `open_store`.
    """
    progress, count, last = Progress(), 0, 0
    with dump_at(path) as write:
        async with open_store(settings, join=True) as opened:
            rows = await _rows_to_write(opened)
            async for page in rows.pages(await position_asked(rows, position, as_of)):
                for row in page:
                    write(row)
                count, last = count + len(page), page[-1].position
                progress.tell(count)
    progress.end(count)
    print(f"wrote {count} rows, up to position {last}, to {path}")


async def _rows_to_write(opened: OpenStore) -> LogRows:
    """Of a REAL log, once the export stands in it. Errors: `ExportNotApproved`, `NotFounded`."""
    birth = await opened.store.birth()
    if birth is None:
        raise NotFounded
    refuse_scratch(opened.settings, birth.kind)
    if birth.kind is LogKind.REAL:
        await _record(await ledger_on(opened))
    return LedgerRows(opened.store, birth.network)


async def _record(ledger: OpenLedger) -> None:
    requested = (await ledger.engine.index.catch_up()).places.network.export
    if requested is None:
        raise ExportNotApproved
    command = RecordExport(export_id=requested.export_id, upto=await ledger.store.head())

    def decided(world: World, context: Context) -> Decided:
        return on_stream(context.network_id, network.decide(command, world.network(), context.now))

    automatic = Automatic(network_id=ledger.network_id, app_version=VERSION)
    name = f"record-export {command.upto}"
    result = await ledger.engine.run(
        automatic.command(name, requested.export_id, requested.export_id), decided
    )
    if isinstance(result, Refusal):
        raise ExportNotApproved
