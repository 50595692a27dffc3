"""The municipalities a network file may name, by ISTAT code (see ORIGIN.md for source and licence)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("municipalities.csv")


@dataclass(frozen=True, kw_only=True, slots=True)
class Municipality:
    """`district` is the code of the social district (Ambito) it belongs to."""

    istat_code: str
    name: str
    cadastral_code: str
    district: str


@cache
def municipalities() -> Mapping[str, Municipality]:
    """By ISTAT code."""
    with FILE.open(newline="", encoding="utf-8") as rows:
        return {row["istat_code"]: Municipality(**row) for row in csv.DictReader(rows)}
