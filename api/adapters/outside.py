"""The ways out to those who vouch for the log: witnesses, and a provider of time stamps. Over HTTP, with time
limits and bounds, following no redirect and heeding no proxy of the environment.

What goes out is a signed head with a proof, or a digest of one: nothing of any case.
"""

from __future__ import annotations

import asyncio

import httpx

from ledger.evidence.notes.signed import LONGEST_NOTE
from ledger.evidence.stamping.stamp import LONGEST_STAMP
from ledger.evidence.stamping.stamping import ProviderSilent
from ledger.evidence.witnessing.bringing import WitnessAnswer, WitnessSilent

SECONDS = 10.0
_QUERY = "application/timestamp-query"


def outside_client() -> httpx.AsyncClient:
    """To be closed by whoever opened it."""
    return httpx.AsyncClient(timeout=SECONDS, follow_redirects=False, trust_env=False)


class HttpWitnesses:
    """`WitnessDoor`."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def add_checkpoint(self, url: str, body: bytes) -> WitnessAnswer:
        try:
            status, told = await _posted(
                self._client, f"{url.rstrip('/')}/add-checkpoint", body, "text/plain", LONGEST_NOTE
            )
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
            raise WitnessSilent from None
        return WitnessAnswer(status=status, body=told)


class HttpProvider:
    """`ProviderDoor` to one address, which may carry a name and password."""

    def __init__(self, client: httpx.AsyncClient, url: str) -> None:
        self._client = client
        self._url = url

    async def stamped(self, query: bytes) -> bytes:
        try:
            status, told = await _posted(self._client, self._url, query, _QUERY, LONGEST_STAMP)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
            raise ProviderSilent from None
        if status != httpx.codes.OK:
            raise ProviderSilent
        return told


async def _posted(
    client: httpx.AsyncClient, url: str, body: bytes, kind: str, most: int
) -> tuple[int, bytes]:
    """Status and at most so many bytes, all within the time limit. Errors: httpx's, TimeoutError."""
    found = bytearray()
    async with (
        asyncio.timeout(SECONDS),
        client.stream("POST", url, content=body, headers={"Content-Type": kind}) as answer,
    ):
        async for part in answer.aiter_bytes():
            found += part
            if len(found) > most:
                raise TimeoutError
    return answer.status_code, bytes(found)
