"""Whatever JSON is sent to whatever door: never a 5xx, always a problem or a described answer."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.http.documenting import BODY_MODELS
from tests.api.http.ground import Ground, ground

_WORDS = st.sampled_from(
    [
        "CAV",
        "U1",
        "SCREEN",
        "TELEPHONE",
        "SAFETY",
        "EMERGENCY",
        "STAFF",
        "2026-11-22T02:00:00Z",
        "a1" * 32,
        "",
    ]
)
_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=20)
    | _WORDS
    | st.uuids().map(str)
    | st.datetimes().map(lambda instant: instant.isoformat() + "Z")
)


def _names() -> st.SearchStrategy[str]:
    known = sorted({name for model in BODY_MODELS.values() for name in model.model_fields})
    return st.sampled_from([*known, "notes", "adults", "children", "places"]) | st.text(max_size=10)


_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_names(), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def _changed(draw: st.DrawFn, example: Any) -> Any:
    """A valid body with some of its fields changed, left out or added."""
    changed = dict(example)
    for name in draw(st.lists(st.sampled_from(sorted(changed) or ["x"]), max_size=2)):
        changed.pop(name, None)
    changed.update(draw(st.dictionaries(_names(), _VALUES, max_size=2)))
    return changed


def _doors(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    found = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if "requestBody" in operation:
                content = operation["requestBody"]["content"]["application/json"]
                found.append((method.upper(), path, content["examples"]["esempio"]["value"]))
    return found


@pytest.fixture(scope="module")
def doors() -> list[tuple[str, str, dict[str, Any]]]:
    async def read() -> dict[str, Any]:
        async with ground() as stage:
            document: dict[str, Any] = (await stage.client.get("/openapi.json")).json()
            return document

    return _doors(asyncio.run(read()))


@settings(max_examples=40)
@given(data=st.data())
def test_no_body_breaks_a_door(doors: list[tuple[str, str, dict[str, Any]]], data: st.DataObject) -> None:
    sent = [
        (method, path, data.draw(_VALUES | _changed(example)))
        for method, path, example in data.draw(st.lists(st.sampled_from(doors), min_size=5, max_size=5))
    ]
    asyncio.run(_send(sent))


async def _send(sent: list[tuple[str, str, Any]]) -> None:
    async with ground() as stage:
        placement = (await stage.offered()).rsplit("/", 1)[-1]
        for number, (method, path, body) in enumerate(sent):
            for who in ("coordinator", "ginepro", "lead"):
                answer = await _knock(stage, method, path, body, who, placement, f"chiave-{number}-{who}")
                assert answer < 500, (method, path, body, who)


async def _knock(stage: Ground, method: str, path: str, body: Any, who: str, placement: str, key: str) -> int:
    filled = path.format(
        placement_id=placement,
        shelter_id=stage.house("ginepro"),
        unit_id=stage.unit("ginepro").id,
        occupancy_id=placement,
        bridge_id=placement,
    )
    headers = {
        "Authorization": f"Bearer {who}",
        "Idempotency-Key": key,
        "Content-Type": "application/json",
        "If-Match": ", ".join(f'"{version}"' for version in range(20)),
    }
    content = json.dumps(body).encode(errors="surrogatepass")
    answer = await stage.client.request(method, filled, content=content, headers=headers)
    media_type = answer.headers["content-type"]
    assert media_type == ("application/problem+json" if answer.status_code >= 400 else "application/json")
    return answer.status_code
