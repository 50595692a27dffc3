"""A person's HTTP client: one call at a time over `http.client`, every change with an idempotency key.

A 503 is asked again with the same key, as any client of ours should; every other problem is raised and says
which.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

RETRIES = 20
PAUSE_SECONDS = 0.25


class Problem(Exception):
    """The server answered with `application/problem+json`."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        named = (body.get(name, "") for name in ("type", "title", "detail", "errors"))
        super().__init__(" ".join(map(str, (status, *filter(None, named)))))
        self.status = status
        self.body = body


class Calls:
    """Calls to one server as one person."""

    def __init__(self, url: str, token: str, new_key: Callable[[], UUID]) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        self._host, self._port = parts.hostname, parts.port
        self._token = token
        self._new_key = new_key

    def get(self, path: str) -> Any:
        """Errors: `Problem`."""
        return self._asked("GET", path, None, {})

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Errors: `Problem`."""
        return self._asked("POST", path, body, {"idempotency-key": str(self._new_key())})

    def put(self, path: str, body: dict[str, Any]) -> Any:
        """Errors: `Problem`."""
        return self._asked("PUT", path, body, {"idempotency-key": str(self._new_key())})

    def _asked(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Any:
        status, content = self._once(method, path, body, headers)
        for _ in range(RETRIES):
            if status != 503:
                break
            time.sleep(PAUSE_SECONDS)
            status, content = self._once(method, path, body, headers)
        if status >= 400:
            raise Problem(status, content if isinstance(content, dict) else {})
        return content

    def _once(
        self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]
    ) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=30)
        try:
            sent = {"authorization": f"Bearer {self._token}", "accept": "application/json", **headers}
            if body is not None:
                sent["content-type"] = "application/json"
            connection.request(method, path, json.dumps(body) if body is not None else None, sent)
            answer = connection.getresponse()
            content = answer.read()
            return answer.status, json.loads(content) if content else None
        finally:
            connection.close()
