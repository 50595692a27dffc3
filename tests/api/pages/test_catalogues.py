"""Every text of the pages goes through a catalogue, has its English, and speaks as the trade does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2 import Environment

from api.pages import words
from api.pages.drawing import TEMPLATES
from api.pages.i18n import LOCALE

PAGES = TEMPLATES.parent
CATALOGUES = sorted((LOCALE / "en").glob("*.po"))
SOURCES = [
    *sorted(path for path in PAGES.rglob("*.py") if "vendor" not in path.parts),
    *sorted(TEMPLATES.rglob("*.html")),
]
KEYWORDS = {"_": None, "text": None, "gettext": None, "ngettext": (1, 2)}
"""Where a text stands: `text` is what a page's own language gives (`gettext_in`)."""
TEMPLATE_OPTIONS = {"silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
NEVER = re.compile(r"\b(ranking|ranker|candidat|no.?show|utent|rifiutat[ae] da lei|vittim)", re.IGNORECASE)
"""Words of machines and files: who is sought a place for is a woman, and she is not processed."""
NEVER_IN_ENGLISH = re.compile(r"\b(ranking|ranker|candidate|no.?show|users?\b|victim)", re.IGNORECASE)
LEFT_AS_IT_IS = {"Approdo", "English", "Italiano", "Nuova pagina"}
"""Names; and what the empty page of a quick exit is called, which is meant to tell nothing."""


def _messages(found: object) -> Iterator[str]:
    """One message, or the several of a plural."""
    for each in found if isinstance(found, (tuple, list)) else (found,):
        if isinstance(each, str) and each:
            yield each


def _texts_of(path: Path) -> frozenset[str]:
    template = path.suffix == ".html"
    with path.open("rb") as file:
        found = extract(
            "jinja2.ext:babel_extract" if template else "python",
            file,
            keywords=KEYWORDS,
            options=TEMPLATE_OPTIONS if template else {"encoding": "utf-8"},
        )
        return frozenset(text for _, message, *_ in found for text in _messages(message))


@cache
def _catalogue(path: Path) -> tuple[Message, ...]:
    with path.open("rb") as file:
        return tuple(message for message in read_po(file, locale="en", abort_invalid=True) if message.id)


@cache
def _english() -> dict[str, str]:
    return {
        italian: english
        for path in CATALOGUES
        for message in _catalogue(path)
        for italian, english in zip(_messages(message.id), _pairs(message), strict=True)
    }


def _pairs(message: Message) -> tuple[str, ...]:
    """The English of each of the message's texts, in their order."""
    said = message.string
    return (said,) if isinstance(said, str) else tuple(said or ())


def _named(path: Path) -> str:
    return str(path.relative_to(PAGES))


@pytest.mark.parametrize("path", SOURCES, ids=_named)
def test_every_text_has_its_english(path: Path) -> None:
    assert not sorted(_texts_of(path) - _english().keys())


def test_every_coded_word_has_its_english() -> None:
    assert not sorted(words.MESSAGES - _english().keys())


@pytest.mark.parametrize("path", CATALOGUES, ids=_named)
def test_no_english_is_missing_or_a_guess(path: Path) -> None:
    assert not [message.id for message in _catalogue(path) if message.fuzzy or not all(_pairs(message))]


@pytest.mark.parametrize("path", CATALOGUES, ids=_named)
def test_no_english_is_left_over(path: Path) -> None:
    used = words.MESSAGES.union(*map(_texts_of, SOURCES))
    there = {text for message in _catalogue(path) for text in _messages(message.id)}
    assert not sorted(there - used)


def test_no_text_stands_in_two_catalogues() -> None:
    counted = Counter(
        text
        for path in CATALOGUES
        for text in {text for message in _catalogue(path) for text in _messages(message.id)}
    )
    assert not sorted(text for text, number in counted.items() if number > 1)


@pytest.mark.parametrize("path", CATALOGUES, ids=_named)
def test_what_is_filled_in_is_the_same_in_both_languages(path: Path) -> None:
    differs = [
        italian
        for message in _catalogue(path)
        for italian, english in zip(_messages(message.id), _pairs(message), strict=True)
        if Counter(PLACEHOLDER.findall(italian)) != Counter(PLACEHOLDER.findall(english))
    ]
    assert not differs


@pytest.mark.parametrize("path", SOURCES, ids=_named)
def test_the_pages_speak_of_a_woman_and_her_children(path: Path) -> None:
    assert not [text for text in sorted(_texts_of(path)) if NEVER.search(text)]


def test_the_coded_words_speak_of_a_woman_and_her_children() -> None:
    assert not [text for text in sorted(words.MESSAGES) if NEVER.search(text)]
    assert not [text for text in _english().values() if NEVER_IN_ENGLISH.search(text)]


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=_named)
def test_no_template_says_anything_past_the_catalogue(path: Path) -> None:
    assert not [said for said in _bare(path.read_text()) if said not in LEFT_AS_IT_IS]


def test_a_text_past_the_catalogue_is_found() -> None:
    assert _bare('<p class="nota">{{ _("Bene") }} e poi</p>') == ["e poi"]
    assert _bare('<button aria-label="Chiudi">{% if x %}{{ y }}{% endif %}</button>') == ["Chiudi"]
    assert _bare("<p>{% trans %}Bene, {{ x }}{% endtrans %}</p><!-- so -->{# so #}") == []


def _bare(source: str) -> list[str]:
    """The words that a template says by itself: between tags, or in what a reader of screens says."""
    html = re.sub(r"<!--.*?-->", "", "".join(_data(source)), flags=re.DOTALL)
    spoken = re.findall(r'\b(?:aria-label|alt|title|placeholder)="([^"]*)"', html)
    between = re.split(r"\0", re.sub(r"<[^>]*>", "\0", html))
    return [said.strip(" \n·–") for said in [*between, *spoken] if _is_said(said)]


def _is_said(text: str) -> bool:
    """Whether there are words in it that are no piece of a tag: what a block or macro puts into one."""
    piece = '="' in text or all("-" in part for part in text.split())
    return not piece and re.search(r"[^\W\d_]{2}", text) is not None


def _data(source: str) -> Iterator[str]:
    """What of a template is no expression and stands in no block of translated text."""
    inside, block = False, ""
    for _, kind, value in Environment(extensions=["jinja2.ext.i18n"]).lex(source):
        if kind == "block_begin":
            block = "{"
        elif block == "{" and kind == "name":
            block, inside = "", (value == "trans") or (inside and value != "endtrans")
        elif kind == "data" and not inside:
            yield str(value)
        elif kind == "variable_end":
            yield "\0"
