"""Every "no" has its words in both languages, its status, and never what was sent."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

import ledger.postgres.faults
import ledger.store.transact  # noqa: F401 - it adds a fault of its own
from api.http.problems import PROBLEMS, Problem, details, of_fault
from api.http.refusal_texts import REFUSAL_TEXTS
from api.http.texts import Language, preferred
from api.http.trouble_texts import RETRY_AFTER_SECONDS, TROUBLE_TEXTS, Trouble
from api.identity.caller import Caller
from domain.refusals import Refusal
from ledger.faults import LedgerFault, StoreOverloaded, StoreUnreachable
from ledger.log_lines import JsonLines
from ledger.store.transact import TooManyConflicts
from tests.api.http.ground import ground


def test_every_refusal_and_every_trouble_has_its_words_and_no_other_has() -> None:
    assert set(REFUSAL_TEXTS) == set(Refusal)
    assert set(TROUBLE_TEXTS) == set(Trouble)
    assert len(PROBLEMS) == len(Refusal) + len(Trouble), "no code is both"
    for code, text in PROBLEMS.items():
        assert 400 <= text.status <= 599, code
        for words in (text.it, text.en):
            assert words.title.endswith("."), code
            assert words.detail.endswith((".", "…")), code
        assert text.it != text.en, code
        assert text.pointer is None or text.pointer.startswith("/"), code


def test_a_refusal_of_the_domain_is_never_the_servers_fault() -> None:
    assert {text.status for text in REFUSAL_TEXTS.values()} <= {404, 409, 422}


def test_every_fault_of_the_ledger_becomes_a_problem() -> None:
    for fault in _faults(LedgerFault):
        assert of_fault(fault()).status >= 409, fault


@pytest.mark.parametrize("fault", [StoreOverloaded, StoreUnreachable, TooManyConflicts])
def test_what_passes_by_itself_says_when_to_come_again(fault: type[LedgerFault]) -> None:
    problem = of_fault(fault("never shown"))
    assert problem.status == 503
    assert int(problem.headers["Retry-After"]) >= 1
    assert "never shown" not in repr(details(problem, Language.EN))


def test_every_503_says_when_to_come_again() -> None:
    assert {trouble for trouble in Trouble if TROUBLE_TEXTS[trouble].status == 503} == set(
        RETRY_AFTER_SECONDS
    )


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, Language.IT),
        ("", Language.IT),
        ("de", Language.IT),
        ("en", Language.EN),
        ("en-GB,en;q=0.9", Language.EN),
        ("it,en;q=0.9", Language.IT),
        ("en;q=0.5, it;q=0.8", Language.IT),
        ("en;q=x", Language.IT),
        ("en;q=²", Language.IT),
        ("en;q=1.", Language.EN),
        ("en;q=2", Language.IT),
        ("*", Language.IT),
        ("en," * 1000, Language.IT),
    ],
)
def test_italian_unless_english_is_preferred(header: str | None, language: Language) -> None:
    assert preferred(header) is language


@pytest.mark.asyncio
async def test_a_problem_speaks_the_readers_language() -> None:
    async with ground() as stage:
        italian = await stage.get("/nowhere")
        english = await stage.get("/nowhere", Accept_Language="en")
    assert italian.json()["title"] == "Qui non c'è nulla."
    assert english.json()["title"] == "There is nothing here."
    assert english.headers["content-language"] == "en"
    assert english.headers["content-type"] == "application/problem+json"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/placement-requests/", 404),
        ("DELETE", "/placement-requests", 405),
        ("POST", "/bed-board", 405),
        ("PATCH", "/status", 405),
        ("GET", "/docs", 404),
        ("GET", "/redoc", 404),
    ],
)
async def test_what_is_not_served_is_a_problem_too(method: str, path: str, status: int) -> None:
    async with ground() as stage:
        answer = await stage.client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    if status == 405:
        assert answer.headers["allow"]


@pytest.mark.asyncio
async def test_the_last_resort_tells_the_type_to_the_log_and_nothing_to_anybody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(token: str) -> Caller:
        raise ValueError(f"Maria Rossi {token}")

    with caplog.at_level(logging.DEBUG):
        async with ground(authenticate=broken) as stage:
            answer = await stage.get("/bed-board", "segreto")
    assert answer.status_code == 500
    assert answer.json()["code"] == "INTERNAL_ERROR"
    logged = "\n".join(map(JsonLines().format, caplog.records))
    assert answer.headers["correlation-id"] in logged
    for told in (answer.text, logged, caplog.text):
        assert "Rossi" not in told
        assert "segreto" not in told
    assert "ValueError" in logged
    assert "Traceback" not in caplog.text


@pytest.mark.asyncio
async def test_a_fault_of_the_ledger_asks_to_come_again(caplog: pytest.LogCaptureFixture) -> None:
    async def busy(token: str) -> Caller:
        raise StoreOverloaded(token)

    async with ground(authenticate=busy) as stage:
        answer = await stage.get("/bed-board", "segreto")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert "segreto" not in answer.text + caplog.text


def test_a_problem_names_itself_by_code() -> None:
    told = details(Problem(Refusal.HOLD_STANDS), Language.IT)
    assert told.type == "urn:approdo:problem:hold-stands"
    assert told.code == "HOLD_STANDS"
    assert told.status == 409


def _faults(kind: type[LedgerFault]) -> Iterator[type[LedgerFault]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _faults(narrower)
