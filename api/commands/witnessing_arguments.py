"""The arguments of `approdo witness`."""

from __future__ import annotations

import argparse
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from api.commands.arguments import port
from api.settings import Settings

PORT = 8010


def add_witness(commands: Any) -> None:
    command = commands.add_parser(
        "witness",
        help="remember the heads of logs and cosign each that follows from the last",
        description=(
            "Remember the heads of logs and cosign each that follows from the last (C2SP tlog-witness). For "
            "another body than the one that keeps the log, on a machine of its own. Needs no database and "
            "reads no setting. Changes only the files in its folder: one for each log; whoever loses them "
            "must take another key."
        ),
    )
    command.set_defaults(command=_witness)
    command.add_argument("--dir", dest="folder", type=Path, required=True, help="where it remembers")
    command.add_argument(
        "--name", required=True, help="of its key: as a rule an address without scheme, witness.example/one"
    )
    command.add_argument(
        "--key", type=Path, required=True, metavar="FILE", help="64 hexadecimal digits; drawn where absent"
    )
    command.add_argument(
        "--log", action="append", default=[], metavar="VKEY", help="a log whose heads it takes (repeatable)"
    )
    command.add_argument(
        "--trust", type=Path, metavar="FILE", help="a file (C2SP tlog-policy) that names them"
    )
    command.add_argument("--host", dest="witness_host", default="127.0.0.1", help="(127.0.0.1)")
    command.add_argument(
        "--port", dest="witness_port", type=port, default=PORT, help=f"({PORT}; 0: any free)"
    )
    command.add_argument("--print-key", action="store_true", help="print its verifier key and end")


def _witness(_: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import witnessing

    return witnessing.witness(
        witnessing.Asked(
            folder=asked.folder,
            name=asked.name,
            key=asked.key,
            vkeys=tuple(asked.log),
            trust=asked.trust,
            host=asked.witness_host,
            port=asked.witness_port,
            print_key=asked.print_key,
        )
    )
