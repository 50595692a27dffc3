"""After a proof: the page that was asked for, or the form that was sent, as if the browser had come with the
cookie that it is given only now. Called by `locking` and `proving_anew`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Scope

from api.pages.asking import Told
from api.pages.edge import SENT_BY_SCRIPT
from api.pages.forms import PROOF

Fields = Mapping[str, Sequence[str]]
_LEFT_OUT = frozenset({b"cookie", b"content-length", b"content-type", SENT_BY_SCRIPT.encode()})


def own(path: str) -> str:
    """A path of ours and nothing else. A browser passes over tabs and line ends: "/\\t/" would lead away."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if ours and path.isascii() and path.isprintable() else "/"


def here(request: Request) -> str:
    """The address of this page, with what stands behind its question mark."""
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


async def drawn_again(request: Request, address: str, typed: Fields, told: Told) -> Response:
    """The page, with what was typed on it. `told`: what the door of the proof answered."""
    draft = {name: tuple(values) for name, values in typed.items()}
    return await _passed(request, "GET", address, _headers(request.headers, told), b"", {"draft": draft})


async def sent_again(request: Request, path: str, fields: Fields, told: Told) -> Response:
    """What becomes of the form, under the proof of the session that stands now."""
    body = urlencode({**fields, PROOF: [told.content["forgery_token"]]}, doseq=True).encode()
    headers = [
        *_headers(request.headers, told),
        (b"content-type", b"application/x-www-form-urlencoded"),
        (b"content-length", b"%d" % len(body)),
    ]
    return await _passed(request, "POST", path, headers, body, {})


async def _passed(
    request: Request,
    method: str,
    address: str,
    headers: list[tuple[bytes, bytes]],
    body: bytes,
    state: dict[str, Any],
) -> Response:
    path, _, query = address.partition("?")
    scope: Scope = {
        **request.scope,
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": headers,
        "state": state,
    }
    status, answered, parts = 500, [], []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, answered
        if message["type"] == "http.response.start":
            status, answered = message["status"], list(message["headers"])
        else:
            parts.append(message.get("body", b""))

    await request.app(scope, receive, send)
    response = Response(b"".join(parts), status)
    response.raw_headers = answered
    return response


def _headers(headers: Headers, told: Told) -> list[tuple[bytes, bytes]]:
    """The browser's, with the cookies that the door has just given in place of those before."""
    given = dict(each.split(b";", 1)[0].split(b"=", 1) for each in told.cookies)
    kept = [
        pair.strip()
        for pair in headers.get("cookie", "").encode("latin-1").split(b";")
        if pair.strip() and pair.strip().split(b"=", 1)[0] not in given
    ]
    cookies = b"; ".join([*kept, *(name + b"=" + value for name, value in given.items())])
    others = [pair for pair in headers.raw if pair[0] not in _LEFT_OUT]
    return [*others, (b"cookie", cookies)]
