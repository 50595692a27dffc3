"""Bearer tokens: signed JWTs of one issuer (RFC 9068 access tokens), checked against a file of public keys.

Not a login and not a session, and not authority: a token says who its bearer is, the register what they may
do. Whatever is wrong with a token, the caller hears the same; the code is for the log.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

from api.identity.caller import Unauthenticated
from api.identity.key_file import Key

ALGORITHMS = ("EdDSA", "Ed25519", "ES256")
LEEWAY = timedelta(seconds=30)
LONGEST_TOKEN = 8192
MOST_REMEMBERED = 4096
TYPES = ("at+jwt", "application/at+jwt")
ASSERTION_TYPES = ("jwt", "client-authentication+jwt")
_HEADER = frozenset({"alg", "kid", "typ"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Bearer:
    """Whom a valid token speaks for, until when it does, and when they last proved who they are (None: it
    does not say).
    """

    issuer: str
    subject: str
    not_before: float
    expires: float
    authenticated_at: float | None = None


class Keys(Protocol):
    """Public keys by key id."""

    def current(self) -> Mapping[str, Key]:
        """Those in force: the same object for as long as they are the same."""


class Tokens:
    """Checks tokens of one issuer for one audience. `clock` is real time, also in an exercise."""

    def __init__(self, keys: Keys, *, issuer: str, audience: str, clock: Callable[[], datetime]) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._clock = clock
        self._remembered: dict[str, Bearer] = {}
        self._remembered_under: object = None

    def check(self, token: str) -> Bearer:
        """Errors: `Unauthenticated`, with the first of these that is wrong: its size, its form, its header,
        its key, its signature, its claims.
        """
        bearer = self._known(token)
        if bearer is None:
            if len(token) > LONGEST_TOKEN:
                raise Unauthenticated("TOKEN_TOO_LONG")
            bearer = self._bearer(self._verified(token))
        self._check_time(bearer)
        self._remember(token, bearer)
        return bearer

    def has_key_of(self, token: str) -> bool:
        """Whether the key that a token names is one of ours to check it with; nothing is checked yet."""
        if token in self._remembered:
            return True
        try:
            named = _object(_decoded(token[:LONGEST_TOKEN].partition(".")[0])).get("kid")
        except Unauthenticated:
            return False
        return isinstance(named, str) and named in self._keys.current()

    def _known(self, token: str) -> Bearer | None:
        """A token whose signature was found good under the very keys that are in force now."""
        keys = self._keys.current()
        if keys is not self._remembered_under or len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
            self._remembered_under = keys
        return self._remembered.get(token)

    def _remember(self, token: str, bearer: Bearer) -> None:
        self._remembered[token] = bearer

    def _verified(self, token: str) -> dict[str, Any]:
        """The claims of a token whose header is exactly what we accept and whose signature is good."""
        header = _object(_decoded(_parts(token)[0]))
        check_header(header)
        key = self._keys.current().get(header["kid"])
        if key is None:
            raise Unauthenticated("TOKEN_KEY_UNKNOWN")
        return _signed_by(key, token)

    def _bearer(self, claims: dict[str, Any]) -> Bearer:
        check_parties(claims, issuer=self._issuer, audience=self._audience)
        return Bearer(
            issuer=self._issuer,
            subject=_text(claims, "sub"),
            not_before=max(_instant(claims, name, 0) for name in ("nbf", "iat", "auth_time")),
            expires=_instant(claims, "exp", None),
            authenticated_at=_instant(claims, "auth_time", None) if "auth_time" in claims else None,
        )

    def _check_time(self, bearer: Bearer) -> None:
        check_time(self._clock(), bearer.not_before, bearer.expires)


class _Registry(JWSRegistry):
    """Only our algorithms. The library warns of EdDSA because the name covers two curves (RFC 9864); a key
    file holds keys of one.
    """

    def get_alg(self, name: str) -> Any:
        if name not in ALGORITHMS:
            raise Unauthenticated("TOKEN_ALGORITHM_REFUSED")
        return self.algorithms[name]


_REGISTRY = _Registry()


def check_header(header: dict[str, Any], *, types: Sequence[str] = TYPES, named: bool = True) -> None:
    if header.get("alg") not in ALGORITHMS:
        raise Unauthenticated("TOKEN_ALGORITHM_REFUSED")
    if str(header.get("typ")).lower() not in types:
        raise Unauthenticated("TOKEN_TYPE_WRONG")
    if "crit" in header:
        raise Unauthenticated("TOKEN_CRITICAL_UNKNOWN")
    if named and not isinstance(header.get("kid"), str):
        raise Unauthenticated("TOKEN_KEY_MISSING")
    if not header.keys() <= _HEADER:
        # jku, jwk, x5u and the like would let a token bring its own key.
        raise Unauthenticated("TOKEN_HEADER_UNKNOWN")


def check_parties(claims: dict[str, Any], *, issuer: str, audience: str) -> None:
    """Who says it and to whom. Errors: `Unauthenticated`."""
    said = claims.get("aud")
    if claims.get("iss") != issuer:
        raise Unauthenticated("TOKEN_ISSUER_WRONG")
    if audience not in (said if isinstance(said, list) else [said]):
        raise Unauthenticated("TOKEN_AUDIENCE_WRONG")


def check_time(now: datetime, not_before: float, expires: float) -> None:
    """Errors: `Unauthenticated`."""
    if (now - LEEWAY).timestamp() >= expires:
        raise Unauthenticated("TOKEN_EXPIRED")
    if (now + LEEWAY).timestamp() < not_before:
        raise Unauthenticated("TOKEN_NOT_YET_VALID")


def _parts(token: str) -> list[str]:
    parts = token.split(".")
    if len(parts) != 3 or not token.isascii():
        raise Unauthenticated("TOKEN_MALFORMED")
    return parts


def _signed_by(key: Key, token: str) -> dict[str, Any]:
    try:
        signed = jws.deserialize_compact(token, key, registry=_REGISTRY)
    except (JoseError, ValueError, TypeError):
        raise Unauthenticated("TOKEN_SIGNATURE_WRONG") from None
    return _object(signed.payload)


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 255:
        raise Unauthenticated("TOKEN_SUBJECT_MISSING" if name == "sub" else f"TOKEN_{name.upper()}_WRONG")
    return value


def _decoded(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Unauthenticated("TOKEN_MALFORMED") from None


def _object(text: bytes | str) -> dict[str, Any]:
    """A JSON object in which no name stands twice."""
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Unauthenticated("TOKEN_MALFORMED") from None
    if not isinstance(found, dict):
        raise Unauthenticated("TOKEN_MALFORMED")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice")
    return made


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _instant(claims: dict[str, Any], name: str, absent: float | None) -> float:
    """Seconds since 1970, as a JSON number."""
    value: Any = claims.get(name, absent)
    if type(value) not in (int, float) or not abs(value) < 2**53:
        raise Unauthenticated(f"TOKEN_{name.upper()}_WRONG")
    return float(value)


# --- what a program signs to prove who it is (RFC 7523 section 3) -------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Assertion:
    """A valid assertion: of whom, named by what, good until when."""

    subject: str
    jti: str
    expires: float


def unverified_subject(assertion: str) -> str:
    """Whom an assertion says it is of, to find the key that proves it. Errors: `Unauthenticated`."""
    if len(assertion) > LONGEST_TOKEN:
        raise Unauthenticated("TOKEN_TOO_LONG")
    return _text(_object(_decoded(_parts(assertion)[1])), "sub")


def check_assertion(assertion: str, key: Key, *, audience: str, now: datetime) -> Assertion:
    """Errors: `Unauthenticated`: header, signature, parties (it is its own issuer), name, time."""
    check_header(_object(_decoded(_parts(assertion)[0])), types=ASSERTION_TYPES, named=False)
    claims = _signed_by(key, assertion)
    subject = _text(claims, "sub")
    check_parties(claims, issuer=subject, audience=audience)
    expires = _instant(claims, "exp", None)
    check_time(now, max(_instant(claims, "nbf", 0), _instant(claims, "iat", 0)), expires)
    return Assertion(subject=subject, jti=_text(claims, "jti"), expires=expires)
