"""Our own sign-in, for a network without a provider: invitations, passkeys, recovery codes.

A browser's answer counts only together with the cookie of what it was asked. Showing a passkey while signed
in is also how one unlocks and proves anew who one is: it begins another session in place of the one that was.
"""

from __future__ import annotations

import base64
import binascii
import json
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http import cookies
from api.http.answering import as_json
from api.http.commanding import idempotency_key, invalid
from api.http.documenting import documented
from api.http.doors import Doors
from api.http.edge import visit_of
from api.http.entering import Entered, enter
from api.http.models.identity import EndedAnswer, NoBody, SessionAnswer
from api.http.models.signing_in import (
    AskedAnswer,
    CredentialBody,
    InvitationAnswer,
    InvitationOrNothing,
    PasskeyLine,
    PasskeyList,
    PasskeyRemovalBody,
    RecoveryBody,
    RecoveryCodes,
)
from api.http.operators import must_keep
from api.http.problems import Problem
from api.http.proving import found_session, require_own_origin
from api.http.reading import read_body
from api.http.sessions import device_of, signed_in
from api.http.signing_in import failing, few_failures, refused
from api.http.trouble_texts import Trouble
from api.identity.caller import Unauthenticated
from api.identity.enrolling import CodeWrong
from api.identity.passkeys import Asked, Passkeys
from api.identity.sessions import MAKES_PASSKEYS, Found, How
from domain.permissions import Action

router = APIRouter()
_TAG = "passkeys"
_CREDENTIAL = {"credential": {"id": "c2VnbmFwb3N0bw", "type": "public-key"}}
_CODE = "MFRGGZDFMZTWQ2LKNNWG23TP"


@router.post(
    "/operators/{actor_id}/invitation",
    **documented(
        "invite_operator",
        "A code with which this person makes their first passkey, once, within a day.",
        InvitationAnswer,
        tag=_TAG,
        status=201,
        body=NoBody,
        example={},
        required=False,
    ),
)
async def invite(request: Request, actor_id: UUID) -> Response:
    entered = await enter(request, Action.KEEP_REGISTER)
    await read_body(request, NoBody)
    idempotency_key(request)
    if actor_id == entered.caller.actor:
        raise Problem(Trouble.NOT_ONESELF)
    known = await entered.doors.identity.register.of_actor(actor_id)
    if known is None or known.program:
        raise Problem(Trouble.NOT_FOUND)
    must_keep(entered, None, known)
    if await _signs_in(entered.doors, actor_id) or await _ended_by(entered, actor_id):
        raise Problem(Trouble.SIGNS_IN_ALREADY)
    code, until = await _passkeys(entered.doors).invite(actor_id, by=entered.caller.actor)
    return as_json(InvitationAnswer(code=code, expires_at=until), status=201)


@router.post(
    "/identity/passkeys/options",
    **documented(
        "ask_for_passkey",
        "What the browser is asked in order to make a passkey.",
        AskedAnswer,
        tag=_TAG,
        description="With an invitation, or signed in other than by a PIN.",
        body=InvitationOrNothing,
        example={"invitation": _CODE},
        required=False,
    ),
)
async def ask_to_make(request: Request) -> Response:
    doors = visit_of(request).doors
    body = await read_body(request, InvitationOrNothing)
    idempotency_key(request)
    passkeys = _passkeys(doors)
    if body.invitation is None:
        found = await _in_full(request, doors)
        return _asked(request, doors, await passkeys.ask_to_make(found.session.actor))
    require_own_origin(request, doors)
    few_failures(request)
    try:
        actor = await passkeys.invited(body.invitation)
    except CodeWrong:
        failing(request)
        raise refused() from None
    return _asked(request, doors, await passkeys.ask_to_make(actor, body.invitation))


@router.post(
    "/identity/passkeys",
    **documented(
        "make_passkey",
        "The passkey that the browser has made; whoever made it is signed in.",
        SessionAnswer,
        tag=_TAG,
        status=201,
        body=CredentialBody,
        example=_CREDENTIAL,
    ),
)
async def make(request: Request) -> Response:
    doors = visit_of(request).doors
    body = await read_body(request, CredentialBody)
    idempotency_key(request)
    require_own_origin(request, doors)
    try:
        actor = await _passkeys(doors).make(body.credential, _under_way(request, doors))
    except Unauthenticated as why:
        raise refused(why, request) from None
    return await _begun(request, doors, actor, How.PASSKEY, proved=True)


@router.post(
    "/identity/session/passkey/options",
    **documented(
        "ask_to_show_passkey",
        "What the browser is asked in order to sign in with a passkey.",
        AskedAnswer,
        tag=_TAG,
        body=NoBody,
        example={},
        required=False,
    ),
)
async def ask_to_show(request: Request) -> Response:
    doors = visit_of(request).doors
    await read_body(request, NoBody)
    idempotency_key(request)
    require_own_origin(request, doors)
    return _asked(request, doors, _passkeys(doors).ask_to_show())


@router.post(
    "/identity/session/passkey",
    **documented(
        "sign_in_by_passkey",
        "Signed in by a passkey, in full; also how one unlocks and proves anew who one is.",
        SessionAnswer,
        tag=_TAG,
        status=201,
        body=CredentialBody,
        example=_CREDENTIAL,
    ),
)
async def show(request: Request) -> Response:
    doors = visit_of(request).doors
    body = await read_body(request, CredentialBody)
    idempotency_key(request)
    require_own_origin(request, doors)
    try:
        actor = await _passkeys(doors).shown(body.credential, _under_way(request, doors))
    except Unauthenticated as why:
        raise refused(why, request) from None
    return await _begun(request, doors, actor, How.PASSKEY, proved=True)


