"""What the arguments of several commands have in common: how a command is added, and what a word may be."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any
from uuid import UUID

SETTINGS = """Settings are variables that begin with APPRODO_ (docs/OPERATIONS.md). Without
APPRODO_DATABASE_URL the program runs a PostgreSQL of its own in APPRODO_DATA_DIR."""


class WrongArgument(Exception):
    """An argument that a command understands only when it has read something. The message says how to write
    it.
    """


def command_of(commands: Any, name: str, run: Any, summary: str, changes: str) -> argparse.ArgumentParser:
    """A command that `run` runs; its help says in `summary` what it does and in `changes` what it changes."""
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=summary, description=f"{summary[:1].upper()}{summary[1:]}. {changes}", epilog=SETTINGS
    )
    command.add_argument(
        "--data-dir", type=Path, help="instead of APPRODO_DATA_DIR (only without APPRODO_DATABASE_URL)"
    )
    command.set_defaults(command=run)
    return command


def add_log_level(command: argparse.ArgumentParser) -> None:
    """For a command that goes on until it is stopped."""
    command.add_argument(
        "--log-level", choices=("debug", "info", "warning", "error"), default="warning", help="(warning)"
    )


def port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("a position is a whole number, 0 or more")
    return int(text)


def number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 10**9:
        raise argparse.ArgumentTypeError("a whole number, 1 or more")
    return int(text)


def uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise argparse.ArgumentTypeError("an id is a UUID, as replay prints them") from None


def add_source(command: argparse.ArgumentParser) -> None:
    """For a command that reads a log and prints what it found."""
    command.add_argument(
        "--from", dest="source", type=Path, metavar="FILE", help="from a plain dump, without a database"
    )
    command.add_argument("--json", action="store_true", help="print JSON")
