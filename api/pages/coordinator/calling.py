"""The number of a desk, to ring it: a button on a page, the opening recorded by the door, then the number
with a call button. Nothing keeps the number: the page is not stored, and the next one does not have it.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from api.pages.asking import asking
from api.pages.drawing import draw
from api.pages.forms import form_of

PURPOSES = {"HOUSE": "CALL_HOUSE"}
"""By the kind of desk; every other is CALL_SERVICE."""


async def called(request: Request, back: str) -> Response:
    """The number of the desk in the address (`tipo`: its kind), or why it is not given."""
    form = await form_of(request)
    desk_id = request.path_params["desk_id"]
    purpose = PURPOSES.get(form.one("tipo"), "CALL_SERVICE")
    told = await asking(request).post(f"/desks/{desk_id}/openings", {"purpose": purpose}, form)
    return await draw(
        request,
        "coordinator/number.html",
        status=told.status,
        back=back,
        code=form.one("codice"),
        numbers=[each["value"] for each in told.content["values"]] if told.ok else [],
        detail=None if told.ok else told.plain,
    )
