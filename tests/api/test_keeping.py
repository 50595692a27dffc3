"""What stands and what is seen when a process dies between the vault and the log, and how it is made good."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio

from api.keeping import told_of
from api.loops.sweeping import Sweeping
from ledger.store.postgres import PostgresStore
from ledger.vault.postgres import PostgresVault
from ledger.vault.wrapping import MasterKeys
from tests.api.dying_keeper import WORD
from tests.api.http.ground import ALONE, ground_on
from tests.support.postgres import Database

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
AT_ONCE = timedelta()


@dataclass(frozen=True, kw_only=True)
class Night:
    """A case in a real ledger, beside a real vault."""

    database: Database
    master: bytes
    store: PostgresStore
    vault: PostgresVault
    network: UUID
    case: UUID

    async def keeper(self, what: str, command: UUID, where: str = "nowhere") -> tuple[int, str]:
        """How the process ended, and what it saw."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.api.dying_keeper",
            self.database.dsn("app"),
            self.database.dsn("vault"),
            self.master.hex(),
            *map(str, (self.network, self.case, command, what, where)),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, said.decode().strip()

    async def topics(self) -> list[str]:
        rows = (await self.store.read_streams((self.case,)))[self.case]
        return [row.topic for row in rows]

    async def doubtful(self) -> tuple[str, ...]:
        return (await self.vault.doubtful(AT_ONCE)).get(self.case, ())

    async def require_looks_recorded(self, said: str, looks: int) -> None:
        """Whoever saw the word stands in the log, one look more than there were."""
        recorded = (await self.topics()).count("case.values-opened.1")
        assert WORD not in said or recorded == looks + 1

    async def require_kept(self) -> None:
        """Every value that stands in the log is in the vault."""
        standing = (await told_of(self.store, self.case)).standing
        assert set(await self.vault.open(self.case, standing)) == standing

    async def swept(self) -> None:
        """By two owners, twice each."""
        owners = [Sweeping(self.store, self.vault, in_doubt_for=AT_ONCE) for _ in range(2)]
        for owner in (*owners, *owners):
            await owner.step()


@pytest_asyncio.fixture
async def night(database: Database) -> AsyncIterator[Night]:
    master = os.urandom(32)
    async with AsyncExitStack() as opened:
        store = await opened.enter_async_context(PostgresStore(database.dsn("app")))
        beside = PostgresVault(database.dsn("vault"), MasterKeys(master), os.urandom)
        vault = await opened.enter_async_context(beside)
        stage = await opened.enter_async_context(ground_on(store, vault=vault))
        placement = (await stage.ask(ALONE))["placement"]
        yield Night(
            database=database,
            master=master,
            store=store,
            vault=vault,
            network=stage.ids.network,
            case=UUID(placement["case_id"]),
        )


async def test_a_process_that_dies_before_the_append_leaves_nothing_that_can_be_read(night: Night) -> None:
    head, command = await night.store.head(), uuid.uuid4()
    assert await night.keeper("keep", command, "before-append") == (-signal.SIGKILL, "")
    assert await night.store.head() == head
    (lost,) = await night.doubtful()
    assert await night.keeper("open", uuid.uuid4()) == (0, "Refusal.VALUE_NOT_KEPT")
    await Sweeping(night.store, night.vault).step()
    assert await night.doubtful() == (lost,), "an hour has not passed"
    await night.swept()
    assert await night.doubtful() == ()
    assert await night.vault.open(night.case, [lost]) == {}
    assert await night.store.head() == head
    await night.require_kept()


async def test_the_same_command_after_a_death_keeps_the_same_value_once(night: Night) -> None:
    command = uuid.uuid4()
    await night.keeper("keep", command, "before-append")
    (first,) = await night.doubtful()
    assert await night.keeper("keep", command) == (0, "Done")
    assert await night.keeper("keep", command) == (0, "Done")
    assert await night.doubtful() == ()
    assert await night.vault.open(night.case, [first]) == {first: WORD}
    assert (await night.topics()).count("case.value-kept.1") == 1
    await night.swept()
    assert await night.vault.open(night.case, [first]) == {first: WORD}, "what stands is not swept"


async def test_a_retry_after_the_sweep_keeps_it_anew(night: Night) -> None:
    command = uuid.uuid4()
    await night.keeper("keep", command, "before-append")
    await night.swept()
    assert await night.keeper("keep", command) == (0, "Done")
    assert await night.keeper("open", uuid.uuid4()) == (0, WORD)


@pytest.mark.parametrize("where", ["before-discard", "before-settle"])
async def test_a_process_that_dies_after_the_append_leaves_to_the_sweep_what_is_there_still(
    night: Night, where: str
) -> None:
    await night.keeper("keep", uuid.uuid4())
    (replaced,) = (await told_of(night.store, night.case)).standing
    assert await night.keeper("keep", uuid.uuid4(), where) == (-signal.SIGKILL, "")
    (standing,) = (await told_of(night.store, night.case)).standing
    left = {replaced, standing} if where == "before-discard" else {standing}
    assert set(await night.doubtful()) == left
    await night.swept()
    assert await night.doubtful() == ()
    assert await night.vault.open(night.case, [replaced, standing]) == {standing: WORD}


async def test_a_process_that_dies_before_its_answer_has_recorded_the_look(night: Night) -> None:
    await night.keeper("keep", uuid.uuid4())
    look = uuid.uuid4()
    assert await night.keeper("open", look, "before-answer") == (-signal.SIGKILL, "")
    assert (await night.topics())[-1] == "case.values-opened.1"
    head = await night.store.head()
    ended, said = await night.keeper("open", look)
    assert (ended, said) == (0, WORD), "the same look, shown by a retry"
    await night.require_looks_recorded(said, 0)
    assert await night.store.head() == head


async def test_a_process_that_cannot_record_the_look_shows_nothing(night: Night) -> None:
    await night.keeper("keep", uuid.uuid4())
    head = await night.store.head()
    assert await night.keeper("open", uuid.uuid4(), "before-append") == (-signal.SIGKILL, "")
    assert await night.store.head() == head


async def test_a_keeper_that_is_hasty_is_found_out(night: Night) -> None:
    """The control: the same deaths, the other way round."""
    await night.keeper("keep", uuid.uuid4())
    await night.require_kept()
    ended, said = await night.keeper("open", uuid.uuid4(), "hasty")
    assert (ended, said) == (-signal.SIGKILL, WORD)
    with pytest.raises(AssertionError):
        await night.require_looks_recorded(said, 0)
    assert (await night.keeper("keep", uuid.uuid4(), "hasty"))[0] == -signal.SIGKILL
    with pytest.raises(AssertionError):
        await night.require_kept()
