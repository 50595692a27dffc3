"""What was told stays as it was: the first release of a month is the one that is kept, on both adapters."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from ledger.postgres.published import PostgresPublished
from ledger.published import KeptNotice, KeptRelease, MemoryPublished, Published
from tests.support.postgres import Database

pytestmark = pytest.mark.asyncio
NOW = datetime(2026, 12, 8, tzinfo=UTC)
RELEASE = KeptRelease(
    scope=UUID(int=1),
    first_month=date(2026, 11, 1),
    last_month=date(2026, 11, 1),
    before=NOW - timedelta(days=7),
    told_at=NOW,
    told=True,
    late_told=0,
    document=b'{"told":true}',
)
NOTICE = KeptNotice(notice_id=UUID(int=5), noticed_at=NOW, kind="SEARCHES", actor=UUID(int=6), count=60)


@asynccontextmanager
async def kept(kind: str, database: Database) -> AsyncIterator[Published]:
    if kind == "memory":
        yield MemoryPublished()
        return
    async with PostgresPublished(database.dsn()) as published:
        yield published


@pytest.mark.parametrize("kind", ["memory", "postgres"])
async def test_a_release_that_was_told_never_changes(kind: str, database: Database) -> None:
    async with kept(kind, database) as published:
        assert await published.releases(RELEASE.scope) == ()
        await published.release(RELEASE)
        await published.release(replace(RELEASE, document=b"{}"))
        later = replace(RELEASE, first_month=date(2026, 12, 1), last_month=date(2026, 12, 1))
        await published.release(later)
        assert await published.releases(RELEASE.scope) == (RELEASE, later)
        assert await published.releases(UUID(int=2)) == ()


@pytest.mark.parametrize("kind", ["memory", "postgres"])
async def test_notices_come_back_the_latest_first(kind: str, database: Database) -> None:
    async with kept(kind, database) as published:
        after = replace(NOTICE, notice_id=UUID(int=4), noticed_at=NOW + timedelta(minutes=1))
        for each in (NOTICE, after, NOTICE):
            await published.notice(each)
        assert await published.notices(10) == (after, NOTICE)
        assert await published.notices(1) == (after,)


@pytest.mark.parametrize("statement", ["UPDATE published.{} SET {} = {}", "DELETE FROM published.{}"])
@pytest.mark.parametrize(("table", "column"), [("release", "late_told"), ("notice", "count")])
async def test_the_program_cannot_change_what_was_told(
    statement: str, table: str, column: str, database: Database
) -> None:
    connection = await asyncpg.connect(database.dsn())
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement.format(table, column, column))
    finally:
        await connection.close()
