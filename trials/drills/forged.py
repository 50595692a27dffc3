"""Tokens as forgers make them: any header, any claims, signed by anybody. Used by `tokens` alone."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from trials.stage.issuer import AUDIENCE, ISSUER

Pairs = list[tuple[str, object]]


class Signer:
    """A key, and what can be signed with it."""

    def __init__(self, kid: str = "") -> None:
        self._key = Ed25519PrivateKey.generate()
        self.kid = kid

    @property
    def public_bytes(self) -> bytes:
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def jwk(self) -> dict[str, str]:
        """The public half as a JSON Web Key."""
        return {"kty": "OKP", "crv": "Ed25519", "x": encoded(self.public_bytes)}

    def write(self, path: Path, *, as_set: bool = False) -> Path:
        named = {**self.jwk, "kid": self.kid}
        path.write_text(json.dumps({"keys": [named]} if as_set else named))
        return path

    def signed(self, header: dict[str, object], claims: dict[str, object] | Pairs) -> str:
        content = _content(header, claims)
        return f"{content}.{encoded(self._key.sign(content.encode()))}"


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _content(header: dict[str, object], claims: dict[str, object] | Pairs) -> str:
    body = json.dumps(claims) if isinstance(claims, dict) else _doubled(claims)
    return f"{encoded(json.dumps(header).encode())}.{encoded(body.encode())}"


def _doubled(pairs: Iterable[tuple[str, object]]) -> str:
    """A JSON object in which a name may stand twice."""
    return "{" + ",".join(f"{json.dumps(name)}:{json.dumps(value)}" for name, value in pairs) + "}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Forgery:
    """A token that must not come in, and the check without which it would."""

    name: str
    without: str
    token: str


def claims(subject: str, **other: object) -> dict[str, object]:
    now = int(time.time())
    said: dict[str, object] = {"iss": ISSUER, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + 600}
    return {name: value for name, value in {**said, **other}.items() if value is not None}


def forgeries(issuer: Signer, forger: Signer, subject: str, folder: str) -> tuple[Forgery, ...]:
    """`issuer` is the true one; `forger` has a key of their own, as a file in the key set's `folder`."""
    good: dict[str, object] = {"alg": "Ed25519", "typ": "at+jwt", "kid": issuer.kid}
    now = int(time.time())

    def by_issuer(name: str, without: str, header: dict[str, object] = good, **other: object) -> Forgery:
        return Forgery(name=name, without=without, token=issuer.signed(header, claims(subject, **other)))

    def by_forger(name: str, without: str, **header: object) -> Forgery:
        token = forger.signed({**good, **header}, claims(subject))
        return Forgery(name=name, without=without, token=token)

    twice: Pairs = [("sub", "nobody"), *claims(subject).items()]
    return (
        Forgery(name="alg none", without="header", token=unsigned({**good, "alg": "none"}, claims(subject))),
        Forgery(name="HS256 with the public key", without="header", token=confused(good, issuer, subject)),
        by_issuer("unknown crit", "header", {**good, "crit": ["b65"], "b65": True}),
        by_issuer("known crit", "header", {**good, "crit": ["b64"], "b64": True}),
        by_issuer("typ of an id token", "header", {**good, "typ": "JWT"}),
        by_issuer("no typ", "header", {"alg": "Ed25519", "kid": issuer.kid}),
        by_forger("its own jwk", "own_keys", jwk=forger.jwk),
        by_forger("its own jku", "own_keys", jku="https://forger.invalid/keys"),
        by_forger("its own x5u", "own_keys", x5u="https://forger.invalid/chain"),
        by_forger("a stranger's signature", "signature"),
        by_forger("kid as a path", "key_names", kid=f"../{folder}/{forger.kid}"),
        by_issuer("another issuer", "parties", iss="https://other.invalid"),
        by_issuer("another audience", "parties", aud="other"),
        by_issuer("no audience", "parties", aud=None),
        by_issuer("expired", "time", exp=now - 60),
        by_issuer("not yet", "time", nbf=now + 600),
        by_issuer("issued in the future", "time", iat=now + 600),
        Forgery(name="a claim twice", without="once", token=issuer.signed(good, twice)),
        by_issuer("a subject that nobody entered", "register", sub="nobody", approdo_role="LEAD_BODY"),
    )


def unsigned(header: dict[str, object], said: dict[str, object]) -> str:
    return f"{_content(header, said)}."


def confused(good: dict[str, object], issuer: Signer, subject: str) -> str:
    """An HMAC under what everybody knows, the public key."""
    content = _content({**good, "alg": "HS256"}, claims(subject))
    return f"{content}.{encoded(hmac.digest(issuer.public_bytes, content.encode(), 'sha256'))}"


def assertion(signer: Signer, program: str, audience: str, **other: Any) -> str:
    """What a program signs to prove who it is."""
    now = int(time.time())
    said = {"iss": program, "sub": program, "aud": audience, "exp": now + 60, "jti": str(time.time_ns())}
    return signer.signed({"alg": "Ed25519", "typ": "JWT"}, {**said, **other})
