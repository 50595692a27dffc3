"""`approdo dossier` and `verify-dossier` on a real database: recorded first, made once, as ordered."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import pytest

from api.commands.dossier import DossierRefused, write_dossier
from api.loops.automatic import Automatic
from api.settings import Settings
from api.wiring import OpenLedger, open_ledger, open_sealing
from api.wiring_sealing import sealing_parts
from domain.case import DossierIssued, DossierOrdered
from domain.case.copying import ApproveDossier, CopyingCommand, OrderDossier, decide
from domain.codes import DossierKind
from domain.coordination.requesting import request_placement
from domain.placement.events import PlacementRequested
from domain.vocabulary import CaseId, DossierId, Household
from domain.world import Context, Decided, World, on_stream
from ledger.evidence.notes.trust import Trust, rendered
from ledger.evidence.sealing.sealer import Sealer
from ledger.store import codec
from ledger.store.transact import Done
from tests.api.commands.program import EXERCISE, NETWORK, approdo
from tests.api.dossier.stage import certificate
from tests.support.postgres import Database
from trials.stage.in_process import command as asking
from trials.stage.in_process import emergency

FIRST, SECOND = UUID(int=0xA1), UUID(int=0xA2)
SHOWN = OrderDossier(kind=DossierKind.OSTENSIBLE, reference="2029/311", actor=FIRST)
ANNEX = OrderDossier(kind=DossierKind.RESERVED, reference="2029/312", actor=FIRST)


@pytest.fixture
def variables(database: Database, tmp_path: Path) -> dict[str, str]:
    key = tmp_path / "log.key"
    key.write_text("5e" * 32)
    return {
        "APPRODO_DATABASE_URL": database.dsn("app"),
        "APPRODO_LOG_KEY_FILE": str(key),
        "APPRODO_SEALED_HEAD_FILE": str(tmp_path / "sealed-head"),
    }


def settings_of(variables: dict[str, str]) -> Settings:
    return Settings.model_validate(
        {name.removeprefix("APPRODO_").lower(): value for name, value in variables.items()}
    )


def in_ledger(variables: dict[str, str], act: Callable[[OpenLedger], Awaitable[object]]) -> object:
    async def acted() -> object:
        async with open_ledger(settings_of(variables)) as ledger:
            return await act(ledger)

    return asyncio.run(acted())


def seal(variables: dict[str, str]) -> Trust:
    """All that stands in the log; whom to believe of it."""

    async def sealed() -> Trust:
        settings = settings_of(variables)
        async with open_sealing(settings) as (log, birth):
            parts = sealing_parts(settings, log, birth)
            assert parts is not None
            sealer = Sealer(parts.sealed, parts.keys, parts.kept)
            await sealer.start()
            await sealer.step()
            return Trust(logs=(parts.keys.present.heads.verifier,))

    return asyncio.run(sealed())


async def ask(ledger: OpenLedger) -> CaseId:
    """Somebody asks for a place."""
    now = await ledger.store.now()
    wanted = emergency(Household(adults=1, children=()), now)
    given = asking(ledger.network_id, ledger.network_id, ledger.opened.sources)
    done = await ledger.engine.place(
        given, lambda world, context, places: request_placement(wanted, world, context, places)
    )
    assert isinstance(done, Done)
    return next(each.event.case_id for each in done.events if isinstance(each.event, PlacementRequested))


def told(case_id: CaseId, command: CopyingCommand) -> Callable[[OpenLedger], Awaitable[DossierId]]:
    async def act(ledger: OpenLedger) -> DossierId:
        def decided(world: World, context: Context) -> Decided:
            return on_stream(case_id, decide(command, world.case(case_id), context.new_id))

        automatic = Automatic(network_id=ledger.network_id, app_version="prova")
        given = automatic.command("order", ledger.opened.sources.new_id(), case_id)
        done = await ledger.engine.run(given, decided)
        assert isinstance(done, Done)
        ordered = (each.event for each in done.events if isinstance(each.event, DossierOrdered))
        return next((each.dossier_id for each in ordered), DossierId(case_id))

    return act


def issued(variables: dict[str, str]) -> list[DossierIssued]:
    async def read(ledger: OpenLedger) -> list[DossierIssued]:
        rows = await ledger.store.read_all(after=0, limit=10_000)
        events = (codec.decode(row.topic, row.state) for row in rows)
        return [each for each in events if isinstance(each, DossierIssued)]

    found = in_ledger(variables, read)
    assert isinstance(found, list)
    return found


def ordered_of(variables: dict[str, str], command: OrderDossier) -> tuple[CaseId, DossierId]:
    assert approdo(variables, "init", NETWORK, *EXERCISE).status == 0
    case_id = in_ledger(variables, ask)
    assert isinstance(case_id, UUID)
    dossier_id = in_ledger(variables, told(CaseId(case_id), command))
    assert isinstance(dossier_id, UUID)
    return CaseId(case_id), DossierId(dossier_id)


def test_a_copy_that_may_be_shown_is_made_once_and_holds(variables: dict[str, str], tmp_path: Path) -> None:
    _, dossier_id = ordered_of(variables, SHOWN)
    out, trust = tmp_path / "copy", tmp_path / "trust"
    unknown = approdo(variables, "dossier", str(UUID(int=7)), out)
    assert (unknown.status, "No such copy" in unknown.complaint, out.exists()) == (1, True, False)
    unsealed = approdo(variables, "dossier", str(dossier_id), out)
    assert (unsealed.status, "not sealed yet" in unsealed.complaint, out.exists()) == (1, True, False)
    trust.write_text(rendered(seal(variables)))
    assert issued(variables) == []
    done = approdo(variables, "dossier", str(dossier_id), out)
    assert (done.status, done.err) == (0, "")
    assert "copy that may be shown of order 2029/311" in done.out
    assert {each.name for each in out.iterdir()} == {"dossier.json", "dossier.pdf", "README.txt"}
    assert [each.stat().st_mode & 0o077 for each in (out, *out.iterdir())] == [0] * 4
    (record,) = issued(variables)
    assert (record.dossier_id, record.recipient) == (dossier_id, None)
    checked = approdo({}, "verify-dossier", out, "--trust", trust)
    assert (checked.status, checked.err) == (0, "")
    assert f"up to event {record.upto}" in checked.out
    again = approdo(variables, "dossier", str(dossier_id), tmp_path / "again")
    assert (again.status, "made already" in again.complaint) == (1, True)
    assert not (tmp_path / "again").exists()
    taken = approdo(variables, "dossier", str(dossier_id), out)
    assert "give another name" in taken.complaint
    assert len(issued(variables)) == 1


def test_of_two_that_make_it_at_once_one_is_late(variables: dict[str, str], tmp_path: Path) -> None:
    _, dossier_id = ordered_of(variables, SHOWN)
    seal(variables)
    folders = [tmp_path / "one", tmp_path / "two"]

    async def both() -> list[object]:
        made = (write_dossier(settings_of(variables), dossier_id, each, None) for each in folders)
        return list(await asyncio.gather(*made, return_exceptions=True))

    ended = asyncio.run(both())
    late = [each for each in ended if isinstance(each, DossierRefused)]
    assert (len(late), ended.count(None)) == (1, 1), ended
    assert len(issued(variables)) == sum(each.exists() for each in folders) == 1


def test_an_annex_waits_for_a_second_person_and_is_its_recipients(
    variables: dict[str, str], tmp_path: Path
) -> None:
    case_id, dossier_id = ordered_of(variables, ANNEX)
    pem, key = certificate()
    recipient, out = tmp_path / "cert.pem", tmp_path / "annex"
    recipient.write_bytes(pem)
    make = ("dossier", str(dossier_id), out, "--recipient", recipient)
    assert "has not been approved" in approdo(variables, *make).complaint
    in_ledger(variables, told(case_id, ApproveDossier(dossier_id=dossier_id, actor=SECOND)))
    trust = tmp_path / "trust"
    trust.write_text(rendered(seal(variables)))
    assert "encrypted to a recipient" in approdo(variables, *make[:3]).complaint
    assert not out.exists()
    assert approdo(variables, *make).status == 0
    assert {each.name for each in out.iterdir()} == {"allegato.cms", "README.txt"}
    (record,) = issued(variables)
    assert record.recipient is not None and record.recipient in (out / "README.txt").read_text()
    opened = tmp_path / "opened"
    opened.mkdir()
    (opened / "key.pem").write_bytes(key)
    for line in (
        f"openssl cms -decrypt -binary -inform DER -in {out}/allegato.cms -inkey key.pem -out allegato.tar",
        "tar -xf allegato.tar",
    ):
        subprocess.run(line.split(), cwd=opened, check=True, timeout=60)
    assert approdo({}, "verify-dossier", opened, "--trust", trust).status == 0


def test_without_the_logs_key_an_open_case_is_not_copied(variables: dict[str, str], tmp_path: Path) -> None:
    _, dossier_id = ordered_of(variables, SHOWN)
    seal(variables)
    keyless = {name: value for name, value in variables.items() if name != "APPRODO_LOG_KEY_FILE"}
    refused = approdo(keyless, "dossier", str(dossier_id), tmp_path / "copy")
    assert (refused.status, "APPRODO_LOG_KEY_FILE" in refused.complaint) == (1, True)
    assert issued(variables) == []


def test_its_help_says_what_it_changes() -> None:
    said = " ".join(approdo({}, "dossier", "--help").out.split())
    assert "Records that it is made, which it can be once" in said and "encrypted to the recipient" in said
    assert "exit status" in approdo({}, "verify-dossier", "--help").out
