"""What a form of a page sends: urlencoded fields, capped, with the form's own key and its proof.

The key makes a second tap the same change (`Idempotency-Key`); the proof shows that a page of ours was
before them (`Forgery-Token`). Both are judged by the door that the page asks, not here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

KEY, PROOF, DRAFT, BACK_TO = "_chiave", "_gettone", "_bozza", "_torna"
_OURS = frozenset({KEY, PROOF, DRAFT, BACK_TO})
LARGEST_FORM = 64 * 1024
MOST_FIELDS = 400
FORM_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Form:
    """Fields by name, each with every value it was given, in order."""

    fields: Mapping[str, tuple[str, ...]]

    @property
    def key(self) -> str:
        return self.one(KEY)

    @property
    def forgery(self) -> str:
        return self.one(PROOF)

    def one(self, name: str, default: str = "") -> str:
        """The last value, without spaces around it; `default` where there is none or it is empty."""
        values = self.fields.get(name)
        return (values[-1].strip() if values else "") or default

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value.strip() for value in self.fields.get(name, ()) if value.strip())

    def has(self, name: str) -> bool:
        return bool(self.one(name))

    def typed(self) -> dict[str, tuple[str, ...]]:
        """What the person gave: everything but the form's own fields."""
        return {name: values for name, values in self.fields.items() if name not in _OURS}


EMPTY = Form({})


async def form_of(request: Request) -> Form:
    """The form that was sent. Errors: HTTP 413, 408, 415, 400."""
    kept: Form | None = getattr(request.state, "form", None)
    if kept is None:
        kept = request.state.form = _parsed(request, await _body(request))
    return kept


def _parsed(request: Request, body: bytes) -> Form:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and media_type != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise HTTPException(400) from None
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        fields[name] = (*fields.get(name, ()), value.replace("\r\n", "\n"))
    return Form(fields)


async def _body(request: Request) -> bytes:
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(FORM_SECONDS):
            async for chunk in request.stream():
                size += len(chunk)
                if size > LARGEST_FORM:
                    raise HTTPException(413)
                chunks.append(chunk)
    except TimeoutError:
        raise HTTPException(408) from None
    return b"".join(chunks)
