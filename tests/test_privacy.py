"""The pages on privacy name everything that is kept, in both languages, and never say more than is true."""

from __future__ import annotations

import dataclasses
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.catalogue import EVENT_TYPES
from domain.kept import OpeningPurpose, ValueKind
from ledger.postgres.migrations import known

ROOT = Path(__file__).resolve().parent.parent
PAGES = {"en": ROOT / "docs" / "PRIVACY.md", "it": ROOT / "docs" / "PRIVACY.it.md"}
NOT_PERSONAL_AT_ALL = re.compile(r"\banon[iy]m\w*", re.IGNORECASE)
"""What is pseudonymous is never called this, in either language."""
KINDS_OF_TEXT = (".md", ".py", ".sql", ".toml", ".yml", ".html", ".css", ".js")


@pytest.fixture(params=sorted(PAGES))
def page(request: pytest.FixtureRequest) -> str:
    return PAGES[request.param].read_text()


def named(page: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", page))


def test_every_field_of_every_event_has_its_class(page: str) -> None:
    fields = {field.name for kind in EVENT_TYPES.values() for field in dataclasses.fields(kind)}
    assert fields - named(page) == set()


def test_every_value_of_the_vault_and_every_purpose_is_named(page: str) -> None:
    assert {*map(str, ValueKind), *map(str, OpeningPurpose)} - named(page) == set()


def test_every_schema_of_the_database_is_named(page: str) -> None:
    schemas = {name for each in known() for name in re.findall(r"CREATE SCHEMA (\w+)", each.sql)}
    assert schemas - named(page) == set()


def test_both_pages_name_the_same_and_have_the_same_sections_rows_and_gaps() -> None:
    english, italian = (PAGES[language].read_text() for language in ("en", "it"))
    assert named(english) == named(italian)
    for mark in (r"^#+ \d", r"^ *\|", r"\*\*\((DPO|RPD)\)\*\*", "______", r"^\d\. "):
        count = [len(re.findall(mark, text, re.MULTILINE)) for text in (english, italian)]
        assert count[0] == count[1] > 0, mark


def test_what_must_be_said_is_said(page: str) -> None:
    for said in ("72", "34", "26", "35", "42/2004", "467", "30 ", "no-store", "JUDICIAL_ORDER"):
        assert said in page, said


def test_no_period_is_invented(page: str) -> None:
    """The table of periods is empty but for the two that are the program's own."""
    _, _, after = page.partition("\n## 5. ")
    section, _, _ = after.partition("\n## 6. ")
    rows = [line.split("|")[1:-1] for line in section.splitlines() if line.startswith("| ")][1:]
    filled = [cells for cells in rows if cells[1].strip()]
    assert len(rows) >= 8
    assert len(filled) == 2


def _texts() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if name.endswith(KINDS_OF_TEXT) and path.is_file() and path != Path(__file__):
            yield name, path.read_text(errors="replace")


def test_nothing_that_is_kept_is_called_what_it_is_not() -> None:
    """What is pseudonymous is personal; so the word for what would not be is nowhere, in texts or in code."""
    assert [name for name, text in _texts() if NOT_PERSONAL_AT_ALL.search(text)] == []
    assert len(list(_texts())) > 300
