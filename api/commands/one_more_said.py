"""One more unit as people type it on the command line."""

from __future__ import annotations

import enum
from dataclasses import replace
from typing import TypeVar

from api.commands.arguments import WrongArgument
from api.commands.instants import instant
from domain.network import NetworkState
from domain.vocabulary import Feature, IntakeMode, LevelFunction
from ledger.evidence.one_more import OneMore

MOST_PLACES = 100
_KEYS = ("level", "beds", "cots", "exclusive", "features", "modes", "from")

_Word = TypeVar("_Word", bound=enum.StrEnum)


def unit_said(text: str, network: NetworkState) -> OneMore:
    """Words like `level=reception beds=3 cots=1 features=GROUND_FLOOR,STEP_FREE from=2026-11-20T22:00`; a
    level by the network's code, or by its function where one level alone has that. Errors: `WrongArgument`,
    `WrongInstant`.
    """
    words = {key: value or "yes" for key, _, value in (word.partition("=") for word in text.split())}
    strange = words.keys() - set(_KEYS)
    if strange or not {"level", "beds"} <= words.keys():
        raise WrongArgument(
            f"{text!r}: write it like level=reception beds=3, and as wanted {' '.join(_KEYS[2:])}, each once."
        )
    unit = OneMore(level=_level(words["level"], network), beds=_number(words["beds"]))
    unit = replace(
        unit,
        cots=_number(words.get("cots", "0")),
        exclusive=words.get("exclusive", "no") == "yes",
        features=_each(Feature, words["features"]) if "features" in words else (),
        intake_modes=_each(IntakeMode, words["modes"]) if "modes" in words else tuple(IntakeMode),
        free_from=instant(words["from"], network.zone) if "from" in words else None,
    )
    if not 0 < unit.beds + unit.cots <= MOST_PLACES:
        raise WrongArgument(f"{text!r}: one unit has from 1 to {MOST_PLACES} places.")
    return unit


def _level(name: str, network: NetworkState) -> str:
    codes = [level.code for level in network.levels if name in (level.code, str(level.function))]
    if len(codes) != 1:
        known = ", ".join(sorted(level.code for level in network.levels))
        functions = ", ".join(LevelFunction)
        raise WrongArgument(
            f"{name!r} is not one level of this network: {known}; or one alone of {functions}."
        )
    return codes[0]


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > len(str(MOST_PLACES)):
        raise WrongArgument(f"{text!r} is not a number of places.")
    return int(text)


def _each(kind: type[_Word], text: str) -> tuple[_Word, ...]:
    """Each once, in the order of the kind."""
    named = set(text.split(","))
    if strange := named - {str(word) for word in kind}:
        raise WrongArgument(f"{', '.join(sorted(strange))}: these are known: {', '.join(map(str, kind))}.")
    return tuple(word for word in kind if str(word) in named)
