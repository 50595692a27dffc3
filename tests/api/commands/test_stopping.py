"""A server with open event streams stops at once, ends them in order, and still ends its application."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection, HTTPResponse

import pytest

from tests.api.commands.program import ROOT

pytestmark = pytest.mark.slow
GRACE_SECONDS = {"told": 30, "deaf": 2}
"""Whoever waits it out is far from whoever does not, however busy the machine is."""

STREAMING = """
import asyncio, socket, sys
import uvicorn
from contextlib import asynccontextmanager
from starlette.applications import Starlette
from starlette.responses import StreamingResponse
from starlette.routing import Route
from api.commands.serving import StoppingServer

@asynccontextmanager
async def life(app):
    yield
    print("application shut down", flush=True)

async def stream(request):
    async def lines():
        yield b"open\\n"
        await (request.app.state.closing.wait() if sys.argv[1] == "told" else asyncio.sleep(60))
        yield b"closed\\n"
    return StreamingResponse(lines())

async def main():
    app = Starlette(routes=[Route("/", stream)], lifespan=life)
    app.state.closing = asyncio.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=int(sys.argv[2]))
    ready = f"port {listener.getsockname()[1]}"
    await StoppingServer(config, ready, app.state.closing).serve(sockets=[listener])
    print("after serving", flush=True)

asyncio.run(main())
"""


def stopped(how: str) -> tuple[float, list[bytes], str, int]:
    """Seconds from SIGTERM to the end, what three open streams were last told, and what the program said."""
    command = [sys.executable, "-c", STREAMING, how, str(GRACE_SECONDS[how])]
    with ExitStack() as opened:
        process = opened.enter_context(
            subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        )
        assert process.stdout is not None
        port = re.search(r"\d+", process.stdout.readline())
        assert port is not None
        streams = [opened.enter_context(_stream(int(port[0]))) for _ in range(3)]
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        rest = [stream.read() for stream in streams] if how == "told" else []
        said = process.stdout.read()
        return time.monotonic() - began, rest, said, process.wait(20)


@contextmanager
def _stream(port: int) -> Iterator[HTTPResponse]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", "/")
        with connection.getresponse() as stream:
            assert stream.readline() == b"open\n"
            yield stream


def test_open_streams_are_told_and_the_server_stops_at_once() -> None:
    seconds, rest, said, status = stopped("told")
    assert seconds < GRACE_SECONDS["told"] / 2
    assert rest == [b"closed\n"] * 3
    assert (said, status) == ("application shut down\nafter serving\n", 0)


def test_streams_that_listen_to_nobody_are_cut_after_the_grace() -> None:
    """The control: without the word the same server waits its whole grace."""
    seconds, _, said, status = stopped("deaf")
    assert seconds >= GRACE_SECONDS["deaf"] - 0.1
    assert (said, status) == ("application shut down\nafter serving\n", 0)
