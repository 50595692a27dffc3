"""Problem details (RFC 9457): the one shape of every answer from 400 up, and the one table behind it.

Raised by routes, answered by `api.http.edge` and the handlers of `api.http.app`. Nothing that a client sent
is ever repeated in one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import orjson
from starlette.responses import Response

from api.http.refusal_texts import REFUSAL_TEXTS
from api.http.texts import Language, Text
from api.http.trouble_texts import RETRY_AFTER_SECONDS, TROUBLE_TEXTS, Trouble, trouble_of
from domain.refusals import Refusal
from ledger.faults import LedgerFault

MEDIA_TYPE = "application/problem+json"
PROBLEMS: Mapping[str, Text] = MappingProxyType(
    {
        **{refusal.name: text for refusal, text in REFUSAL_TEXTS.items()},
        **{trouble.value: text for trouble, text in TROUBLE_TEXTS.items()},
    }
)
"""Every code an answer can carry."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldError:
    """One thing wrong with one field. `pointer` is a JSON pointer into the body, or a header or parameter by
    name.
    """

    pointer: str
    code: str
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ProblemDetails:
    """Why a request was not carried out (RFC 9457). `code` is for programs, the words for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldFault:
    """A field error not yet in a language."""

    pointer: str
    code: str
    it: str
    en: str


class Problem(Exception):
    """A request that ends here. `code` is one of `PROBLEMS`; `pointer` names the field that it is about where
    the code alone does not.
    """

    def __init__(
        self,
        why: Trouble | Refusal,
        *,
        faults: tuple[FieldFault, ...] = (),
        pointer: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.code = why.value if isinstance(why, Trouble) else why.name
        super().__init__(self.code)
        self.faults = faults
        self.pointer = pointer or PROBLEMS[self.code].pointer
        self.headers = dict(headers or {})
        if isinstance(why, Trouble) and why in RETRY_AFTER_SECONDS:
            self.headers.setdefault("Retry-After", str(RETRY_AFTER_SECONDS[why]))

    @property
    def status(self) -> int:
        return PROBLEMS[self.code].status


def of_fault(fault: LedgerFault) -> Problem:
    """A fault of the ledger as a problem; its own text stays behind."""
    return Problem(trouble_of(fault))


def details(problem: Problem, language: Language) -> ProblemDetails:
    text = PROBLEMS[problem.code]
    words = text.words(language)
    errors = tuple(
        FieldError(
            pointer=fault.pointer,
            code=fault.code,
            detail=fault.it if language is Language.IT else fault.en,
        )
        for fault in problem.faults
    )
    if not errors and problem.pointer is not None:
        errors = (FieldError(pointer=problem.pointer, code=problem.code, detail=words.detail),)
    return ProblemDetails(
        type=f"urn:approdo:problem:{problem.code.lower().replace('_', '-')}",
        title=words.title,
        status=text.status,
        detail=words.detail,
        code=problem.code,
        errors=errors,
    )


def response(problem: Problem, language: Language) -> Response:
    body = details(problem, language)
    return Response(
        orjson.dumps(body),
        status_code=body.status,
        headers={**problem.headers, "Content-Language": language.value},
        media_type=MEDIA_TYPE,
    )
