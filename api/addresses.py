"""Addresses of databases, taken apart. Called by the wiring."""

from __future__ import annotations

from urllib.parse import urlsplit


def as_role(dsn: str, role: str) -> str:
    """The same address as another role, without a password."""
    address = urlsplit(dsn)
    return address._replace(netloc=f"{role}@{address.netloc.rpartition('@')[2]}").geturl()
