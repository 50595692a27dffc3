"""What holds at every door that changes something, taken from the document: a new one cannot forget it."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterator
from typing import Any, get_args, get_origin
from uuid import UUID

import pytest

from api.http.documenting import BODY_MODELS
from domain import codes
from tests.api.http.ground import REQUEST, Ground, ground

NOWHERE = UUID(int=7)
NAMED_FIRST = "/placements/{placement_id}/direct-admission"
"""What happened names its house first."""


class _Ids(dict[str, object]):
    """Ids for an address: those that are there, and for every other one that names nothing."""

    def __missing__(self, name: str) -> object:
        return NOWHERE


async def _there(stage: Ground, path: str) -> _Ids:
    """Ids of the placement at a path and of what stands around it."""
    case_id = (await stage.get(path)).json()["case_id"]
    glass = await stage.done(f"/cases/{case_id}/glass", {"reason": "DANGER_TO_LIFE"}, "other-coordinator")
    return _Ids(
        placement_id=path.rsplit("/", 1)[-1],
        case_id=case_id,
        review_id=glass["breaking_id"],
        unit_id=stage.unit("ginepro").id,
        shelter_id=stage.house("ginepro"),
        desk_id=stage.ids.desks["coordinamento"],
    )


async def doors(stage: Ground) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Method, path, body model and example of every changing route."""
    document = (await stage.client.get("/openapi.json")).json()
    found = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if "requestBody" in operation:
                content = operation["requestBody"]["content"]["application/json"]
                model = content["schema"]["$ref"].rsplit("/", 1)[-1]
                found.append((method.upper(), path, model, content["examples"]["esempio"]["value"]))
    return found


def _who(path: str) -> str:
    house = ("/seen", "/acceptance-confirmation", "/terms")
    if path in ("/shelters", "/zones", "/shelters/{shelter_id}/units") or "agreements" in path:
        return "lead"
    if path.endswith("/register-status"):
        return "lead"
    if path.endswith(("/name-openings", "/true-codes/openings")):
        return "auditor"
    if path.startswith(("/reviews", "/operators", "/programs", "/device", "/desks", "/rota")):
        return "lead"
    if "legal-holds" in path or path.startswith("/inquiries"):
        return "protection"
    if "shredding" in path or "dossiers" in path or path.startswith("/exports"):
        return "lead"
    return "ginepro" if path.endswith(house) else "coordinator"


@pytest.mark.asyncio
async def test_a_placement_that_is_none_is_not_found_at_any_door() -> None:
    async with ground() as stage:
        case = (await stage.ask())["placement"]["case_id"]
        head = await stage.store.head()
        for _, path, _, example in await doors(stage):
            if "{placement_id}" not in path or path == NAMED_FIRST:
                continue
            body = {**example, "channel": "TELEPHONE"} if "channel" in example else example
            for named in (NOWHERE, case, stage.unit("ginepro").id, stage.house("ginepro")):
                filled = path.format(placement_id=named, bridge_id=NOWHERE)
                told = await stage.refused(filled, body, _who(path))
                assert told[:2] == (404, "PLACEMENT_UNKNOWN"), (path, told)
            answer = await stage.post(path.format(placement_id="Mariarossi", bridge_id=NOWHERE), body)
            assert answer.status_code == 422
            assert "Mariarossi" not in answer.text
        assert await stage.store.head() == head


@pytest.mark.asyncio
async def test_houses_and_units_that_are_none_are_not_found_at_any_door() -> None:
    async with ground() as stage:
        head = await stage.store.head()
        for method, path, _, example in await doors(stage):
            if "{unit_id}" not in path and "{shelter_id}" not in path:
                continue
            code = "UNIT_UNKNOWN" if "{unit_id}" in path else "SHELTER_UNKNOWN"
            filled = path.format(unit_id=NOWHERE, shelter_id=NOWHERE, occupancy_id=NOWHERE)
            answer = await stage.post(filled, example, _who(path), method=method, If_Match='"1"')
            assert (answer.status_code, answer.json()["code"]) == (404, code), path
        assert await stage.store.head() == head


