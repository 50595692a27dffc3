"""How code names of houses, rooms and desks are said on a page. Doors and files keep the codes."""

from __future__ import annotations


def named(code: str, house: str = "") -> str:
    """A code name as people say it: "casa-ginepro" is "Casa ginepro". A room is named without its house."""
    own = code.removeprefix(f"{house}-") if house else code
    return own.replace("-", " ").capitalize()
