"""What a register promises, asked of each that keeps it; and what PostgreSQL holds to by itself."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.permissions import Role
from domain.vocabulary import MemberId, ShelterId
from ledger.faults import StoreUnreachable
from ledger.register.access import Access, Device, DeviceCode, Pin, Session
from ledger.register.memory import MemoryRegister
from ledger.register.port import Engagement, Opening, Register
from ledger.register.postgres import PostgresRegister, RegisterConnections
from ledger.register.postgres_access import PostgresAccess
from tests.support.postgres import Database, administer

NOW = datetime(2026, 11, 22, 1, 13, tzinfo=UTC)
LEAD = uuid4()
BODY = MemberId(uuid4())
HOUSE = ShelterId(uuid4())
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kept:
    register: Register
    access: Access


@asynccontextmanager
async def on_database(database: Database) -> AsyncIterator[Kept]:
    async with RegisterConnections(database.dsn("identity")) as connections:
        yield Kept(PostgresRegister(connections), PostgresAccess(connections))


Run = Callable[[Callable[[Kept], Awaitable[None]]], None]


@pytest.fixture(params=["memory", "postgres"])
def run(request: pytest.FixtureRequest) -> Run:
    def in_memory(check: Callable[[Kept], Awaitable[None]]) -> None:
        async def checked() -> None:
            kept = MemoryRegister()
            await check(Kept(kept, kept))

        asyncio.run(checked())

    def on_postgres(check: Callable[[Kept], Awaitable[None]]) -> None:
        database: Database = request.getfixturevalue("database")

        async def checked() -> None:
            async with on_database(database) as kept:
                await check(kept)

        asyncio.run(checked())

    return in_memory if request.param == "memory" else on_postgres


def engagement(actor: UUID, **other: Any) -> Engagement:
    given = {
        "engagement": uuid4(),
        "actor": actor,
        "member": BODY,
        "role": Role.COORDINATOR,
        "houses": frozenset(),
        "program": False,
        "valid_from": NOW,
        "valid_to": None,
        "entered_by": LEAD,
        "entered_at": NOW,
    }
    return Engagement(**{**given, **other})


def test_who_was_entered_is_found_by_subject_and_by_actor(run: Run) -> None:
    async def check(kept: Kept) -> None:
        actor, other = uuid4(), uuid4()
        assert await kept.register.actor_of(b"s" * 32, actor) == actor
        assert await kept.register.actor_of(b"s" * 32, other) == actor
        assert await kept.register.of_subject(b"s" * 32) is None
        entered = engagement(actor, houses=frozenset({HOUSE}), role=Role.SHELTER_OPERATOR, valid_to=NOW + DAY)
        assert await kept.register.engage(entered) == entered
        assert await kept.register.of_subject(b"s" * 32) == entered
        assert await kept.register.of_actor(actor) == entered
        assert await kept.register.of_actor(other) is None
        found = await kept.register.of_actor(actor)
        assert found is not None and type(found.actor) is UUID

    run(check)


def test_a_change_ends_a_row_and_begins_another_and_moves_the_version_on(run: Run) -> None:
    async def check(kept: Kept) -> None:
        actor = uuid4()
        first = await kept.register.engage(engagement(actor))
        before = await kept.register.version()
        assert await kept.register.engage(engagement(actor)) == first, "said again, nothing happens"
        assert await kept.register.version() == before
        second = engagement(actor, role=Role.LEAD_BODY, entered_at=NOW + DAY)
        assert await kept.register.engage(second) == second
        assert await kept.register.version() > before
        ended = replace(first, ended_by=LEAD, ended_at=NOW + DAY)
        assert await kept.register.engagements() == (ended, second)
        before = await kept.register.version()
        assert await kept.register.end(actor, None, NOW + DAY)
        assert await kept.register.version() > before
        assert not await kept.register.end(actor, None, NOW + DAY)
        assert await kept.register.of_actor(actor) is None

    run(check)


def test_a_name_opens_only_where_there_is_one(run: Run) -> None:
    async def check(kept: Kept) -> None:
        actor = uuid4()
        opening = Opening(
            opening=uuid4(),
            actor=actor,
            opened_by=LEAD,
            reason="JUDICIAL_ORDER",
            sealed_order=b"o",
            opened_at=NOW,
        )
        assert await kept.register.open_name(opening) is None
        await kept.register.name(actor, b"before", NOW)
        await kept.register.name(actor, b"sealed", NOW + DAY)
        assert await kept.register.open_name(opening) == b"sealed"

    run(check)


def test_the_latest_key_of_a_program_counts(run: Run) -> None:
    async def check(kept: Kept) -> None:
        actor = uuid4()
        assert await kept.register.key_of(actor) is None
        await kept.register.add_key(actor, "{}", NOW)
        await kept.register.add_key(actor, '{"kty":"OKP"}', NOW + DAY)
        assert await kept.register.key_of(actor) == '{"kty":"OKP"}'

    run(check)


def test_a_code_enrols_one_device_in_time_and_a_revoked_device_is_unknown(run: Run) -> None:
    async def check(kept: Kept) -> None:
        made = DeviceCode(
            code=b"c" * 32, member=BODY, houses=frozenset({HOUSE}), made_by=LEAD, expires_at=NOW + DAY
        )
        await kept.access.add_code(made)
        assert await kept.access.use_code(b"d" * 32, NOW) is None
        found = await asyncio.gather(*(kept.access.use_code(b"c" * 32, NOW) for _ in range(4)))
        assert [each for each in found if each is not None] == [made]
        await kept.access.add_code(replace(made, code=b"e" * 32))
        assert await kept.access.use_code(b"e" * 32, NOW + DAY) is None, "too late"
        device = enrolled()
        await kept.access.add_device(device)
        assert await kept.access.device(device.secret) == device
        assert await kept.access.revoke_device(device.device, LEAD, NOW)
        assert not await kept.access.revoke_device(device.device, LEAD, NOW)
        assert await kept.access.device(device.secret) is None
        assert await kept.access.devices() == (replace(device, revoked_at=NOW),)

    run(check)


def enrolled() -> Device:
    return Device(
        device=uuid4(),
        secret=os.urandom(32),
        member=BODY,
        houses=frozenset({HOUSE}),
        enrolled_by=LEAD,
        enrolled_at=NOW,
    )


def test_tries_are_counted_by_person_wherever_they_are_made(run: Run) -> None:
    async def check(kept: Kept) -> None:
        actor, other = uuid4(), uuid4()
        counted = await asyncio.gather(*(kept.access.count_try(actor) for _ in range(4)))
        assert sorted(counted) == [1, 2, 3, 4]
        assert await kept.access.count_try(other) == 1
        assert await kept.access.tries() == {actor: 4, other: 1}
        await kept.access.forget_tries(actor)
        assert await kept.access.tries() == {other: 1}
        pin = Pin(actor=actor, hash="h", shown=b"s", set_at=NOW)
        assert await kept.access.pin(actor) is None
        await kept.access.set_pin(pin)
        await kept.access.set_pin(replace(pin, hash="i"))
        assert await kept.access.pin(actor) == replace(pin, hash="i")
        assert await kept.access.pins() == (replace(pin, hash="i"),)
        await kept.access.forget_pin(actor)
        assert await kept.access.pin(actor) is None

    run(check)


def test_a_session_ends_with_its_device_its_successor_and_by_itself(run: Run) -> None:
    async def check(kept: Kept) -> None:
        device = enrolled()
        await kept.access.add_device(device)
        first = Session(
            id=b"1" * 32,
            actor=LEAD,
            device=device.device,
            how="PIN",
            began_at=NOW,
            seen_at=NOW,
            stepped_up_at=NOW,
        )
        await kept.access.begin(first, instead_of=None)
        assert await kept.access.session(first.id) == (first, device)
        await kept.access.seen(first.id, NOW + DAY / 24)
        await kept.access.lock(first.id)
        assert await kept.access.session(first.id) == (
            replace(first, seen_at=NOW + DAY / 24, locked=True),
            device,
        )
        second = replace(first, id=b"2" * 32, device=None)
        await kept.access.begin(second, instead_of=first.id)
        assert await kept.access.session(first.id) is None
        assert await kept.access.session(second.id) == (second, None)
        third = replace(first, id=b"3" * 32)
        await kept.access.begin(third, instead_of=None)
        await kept.access.revoke_device(device.device, LEAD, NOW)
        assert await kept.access.session(third.id) is None
        await kept.access.end_session(second.id)
        assert await kept.access.session(second.id) is None
        await kept.access.begin(replace(second, id=b"4" * 32), instead_of=None)
        late = replace(second, id=b"5" * 32, began_at=NOW + 2 * DAY, seen_at=NOW + 2 * DAY)
        await kept.access.begin(late, instead_of=None)
        assert await kept.access.session(b"4" * 32) is None, "forgotten"

    run(check)


def test_what_a_program_signed_counts_once(run: Run) -> None:
    async def check(kept: Kept) -> None:
        signed = b"a" * 32
        used = await asyncio.gather(*(kept.access.use_assertion(signed, NOW + DAY, NOW) for _ in range(4)))
        assert sorted(used) == [False, False, False, True]
        assert await kept.access.use_assertion(signed, NOW + 3 * DAY, NOW + 2 * DAY), (
            "the old one is forgotten"
        )

    run(check)


# --- PostgreSQL alone ---------------------------------------------------------------------------------------


def test_the_register_and_the_log_cannot_read_each_other_and_a_row_is_only_ended(database: Database) -> None:
    async def entered() -> None:
        async with on_database(database) as kept:
            actor = await kept.register.actor_of(b"s" * 32, uuid4())
            await kept.register.engage(engagement(actor))
            await kept.register.end(actor, LEAD, NOW)

    asyncio.run(entered())
    for role, statement, refused in (
        ("identity", "SELECT 1 FROM ledger.stored_events", psycopg.errors.InsufficientPrivilege),
        ("app", "SELECT 1 FROM register.engagement", psycopg.errors.InsufficientPrivilege),
        ("app", "SELECT 1 FROM identity.actor", psycopg.errors.InsufficientPrivilege),
        ("identity", "DELETE FROM register.engagement", psycopg.errors.InsufficientPrivilege),
        (
            "identity",
            "UPDATE register.engagement SET role = 'LEAD_BODY'",
            psycopg.errors.InsufficientPrivilege,
        ),
        ("identity", "UPDATE register.engagement SET ended_at = NULL", psycopg.errors.CheckViolation),
        ("identity", "DELETE FROM identity.actor", psycopg.errors.InsufficientPrivilege),
        ("identity", "UPDATE register.version SET version = 1", psycopg.errors.InsufficientPrivilege),
        ("identity", "DELETE FROM register.name_opening", psycopg.errors.InsufficientPrivilege),
    ):
        with psycopg.connect(database.dsn(role)) as connection, pytest.raises(refused):
            connection.execute(statement.encode())


def test_a_connection_that_died_meanwhile_is_opened_again(database: Database) -> None:
    async def check() -> None:
        async with on_database(database) as kept:
            before = await kept.register.version()
            administer(
                database.server,
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database.name}'",
            )
            assert await kept.register.version() == before

    asyncio.run(check())


def test_a_register_that_cannot_be_reached_is_a_fault_of_the_ledger() -> None:
    async def check() -> None:
        async with RegisterConnections(
            "postgresql://approdo_identity:hunter2@127.0.0.1:1/none"
        ) as connections:
            with pytest.raises(StoreUnreachable) as told:
                await PostgresRegister(connections).version()
            assert "hunter2" not in str(told.value)

    asyncio.run(check())
