"""The token endpoint for programs (RFC 6749 section 4.4, RFC 7523): a signed assertion in, a token out."""

from __future__ import annotations

from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.edge import visit_of
from api.http.models.identity import ProgramToken
from api.http.problems import Problem
from api.http.reading import read_raw
from api.http.signing_in import refused
from api.http.trouble_texts import Trouble
from api.identity.caller import Unauthenticated
from api.identity.programs import claimed_program

router = APIRouter()
_GRANT = "client_credentials"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_FIELDS = frozenset({"grant_type", "client_assertion_type", "client_assertion", "client_id", "scope"})


# Not in the document: its form is OAuth's own, not that of our doors.
@router.post("/identity/token", include_in_schema=False, response_model=None)
async def token(request: Request) -> Response:
    doors = visit_of(request).doors
    sent = await _form(request)
    assertion = sent.get("client_assertion", "")
    if (sent.get("grant_type"), sent.get("client_assertion_type")) != (_GRANT, _ASSERTION):
        raise Problem(Trouble.REQUEST_INVALID)
    try:
        claimed = claimed_program(assertion)
        access_token, seconds = await doors.identity.programs.token(assertion)
        if sent.get("client_id", str(claimed)) != str(claimed):
            raise Unauthenticated("CLIENT_ID_WRONG")
    except Unauthenticated as why:
        raise refused(why, request) from None
    answer = ProgramToken(access_token=access_token, token_type="Bearer", expires_in=seconds)  # noqa: S106
    return as_json(answer)


async def _form(request: Request) -> dict[str, str]:
    """Errors: problems 413, 408, 415, and 422 for what is no such form."""
    raw = await read_raw(request)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != (
        "application/x-www-form-urlencoded"
    ):
        raise Problem(Trouble.MEDIA_TYPE_UNSUPPORTED)
    try:
        pairs = parse_qsl(raw.decode("ascii"), strict_parsing=True, max_num_fields=len(_FIELDS))
    except ValueError:
        raise Problem(Trouble.REQUEST_INVALID) from None
    found = dict(pairs)
    if len(found) != len(pairs) or not found.keys() <= _FIELDS:
        raise Problem(Trouble.REQUEST_INVALID)
    return found
