"""The OpenAPI document, by the rules of the Italian public sector, and true of what is really answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter

from api.http.documenting import BODY_MODELS
from api.http.models.answers import (
    OfferedAnswer,
    PlacementAnswer,
    ServiceStatus,
    ShelterAnswer,
    ShelterDetail,
    UnitAnswer,
    ZoneAnswer,
)
from api.http.models.requests import OpenRequests, RequestAnswer
from api.http.problems import ProblemDetails
from projections.as_it_was import NetworkAsItWas
from projections.bed_board import BedBoard
from projections.changes import NetworkChanges
from projections.house_view import HousesView, UnitView
from projections.offered_view import OfferedPlacementView, StandingOffers
from projections.on_call_queue import OnCallQueue
from projections.placement_timeline import PlacementTimeline
from projections.placement_view import PlacementView
from projections.ranking_view import HistoryView, RankingView
from projections.rederived_view import DecisionsView
from projections.unmet_need import UnmetNeed
from tests.api.http.ground import FAMILY, REQUEST, after, ground
from tests.api.http.test_bridges import HOTEL, raise_alarms

OTHER_KINDS = {
    "get /events": "text/event-stream",
    "get /audit/checkpoint": "text/plain",
    "get /audit/proofs/{position}": "text/plain",
    "get /audit/daily-page": "text/plain",
    "get /audit/tiles/{level}/{tile}": "application/octet-stream",
}
"""What is no JSON: news, and what is written as C2SP writes it."""
Operations = list[tuple[str, str, dict[str, Any]]]


async def _document() -> dict[str, Any]:
    async with ground() as stage:
        document: dict[str, Any] = (await stage.client.get("/openapi.json")).json()
    return document


def _operations(document: dict[str, Any]) -> Operations:
    return [
        (method, path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for inner in node.values():
            yield from _nodes(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _nodes(inner)


@pytest.mark.asyncio
async def test_the_document_says_who_what_and_where() -> None:
    document = await _document()
    info = document["info"]
    assert document["openapi"].startswith("3.1")
    assert info["contact"]["name"]
    assert info["contact"]["url"].startswith("https://")
    assert info["x-summary"]
    assert info["summary"]
    assert info["termsOfService"]
    assert info["license"]["identifier"] == "EUPL-1.2"
    assert re.fullmatch(r"\d+\.\d+\.\d+", info["version"])
    for server in document["servers"]:
        assert server["url"].startswith("https://")
        assert server["description"]
    scheme = document["components"]["securitySchemes"]["bearer"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert "8725" in scheme["description"]
    assert document["security"] == [{"bearer": []}]


@pytest.mark.asyncio
async def test_status_is_there_and_open() -> None:
    document = await _document()
    status = document["paths"]["/status"]["get"]
    assert status["security"] == []
    assert "application/json" in status["responses"]["200"]["content"]
    assert "application/problem+json" in status["responses"]["503"]["content"]


@pytest.mark.asyncio
async def test_every_operation_keeps_the_rules() -> None:
    document = await _document()
    names = set()
    for method, path, operation in _operations(document):
        where = f"{method} {path}"
        assert re.fullmatch(r"(/([a-z0-9]+(-[a-z0-9]+)*|\{[a-z_]+\}))+", path), where
        assert not re.match(r"(get|post|put|delete|patch)_", operation["operationId"]), where
        assert operation["summary"], where
        assert operation["description"], where
        assert operation["tags"], where
        names.add(operation["operationId"])
        assert not (method == "get" and "requestBody" in operation), where
        for parameter in operation.get("parameters", ()):
            assert parameter["name"].lower() not in ("authorization", "accept", "content-type"), where
        assert {"429", "503"} <= set(operation["responses"]), where
        for status, answer in operation["responses"].items():
            _check_answer(where, status, answer)
    assert len(names) == len(_operations(document)), "each operation has its own name"


def _check_answer(where: str, status: str, answer: dict[str, Any]) -> None:
    assert {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"} <= set(answer["headers"]), where
    assert not any(name.lower().startswith("x-") for name in answer["headers"]), where
    if status >= "400":
        assert list(answer["content"]) == ["application/problem+json"], where
    else:
        assert list(answer["content"]) == [OTHER_KINDS.get(where, "application/json")], where
    if status in ("429", "503"):
        assert "Retry-After" in answer["headers"], where


@pytest.mark.asyncio
async def test_every_change_has_a_key_a_model_and_an_example_that_is_valid() -> None:
    document = await _document()
    for method, path, operation in _operations(document):
        if method == "get":
            continue
        where = f"{method} {path}"
        keys = [p for p in operation["parameters"] if p["name"] == "Idempotency-Key"]
        assert [key["required"] for key in keys] == [True], where
        content = operation["requestBody"]["content"]["application/json"]
        name = content["schema"]["$ref"].rsplit("/", 1)[-1]
        assert document["components"]["schemas"][name]["additionalProperties"] is False, where
        for example in content["examples"].values():
            BODY_MODELS[name].model_validate_json(TypeAdapter(Any).dump_json(example["value"]))
        assert {"400", "401", "403", "409", "413", "415", "422"} <= set(operation["responses"]), where


@pytest.mark.asyncio
async def test_answers_are_objects_and_numbers_say_their_format() -> None:
    document = await _document()
    schemas = document["components"]["schemas"]
    for _, path, operation in _operations(document):
        for answer in operation["responses"].values():
            for kind, content in answer["content"].items():
                if kind in ("text/plain", "application/octet-stream"):
                    continue
                for reference in _references(content["schema"]):
                    assert schemas[reference]["type"] == "object", path
    for node in _nodes(document):
        if node.get("type") in ("integer", "number"):
            assert node["format"] in ("int32", "int64", "double"), node
    for name in schemas:
        assert re.fullmatch(r"([A-Z][a-z0-9]*)+", name), name
    assert "HTTPValidationError" not in schemas
    assert {"type", "title", "status"} <= set(schemas["ProblemDetails"]["required"])


def _references(schema: dict[str, Any]) -> list[str]:
    options = schema.get("anyOf", [schema])
    return [option["$ref"].rsplit("/", 1)[-1] for option in options]


@pytest.mark.asyncio
async def test_every_reference_leads_somewhere() -> None:
    document = await _document()
    for node in _nodes(document):
        if "$ref" in node:
            target: Any = document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]


@pytest.mark.asyncio
async def test_a_long_night_is_answered_as_it_is_described() -> None:
    """Everything that is null on a quiet one has a value here."""
    async with ground() as stage:
        told: list[tuple[Any, Any]] = []
        waiting = await stage.held(FAMILY)
        desk = {"member_id": str(stage.ids.members["rete-vicina"])}
        told.append((await stage.post(f"{waiting}/neighbour-requests", desk), PlacementAnswer))
        told.append((await stage.post(f"{waiting}/bridge", HOTEL), PlacementAnswer))
        await stage.later(minutes=21)
        await raise_alarms(stage, waiting)
        await stage.done(f"{waiting}/corrections", {"version": 1, "reason": "WRONG_VALUE"})
        told.append((await stage.get(waiting), PlacementView))
        told.append((await stage.get(f"{waiting}/history", "auditor"), HistoryView))
        coming = await stage.accepted()
        agreed = {"expected_at": after(hours=2), "escort": "CAV"}
        told.append((await stage.post(f"{coming}/handover", agreed), PlacementAnswer))
        told.append((await stage.post(f"{coming}/no-show", {}, "ginepro"), OfferedAnswer))
        told.append((await stage.post("/zones", {}, "lead"), ZoneAnswer))
        room = f"/units/{stage.unit('lentisco').id}"
        terms: dict[str, Any] = {
            "children_most": 1,
            "boys_up_to": "AGE_3_5",
            "risk_up_to": "LOW",
            "criteria": [],
        }
        told.append((await stage.post(f"{room}/terms", terms, "lentisco"), UnitAnswer))
        last = {"district_id": str(stage.ids.districts["busto-arsizio"]), "valid_to": "2026-12-31"}
        house = f"/shelters/{stage.house('lentisco')}"
        told.append((await stage.post(f"{house}/agreements/end", last, "lead"), ShelterAnswer))
        for answer, model in told:
            assert answer.status_code < 300, answer.text
            adapter: TypeAdapter[Any] = TypeAdapter(model)
            assert adapter.validate_json(answer.content, extra="forbid") is not None


@pytest.mark.asyncio
async def test_what_is_answered_is_what_is_described() -> None:
    async with ground() as stage:
        asked = await stage.post("/placement-requests", REQUEST)
        path = f"/placements/{asked.json()['placement']['placement_id']}"
        sent = await stage.post(f"{path}/offers", {"units": [str(stage.unit("ginepro").id)]})
        for answer, model in (
            (asked, RequestAnswer),
            (sent, PlacementAnswer),
            (await stage.get(path), PlacementView),
            (await stage.get(path, "ginepro"), OfferedPlacementView),
            (await stage.get(f"{path}/ranking"), RankingView),
            (await stage.get(f"{path}/history"), HistoryView),
            (await stage.get("/placement-requests"), OpenRequests),
            (await stage.get("/bed-board"), BedBoard),
            (await stage.get("/on-call-queue"), OnCallQueue),
            (await stage.get(f"{path}/timeline"), PlacementTimeline),
            (await stage.get("/unmet-need", "lead"), UnmetNeed),
            (await stage.get("/status"), ServiceStatus),
            (await stage.get(f"/units/{stage.unit('ginepro').id}"), UnitView),
            (await stage.get(f"/shelters/{stage.house('ginepro')}"), ShelterDetail),
            (await stage.get("/shelters"), HousesView),
            (await stage.get(f"/shelters/{stage.house('ginepro')}/offers", "ginepro"), StandingOffers),
            (await stage.get("/network-history", "auditor"), NetworkAsItWas),
            (
                await stage.get("/network-history/changes?since=2026-11-22T02:00:00Z", "auditor"),
                NetworkChanges,
            ),
            (await stage.get(f"{path}/decisions", "auditor"), DecisionsView),
            (await stage.get("/nowhere"), ProblemDetails),
        ):
            adapter: TypeAdapter[Any] = TypeAdapter(model)
            told = adapter.validate_json(answer.content, extra="forbid")
            assert told is not None
