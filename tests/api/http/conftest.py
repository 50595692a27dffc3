"""Stages with a sealer at their side, for tests of what is sealed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.api.http.sealed_ground import Sealed, sealed_in_memory, sealed_on
from tests.support.postgres import Database


@pytest.fixture(params=["memory", "postgresql"])
def kept_on(request: pytest.FixtureRequest) -> Database | None:
    """A database, or None for memory."""
    if request.param == "memory":
        return None
    database: Database = request.getfixturevalue("database")
    return database


@pytest_asyncio.fixture
async def sealed(kept_on: Database | None, tmp_path: Path) -> AsyncIterator[Sealed]:
    async with sealed_in_memory(tmp_path) if kept_on is None else sealed_on(kept_on, tmp_path) as made:
        yield made


@pytest_asyncio.fixture
async def memory(tmp_path: Path) -> AsyncIterator[Sealed]:
    async with sealed_in_memory(tmp_path) as made:
        yield made
