"""The arguments of `approdo dossier` and `approdo verify-dossier`."""

from __future__ import annotations

import argparse
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from api.commands.arguments import command_of, uuid
from api.settings import Settings
from domain.vocabulary import DossierId

STATUSES = """exit status, the lowest of what was found:
  0  all holds
  1  the dossier cannot be read
  2  wrong arguments
  3  an event is left out, or one is of another case
  4  content differs: what is shown is not what the log has, or not what people read
  5  a signature is wrong: of the head, of the statement that nothing is left out, of an attestation
  6  fewer witnesses than are needed"""


def add_dossier(commands: Any) -> None:
    changes = (
        "Records that it is made, which it can be once, and writes DIR: the events of that case alone, with "
        "their proofs, as JSON and as pages (PDF/A). A copy was ordered at the doors before (POST "
        "/cases/ID/dossiers); a reserved annex was also approved by another person, and is encrypted to the "
        "recipient."
    )
    command = command_of(commands, "dossier", _dossier, "write a copy of one case for a court", changes)
    command.add_argument("dossier_id", type=uuid, metavar="DOSSIER_ID", help="as it was ordered")
    command.add_argument("folder", type=Path, metavar="DIR", help="a new directory")
    command.add_argument(
        "--recipient",
        type=Path,
        metavar="CERT",
        help="for a reserved annex: the certificate (PEM, RSA) of the one person who may open it",
    )


def _dossier(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import dossier

    return dossier.write_dossier(settings, DossierId(asked.dossier_id), asked.folder, asked.recipient)


def add_verify_dossier(commands: Any) -> None:
    """It needs no settings: `alone` says so to the program."""
    command = commands.add_parser(
        "verify-dossier",
        help="check a copy of a case for a court, without a database or a network",
        description="Check what `approdo dossier` wrote; an annex once it is decrypted and unpacked. Changes "
        "nothing.",
        epilog=STATUSES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("folder", type=Path, metavar="DIR", help="the copy")
    command.add_argument(
        "--trust",
        type=Path,
        metavar="FILE",
        required=True,
        help="whom to believe: lines `log KEY` and `quorum none` (C2SP tlog-policy)",
    )
    command.set_defaults(alone=_verify)


def _verify(asked: argparse.Namespace) -> int:
    from api.commands.verifying_dossier import verify_dossier

    return verify_dossier(asked.folder, asked.trust)
