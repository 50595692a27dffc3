"""`approdo serve`: the HTTP doors and the loops of one process, until it is told to stop.

It stops at once on SIGTERM and Ctrl-C: no new connections, open event streams ended, requests under way
answered, then loops, connections and the embedded server, in this order.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from api.commands.listening import listening
from api.commands.turning import turning
from api.http.app import create_app
from api.http.unreadable import Protocol
from api.pages.site import site
from api.settings import Settings
from api.wiring import OpenLedger, doors_of, open_ledger, require_master_key

GRACE_SECONDS = 5
GARBAGE_BEFORE_A_LOOK = 20_000


class StoppingServer(uvicorn.Server):
    """A server that says when it is ready and sets `closing` as soon as it is told to stop.

    The signal ends the serving and not the process, so that everything opened before is closed in order.
    """

    def __init__(self, config: uvicorn.Config, ready: str, closing: asyncio.Event) -> None:
        super().__init__(config)
        self._ready = ready
        self._closing = closing

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(self._ready, flush=True)

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        loop = asyncio.get_running_loop()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, self.handle_exit, each, None)
        try:
            yield
        finally:
            for each in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(each)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._closing.set()
        super().handle_exit(sig, frame)


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C. Errors: `CannotListen`, and all of `open_ledger` and `doors_of`."""
    with listening(settings.host, settings.port) as listener:
        async with open_ledger(settings) as ledger:
            doors = doors_of(ledger)
            app = site(create_app(doors), doors)
            await require_master_key(ledger.opened)
            _settle_memory()
            async with turning(ledger):
                await _serve(app, listener, _ready(settings, listener, ledger))


async def _serve(app: ASGIApp, listener: socket.socket, ready: str) -> None:
    closing = asyncio.Event()
    state = getattr(app, "state", None)
    if state is not None:
        state.closing = closing
    config = uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    await StoppingServer(config, ready, closing).serve(sockets=[listener])


def _settle_memory() -> None:
    """What is loaded by now stays: the collector of cycles need not walk it every few requests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_BEFORE_A_LOOK)


def _ready(settings: Settings, listener: socket.socket, ledger: OpenLedger) -> str:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    where = f"PostgreSQL in {settings.data_dir}" if settings.embedded else "the given PostgreSQL"
    return f"approdo serves http://{shown}:{port} ({ledger.birth.kind} log, {where})"
