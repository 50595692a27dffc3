"""A large stylesheet cut down to what some pages use. Text in, text out; the same text always gives the same.

What stays: rules of elements and of the classes that are named, custom properties that what stays reads, and
the leading notice of the licence. What goes besides: whatever fetches a file or is one written into the
sheet (our content policy refuses both), the fonts and the movements.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_MARK = re.compile(r"""/\*.*?\*/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{}();,]|[^/"'{}();,]+|.""", re.DOTALL)
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_READS = re.compile(r"var\(\s*(--[\w-]+)")
_MOVES = re.compile(r"(-\w+-)?animation")
_NOTICE = re.compile(r"\s*(/\*!.*?\*/)", re.DOTALL)
_IN_TEMPLATE = re.compile(r"""\bclass="([^"]*)\"""")
_TAG = re.compile(r"\{[%{#].*?[#%}]\}", re.DOTALL)
_QUOTED = re.compile(r"""["']([\w -]*)["']""")


@dataclass(frozen=True, slots=True)
class _Rule:
    """A block, or a statement without one. `inner` are its rules, `text` its declarations."""

    prelude: str
    text: str = ""
    inner: tuple[_Rule, ...] | None = None


def classes_in(templates: Iterable[str]) -> frozenset[str]:
    """The classes that these templates write, also those that an expression chooses."""
    return frozenset(
        word
        for template in templates
        for written in _IN_TEMPLATE.findall(_TAG.sub(_said_in_tag, template))
        for word in written.split()
    )


def _said_in_tag(tag: re.Match[str]) -> str:
    return f" {' '.join(_QUOTED.findall(tag[0]))} " if tag[0].startswith("{{") else " "


def cut_down(sheet: str, classes: frozenset[str]) -> str:
    """The sheet for pages that have these classes."""
    sheet = sheet.lstrip("\ufeff")
    notice = _NOTICE.match(sheet)
    rules = tuple(_kept(_rules(iter(_marks(sheet))), classes))
    while (fewer := _without_unread(rules)) != rules:
        rules = fewer
    return (notice[1] + "\n" if notice else "") + _written(rules) + "\n"


def _marks(sheet: str) -> Iterator[str]:
    return (mark for mark in _MARK.findall(sheet) if not mark.startswith("/*"))


def _rules(marks: Iterator[str]) -> Iterator[_Rule]:
    """Until the end, or the brace that closes the block these stand in."""
    prelude = ""
    for mark in marks:
        if mark == "{":
            yield _block(" ".join(prelude.split()), marks)
            prelude = ""
        elif mark == "}":
            return
        elif mark == ";":
            prelude = ""
        else:
            prelude += mark


def _block(prelude: str, marks: Iterator[str]) -> _Rule:
    if prelude.startswith(("@media", "@supports", "@layer")):
        return _Rule(prelude, inner=tuple(_rules(marks)))
    depth, text = 1, ""
    for mark in marks:
        depth += (mark == "{") - (mark == "}")
        if not depth:
            break
        text += mark
    return _Rule(prelude, text)


def _kept(rules: Iterable[_Rule], classes: frozenset[str]) -> Iterator[_Rule]:
    for rule in rules:
        if rule.inner is not None:
            if inner := tuple(_kept(rule.inner, classes)):
                yield _Rule(rule.prelude, inner=inner)
        elif not rule.prelude.startswith("@"):
            selectors = [each for each in _parted(rule.prelude, ",") if _matches(each, classes)]
            declared = [each for each in _parted(rule.text, ";") if _is_plain(each)]
            if selectors and declared:
                yield _Rule(",".join(selectors), ";".join(declared))


def _matches(selector: str, classes: frozenset[str]) -> bool:
    return "#" not in selector and classes.issuperset(_CLASS.findall(selector))


def _is_plain(declaration: str) -> bool:
    return "url(" not in declaration and not _MOVES.match(declaration)


def _parted(text: str, at: str) -> list[str]:
    """Between these marks, which inside brackets and strings part nothing."""
    parts, depth = [""], 0
    for mark in _MARK.findall(text):
        depth += (mark == "(") - (mark == ")")
        if mark == at and not depth:
            parts.append("")
        else:
            parts[-1] += mark
    return [part.strip() for part in parts if part.strip()]


def _without_unread(rules: tuple[_Rule, ...]) -> tuple[_Rule, ...]:
    """Without the custom properties that nothing in these rules reads."""
    read = frozenset(_READS.findall(_written(rules)))
    return tuple(_reading(rules, read))


def _reading(rules: Iterable[_Rule], read: frozenset[str]) -> Iterator[_Rule]:
    for rule in rules:
        if rule.inner is not None:
            if inner := tuple(_reading(rule.inner, read)):
                yield _Rule(rule.prelude, inner=inner)
        elif declared := [each for each in _parted(rule.text, ";") if _is_read(each, read)]:
            yield _Rule(rule.prelude, ";".join(declared))


def _is_read(declaration: str, read: frozenset[str]) -> bool:
    return not declaration.startswith("--") or declaration.partition(":")[0].strip() in read


def _written(rules: Iterable[_Rule]) -> str:
    return "".join(
        f"{rule.prelude}{{{rule.text if rule.inner is None else _written(rule.inner)}}}" for rule in rules
    )
