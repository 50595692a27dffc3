"""Every page, by every role, rightly and with tokens in whatever a browser can send. For `canary`.

A page may give back to the very person what they had just typed into its form, and nothing else: of an answer
to a form the headers alone are searched, of every other page all of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from http.cookies import SimpleCookie
from urllib.parse import quote, urlencode

from api.pages.site import PAGES
from trials.drills.canary_calls import Sending
from trials.drills.canary_tokens import Tokens
from trials.stage.wire import Answer, Lost, Wire

_PLACE = re.compile(r"\{[^}]+\}")
_SESSION = "approdo-session"
_PROOF = re.compile(rb'name="_gettone" value="([0-9a-f]{64})"')


async def pages_called(sending: Sending, bearers: Sequence[str], there: Sequence[str], tokens: Tokens) -> int:
    """How many pages were answered."""
    shown = 0
    async with Wire(sending.url) as wire:
        for bearer in bearers:
            cookie = await _signed_in(wire, sending, bearer)
            if cookie is not None:
                shown += await _as_somebody(wire, sending, cookie, there, tokens)
    return shown


async def _as_somebody(
    wire: Wire, sending: Sending, cookie: str, there: Sequence[str], tokens: Tokens
) -> int:
    shown, proof = 0, b""
    for path in _pages("GET", there, tokens):
        answer = await _sent(wire, sending, "GET", path, b"", {"cookie": cookie})
        if answer is not None:
            sending.searched.answer(answer, f"page {path[:60]}")
            found = _PROOF.search(answer.body)
            proof = found.group(1) if found is not None else proof
            shown += 1
    for path in _pages("POST", there, tokens):
        form = urlencode({**_fields(tokens), "_gettone": proof.decode()}).encode()
        headers = {
            "cookie": cookie,
            "origin": sending.url,
            "content-type": "application/x-www-form-urlencoded",
        }
        answer = await _sent(wire, sending, "POST", path, form, headers)
        if answer is not None:
            head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
            sending.searched.content("headers", head.encode(), f"form {path[:60]}")
            shown += 1
    return shown


def _pages(method: str, there: Sequence[str], tokens: Tokens) -> Iterator[str]:
    word = tokens.word("page fuzz")
    for page in PAGES:
        if method not in (page.methods or ()) or page.path in ("/esci", "/blocca"):
            continue
        for value in (*there, quote(f"{word} à")) if _PLACE.search(page.path) else ("",):
            path = _PLACE.sub(value, page.path)
            yield path
            yield f"{path}?{word}={word}&caso={word}&as_of={word}"


def _fields(tokens: Tokens) -> dict[str, str]:
    word, number = tokens.word("page fuzz"), tokens.number("page fuzz number")
    named = ("pin", "code", "caso", "channel", "reason", "occurred_at", "adults", "_torna", "_bozza", word)
    return {"_chiave": f"{word}-{number}", **dict.fromkeys(named, f"{word} {number}")}


async def _signed_in(wire: Wire, sending: Sending, bearer: str) -> str | None:
    headers = {"authorization": f"Bearer {bearer}", "idempotency-key": "pages-begin"}
    answer = await wire.send("POST", "/identity/session", json.dumps({}).encode(), headers)
    if answer.status != 201:
        sending.searched.answer(answer, "/identity/session")
        return None
    cookie = SimpleCookie(answer.headers["set-cookie"])[_SESSION].value
    return f"{_SESSION}={cookie}"


async def _sent(
    wire: Wire, sending: Sending, method: str, path: str, body: bytes, headers: dict[str, str]
) -> Answer | None:
    try:
        answer = await wire.send(method, path, body, headers)
    except Lost:
        sending.lost += 1
        return None
    sending.answered += 1
    sending.by_status[answer.status] = sending.by_status.get(answer.status, 0) + 1
    return answer
