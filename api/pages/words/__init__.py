"""Codes in words: what a record holds as a code, a person reads in Italian; the catalogue has the English.

Plain words for somebody tired and afraid: what is so, and what is for whom to do. In lower case and without
a full stop, so that they stand in a sentence, beside a time or on a button; `Order` and `Weights` are whole
sentences. Every page asks here, by the filter `word`; so does whoever tells a night (`trials.demo`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain
from types import MappingProxyType

from api.pages.words import answers, asking, decision, events, figures, houses, people, standing, ways

_MODULES = (standing, asking, houses, decision, answers, ways, people, figures, events)

FAMILIES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    dict(chain.from_iterable(module.TABLES.items() for module in _MODULES))
)
"""By the name of the class that the codes are members of; `Topic`, `Order`, `Weights` and the plural
`ExclusionCodes` belong to none.
"""


class NoSuchWord(KeyError):
    """A code without words was about to be shown to a person."""


def word(family: str, code: str) -> str:
    """The Italian words for a code of an enum by its class's name; of a `Topic` also with its version."""
    try:
        return FAMILIES[family][_unversioned(code) if family == "Topic" else code]
    except KeyError:
        raise NoSuchWord(f"{family}.{code}") from None


def excluded(code: str, units: int) -> str:
    """What is so of `units` that were left out, after their number: "è troppo piccola"."""
    return word("ExclusionCode" if units == 1 else "ExclusionCodes", code)


def level(function: str, days: int, months: int, text: Callable[[str], str]) -> str:
    """A level as people know it: what it is for, and how long one may stay where that is limited.

    `text` turns Italian messages into the page's language.
    """
    said = text(word("LevelFunction", function))
    if not days and not months:
        return said
    number = days or months
    return f"{said}, {text(_LASTS[bool(days), number == 1]) % {'num': number}}"


_LASTS = {
    (True, True): "fino a %(num)s giorno",
    (True, False): "fino a %(num)s giorni",
    (False, True): "fino a %(num)s mese",
    (False, False): "fino a %(num)s mesi",
}
MESSAGES = frozenset(chain(_LASTS.values(), chain.from_iterable(each.values() for each in FAMILIES.values())))
"""Every Italian text that stands here; `locale/en/codes.po` has each in English."""


def _unversioned(topic: str) -> str:
    name, dot, version = topic.rpartition(".")
    return name if dot and version.isdigit() else topic
