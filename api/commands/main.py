"""The command line `approdo`: reads the arguments, runs one command, and tells in one line what went wrong.

What a command does stands in its own module. Exit status: 0 done, 1 refused or failed, or a log whose
decisions do not follow from it, 2 wrong arguments or settings, 3 a log that is not sound, 130 stopped by
Ctrl-C. Nobody sees a traceback for a mistake of theirs.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from api.commands.instants import WrongInstant
from api.commands.listening import CannotListen
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the process's exit status."""
    asked = _parser().parse_args(arguments)
    refusals = (BadKeyFile, BadNetworkFile, CannotListen, FoundedOtherwise, LedgerFault)
    try:
        return _run(asked)
    except (WrongSettings, WrongInstant) as wrong:
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
    settings = read_settings(
        **{name: getattr(asked, name, None) for name in ("host", "port", "data_dir")},
    )
    result = _completed(asked.command(settings, asked))
    return NOT_SOUND if result is False else DONE


def _completed(command: Coroutine[Any, Any, bool | None]) -> bool | None:
    try:
        import uvloop
    except ImportError:
        return asyncio.run(command)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(command)


# --- the commands -------------------------------------------------------------------------------------------


def _serve(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import logs, serving

    logs.configure(asked.log_level)
    return serving.serve(settings)


def _work(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import logs, working

    logs.configure(asked.log_level)
    return working.work(settings)


def _rebuild(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import rebuilding

    return rebuilding.rebuild(settings, swap=asked.swap)


def _migrate(settings: Settings, _: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import founding

    return founding.migrate(settings)


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


def _replay(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, bool | None]:
    if asked.decisions:
        return _rederive(settings, asked)
    if asked.source is not None or asked.fast or asked.window is not None:
        asked.misused("--from, --fast and --window go with --decisions")
    if asked.dump is not None:
        from api.commands import dumping

        return dumping.dump(settings, asked.dump, position=asked.position, as_of=asked.as_of)
    from api.commands import replaying

    return replaying.replay(
        settings,
        as_of=asked.as_of,
        position=asked.position,
        placement_id=asked.placement,
        in_json=asked.json,
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


def _clock_set(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import clock

    return clock.set_clock(settings, asked.instant)


# --- the arguments ------------------------------------------------------------------------------------------

_SETTINGS = """Settings are variables that begin with APPRODO_ (docs/OPERATIONS.md). Without
APPRODO_DATABASE_URL the program runs a PostgreSQL of its own in APPRODO_DATA_DIR."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="approdo", description="A protected place at night, held and recorded.", epilog=_SETTINGS
    )
    parser.add_argument("--version", action="version", version=f"approdo {VERSION}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_serve(commands)
    _add_work(commands)
    _add_init(commands)
    _add_migrate(commands)
    _add_replay(commands)
    _add_rebuild(commands)
    _add_policy(commands)
    _add_clock(commands)
    return parser


def _command(commands: Any, name: str, run: Any, summary: str, changes: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=summary, description=f"{summary[:1].upper()}{summary[1:]}. {changes}", epilog=_SETTINGS
    )
    command.add_argument(
        "--data-dir", type=Path, help="instead of APPRODO_DATA_DIR (only without APPRODO_DATABASE_URL)"
    )
    command.set_defaults(command=run)
    return command


def _add_serve(commands: Any) -> None:
    changes = (
        "Changes the ledger as callers ask and as deadlines pass. An embedded database, or one whose owner's "
        "address is given, is brought to this program's schema first; any other must be there already."
    )
    command = _command(commands, "serve", _serve, "serve the HTTP doors until stopped", changes)
    command.add_argument("--host", help="the address to listen on (127.0.0.1)")
    command.add_argument("--port", type=_port, help="the port to listen on (8000; 0: any free one)")
    _add_log_level(command)


def _add_log_level(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--log-level", choices=("debug", "info", "warning", "error"), default="warning", help="(warning)"
    )


def _add_work(commands: Any) -> None:
    changes = (
        "Changes the ledger as deadlines pass and places free, and the read models as the log grows, as "
        "`serve` does too; any number of both may run. An embedded database that `serve` runs is used as it "
        "is."
    )
    command = _command(
        commands, "work", _work, "turn the loops without the HTTP doors until stopped", changes
    )
    _add_log_level(command)


def _add_rebuild(commands: Any) -> None:
    changes = (
        "Never changes an event. Makes the rows of the bed board, the on-call queue, the timelines and unmet "
        "need beside those that are read, compares them row by row at one position, and lets the new ones "
        "take over where all agree. Where one differs it is told, nothing is changed, and the exit status "
        "is 1."
    )
    command = _command(commands, "rebuild", _rebuild, "make the read models again from the log", changes)
    command.add_argument(
        "--swap", action="store_true", help="let the rebuilt rows take over also where some differ"
    )


def _add_init(commands: Any) -> None:
    changes = (
        "Writes the first events of an empty ledger, all or none; what kind of log it is stays so for ever. "
        "The same file again changes nothing."
    )
    command = _command(commands, "init", _init, "found the network of a file", changes)
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


def _add_migrate(commands: Any) -> None:
    changes = (
        "Changes the schema, never an event. Needs APPRODO_OWNER_DATABASE_URL, or the embedded database."
    )
    _command(commands, "migrate", _migrate, "bring the database to this program's schema", changes)


def _add_replay(commands: Any) -> None:
    changes = "Changes nothing in the ledger; --dump writes FILE, with all that the log holds."
    command = _command(commands, "replay", _replay, "show and check the log as it stood", changes)
    until = command.add_mutually_exclusive_group()
    until.add_argument(
        "--as-of", metavar="INSTANT", help="up to this instant; without an offset, the network's time"
    )
    until.add_argument("--position", type=_count, metavar="N", help="up to this position")
    what = command.add_mutually_exclusive_group()
    what.add_argument("--placement", type=_uuid, metavar="ID", help="tell this placement's journey")
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
        type=_number,
        metavar="N",
        help="with --decisions: how many rows back from its record a decision may rest (20000)",
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(misused=command.error)


def _add_policy(commands: Any) -> None:
    policy = commands.add_parser("policy", help="the rules under which is decided: show, check, try, adopt")
    inner = policy.add_subparsers(title="commands", required=True, metavar="COMMAND")
    command = _command(
        inner, "show", _policy_show, "show the policy in force and every one before it", "Changes nothing."
    )
    _add_source(command)
    command = _command(
        inner, "check", _policy_check, "say of a policy file everything that is wrong", "Changes nothing."
    )
    _add_policy_file(command)
    changes = (
        "Changes nothing: every decision is ranked again where it was taken, under the file's rules, each by "
        "itself."
    )
    summary = "tell what a policy file would have done to the decisions of the log"
    command = _command(inner, "impact", _policy_impact, summary, changes)
    _add_policy_file(command)
    command.add_argument("--last", type=_number, metavar="N", help="only the last N decisions")
    command.add_argument("--days", type=_number, metavar="N", help="only those of the last N days of the log")
    _add_source(command)
    changes = (
        "Writes one event: from then on every decision is taken under the file's policy. Without --yes it "
        "shows what would change and writes nothing. A version that had other values is refused."
    )
    command = _command(inner, "adopt", _policy_adopt, "put the policy of a file in force", changes)
    _add_policy_file(command)
    command.add_argument("--yes", action="store_true", help="adopt it")


def _add_policy_file(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "file", type=Path, metavar="FILE", help="a policy file (TOML): the [policy] of a network file"
    )


def _add_source(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--from", dest="source", type=Path, metavar="FILE", help="from a plain dump, without a database"
    )
    command.add_argument("--json", action="store_true", help="print JSON")


def _add_clock(commands: Any) -> None:
    clock = commands.add_parser("clock", help="move the virtual clock of an exercise")
    inner = clock.add_subparsers(title="commands", required=True, metavar="COMMAND")
    changes = (
        "Changes the instant that every process of this exercise decides at; never before what is recorded."
    )
    command = _command(inner, "set", _clock_set, "set the exercise's clock", changes)
    command.add_argument("instant", metavar="INSTANT", help="like 2026-11-21T02:13:00+01:00")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("a position is a whole number, 0 or more")
    return int(text)


def _number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 10**9:
        raise argparse.ArgumentTypeError("a whole number, 1 or more")
    return int(text)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise argparse.ArgumentTypeError("an id is a UUID, as replay prints them") from None


if __name__ == "__main__":
    sys.exit(main())
