"""The arguments of `approdo checkpoint`, and its two commands."""

from __future__ import annotations

import argparse
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from api.commands.arguments import command_of
from api.settings import Settings


def add_checkpoint(commands: Any) -> None:
    checkpoint = commands.add_parser(
        "checkpoint", help="the log's signed head on a page to send and keep, and what came back of it"
    )
    inner = checkpoint.add_subparsers(title="commands", required=True, metavar="COMMAND")
    changes = (
        "Changes nothing in the ledger. The page is text, in Italian with a short English part, to be sent "
        "by certified mail to two partner bodies and entered in the register of correspondence. A file that "
        "is there already is not overwritten."
    )
    command = command_of(inner, "page", _page, "write the page of the day", changes)
    command.add_argument("file", type=Path, metavar="FILE", help="where to; -: standard output")
    changes = (
        "Changes nothing. Exit status: 0 every head fits, 1 one cannot be read, 5 one is not signed by the "
        "log's key (or a page spells another root than it carries), 9 one does not fit; the lowest that was "
        "found."
    )
    summary = "hold pages, mails or bare notes that were kept against the log as it is sealed now"
    command = command_of(inner, "check", _check, summary, changes)
    command.add_argument("files", type=Path, nargs="+", metavar="FILE", help="-: standard input")
    command.add_argument(
        "--trust",
        type=Path,
        metavar="FILE",
        help="the log's keys as they were given to you (C2SP tlog-policy), instead of those it states",
    )


def _page(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import checkpoints

    return checkpoints.page(settings, asked.file)


def _check(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, int]:
    from api.commands import checkpoints

    return checkpoints.check(settings, asked.files, asked.trust)
