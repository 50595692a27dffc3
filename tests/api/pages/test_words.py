"""Every code that a person may be shown has words, and whoever says it has none says why."""

from __future__ import annotations

import enum
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import api.http
import api.identity
import api.pages
import domain
import ledger
import projections
from api.pages.i18n import gettext_in
from api.pages.words import FAMILIES, MESSAGES, NoSuchWord, excluded, level, word
from domain.catalogue import EVENT_TYPES
from domain.policy import Weights

PAGES = Path(api.pages.__path__[0])
NOT_SHOWN = {
    "Action": "what a door asks of permissions",
    "Change": "what a command says of a decision judged otherwise",
    "ClaimKind": "the engine's own bookkeeping",
    "Denial": "the doors tell a denial in their own words",
    "Fit": "what a command says of a page of the day that came back",
    "Kind": "what a command finds in an export",
    "Language": "each language is named in itself, by the template",
    "Line": "a kind of line in the program's own log",
    "LogClock": "how a ledger keeps time",
    "Milestone": "what statistics are counted from",
    "NewsKind": "what tells a page to read again",
    "Of": "a rule inside the fast ranker",
    "Relation": "how somebody stands to a case, in permissions alone",
    "ServiceWarning": "what a probe reads of a server",
    "StampFault": "what a command says of a time stamp",
    "Trouble": "the doors tell a trouble in their own words",
}
BESIDE = {"ExclusionCodes", "Order", "Topic", "Weights"}
"""Families that are no enum's."""


def enums() -> Iterator[type[enum.StrEnum]]:
    for package in (domain, projections, ledger, api.http, api.identity):
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            for it in vars(importlib.import_module(found.name)).values():
                if isinstance(it, type) and issubclass(it, enum.StrEnum) and it.__module__ == found.name:
                    yield it


ENUMS = sorted(enums(), key=lambda family: family.__name__)


@pytest.mark.parametrize("family", ENUMS)
def test_each_code_has_words_or_is_never_shown(family: type[enum.StrEnum]) -> None:
    if family.__name__ in NOT_SHOWN:
        assert family.__name__ not in FAMILIES
    else:
        assert FAMILIES[family.__name__].keys() == {str(code) for code in family}


def test_nothing_stands_in_a_list_that_is_no_more() -> None:
    names = {each.__name__ for each in ENUMS}
    assert NOT_SHOWN.keys() <= names
    assert FAMILIES.keys() - BESIDE <= names


def test_each_event_has_its_sentence_whatever_its_version() -> None:
    topics = {event.TOPIC.rpartition(".")[0] for event in EVENT_TYPES.values()}
    assert FAMILIES["Topic"].keys() == topics
    assert {word("Topic", event.TOPIC) for event in EVENT_TYPES.values()} == set(FAMILIES["Topic"].values())


def test_each_weight_of_the_rules_has_its_sentence() -> None:
    assert FAMILIES["Weights"].keys() == set(Weights.__dataclass_fields__)


def test_what_is_left_out_is_said_of_one_and_of_more() -> None:
    assert FAMILIES["ExclusionCodes"].keys() == FAMILIES["ExclusionCode"].keys()
    assert excluded("CAPACITY", 1) == "è troppo piccola"
    assert excluded("CAPACITY", 3) == "sono troppo piccole"


def test_a_level_is_told_by_what_it_is_for_and_how_long_it_lasts() -> None:
    italian, english = gettext_in("it"), gettext_in("en")
    assert level("EMERGENCY_RECEPTION", 8, 0, italian) == "pronto intervento, fino a 8 giorni"
    assert level("SECOND_LEVEL", 0, 12, english) == "second-level protection, up to 12 months"
    assert level("FIRST_LEVEL", 1, 0, english) == "first-level protection, up to 1 day"
    assert level("SEMI_INDEPENDENT", 0, 0, italian) == "semiautonomia"


@pytest.mark.parametrize(
    ("family", "code"), [("Phase", "LOST"), ("Nothing", "HELD"), ("Topic", "unit.sold.1")]
)
def test_a_code_without_words_is_never_shown_as_it_is(family: str, code: str) -> None:
    with pytest.raises(NoSuchWord):
        word(family, code)


def test_no_words_are_a_code() -> None:
    assert not [said for said in MESSAGES if said.isupper() and "_" in said]


def test_two_codes_of_a_family_never_read_alike() -> None:
    for name, table in FAMILIES.items():
        assert len(set(table.values())) == len(table), name


def test_each_family_that_a_page_names_is_there() -> None:
    named = {
        family
        for path in (*PAGES.rglob("*.html"), *PAGES.rglob("*.py"))
        for family in re.findall(r"\bword\(\s*\"(\w+)\"", path.read_text())
    }
    assert named and named <= FAMILIES.keys()
