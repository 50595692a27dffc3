"""A page asks a door: the same application, in the same process, with the browser's own proofs.

What comes back is what that person may see and nothing else; a change is recorded, repeated and refused as
for any other client. So permissions, idempotency and limits are in one place. Every page calls it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Scope

from api.http.proving import BACKGROUND, FORGERY_TOKEN
from api.pages.forms import Form
from api.pages.i18n import language_of

_CARRIED = frozenset({b"cookie", b"origin", b"sec-fetch-site", b"host", b"user-agent", BACKGROUND.encode()})
"""Of the browser's request, what the door needs to know whose it is."""

_FOR_PROGRAMS = re.compile(r"\b(GET|POST|PUT)\b|/\w|\w_\w|\bids?\b|\buntil\.|`")
"""Of a problem's words, those that name doors, fields and ids: a program reads them, a person cannot."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a door answered. `cookies` are those it gives or takes back: `carry` hands them on."""

    status: int
    content: Any
    headers: Mapping[str, str]
    cookies: tuple[bytes, ...]

    @property
    def ok(self) -> bool:
        return self.status < 400

    @property
    def code(self) -> str | None:
        """Of a problem; None where there is none."""
        return None if self.ok else self.content.get("code", "INTERNAL_ERROR")

    @property
    def detail(self) -> str:
        """A problem in words, in the page's language."""
        said: str = self.content.get("detail") or self.content.get("title", "")
        return said

    @property
    def plain(self) -> str:
        """The same for a person at a page: what is so, and what to do unless that is meant for a program."""
        what, then = self.content.get("title", ""), self.content.get("detail", "")
        return what if _FOR_PROGRAMS.search(then) or not then else f"{what} {then}".strip()

    @property
    def faults(self) -> Mapping[str, str]:
        """Fields that were not understood, by name, each with its words."""
        return {each["pointer"].lstrip("/"): each["detail"] for each in self.content.get("errors", ())}

    @property
    def plain_faults(self) -> Mapping[str, str]:
        """The same for a person: what is so, where the words are meant for a program."""
        what = self.content.get("title", "")
        return {name: what if _FOR_PROGRAMS.search(then) else then for name, then in self.faults.items()}

    def carry(self, response: Any) -> None:
        """Hand the cookies on to the browser."""
        response.raw_headers.extend((b"set-cookie", each) for each in self.cookies)


class NotTold(Exception):
    """A door said no to what a page cannot do without. `api.pages.site` shows the page for it."""

    def __init__(self, told: Told) -> None:
        super().__init__(told.code)
        self.told = told


class Asking:
    """The doors, for one request of one browser."""

    def __init__(self, doors_app: ASGIApp, request: Request) -> None:
        self._app = doors_app
        self._request = request

    async def get(self, path: str, query: Mapping[str, Any] | None = None) -> Told:
        """What the door shows; whatever it answers."""
        said = {name: value for name, value in (query or {}).items() if value is not None}
        return await self._ask("GET", path, urlencode(said, doseq=True).encode(), b"", ())

    async def shown(self, path: str, query: Mapping[str, Any] | None = None) -> Any:
        """What the door shows. Errors: `NotTold`."""
        told = await self.get(path, query)
        if not told.ok:
            raise NotTold(told)
        return told.content

    async def post(
        self,
        path: str,
        body: Mapping[str, Any],
        form: Form,
        *,
        step: str = "",
        method: str = "POST",
        if_match: str | None = None,
        signing_in: bool = False,
    ) -> Told:
        """Ask for a change, under the form's own key and proof. `step` tells apart several changes of one
        form. A door that does not know the person, or a locked session, is `NotTold`; any other no is told,
        and on pages about `signing_in` that one too.
        """
        headers = [
            (b"content-type", b"application/json"),
            (b"idempotency-key", _latin(f"{form.key}{step}")),
            (FORGERY_TOKEN.encode(), _latin(form.forgery)),
        ]
        if if_match is not None:
            headers.append((b"if-match", _latin(if_match)))
        told = await self._ask(method, path, b"", orjson.dumps(body), tuple(headers))
        if not signing_in and (told.status == 401 or told.code == "SESSION_LOCKED"):
            raise NotTold(told)
        return told

    async def _ask(
        self, method: str, path: str, query: bytes, body: bytes, headers: tuple[tuple[bytes, bytes], ...]
    ) -> Told:
        outer = self._request.scope
        carried = [pair for pair in outer["headers"] if pair[0] in _CARRIED]
        language = language_of(self._request).encode()
        scope: Scope = {
            "type": "http",
            "asgi": outer["asgi"],
            "http_version": "1.1",
            "method": method,
            "scheme": outer["scheme"],
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query,
            "headers": [
                *carried,
                *headers,
                (b"accept-language", language),
                (b"content-length", b"%d" % len(body)),
            ],
            "client": outer.get("client"),
            "server": outer.get("server"),
        }
        return await _answered(self._app, scope, body)


def asking(request: Request) -> Asking:
    """The doors, as this browser finds them."""
    return Asking(request.app.state.doors_app, request)


async def _answered(app: ASGIApp, scope: Scope, body: bytes) -> Told:
    status, headers, parts = 500, [], []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], message["headers"]
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, send)
    said = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}
    return Told(
        status=status,
        content=_read(said.get("content-type", ""), b"".join(parts)),
        headers=said,
        cookies=tuple(value for name, value in headers if name == b"set-cookie"),
    )


def _read(media_type: str, content: bytes) -> Any:
    """JSON, or the text of what is written as text."""
    if media_type.startswith("text/plain"):
        return content.decode()
    return orjson.loads(content) if content else {}


def _latin(text: str) -> bytes:
    return text.encode("latin-1", errors="replace")
