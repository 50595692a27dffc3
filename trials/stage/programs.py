"""The product's own programs as processes of a trial: one command run to its end, or a server until it is
stopped.

Each is started as a person would start it, with settings in its environment and nothing inherited that begins
with APPRODO_. On Linux a server ends with the trial that started it, also when the trial is killed.
"""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("-m", "api.commands.main")
READY = re.compile(r"(http://\S+)")
START_SECONDS = 60.0
STOP_SECONDS = 20.0
_PR_SET_PDEATHSIG = 1


class ProgramFailed(Exception):
    """A program of ours ended in error; its own words follow."""


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Ours without what the caller's shell says to the product, and with these settings."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("APPRODO_")}
    return {**kept, **{f"APPRODO_{name.upper()}": value for name, value in settings.items()}}


def run(arguments: Sequence[str], settings: Mapping[str, str], *, seconds: float = 120.0) -> str:
    """What `approdo ARGUMENTS` prints. Errors: `ProgramFailed`."""
    done = subprocess.run(
        [sys.executable, *PRODUCT, *arguments],
        cwd=ROOT,
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    if done.returncode:
        raise ProgramFailed(
            f"approdo {arguments[0]}: {done.returncode}\n{done.stderr.strip()}\n{done.stdout.strip()}"
        )
    return done.stdout


class Served:
    """A server process on a free port, the same one each time it is started again.

    `program` is the product's unless a drill substitutes a variant of its own.
    """

    def __init__(
        self,
        settings: Mapping[str, str],
        *,
        program: Sequence[str] = (*PRODUCT, "serve"),
        log: Path | None = None,
    ) -> None:
        self._settings = {"port": "0", **settings}
        self._program = tuple(program)
        self._log = log
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Until it says that it serves. Errors: `ProgramFailed`."""
        self.launch()
        self.await_ready()

    def launch(self) -> None:
        """Begin to start; several may do so at once."""
        errors = self._log.open("a") if self._log is not None else None
        try:
            self._process = subprocess.Popen(
                [sys.executable, *self._program],
                cwd=ROOT,
                env=environment(self._settings),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                preexec_fn=_leash(),  # noqa: PLW1509 - one system call, prepared beforehand
            )
        finally:
            if errors is not None:
                errors.close()

    def await_ready(self) -> None:
        """Until it says that it serves. Errors: `ProgramFailed`."""
        assert self._process is not None and self._process.stdout is not None
        said = self._process.stdout.readline()
        found = READY.search(said)
        if found is None:
            self.kill()
            raise ProgramFailed(f"the server said {said.strip()!r} and is not serving{self._last_words()}")
        self.url = found.group(1)
        self._settings["port"] = self.url.rpartition(":")[2]

    def stop(self) -> None:
        """SIGTERM, as an operator would; SIGKILL where it does not listen."""
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        self._end(process)

    def kill(self) -> None:
        """SIGKILL: nothing of it runs any more when this returns."""
        process = self._process
        if process is None:
            return
        process.kill()
        self._end(process)

    def wait_while(self, goes_on: Callable[[], bool]) -> None:
        """Wait until the process ends or `goes_on` says no."""
        assert self._process is not None
        while self._process.poll() is None and goes_on():
            time.sleep(0.2)

    def _last_words(self) -> str:
        lines = self._log.read_text().splitlines() if self._log is not None else []
        return "".join(f"\n  {line}" for line in lines[-8:])

    def _end(self, process: subprocess.Popen[str]) -> None:
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
        self._process = None


@contextmanager
def serving(settings: Mapping[str, str], number: int) -> Iterator[tuple[Served, ...]]:
    """So many servers over one ledger, started side by side."""
    servers = tuple(Served(settings) for _ in range(number))
    with ExitStack() as stack:
        for server in servers:
            stack.callback(server.stop)
            server.launch()
        for server in servers:
            server.await_ready()
        yield servers


def _leash() -> Callable[[], None] | None:
    """What ties a child's life to the thread that starts it, where the kernel can."""
    if sys.platform != "linux":
        return None
    call = ctypes.CDLL(None).prctl

    def tie() -> None:
        call(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)

    return tie
