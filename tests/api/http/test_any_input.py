"""Whatever JSON is sent to whatever door: never a 5xx, always a problem or a described answer."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.http.documenting import BODY_MODELS
from tests.api.http.ground import Ground, ground
from tests.api.http.test_bridges import HOTEL

_THERE = ("@unit", "@shelter", "@zone", "@case", "@district", "@member", "@bed", "@bridge")
"""Ids that name something there; put in when they are sent."""
_IN_EXAMPLES = {
    f"0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d{last}": word
    for last, word in (
        ("11", "@shelter"),
        ("22", "@district"),
        ("33", "@zone"),
        ("55", "@unit"),
        ("66", "@bed"),
        ("77", "@member"),
    )
}
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
        "NO_BOY",
        "HIGH",
        "OTHER",
        "WRONG_TIME",
        "AGE_3_5",
        "2026-11-22T09:00:00Z",
        "2026-11-21",
        *_THERE,
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
        path = await stage.offered()
        there = await _named(stage, path)
        for number, (method, door, body) in enumerate(sent):
            for who in ("coordinator", "ginepro", "lead"):
                filled = _filled(door, path, there)
                meant = _put_in(body, there)
                answer = await _knock(stage, method, filled, meant, who, f"chiave-{number}-{who}")
                assert answer < 500, (method, door, meant, who)


def _filled(door: str, path: str, there: dict[str, str]) -> str:
    """The door's path; an id of which nothing is there is a case's."""
    ids = {
        "placement_id": path.rsplit("/", 1)[-1],
        "shelter_id": there["@shelter"],
        "unit_id": there["@unit"],
        "occupancy_id": there["@unit"],
        "bridge_id": there["@bridge"],
        "actor_id": there["@case"],
        "device_id": there["@case"],
        "case_id": there["@case"],
        "desk_id": there["@desk"],
        "review_id": there["@review"],
    }
    return re.sub(r"{(\w+)}", lambda name: ids.get(name[1], there["@case"]), door)


async def _named(stage: Ground, path: str) -> dict[str, str]:
    """What the words for things there stand for."""
    bridge = await stage.done(f"{path}/bridge", HOTEL)
    room = stage.unit("ginepro")
    case = f"/cases/{bridge['placement']['case_id']}"
    glass = await stage.done(f"{case}/glass", {"reason": "SYSTEM_FAULT"}, "other-coordinator")
    named = {
        "@review": glass["breaking_id"],
        "@unit": str(room.id),
        "@shelter": str(stage.house("ginepro")),
        "@zone": str(stage.ids.zones["z1"]),
        "@case": bridge["placement"]["case_id"],
        "@district": str(stage.ids.districts["busto-arsizio"]),
        "@member": str(stage.ids.members["rete-vicina"]),
        "@bed": str(room.beds[0]),
        "@bridge": bridge["placement"]["bridge"]["bridge_id"],
        "@desk": str(stage.ids.desks["coordinamento"]),
    }
    return named | {example: named[word] for example, word in _IN_EXAMPLES.items()}


def _put_in(body: Any, there: dict[str, str]) -> Any:
    if isinstance(body, dict):
        return {name: _put_in(value, there) for name, value in body.items()}
    if isinstance(body, list):
        return [_put_in(value, there) for value in body]
    return there.get(body, body) if isinstance(body, str) else body


async def _knock(stage: Ground, method: str, filled: str, body: Any, who: str, key: str) -> int:
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
