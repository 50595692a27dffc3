"""Actors: one random id for a subject, for good, and no subject to be found in the register."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack
from uuid import UUID

import psycopg
import pytest

from api.identity.actors import Actors, MemoryRegister, Register
from ledger.faults import StoreUnreachable
from ledger.postgres.actors import PostgresActors
from tests.support.postgres import Database, administer

KEY = b"k" * 32


def actors(register: Register, key: bytes = KEY) -> Actors:
    return Actors(register, key=key, random_bytes=os.urandom)


async def met(register: Register, *subjects: tuple[str, str]) -> list[UUID]:
    """By a process that has met nobody yet."""
    process = actors(register)
    return [await process.actor_of(*subject) for subject in subjects]


SUBJECTS = (("one", "first"), ("one", "second"), ("two", "first"), ("onef", "irst"))


async def check_stable_and_distinct(register: Register) -> None:
    first = await met(register, *SUBJECTS, SUBJECTS[0])
    assert first[0] == first[-1]
    assert len(set(first)) == len(SUBJECTS)
    assert await met(register, *SUBJECTS) == first[:-1]
    assert {actor.version for actor in first} == {4}
    assert {type(actor) for actor in first} == {UUID}


def test_a_subject_keeps_its_actor_and_others_have_theirs() -> None:
    asyncio.run(check_stable_and_distinct(MemoryRegister()))


def test_a_subject_keeps_its_actor_across_processes(database: Database) -> None:
    async def run() -> None:
        async with PostgresActors(database.dsn("app")) as register:
            await check_stable_and_distinct(register)

    asyncio.run(run())


def test_processes_that_meet_a_subject_at_once_agree(database: Database) -> None:
    async def together() -> list[UUID]:
        async with AsyncExitStack() as opened:
            registers = [PostgresActors(database.dsn("app")) for _ in range(8)]
            for register in registers:
                await opened.enter_async_context(register)
            processes = [actors(register) for register in registers]
            return await asyncio.gather(*(each.actor_of("one", "first") for each in processes))

    assert len(set(asyncio.run(together()))) == 1


def test_the_register_names_nobody_and_the_application_cannot_change_it(database: Database) -> None:
    async def run() -> None:
        async with PostgresActors(database.dsn("app")) as register:
            await met(register, ("one", "first"))

    asyncio.run(run())
    with psycopg.connect(database.dsn("superuser")) as connection:
        (row,) = connection.execute("SELECT subject_key, actor::text FROM identity.actor").fetchall()
        assert len(row[0]) == 32
        assert b"first" not in row[0]
    for statement in ("UPDATE identity.actor SET actor = gen_random_uuid()", "DELETE FROM identity.actor"):
        with psycopg.connect(database.dsn("app")) as connection:
            try:
                connection.execute(statement.encode())
            except psycopg.errors.InsufficientPrivilege:
                continue
            raise AssertionError(statement)


def test_another_secret_gives_other_actors() -> None:
    async def both() -> set[UUID]:
        register = MemoryRegister()
        return {await actors(register, key).actor_of("one", "first") for key in (KEY, b"l" * 32)}

    assert len(asyncio.run(both())) == 2


def test_a_connection_that_died_meanwhile_is_opened_again(database: Database) -> None:
    async def run() -> None:
        async with PostgresActors(database.dsn("app")) as register:
            first = await met(register, *SUBJECTS)
            administer(
                database.server,
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database.name}'",
            )
            assert await met(register, *SUBJECTS) == first

    asyncio.run(run())


def test_a_register_that_cannot_be_reached_is_a_fault_of_the_ledger() -> None:
    async def run() -> None:
        async with PostgresActors("postgresql://approdo_app:hunter2@127.0.0.1:1/none") as register:
            with pytest.raises(StoreUnreachable) as told:
                await met(register, SUBJECTS[0])
            assert "hunter2" not in str(told.value)

    asyncio.run(run())
