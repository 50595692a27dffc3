"""What each route says of itself to OpenAPI. Bodies are read by `api.http.reading`, not by FastAPI, so their
models are noted here and put into the document by `api.http.openapi`.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, TypedDict

from pydantic import BaseModel

from api.http.problems import ProblemDetails

BODY_MODELS: dict[str, type[BaseModel]] = {}
"""Every request model, by the name it has in the document."""


class Documented(TypedDict):
    """The keyword arguments of a FastAPI route."""

    response_model: Any
    status_code: int
    operation_id: str
    summary: str
    description: str
    tags: list[str | Enum]
    responses: dict[int | str, dict[str, Any]]
    openapi_extra: dict[str, Any] | None


def documented(
    name: str,
    summary: str,
    answer: Any,
    *,
    tag: str,
    status: int = 200,
    description: str = "",
    body: type[BaseModel] | None = None,
    example: dict[str, Any] | None = None,
    required: bool = True,
    etag: bool = False,
    if_match: bool = False,
    opened: bool = False,
    stream: bool = False,
    media: str | None = None,
) -> Documented:
    """A route's words. `body` marks a changing request, which needs an `Idempotency-Key`; `opened` one that
    needs no token; `stream` one that answers with server-sent events, `answer` being the data of each;
    `media` one whose answer is no JSON but of this media type.
    """
    extra: dict[str, Any] = {"x-etag": True} if etag else {}
    if stream:
        extra["x-event-stream"] = True
    if media is not None:
        extra["x-media-type"] = media
    if opened:
        extra["security"] = []
    if body is not None:
        BODY_MODELS[body.__name__] = body
        extra["requestBody"] = _request_body(body, example, required=required)
        extra["parameters"] = _headers(if_match=if_match)
    problem = {"model": ProblemDetails}
    statuses = [400, 408, 413, 415, 422] if body is not None else [422]
    statuses += [] if opened else [401, 403, 404, 409]
    statuses += [412, 428] if if_match else []
    return Documented(
        response_model=answer,
        status_code=status,
        operation_id=name,
        summary=summary,
        description=description or summary,
        tags=[tag],
        responses={code: dict(problem) for code in [*sorted(statuses), 429, 500, 503]},
        openapi_extra=extra or None,
    )


def _request_body(body: type[BaseModel], example: dict[str, Any] | None, *, required: bool) -> dict[str, Any]:
    return {
        "required": required,
        "content": {
            "application/json": {
                "schema": {"$ref": f"#/components/schemas/{body.__name__}"},
                "examples": {"esempio": {"summary": "Esempio", "value": example or {}}},
            }
        },
    }


def _headers(*, if_match: bool) -> list[dict[str, Any]]:
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "A new key for each command, the same key when it is repeated.",
        "schema": {"type": "string", "minLength": 8, "maxLength": 200, "pattern": "^[!-~]{8,200}$"},
        "example": "0d5c1a52-8f0e-4b46-9a43-1a2a3f8f4b10",
    }
    version = {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The ETag that GET gave.",
        "schema": {"type": "string", "maxLength": 1000},
        "example": '"7"',
    }
    prefer = {
        "name": "Prefer",
        "in": "header",
        "required": False,
        "description": "`sealed` (RFC 7240): answer once what was recorded stands under a signed head of the "
        "log, at the latest after `wait` seconds (5 unless said, 10 at most). It is recorded in any case; "
        "whether it was sealed in time `Preference-Applied` says.",
        "schema": {"type": "string", "maxLength": 500},
        "example": "sealed, wait=5",
    }
    return [key, version, prefer] if if_match else [key, prefer]
