"""Programs that act by themselves: they prove who they are with a key of their own (`private_key_jwt`, RFC
7523 section 2.2) and get a token of ours for ten minutes at most.

A program's client id is its actor id. Our key is derived from the server's secret, the same in every process;
what a program may do is the register's, read again at each request.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import OKPKey

from api.identity.authority import Authority
from api.identity.caller import Unauthenticated
from api.identity.key_file import Key, key_of
from api.identity.tokens import Assertion, Tokens, check_assertion, unverified_subject
from domain.vocabulary import NetworkId
from ledger.register.access import Access
from ledger.register.port import Engagement, Register

TOKEN_SECONDS = 600
LONGEST_ASSERTION = timedelta(minutes=5)
ALGORITHM = "Ed25519"


class OwnKey:
    """The one key that signs our tokens."""

    def __init__(self, seed: bytes) -> None:
        """`seed` is 32 secret bytes."""
        private = Ed25519PrivateKey.from_private_bytes(seed)
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self.private = OKPKey.import_key(pem)
        self.kid = f"approdo-{self.private.thumbprint()}"
        described = {**self.private.as_dict(private=False), "kid": self.kid}
        self._public: Mapping[str, Key] = {self.kid: OKPKey.import_key(described)}

    def current(self) -> Mapping[str, Key]:
        return self._public


class Programs:
    """Gives tokens to programs. `issuer` is our own name, and the audience of what they sign."""

    def __init__(
        self,
        *,
        register: Register,
        access: Access,
        authority: Authority,
        key: OwnKey,
        network_id: NetworkId,
        audience: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._register = register
        self._access = access
        self._authority = authority
        self._key = key
        self.issuer = own_issuer(network_id)
        self._audience = audience
        self._clock = clock
        self.tokens = Tokens(key, issuer=self.issuer, audience=audience, clock=clock)

    async def token(self, assertion: str) -> tuple[str, int]:
        """An access token and the seconds for which it is good, for a signed assertion of who asks.

        Errors: `Unauthenticated`; the register's.
        """
        claimed = claimed_program(assertion)
        described = await self._register.key_of(claimed)
        if described is None:
            raise Unauthenticated("PROGRAM_UNKNOWN")
        key = key_of(json.loads(described))
        assert key is not None, "only keys of our kinds are registered"
        found = check_assertion(assertion, key, audience=self.issuer, now=self._clock())
        self._require_short(found)
        engagement = await self._authority.of_actor(claimed)
        if not engagement.program:
            raise Unauthenticated("PERSON_BY_ANOTHER_WAY")
        await self._require_first(found)
        return self._signed(engagement), TOKEN_SECONDS

    def _require_short(self, found: Assertion) -> None:
        if found.expires > (self._clock() + LONGEST_ASSERTION).timestamp():
            raise Unauthenticated("ASSERTION_TOO_LONG")

    async def _require_first(self, found: Assertion) -> None:
        named = hashlib.sha256(f"{found.subject} {found.jti}".encode()).digest()
        until = datetime.fromtimestamp(found.expires, UTC) + timedelta(minutes=1)
        if not await self._access.use_assertion(named, until, self._clock()):
            raise Unauthenticated("ASSERTION_REPLAYED")

    def _signed(self, engagement: Engagement) -> str:
        now = int(self._clock().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": self._audience,
            "sub": str(engagement.actor),
            "client_id": str(engagement.actor),
            "iat": now,
            "exp": now + TOKEN_SECONDS,
        }
        header = {"typ": "at+jwt", "alg": ALGORITHM, "kid": self._key.kid}
        return jwt.encode(header, claims, self._key.private, algorithms=[ALGORITHM])


def own_issuer(network_id: NetworkId) -> str:
    """By what we call ourselves to programs."""
    return f"urn:approdo:{network_id}"


def claimed_program(assertion: str) -> UUID:
    """Who an assertion says it is of, before anything is believed. Errors: `Unauthenticated`."""
    try:
        return UUID(unverified_subject(assertion))
    except ValueError:
        raise Unauthenticated("PROGRAM_UNKNOWN") from None
