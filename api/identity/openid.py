"""Signing in at a provider: OpenID Connect, authorization code with PKCE. What the provider says is believed
of who somebody is and when they proved it, and of nothing else: what they may do is the register's.

The provider's addresses come from its discovery document, its keys from the set named there; both are
remembered for an hour, and used a further hour where the provider does not answer. Nothing that a token
brings is fetched.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.identity.caller import Unauthenticated
from api.identity.under_way import UnderWay
from api.origins import is_secure
from ledger.store.ids import RandomBytes

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
"""What a provider may sign with: never a shared secret, never nothing."""
FRESH, USED_AT_MOST = timedelta(hours=1), timedelta(hours=2)
LEEWAY_SECONDS = 30
LARGEST_ANSWER = 262_144
_SECONDS = 5.0
_SIGN_IN = "openid"


class ProviderUnreachable(Exception):
    """The provider does not answer, or not in a form that can be used. The message is a code."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Client:
    """How this program is known to a provider. `redirect_uri` is where it sends people back; `secret` None: a
    public client.
    """

    issuer: str
    client_id: str
    secret: str | None
    redirect_uri: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedIn:
    """Who the provider says it is, and when they proved it (None: it does not say; an ID token may be new
    and its session old). `carried` is what the browser had when it left.
    """

    issuer: str
    subject: str
    proved_at: datetime | None
    carried: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class _Described:
    """The provider as it describes itself, and its keys, as they were read at an instant."""

    authorization: str
    token: str
    keys: KeySet
    read_at: datetime


