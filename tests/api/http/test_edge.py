"""What every answer carries, whatever was asked; what an address may hold; and that nothing comes back."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio

from api.http.edge import EVERY_ANSWER
from tests.api.http.ground import Ground, ground

TOKEN, NUMBER = "mariarossicanarino", "3335550123987"
NOWHERE = "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0dff"
NEEDED = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
NO_METHODS = ("TRACE", "PATCH", "PROPFIND", "SEARCH", "LINK")
FORMS = ("uuid", "date", "date-time")
READ_BY_ITS_DOOR = {
    "period": "a month, YYYY-MM: anything else is refused in words of the door's own",
    "tile": "the path of a tile, digits in threes: anything else is not found",
    "code": "an id as it is printed, nine signs that check one another: anything else finds nothing",
}


@pytest_asyncio.fixture
async def stage() -> AsyncIterator[Ground]:
    async with ground() as made:
        yield made


async def doors(stage: Ground) -> list[tuple[str, str, dict[str, Any]]]:
    document = (await stage.client.get("/openapi.json")).json()
    return [
        (method.upper(), path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def parameters(operation: dict[str, Any], where: str) -> list[dict[str, Any]]:
    return [each for each in operation.get("parameters", ()) if each["in"] == where]


def filled(path: str, operation: dict[str, Any], value: str) -> str:
    return path.format(**{each["name"]: value for each in parameters(operation, "path")})


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("method", "path", "who"),
    [
        ("GET", "/bed-board", "coordinator"),
        ("GET", "/bed-board", "nobody"),
        ("GET", "/nothing-here", "coordinator"),
        ("TRACE", "/bed-board", "coordinator"),
        ("GET", f"/placements/{TOKEN}", "coordinator"),
        ("POST", "/placement-requests", "coordinator"),
        ("GET", "/metrics", "nobody"),
        ("GET", "/openapi.json", "nobody"),
        ("GET", "/livez", "nobody"),
    ],
)
async def test_every_answer_is_kept_by_nobody_and_framed_by_nobody(
    stage: Ground, method: str, path: str, who: str
) -> None:
    answer = await stage.client.request(method, path, headers={"Authorization": f"Bearer {who}"})
    for name, value in NEEDED.items():
        assert answer.headers[name] == value, name
    policy = answer.headers["content-security-policy"]
    for said in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"):
        assert said in policy
    assert "unsafe" not in policy
    for feature in ("camera", "geolocation", "microphone"):
        assert f"{feature}=()" in answer.headers["permissions-policy"]
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert not {"server", "x-powered-by", "access-control-allow-origin", "set-cookie"} & set(answer.headers)
    assert len({name for name, _ in EVERY_ANSWER}) == len(EVERY_ANSWER)


@pytest.mark.asyncio
async def test_methods_that_no_door_has_are_refused_at_every_door(stage: Ground) -> None:
    for _, path, operation in await doors(stage):
        for method in NO_METHODS:
            answer = await stage.client.request(method, filled(path, operation, NOWHERE))
            assert answer.status_code == 405, (method, path)


@pytest.mark.asyncio
async def test_no_header_takes_the_place_of_a_method_or_of_the_peer(stage: Ground) -> None:
    read = {"Authorization": "Bearer coordinator"}
    told = await stage.client.get("/bed-board", headers={**read, "X-HTTP-Method-Override": "DELETE"})
    assert told.status_code == 200
    remaining = [
        int(answer.headers["ratelimit-remaining"])
        for number in range(3)
        for answer in [
            await stage.client.get(
                "/livez", headers={"X-Forwarded-For": f"10.0.0.{number}", "Forwarded": f"for=10.0.0.{number}"}
            )
        ]
    ]
    assert remaining == [remaining[0], remaining[0] - 1, remaining[0] - 2], "one peer, whatever it says it is"


@pytest.mark.asyncio
async def test_an_address_holds_ids_and_words_of_lists_alone(stage: Ground) -> None:
    """Addresses stand in histories, proxies and referrers: no parameter takes a text of its own."""
    free = [
        (method, path, each["name"])
        for method, path, operation in await doors(stage)
        for where in ("path", "query")
        for each in parameters(operation, where)
        if each["name"] not in READ_BY_ITS_DOOR and not all(map(_closed, _kinds(each["schema"])))
    ]
    assert free == []


def _kinds(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (
        each for each in schema.get("anyOf", schema.get("allOf", [schema])) if each.get("type") != "null"
    )


def _closed(schema: dict[str, Any]) -> bool:
    listed = "enum" in schema or "const" in schema or "$ref" in schema
    return listed or schema.get("type") in ("integer", "boolean") or schema.get("format") in FORMS


@pytest.mark.asyncio
async def test_nothing_that_was_sent_is_repeated_by_a_refusal(stage: Ground) -> None:
    """A token in each place in turn: ids, parameters, headers, each field of each body, names of fields."""
    heard = 0
    for method, path, operation in await doors(stage):
        if any("text/event-stream" in each.get("content", ()) for each in operation["responses"].values()):
            continue
        for call in _calls(method, path, operation):
            answer = await stage.client.request(
                method, call["path"], content=call.get("content"), headers=call["headers"]
            )
            heard += answer.status_code >= 400
            said = answer.text + str(answer.headers)
            assert TOKEN not in said, (method, path, call)
            assert NUMBER not in said, (method, path, call)
    assert heard > 300


def _calls(method: str, path: str, operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    headers = {"Authorization": "Bearer coordinator", "Content-Type": "application/json"}
    keyed = {**headers, "Idempotency-Key": "una-chiave-qualunque"}
    there = filled(path, operation, NOWHERE)
    yield {"path": filled(path, operation, TOKEN), "headers": keyed}
    yield {"path": f"{there}?{TOKEN}={NUMBER}", "headers": keyed}
    for each in parameters(operation, "query"):
        yield {"path": f"{there}?{each['name']}={TOKEN}", "headers": keyed}
    for name in ("Accept-Language", "If-Match", "Content-Type", "Last-Event-ID", "Cookie", "Authorization"):
        yield {"path": there, "headers": {**keyed, name: f"{TOKEN} {NUMBER}"}}
    yield {"path": there, "headers": {**headers, "Idempotency-Key": f"{TOKEN} {NUMBER}"}, "content": b"{}"}
    if "requestBody" in operation:
        (example,) = operation["requestBody"]["content"]["application/json"]["examples"].values()
        for body in _bodies(example["value"]):
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            yield {"path": there, "headers": keyed, "content": content}


def _bodies(example: dict[str, Any]) -> Iterator[Any]:
    for name, value in example.items():
        for wrong in (TOKEN, int(NUMBER), [TOKEN], {TOKEN: NUMBER}, f"{value}{TOKEN}"):
            yield {**example, name: wrong}
    yield {**example, TOKEN: NUMBER, "notes": TOKEN}
    yield f'{{"{TOKEN}": 1, "{TOKEN}": 2}}'.encode()
    yield f'{{"x": "{TOKEN}'.encode()
    yield b"\xff" + TOKEN.encode()
    yield [TOKEN]
