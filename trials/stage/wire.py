"""A small HTTP/1.1 client on asyncio for many clients in one process: one connection, one request at a time.

Not a general client: it speaks to our own servers, keeps the connection, reads answers by Content-Length or
chunks. A drill needs to know exactly what was sent and whether an answer came; `Lost` says that it did not.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit


class Lost(Exception):
    """No whole answer came: whether the request had its effect is unknown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came back. Header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Wire:
    """One connection to one server, opened when needed and again after it was lost."""

    def __init__(self, url: str, *, seconds: float = 30.0) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None and parts.port is not None
        self._host, self._port, self._seconds = parts.hostname, parts.port, seconds
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def post(self, path: str, body: Any, headers: dict[str, str]) -> Answer:
        """Errors: `Lost`."""
        return await self.send("POST", path, json.dumps(body).encode(), headers)

    async def put(self, path: str, body: Any, headers: dict[str, str]) -> Answer:
        """Errors: `Lost`."""
        return await self.send("PUT", path, json.dumps(body).encode(), headers)

    async def get(self, path: str, headers: dict[str, str]) -> Answer:
        """Errors: `Lost`."""
        return await self.send("GET", path, b"", headers)

    async def send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """One exchange. Errors: `Lost`, after which the next exchange opens a new connection."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._exchange(method, path, body, headers)
        except (OSError, TimeoutError, EOFError, ValueError) as cause:
            await self.close()
            raise Lost(type(cause).__name__) from cause

    async def _exchange(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        lines = [f"{method} {path} HTTP/1.1", f"host: {self._host}:{self._port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body:
            if "content-type" not in headers:
                lines.append("content-type: application/json")
            lines.append(f"content-length: {len(body)}")
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        answer = await _read(reader)
        if answer.headers.get("connection", "").lower() == "close":
            await self.close()
        return answer


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").rstrip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = await _chunks(reader)
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Answer(status=int(first.split(" ", 2)[1]), headers=headers, body=body)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int((await reader.readline()).split(b";")[0], 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readline()
    return b"".join(parts)
