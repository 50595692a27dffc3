"""How far a long command has come is told now and then, and once at its end."""

from __future__ import annotations

import re

import pytest

from api.commands.progress import Progress


def test_it_is_told_no_more_often_than_asked_and_always_at_the_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    seldom, often = Progress(3600), Progress(0)
    seldom.tell(5, 1)
    assert capsys.readouterr().err == ""
    seldom.end(10, 2)
    assert re.fullmatch(r"10 rows, 2 decisions, \d+ rows/s\n", capsys.readouterr().err)
    often.tell(1)
    often.tell(2)
    told = capsys.readouterr()
    assert re.fullmatch(r"1 rows, \d+ rows/s\n2 rows, \d+ rows/s\n", told.err)
    assert told.out == ""
