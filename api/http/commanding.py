"""A changing request as a command: its id, its digest, who asks; then run, and its outcome as a value or a
problem.

The id derives from network, actor, route and `Idempotency-Key`, and the digest from the parsed body under a
server secret, so that a retry is known without keeping the key or what was sent.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request

from api.http.entering import Entered
from api.http.models.fields import Body
from api.http.pointing import problem_of
from api.http.problems import FieldFault, Problem
from api.http.receipts import seal_wanted
from api.http.trouble_texts import Trouble
from api.placing import Decide, DecideOnPlaces
from domain.refusals import Refusal
from domain.vocabulary import NetworkId
from domain.world import Context, Decided, World
from ledger.store.ids import uuid_8
from ledger.store.loaded import Loaded
from ledger.store.metadata import Metadata
from ledger.store.port import KeyReused
from ledger.store.transact import Command, Done, Result

_KEY = re.compile(r"[!-~]{8,200}")
_ETAG = re.compile(r'"([0-9]{1,18})"')


class VersionMoved(Exception):
    """The stream is no longer at the version that the caller had read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One changing request, ready to be run."""

    entered: Entered
    command: Command
    body: Body

    async def run(self, decide: Decide) -> Done:
        """Decide and record. Errors: problems for a refusal or a reused key; the ledger's."""
        return self.done(await self.entered.doors.engine.run(self.command, decide))

    async def run_at(self, stream: UUID, versions: frozenset[int], decide: Decide) -> Done:
        """The same, only while `stream` is at one of these versions. Errors: also problem 412."""

        def at_version(world: World, context: Context) -> Decided:
            decided = decide(world, context)
            assert isinstance(world, Loaded), "the engine gives what it has read"
            if world.version(stream) not in versions and not isinstance(decided, Refusal):
                raise VersionMoved
            return decided

        try:
            return await self.run(at_version)
        except VersionMoved:
            return await self._earlier_or(Problem(Trouble.ETAG_STALE))

    def new_id(self) -> UUID:
        """A fresh id, drawn before deciding: a decision that reads a new stream must name the same one when
        it runs again.
        """
        return self.entered.doors.engine.transactor.sources.new_id()

    async def place(self, decide: DecideOnPlaces) -> Done:
        """Decide on every place at one position."""
        return self.done(await self.entered.doors.engine.place(self.command, decide))

    def done(self, result: Result) -> Done:
        """What a command that was run elsewhere did. Errors: problems for a refusal or a reused key."""
        if isinstance(result, Done):
            return result
        raise self.problem(result)

    def problem(self, why: Refusal | KeyReused) -> Problem:
        """Why a command did nothing."""
        if isinstance(why, Refusal):
            return problem_of(why, self.body)
        return Problem(Trouble.IDEMPOTENCY_KEY_REUSED)

    async def _earlier_or(self, problem: Problem) -> Done:
        """What this very command did before: a retry is not stale because it succeeded the first time."""
        transactor = self.entered.doors.engine.transactor
        known = await transactor.store.receipt(self.command.command_id)
        if known is None:
            raise problem
        digest, receipt = known
        if digest != self.command.digest:
            raise Problem(Trouble.IDEMPOTENCY_KEY_REUSED)
        return await transactor.done(receipt)


def ask(entered: Entered, body: Body, *path_ids: UUID) -> Asked:
    """Errors: problem 400 without a well-formed `Idempotency-Key`."""
    request, doors, caller = entered.request, entered.doors, entered.caller
    route = _route(request)
    known_as = command_id(doors.network_id, caller.actor, route, idempotency_key(request))
    if "prefer" in request.headers:
        entered.visit.seal_wanted = seal_wanted(request.headers, known_as, entered.role)
    metadata = Metadata(
        network=doors.network_id,
        command_id=known_as,
        correlation_id=entered.visit.correlation_id,
        causation_id=None,
        actor=caller.actor,
        on_behalf_of=caller.on_behalf_of,
        role=caller.principal.role,
        device=caller.device,
        app_version=doors.app_version,
    )
    command = Command(digest=_digest(doors.digest_secret, route, path_ids, body), metadata=metadata)
    return Asked(entered, command, body)


def idempotency_key(request: Request) -> str:
    keys = request.headers.getlist("idempotency-key")
    if not keys:
        raise Problem(Trouble.IDEMPOTENCY_KEY_MISSING)
    if len(keys) > 1 or _KEY.fullmatch(keys[0]) is None:
        raise Problem(Trouble.IDEMPOTENCY_KEY_MALFORMED)
    return keys[0]


def command_id(network_id: NetworkId, actor: UUID, route: str, key: str) -> UUID:
    """UUID version 8 (RFC 9562) of SHA-256 over network, actor, route and key, each ending where the next
    begins.
    """
    named = b"".join((network_id.bytes, actor.bytes, route.encode(), b"\0", key.encode()))
    return uuid_8(hashlib.sha256(named).digest())


def expected_versions(request: Request) -> frozenset[int]:
    """The versions that `If-Match` names. `*` names none: it would overwrite unseen.

    Errors: problem 428 without the header, 412 where it names no version at all.
    """
    values = request.headers.getlist("if-match")
    if not values or "*" in values:
        raise Problem(Trouble.ETAG_MISSING)
    tags = [_ETAG.fullmatch(tag.strip()) for value in values for tag in value[:1000].split(",")]
    return frozenset(int(tag.group(1)) for tag in tags if tag is not None)


def etag(version: int) -> str:
    return f'"{version}"'


def _route(request: Request) -> str:
    return f"{request.method} {request.scope['route'].path}"


def _digest(secret: bytes, route: str, path_ids: tuple[UUID, ...], body: Body) -> bytes:
    ids = b"".join(path_id.bytes for path_id in path_ids)
    parsed = body.kept().model_dump_json().encode()
    return hmac.digest(secret, b"".join((route.encode(), b"\0", ids, parsed)), "sha256")


def invalid(pointer: str, code: str, it: str, en: str) -> Problem:
    """A 422 about one field, found by a route itself."""
    return Problem(Trouble.REQUEST_INVALID, faults=(FieldFault(pointer=pointer, code=code, it=it, en=en),))
