"""Signing in at a provider, over real HTTP on this machine: who comes back is believed if all of it fits."""

from __future__ import annotations

import hmac
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwk

from api.identity.caller import Unauthenticated
from api.identity.openid import Client, OpenId, ProviderUnreachable, SignedIn, fetcher
from api.identity.under_way import UnderWay
from ledger.register.memory import MemoryRegister
from tests.support.provider import CLIENT, SECRET, Key, Provider, provider

pytestmark = pytest.mark.asyncio
BACK = "https://prova.invalid/identity/provider/return"


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """There and back again, with a provider."""

    provider: Provider
    openid: OpenId
    clock: Clock

    async def gone(self, subject: str = "ada", *, again: bool = False) -> tuple[str, str, str]:
        """Code, state and cookie of somebody who signs in there."""
        address, cookie = await self.openid.begin(again=again)
        code, state = self.provider.signed_in(address, subject)
        return code, state, cookie

    async def there_and_back(self, subject: str = "ada", *, again: bool = False) -> SignedIn:
        return await self.openid.returned(*await self.gone(subject, again=again))

    async def refused(self, *, again: bool = False) -> str:
        with pytest.raises(Unauthenticated) as why:
            await self.there_and_back(again=again)
        return why.value.code


@asynccontextmanager
async def way(secret: str | None = SECRET, issuer: str | None = None, **other: Any) -> AsyncIterator[Way]:
    clock = Clock()
    with provider(**other) as there:
        async with fetcher() as fetch:
            client = Client(issuer=issuer or there.issuer, client_id=CLIENT, secret=secret, redirect_uri=BACK)
            under_way = UnderWay(access=MemoryRegister(), key=os.urandom(32), clock=clock)
            openid = OpenId(client, under_way=under_way, random_bytes=os.urandom, clock=clock, fetch=fetch)
            yield Way(provider=there, openid=openid, clock=clock)


RSA = jwk.RSAKey.generate_key(2048, {"kid": "rsa"})
KEYS: dict[str, Key] = {
    "RS256": RSA,
    "PS256": RSA,
    "ES256": jwk.ECKey.generate_key("P-256", {"kid": "ec"}),
    "Ed25519": jwk.OKPKey.generate_key("Ed25519", {"kid": "ed"}),
}


@pytest.mark.parametrize("algorithm", KEYS)
@pytest.mark.parametrize("secret", [SECRET, None])
async def test_whoever_signs_in_there_comes_back(algorithm: str, secret: str | None) -> None:
    async with way(secret, key=KEYS[algorithm], algorithm=algorithm) as there:
        found = await there.there_and_back("a81f")
        assert (found.issuer, found.subject) == (there.provider.issuer, "a81f")
        assert found.proved_at is not None
        assert abs(found.proved_at - there.clock.now) < timedelta(seconds=5)
        again = await there.there_and_back("a81f", again=True)
        assert again.proved_at is not None
        assert there.provider.asked.count("/keys") == 1, "keys are remembered"


async def test_the_address_has_what_the_protocol_wants_and_no_secret() -> None:
    async with way() as there:
        address, cookie = await there.openid.begin(again=True, carried={"device": "only-in-the-cookie"})
        told = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert (told["prompt"], told["max_age"], told["redirect_uri"]) == ("login", "0", BACK)
        assert len(told["code_challenge"]) == 43
        assert SECRET not in address and "only-in-the-cookie" not in address + cookie
        code, state = there.provider.signed_in(address, "ada")
        found = await there.openid.returned(code, state, cookie)
        assert found.carried == {"device": "only-in-the-cookie"}
        other, _ = await there.openid.begin()
        assert "prompt" not in other
        assert told["state"] not in other and told["nonce"] not in other


