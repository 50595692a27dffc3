"""A line of the log holds what its list allows and nothing else, whoever writes it and whatever he gives."""

from __future__ import annotations

import ast
import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from ledger.log_lines import KEYS, JsonLines, Line, tell
from ledger.store.driver_errors import as_fault

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("domain", "ledger", "projections", "api")
TOKEN = "Mariarossi"
SPEAKS_TO_A_PERSON = {
    "api/commands/checkpoints.py": "what is wrong with a page, in sentences of its own",
    "api/commands/exporting.py": "why the log was not sealed first, told to whoever exports it",
    "api/commands/main.py": "the command line tells its user what was wrong with what he asked",
    "api/commands/verifying.py": "what is wrong with an export, in sentences of its own",
    "api/commands/verifying_dossier.py": "the same of a copy for a court",
    "api/commands/witnessing.py": "what is wrong with a key or a name that was given",
    "api/dossier/pages.py": "why the typesetter makes no page, said to whoever makes the copy",
    "api/network_file/reading.py": "whoever wrote a network file reads what is wrong in it",
    "ledger/evidence/export/reading.py": "what is wrong with a file of an export, in sentences of its own",
    "ledger/evidence/verifying/contents.py": "the same",
    "ledger/evidence/verifying/heads.py": "the same of a head",
    "ledger/evidence/verifying/stamps.py": "the same of a time stamp",
    "ledger/evidence/verifying/verification.py": "the same of the whole",
    "ledger/evidence/sealing/head_file.py": "the form of a note that holds sizes and hashes alone",
    "api/trust_file.py": "what is wrong with a line of a file of keys",
    "ledger/evidence/notes/trust.py": "the number of that line, and the same sentences",
    "ledger/evidence/witnessing/memory_files.py": "sentences of its own, none with what a note holds",
    "ledger/postgres/binaries.py": "the operating system says why a program does not run",
    "ledger/store/dump.py": "sentences of its own about a file, none of them with what it holds",
    "ledger/vault/postgres.py": "the type and SQLSTATE that our own fault carries",
}
"""Modules that may turn a fault into words, and why: none of them is a log or an answer."""


class Fault(Exception):
    pass


@pytest.fixture
def written() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    log, lines = logging.Logger("prova"), io.StringIO()  # noqa: LOG001 - one that nobody else listens to
    handler = logging.StreamHandler(lines)
    handler.setFormatter(JsonLines())
    log.addHandler(handler)
    yield log, lines
    log.removeHandler(handler)


def one(lines: io.StringIO) -> dict[str, Any]:
    (line,) = lines.getvalue().splitlines()
    read: dict[str, Any] = json.loads(line)
    return read


def test_a_line_has_its_words_and_the_values_of_known_keys(written: Any) -> None:
    log, lines = written
    tell(
        log,
        logging.INFO,
        Line.REQUEST_ANSWERED,
        method="GET",
        route="/placements/{placement_id}",
        status=200,
        milliseconds=1.5,
        correlation_id=UUID(int=7),
    )
    said = one(lines)
    assert set(said) == {
        "at", "level", "from", "said", "method", "route", "status", "milliseconds", "correlation_id"
    }  # fmt: skip
    assert (said["said"], said["route"]) == (Line.REQUEST_ANSWERED.value, "/placements/{placement_id}")


def test_a_key_that_is_not_known_is_dropped(written: Any) -> None:
    log, lines = written
    tell(log, logging.ERROR, Line.REQUEST_FAILED, name=TOKEN, body={"notes": TOKEN}, status=500)
    assert set(one(lines)) == {"at", "level", "from", "said", "status"}


@pytest.mark.parametrize("key", sorted(KEYS))
@pytest.mark.parametrize(
    "value",
    [
        f"{TOKEN} {TOKEN}",
        f"/{TOKEN}",
        f"/placements?x={TOKEN}",
        {"x": TOKEN},
        [TOKEN],
        TOKEN.encode(),
        f"3331234567 {TOKEN}",
        "A" * 5000,
    ],
)
def test_a_value_without_its_keys_form_is_dropped(written: Any, key: str, value: object) -> None:
    log, lines = written
    tell(log, logging.ERROR, Line.REQUEST_FAILED, **{key: value})
    assert set(one(lines)) == {"at", "level", "from", "said"}


