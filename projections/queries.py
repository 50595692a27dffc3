"""The statements of `queries.sql`, by name. Read once, when first asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("queries.sql")
_NAMED = re.compile(r"^-- name: (\w+)\n(.*?)(?=^-- name: |\Z)", re.MULTILINE | re.DOTALL)


@cache
def queries() -> Mapping[str, str]:
    return {name: text.strip().removesuffix(";") for name, text in _NAMED.findall(_FILE.read_text())}


def query(name: str) -> str:
    return queries()[name]
