"""Two languages. The Italian words are the messages themselves; the English ones stand in `locale/en/`.

One catalogue file for each area of the pages; all are read once, at the first page. Italian unless somebody
switched: a telephone set to another language is often not hers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from starlette.requests import Request

LANGUAGES = ("it", "en")
LANGUAGE = "approdo-lingua"
"""The cookie of the switch."""
LOCALE = Path(__file__).parent / "locale"


def language_of(request: Request) -> str:
    said = request.cookies.get(LANGUAGE, "")
    return said if said in LANGUAGES else LANGUAGES[0]


def gettext_in(language: str) -> Callable[[str], str]:
    """From the Italian message to the words in `language`."""
    return _english().__getitem__ if language == "en" else _as_it_is


def ngettext_in(language: str) -> Callable[[str, str, int], str]:
    """The same of one and of more."""
    text = gettext_in(language)
    return lambda one, more, number: text(one if number == 1 else more)


class _Catalogue(dict[str, str]):
    """A message without its English is shown in Italian: a test finds it before anybody does."""

    def __missing__(self, message: str) -> str:
        return message


@cache
def _english() -> _Catalogue:
    found = _Catalogue()
    for path in sorted((LOCALE / "en").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                if isinstance(message.id, str) and message.id and isinstance(message.string, str):
                    found[message.id] = message.string
                elif isinstance(message.id, (tuple, list)) and isinstance(message.string, (tuple, list)):
                    found.update(zip(message.id, message.string, strict=True))
    return found


def _as_it_is(message: str) -> str:
    return message
