"""The arguments of `approdo export` and `approdo verify`."""

from __future__ import annotations

import argparse
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from api.commands.arguments import command_of
from api.settings import Settings

STATUSES = """exit status, the lowest of what was found:
  0  all holds
  1  the export cannot be read in full
  2  wrong arguments
  3  the events contradict each other
  4  content differs: files, rows, leaves or tree
  5  the chain of heads, or a signature, is wrong
  6  fewer witnesses than are needed
  7  a time stamp is wrong
  8  a decision does not follow
  9  a head that was kept earlier does not fit"""


def add_export(commands: Any) -> None:
    changes = (
        "Changes nothing in the ledger, but that of a REAL log it uses up the approval of two persons, "
        "without which it refuses, and records that it did. It writes DIR with all that the log holds up to "
        "its last head."
    )
    command = command_of(commands, "export", _export, "write the sealed log out, to be checked", changes)
    command.add_argument("folder", type=Path, metavar="DIR", help="a new directory")


def _export(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import exporting

    return exporting.export(settings, asked.folder)


def add_verify(commands: Any) -> None:
    """It needs no settings: `alone` says so to the program."""
    command = commands.add_parser(
        "verify",
        help="check an exported log, without a database or a network",
        description="Check what `approdo export` wrote, with nothing but it, public keys and kept heads. "
        "Changes nothing.",
        epilog=STATUSES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("folder", type=Path, metavar="DIR", help="the export")
    command.add_argument(
        "--trust",
        type=Path,
        metavar="FILE",
        help="whom to believe: lines `log KEY` and `quorum none`, or witnesses and their quorum "
        "(C2SP tlog-policy; without it: the export's own word)",
    )
    command.add_argument(
        "--against",
        type=Path,
        metavar="FILE",
        action="append",
        default=[],
        help="a head that was kept earlier: a note, a daily page, a letter with one; any number of times",
    )
    command.add_argument(
        "--stamp-roots", type=Path, metavar="FILE", help="certificates (PEM) that vouch for time stamps"
    )
    command.add_argument("--fast", action="store_true", help="decisions by the fast twins of the rankers")
    command.add_argument("--no-decisions", action="store_true", help="derive no decision again")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(alone=_verify)


def _verify(asked: argparse.Namespace) -> int:
    from api.commands.verifying import VerifyArguments, verify

    return verify(
        VerifyArguments(
            folder=asked.folder,
            trust=asked.trust,
            against=asked.against,
            stamp_roots=asked.stamp_roots,
            fast=asked.fast,
            decisions=not asked.no_decisions,
            in_json=asked.json,
        )
    )