async def test_a_provider_that_does_not_say_when_they_proved_it_proves_nothing_anew() -> None:
    async with way(says_auth_time=False) as there:
        assert (await there.there_and_back()).proved_at is None
        assert await there.refused(again=True) == "OPENID_TIME_WRONG"
        there.provider.claims["auth_time"] = int(time.time()) - 600
        found = await there.there_and_back()
        assert found.proved_at is not None and found.proved_at < there.clock.now - timedelta(minutes=9)
        assert await there.refused(again=True) == "OPENID_NOT_PROVED_ANEW"
        there.provider.claims["auth_time"] = int(time.time()) + 15
        assert (await there.there_and_back()).proved_at == there.clock.now
        for wrong in (int(time.time()) + 600, "now", True, -1, 2**60):
            there.provider.claims["auth_time"] = wrong
            assert await there.refused() == "OPENID_TIME_WRONG", wrong


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"iss": "https://other.invalid"}, "OPENID_ISSUER_WRONG"),
    ({"iss": None}, "OPENID_ISSUER_WRONG"),
    ({"aud": "somebody-else"}, "OPENID_AUDIENCE_WRONG"),
    ({"aud": None}, "OPENID_AUDIENCE_WRONG"),
    ({"aud": [CLIENT, "somebody-else"]}, "OPENID_AUDIENCE_WRONG"),
    ({"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"}, "OPENID_AUDIENCE_WRONG"),
    ({"azp": "somebody-else"}, "OPENID_AUDIENCE_WRONG"),
    ({"nonce": "another"}, "OPENID_NONCE_WRONG"),
    ({"nonce": None}, "OPENID_NONCE_WRONG"),
    ({"nonce": ["a"]}, "OPENID_NONCE_WRONG"),
    ({"exp": None}, "OPENID_TIME_WRONG"),
    ({"exp": "tomorrow"}, "OPENID_TIME_WRONG"),
    ({"exp": timedelta(seconds=-31)}, "OPENID_TOKEN_EXPIRED"),
    ({"iat": timedelta(seconds=6000), "exp": timedelta(seconds=9000)}, "OPENID_TOKEN_EXPIRED"),
    ({"iat": None}, "OPENID_TIME_WRONG"),
    ({"sub": None}, "OPENID_SUBJECT_MISSING"),
    ({"sub": ""}, "OPENID_SUBJECT_MISSING"),
    ({"sub": 7}, "OPENID_SUBJECT_MISSING"),
    ({"sub": "a" * 256}, "OPENID_SUBJECT_MISSING"),
]


@pytest.mark.parametrize(("claims", "code"), WRONG, ids=str)
async def test_a_token_that_says_something_wrong_is_refused(claims: dict[str, Any], code: str) -> None:
    async with way(key=RSA) as there:
        there.provider.claims = {name: _now_or(said) for name, said in claims.items()}
        assert await there.refused() == code


def _now_or(said: Any) -> Any:
    """A claim as it is; a span of time is an instant so far from now, in seconds since 1970."""
    return int(time.time() + said.total_seconds()) if isinstance(said, timedelta) else said


async def test_several_audiences_are_fine_where_we_are_the_one_it_was_made_for() -> None:
    async with way(key=RSA, claims={"aud": [CLIENT, "other"], "azp": CLIENT}) as there:
        assert (await there.there_and_back()).subject == "ada"


@pytest.mark.parametrize(
    "header",
    [{"crit": ["approdo"], "approdo": 1}, {"crit": ["b64"], "b64": True}, {"kid": "unknown"}],
    ids=str,
)
async def test_a_header_that_is_wrong_is_refused(header: dict[str, Any]) -> None:
    def signature(content: bytes) -> bytes:
        assert RSA.private_key is not None
        return RSA.private_key.sign(content, PKCS1v15(), SHA256())

    async with way(key=RSA, header=header, signature=signature) as there:
        assert await there.refused() == "OPENID_TOKEN_WRONG"
    async with way(key=RSA, signature=signature) as there:
        assert (await there.there_and_back()).subject == "ada", "the same signature is good by itself"


