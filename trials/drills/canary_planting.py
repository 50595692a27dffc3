"""Keeping and opening fields, one call at a time, and what came of it. For `canary_fields` and
`canary_identity`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

from domain.kept import ValueKind
from domain.permissions import Role
from domain.vocabulary import MemberId, ShelterId
from trials.drills.canary_calls import Call, Sending
from trials.drills.canary_tokens import Tokens
from trials.stage.ledger_on import TrialLedger
from trials.stage.wire import Answer, Wire

ELSEWHERE = "elsewhere"
"""The code of a body that asks for nobody."""
LIKE_ANY_OTHER = frozenset({ValueKind.SAFE_CHANNEL, ValueKind.MAY_CALL})
"""Kinds whose few values are no token: they are kept all the same."""


_WORKS_FOR = {Role.COORDINATOR: "lead", Role.LEAD_BODY: "lead", Role.SHELTER_OPERATOR: "houses"}
"""Everybody else works for a body that has asked for nothing: what she asked for is none of theirs."""


def bearer(ledger: TrialLedger, tokens: Tokens, role: Role) -> str:
    """A bearer token of the one person of this role, whose name at the identity provider is a token."""
    houses = tuple(ShelterId(each.id) for each in ledger.ids.shelters.values())
    return ledger.people.token(
        tokens.word(f"subject of a token: {role}"),
        role,
        houses if role is Role.SHELTER_OPERATOR else (),
        MemberId(ledger.ids.members[_WORKS_FOR.get(role, ELSEWHERE)]),
    )


@dataclass(slots=True)
class Shown:
    """What was kept and what was shown, how many pages were drawn, and the ids of things that are there."""

    planted: int = 0
    shown: int = 0
    pages: int = 0
    missed: tuple[str, ...] = ()
    there: list[UUID] = field(default_factory=list)


@dataclass(slots=True)
class Planting:
    """The people who keep and open, and what came of it."""

    sending: Sending
    wire: Wire
    ledger: TrialLedger
    tokens: Tokens
    shown: Shown = field(default_factory=Shown)
    seen: set[str] = field(default_factory=set)
    desks: dict[str, str | None] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)

    def bearer(self, role: Role) -> str:
        """A person whose name at the identity provider is a token."""
        return bearer(self.ledger, self.tokens, role)

    async def do(self, role: Role, path: str, body: Mapping[str, Any], method: str = "POST") -> Any:
        """A step whose answer must hold no token."""
        answer = await self.sending.one(self.wire, self._call(method, path, body), self.bearer(role))
        return self._read(answer, path)

    async def look(self, role: Role, path: str) -> Any:
        """What a door tells; no token may be in it."""
        call = Call(method="GET", path=path, headers={})
        return self._read(await self.sending.one(self.wire, call, self.bearer(role)), path)

    async def given(self, path: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> Answer | None:
        """A step whose answer gives a secret to whom it belongs. Not searched: see `see`."""
        call = self._call("POST", path, body)
        answer = await self.wire.send(call.method, call.path, call.body, {**call.headers, **headers})
        self.sending.answered += 1
        return answer if self._read(answer, path) is not None else None

    async def open(self, role: Role, path: str, body: Mapping[str, Any], *named: str) -> None:
        """A step whose answer is the proper place for these fields, and for no others."""
        answer = await self.given(path, body, {"authorization": f"Bearer {self.bearer(role)}"})
        if answer is not None:
            self.see(answer, path, *named)

    def count(self, never_shown: Sequence[str]) -> None:
        """How many fields there are, and a complaint for each that should have been shown and was not."""
        self.shown.planted = len(self.tokens.given)
        unseen = self.tokens.given.keys() - self.seen
        silent = [each for each in sorted(unseen) if not each.startswith(tuple(never_shown))]
        self.shown.missed += tuple(f"{each} was never shown" for each in silent)
        kinds = {str(kind) for kind in ValueKind if kind not in LIKE_ANY_OTHER}
        without = [kind for kind in sorted(kinds) if not any(each.startswith(kind) for each in self.seen)]
        self.shown.missed += tuple(f"{kind} has no token" for kind in without)

    def see(self, answer: Answer, path: str, *named: str) -> None:
        missing = [each for each in named if not self.tokens.holds(each, answer.body)]
        self.seen |= {*named} - {*missing}
        self.shown.shown = len(self.seen)
        self.shown.missed += tuple(f"{each} was not shown by {path}" for each in missing)
        others = answer.body
        for each in named:
            others = others.replace(self.tokens.given[each].encode(), b"")
        self.sending.searched.content("bodies", others, path)

    def _call(self, method: str, path: str, body: Mapping[str, Any]) -> Call:
        key = f"{self.tokens.word('idempotency key')}-{next(self.numbers)}"
        return Call(
            method=method, path=path, headers={"idempotency-key": key}, body=json.dumps(body).encode()
        )

    def _read(self, answer: Answer | None, path: str) -> Any:
        if answer is None or answer.status >= 400:
            said = answer.json().get("code") if answer is not None else "no answer"
            self.shown.missed += (f"{path} answered {said}",)
            return None
        return answer.json()
