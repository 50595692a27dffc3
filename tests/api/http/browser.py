"""A browser at the doors: it keeps cookies, says its origin, and sends the token of its page."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

ORIGIN = "https://prova.invalid"
_keys = count(1)


@dataclass(kw_only=True)
class Browser:
    """`leave` names headers that it does not send."""

    client: httpx.AsyncClient
    cookies: dict[str, str] = field(default_factory=dict)
    forgery_token: str = ""

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return self._kept(await self.client.get(path, headers=self._headers(headers)))

    async def post(
        self, path: str, body: Any = None, *, leave: tuple[str, ...] = (), **headers: str
    ) -> httpx.Response:
        sent = {
            "Origin": ORIGIN,
            "Sec-Fetch-Site": "same-origin",
            "Forgery-Token": self.forgery_token,
            "Idempotency-Key": f"browser-{next(_keys):06}",
            **self._headers(headers),
        }
        sent = {name: value for name, value in sent.items() if name not in leave}
        return self._kept(await self.client.post(path, json={} if body is None else body, headers=sent))

    def copy(self) -> Browser:
        return Browser(client=self.client, cookies=dict(self.cookies), forgery_token=self.forgery_token)

    def _headers(self, given: dict[str, str]) -> dict[str, str]:
        headers = {name.replace("_", "-"): value for name, value in given.items()}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return headers

    def _kept(self, answer: httpx.Response) -> httpx.Response:
        for said in answer.headers.get_list("set-cookie"):
            name, _, rest = said.partition("=")
            value = rest.partition(";")[0].strip('"')
            self.cookies.pop(name, None)
            if value:
                self.cookies[name] = value
        self.client.cookies.clear()
        if answer.status_code < 300 and "forgery_token" in answer.json():
            self.forgery_token = answer.json()["forgery_token"]
        return answer
