"""Who appends holds, each through its public interface: the ledger, the library's recorder, a bare INSERT,
UmaDB.

Each peer is given the same events under the same ids. The ledger and UmaDB also judge: guards, claims,
command id. The other two only write; the library has no column for metadata, so there it stands behind the
state.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from typing import Any, Protocol, TypeVar
from uuid import UUID

import asyncpg
import umadb
import uvloop
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from ledger.store.port import Append, NewEvent, Receipt
from ledger.store.postgres import PostgresStore
from trials.bench.hold_set import HoldSet, founding
from trials.stage.ground import APP, Ground

Written = tuple[UUID, int, str, bytes]
"""An event as a peer gives it back: stream, version, topic, state and metadata."""
T = TypeVar("T")


class Peer(Protocol):
    """One store. `lay` is before the clock; `take` gives the seconds from the first append to the last
    answer.
    """

    name: str

    def lay(self, events: Sequence[NewEvent]) -> None: ...
    def take(self, holds: Sequence[Append], clients: int) -> float: ...
    def written(self) -> list[Written]: ...


def holds_per_second(peer: Peer, given: HoldSet, clients: int) -> float:
    """The rate of one peer with so many clients, each of which waits for its answer before it sends again."""
    peer.lay(given.groundwork)
    return len(given.holds) / peer.take(given.holds, clients)


class LedgerPeer:
    """Ours: one process, one store, as many tasks as clients."""

    name = "ledger"

    def __init__(self, dsn: str) -> None:
        self._runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self._store = PostgresStore(dsn)
        self._run(self._store.open())

    def close(self) -> None:
        self._run(self._store.close())
        self._runner.close()

    def lay(self, events: Sequence[NewEvent]) -> None:
        self._run(self._append_each(iter(list(founding(events)))))

    def take(self, holds: Sequence[Append], clients: int) -> float:
        return self._run(self._take(iter(holds), clients))

    def written(self) -> list[Written]:
        rows = self._run(self._store.read_all(after=0, limit=10_000_000))
        return [(row.stream, row.version, row.topic, row.state + row.metadata) for row in rows]

    async def _take(self, holds: Iterator[Append], clients: int) -> float:
        began = time.perf_counter()
        await asyncio.gather(*(self._append_each(holds) for _ in range(clients)))
        return time.perf_counter() - began

    async def _append_each(self, appends: Iterator[Append]) -> None:
        for append in appends:
            outcome = await self._store.append(append)
            assert isinstance(outcome, Receipt), outcome

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)


class LibraryPeer:
    """`eventsourcing`'s PostgresApplicationRecorder as it is by default: one call for each hold, a thread for
    each client.
    """

    name = "library"

    def __init__(self, ground: Ground, database: str) -> None:
        self._datastore = PostgresDatastore(
            dbname=database,
            host=str(ground.server.socket_dir),
            port=5432,
            user="postgres",
            password="",
            pool_size=5,
            max_overflow=10,
        )
        self._recorder = PostgresApplicationRecorder(self._datastore)
        self._recorder.create_table()

    def close(self) -> None:
        self._datastore.close()

    def lay(self, events: Sequence[NewEvent]) -> None:
        # In small pages: on a large one the library's pipeline at times waits for ever.
        for page in founding(events, size=50):
            self._recorder.insert_events(_stored(page.events))

    def take(self, holds: Sequence[Append], clients: int) -> float:
        ready = [_stored(hold.events) for hold in holds]

        def insert(events: Sequence[StoredEvent]) -> None:
            assert self._recorder.insert_events(events)

        return _by_threads(insert, ready, clients)

    def written(self) -> list[Written]:
        found = self._recorder.select_notifications(start=1, limit=10_000_000)
        return [(UUID(str(n.originator_id)), n.originator_version, n.topic, n.state) for n in found]


class InsertPeer:
    """The floor: the rows of as many holds as there are clients in one INSERT, one commit after another, no
    judgement.
    """

    name = "insert"
    _TABLE = """
        CREATE TABLE bare_events (LIKE ledger.stored_events INCLUDING STORAGE);
        ALTER TABLE bare_events ADD PRIMARY KEY (originator_id, originator_version);
        ALTER TABLE bare_events ALTER notification_id ADD GENERATED BY DEFAULT AS IDENTITY;
        ALTER TABLE bare_events SET (toast_tuple_target = 8160);
        CREATE UNIQUE INDEX ON bare_events (notification_id);
    """
    _INSERT = """
        INSERT INTO bare_events
          (originator_id, originator_version, topic, state, event_id, metadata, recorded_at)
        SELECT *, now()
        FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::bytea[], $5::uuid[], $6::bytea[])
    """

    def __init__(self, dsn: str) -> None:
        self._runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self._connection: asyncpg.Connection = self._runner.run(_connect(dsn))
        self._runner.run(self._connection.execute(self._TABLE))

    def close(self) -> None:
        self._runner.run(self._connection.close())
        self._runner.close()

    def lay(self, events: Sequence[NewEvent]) -> None:
        self.take(list(founding(events)), 1)

    def take(self, holds: Sequence[Append], clients: int) -> float:
        return self._runner.run(
            self._take([holds[at : at + clients] for at in range(0, len(holds), clients)])
        )

    def written(self) -> list[Written]:
        rows = self._runner.run(
            self._connection.fetch(
                "SELECT originator_id, originator_version, topic, state || metadata FROM bare_events"
                " ORDER BY notification_id"
            )
        )
        return [tuple(row) for row in rows]

    async def _take(self, pages: Sequence[Sequence[Append]]) -> float:
        insert = await self._connection.prepare(self._INSERT)
        began = time.perf_counter()
        for page in pages:
            events = [event for hold in page for event in hold.events]
            await insert.fetch(
                [event.stream for event in events],
                [event.version for event in events],
                [event.topic for event in events],
                [event.state for event in events],
                [event.event_id for event in events],
                [event.metadata for event in events],
            )
        return time.perf_counter() - began


class UmaPeer:
    """UmaDB from its wheel, in its own process: streams and claims are tags, guards conditions on them."""

    name = "umadb"

    def __init__(self, address: str) -> None:
        self._client = umadb.Client(address)

    def close(self) -> None:
        self._client.close()

    def lay(self, events: Sequence[NewEvent]) -> None:
        for page in founding(events):
            self._client.append([_tagged(event, ()) for event in page.events])

    def take(self, holds: Sequence[Append], clients: int) -> float:
        after = self._client.head()
        ready = [(_tagged_hold(hold), _condition(hold, after)) for hold in holds]

        def append(given: tuple[list[umadb.Event], umadb.AppendCondition]) -> None:
            self._client.append(*given)

        return _by_threads(append, ready, clients)

    def written(self) -> list[Written]:
        found = []
        for each in self._client.read():
            stream, version = each.event.tags[0].split("/")
            found.append((UUID(stream), int(version), each.event.event_type, bytes(each.event.data)))
        return found


@contextmanager
def uma_server(folder: Path) -> Iterator[str]:
    """The address of a UmaDB server of our own, on loopback, gone at the end."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    program = Path(sys.executable).with_name("umadb")
    server = subprocess.Popen(
        [str(program), "--listen", address, "--db-path", str(folder / "uma.db")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await_uma(f"http://{address}")
        yield f"http://{address}"
    finally:
        server.terminate()
        server.wait(20)


def _await_uma(address: str) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            umadb.Client(address).head()
        except umadb.TransportError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def _by_threads(work: Callable[[T], None], items: Sequence[T], clients: int) -> float:
    """Seconds until every item is worked through by so many threads, each at the next when it is done."""
    ready = iter(items)

    def client() -> None:
        for item in ready:
            work(item)

    with ThreadPoolExecutor(clients) as pool:
        began = time.perf_counter()
        for future in [pool.submit(client) for _ in range(clients)]:
            future.result()
        return time.perf_counter() - began


def _stored(events: Sequence[NewEvent]) -> list[StoredEvent]:
    return [StoredEvent(e.stream, e.version, e.topic, e.state + e.metadata) for e in events]


def _tagged(event: NewEvent, keys: Sequence[UUID]) -> umadb.Event:
    tags = [f"{event.stream}/{event.version}", str(event.stream), *map(str, keys)]
    return umadb.Event(
        event_type=event.topic, data=event.state + event.metadata, tags=tags, uuid=event.event_id
    )


def _tagged_hold(hold: Append) -> list[umadb.Event]:
    keys = [claim.key for claim in hold.takes]
    last = len(hold.events) - 1
    return [_tagged(event, keys if at == last else ()) for at, event in enumerate(hold.events)]


def _condition(hold: Append, after: int | None) -> umadb.AppendCondition:
    touched = {event.stream for event in hold.events} | {stream for stream, _ in hold.guards}
    touched |= {claim.key for claim in hold.takes}
    items = [umadb.QueryItem(tags=[str(each)]) for each in sorted(touched)]
    return umadb.AppendCondition(umadb.Query(items=items), after=after)


async def _connect(dsn: str) -> asyncpg.Connection:
    return await asyncpg.connect(dsn)


def ledger_peer(ground: Ground) -> LedgerPeer:
    return LedgerPeer(ground.server.dsn(ground.fresh(), APP))


def library_peer(ground: Ground) -> LibraryPeer:
    return LibraryPeer(ground, ground.fresh())


def insert_peer(ground: Ground) -> InsertPeer:
    return InsertPeer(ground.server.dsn(ground.fresh()))