@router.post(
    "/identity/session/recovery",
    **documented(
        "sign_in_by_recovery_code",
        "Signed in by a code kept on paper, to make another passkey. It counts once.",
        SessionAnswer,
        tag=_TAG,
        status=201,
        body=RecoveryBody,
        example={"code": _CODE},
    ),
)
async def recover(request: Request) -> Response:
    doors = visit_of(request).doors
    body = await read_body(request, RecoveryBody)
    idempotency_key(request)
    require_own_origin(request, doors)
    few_failures(request)
    try:
        actor = await _passkeys(doors).recovered(body.code)
    except Unauthenticated as why:
        failing(request)
        raise refused(why, request) from None
    return await _begun(request, doors, actor, How.RECOVERY, proved=False)


@router.get(
    "/identity/passkeys",
    **documented("list_passkeys", "One's own passkeys.", PasskeyList, tag=_TAG),
)
async def known(request: Request) -> Response:
    doors = visit_of(request).doors
    found = await _in_full(request, doors)
    lines = [
        PasskeyLine(passkey=_written(each.credential_id), added_at=each.added_at)
        for each in await _passkeys(doors).known(found.session.actor)
    ]
    return as_json(PasskeyList(passkeys=tuple(lines)))


@router.post(
    "/identity/passkeys/removal",
    **documented(
        "remove_passkey",
        "A passkey that is lost or no longer wanted: from the next sign-in on it is unknown.",
        EndedAnswer,
        tag=_TAG,
        body=PasskeyRemovalBody,
        example={"passkey": "c2VnbmFwb3N0bw"},
    ),
)
async def remove(request: Request) -> Response:
    doors = visit_of(request).doors
    body = await read_body(request, PasskeyRemovalBody)
    idempotency_key(request)
    found = await _in_full(request, doors)
    ended = await _passkeys(doors).remove(found.session.actor, _read(body.passkey))
    return as_json(EndedAnswer(ended=ended))


@router.post(
    "/identity/recovery-codes",
    **documented(
        "make_recovery_codes",
        "Codes to keep on paper, for the day the authenticator is lost.",
        RecoveryCodes,
        tag=_TAG,
        status=201,
        body=NoBody,
        example={},
        required=False,
    ),
)
async def make_codes(request: Request) -> Response:
    doors = visit_of(request).doors
    await read_body(request, NoBody)
    idempotency_key(request)
    found = await _in_full(request, doors)
    codes = await _passkeys(doors).new_recovery_codes(found.session.actor)
    return as_json(RecoveryCodes(codes=codes), status=201)


async def _signs_in(doors: Doors, actor: UUID) -> bool:
    """Whether they have a way in of their own: with a code, somebody else would be them too."""
    chosen = await doors.identity.access.pin(actor)
    return chosen is not None or bool(await _passkeys(doors).known(actor))


async def _ended_by(entered: Entered, actor: UUID) -> bool:
    """Whether the caller took from them what they had: then another invites them."""
    found = await entered.doors.identity.register.engagements()
    return any(each.actor == actor and each.ended_by == entered.caller.actor for each in found)


def _passkeys(doors: Doors) -> Passkeys:
    """Errors: problem 404 where this network signs in at a provider alone."""
    passkeys = doors.identity.passkeys
    if passkeys is None:
        raise Problem(Trouble.NOT_FOUND)
    return passkeys


async def _in_full(request: Request, doors: Doors) -> Found:
    """The session of somebody who did not come by a PIN. Errors: problems 401, 403."""
    try:
        found, _ = await found_session(request, doors)
    except Unauthenticated as why:
        raise refused(why, request) from None
    if found.locked:
        raise Problem(Trouble.SESSION_LOCKED)
    if found.session.how not in MAKES_PASSKEYS:
        raise Problem(Trouble.FULL_SIGN_IN_NEEDED)
    return found


async def _begun(request: Request, doors: Doors, actor: UUID, how: How, *, proved: bool) -> Response:
    """Another session in place of any that was, and no asking under way any more."""
    try:
        cookie = await doors.identity.sessions.begin_session(
            actor,
            how,
            await device_of(request, doors),
            proved_at=doors.identity.sessions.now() if proved else None,
            instead_of=cookies.cookie(request, doors.log_kind, cookies.SESSION),
        )
    except Unauthenticated as why:
        raise refused(why, request) from None
    answer = await signed_in(request, doors, cookie, status=201)
    cookies.take_back(answer, request, doors.log_kind, cookies.UNDER_WAY)
    return answer


def _asked(request: Request, doors: Doors, asked: Asked) -> Response:
    """The library's values are written with its own names, so they pass through its own JSON first."""
    answer = as_json(AskedAnswer(options=json.loads(json.dumps(dict(asked.options), default=dict))))
    cookies.give_under_way(answer, request, doors.log_kind, asked.cookie)
    return answer


def _under_way(request: Request, doors: Doors) -> str | None:
    return cookies.cookie(request, doors.log_kind, cookies.UNDER_WAY)


def _written(credential_id: bytes) -> str:
    return base64.urlsafe_b64encode(credential_id).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    """Errors: a problem 422."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise invalid(
            "/passkey", "MALFORMED", "Questo non è l'id di una passkey.", "This is no passkey's id."
        ) from None
