"""Everybody knocks at every door, over HTTP, in every state of a placement: who is let in, who is told no,
who is told as of an id that names nothing; and whoever is let in sees exactly the fields of their view.

What is expected stands in `permissions.toml`, apart from the product's own table. The control takes each
check of the product away by itself and must find the table broken every time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from domain.permissions import deciding
from domain.permissions.matrix import MATRIX
from trials.drills.finding import Finding
from trials.drills.permissions_asides import Aside, asides
from trials.drills.permissions_calls import (
    Calls,
    knock_everywhere,
    knocked,
    unclassified,
    without_a_token,
)
from trials.drills.permissions_stage import STATES, Stage, network, staged
from trials.drills.permissions_table import FORBIDDEN, HIDDEN, Cell, Table, read_table, strange_fields
from trials.drills.permissions_without import (
    Asked,
    Rule,
    Without,
    may_deny,
    without_asking_at,
    without_filters,
    without_rule,
)
from trials.stage.ground import folder, ground
from trials.stage.ledger_on import TrialLedger, found_on

REDUCED_STATES = ("ACCEPTED", "OVER", "ENDED")
EACH_REDUCED = 8
"""Of so many controls one is tried where rounds are few."""
_MOST_TRIED = 400
TABLE = "MATRIX"


@dataclass(kw_only=True)
class Found:
    """What came of it: calls, and the checks taken away that nobody missed."""

    calls: Calls = field(default_factory=Calls)
    asides: int = 0
    tried: int = 0
    unmissed: list[str] = field(default_factory=list)


def run(rounds: int, reduced: bool) -> Finding:
    with ground() as on, folder() as keys:
        settings = on.durability()
        found = asyncio.run(_asked(found_on(on, network(), keys), reduced=reduced))
    killed = found.tried - len(found.unmissed)
    return Finding(
        name="permissions",
        wrong=len(found.calls.wrong) + len(found.unmissed),
        needed={
            "cells": found.calls.cells,
            "fields": found.calls.fields,
            "hidden_alike": found.calls.alike,
            "asides": found.asides,
        },
        control=killed,
        control_said=f"each check taken away: {killed} of {found.tried} missed",
        settings=settings,
        complaints=(*_each_once(found.calls.wrong), *(f"not missed: {name}" for name in found.unmissed)),
    )


def _each_once(wrong: list[str]) -> tuple[str, ...]:
    """The first complaint about each door."""
    told: dict[str, str] = {}
    for complaint in wrong:
        told.setdefault(" ".join(complaint.split()[:2]), complaint)
    return tuple(told.values())


async def _asked(ledger: TrialLedger, *, reduced: bool) -> Found:
    table, found = read_table(), Found()
    async with staged(ledger) as stage:
        for door in unclassified(stage, table):
            found.calls.wrong.append(f"{door} is not classified")
        rules = await _rules_asked(stage, table, found, REDUCED_STATES if reduced else STATES)
        await without_a_token(stage, table, found.calls)
        _judge_steps(stage, table, found.calls)
        if not found.calls.wrong:
            each = EACH_REDUCED if reduced else 1
            await _control(stage, table, found, rules, each)
    return found


async def _rules_asked(
    stage: Stage, table: Table, found: Found, states: tuple[str, ...]
) -> dict[Rule, tuple[list[Cell], list[Aside]]]:
    """Call every cell and every aside; which rules of the product's table each of them asked for."""
    rules: dict[Rule, tuple[list[Cell], list[Aside]]] = {}
    try:
        for cell in table.cells(states):
            asked = Asked()
            setattr(deciding, TABLE, asked)
            await knock_everywhere(stage, table, (cell,), found.calls)
            for rule in asked.rules:
                rules.setdefault(rule, ([], []))[0].append(cell)
        for name, aside in asides().items():
            asked = Asked()
            setattr(deciding, TABLE, asked)
            complaint = await aside(stage)
            found.asides += 1
            if complaint is not None:
                found.calls.wrong.append(f"{name}: {complaint}")
            for rule in asked.rules:
                rules.setdefault(rule, ([], []))[1].append(aside)
    finally:
        setattr(deciding, TABLE, MATRIX)
    return rules


def _judge_steps(stage: Stage, table: Table, calls: Calls) -> None:
    """The answers to the steps that set the stage: each has the fields of its view and no other."""
    for view, answer in stage.told:
        allowed = table.fields[view]
        calls.fields += len(allowed)
        if strange := strange_fields(answer, allowed):
            calls.wrong.append(f"{view}: other fields than allowed: {', '.join(strange)}")


async def _control(
    stage: Stage,
    table: Table,
    found: Found,
    rules: dict[Rule, tuple[list[Cell], list[Aside]]],
    each: int,
) -> None:
    cells = tuple(table.cells())
    denied = sorted(rule for rule in rules if may_deny(rule))
    for rule in denied[::each]:
        await _try(stage, table, found, without_rule(rule), *_denied_first(rules[rule]))
    for door in tuple(table.doors)[::each]:
        own = [cell for cell in cells if cell.door == door]
        for hidden in (False, True):
            letter = HIDDEN if hidden else FORBIDDEN
            missed = [cell for cell in own if cell.letter == letter]
            if missed:
                away = without_asking_at(stage, door, hidden=hidden)
                await _try(stage, table, found, away, missed, ())
    for away in without_filters():
        behind = [cell for cell in cells if cell.door in away.doors]
        await _try(stage, table, found, away, behind, tuple(asides().values()) if away.asides else ())


def _denied_first(asked: tuple[list[Cell], list[Aside]]) -> tuple[Sequence[Cell], Sequence[Aside]]:
    cells = sorted(asked[0], key=lambda cell: cell.letter not in (FORBIDDEN, HIDDEN))
    return cells[:_MOST_TRIED], asked[1]


async def _try(
    stage: Stage,
    table: Table,
    found: Found,
    away: Without,
    cells: Sequence[Cell],
    beyond: Iterable[Aside],
) -> None:
    """Whether somebody misses the check that is away."""
    found.tried += 1
    with away.away():
        calls = Calls()
        for aside in beyond:
            if await aside(stage) is not None:
                return
        for cell in cells:
            async for _ in knocked(stage, table, cell, calls):
                return
    found.unmissed.append(away.name)
