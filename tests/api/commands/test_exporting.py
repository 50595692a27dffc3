"""A REAL log is written out only as two persons approved, once, and that is on the record; an exercise's as
before.
"""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from api.loops.automatic import Automatic
from api.settings import Settings
from api.wiring import open_ledger
from domain import network
from domain.network import ApproveExport, ExportCommand, LogExported, RequestExport
from domain.vocabulary import ExportId
from domain.world import Context, Decided, World, on_stream
from ledger.store.dump import read_dump
from ledger.store.transact import Done
from tests.api.commands.program import NETWORK, approdo
from tests.support.postgres import passable_directory

EXPORT = ExportId(UUID(int=0xE1))
ASKED = RequestExport(export_id=EXPORT, actor=UUID(int=1), reference="2041/5")
AGREED = ApproveExport(export_id=EXPORT, actor=UUID(int=2))


def given(data: Path, command: ExportCommand) -> None:
    """Done on the ledger, as a door does it."""

    async def acted() -> None:
        async with open_ledger(Settings.model_validate({"data_dir": data}), join=True) as ledger:

            def decided(world: World, context: Context) -> Decided:
                return on_stream(context.network_id, network.decide(command, world.network(), context.now))

            automatic = Automatic(network_id=ledger.network_id, app_version="prova")
            act = automatic.command(type(command).__name__, EXPORT, EXPORT)
            assert isinstance(await ledger.engine.run(act, decided), Done)

    asyncio.run(acted())


def _in_earnest() -> str:
    """The small network with real houses, and without the numbers and meanings that no file may carry."""
    text = NETWORK.read_text().replace("fictitious = true", "fictitious = false")
    return re.sub(r"^(on_call_number|meaning) = .*\n", "", text, flags=re.MULTILINE)


def test_a_real_log_is_written_out_once_after_two_persons_agreed(tmp_path: Path) -> None:
    earnest, out = tmp_path / "earnest.toml", tmp_path / "log"
    earnest.write_text(_in_earnest())
    with passable_directory() as folder:
        data = folder / "data"
        variables = {"APPRODO_DATA_DIR": str(data)}
        assert approdo(variables, "init", earnest, "--kind", "real").status == 0
        for command in (ASKED, AGREED):
            refused = approdo(variables, "replay", "--dump", out)
            assert (refused.status, out.exists()) == (1, False)
            assert "two persons' will" in refused.complaint
            given(data, command)
        before = datetime.now(UTC) - timedelta(minutes=1)
        assert approdo(variables, "replay", "--dump", out).status == 0
        rows = list(read_dump(out))
        assert rows[-1].topic == LogExported.TOPIC
        assert rows[-1].recorded_at > before
        again = approdo(variables, "replay", "--dump", tmp_path / "second")
        assert (again.status, (tmp_path / "second").exists()) == (1, False)
