"""A table to take away, as the Italian Excel opens it: `;` between cells, a BOM, CRLF, a decimal comma.

What a cell says is never a formula: whatever begins like one is given an apostrophe first. Called by the
pages of the auditor and of the lead body.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response

Cell = str | int | float | None
_BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a formula may begin, also in full width."""


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([cell(each) for each in header])
    writer.writerows([cell(each) for each in row] for row in rows)
    return (_BOM + out.getvalue()).encode()


def cell(value: Cell) -> str:
    """A number with its comma; words that are no formula; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value).replace(".", ",")
    return f"'{value}" if value.lstrip(" ").startswith(_FORMULA) else value


def csv_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """To be kept under `name`, which says nothing of anybody."""
    return kept(name, csv_bytes(header, rows), "text/csv; charset=utf-8")


def kept(name: str, content: bytes, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