def test_a_fault_is_its_type_and_sqlstate_never_its_text(written: Any) -> None:
    log, lines = written
    cause = asyncpg.UniqueViolationError(f"duplicate key: Key (number)=({TOKEN})")
    tell(log, logging.ERROR, Line.LEDGER_FAULT, fault=as_fault(cause))
    said = one(lines)
    assert (said["fault"], said["sqlstate"]) == ("StoreRefused", "23505")
    assert TOKEN not in lines.getvalue()


def test_a_raised_fault_is_told_by_the_lines_of_code_it_passed(written: Any) -> None:
    log, lines = written
    try:
        raise Fault(TOKEN)
    except Fault:
        log.exception(Line.PROGRAM_FAILED)
    said = one(lines)
    assert said["fault"] == "Fault"
    assert all(each.rpartition(":")[2].isdigit() for each in said["where"])
    assert TOKEN not in lines.getvalue()


@pytest.mark.parametrize(
    ("template", "arguments"),
    [
        (f"the number is {TOKEN}", ()),
        ("the number is %s", (TOKEN,)),
        ("Exception in ASGI application\n", ()),
        (TOKEN, ()),
        ("wrong %d", (TOKEN,)),
    ],
)
def test_words_of_other_programs_are_left_out(written: Any, template: str, arguments: Any) -> None:
    log, lines = written
    try:
        raise Fault(TOKEN)
    except Fault:
        log.exception(template, *arguments, extra={"values": {"reason": "X"}})
    said = one(lines)
    assert said["said"] == Line.FOREIGN.value
    assert set(said) <= {"at", "level", "from", "said", "code", "fault", "where"}
    assert TOKEN not in lines.getvalue()
    assert said.get("code") == ("ASGI_EXCEPTION" if template.startswith("Exception in") else None)


def test_the_plain_form_of_the_standard_library_would_have_told(written: Any) -> None:
    """The control: what every test above would find if the form were not ours."""
    log, lines = written
    log.handlers[0].setFormatter(logging.Formatter())
    try:
        raise Fault(TOKEN)
    except Fault:
        log.exception("a fault")
    assert TOKEN in lines.getvalue()


def _product() -> Iterator[tuple[str, ast.Module]]:
    for folder in PRODUCT:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def test_no_module_turns_a_caught_fault_into_words() -> None:
    """`str(fault)`, `repr(fault)`, `f"{fault}"` and `fault.args` can hold values of people."""
    found = [
        (name, ast.unparse(node))
        for name, module in _product()
        for handler in ast.walk(module)
        if isinstance(handler, ast.ExceptHandler) and handler.name is not None
        for node in ast.walk(handler)
        if _worded(node, handler.name) and name not in SPEAKS_TO_A_PERSON
    ]
    assert found == []


def _worded(node: ast.AST, fault: str) -> bool:
    def named(each: ast.AST) -> bool:
        return isinstance(each, ast.Name) and each.id == fault

    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in ("str", "repr", "format", "print") and any(map(named, node.args))
    if isinstance(node, ast.Attribute):
        return node.attr in ("args", "message", "detail", "query", "as_dict") and named(node.value)
    return isinstance(node, ast.FormattedValue) and named(node.value)


def test_every_line_of_the_product_is_told_in_the_one_way() -> None:
    """No module calls a logger's own methods or prints a traceback, but the two that make the form."""
    ways = {"debug", "info", "warning", "error", "exception", "critical", "log"}
    found = [
        (name, node.lineno)
        for name, module in _product()
        if name not in ("ledger/log_lines.py", "api/commands/guarding.py")
        for node in ast.walk(module)
        if (isinstance(node, ast.Attribute) and node.attr in ways and _is_log(node.value))
        or (isinstance(node, (ast.Import, ast.ImportFrom)) and "traceback" in ast.unparse(node))
        or (isinstance(node, ast.Import) and "warnings" in ast.unparse(node))
    ]
    assert found == []


def _is_log(value: ast.expr) -> bool:
    return re.search(r"\b_?log(ger|ging)?\b", ast.unparse(value)) is not None
