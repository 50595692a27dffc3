"""Fixtures for every test: a scratch PostgreSQL for each process of pytest, and fresh databases on it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from ledger.postgres.migrations import migrate
from ledger.postgres.settings import Profile
from ledger.postgres.supervisor import EmbeddedPostgres
from tests.support.postgres import TEMPLATE, Database, administer, clone, passable_directory

# The machine that tests is shared and slow at times: a limit on time would say nothing about the code.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("here"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[EmbeddedPostgres]:
    """One server for all tests of this process. Its databases do not survive anything: see
    `server_directory`.
    """
    with passable_directory() as folder, EmbeddedPostgres(folder, profile=Profile.SCRATCH) as server:
        yield server


@pytest.fixture(scope="session")
def migrated_server(postgres_server: EmbeddedPostgres) -> EmbeddedPostgres:
    """The same server, with the migrated template that `clone` copies."""
    administer(postgres_server, f"CREATE DATABASE {TEMPLATE}")
    asyncio.run(migrate(postgres_server.dsn(TEMPLATE)))
    return postgres_server


@pytest.fixture
def database(migrated_server: EmbeddedPostgres) -> Iterator[Database]:
    """A fresh database with the schema of this program."""
    with clone(migrated_server) as fresh:
        yield fresh


@pytest.fixture
def empty_database(postgres_server: EmbeddedPostgres) -> Iterator[Database]:
    """A fresh database without any schema; only its superuser's address works."""
    with clone(postgres_server, template="template0") as fresh:
        yield fresh


@pytest.fixture
def server_directory() -> Iterator[Path]:
    """A folder for a server of the test's own."""
    with passable_directory() as folder:
        yield folder
