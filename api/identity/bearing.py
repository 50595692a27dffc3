"""From a bearer token to a caller: the provider's tokens for people, our own short ones for programs.

A network without an issuer of tokens has only the latter.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from api.identity.authority import Authority, caller_of
from api.identity.caller import Authenticate, Caller, Unauthenticated
from api.identity.subjects import Subjects
from api.identity.tokens import Bearer, Tokens


def authenticator(
    tokens: Tokens | None, subjects: Subjects, authority: Authority, programs: Tokens | None = None
) -> Authenticate:
    """The check that every door makes of a token. `programs` checks those that we have issued ourselves."""

    async def authenticate(token: str) -> Caller:
        if programs is not None and programs.has_key_of(token):
            return await _program(programs.check(token), authority)
        if tokens is None:
            raise Unauthenticated("TOKEN_ISSUER_NONE")
        return await _person(tokens.check(token), subjects, authority)

    return authenticate


async def _person(bearer: Bearer, subjects: Subjects, authority: Authority) -> Caller:
    engagement = await authority.of_subject(subjects.key_of(bearer.issuer, bearer.subject))
    if engagement.program:
        raise Unauthenticated("PROGRAM_BY_ANOTHER_WAY")
    proved = bearer.authenticated_at
    return caller_of(
        engagement, stepped_up_at=datetime.fromtimestamp(proved, UTC) if proved is not None else None
    )


async def _program(bearer: Bearer, authority: Authority) -> Caller:
    engagement = await authority.of_actor(UUID(bearer.subject))
    if not engagement.program:
        raise Unauthenticated("PERSON_BY_ANOTHER_WAY")
    return caller_of(engagement)
