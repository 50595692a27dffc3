"""From request to held over HTTP, against an empty POST that authenticates, validates and answers as much.

Each side at its best of several numbers of clients. Between two measures every household withdraws, off the
clock, so that the network keeps the size of a real one.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path

from domain.permissions import Role
from trials.bench.figure import Figure, ratio_of
from trials.stage.ground import Ground, folder, ground
from trials.stage.ledger_on import TrialLedger, found_on
from trials.stage.plain_network import plain_network
from trials.stage.programs import Served
from trials.stage.wire import Answer, Wire

CLIENTS, ROUNDS = (1, 4, 16, 64), 3
BURSTS, REQUESTS = 4, 64
SMOKE_REQUESTS = 16
_EMPTY = ("-m", "trials.bench.empty_server")
_ASKED = json.dumps({"channel": "CAV", "urgency": "U1", "risk": "HIGH", "household": {"adults": 1}}).encode()
_keys = count(1)


class Differ(AssertionError):
    """One side did not answer what it should."""


def run(smoke: bool) -> Sequence[Figure]:
    with ground() as on, folder() as kept:
        return (_measured(on, kept, smoke=smoke),)


def _measured(on: Ground, kept: Path, *, smoke: bool) -> Figure:
    settings = on.durability()
    ledger = found_on(on, plain_network(shelters=10, units=2, beds=4), kept)
    with Served(ledger.settings, log=kept / "own.log") as own:
        size = asyncio.run(_size(own.url, ledger))
        os.environ["EMPTY_ANSWER_BYTES"] = str(size)
        with Served(ledger.settings, program=_EMPTY, log=kept / "empty.log") as empty:
            ours, theirs = asyncio.run(_rounds(ledger, own.url, empty.url, size, smoke=smoke))
    said = f"{max(ours):.0f}/s against {max(theirs):.0f}/s, answers of {size} bytes  {settings}"
    return ratio_of("http_vs_empty", ours, theirs, bar=0.3, said=said)


async def _size(url: str, ledger: TrialLedger) -> int:
    async with Wire(url) as wire:
        answer = await _post(wire, "/placement-requests", ledger, _ASKED)
        await _withdraw(wire, ledger, [answer])
    return len(answer.body)


async def _rounds(
    ledger: TrialLedger, own: str, empty: str, size: int, *, smoke: bool
) -> tuple[list[float], list[float]]:
    """Requests a second of each round, at the best number of clients."""
    clients, bursts = (CLIENTS[1:2], [SMOKE_REQUESTS]) if smoke else (CLIENTS, [REQUESTS] * BURSTS)
    ours, theirs = [], []
    for url, path in ((own, "/placement-requests"), (empty, "/empty-requests")):
        await _rate(ledger, url, path, 4, [SMOKE_REQUESTS], size)
    for _ in range(1 if smoke else ROUNDS):
        best = [0.0, 0.0]
        for number in clients:
            rate = await _rate(ledger, own, "/placement-requests", number, bursts, size)
            peer = await _rate(ledger, empty, "/empty-requests", number, bursts, size)
            best = [max(best[0], rate), max(best[1], peer)]
        ours.append(best[0])
        theirs.append(best[1])
    return ours, theirs


async def _rate(
    ledger: TrialLedger, url: str, path: str, clients: int, bursts: Sequence[int], size: int
) -> float:
    """Requests a second over all bursts."""
    seconds = 0.0
    async with AsyncExitStack() as stack:
        wires = [await stack.enter_async_context(Wire(url)) for _ in range(clients)]
        for requests in bursts:
            began = time.perf_counter()
            answers = await _burst(wires, path, ledger, requests)
            seconds += time.perf_counter() - began
            _require(answers, path, requests, size)
            if path == "/placement-requests":
                await _withdraw(wires[0], ledger, answers)
    return sum(bursts) / seconds


async def _burst(wires: Sequence[Wire], path: str, ledger: TrialLedger, requests: int) -> list[Answer]:
    left = iter(range(requests))

    async def client(wire: Wire) -> list[Answer]:
        return [await _post(wire, path, ledger, _ASKED) for _ in left]

    return [answer for answers in await asyncio.gather(*map(client, wires)) for answer in answers]


def _require(answers: Sequence[Answer], path: str, requests: int, size: int) -> None:
    """Errors: `Differ`."""
    if len(answers) != requests or any(answer.status != 201 for answer in answers):
        raise Differ(path)
    if path == "/placement-requests" and any(answer.json()["result"] != "held" for answer in answers):
        raise Differ("a request was not held")
    if path == "/empty-requests" and any(len(answer.body) != size for answer in answers):
        raise Differ("the empty answer has another size")


async def _withdraw(wire: Wire, ledger: TrialLedger, answers: Sequence[Answer]) -> None:
    """By a person of their own each time: one alone would soon have asked for more than is allowed her."""
    who = f"withdrawing {next(_keys)}"
    for answer in answers:
        placement_id = answer.json()["placement"]["placement_id"]
        ended = await _post(wire, f"/placements/{placement_id}/withdrawal", ledger, b"{}", who)
        if ended.status != 200:
            raise Differ(f"a withdrawal was answered {ended.status}")


async def _post(wire: Wire, path: str, ledger: TrialLedger, body: bytes, who: str = "asking") -> Answer:
    headers = {
        "authorization": f"Bearer {_token(ledger, who)}",
        "idempotency-key": f"bench-{next(_keys):012}",
    }
    return await wire.send("POST", path, body, headers)


_tokens: dict[tuple[str, str], str] = {}


def _token(ledger: TrialLedger, who: str) -> str:
    if (ledger.database, who) not in _tokens:
        _tokens[ledger.database, who] = ledger.people.token(who, Role.COORDINATOR)
    return _tokens[ledger.database, who]