@pytest.mark.asyncio
async def test_nothing_has_happened_in_the_future_at_any_door() -> None:
    """The field is named; where the step cannot be in any case, that is said instead. Nothing is written."""
    async with ground() as stage:
        path_of = await stage.offered(REQUEST)
        placement = path_of.rsplit("/", 1)[-1]
        head = await stage.store.head()
        told_of_time = 0
        for method, path, model, example in await doors(stage):
            if "occurred_at" not in BODY_MODELS[model].model_fields:
                continue
            body = {**example, "occurred_at": "2026-11-22T02:00:01Z"}
            body.pop("consented_at", None)
            body |= {"channel": "TELEPHONE"} if body.get("channel") == "SCREEN" else {}
            filled = path.format(
                placement_id=placement,
                bridge_id=NOWHERE,
                unit_id=stage.unit("ginepro").id,
                occupancy_id=NOWHERE,
            )
            answer = await stage.post(filled, body, _who(path), method=method)
            assert 400 <= answer.status_code < 500, (path, answer.text)
            told = answer.json()
            if told["code"] == "OCCURRED_IN_THE_FUTURE":
                assert told["errors"][0]["pointer"] == "/occurred_at", path
                told_of_time += 1
        assert told_of_time >= 12
        assert await stage.store.head() == head


@pytest.mark.asyncio
async def test_no_door_takes_a_word_of_the_vault_or_an_unknown_one() -> None:
    async with ground() as stage:
        there = await _there(stage, await stage.offered())
        head = await stage.store.head()
        for method, path, model, example in await doors(stage):
            filled = path.format_map(there)
            for name, code in (("notes", "BELONGS_IN_THE_VAULT"), ("Mariarossi", "REQUEST_INVALID")):
                if name in BODY_MODELS[model].model_fields:
                    continue
                body = {**example, name: "Mariarossi"}
                answer = await stage.post(filled, body, _who(path), method=method, If_Match='"1"')
                assert (answer.status_code, answer.json()["code"]) == (422, code), path
                assert "Mariarossi" not in answer.text
        assert await stage.store.head() == head


@pytest.mark.asyncio
async def test_every_door_wants_a_key_of_its_own() -> None:
    async with ground() as stage:
        there = await _there(stage, await stage.offered())
        head = await stage.store.head()
        for method, path, _, example in await doors(stage):
            filled = path.format_map(there)
            body = {**example, "channel": "TELEPHONE"} if example.get("channel") == "SCREEN" else example
            headers = {"Authorization": f"Bearer {_who(path)}", "If-Match": '"1"'}
            answer = await stage.client.request(method, filled, json=body, headers=headers)
            told = (answer.status_code, answer.json()["code"])
            assert told in ((400, "IDEMPOTENCY_KEY_MISSING"), (422, "REQUEST_INVALID")), path
        assert await stage.store.head() == head


@pytest.mark.asyncio
async def test_every_code_of_every_list_is_understood_where_it_is_asked_for() -> None:
    seen: set[type[enum.StrEnum]] = set()
    async with ground() as stage:
        for _, path, model, example in await doors(stage):
            for name, field in BODY_MODELS[model].model_fields.items():
                for member in _members(field.annotation):
                    value = [member] if _is_list(field.annotation) else member
                    body = json.dumps({**example, name: value})
                    parsed = BODY_MODELS[model].model_validate_json(body)
                    assert getattr(parsed, name) == (tuple(value) if isinstance(value, list) else value), path
                    seen.add(type(member))
    by_the_engine_alone = {codes.LateReason, codes.ToConfirm}
    told_by_others = {
        kind
        for kind in vars(codes).values()
        if isinstance(kind, type) and issubclass(kind, enum.StrEnum) and kind is not enum.StrEnum
    }
    assert told_by_others - by_the_engine_alone <= seen


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is tuple or any(_is_list(inner) for inner in get_args(annotation))


def _members(annotation: Any) -> Iterator[enum.StrEnum]:
    """The codes that a field takes."""
    if isinstance(annotation, enum.StrEnum):
        yield annotation
    elif isinstance(annotation, type) and issubclass(annotation, enum.StrEnum):
        yield from annotation
    for inner in get_args(annotation):
        yield from _members(inner)