@pytest.mark.parametrize("name", ["none", "None", "NONE", "", None, 7])
async def test_a_token_that_nobody_signed_is_refused(name: object) -> None:
    async with way(key=RSA, header={"alg": name}, signature=lambda _: b"") as there:
        assert await there.refused() == "OPENID_TOKEN_WRONG"


@pytest.mark.parametrize("kid", ["rsa", None])
async def test_a_shared_secret_made_of_the_public_key_signs_nothing(kid: str | None) -> None:
    for secret in (RSA.as_pem(private=False), json.dumps(RSA.as_dict(private=False)).encode()):

        def signature(content: bytes, secret: bytes = secret) -> bytes:
            return hmac.digest(secret, content, "sha256")

        async with way(key=RSA, header={"alg": "HS256", "kid": kid}, signature=signature) as there:
            assert await there.refused() == "OPENID_TOKEN_WRONG"


async def test_a_strangers_signature_is_refused_under_a_known_name_and_keys_are_read_anew_once() -> None:
    async with way(key=RSA) as there:
        await there.there_and_back()
        there.provider.keys = [RSA]
        there.provider.key = jwk.RSAKey.generate_key(2048, {"kid": "rsa"})
        assert await there.refused() == "OPENID_TOKEN_WRONG"
        assert there.provider.asked.count("/keys") == 2


async def test_a_key_that_is_new_there_is_read_and_one_that_is_gone_counts_no_more() -> None:
    async with way(key=RSA) as there:
        await there.there_and_back()
        there.provider.key, there.provider.algorithm = KEYS["ES256"], "ES256"
        assert (await there.there_and_back("bea")).subject == "bea"
        assert there.provider.asked.count("/keys") == 2
        there.provider.keys = [KEYS["ES256"]]
        there.provider.key, there.provider.algorithm = RSA, "RS256"
        assert await there.refused() == "OPENID_TOKEN_WRONG"


async def test_a_code_counts_once_with_its_state_and_in_its_browser() -> None:
    async with way(key=RSA) as there:
        code, state, cookie = await there.gone()
        _, other_state, other_cookie = await there.gone("mallory")
        for given, said in (
            ((code, "another", cookie), "OPENID_STATE_WRONG"),
            ((code, state, cookie), "SIGN_IN_ANSWERED_TWICE"),
            ((code, state, None), "SIGN_IN_NOT_BEGUN"),
            ((code, state, "è"), "SIGN_IN_NOT_BEGUN"),
            ((code, state, cookie[:-4]), "SIGN_IN_NOT_BEGUN"),
            ((code, state, other_cookie), "OPENID_STATE_WRONG"),
        ):
            with pytest.raises(Unauthenticated) as why:
                await there.openid.returned(*given)
            assert why.value.code == said
        code, state, cookie = await there.gone()
        assert (await there.openid.returned(code, state, cookie)).subject == "ada"
        _, state, cookie = await there.gone()
        with pytest.raises(Unauthenticated, match="OPENID_CODE_WRONG"):
            await there.openid.returned(code, state, cookie)
        assert other_state


async def test_a_code_of_another_sign_in_has_another_verifier() -> None:
    async with way(key=RSA) as there:
        stolen, _, _ = await there.gone("ada")
        _, state, cookie = await there.gone("mallory")
        with pytest.raises(Unauthenticated, match="OPENID_CODE_WRONG"):
            await there.openid.returned(stolen, state, cookie)


async def test_an_answer_that_comes_too_late_is_refused() -> None:
    async with way(key=RSA) as there:
        given = await there.gone()
        there.clock.now += timedelta(minutes=10, seconds=1)
        with pytest.raises(Unauthenticated, match="SIGN_IN_NOT_BEGUN"):
            await there.openid.returned(*given)


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://other.invalid"},
        {"issuer": None},
        {"token_endpoint": None},
        {"token_endpoint": "http://example.invalid/token"},
        {"jwks_uri": "http://example.invalid/keys"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": 7},
        {"token_endpoint": "https://["},
        {"jwks_uri": "https:///keys"},
        {"jwks_uri": "file:///etc/passwd"},
    ],
    ids=str,
)
async def test_a_provider_that_describes_another_or_lesser_one_is_not_used(discovery: dict[str, Any]) -> None:
    async with way(key=RSA, discovery=discovery) as there:
        with pytest.raises(ProviderUnreachable, match="OPENID_DISCOVERY_WRONG"):
            await there.openid.begin()


