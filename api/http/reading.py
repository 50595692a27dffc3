"""Reading a body: capped while it streams, strict JSON, then a strict model. Nothing of it is ever repeated.

Refuses, in this order: 413 over 256 KB, 408 what does not arrive in time, 415 another media type, 400 what is
not strict JSON (also depth, a field given twice), 422 what the model does not allow.
"""

from __future__ import annotations

import asyncio
import json
import re
from functools import cache
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import Request

from api.http.edge import visit_of
from api.http.field_faults import fault_of, is_for_the_vault, models_in
from api.http.problems import FieldFault, Problem
from api.http.trouble_texts import Trouble

LARGEST_BODY = 256 * 1024
BODY_SECONDS = 20.0
DEEPEST_BODY = 32
_SHOWN_ERRORS = 50
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")

_Body = TypeVar("_Body", bound=BaseModel)


async def read_body(request: Request, model: type[_Body]) -> _Body:
    """The request's body as `model`. An empty body is an empty object."""
    raw = await read_raw(request)
    if raw:
        _require_json(request)
    return parse(raw or b"{}", model)


def parse(raw: bytes, model: type[_Body]) -> _Body:
    """Errors: problems 400 and 422, as above."""
    try:
        parsed = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise Problem(Trouble.JSON_MALFORMED) from None
    bare = _STRING.sub(b"", raw)
    if _depth(bare) > DEEPEST_BODY:
        raise Problem(Trouble.JSON_TOO_DEEP)
    if bare.count(b":") != _keys(parsed):
        raise Problem(Trouble.JSON_KEY_REPEATED, faults=_repeated(raw, model))
    try:
        return model.model_validate_json(raw)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False, include_input=False)
    raise _unacceptable(errors, model)


async def read_raw(request: Request) -> bytes:
    """The body as it came, taken from the wire once. Errors: problems 413 and 408."""
    visit = visit_of(request)
    if visit.body is None:
        visit.body = await _capped(request)
    return visit.body


async def _capped(request: Request) -> bytes:
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit() or int(declared[:12]) > LARGEST_BODY:
        raise Problem(Trouble.BODY_TOO_LARGE)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _streamed(request)
    except TimeoutError:
        # The rest of it would be taken for the next request.
        raise Problem(Trouble.BODY_TOO_SLOW, headers={"Connection": "close"}) from None


async def _streamed(request: Request) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST_BODY:
            raise Problem(Trouble.BODY_TOO_LARGE)
        chunks.append(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _require_json(request: Request) -> None:
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower()
    plain = request.headers.get("content-encoding", "identity").lower() == "identity"
    known_charset = charset in ("", "charset=utf-8", 'charset="utf-8"')
    if media_type.strip().lower() != "application/json" or not plain or not known_charset:
        raise Problem(Trouble.MEDIA_TYPE_UNSUPPORTED)


def _depth(bare: bytes) -> int:
    deepest = depth = 0
    for byte in bare.translate(None, _NOT_BRACKETS):
        depth += 1 if byte in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _keys(parsed: Any) -> int:
    """How many fields there are in all: fewer than colons where one was given twice."""
    if isinstance(parsed, dict):
        return len(parsed) + sum(_keys(value) for value in parsed.values() if isinstance(value, dict | list))
    if isinstance(parsed, list):
        return sum(_keys(value) for value in parsed if isinstance(value, dict | list))
    return 0


def _repeated(raw: bytes, model: type[BaseModel]) -> tuple[FieldFault, ...]:
    """The repeated fields that are ours; a name of the client's own is not repeated."""
    found: list[str] = []

    def note(pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in pairs]
        found.extend(name for name in dict.fromkeys(names) if names.count(name) > 1)

    json.loads(raw, object_pairs_hook=note)
    return tuple(
        FieldFault(
            pointer=f"/{name}",
            code="REPEATED",
            it="Questo campo compare due volte.",
            en="This field appears twice.",
        )
        for name in found
        if name in field_names(model)
    )


def _unacceptable(errors: list[ErrorDetails], model: type[BaseModel]) -> Problem:
    for_the_vault = [error for error in errors if is_for_the_vault(error)]
    shown = (for_the_vault or errors)[:_SHOWN_ERRORS]
    return Problem(
        Trouble.BELONGS_IN_THE_VAULT if for_the_vault else Trouble.REQUEST_INVALID,
        faults=tuple(fault_of(error, model) for error in shown),
    )


@cache
def field_names(model: type[BaseModel]) -> frozenset[str]:
    """Every field name in a model and the models inside it."""
    names = set(model.model_fields)
    for info in model.model_fields.values():
        for inner in models_in(info.annotation):
            names |= field_names(inner)
    return frozenset(names)
