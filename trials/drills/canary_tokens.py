"""Tokens that stand for what is personal, and where bytes hold one, in whatever way they are written.

A run draws a stem of letters and one of digits; every token is a stem and the number of its field, so that
bytes are searched for two stems, each in every form, and a hit still names the field. Compressed bytes are
not searched: the run's server compresses nothing of that size. For `canary`.
"""

from __future__ import annotations

import base64
import random
import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

LETTERS, DIGITS = 14, 11
CHUNK = 8 << 20
LONGEST_FORM = 1024
DESCRIBED = frozenset({"bodies", "headers"})
"""Sinks in which the words of closed lists stand anyway."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """Bytes that hold a token: in which sink, in which form, and of which field where that can be told."""

    sink: str
    form: str
    field: str

    def __str__(self) -> str:
        return f"{self.field} in {self.sink} ({self.form})"


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one run, by the field each was given to."""

    words: str
    digits: str
    given: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    in_lists: set[str] = field(default_factory=set)

    def word(self, named: str) -> str:
        """The token of letters for this field; the same each time."""
        return self.given.setdefault(named, f"{self.words}{_letters(len(self.given))}")

    def number(self, named: str, before: str = "") -> str:
        """The token of digits for this field, after what its form wants first."""
        return self.given.setdefault(named, f"{before}{self.digits}{len(self.given):02}")

    def other(self, named: str, text: str) -> str:
        """A text with a form of its own, which is looked for as it is."""
        self.others[named] = text
        return self.given.setdefault(named, text)

    def listed(self, named: str, text: str) -> str:
        """A word of a closed list, which descriptions hold: looked for everywhere but in answers."""
        self.in_lists.add(text)
        return self.other(named, text)

    def found(self, sink: str, content: bytes) -> tuple[Hit, ...]:
        """One hit for each form and field that the bytes hold."""
        described = sink.split(" ", maxsplit=1)[0] in DESCRIBED
        others = [each for each in self.others.values() if not (described and each in self.in_lists)]
        hits = {
            Hit(sink=sink, form=form.rpartition(" ")[2], field=self._field(form, match))
            for form, (written, pattern) in _patterns(self.words, self.digits, *others).items()
            if written in content
            for match in pattern.finditer(content)
        }
        return tuple(sorted(hits, key=str))

    def found_in(self, sink: str, path: Path) -> tuple[Hit, ...]:
        """The same for a file of any size; none where it is gone by now."""
        return tuple(hit for chunk in _chunks(path) for hit in self.found(sink, chunk))

    def holds(self, named: str, content: bytes) -> bool:
        """Whether the bytes hold this field's token as it is: the proper reveal."""
        return self.given[named].encode() in content

    def _field(self, form: str, match: re.Match[bytes]) -> str:
        stem = form.rpartition(" ")[0]
        read = match[0].decode() if form.endswith(" raw") else stem if stem in self.others.values() else "\0"
        return next((name for name, token in self.given.items() if token.endswith(read)), "some field")


def draw(chance: random.Random) -> Tokens:
    return Tokens(
        "".join(chance.choices(string.ascii_lowercase, k=LETTERS)),
        chance.choice("123456789") + "".join(chance.choices(string.digits, k=DIGITS - 1)),
    )


def _letters(number: int) -> str:
    return string.ascii_lowercase[number // 26] + string.ascii_lowercase[number % 26]


@cache
def _patterns(words: str, digits: str, *others: str) -> Mapping[str, tuple[bytes, re.Pattern[bytes]]]:
    """By form: what is looked for, and what of it is read; a raw token with the number of its field."""
    tails = {f"{words} raw": b"(?:[a-z]{2})?", f"{digits} raw": b"(?:[0-9]{2})?"}
    found = {
        written: form for stem in (words, digits, *others) for form, written in reversed([*_forms(stem)])
    }
    return {
        form: (written, re.compile(re.escape(written) + tails.get(form, b"")))
        for written, form in found.items()
    }


def _forms(stem: str) -> Iterator[tuple[str, bytes]]:
    """Each way in which the stem can be written, by name."""
    raw = stem.encode()
    for name, encoded in (
        ("raw", raw),
        ("upper", raw.upper()),
        ("hex", raw.hex().encode()),
        ("HEX", raw.hex().upper().encode()),
        ("utf-16-le", stem.encode("utf-16-le")),
        ("utf-16-be", stem.encode("utf-16-be")),
        ("utf-32-le", stem.encode("utf-32-le")),
        ("percent", "".join(f"%{byte:02X}" for byte in raw).encode()),
        ("percent-lower", "".join(f"%{byte:02x}" for byte in raw).encode()),
        ("json", "".join(f"\\u{byte:04x}" for byte in raw).encode()),
        ("octal", "".join(f"\\{byte:03o}" for byte in raw).encode()),
        ("reversed", raw[::-1]),
    ):
        yield f"{stem} {name}", encoded
    for shift in range(3):
        for name, encode in (("base64", base64.b64encode), ("base64url", base64.urlsafe_b64encode)):
            yield f"{stem} {name}+{shift}", _within(encode(bytes(shift) + raw), shift)


def _within(encoded: bytes, shift: int) -> bytes:
    """What does not depend on the neighbours of the encoded bytes."""
    stripped = encoded.rstrip(b"=")
    whole = stripped if len(encoded) == len(stripped) else stripped[:-1]
    return whole[{0: 0, 1: 2, 2: 3}[shift] :]


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as content:
            kept = b""
            while read := content.read(CHUNK):
                yield kept + read
                kept = (kept + read)[-LONGEST_FORM:]
    except (FileNotFoundError, IsADirectoryError):
        return
