"""The control of `tokens`: the product's server, from which one check at a time is taken away by name.

It lives here and nowhere else. `POST /without/NAME` puts back what was taken and takes NAME away; what an
attack then reaches shows that it would get through but for that very check.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import uvicorn
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import Request
from fido2.server import Fido2Server
from starlette.responses import Response

from api.http import proving
from api.http.app import create_app
from api.identity import authority, pins, programs, sessions, tokens
from api.identity.caller import Unauthenticated
from api.identity.key_file import KeyFile, key_of
from api.settings import read_settings
from api.wiring import doors_of, open_ledger
from domain.permissions import Role
from domain.vocabulary import MemberId
from ledger.register.port import Engagement
from ledger.register.postgres_access import PostgresAccess
from ledger.register.postgres_credentials import PostgresCredentials

_put_back: list[tuple[Any, str, Any]] = []


def _take(owner: Any, name: str, other: Any) -> None:
    _put_back.append((owner, name, owner.__dict__[name]))
    setattr(owner, name, other)


def _restore() -> None:
    while _put_back:
        setattr(*_put_back.pop())


# --- a verifier of its own, which checks a signature and no header ------------------------------------------


def _parts(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    head, body, signature = token.split(".")
    signed = f"{head}.{body}".encode()
    return json.loads(_decoded(head)), json.loads(_decoded(body)), signed, _decoded(signature)


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _good(described: Mapping[str, Any], signed: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(_decoded(described["x"])).verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _by_algorithm(key: Any, token: str) -> dict[str, Any]:
    """As a verifier does that believes the header: nothing for `none`, an HMAC under the public key."""
    header, claims, signed, signature = _parts(token)
    described = key.as_dict(private=False)
    accepted = {
        "none": signature == b"",
        "HS256": hmac.compare_digest(hmac.digest(_decoded(described["x"]), signed, "sha256"), signature),
    }.get(header["alg"], False) or _good(described, signed, signature)
    if not accepted:
        raise Unauthenticated("CONTROL")
    return claims


def _by_brought_key(_: Any, token: str) -> dict[str, Any]:
    """As a verifier does that takes the key from the token, or from where the token says."""
    header, claims, signed, signature = _parts(token)
    described = header.get("jwk") or json.loads(Path(os.environ["BROUGHT_KEY"]).read_text())
    if not _good(described, signed, signature):
        raise Unauthenticated("CONTROL")
    return claims


def _unverified(_: Any, token: str) -> dict[str, Any]:
    return _parts(token)[1]


def _nothing(*_: object, **__: object) -> None:
    """A check that checks nothing."""


def _last_wins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return dict(pairs)


def _without_header() -> None:
    _take(tokens, "check_header", _nothing)
    _take(tokens, "_signed_by", _by_algorithm)


def _with_brought_key() -> None:
    _take(tokens, "check_header", _nothing)
    _take(tokens, "_signed_by", _by_brought_key)


def _with_key_by_path() -> None:
    """A key's id taken for a path from the key set's own folder."""
    current = KeyFile.current

    def by_path(self: Any) -> Mapping[str, Any]:
        folder: Path = self._path.parent
        return {**current(self), **{f"../{folder.name}/{each.name}": _key(each) for each in folder.iterdir()}}

    _take(KeyFile, "current", by_path)


def _key(path: Path) -> Any:
    """Something that is never looked at where a file holds no key."""
    try:
        return key_of(json.loads(path.read_text()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _by_remembered_version() -> None:
    async def remembered(_: object) -> int:
        return 0

    _take(authority.SharedReading, "fresh", remembered)


def _by_claims() -> None:
    async def believed(self: Any, subject_key: bytes) -> Engagement:
        now = self._clock()
        return Engagement(
            engagement=uuid4(),
            actor=uuid4(),
            member=MemberId(uuid4()),
            role=Role.COORDINATOR,
            houses=frozenset(),
            program=False,
            valid_from=now,
            valid_to=None,
            entered_by=None,
            entered_at=now,
        )

    _take(authority.Authority, "of_subject", believed)


def _with_brought_cookie() -> None:
    kept = sessions.Sessions._kept

    async def fixed(self: Any, session: Any, instead_of: str | None, ends: bytes | None = None) -> str:
        if instead_of is None:
            return await kept(self, session, instead_of, ends)
        await self._access.begin(replace(session, id=sessions.digest(instead_of)), instead_of=None)
        return instead_of

    _take(sessions.Sessions, "_kept", fixed)


def _by_remembered_device() -> None:
    found = PostgresAccess.session
    remembered: dict[bytes, Any] = {}

    async def once(self: Any, key: bytes) -> Any:
        remembered[key] = remembered.get(key) or await found(self, key)
        return remembered[key]

    _take(PostgresAccess, "session", once)


def _without_lock() -> None:
    async def caller(self: Any, cookie: str, device: str | None, *, present: bool) -> Any:
        return (await self.find(cookie, device, present=present)).caller

    _take(sessions.Sessions, "caller", caller)


def _without_memory_of_assertions() -> None:
    async def first(*_: object) -> bool:
        return True

    _take(PostgresAccess, "use_assertion", first)


def _without_what_is_used() -> None:
    async def good(*_: object) -> bool:
        return True

    _take(PostgresCredentials, "use_invitation", good)


def _without_counter() -> None:
    async def good(*_: object) -> bool:
        return True

    _take(PostgresCredentials, "count_use", good)


WITHOUT: Mapping[str, Callable[[], None]] = {
    "nothing": lambda: None,
    "header": _without_header,
    "own_keys": _with_brought_key,
    "signature": lambda: _take(tokens, "_signed_by", _unverified),
    "key_names": _with_key_by_path,
    "parties": lambda: _take(tokens, "check_parties", _nothing),
    "time": lambda: _take(tokens, "check_time", _nothing),
    "once": lambda: _take(tokens, "_once", _last_wins),
    "version": _by_remembered_version,
    "period": lambda: _take(Engagement, "holds_at", lambda *_: True),
    "register": _by_claims,
    "new_cookie": _with_brought_cookie,
    "own_page": lambda: _take(proving, "require_own_page", _nothing),
    "own_origin": lambda: _take(proving, "require_own_origin", _nothing),
    "device": _by_remembered_device,
    "device_cookie": lambda: _take(sessions, "_is_secret_of", lambda *_: True),
    "lock": _without_lock,
    "tries": lambda: _take(pins, "MOST_WRONG", 10**6),
    "assertion_once": _without_memory_of_assertions,
    "passkey_answer": lambda: _take(Fido2Server, "authenticate_complete", _nothing),
    "passkey_counter": _without_counter,
    "invitation_once": _without_what_is_used,
    "assertion_parties": lambda: _take(tokens, "check_parties", _nothing),
    "assertion_length": lambda: _take(programs.Programs, "_require_short", _nothing),
}


async def without(request: Request) -> Response:
    _restore()
    WITHOUT[request.path_params["name"]]()
    return Response(status_code=204)


async def main() -> None:
    # What was once found good would be accepted again whatever is taken away or put back.
    setattr(tokens.Tokens, "_remember", _nothing)  # noqa: B010
    async with open_ledger(read_settings()) as ledger:
        app = create_app(doors_of(ledger))
        app.add_api_route("/without/{name}", without, methods=["POST"], response_model=None)
        settings = ledger.opened.settings
        with socket.create_server((settings.host, settings.port)) as listener:
            print("lenient server on http://{}:{}".format(*listener.getsockname()[:2]), flush=True)
            config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False)
            await uvicorn.Server(config).serve(sockets=[listener])


if __name__ == "__main__":
    asyncio.run(main())
