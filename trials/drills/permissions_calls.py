"""The calls of the drill `permissions`: each cell of its table knocked at over HTTP, and what came of it.

A knock changes nothing: its body has a field that no door knows, so whoever is let in is told of that. A 404
is compared, byte for byte, with what the same person hears of an id that names nothing.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

from fastapi.routing import APIRoute

from domain.permissions import Role
from ledger.evidence.tree.tiles import tiles_of
from trials.drills.permissions_stage import NOWHERE, PEOPLE, Stage
from trials.drills.permissions_table import FORBIDDEN, HIDDEN, Cell, Table, strange_fields
from trials.stage.wire import Answer

_KNOCK = {"not_a_field": 1}
_OF_THEIR_OWN = ("correlation-id", "date", "ratelimit-remaining", "ratelimit-reset", "server")
_QUERY = {
    "/statistics": "?period=2026-01",
    "/shelters/{shelter_id}/statistics": "?period=2026-01",
    "/audit/consistency": "?old={sealed}",
    "/availability": "?people=1&level=EMERGENCY_RECEPTION",
    "/network-history/changes": "?since=2020-01-01T00:00:00Z",
}
_SHUT = (401, 403, 404)
_ID = re.compile(r"{(\w+)(?::path)?}")


@dataclass(kw_only=True)
class Calls:
    """What the knocks came to, counted."""

    cells: int = 0
    fields: int = 0
    alike: int = 0
    wrong: list[str] = field(default_factory=list)
    nowhere: dict[tuple[str, str], Answer] = field(default_factory=dict)


def unclassified(stage: Stage, table: Table) -> tuple[str, ...]:
    """Doors of the application that the table does not have, and the other way round."""
    found = {
        f"{method} {route.path}"
        for route in stage.app.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    return tuple(sorted(found ^ (set(table.doors) | set(table.opened))))


async def knock_everywhere(stage: Stage, table: Table, cells: Iterable[Cell], calls: Calls) -> None:
    for cell in cells:
        calls.wrong.extend([complaint async for complaint in knocked(stage, table, cell, calls)])


async def knocked(stage: Stage, table: Table, cell: Cell, calls: Calls) -> AsyncIterator[str]:
    """What is wrong with the answer to one knock."""
    answer = await _knock(stage, cell, named=True)
    calls.cells += 1
    if complaint := _misjudged(cell, answer):
        yield f"{cell}: {complaint}"
        return
    if cell.letter == HIDDEN:
        calls.alike += 1
        if not _alike(answer, await _of_nowhere(stage, cell, calls)):
            yield f"{cell}: told otherwise than of an id that names nothing"
    allowed = table.fields_of(cell.letter)
    if allowed is not None:
        calls.fields += len(allowed)
        strange = strange_fields(answer.json(), allowed)
        if strange:
            yield f"{cell}: other fields than allowed: {', '.join(strange)}"


async def without_a_token(stage: Stage, table: Table, calls: Calls) -> None:
    """Every door knocked at by nobody."""
    for door, expected in [*table.opened.items(), *((door, 401) for door in table.doors)]:
        method, path = door.split(" ", 1)
        filled = _filled(stage, path, "HELD", "lead", named=True)
        headers = {"idempotency-key": "nobody-at-all", "if-match": '"1"'}
        body = b"" if method == "GET" else b"{}"
        answer = await stage.wire.send(method, filled, body, headers)
        calls.cells += 1
        if answer.status != expected:
            calls.wrong.append(f"{door} without a token: {answer.status}, not {expected}")


def _misjudged(cell: Cell, answer: Answer) -> str | None:
    expected = {FORBIDDEN: 403, HIDDEN: 404}.get(cell.letter)
    if expected is None:
        let_in = answer.status < 500 and answer.status not in _SHUT
        return None if let_in else f"{answer.status}, not let in"
    return None if answer.status == expected else f"{answer.status}, not {expected}"


async def _knock(stage: Stage, cell: Cell, *, named: bool) -> Answer:
    path = _filled(stage, cell.path, cell.state or "OFFERED", cell.who, named=named)
    if cell.method == "GET":
        return await stage.get(path, cell.who)
    return await stage.send(path, _KNOCK, cell.who, cell.method)


async def _of_nowhere(stage: Stage, cell: Cell, calls: Calls) -> Answer:
    known = (cell.door, cell.who)
    if known not in calls.nowhere:
        calls.nowhere[known] = await _knock(stage, cell, named=False)
    return calls.nowhere[known]


def _alike(one: Answer, other: Answer) -> bool:
    def headers(answer: Answer) -> dict[str, str]:
        return {name: value for name, value in answer.headers.items() if name not in _OF_THEIR_OWN}

    return (one.status, one.body, headers(one)) == (other.status, other.body, headers(other))


def _filled(stage: Stage, path: str, state: str, who: str, *, named: bool) -> str:
    ids: dict[str, object] = {
        "placement_id": stage.placements[state],
        "case_id": stage.cases[state],
        "shelter_id": stage.house,
        "unit_id": stage.unit,
        "desk_id": stage.desks[PEOPLE[who].role is Role.SHELTER_OPERATOR],
        "review_id": stage.review,
    }
    if not named:
        ids = dict.fromkeys(ids, NOWHERE)
    first = next(tiles_of(stage.sealed))
    ids |= {"position": stage.sealed, "level": first.level, "tile": first.path.removeprefix("tile/0/")}
    known = _ID.sub(lambda found: str(ids.get(found[1], NOWHERE)), path)
    return known + _QUERY.get(path, "").format(sealed=stage.sealed)
