"""The readable part of a dossier as pages: PDF/A-2a, made in memory by the extra `pdf` (typst).

What is shown enters as data and never as markup. Fonts are those that typst carries, so the same dossier
gives the same pages everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from ledger.faults import LedgerFault

TEMPLATE = Path(__file__).with_name("pages.typ")


_NEEDS = "they need typst, the extra pdf of this program: python -m pip install typst==0.15.2"


class PagesNotMade(LedgerFault):
    """All but the pages (PDF) is written and can be checked; for the pages too, order another copy."""


def pdf_of(readable: Mapping[str, Any], at: datetime) -> bytes:
    """Errors: `PagesNotMade`."""
    try:
        import typst
    except ImportError:
        raise PagesNotMade(_NEEDS) from None
    compiler = typst.Compiler(
        TEMPLATE.read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"dossier": orjson.dumps(readable).decode()},
    )
    try:
        made = compiler.compile(format="pdf", pdf_standards="a-2a", timestamp=at.replace(microsecond=0))
    except typst.TypstError as wrong:
        raise PagesNotMade(f"typst says: {wrong.message}") from None
    assert isinstance(made, bytes)
    return made
