"""How easily an Italian text is read: the Gulpease index, for all that a page shows. Needs no browser.

    89 + (300 · sentences - 10 · letters) / words

100 is easiest; from 60 upwards a text is read without effort by whoever finished middle school, from 80 by
whoever finished primary school. Source: P. Lucisano, M. E. Piemontese, "GULPEASE: una formula per la
predizione della difficoltà dei testi in lingua italiana", Scuola e città 3 (1988), pp. 110-124.

A page is not prose: each heading, label, button, cell and item of a list is at least one sentence, for the
reader stops there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
_END = re.compile(r"[.!?…]+(?=\s|$)")


def gulpease(blocks: Iterable[str]) -> float:
    """The index of a text in blocks, between 0 and 100; 100 where there is no word. An elision ("l’offerta")
    counts as one word, as it is one when read.
    """
    letters = words = sentences = 0
    for block in blocks:
        found = _WORD.findall(block)
        if found:
            words += len(found)
            letters += sum(character.isalnum() for word in found for character in word)
            sentences += len(_sentences(block))
    if not words:
        return 100.0
    return max(0.0, min(100.0, 89 + (300 * sentences - 10 * letters) / words))


def hardest(blocks: Iterable[str], number: int = 3) -> list[tuple[float, str]]:
    """The blocks of at least eight words that are hardest to read, the hardest first."""
    long = {block for block in blocks if len(_WORD.findall(block)) >= 8}
    return sorted((round(gulpease([block]), 1), block) for block in long)[:number]


def _sentences(block: str) -> list[str]:
    return [part for part in _END.split(block) if _WORD.search(part)]
