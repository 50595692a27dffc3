"""The arguments of `approdo seal`."""

from __future__ import annotations

import argparse
from collections.abc import Coroutine
from typing import Any

from api.commands.arguments import add_log_level, command_of
from api.commands.guarding import log_from
from api.settings import Settings

_CHANGES = (
    "Never changes an event. Adds to what is sealed: the tree over the log's events, its signed heads, and "
    "every ten minutes that the last one still stands; and keeps the last head in APPRODO_SEALED_HEAD_FILE. "
    "Needs APPRODO_LOG_KEY_FILE beside a given database. Ends with status 1 where the database is not, at "
    "the start, the one that was sealed."
)


def add_seal(commands: Any) -> None:
    command = command_of(commands, "seal", _seal, "seal the log until stopped", _CHANGES)
    instead = command.add_mutually_exclusive_group()
    instead.add_argument(
        "--adopt",
        action="store_true",
        help="instead: hash every event again and go on from the database's last head, where the file with "
        "the last head was lost or a backup was taken in use; changes that file, and tells what it holds "
        "from then on and what is given up",
    )
    instead.add_argument(
        "--print-key", action="store_true", help="instead: print the keys of heads and clock, to be published"
    )
    add_log_level(command)


def _seal(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import sealing

    log_from(asked.log_level)
    if asked.print_key:
        return sealing.print_key(settings)
    return sealing.adopt_head(settings) if asked.adopt else sealing.seal(settings)
