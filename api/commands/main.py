"""The command line `approdo`: reads the arguments, runs one command, and tells in one line what went wrong.

What a command does stands in its own module. Exit status: 0 done, 1 refused or failed, or a log whose
decisions do not follow from it, 2 wrong arguments or settings, 3 a log that is not sound, 130 stopped by
Ctrl-C; `verify` has its own. Nobody sees a traceback for a mistake of theirs.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

from api.commands.arguments import SETTINGS, WrongArgument, add_log_level, command_of, port
from api.commands.checkpoints_arguments import add_checkpoint
from api.commands.dossier_arguments import add_dossier, add_verify_dossier
from api.commands.evidence_arguments import add_export, add_verify
from api.commands.guarding import guard, log_from
from api.commands.instants import WrongInstant
from api.commands.listening import CannotListen
from api.commands.operators_arguments import add_operators
from api.commands.policy_arguments import add_policy
from api.commands.replaying_arguments import add_replay
from api.commands.sealing_arguments import add_seal
from api.commands.witnessing_arguments import add_witness
from api.identity.key_file import BadKeyFile
from api.network_file.founding import FoundingRefused
from api.network_file.reading import BadNetworkFile
from api.network_file.writing import FoundedOtherwise
from api.settings import Settings, WrongSettings, read_settings
from api.wiring import VERSION
from domain.vocabulary import LogKind
from ledger.faults import LedgerFault
from ledger.store.port import LogClock

DONE, FAILED, MISUSED, NOT_SOUND, STOPPED = 0, 1, 2, 3, 130


def program() -> int:
    """The whole process: guarded before anything else, then one command."""
    guard()
    return main()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    asked = _parser().parse_args(arguments)
    refusals = (BadKeyFile, BadNetworkFile, CannotListen, FoundedOtherwise, LedgerFault)
    try:
        return _run(asked)
    except (WrongSettings, WrongInstant, WrongArgument) as wrong:
        return _tell(str(wrong), MISUSED)
    except FoundingRefused as refusal:
        return _tell(f"the network cannot be founded: {refusal}", FAILED)
    except refusals as refusal:
        return _tell(str(refusal) or type(refusal).__name__, FAILED)
    except KeyboardInterrupt:
        return STOPPED


def _tell(said: str, status: int) -> int:
    for line in said.splitlines():
        print(f"approdo: {line}", file=sys.stderr)
    return status


def _run(asked: argparse.Namespace) -> int:
    if (alone := getattr(asked, "alone", None)) is not None:
        status: int = alone(asked)
        return status
    settings = read_settings(
        **{name: getattr(asked, name, None) for name in ("host", "port", "data_dir")},
    )
    return _status(_completed(asked.command(settings, asked)))


def _status(result: int | None) -> int:
    """A command may also give a status of its own."""
    if result is None or result is True:
        return DONE
    return NOT_SOUND if result is False else result


def _completed(command: Coroutine[Any, Any, int | None]) -> int | None:
    try:
        import uvloop
    except ImportError:
        return asyncio.run(command)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(command)


# --- the commands -------------------------------------------------------------------------------------------


def _serve(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import serving

    log_from(asked.log_level)
    return serving.serve(settings)


def _work(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import working

    log_from(asked.log_level)
    return working.work(settings)


def _rebuild(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import rebuilding

    return rebuilding.rebuild(settings, swap=asked.swap)


def _rewrap(settings: Settings, _: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import rewrapping

    return rewrapping.rewrap(settings)


def _migrate(settings: Settings, _: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import founding

    return founding.migrate(settings)


def _shred(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import shredding

    return shredding.shred(settings, finish=asked.finish)


def _init(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import founding

    return founding.init(
        settings,
        path=asked.file,
        kind=LogKind(asked.kind.upper()),
        clock=LogClock(asked.clock.upper()),
        starts_at=asked.starts_at,
        print_ids=asked.print_ids,
    )


def _clock_set(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import clock

    return clock.set_clock(settings, asked.instant)


# --- the arguments ------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="approdo", description="A protected place at night, held and recorded.", epilog=SETTINGS
    )
    parser.add_argument("--version", action="version", version=f"approdo {VERSION}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_serve(commands)
    _add_work(commands)
    add_seal(commands)
    _add_init(commands)
    _add_migrate(commands)
    add_replay(commands)
    _add_rebuild(commands)
    _add_shred(commands)
    add_policy(commands)
    add_operators(commands)
    _add_clock(commands)
    _add_rewrap(commands)
    add_export(commands)
    add_verify(commands)
    add_dossier(commands)
    add_verify_dossier(commands)
    add_checkpoint(commands)
    add_witness(commands)
    return parser


def _add_serve(commands: Any) -> None:
    changes = (
        "Changes the ledger as callers ask and as deadlines pass. An embedded database, or one whose owner's "
        "address is given, is brought to this program's schema first; any other must be there already."
    )
    command = command_of(commands, "serve", _serve, "serve the HTTP doors until stopped", changes)
    command.add_argument("--host", help="the address to listen on (127.0.0.1)")
    command.add_argument("--port", type=port, help="the port to listen on (8000; 0: any free one)")
    add_log_level(command)


def _add_work(commands: Any) -> None:
    changes = (
        "Changes the ledger as deadlines pass and places free, and the read models as the log grows, as "
        "`serve` does too; any number of both may run. An embedded database that `serve` runs is used as it "
        "is."
    )
    command = command_of(
        commands, "work", _work, "turn the loops without the HTTP doors until stopped", changes
    )
    add_log_level(command)


def _add_rebuild(commands: Any) -> None:
    changes = (
        "Never changes an event. Makes the rows of the bed board, the on-call queue, the timelines and unmet "
        "need beside those that are read, compares them row by row at one position, and lets the new ones "
        "take over where all agree. Where one differs it is told, nothing is changed, and the exit status "
        "is 1."
    )
    command = command_of(commands, "rebuild", _rebuild, "make the read models again from the log", changes)
    command.add_argument(
        "--swap", action="store_true", help="let the rebuilt rows take over also where some differ"
    )


def _add_rewrap(commands: Any) -> None:
    changes = (
        "Changes no event and no value. Wraps the keys of the vault that are still under the former master "
        "key (APPRODO_VAULT_FORMER_KEY_FILE) under the present one, beside running servers that have both. "
        "May be interrupted and repeated."
    )
    command_of(commands, "rewrap", _rewrap, "wrap the vault's keys under a new master key", changes)


def _add_init(commands: Any) -> None:
    changes = (
        "Writes the first events of an empty ledger, all or none; what kind of log it is stays so for ever. "
        "The same file again changes nothing."
    )
    command = command_of(commands, "init", _init, "found the network of a file", changes)
    command.add_argument("file", type=Path, metavar="FILE", help="a network file (TOML)")
    command.add_argument(
        "--kind", choices=("exercise", "real"), required=True, help="an exercise, or in earnest"
    )
    command.add_argument(
        "--clock", choices=("real", "virtual"), default="real", help="virtual: moved by hand, for an exercise"
    )
    command.add_argument("--starts-at", metavar="INSTANT", help="where a virtual clock begins (now)")
    command.add_argument(
        "--print-ids", action="store_true", help="print the ids that the file's labels became, as JSON"
    )


def _add_shred(commands: Any) -> None:
    changes = (
        "Alone it changes nothing. With --finish it destroys for good the key of every case whose "
        "destruction one person proposed and another approved at the doors, and all that stands under it; "
        "serve and work do the same by themselves. It never proposes or approves, and can read nothing of "
        "what it destroys. "
        "No event is changed."
    )
    summary = "list what was proposed and approved to be destroyed"
    command = command_of(commands, "shred", _shred, summary, changes)
    command.add_argument("--finish", action="store_true", help="finish what two persons have approved")


def _add_migrate(commands: Any) -> None:
    changes = (
        "Changes the schema, never an event. Needs APPRODO_OWNER_DATABASE_URL, or the embedded database."
    )
    command_of(commands, "migrate", _migrate, "bring the database to this program's schema", changes)


def _add_clock(commands: Any) -> None:
    clock = commands.add_parser("clock", help="move the virtual clock of an exercise")
    inner = clock.add_subparsers(title="commands", required=True, metavar="COMMAND")
    changes = (
        "Changes the instant that every process of this exercise decides at; never before what is recorded."
    )
    command = command_of(inner, "set", _clock_set, "set the exercise's clock", changes)
    command.add_argument("instant", metavar="INSTANT", help="like 2026-11-21T02:13:00+01:00")


if __name__ == "__main__":
    sys.exit(program())
