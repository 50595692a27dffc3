"""Addresses that settings may name: over TLS, or on this machine to try it. Not a client of any."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_HERE = ("127.0.0.1", "localhost", "::1")
_ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?")


def is_secure(address: str) -> bool:
    """Whether an address is reached over TLS, or on this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)


def is_web_address(address: str) -> bool:
    """Whether it is reached over HTTP at all: for those whose answers are signed themselves."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"https", "http"} and bool(parts.hostname)


def is_origin(address: str) -> bool:
    """The same, as a browser names the origin of a page: no more than scheme, host and port, in small
    letters, and no port that goes without saying.
    """
    if _ORIGIN.fullmatch(address) is None or not is_secure(address):
        return False
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        return False
    return port != (443 if parts.scheme == "https" else 80)
