"""Both sealed logs keep the contract."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from ledger.evidence.sealing.memory import MemorySealedLog
from ledger.postgres.sealed import PostgresSealedLog
from ledger.store.memory import MemoryStore
from ledger.store.port import Store
from ledger.store.postgres import PostgresStore
from tests.ledger.evidence.sealing.contract import SealedLogContract
from tests.support.postgres import Database


class TestMemory(SealedLogContract):
    @pytest.fixture
    def store(self) -> MemoryStore:
        return MemoryStore()

    @pytest.fixture
    def log(self, store: Store) -> MemorySealedLog:
        return MemorySealedLog(store)


class TestPostgres(SealedLogContract):
    """As the sealer's own role."""

    @pytest_asyncio.fixture
    async def store(self, database: Database) -> AsyncIterator[PostgresStore]:
        async with PostgresStore(database.dsn("app")) as opened:
            yield opened

    @pytest_asyncio.fixture
    async def log(self, database: Database) -> AsyncIterator[PostgresSealedLog]:
        async with PostgresSealedLog(database.dsn("sealer")) as opened:
            yield opened
