"""Calls with tokens wherever a client can put one: into paths, queries, headers and bodies, rightly and
wrongly.

The doors come from the program's own description, so that a new one is called without being named here. What
is asked is rarely granted; what matters is what is answered, logged and left. For `canary`.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from trials.drills.canary_sinks import Searched
from trials.drills.canary_tokens import Tokens
from trials.stage.wire import Answer, Lost, Wire

OVERSIZED = 300_000
ANSWER_SECONDS = 20.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """One method of one path. `example` is a body that it understands, None where it takes none."""

    method: str
    path: str
    places: tuple[str, ...]
    queries: tuple[str, ...]
    example: Mapping[str, Any] | None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    def filled(self, value: str) -> str:
        return self.path.format(**dict.fromkeys(self.places, value))


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """What is sent. `body` is bytes: much of it is no JSON."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


def doors_in(document: Mapping[str, Any]) -> tuple[Door, ...]:
    """Every door in an OpenAPI document, but streams, which end only by themselves."""
    return tuple(
        Door(
            method=method.upper(),
            path=path,
            places=_named(operation, "path"),
            queries=_named(operation, "query"),
            example=_example(operation),
        )
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if not _streams(operation)
    )


def _streams(operation: Mapping[str, Any]) -> bool:
    return any("text/event-stream" in each.get("content", ()) for each in operation["responses"].values())


def _named(operation: Mapping[str, Any], where: str) -> tuple[str, ...]:
    return tuple(each["name"] for each in operation.get("parameters", ()) if each["in"] == where)


def _example(operation: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if "requestBody" not in operation:
        return None
    examples = operation["requestBody"]["content"]["application/json"]["examples"]
    found: Mapping[str, Any] = next(iter(examples.values()))["value"]
    return found


# --- what is sent -------------------------------------------------------------------------------------------


def as_it_should_be(door: Door, there: str) -> Iterator[Call]:
    """The example, about something that may be there."""
    path = door.filled(there)
    yield _sent(door, path, door.example)


def awry(door: Door, tokens: Tokens) -> Iterator[Call]:
    """Everything that can be wrong with a call, each time with a token in what is wrong."""
    word, number = tokens.word("fuzz"), tokens.number("fuzz number")
    there = str(uuid4())
    if door.places:
        for said in (word, number, quote(f"{word} {number}"), "%00" + word, f"{there}{word}"):
            yield _sent(door, door.filled(said), door.example)
    for name in (*door.queries, "nome"):
        yield _sent(door, f"{door.filled(there)}?{name}={word}&{name}={number}", door.example)
    for name in (
        "accept-language",
        "if-match",
        "content-type",
        "correlation-id",
        "x-forwarded-for",
        "cookie",
    ):
        yield _sent(door, door.filled(there), door.example, {name: f"{word}={number}"})
    yield _sent(door, door.filled(there), door.example, {"idempotency-key": word + " " + number})
    yield _sent(door, door.filled(there), door.example, {"authorization": f"Bearer {word}.{word}.{number}"})
    if door.example is not None:
        for body in _wrong_bodies(door.example, word, number):
            yield _sent(door, door.filled(there), body)


def _wrong_bodies(example: Mapping[str, Any], word: str, number: str) -> Iterator[Any]:
    for name, value in example.items():
        for wrong in (word, number, int(number), [word], {word: number}, f"{value}{word}"):
            yield {**example, name: wrong}
    yield {**example, word: number}
    yield {**example, "notes": word, "name": word, "address": word, "phone": number}
    whole = json.dumps(example)
    yield (whole[:-1] + f', "x": "{word}').encode()
    yield (whole[:-1] + f', "x": {number}e{number}, "{word}": NaN}}').encode()
    yield ("{" + f'"{word}": 1, "{word}": 2' + "}").encode()
    yield f'{{"x": "{word}\\ud800"}}'.encode()
    yield whole.replace("{", f'{{"y{word}": "\\u0000", ', 1).encode("utf-16-le")
    yield b"[" * 200 + word.encode()
    yield [word] * 10
    yield word
    yield json.dumps({**example, "x": word * (OVERSIZED // len(word))}).encode()


def _sent(door: Door, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Call:
    said = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
    return Call(
        method=door.method, path=path, headers={"idempotency-key": str(uuid4()), **(headers or {})}, body=said
    )


def unreadable(tokens: Tokens) -> Iterator[bytes]:
    """Bytes that are no request, or hardly one."""
    word = tokens.word("fuzz")
    yield f"{word} /placements HTTP/1.1\r\n\r\n".encode()
    yield f"GET /placements/{word} HTTP/9.9\r\n\r\n".encode()
    yield f"GET /{word} HTTP/1.1\r\nbroken header {word}\r\n\r\n".encode()
    asked = "POST /placement-requests HTTP/1.1\r\nhost: x\r\n"
    yield f"{asked}transfer-encoding: chunked\r\n\r\n{word}\r\n".encode()
    yield f"{asked}content-length: {word}\r\n\r\n".encode()


# --- sending ------------------------------------------------------------------------------------------------


class Sending:
    """Calls to one server, whose answers are all searched."""

    def __init__(self, url: str, searched: Searched) -> None:
        self.url = url
        self.searched = searched
        self.answered = 0
        self.lost = 0
        self.by_status: dict[int, int] = {}

    async def all(self, calls: Iterable[tuple[Call, str]], chance: random.Random, most: int) -> None:
        """So many of the calls at most, each as somebody (a bearer token), a few at once."""
        chosen = list(calls)
        if len(chosen) > most:
            chosen = chance.sample(chosen, most)
        await asyncio.gather(*(self._each(chosen[start::4]) for start in range(4)))

    async def _each(self, calls: Iterable[tuple[Call, str]]) -> None:
        async with Wire(self.url, seconds=ANSWER_SECONDS) as wire:
            for call, bearer in calls:
                await self.one(wire, call, bearer)

    async def one(self, wire: Wire, call: Call, bearer: str) -> Answer | None:
        """One call; None where no answer came."""
        headers = {"authorization": f"Bearer {bearer}", **call.headers}
        try:
            answer = await wire.send(call.method, call.path, call.body, headers)
        except Lost:
            self.lost += 1
            return None
        self._seen(answer, f"{call.method} {call.path[:60]}")
        return answer

    async def raw(self, content: bytes) -> None:
        """Bytes as they are; what comes back within a moment is searched."""
        host, _, port = self.url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            writer.write(content)
            await writer.drain()
            async with asyncio.timeout(2):
                self.searched.content("bodies", await reader.read(100_000), "no request")
        except (TimeoutError, OSError):
            self.lost += 1
        finally:
            writer.close()

    def _seen(self, answer: Answer, where: str) -> None:
        self.answered += 1
        self.by_status[answer.status] = self.by_status.get(answer.status, 0) + 1
        self.searched.answer(answer, where)
