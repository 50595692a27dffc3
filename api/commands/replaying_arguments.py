"""The arguments of `approdo replay`, and which of its commands they ask for."""

from __future__ import annotations

import argparse
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from api.commands.arguments import command_of, count, number, uuid
from api.settings import Settings


def add_replay(commands: Any) -> None:
    changes = (
        "Changes nothing in the ledger, but that of a REAL log --dump uses up the approval of two persons, "
        "without which it refuses, and records that it did; it writes FILE, with all that the log holds."
    )
    command = command_of(commands, "replay", _replay, "show and check the log as it stood", changes)
    until = command.add_mutually_exclusive_group()
    until.add_argument(
        "--as-of", metavar="INSTANT", help="up to this instant; without an offset, the network's time"
    )
    until.add_argument("--position", type=count, metavar="N", help="up to this position")
    command.add_argument(
        "--about",
        metavar="INSTANT",
        help="tell what was believed, by what was recorded up to there, about this earlier instant",
    )
    command.add_argument(
        "--since",
        metavar="INSTANT",
        help="tell what changed between this instant and there: places, requests, policies, availability, "
        "and what was entered late",
    )
    what = command.add_mutually_exclusive_group()
    what.add_argument(
        "--placement",
        type=uuid,
        metavar="ID",
        help="tell this placement's journey and the ranking that stood",
    )
    what.add_argument("--decisions", action="store_true", help="derive every decision again and compare")
    what.add_argument("--dump", type=Path, metavar="FILE", help="write the stored rows as a plain dump")
    command.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FILE",
        help="with --decisions: from a plain dump, without a database",
    )
    command.add_argument(
        "--fast", action="store_true", help="with --decisions: by the fast twins of the rankers"
    )
    command.add_argument(
        "--window",
        type=number,
        metavar="N",
        help="with --decisions: how many rows back from its record a decision may rest (20000)",
    )
    command.add_argument(
        "--policy",
        type=Path,
        metavar="FILE",
        help="with --decisions: tell which would have been others under the policy of this file (TOML), each "
        "judged by itself",
    )
    command.add_argument(
        "--one-more",
        metavar="UNIT",
        help="with --decisions: tell which would have been others with one more unit, written like "
        "'level=reception beds=3 cots=1 features=GROUND_FLOOR from=2026-11-20T22:00'",
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(misused=command.error)


def _replay(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, bool | None]:
    if asked.about is not None and (asked.decisions or asked.dump is not None):
        asked.misused("--about goes with what is shown, alone or with --placement")
    if asked.since is not None:
        return _changes(settings, asked)
    if asked.decisions and (asked.policy is not None or asked.one_more is not None):
        return _otherwise(settings, asked)
    if asked.decisions:
        return _rederive(settings, asked)
    of_decisions = (asked.source, asked.window, asked.policy, asked.one_more)
    if asked.fast or any(each is not None for each in of_decisions):
        asked.misused("--from, --fast, --window, --policy and --one-more go with --decisions")
    if asked.dump is not None:
        from api.commands import dumping

        return dumping.dump(settings, asked.dump, position=asked.position, as_of=asked.as_of)
    from api.commands import replaying

    return replaying.replay(
        settings,
        as_of=asked.as_of,
        position=asked.position,
        about=asked.about,
        placement_id=asked.placement,
        in_json=asked.json,
    )


def _otherwise(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    if asked.fast:
        asked.misused("--fast compares with what was recorded: it does not go with --policy or --one-more")
    from api.commands import replaying_otherwise

    return replaying_otherwise.otherwise(
        settings,
        source=asked.source,
        position=asked.position,
        as_of=asked.as_of,
        policy=asked.policy,
        one_more=asked.one_more,
        window=asked.window,
        in_json=asked.json,
    )


def _changes(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    others = (
        asked.about,
        asked.placement,
        asked.dump,
        asked.source,
        asked.window,
        asked.policy,
        asked.one_more,
    )
    if asked.decisions or asked.fast or any(each is not None for each in others):
        asked.misused("--since goes with --as-of, --position and --json alone")
    from api.commands import replaying_changes

    return replaying_changes.changes(
        settings, since=asked.since, as_of=asked.as_of, position=asked.position, in_json=asked.json
    )


def _rederive(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import replaying_decisions
    from ledger.evidence.rederive import Way

    return replaying_decisions.rederive(
        settings,
        source=asked.source,
        position=asked.position,
        as_of=asked.as_of,
        way=Way.FAST if asked.fast else Way.NORMATIVE,
        window=asked.window,
        in_json=asked.json,
    )
