"""Bearer tokens: signed JWTs of one issuer (RFC 9068 access tokens), checked against a file of public keys.

Not a login and not a session. It answers who the token speaks for and in which role; `actors` turns that into
the random id that goes on events. Whatever is wrong with a token, the caller hears the same; the code is for
the log.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

from api.identity.caller import Unauthenticated
from api.identity.key_file import KeyFile
from domain.permissions import Principal, Role
from domain.vocabulary import ShelterId

ALGORITHMS = ("EdDSA", "Ed25519", "ES256")
LEEWAY = timedelta(seconds=30)
LONGEST_TOKEN = 8192
MOST_HOUSES = 100
MOST_REMEMBERED = 4096
_ROLES = frozenset(Role) - {Role.ENGINE}
_HEADER = frozenset({"alg", "kid", "typ"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Bearer:
    """Whom a valid token speaks for, and until when it does."""

    issuer: str
    subject: str
    principal: Principal
    not_before: float
    expires: float


class Tokens:
    """Checks tokens of one issuer for one audience. `clock` is real time, also in an exercise."""

    def __init__(self, keys: KeyFile, *, issuer: str, audience: str, clock: Callable[[], datetime]) -> None:
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
        parts = token.split(".")
        if len(parts) != 3 or not token.isascii():
            raise Unauthenticated("TOKEN_MALFORMED")
        header = _object(_decoded(parts[0]))
        _check_header(header)
        key = self._keys.current().get(header["kid"])
        if key is None:
            raise Unauthenticated("TOKEN_KEY_UNKNOWN")
        try:
            signed = jws.deserialize_compact(token, key, registry=_REGISTRY)
        except (JoseError, ValueError, TypeError):
            raise Unauthenticated("TOKEN_SIGNATURE_WRONG") from None
        return _object(signed.payload)

    def _bearer(self, claims: dict[str, Any]) -> Bearer:
        audience = claims.get("aud")
        subject = claims.get("sub")
        if claims.get("iss") != self._issuer:
            raise Unauthenticated("TOKEN_ISSUER_WRONG")
        if self._audience not in (audience if isinstance(audience, list) else [audience]):
            raise Unauthenticated("TOKEN_AUDIENCE_WRONG")
        if not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise Unauthenticated("TOKEN_SUBJECT_MISSING")
        return Bearer(
            issuer=self._issuer,
            subject=subject,
            principal=_principal(claims),
            not_before=max(_instant(claims, "nbf", 0), _instant(claims, "iat", 0)),
            expires=_instant(claims, "exp", None),
        )

    def _check_time(self, bearer: Bearer) -> None:
        now = self._clock()
        if (now - LEEWAY).timestamp() >= bearer.expires:
            raise Unauthenticated("TOKEN_EXPIRED")
        if (now + LEEWAY).timestamp() < bearer.not_before:
            raise Unauthenticated("TOKEN_NOT_YET_VALID")


class _Registry(JWSRegistry):
    """Only our algorithms. The library warns of EdDSA because the name covers two curves (RFC 9864); a key
    file holds keys of one.
    """

    def get_alg(self, name: str) -> Any:
        if name not in ALGORITHMS:
            raise Unauthenticated("TOKEN_ALGORITHM_REFUSED")
        return self.algorithms[name]


_REGISTRY = _Registry()


def _check_header(header: dict[str, Any]) -> None:
    if header.get("alg") not in ALGORITHMS:
        raise Unauthenticated("TOKEN_ALGORITHM_REFUSED")
    if str(header.get("typ")).lower() not in ("at+jwt", "application/at+jwt"):
        raise Unauthenticated("TOKEN_TYPE_WRONG")
    if "crit" in header:
        raise Unauthenticated("TOKEN_CRITICAL_UNKNOWN")
    if not isinstance(header.get("kid"), str):
        raise Unauthenticated("TOKEN_KEY_MISSING")
    if not header.keys() <= _HEADER:
        # jku, jwk, x5u and the like would let a token bring its own key.
        raise Unauthenticated("TOKEN_HEADER_UNKNOWN")


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


def _principal(claims: dict[str, Any]) -> Principal:
    role, houses = claims.get("approdo_role"), claims.get("approdo_houses", [])
    if not isinstance(role, str) or role not in _ROLES:
        raise Unauthenticated("TOKEN_ROLE_UNKNOWN")
    if not isinstance(houses, list) or len(houses) > MOST_HOUSES:
        raise Unauthenticated("TOKEN_HOUSES_WRONG")
    return Principal(role=Role(role), houses=frozenset(map(_house, houses)))


def _house(text: object) -> ShelterId:
    try:
        return ShelterId(UUID(text if isinstance(text, str) else ""))
    except ValueError:
        raise Unauthenticated("TOKEN_HOUSES_WRONG") from None
