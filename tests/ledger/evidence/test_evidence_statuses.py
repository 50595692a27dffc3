"""The exit statuses of `approdo verify` are those of the page and of the help."""

from __future__ import annotations

import re
from pathlib import Path

from api.commands.evidence_arguments import STATUSES
from api.commands.verifying_shown import LAST
from ledger.evidence.verifying.finding import ALL_HOLDS, WRONG_ARGUMENTS, Kind

PAGE = Path(__file__).parents[3] / "docs" / "EVIDENCE.md"
KNOWN = {ALL_HOLDS, WRONG_ARGUMENTS, *(kind.status for kind in Kind)}


def test_every_kind_of_finding_has_a_status_of_the_page_and_of_the_help() -> None:
    section = PAGE.read_text().partition("\n## Verifying\n")[2].partition("\n## ")[0]
    assert {int(each) for each in re.findall(r"^\| (\d+) \|", section, re.MULTILINE)} == KNOWN
    assert {int(each) for each in re.findall(r"^ +(\d+)  ", STATUSES, re.MULTILINE)} == KNOWN
    assert sorted(KNOWN) == list(range(10))


def test_every_status_of_a_check_has_a_last_line_in_both_languages() -> None:
    assert set(LAST) == KNOWN - {WRONG_ARGUMENTS}
    assert all(" / " in line for line in LAST.values())
