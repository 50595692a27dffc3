"""What every page must be, whoever wrote it: each check takes a page and says what is wrong with it.

Axe sees neither the size of a target, nor a faint border, nor what sticks out of the screen, nor words of the
program on it: those are ours. `every_check` runs them all; `tests.browser.test_checks` breaks a page for each
and demands that it is found.
"""

from __future__ import annotations

import enum
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

import domain
from tests.browser.readability import gulpease, hardest

TARGET, APART = 48.0, 8.0
BORDER = 3.0
READABLE = 60.0
DARK = 0.05
"""Relative luminance of the ground at night, at most."""
_SLACK = 0.6
"""Pixels by which a browser rounds."""
_AXE = Axe()
_FACTS = (Path(__file__).parent / "page_facts.js").read_text()
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-", re.IGNORECASE)
_CODE = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*\b")
_TOOLS = frozenset({"SARA", "DA5", "ISA"})
SAID_SO = _TOOLS | {"CAV", "U1", "U2", "U3", "U4", "REAL", "HTML", "PIN", "PDF", "CSV"}
"""Words in capitals that people of the trade say as they are."""

Facts = Mapping[str, Any]


def facts(page: Page) -> Facts:
    """What the checks read in a page, measured once."""
    found: Facts = page.evaluate(_FACTS)
    return found


def every_check(page: Page, *, night: bool = False, never_shown: Iterable[str] = ()) -> list[str]:
    """All that is wrong with the page as it stands, a line for each fault; none for a good page."""
    return [*own_checks(page, night=night, never_shown=never_shown), *axe(page)]


def own_checks(page: Page, *, night: bool = False, never_shown: Iterable[str] = ()) -> list[str]:
    """The same without axe, which takes its time."""
    measured = facts(page)
    faults = [fault for check in OURS for fault in check(measured)]
    faults += tells_too_much(measured, never_shown)
    return [*faults, *(bright_at_night(measured) if night else ())]


def axe(page: Page, *rules: str) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA and its own best practices; by `rules` alone, if any."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_AXE.axe_script)
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found: list[dict[str, Any]] = page.evaluate(
        "options => axe.run(options).then(told => told.violations)", options
    )
    return [
        f"axe {each['id']}: {node['html'][:120]} ({' '.join(node['failureSummary'].split())[:160]})"
        for each in found
        for node in each["nodes"][:4]
    ]


def small_targets(measured: Facts) -> Iterator[str]:
    """What a finger touches is at least 48 pixels wide and high."""
    for each in measured["targets"]:
        width, height = each["right"] - each["left"], each["bottom"] - each["top"]
        if min(width, height) < TARGET - _SLACK:
            yield f"target {width:.0f} × {height:.0f}: {each['name']}"


def crowded_targets(measured: Facts) -> Iterator[str]:
    """Two of them are 8 pixels apart; a bar that floats over the page is judged by itself."""
    targets = measured["targets"]
    for at, one in enumerate(targets):
        for other in targets[at + 1 :]:
            if one["floats"] == other["floats"] and not (_within(one, other) or _within(other, one)):
                across = max(other["left"] - one["right"], one["left"] - other["right"])
                down = max(other["top"] - one["bottom"], one["top"] - other["bottom"])
                if max(across, down) < APART - _SLACK:
                    yield f"targets {max(across, down):.0f} apart: {one['name']} and {other['name']}"


def faint_borders(measured: Facts) -> Iterator[str]:
    """A control stands out from what is around it by 3:1, with its border or its ground."""
    for each in measured["edges"]:
        if each["contrast"] < BORDER - 0.01:
            yield f"border {each['contrast']:.2f}:1: {each['name']}"


def sticks_out(measured: Facts) -> Iterator[str]:
    """Nothing is wider than the screen."""
    for name in measured["sticking"][:4]:
        yield f"sticks out on the right: {name}"


def headings(measured: Facts) -> Iterator[str]:
    """One heading of the first rank, a title that begins with the program's name, a language."""
    if len(measured["h1"]) != 1:
        yield f"h1: {measured['h1']}"
    if not re.match(r"(\w+ · )?Approdo – \S", measured["title"]):
        yield f"title: {measured['title']!r}"
    if measured["language"] not in ("it", "en"):
        yield f"lang: {measured['language']!r}"


def inlined(measured: Facts) -> Iterator[str]:
    """No style and no script in the page itself."""
    for each in measured["inlined"]:
        yield f"inline: {each}"


def codes(measured: Facts) -> Iterator[str]:
    """No word of the program: its codes, the members of its enumerations, are said in words."""
    said = {
        word
        for text in (*measured["texts"], *measured["spoken"], measured["title"])
        for word in _CODE.findall(text)
    }
    for word in sorted(word for word in said if "_" in word or word in words_of_the_program()):
        yield f"code shown: {word}"


def hard_to_read(measured: Facts) -> Iterator[str]:
    """An Italian page reaches 60 on the Gulpease scale."""
    score = gulpease(measured["texts"])
    if measured["language"] == "it" and score < READABLE:
        yield f"Gulpease {score:.1f}: {hardest(measured['texts'])}"


def tells_too_much(measured: Facts, never_shown: Iterable[str]) -> Iterator[str]:
    """Neither the title nor the address, which stay in a telephone's history, name anybody or a house."""
    for word in never_shown:
        if word.lower() in f"{measured['title']} {measured['url']}".lower():
            yield f"title or address: {word}"
    if _ID.search(measured["title"]):
        yield f"title: an id in {measured['title']!r}"


def bright_at_night(measured: Facts) -> Iterator[str]:
    if measured["brightness"] > DARK:
        yield f"bright at night: {measured['brightness']:.2f}"


OURS: tuple[Callable[[Facts], Iterator[str]], ...] = (
    small_targets,
    crowded_targets,
    faint_borders,
    sticks_out,
    headings,
    inlined,
    codes,
    hard_to_read,
)


@cache
def words_of_the_program() -> frozenset[str]:
    """Every member of every enumeration of the domain that is written in capitals."""
    found = set()
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        for each in vars(importlib.import_module(module.name)).values():
            if isinstance(each, type) and issubclass(each, enum.Enum):
                found |= {str(member.value) for member in each} | {member.name for member in each}
    return frozenset(word for word in found if _CODE.fullmatch(word)) - SAID_SO


def _within(one: Facts, other: Facts) -> bool:
    return bool(
        one["left"] >= other["left"] - _SLACK
        and one["right"] <= other["right"] + _SLACK
        and one["top"] >= other["top"] - _SLACK
        and one["bottom"] <= other["bottom"] + _SLACK
    )
