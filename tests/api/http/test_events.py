"""Live news over real HTTP: who hears of what, resuming, heartbeats, other processes, and a stop at once."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
import uvicorn

from api.commands.serving import StoppingServer
from api.http import events
from api.http.news import NewsKind, news_of
from api.placing import Engine
from domain.coordination.requesting import request_placement
from domain.vocabulary import Household, ShelterId
from ledger.store.memory import MemoryStore
from ledger.store.port import StoredRow
from ledger.store.postgres import PostgresStore
from ledger.store.transact import Done, Transactor
from projections.places_index import PlacesIndex
from projections.tail import Tail
from tests.api.http.ground import ALONE, Ground, ground, ground_on
from tests.support.postgres import Database
from trials.stage.in_process import command, emergency

pytestmark = pytest.mark.asyncio
PATIENCE_SECONDS = 10.0

Event = tuple[str, dict[str, Any]]


class Listener:
    """One open stream."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.status = 0
        self.headers: dict[str, str] = {}
        self.last_id = -1
        self.comments = 0
        self._body = b""

    async def head(self) -> None:
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        self.status = int(lines[0].split()[1])
        self.headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])
        }

    async def event(self) -> Event | None:
        """The next event, None at the end of the stream."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                while b"\n\n" not in self._body:
                    chunk = await self._chunk()
                    if not chunk:
                        return None
                    self._body += chunk
                block, _, self._body = self._body.partition(b"\n\n")
                fields = dict(line.split(": ", 1) for line in block.decode().split("\n") if ": " in line)
                if "event" in fields:
                    self.last_id = int(fields["id"])
                    return fields["event"], json.loads(fields["data"])
                self.comments += 1

    async def heard(self, until: int) -> list[Event]:
        """Every event up to a position."""
        told: list[Event] = []
        while self.last_id < until:
            event = await self.event()
            assert event is not None
            told.append(event)
        return told

    async def _chunk(self) -> bytes:
        size = int((await self._reader.readuntil(b"\r\n")).strip() or b"0", 16)
        chunk = await self._reader.readexactly(size)
        await self._reader.readexactly(2)
        return chunk

    def close(self) -> None:
        self._writer.close()


@asynccontextmanager
async def served(stage: Ground) -> AsyncIterator[tuple[int, StoppingServer]]:
    """The application behind a real server; its port."""
    closing = stage.app.state.closing = asyncio.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(stage.app, log_config=None, ws="none", timeout_graceful_shutdown=3)
    server = StoppingServer(config, "", closing)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        for _ in range(500):
            if server.started:
                break
            await asyncio.sleep(0.01)
        yield listener.getsockname()[1], server
    finally:
        server.handle_exit(15, None)
        await serving
        listener.close()


@asynccontextmanager
async def listening(port: int, who: str, last: int | str | None = None) -> AsyncIterator[Listener]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    resumed = f"Last-Event-ID: {last}\r\n" if last is not None else ""
    request = f"GET /events HTTP/1.1\r\nHost: prova\r\nAuthorization: Bearer {who}\r\n{resumed}\r\n"
    writer.write(request.encode())
    listener = Listener(reader, writer)
    try:
        await listener.head()
        yield listener
    finally:
        listener.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def kinds(told: Iterable[Event]) -> set[tuple[str, str]]:
    """Kind and id of what was heard of."""
    return {
        (kind, next((str(data[name]) for name in data if name.endswith("_id") and data[name]), ""))
        for kind, data in told
    }


async def test_the_coordination_hears_of_the_queue_and_the_board_and_never_what_happened() -> None:
    async with ground() as stage, served(stage) as (port, _), listening(port, "coordinator") as listener:
        assert (listener.status, listener.headers["content-type"]) == (
            200,
            "text/event-stream; charset=utf-8",
        )
        here = await listener.event()
        assert here is not None and here[0] == "here"
        assert here[1]["position"] == await stage.store.head()
        placement = (await stage.ask())["placement"]["placement_id"]
        told = await listener.heard(await stage.store.head())
        room = str(stage.unit("ginepro").id)
        assert kinds(told) == {("queue", placement), ("board", room)}
        fields = {"position", "kind", "placement_id", "unit_id", "shelter_id"}
        assert all(set(data) == fields for _, data in told)


async def test_a_house_hears_of_itself_its_units_and_the_offers_made_to_it() -> None:
    async with (
        ground() as stage,
        served(stage) as (port, _),
        listening(port, "ginepro") as own,
        listening(port, "lentisco") as other,
    ):
        await own.event()
        await other.event()
        told = await stage.ask()
        path = f"/placements/{told['placement']['placement_id']}"
        await stage.post(f"{path}/offers", {"units": [str(stage.unit("ginepro").id)]})
        offered_at = await stage.store.head()
        heard = await own.heard(offered_at)
        placement, room = path.rsplit("/", 1)[-1], str(stage.unit("ginepro").id)
        assert kinds(heard) == {("board", room), ("queue", placement)}
        queued = [data["position"] for kind, data in heard if kind == "queue"]
        assert queued == [offered_at], "of a hold that is not yet offered a house hears nothing"
        await stage.post(f"/shelters/{stage.house('lentisco')}/intake", {"pause": "STAFF"}, "lentisco")
        assert kinds(await other.heard(await stage.store.head())) == {("board", str(stage.house("lentisco")))}


class CountingStore(MemoryStore):
    """Counts how often streams are read."""

    reads = 0

    async def read_streams(
        self, streams: Sequence[UUID], *, upto: int | None = None
    ) -> Mapping[UUID, tuple[StoredRow, ...]]:
        self.reads += 1
        return await super().read_streams(streams, upto=upto)


async def test_a_placement_is_read_once_for_all_that_a_house_hears_of_it() -> None:
    store = CountingStore()
    async with ground_on(store) as stage:
        began = await store.head()
        told = await stage.ask()
        path = f"/placements/{told['placement']['placement_id']}"
        await stage.post(f"{path}/offers", {"units": [str(stage.unit("ginepro").id)]})
        await stage.post(f"{path}/seen", {}, "ginepro")
        await stage.post(f"{path}/closure", {"outcome": "OTHER_SOLUTION"})
        rows = await store.read_all(after=began, limit=100)
        store.reads = 0
        heard = await news_of(stage.engine, frozenset({ShelterId(stage.house("ginepro"))}), rows)
        assert store.reads == 1
        assert {news.kind for news in heard} == {NewsKind.QUEUE, NewsKind.BOARD}


async def test_nobody_else_hears_anything() -> None:
    async with ground() as stage, served(stage) as (port, _):
        for who, status in (("social", 403), ("auditor", 403), ("engine", 403), ("nobody", 401)):
            async with listening(port, who) as listener:
                assert listener.status == status
        async with listening(port, "coordinator", "first") as listener:
            assert listener.status == 422


async def test_a_stream_goes_on_from_the_last_position_heard_of() -> None:
    async with ground() as stage, served(stage) as (port, _):
        async with listening(port, "coordinator") as listener:
            await listener.event()
            await stage.ask(ALONE)
            await listener.heard(await stage.store.head())
            left_at = listener.last_id
        placement = (await stage.ask())["placement"]["placement_id"]
        async with listening(port, "coordinator", left_at) as again:
            assert await again.event() == ("here", _here(left_at))
            told = await again.heard(await stage.store.head())
        assert ("queue", placement) in kinds(told)
        assert min(data["position"] for _, data in told) > left_at


def _here(position: int) -> dict[str, Any]:
    nothing = {"placement_id": None, "unit_id": None, "shelter_id": None}
    return {"position": position, "kind": "here", **nothing}


async def test_who_is_too_far_behind_or_of_another_log_is_told_to_read_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(events, "MOST_BEHIND", 5)
    async with ground() as stage, served(stage) as (port, _):
        head = await stage.store.head()
        for last in (0, head + 1):
            async with listening(port, "coordinator", last) as listener:
                event = await listener.event()
                assert event is not None
                assert (event[0], event[1]["position"]) == ("reload", head)


async def test_a_quiet_stream_beats_and_ends_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.02)
    monkeypatch.setattr(events, "LONGEST_SECONDS", 0.3)
    async with ground() as stage, served(stage) as (port, _), listening(port, "coordinator") as listener:
        await listener.event()
        assert await listener.event() is None
        assert listener.comments > 3


async def test_a_process_watches_for_so_many_and_gives_a_seat_back() -> None:
    store = MemoryStore()
    tail = Tail(store, most=2)
    async with ground_on(store, tail=tail) as stage, served(stage) as (port, _):
        async with listening(port, "coordinator") as one, listening(port, "ginepro") as two:
            await one.event()
            await two.event()
            async with listening(port, "coordinator") as three:
                assert (three.status, three.headers["retry-after"]) == (503, "5")
        for _ in range(500):
            if tail.watchers == 0:
                break
            await asyncio.sleep(0.01)
        async with listening(port, "coordinator") as again:
            assert again.status == 200


async def test_one_person_cannot_take_the_seats_of_the_others() -> None:
    """However many are asked for at once; whoever gives one back may have it again."""
    store = MemoryStore()
    tail = Tail(store, most_each=3)
    async with (
        ground_on(store, tail=tail) as stage,
        served(stage) as (port, _),
        contextlib.AsyncExitStack() as burst,
    ):
        opened = [burst.enter_async_context(listening(port, "ginepro")) for _ in range(12)]
        listeners = await asyncio.gather(*opened)
        assert sorted(each.status for each in listeners) == [200] * 3 + [503] * 9
        one_over = next(each for each in listeners if each.status == 503)
        assert one_over.headers["retry-after"] == "5"
        assert one_over.headers["content-type"] == "application/problem+json"
        for who in ("coordinator", "other-coordinator", "lentisco"):
            async with listening(port, who) as other:
                assert other.status == 200
        next(each for each in listeners if each.status == 200).close()
        for _ in range(500):
            if tail.watchers == 2:
                break
            await asyncio.sleep(0.01)
        async with listening(port, "ginepro") as again:
            assert again.status == 200


async def test_open_streams_end_when_the_process_is_told_to_stop() -> None:
    async with ground() as stage, served(stage) as (port, server), listening(port, "coordinator") as listener:
        await listener.event()
        began = asyncio.get_running_loop().time()
        server.handle_exit(15, None)
        assert await listener.event() is None
        assert asyncio.get_running_loop().time() - began < 1.5


async def test_what_another_process_recorded_is_heard_of(database: Database) -> None:
    async with (
        PostgresStore(database.dsn()) as store,
        PostgresStore(database.dsn()) as elsewhere,
        ground_on(store) as stage,
        served(stage) as (port, _),
        listening(port, "coordinator") as listener,
    ):
        await listener.event()
        await _record(elsewhere, stage)
        told = await listener.heard(await store.head())
    assert {kind for kind, _ in told} == {"queue", "board"}


async def _record(elsewhere: PostgresStore, stage: Ground) -> None:
    """A request that another process takes."""
    known = stage.engine.transactor
    engine = Engine(Transactor(elsewhere, known.sources, known.network_id), PlacesIndex(elsewhere))
    asked = emergency(Household(adults=1), await elsewhere.now())
    done = await engine.place(
        command(known.network_id, UUID(int=1), known.sources),
        lambda world, context, places: request_placement(asked, world, context, places),
    )
    assert isinstance(done, Done)


async def test_the_lead_body_hears_that_there_is_something_to_review_and_of_nothing_else() -> None:
    async with (
        ground() as stage,
        served(stage) as (port, _),
        listening(port, "lead") as lead,
        listening(port, "coordinator") as coordinator,
    ):
        await lead.event()
        placement = (await stage.ask(ALONE))["placement"]
        case = f"/cases/{placement['case_id']}"
        await stage.done(f"{case}/glass", {"reason": "DANGER_TO_LIFE"}, "other-coordinator")
        broken_at = await stage.store.head()
        kind, told = await lead.event() or ("", {})
        assert (kind, told["position"]) == ("review", broken_at)
        assert [told[name] for name in ("placement_id", "unit_id", "shelter_id")] == [None] * 3
        await stage.done(f"{case}/access-restrictions", {"actor": str(UUID(int=77))})
        (item,) = (await stage.get("/reviews", "lead")).json()["items"]
        await stage.done(f"/reviews/{item['review_id']}", {"outcome": "JUSTIFIED"}, "lead")
        kind, told = await lead.event() or ("", {})
        assert (kind, told["position"]) == ("review", await stage.store.head())
        await stage.ask(ALONE)
        heard = await coordinator.heard(until=await stage.store.head() - 1)
        assert "review" not in {kind for kind, _ in heard}


async def test_of_a_case_kept_from_them_a_coordinator_hears_nothing() -> None:
    async with (
        ground() as stage,
        served(stage) as (port, _),
        listening(port, "other-coordinator") as listener,
    ):
        await listener.event()
        placement = (await stage.ask(ALONE))["placement"]
        told = await listener.heard(until=await _last_of(stage, placement["placement_id"]))
        assert placement["placement_id"] in {each["placement_id"] for _, each in told}
        other = {"actor": str(UUID(int=7))}
        await stage.done(f"/cases/{placement['case_id']}/access-restrictions", other, "lead")
        await stage.done(f"/placements/{placement['placement_id']}/release")
        after = (await stage.ask(ALONE))["placement"]["placement_id"]
        heard: set[str | None] = set()
        while after not in heard:
            event = await listener.event()
            assert event is not None
            heard.add(event[1]["placement_id"])
        assert placement["placement_id"] not in heard


async def _last_of(stage: Ground, placement: str) -> int:
    """The position of the last event of a placement so far."""
    rows = (await stage.store.read_streams((UUID(placement),)))[UUID(placement)]
    return rows[-1].position
