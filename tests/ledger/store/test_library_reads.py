"""The library reads our table: with its own recorder under a role that can only SELECT, and as our
persistence module.
"""

from __future__ import annotations

import asyncio
import uuid
from uuid import UUID

import pytest
from eventsourcing.application import Application
from eventsourcing.persistence import InfrastructureFactory, PersistenceError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from ledger.store import library
from ledger.store.port import StoredRow
from ledger.store.postgres import PostgresStore
from tests.ledger.store.appends import an_append, an_event
from tests.ledger.store.library_env import library_env
from tests.support.postgres import ROLES, Database

STREAM = uuid.uuid4()


async def _fill(database: Database) -> tuple[StoredRow, ...]:
    async with PostgresStore(database.dsn("app")) as store:
        for version in range(1, 21):
            event = an_event(STREAM, version, topic=f"tested.{version % 2}", state=bytes([version]))
            await store.append(an_append(event, (uuid.uuid4(), 1)))
        return await store.read_all(after=0, limit=100)


@pytest.fixture
def filled(database: Database) -> tuple[StoredRow, ...]:
    return asyncio.run(_fill(database))


def _datastore(database: Database, role: str) -> PostgresDatastore:
    return PostgresDatastore(
        dbname=database.name,
        host=str(database.server.socket_dir),
        port=5432,
        user=ROLES[role],
        password="",
        schema="ledger",
    )


def test_the_library_s_own_recorder_reads_our_table(
    database: Database, filled: tuple[StoredRow, ...]
) -> None:
    with _datastore(database, "reader") as datastore:
        recorder = PostgresApplicationRecorder(datastore, events_table_name="stored_events")
        assert recorder.max_notification_id() == 40
        assert [e.originator_version for e in recorder.select_events(STREAM, gt=3, lte=6)] == [4, 5, 6]
        assert [e.state for e in recorder.select_events(STREAM, desc=True, limit=1)] == [bytes([20])]
        notifications = recorder.select_notifications(start=1, limit=100)
        assert [(n.id, n.originator_id, n.originator_version, n.topic, n.state) for n in notifications] == [
            (row.position, row.stream, row.version, row.topic, row.state) for row in filled
        ]
        odd = recorder.select_notifications(start=1, limit=100, topics=["tested.1"])
        assert [n.originator_version for n in odd if n.originator_id == STREAM] == list(range(1, 21, 2))


@pytest.mark.parametrize("role", ["reader", "app"])
def test_the_library_s_own_recorder_cannot_write(database: Database, role: str) -> None:
    with _datastore(database, role) as datastore:
        recorder = PostgresApplicationRecorder(datastore, events_table_name="stored_events")
        with pytest.raises((PersistenceError, AssertionError, AttributeError, KeyError)):
            recorder.insert_events([StoredEvent(uuid.uuid4(), 1, "tested.1", b"")])
        assert recorder.max_notification_id() is None


def test_as_a_persistence_module_it_is_read_only(database: Database, filled: tuple[StoredRow, ...]) -> None:
    env = library_env(database) | {"PERSISTENCE_MODULE": "ledger.store.library"}
    factory: InfrastructureFactory = InfrastructureFactory.construct(env)
    with factory:
        recorder = factory.application_recorder()
        assert isinstance(recorder, library.LedgerReader)
        recorder.create_table()
        assert recorder.max_notification_id() == len(filled)
        with pytest.raises(PersistenceError):
            recorder.insert_events([StoredEvent(uuid.uuid4(), 1, "tested.1", b"")])
        with pytest.raises(PersistenceError):
            factory.mapper().to_stored_event(object())  # type: ignore[arg-type]
        assert recorder.max_notification_id() == len(filled)


def test_the_library_s_notification_log_pages_through_our_table(
    database: Database, filled: tuple[StoredRow, ...]
) -> None:
    class Anything(Application[UUID]):
        name = "anything"

    with Anything(library_env(database) | {"PERSISTENCE_MODULE": "ledger.store.library"}) as app:
        section = app.notification_log["1,10"]
        assert [item.id for item in section.items] == list(range(1, 11))
        assert [item.state for item in section.items] == [row.state for row in filled[:10]]


def test_a_subscription_reads_what_was_there_and_what_comes(
    database: Database, filled: tuple[StoredRow, ...]
) -> None:
    async def append_more() -> None:
        async with PostgresStore(database.dsn("app")) as store:
            await store.append(an_append((uuid.uuid4(), 1)))

    env = library_env(database) | {"PERSISTENCE_MODULE": "ledger.store.library"}
    factory: InfrastructureFactory = InfrastructureFactory.construct(env)
    with factory, factory.application_recorder().subscribe(gt=len(filled) - 1) as subscription:
        assert next(subscription).id == len(filled)
        asyncio.run(append_more())
        assert next(subscription).id == len(filled) + 1
