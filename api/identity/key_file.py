"""The issuer's public keys: a JSON Web Key Set in a file, read again when the file changes.

No key is ever fetched from an address, and none that a token brings is used. A file that turns bad while the
program runs is reported once and the keys read before stay in force, so that a slip at night stops nobody.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from ledger.log_lines import Line, tell

Key = ECKey | OKPKey
_CURVES: Mapping[tuple[str, str], type[Key]] = {("OKP", "Ed25519"): OKPKey, ("EC", "P-256"): ECKey}
PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "k"})
LARGEST_FILE = 262_144

_log = logging.getLogger(__name__)


class BadKeyFile(Exception):
    """The key set cannot be used. The message says why, and never shows a key."""


class KeyFile:
    """The keys in force, by key id. Asking looks at the file's identity on disk, no more."""

    def __init__(self, path: Path) -> None:
        """Errors: `BadKeyFile`."""
        self._path = path
        self._seen = self._mark()
        self._keys = read_keys(path)

    def current(self) -> Mapping[str, Key]:
        """The same object for as long as the keys are the same."""
        mark = self._mark()
        if mark != self._seen:
            self._seen = mark
            try:
                self._keys = read_keys(self._path)
            except BadKeyFile:
                tell(_log, logging.ERROR, Line.KEY_SET_UNUSABLE)
        return self._keys

    def _mark(self) -> tuple[int, ...]:
        try:
            found = os.stat(self._path)
        except OSError:
            return ()
        return found.st_ino, found.st_size, found.st_mtime_ns


def read_keys(path: Path) -> Mapping[str, Key]:
    """The signing keys in the file: Ed25519 and P-256, public, each with a `kid` of its own; at least one.

    Keys of other kinds are passed over, as RFC 7517 section 5 wants. Errors: `BadKeyFile`.
    """
    try:
        content = path.read_bytes()[: LARGEST_FILE + 1]
        listed = json.loads(content)["keys"]
    except OSError as cause:
        raise BadKeyFile(f"The key set {path} cannot be read: {cause.strerror}.") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadKeyFile(f"The key set {path} is not a JSON object with a list `keys`.") from None
    keys: dict[str, Key] = {}
    for each in listed if isinstance(listed, list) else ():
        key = _key(each, path)
        if key is not None and keys.setdefault(each["kid"], key) is not key:
            raise BadKeyFile(f"The key set {path} has the key id {each['kid']!r} twice.")
    if not keys:
        raise BadKeyFile(f"The key set {path} has no Ed25519 or P-256 key with a `kid`.")
    return keys


def _key(described: Any, path: Path) -> Key | None:
    if not isinstance(described, dict) or PRIVATE_MEMBERS & described.keys():
        raise BadKeyFile(f"The key set {path} must hold public keys alone: publish it without private parts.")
    if described.get("use", "sig") != "sig" or not isinstance(described.get("kid"), str):
        return None
    try:
        return key_of(described)
    except (JoseError, ValueError, KeyError, TypeError):
        raise BadKeyFile(f"The key {described['kid']!r} in {path} is not a valid key.") from None


def key_of(described: dict[str, Any]) -> Key | None:
    """A public key of one of our two kinds, of these members alone; None for another kind.

    Errors: `JoseError`, `ValueError`, `KeyError`, `TypeError` for one that is not valid.
    """
    kind = _CURVES.get((str(described.get("kty")), str(described.get("crv"))))
    if kind is None:
        return None
    return kind.import_key({name: described[name] for name in ("kty", "crv", "x", "y") if name in described})
