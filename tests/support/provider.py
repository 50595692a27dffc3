"""A provider of OpenID Connect on this machine: discovery, keys, and a token endpoint that holds to PKCE.

Whoever it signs in is told to it; what it then says can be made wrong from outside, one thing at a time.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwk, jws

Key = jwk.RSAKey | jwk.ECKey | jwk.OKPKey
ANY = jws.JWSRegistry(algorithms=["RS256", "PS256", "ES256", "Ed25519"], strict_check_header=False)
CLIENT, SECRET = "approdo", "un segreto: di prova%"


@dataclass(kw_only=True)
class Provider:
    """`claims` and `header` are put over what it would say; None leaves one out. `discovery` likewise."""

    issuer: str
    key: Key = field(default_factory=lambda: jwk.RSAKey.generate_key(2048, {"kid": "rsa"}))
    algorithm: str = "RS256"
    keys: list[Key] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    answer: bytes | None = None
    """In place of every answer of the token endpoint."""
    signature: Callable[[bytes], bytes] | None = None
    """In place of one by `key`."""
    says_auth_time: bool = True
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    def signed_in(self, address: str, subject: str) -> tuple[str, str]:
        """Somebody signs in there with the address to which they were sent: the code and state of the way
        back."""
        told = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert told["response_type"] == "code" and told["code_challenge_method"] == "S256"
        assert told["client_id"] == CLIENT and told["scope"] == "openid"
        code = secrets.token_urlsafe(16)
        self.codes[code] = {**told, "sub": subject}
        return code, told["state"]

    def described(self) -> dict[str, Any]:
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return _over(told, self.discovery)

    def key_set(self) -> dict[str, Any]:
        return {"keys": [each.as_dict(private=False) for each in self.keys or [self.key]]}

    def token(self, form: Mapping[str, str], authorization: str) -> dict[str, Any] | None:
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proved = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
        known = authorization or form.get("client_id") == CLIENT
        if asked is None or proved != asked["code_challenge"] or not known:
            return None
        if form["redirect_uri"] != asked["redirect_uri"] or form["grant_type"] != "authorization_code":
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": asked["sub"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **({"auth_time": now} if self.says_auth_time else {}),
        }
        signed = self.signed(_over(claims, self.claims))
        self.tokens.append(signed)
        return {"access_token": "not used", "token_type": "Bearer", "id_token": signed}

    def signed(self, claims: Mapping[str, Any]) -> str:
        header = _over({"alg": self.algorithm, "kid": self.key.kid, "typ": "JWT"}, self.header)
        if self.signature is not None:
            content = f"{_text(header)}.{_text(claims)}"
            return f"{content}.{_plain(self.signature(content.encode()))}"
        return jws.serialize_compact(header, json.dumps(claims), self.key, registry=ANY)


@contextmanager
def provider(**other: Any) -> Iterator[Provider]:
    """It runs until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    made = Provider(issuer=f"http://127.0.0.1:{server.server_port}", **other)
    server.provider = made  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    @property
    def provider(self) -> Provider:
        found: Provider = self.server.provider  # type: ignore[attr-defined]
        return found

    def do_GET(self) -> None:
        self.provider.asked.append(self.path)
        if self.path == "/.well-known/openid-configuration":
            self._say(self.provider.status, json.dumps(self.provider.described()).encode())
        elif self.path == "/keys":
            self._say(self.provider.status, json.dumps(self.provider.key_set()).encode())
        else:
            self._say(404, b"{}")

    def do_POST(self) -> None:
        self.provider.asked.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        said = self.provider.token(form, self.headers.get("Authorization", ""))
        if self.provider.answer is not None:
            self._say(self.provider.status, self.provider.answer)
        elif self.provider.status != 200:
            self._say(self.provider.status, b'{"error": "Mariarossi"}')
        elif said is None:
            self._say(400, b'{"error": "invalid_grant"}')
        else:
            self._say(200, json.dumps(said).encode())

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """Nothing is said of it."""


def _over(told: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**told, **changes}.items() if value is not None}


def _text(content: Mapping[str, Any]) -> str:
    return _plain(json.dumps(content).encode())


def _plain(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
