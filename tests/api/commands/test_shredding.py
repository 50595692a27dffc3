"""`approdo shred` lists, and finishes what two persons have approved: on a real log, without a master key."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import pytest

from api.settings import Settings
from api.wiring import OpenLedger, open_ledger, vault_of
from domain.case import CaseOpened, ShreddingApproved, ShreddingProposed
from domain.event import Event
from domain.kept import ValueKind
from domain.vocabulary import ShreddingId
from ledger.state_bytes import SALT_BYTES
from ledger.store import codec
from ledger.store.ids import system_sources
from ledger.store.port import Append, NewEvent, Receipt
from ledger.vault.port import KeyDestroyed
from tests.api.commands.program import EXERCISE, NETWORK, approdo
from tests.support.postgres import Database

PROPOSED_ONLY, APPROVED = UUID(int=0xCA5E1), UUID(int=0xCA5E2)
SHREDDING = ShreddingId(UUID(int=0x5E6))


@pytest.fixture
def variables(database: Database, tmp_path: Path) -> dict[str, str]:
    return {
        "APPRODO_DATABASE_URL": database.dsn("app"),
        "APPRODO_VAULT_KEY": os.urandom(32).hex(),
        "APPRODO_DATA_DIR": str(tmp_path),
    }


def in_ledger(variables: dict[str, str], act: Callable[[OpenLedger], Awaitable[None]]) -> None:
    async def acted() -> None:
        settings = Settings.model_validate(
            {name.removeprefix("APPRODO_").lower(): value for name, value in variables.items()}
        )
        async with open_ledger(settings) as ledger:
            await act(ledger)

    asyncio.run(acted())


async def two_cases(ledger: OpenLedger) -> None:
    """One whose destruction somebody proposed, one that another approved too; a value kept for each."""
    proposal = ShreddingProposed(
        shredding_id=SHREDDING,
        proposed_by=UUID(int=1),
        decision="2041/12",
        archive_authorisation="2041/3",
    )
    approval = ShreddingApproved(shredding_id=SHREDDING, approved_by=UUID(int=2))
    told: dict[UUID, tuple[Event, ...]] = {
        PROPOSED_ONLY: (CaseOpened(), proposal),
        APPROVED: (CaseOpened(), proposal, approval),
    }
    sources, described = system_sources(), (await ledger.store.read_all(after=0, limit=1))[0].metadata
    for case_id, events in told.items():
        command_id = sources.new_id()
        await vault_of(ledger.opened).keep(case_id, [(ValueKind.ALIAS, "Corbezzola")], command_id)
        new = tuple(
            NewEvent(
                stream=case_id,
                version=version,
                topic=event.TOPIC,
                state=codec.encode(event, sources.random_bytes(SALT_BYTES)),
                event_id=sources.new_id(),
                metadata=described,
            )
            for version, event in enumerate(events, start=1)
        )
        outcome = await ledger.store.append(Append(command_id=command_id, digest=bytes(32), events=new))
        assert isinstance(outcome, Receipt)


async def only_the_approved_is_gone(ledger: OpenLedger) -> None:
    with pytest.raises(KeyDestroyed):
        await vault_of(ledger.opened).open(APPROVED, ())
    assert await vault_of(ledger.opened).open(PROPOSED_ONLY, ()) == {}


def test_it_lists_and_finishes_only_what_two_persons_approved(variables: dict[str, str]) -> None:
    assert approdo(variables, "init", NETWORK, *EXERCISE).status == 0
    assert "nothing was ever proposed" in approdo(variables, "shred").out
    in_ledger(variables, two_cases)
    without_key = {name: value for name, value in variables.items() if name != "APPRODO_VAULT_KEY"}
    listed = approdo(without_key, "shred")
    assert f"case {PROPOSED_ONLY}: proposed, waits for another person, decision 2041/12" in listed.out
    assert f"case {APPROVED}: approved, its key is there still" in listed.out
    finished = approdo(without_key, "shred", "--finish")
    assert (finished.status, finished.err) == (0, "")
    assert f"case {APPROVED}: destroyed" in finished.out
    assert f"case {PROPOSED_ONLY}: proposed" in finished.out
    in_ledger(variables, only_the_approved_is_gone)
    assert approdo(without_key, "shred", "--finish").out == finished.out


def test_its_help_says_what_it_changes() -> None:
    told = " ".join(approdo({}, "shred", "--help").out.split())
    assert "Alone it changes nothing" in told and "never proposes or approves" in told
