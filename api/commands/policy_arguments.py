"""The arguments of `approdo policy`, and its four commands."""

from __future__ import annotations

import argparse
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from api.commands.arguments import add_source, command_of, number
from api.settings import Settings


def add_policy(commands: Any) -> None:
    policy = commands.add_parser("policy", help="the rules under which is decided: show, check, try, adopt")
    inner = policy.add_subparsers(title="commands", required=True, metavar="COMMAND")
    command = command_of(
        inner, "show", _policy_show, "show the policy in force and every one before it", "Changes nothing."
    )
    add_source(command)
    command = command_of(
        inner, "check", _policy_check, "say of a policy file everything that is wrong", "Changes nothing."
    )
    _add_policy_file(command)
    changes = (
        "Changes nothing: every decision is ranked again where it was taken, under the file's rules, each by "
        "itself."
    )
    summary = "tell what a policy file would have done to the decisions of the log"
    command = command_of(inner, "impact", _policy_impact, summary, changes)
    _add_policy_file(command)
    command.add_argument("--last", type=number, metavar="N", help="only the last N decisions")
    command.add_argument("--days", type=number, metavar="N", help="only those of the last N days of the log")
    add_source(command)
    changes = (
        "Writes one event: from then on every decision is taken under the file's policy. Without --yes it "
        "shows what would change and writes nothing. A version that had other values is refused."
    )
    command = command_of(inner, "adopt", _policy_adopt, "put the policy of a file in force", changes)
    _add_policy_file(command)
    command.add_argument("--yes", action="store_true", help="adopt it")


def _add_policy_file(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "file", type=Path, metavar="FILE", help="a policy file (TOML): the [policy] of a network file"
    )


def _policy_show(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import policy

    return policy.show(settings, source=asked.source, in_json=asked.json)


def _policy_check(_: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import policy

    return policy.check(asked.file)


def _policy_impact(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import policy_impact

    return policy_impact.impact(
        settings, asked.file, source=asked.source, last=asked.last, days=asked.days, in_json=asked.json
    )


def _policy_adopt(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import policy

    return policy.adopt(settings, asked.file, confirmed=asked.yes)
