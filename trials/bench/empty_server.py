"""The peer of `http_vs_empty`: the product's application with one more route, which does nothing.

`POST /empty-requests` comes in by the same edge, checks the same token, reads and validates the same body,
makes the same command id and digest, and answers as many bytes; between the two nothing happens.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys

import uvicorn
import uvloop
from fastapi import Request
from starlette.responses import Response

from api.http.app import create_app
from api.http.commanding import ask
from api.http.entering import enter
from api.http.models.requests import PlacementRequestBody
from api.http.reading import read_body
from api.settings import read_settings
from api.wiring import doors_of, open_ledger
from domain.permissions import Action

BYTES = int(os.environ.get("EMPTY_ANSWER_BYTES", "2"))
_ANSWER = b'"' + b" " * (BYTES - 2) + b'"'


async def empty(request: Request) -> Response:
    entered = await enter(request, Action.REQUEST_PLACEMENT, counted_only=True)
    ask(entered, await read_body(request, PlacementRequestBody))
    return Response(_ANSWER, status_code=201, media_type="application/json")


async def main() -> None:
    async with open_ledger(read_settings()) as ledger:
        app = create_app(doors_of(ledger))
        app.add_api_route("/empty-requests", empty, methods=["POST"], response_model=None)
        settings = ledger.opened.settings
        with socket.create_server((settings.host, settings.port)) as listener:
            print("empty server on http://{}:{}".format(*listener.getsockname()[:2]), flush=True)
            config = uvicorn.Config(
                app, http="httptools", ws="none", log_config=None, access_log=False, server_header=False
            )
            await uvicorn.Server(config).serve(sockets=[listener])


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.exit(runner.run(main()))
