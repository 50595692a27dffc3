"""Requests of `tokens`: any header, any cookie, and the bare answer, whatever it is."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlencode, urlsplit

_keys = count(1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What was answered."""

    status: int
    cookies: tuple[str, ...]
    json: Any


class Knock:
    """Speaks to one server, a connection for each request."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        self._host, self._port = parts.hostname, parts.port
        self.origin = url

    def get(self, path: str, headers: Mapping[str, str]) -> Said:
        return self._said("GET", path, None, headers)

    def post(self, path: str, body: Any, headers: Mapping[str, str]) -> Said:
        sent = {
            "content-type": "application/json",
            "idempotency-key": f"tokens-{next(_keys):08}",
            **headers,
        }
        return self._said("POST", path, json.dumps(body) if body is not None else None, sent)

    def form(self, path: str, fields: Mapping[str, str]) -> Said:
        sent = {"content-type": "application/x-www-form-urlencoded"}
        return self._said("POST", path, urlencode(fields), sent)

    def _said(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Said:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=30)
        try:
            connection.request(method, path, body, {name: value for name, value in headers.items() if value})
            answer = connection.getresponse()
            content = answer.read()
            cookies = tuple(answer.headers.get_all("set-cookie") or ())
            return Said(status=answer.status, cookies=cookies, json=json.loads(content) if content else None)
        finally:
            connection.close()


class Browser:
    """Keeps cookies, says its origin, and sends the token of its page."""

    def __init__(self, knock: Knock) -> None:
        self._knock = knock
        self.cookies: dict[str, str] = {}
        self._forgery_token = ""

    def copy(self) -> Browser:
        other = Browser(self._knock)
        other.cookies, other._forgery_token = dict(self.cookies), self._forgery_token
        return other

    def get(self, path: str) -> Said:
        return self._kept(self._knock.get(path, {"cookie": self._cookie()}))

    def post(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Said:
        """A header given as empty is not sent."""
        sent = {
            "cookie": self._cookie(),
            "origin": self._knock.origin,
            "sec-fetch-site": "same-origin",
            "forgery-token": self._forgery_token,
            **(headers or {}),
        }
        return self._kept(self._knock.post(path, body, sent))

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _kept(self, said: Said) -> Said:
        for each in said.cookies:
            name, _, rest = each.partition("=")
            value = rest.partition(";")[0].strip('"')
            self.cookies.pop(name, None)
            if value:
                self.cookies[name] = value
        if said.status < 300 and isinstance(said.json, dict) and "forgery_token" in said.json:
            self._forgery_token = said.json["forgery_token"]
        return said
