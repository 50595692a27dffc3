"""What a store of passkeys, codes and invitations promises, asked of each that keeps it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from ledger.register.credentials import Credentials, Invitation, Passkey
from ledger.register.memory_credentials import MemoryCredentials
from ledger.register.postgres import RegisterConnections
from ledger.register.postgres_credentials import PostgresCredentials
from tests.support.postgres import Database

NOW = datetime(2026, 11, 22, 1, 13, tzinfo=UTC)
DAY = timedelta(days=1)
Run = Callable[[Callable[[Credentials], Awaitable[None]]], None]


@pytest.fixture(params=["memory", "postgres"])
def run(request: pytest.FixtureRequest) -> Run:
    def in_memory(check: Callable[[Credentials], Awaitable[None]]) -> None:
        async def checked() -> None:
            await check(MemoryCredentials())

        asyncio.run(checked())

    def on_postgres(check: Callable[[Credentials], Awaitable[None]]) -> None:
        database: Database = request.getfixturevalue("database")

        async def checked() -> None:
            async with RegisterConnections(database.dsn("identity")) as connections:
                await check(PostgresCredentials(connections))

        asyncio.run(checked())

    return in_memory if request.param == "memory" else on_postgres


def invitation(actor: UUID, code: bytes, **other: Any) -> Invitation:
    return replace(Invitation(code=code, actor=actor, made_by=None, expires_at=NOW + DAY), **other)


def passkey(actor: UUID, credential_id: bytes = b"key", **other: Any) -> Passkey:
    made = Passkey(credential_id=credential_id, actor=actor, attested=b"public", counter=3, added_at=NOW)
    return replace(made, **other)


def test_an_invitation_counts_once_and_not_when_it_is_too_old(run: Run) -> None:
    async def check(kept: Credentials) -> None:
        ada, bea = uuid4(), uuid4()
        await kept.invite(invitation(ada, b"a" * 32, made_by=bea))
        await kept.invite(invitation(bea, b"b" * 32))
        assert await kept.invited(b"a" * 32, NOW) == ada
        assert type(await kept.invited(b"a" * 32, NOW)) is UUID
        assert await kept.invited(b"c" * 32, NOW) is None
        assert await kept.invited(b"a" * 32, NOW + DAY) is None
        assert not await kept.use_invitation(b"a" * 32, NOW + DAY), "too old"
        assert await kept.use_invitation(b"a" * 32, NOW)
        assert not await kept.use_invitation(b"a" * 32, NOW), "used"
        assert await kept.invited(b"a" * 32, NOW) is None
        assert await kept.invited(b"b" * 32, NOW) == bea

    run(check)


def test_who_made_an_invitation_that_was_used_is_kept_and_what_is_forgotten_counts_no_more(run: Run) -> None:
    async def check(kept: Credentials) -> None:
        ada, bea = uuid4(), uuid4()
        for code, by in ((b"a" * 32, bea), (b"b" * 32, None)):
            await kept.invite(invitation(ada, code, made_by=by))
            assert await kept.use_invitation(code, NOW)
        await kept.invite(invitation(ada, b"c" * 32, made_by=bea))
        await kept.add_passkey(passkey(ada, b"hers"))
        await kept.add_passkey(passkey(bea, b"other"))
        await kept.set_recovery_codes(ada, (b"1" * 32,), NOW)
        await kept.forget(ada)
        assert await kept.invited(b"c" * 32, NOW) is None
        assert await kept.use_recovery_code(b"1" * 32, NOW) is None
        assert (await kept.passkeys_of(ada), len(await kept.passkeys_of(bea))) == ((), 1)
        assert await kept.inviters(NOW) == ((ada, bea),)
        assert await kept.inviters(NOW + DAY) == ()

    run(check)


def test_another_invitation_ends_the_one_before(run: Run) -> None:
    async def check(kept: Credentials) -> None:
        ada = uuid4()
        await kept.invite(invitation(ada, b"a" * 32))
        await kept.invite(invitation(ada, b"b" * 32))
        assert await kept.invited(b"a" * 32, NOW) is None
        assert not await kept.use_invitation(b"a" * 32, NOW)
        assert await kept.use_invitation(b"b" * 32, NOW)

    run(check)


def test_an_invitation_used_by_many_at_once_counts_once(run: Run) -> None:
    async def check(kept: Credentials) -> None:
        await kept.invite(invitation(uuid4(), b"a" * 32))
        used = await asyncio.gather(*(kept.use_invitation(b"a" * 32, NOW) for _ in range(8)))
        assert sum(used) == 1

    run(check)


def test_a_passkey_is_found_by_its_id_and_by_its_owner_and_belongs_to_one(run: Run) -> None:
    async def check(kept: Credentials) -> None:
        ada, bea = uuid4(), uuid4()
        first, second = passkey(ada, b"one"), passkey(ada, b"two", added_at=NOW + DAY)
        assert await kept.add_passkey(first)
        assert await kept.add_passkey(second)
        assert not await kept.add_passkey(passkey(bea, b"one")), "this authenticator is known"
        assert await kept.passkey(b"one") == first
        assert await kept.passkey(b"three") is None
        assert await kept.passkeys_of(ada) == (first, second)
        assert await kept.passkeys_of(bea) == ()
        assert not await kept.remove_passkey(bea, b"one"), "only its owner takes it out"
        assert await kept.remove_passkey(ada, b"one")
        assert not await kept.remove_passkey(ada, b"one")
        assert await kept.passkeys_of(ada) == (second,)

    run(check)


def test_a_counter_never_steps_back_nor_stands_still_unless_it_counts_nothing(run: Run) -> None:
    async def check(kept: Credentials) -> None:
        ada = uuid4()
        await kept.add_passkey(passkey(ada, b"counts", counter=3))
        await kept.add_passkey(passkey(ada, b"does not", counter=0))
        for counter, good in ((3, False), (0, False), (4, True), (4, False), (2**32 - 1, True), (5, False)):
            assert await kept.count_use(b"counts", counter) is good, counter
        for counter, good in ((0, True), (0, True), (1, True), (0, False)):
            assert await kept.count_use(b"does not", counter) is good, counter
        assert not await kept.count_use(b"unknown", 9)
        found = await kept.passkey(b"counts")
        assert found is not None and found.counter == 2**32 - 1

    run(check)


def test_a_recovery_code_counts_once_and_new_ones_end_the_earlier(run: Run) -> None:
    async def check(kept: Credentials) -> None:
        ada, bea = uuid4(), uuid4()
        await kept.set_recovery_codes(ada, (b"1" * 32, b"2" * 32), NOW)
        await kept.set_recovery_codes(bea, (b"3" * 32,), NOW)
        assert await kept.use_recovery_code(b"1" * 32, NOW) == ada
        assert await kept.use_recovery_code(b"1" * 32, NOW) is None
        assert await kept.use_recovery_code(b"9" * 32, NOW) is None
        await kept.set_recovery_codes(ada, (b"4" * 32,), NOW)
        assert await kept.use_recovery_code(b"2" * 32, NOW) is None
        assert await kept.use_recovery_code(b"3" * 32, NOW) == bea
        used = await asyncio.gather(*(kept.use_recovery_code(b"4" * 32, NOW) for _ in range(8)))
        assert (used.count(ada), used.count(None)) == (1, 7)

    run(check)


@pytest.mark.parametrize("role", ["app", "reader", "vault"])
def test_no_other_role_sees_how_people_sign_in(database: Database, role: str) -> None:
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with psycopg.connect(database.dsn(role)) as connection, refused:
        connection.execute("SELECT * FROM sign_in.passkey")
