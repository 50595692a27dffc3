"""The store on PostgreSQL keeps the contract, with the rights of the application's role and no others."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from ledger.store.postgres import PostgresStore
from tests.ledger.store.contract import StoreContract
from tests.support.postgres import Database


@pytest_asyncio.fixture
async def store(database: Database) -> AsyncIterator[PostgresStore]:
    async with PostgresStore(database.dsn("app")) as opened:
        yield opened


class TestPostgresStore(StoreContract):
    pass
