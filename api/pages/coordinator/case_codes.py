"""A code from a paper form, as somebody typed it: the case that waits for what was written there.

Called by the pages that enter a request or an admission; `paper` prints the forms.
"""

from __future__ import annotations

from starlette.requests import Request

from api.pages.asking import NotTold, asking
from projections.case_codes import as_printed

CODE = "caso"
"""Under this name a page is told the code in its address."""
LONGEST = 40


async def case_of(request: Request, typed: str) -> str | None:
    """The case's id; None for a code that is mistyped, was used, or was never issued. Errors: `NotTold`."""
    if not typed or len(typed) > LONGEST:
        return None
    told = await asking(request).get("/case-codes", {"code": typed})
    if not told.ok:
        raise NotTold(told)
    return next((str(each["case_id"]) for each in told.content["items"]), None)


def typed_code(request: Request) -> str:
    """The code in the address, shown in a field to be read again by whoever has the paper before her. What is
    no code is not repeated.
    """
    return as_printed(request.query_params.get(CODE, "")[:LONGEST]) or ""
