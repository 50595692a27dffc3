"""The OpenAPI document, by the rules of the Italian public sector (ModI; `italia/api-oas-checker-rules`).

FastAPI describes routes and answers; this adds request models, headers on every answer, problem media types,
the security scheme and number formats.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from api.http.documenting import BODY_MODELS
from api.http.problems import MEDIA_TYPE
from ledger.evidence.notes.signed import LONGEST_NOTE

DESCRIPTION: dict[str, Any] = {
    "title": "Approdo",
    "summary": "Trova di notte un posto protetto, lo tiene, e lascia un registro verificabile.",
    "description": "Le porte HTTP del motore di accoglienza della rete antiviolenza: richieste di posto, "
    "risposte delle case, disponibilità, storia. Chi è una donna e come si raggiunge stanno nella "
    "custodia: si scrivono e si aprono con richieste apposite, ciascuna registrata. Nessun indirizzo di una "
    "casa passa di qui. Ogni comando porta una `Idempotency-Key`; ogni errore è `application/problem+json`.",
    "terms_of_service": "https://approdo.example/condizioni",
    "contact": {
        "name": "Rete Territoriale Interistituzionale Antiviolenza, Comune di Busto Arsizio",
        "url": "https://approdo.example/contatti",
    },
    "license_info": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    "servers": [
        {
            "url": "https://approdo.example/",
            "description": "Il servizio della rete, all'indirizzo che la rete sceglie.",
            "x-sandbox": True,
        }
    ],
}
_SUMMARY = "Posti protetti per donne e minori: richiesta, risposta, accoglienza, storia."
EVENT_STREAM = "text/event-stream"
_HEADERS: dict[str, tuple[str, dict[str, Any]]] = {
    "RateLimit-Limit": ("Requests allowed in the window.", {"type": "integer", "format": "int32"}),
    "RateLimit-Remaining": ("Requests left in the window.", {"type": "integer", "format": "int32"}),
    "RateLimit-Reset": ("Seconds until the window ends.", {"type": "integer", "format": "int32"}),
    "Correlation-ID": ("Names this exchange in the logs.", {"type": "string", "format": "uuid"}),
    "Cache-Control": ("`no-store`, but for tiles, which never change.", {"type": "string", "maxLength": 40}),
}
_RETRY_AFTER = {
    "description": "Seconds to wait.",
    "schema": {"type": "integer", "format": "int32", "minimum": 0},
}
_ETAG = {"description": "The version, for `If-Match`.", "schema": {"type": "string", "maxLength": 30}}
_SEALED = {
    "Preference-Applied": {
        "description": "`sealed` where that was preferred, and came in time.",
        "schema": {"type": "string", "maxLength": 20},
    },
    "Link": {
        "description": "Where a seal was preferred, and the sender may have receipts: the proof of what was "
        'recorded (`rel="urn:approdo:relation:receipt"`), which may still be on its way.',
        "schema": {"type": "string", "maxLength": 200},
    },
}
_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "An access token of the network's issuer (RFC 9068), checked as RFC 8725 says.",
}


def describe(app: FastAPI) -> None:
    """Let `app.openapi()` give this document, made once."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def document(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        terms_of_service=app.terms_of_service,
        contact=app.contact,
        license_info=app.license_info,
        servers=app.servers,
        separate_input_output_schemas=False,
    )
    found["info"]["x-summary"] = _SUMMARY
    components = found.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas.update(_request_schemas())
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["securitySchemes"] = {"bearer": _BEARER}
    components["headers"] = {
        name: {"description": words, "schema": schema} for name, (words, schema) in _HEADERS.items()
    }
    found["security"] = [{"bearer": []}]
    for operation in _operations(found):
        _finish(operation)
    _give_formats(found)
    return found


def _request_schemas() -> dict[str, Any]:
    _, made = models_json_schema(
        [(model, "validation") for model in BODY_MODELS.values()],
        ref_template="#/components/schemas/{model}",
    )
    return cast("dict[str, Any]", made.get("$defs", {}))


def _operations(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in found["paths"].values():
        yield from (operation for method, operation in path.items() if method in ("get", "post", "put"))


def _finish(operation: dict[str, Any]) -> None:
    """Headers on every answer; problems and streams under their own media types."""
    with_etag = operation.pop("x-etag", False)
    streamed = operation.pop("x-event-stream", False)
    media = operation.pop("x-media-type", None)
    for status, answer in operation["responses"].items():
        headers: dict[str, Any] = {name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS}
        answer["headers"] = headers
        if status >= "400":
            content = answer.setdefault("content", {})
            problem = content.pop("application/json", None)
            content[MEDIA_TYPE] = problem or {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}
            if status in ("429", "503"):
                headers["Retry-After"] = _RETRY_AFTER
            continue
        if with_etag:
            headers["ETag"] = _ETAG
        if "requestBody" in operation:
            headers |= _SEALED
        if streamed:
            answer["content"] = {EVENT_STREAM: answer["content"]["application/json"]}
        if media is not None:
            answer["content"] = {media: {"schema": {"type": "string", "maxLength": LONGEST_NOTE}}}


def _give_formats(node: Any) -> None:
    """Every number says its format."""
    if isinstance(node, dict):
        if node.get("type") == "integer":
            node.setdefault("format", "int64")
        elif node.get("type") == "number":
            node.setdefault("format", "double")
        for inner in node.values():
            _give_formats(inner)
    elif isinstance(node, list):
        for inner in node:
            _give_formats(inner)