async def test_a_secure_issuer_never_leads_to_a_plain_address() -> None:
    """Even on this machine: the discovery document is handed over by a transport of the test's own."""

    def answered(request: httpx.Request) -> httpx.Response:
        told = {"issuer": "https://accesso.invalid"}
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            told[name] = "https://accesso.invalid/here"
        told["token_endpoint"] = "http://127.0.0.1:1/token"
        return httpx.Response(200, json=told)

    clock = Clock()
    client = Client(issuer="https://accesso.invalid", client_id=CLIENT, secret=None, redirect_uri=BACK)
    async with httpx.AsyncClient(transport=httpx.MockTransport(answered)) as fetch:
        under_way = UnderWay(access=MemoryRegister(), key=os.urandom(32), clock=clock)
        openid = OpenId(client, under_way=under_way, random_bytes=os.urandom, clock=clock, fetch=fetch)
        with pytest.raises(ProviderUnreachable, match="OPENID_DISCOVERY_WRONG"):
            await openid.begin()


async def test_a_provider_that_is_down_or_talks_nonsense_is_unreachable_not_a_persons_fault() -> None:
    async with way(key=RSA) as there:
        given = await there.gone()
        there.provider.status = 500
        with pytest.raises(ProviderUnreachable, match="OPENID_TOKEN_ENDPOINT"):
            await there.openid.returned(*given)
        there.provider.status = 200
        for nonsense in (b"", b"[]", b"<html>", b'"x"', b"[" * 100_000, b'{"a": "' + b"a" * 300_000 + b'"}'):
            there.provider.answer = nonsense
            with pytest.raises(ProviderUnreachable, match="OPENID_ANSWER_WRONG"):
                await there.there_and_back()
        for without in (b"{}", b'{"id_token": 7}'):
            there.provider.answer = without
            assert await there.refused() == "OPENID_CODE_WRONG"
        for token in ("", "a.b.c", "a.b", "." * 9, "è", "eyJhbGciOiJSUzI1NiJ9..", "A" * 20_000):
            there.provider.answer = b'{"id_token": "%s"}' % token.encode()
            assert await there.refused() in ("OPENID_TOKEN_WRONG", "OPENID_CODE_WRONG"), token
        there.clock.now += timedelta(hours=3)
        there.provider.issuer = "http://127.0.0.1:1"
        with pytest.raises(ProviderUnreachable, match="OPENID_DISCOVERY_WRONG"):
            await there.openid.begin()


async def test_a_provider_that_nobody_answers_for_is_unreachable() -> None:
    async with way(issuer="http://127.0.0.1:1") as there:
        with pytest.raises(ProviderUnreachable, match="OPENID_PROVIDER"):
            await there.openid.begin()


async def test_what_was_read_is_used_for_two_hours_while_the_provider_is_down() -> None:
    async with way(key=RSA) as there:
        await there.openid.begin()
        there.clock.now += timedelta(minutes=59)
        await there.openid.begin()
        assert there.provider.asked.count("/keys") == 1
        there.clock.now += timedelta(minutes=2)
        await there.openid.begin()
        assert there.provider.asked.count("/keys") == 2, "after an hour it is read anew"
        there.provider.status = 503
        there.clock.now += timedelta(minutes=119)
        await there.openid.begin()
        there.clock.now += timedelta(minutes=2)
        with pytest.raises(ProviderUnreachable, match="OPENID_PROVIDER"):
            await there.openid.begin()
