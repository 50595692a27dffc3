"""Servers of the product that start at once: a process that has imported the program, and forks for each.

Only the reading of the program's modules is shared, which is most of what a start costs; each server reads
its own settings and opens its own database, as `approdo serve` does. Run as a program it is that process: it
reads a line of JSON for each server from its standard input, and answers with the child's number.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from trials.stage.programs import READY, ROOT, START_SECONDS, STOP_SECONDS, ProgramFailed, environment


class Sprung:
    """A server that serves: its address and its number."""

    def __init__(self, pid: int, url: str) -> None:
        self.pid, self.url = pid, url

    def stop(self) -> None:
        """SIGTERM, as an operator would; SIGKILL where it does not listen."""
        for sent in (signal.SIGTERM, signal.SIGKILL):
            if not _lives(self.pid):
                return
            os.kill(self.pid, sent)
            _until(lambda: not _lives(self.pid), STOP_SECONDS)


class Nursery:
    """The process that forks. Opened by `nursery`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    @contextmanager
    def serving(self, settings: Mapping[str, str], log: Path) -> Iterator[Sprung]:
        """A server with these settings until the block ends. Errors: `ProgramFailed`."""
        assert self._process.stdin is not None and self._process.stdout is not None
        said = log.with_suffix(".out")
        order = {"settings": environment(settings), "said": str(said), "log": str(log)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        server = Sprung(int(self._process.stdout.readline()), "")
        try:
            _until(lambda: _told(said) is not None or not _lives(server.pid), START_SECONDS)
            address = _told(said)
            if address is None:
                raise ProgramFailed(f"the server does not serve: {log.read_text()[-800:]}")
            server.url = address
            yield server
        finally:
            server.stop()


@contextmanager
def nursery() -> Iterator[Nursery]:
    """It ends with the block, and with whoever opened it: it reads until the pipe closes."""
    command = [sys.executable, "-m", "tests.browser.nursery"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment({}), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            yield Nursery(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(STOP_SECONDS)


def _told(said: Path) -> str | None:
    found = READY.search(said.read_text()) if said.exists() else None
    return found.group(1) if found else None


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _until(true: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)


def _fork_for_each_line() -> None:
    import api.commands.main
    import api.commands.serving
    from api.pages import site  # noqa: F401 - so that every module of the program is there before the first fork

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who ends is gone at once
    children = []
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            _be_a_server(order, api.commands.main.program)
        children.append(child)
        print(child, flush=True)
    for child in filter(_lives, children):
        os.kill(child, signal.SIGTERM)


def _be_a_server(order: Mapping[str, Any], program: Callable[[], int]) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, path in ((1, order["said"]), (2, order["log"])):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(order["settings"])
    sys.argv = ["approdo", "serve"]
    status = 1
    try:
        status = program()
    finally:
        sys.stdout.flush()
        os._exit(status)


if __name__ == "__main__":
    _fork_for_each_line()