class OpenId:
    """One provider. `clock` is real time; `fetch` is a `fetcher`, closed by whoever opened it."""

    def __init__(
        self,
        client: Client,
        *,
        under_way: UnderWay,
        random_bytes: RandomBytes,
        clock: Callable[[], datetime],
        fetch: httpx.AsyncClient,
    ) -> None:
        self._client = client
        self._under_way = under_way
        self._random_bytes = random_bytes
        self._clock = clock
        self._fetch = fetch
        self._described: _Described | None = None

    async def begin(
        self, *, again: bool = False, carried: Mapping[str, str | None] | None = None
    ) -> tuple[str, str]:
        """Where the browser goes, and the cookie it keeps meanwhile. `again`: they prove anew who they are.
        `carried`: cookies that will not come along on the way back from another site.

        Errors: `ProviderUnreachable`.
        """
        described = await self._provider()
        verifier, nonce, state = self._text(32), self._text(16), self._text(16)
        asked = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": self._client.redirect_uri,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
            **({"prompt": "login", "max_age": "0"} if again else {}),
        }
        kept = {"verifier": verifier, "nonce": nonce, "state": state, "again": again}
        cookie = self._under_way.begun(_SIGN_IN, {**kept, "carried": dict(carried or {})})
        joined = "&" if urlsplit(described.authorization).query else "?"
        return f"{described.authorization}{joined}{urlencode(asked)}", cookie

    async def returned(self, code: str, state: str, cookie: str | None) -> SignedIn:
        """Who came back. Errors: `Unauthenticated`, `ProviderUnreachable`; the register's."""
        asked = await self._under_way.answered(_SIGN_IN, cookie)
        if not hmac.compare_digest(asked["state"].encode(), state.encode(errors="replace")):
            raise Unauthenticated("OPENID_STATE_WRONG")
        described = await self._provider()
        token = await self._exchanged(described, code, asked["verifier"])
        try:
            claims = self._claims(described.keys, token)
        except Unauthenticated:
            # The provider may have begun to sign with a key that we have not read yet.
            claims = self._claims((await self._provider(anew=True)).keys, token)
        return self._signed_in(claims, asked)

    def _claims(self, keys: KeySet, token: str) -> Mapping[str, Any]:
        try:
            decoded = jwt.decode(token, keys, algorithms=list(ALGORITHMS))
        except (JoseError, ValueError, TypeError, KeyError):
            raise Unauthenticated("OPENID_TOKEN_WRONG") from None
        if "crit" in decoded.header:
            raise Unauthenticated("OPENID_TOKEN_WRONG")
        return decoded.claims

    def _signed_in(self, claims: Mapping[str, Any], asked: Mapping[str, Any]) -> SignedIn:
        """The checks of OpenID Connect Core 3.1.3.7, in its order."""
        nonce: str = asked["nonce"]
        said, us = claims.get("aud"), self._client.client_id
        audiences = said if isinstance(said, list) else [said]
        if claims.get("iss") != self._client.issuer:
            raise Unauthenticated("OPENID_ISSUER_WRONG")
        if us not in audiences or claims.get("azp", us) != us or (len(audiences) > 1 and "azp" not in claims):
            raise Unauthenticated("OPENID_AUDIENCE_WRONG")
        now = self._clock().timestamp()
        expires, issued = _seconds(claims, "exp"), _seconds(claims, "iat")
        if not issued - LEEWAY_SECONDS <= now < expires + LEEWAY_SECONDS:
            raise Unauthenticated("OPENID_TOKEN_EXPIRED")
        if not hmac.compare_digest(str(claims.get("nonce")).encode(errors="replace"), nonce.encode()):
            raise Unauthenticated("OPENID_NONCE_WRONG")
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise Unauthenticated("OPENID_SUBJECT_MISSING")
        return SignedIn(
            issuer=self._client.issuer,
            subject=subject,
            proved_at=_proved_at(claims, now, again=asked["again"]),
            carried=asked["carried"],
        )

    async def _exchanged(self, described: _Described, code: str, verifier: str) -> str:
        """The code for an ID token. A wrong code is the browser's fault; no answer is the provider's."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._client.redirect_uri,
            "code_verifier": verifier,
        }
        basic = None
        if self._client.secret is None:
            form["client_id"] = self._client.client_id
        else:
            basic = httpx.BasicAuth(self._client.client_id, self._client.secret)
        try:
            answer = await self._fetch.post(
                described.token, data=form, auth=basic or httpx.USE_CLIENT_DEFAULT
            )
        except (httpx.HTTPError, httpx.InvalidURL):
            raise ProviderUnreachable("OPENID_TOKEN_ENDPOINT") from None
        if answer.status_code >= 500:
            raise ProviderUnreachable("OPENID_TOKEN_ENDPOINT")
        token = _object(answer).get("id_token") if answer.status_code == 200 else None
        if not isinstance(token, str):
            raise Unauthenticated("OPENID_CODE_WRONG")
        return token

    async def _provider(self, *, anew: bool = False) -> _Described:
        known, now = self._described, self._clock()
        if known is not None and not anew and now - known.read_at < FRESH:
            return known
        try:
            self._described = await self._read(now)
        except ProviderUnreachable:
            if known is None or now - known.read_at >= USED_AT_MOST:
                raise
            return known
        return self._described

    async def _read(self, now: datetime) -> _Described:
        issuer = self._client.issuer
        found = await self._get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        addresses = [found.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        if found.get("issuer") != issuer or not all(_is_of(issuer, each) for each in addresses):
            raise ProviderUnreachable("OPENID_DISCOVERY_WRONG")
        authorization, token, jwks = map(str, addresses)
        described: Any = await self._get(jwks)
        try:
            keys = KeySet.import_key_set(described)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            raise ProviderUnreachable("OPENID_KEYS_WRONG") from None
        return _Described(authorization, token, keys, now)

    async def _get(self, address: str) -> Mapping[str, Any]:
        try:
            answer = await self._fetch.get(address)
        except (httpx.HTTPError, httpx.InvalidURL):
            raise ProviderUnreachable("OPENID_PROVIDER") from None
        if answer.status_code != 200:
            raise ProviderUnreachable("OPENID_PROVIDER")
        return _object(answer)

    def _text(self, size: int) -> str:
        return base64.urlsafe_b64encode(self._random_bytes(size)).rstrip(b"=").decode()


def fetcher() -> httpx.AsyncClient:
    """Asks a provider: with a time limit, following no redirect, heeding no proxy of the environment."""
    return httpx.AsyncClient(timeout=_SECONDS, follow_redirects=False, trust_env=False)


def _is_of(issuer: str, address: object) -> bool:
    """Never less secure than the issuer itself."""
    if not isinstance(address, str) or not is_secure(address):
        return False
    return urlsplit(address).scheme == "https" or urlsplit(issuer).scheme == "http"


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _object(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        found = answer.json() if len(answer.content) <= LARGEST_ANSWER else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ProviderUnreachable("OPENID_ANSWER_WRONG")
    return found


def _proved_at(claims: Mapping[str, Any], now: float, *, again: bool) -> datetime | None:
    """Never ahead of our own clock."""
    if "auth_time" not in claims and not again:
        return None
    proved = _seconds(claims, "auth_time")
    if proved > now + LEEWAY_SECONDS:
        raise Unauthenticated("OPENID_TIME_WRONG")
    if again and now - proved > LEEWAY_SECONDS + 60:
        raise Unauthenticated("OPENID_NOT_PROVED_ANEW")
    return datetime.fromtimestamp(min(proved, now), UTC)


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value: Any = claims.get(name)
    if type(value) not in (int, float) or not 0 < value < 2**53:
        raise Unauthenticated("OPENID_TIME_WRONG")
    return float(value)
