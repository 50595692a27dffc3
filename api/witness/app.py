"""The two doors of C2SP tlog-witness, and no other: `POST /add-checkpoint`, `GET /{origin hash}/checkpoint`.

There is no sign-in: whoever brings a head shows that he may by the log's signature on it.
"""

from __future__ import annotations

import asyncio
import re
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from ledger.evidence.notes.signed import NoteBroken
from ledger.evidence.witnessing.judgement import Refused
from ledger.evidence.witnessing.memory_files import MemoryBroken
from ledger.evidence.witnessing.submission import LONGEST_SUBMISSION, parse_submission
from ledger.evidence.witnessing.witness import Witness

SIZE = "text/x.tlog.size"
BODY_SECONDS = 10.0
_is_hash = re.compile(r"[0-9a-f]{64}").fullmatch


class _TooLong(Exception):
    """More was sent than any submission has."""


def witness_app(witness: Witness) -> Starlette:
    """The doors of one witness."""

    async def add_checkpoint(request: Request) -> Response:
        try:
            asked = parse_submission(await _body(request))
            found = await asyncio.to_thread(witness.add, asked)
        except NoteBroken:
            return _refusal(HTTPStatus.BAD_REQUEST)
        except _TooLong:
            return _refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except (TimeoutError, ClientDisconnect):
            return _refusal(HTTPStatus.REQUEST_TIMEOUT)
        except MemoryBroken:
            return _refusal(HTTPStatus.INTERNAL_SERVER_ERROR)
        if isinstance(found, Refused):
            return _refusal(found.status, found.size)
        return _text(found.text)

    async def checkpoint(request: Request) -> Response:
        hashed = request.path_params["hashed"]
        try:
            last = await asyncio.to_thread(witness.last, hashed) if _is_hash(hashed) else None
        except MemoryBroken:
            return _refusal(HTTPStatus.INTERNAL_SERVER_ERROR)
        return _text(last.raw.decode()) if last is not None else _refusal(HTTPStatus.NOT_FOUND)

    return Starlette(
        routes=[
            Route("/add-checkpoint", add_checkpoint, methods=["POST"]),
            Route("/{hashed}/checkpoint", checkpoint, methods=["GET"]),
        ]
    )


async def _body(request: Request) -> bytes:
    """Errors: `_TooLong`, TimeoutError, ClientDisconnect."""
    found = bytearray()
    async with asyncio.timeout(BODY_SECONDS):
        async for part in request.stream():
            found += part
            if len(found) > LONGEST_SUBMISSION:
                raise _TooLong
    return bytes(found)


def _text(said: str) -> Response:
    return Response(said, media_type="text/plain; charset=utf-8")


def _refusal(status: HTTPStatus, size: int = 0) -> Response:
    if status is HTTPStatus.CONFLICT:
        return Response(f"{size}\n", status_code=status, headers={"Content-Type": SIZE})
    return Response(f"{status.phrase}\n", status_code=status, media_type="text/plain; charset=utf-8")
