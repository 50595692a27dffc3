"""What must have happened before the whole of a log is written out, in whatever form.

A REAL log leaves only as two persons have approved at the doors, once, and that it does stands in the log
before the first row is written. What a crash in between leaves behind: an export that is recorded and was not
made, for which two persons must be asked again. Called by `dumping` and `exporting`.
"""

from __future__ import annotations

from api.loops.automatic import Automatic
from api.wiring import VERSION, NotFounded, OpenLedger, OpenStore, ledger_on, refuse_scratch
from domain import network
from domain.network import RecordExport
from domain.refusals import Refusal
from domain.vocabulary import LogKind
from domain.world import Context, Decided, World, on_stream
from ledger.faults import LedgerFault
from ledger.store.port import Birth


class ExportNotApproved(LedgerFault):
    """A REAL log leaves by two persons' will alone: POST /exports, then another's approval, not a day ago."""


async def birth_of(opened: OpenStore) -> Birth:
    """Errors: `NotFounded`, `ScratchInEarnest`."""
    birth = await opened.store.birth()
    if birth is None:
        raise NotFounded
    refuse_scratch(opened.settings, birth.kind)
    return birth


async def leave(opened: OpenStore, birth: Birth) -> None:
    """Of a REAL log, record that it leaves. Errors: `ExportNotApproved`, those of `ledger_on`."""
    if birth.kind is LogKind.REAL:
        await _record(await ledger_on(opened))


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
