"""An issuer of bearer tokens for one run: its key is made when the run starts and never leaves it.

Not an identity provider: whoever has the object may be anybody. The product is given the public key set
alone, as it would be given a real issuer's.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import OKPKey

ISSUER = "https://issuer.exercise.invalid"
AUDIENCE = "approdo"
ALGORITHM = "Ed25519"
TOKEN_SECONDS = 12 * 3600


class Issuer:
    """Signs who somebody is; what they may do is not the issuer's to say."""

    def __init__(self) -> None:
        self._key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)

    def write_key_set(self, path: Path) -> Path:
        """The public half, as a JSON Web Key Set."""
        path.write_text(json.dumps({"keys": [self._key.as_dict(private=False)]}))
        return path

    def token(self, subject: str, **claims: object) -> str:
        """A token for `subject`, an opaque name; `claims` are added or take the place of others."""
        now = int(time.time())
        said = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": subject,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "auth_time": now,
            **claims,
        }
        header = {"typ": "at+jwt", "alg": ALGORITHM, "kid": self._key.kid}
        return jwt.encode(header, said, self._key, algorithms=[ALGORITHM])
