"""A PostgreSQL server of our own: started as our child, up only while it lives, gone when we are.

Not a pool and not a client: it gives the address (`dsn`) that drivers use. No asyncio; starting takes 0.1 to
1 s. Called by the wiring when no APPRODO_DATABASE_URL is set, by the tests and by the trials.

What a crash leaves behind: the kernel interrupts the server when its owner dies (also by kill -9), so it
shuts down by itself; the lock goes with the owner; the next start waits for the old server's end. A directory
under construction has another name until it is whole.
"""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from ledger.postgres import binaries, directory
from ledger.postgres.directory import DataDirectory
from ledger.postgres.faults import DirectoryUnusable, ServerNotRunning, ServerNotStarted, ServerNotStopped
from ledger.postgres.settings import HBA, INITDB, Profile, ident_map, server_settings

START_SECONDS = 120.0
STOP_SECONDS = 120.0
LOG_TAIL_LINES = 12
LONGEST_LOG_BYTES = 10_000_000
SUPERUSER = "postgres"
_LAUNCH = Path(__file__).with_name("launch.py")


class _Child:
    """A process started from a thread that stays until `forget`: the death signal is bound to that thread."""

    def __init__(self, command: list[str], *, leash: str, log: int) -> None:
        self._started, self._released = threading.Event(), threading.Event()
        self._failure: OSError | None = None
        self._process: subprocess.Popen[bytes] | None = None
        threading.Thread(target=self._run, args=(command, leash, log), name="postgres", daemon=True).start()
        self._started.wait()
        if self._failure is not None:
            raise self._failure

    def _run(self, command: list[str], leash: str, log: int) -> None:
        try:
            # A session of its own: Ctrl-C is for the program alone, which then stops the server in order.
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE if leash == "pipe" else subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_environment(),
                start_new_session=True,
            )
        except OSError as cause:
            self._failure = cause
        self._started.set()
        self._released.wait()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    def forget(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._released.set()


class EmbeddedPostgres:
    """One server in one data directory: a context, or `start` and `stop`, which may be repeated.

    As root the server runs as `user_for_root`; only the user who runs this program can connect, as any role.
    `settings` are further server settings and win over the profile's.
    """

    _leash = "death-signal" if sys.platform == "linux" else "pipe"

    def __init__(
        self,
        data_dir: Path,
        *,
        profile: Profile = Profile.DURABLE,
        settings: Mapping[str, str] | None = None,
        user_for_root: str = "nobody",
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.profile = profile
        self._settings = dict(settings or {})
        self._user_for_root = user_for_root
        self._child: _Child | None = None
        self._directory: DataDirectory | None = None
        self._socket_dir: Path | None = None
        self._socket_is_temporary = False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        """Whether our own child lives at this moment."""
        return self._child is not None and self._child.process.poll() is None

    @property
    def pid(self) -> int:
        """The server's process id. Refuses (`ServerNotRunning`) when our child does not live."""
        if self._child is None or not self.running:
            raise ServerNotRunning(str(self.data_dir))
        return self._child.process.pid

    @property
    def socket_dir(self) -> Path:
        if self._socket_dir is None:
            raise ServerNotRunning(str(self.data_dir))
        return self._socket_dir

    def dsn(self, database: str = "postgres", role: str = SUPERUSER) -> str:
        """The address for asyncpg and libpq alike."""
        socket_dir = quote(str(self.socket_dir), safe="")
        return f"postgresql://{quote(role, safe='')}@/{quote(database, safe='')}?host={socket_dir}&port=5432"

    def start(self) -> None:
        """Bring the server up, making its data first where there is none; nothing when it is up.

        Errors: every `EmbeddedServerFault`.
        """
        if self.running:
            return
        self.stop()
        user = directory.server_user(self._user_for_root)
        claimed = directory.claim(self.data_dir, user)
        self._directory = claimed
        try:
            self._bring_up(claimed)
        except OSError as cause:
            self.stop()
            raise DirectoryUnusable(f"{self.data_dir}: {cause.strerror or cause}") from cause
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """A fast shutdown: sessions end, all that was acknowledged is kept; nothing when it is down."""
        if self._child is not None:
            process = self._child.process
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired as cause:
                raise ServerNotStopped(f"process {process.pid} in {self.data_dir}") from cause
            self._child.forget()
        if self._socket_dir is not None and self._socket_is_temporary:
            directory.discard(self._socket_dir)
        if self._directory is not None:
            self._directory.release()
        self._child = self._directory = self._socket_dir = None

    def _bring_up(self, claimed: DataDirectory) -> None:
        user = claimed.user
        programs = binaries.reachable_by(binaries.locate(), user.uid, user.gid, self.data_dir)
        claimed.check_version(programs.major)
        if claimed.pgdata.exists():
            claimed.await_former_server()
        else:
            self._initialise(claimed, programs)
        self._socket_dir, self._socket_is_temporary = claimed.socket_folder()
        settings = server_settings(self.profile, lz4=programs.lz4, further=self._settings)
        command = [programs.program("postgres"), "-D", str(claimed.pgdata), "-k", str(self._socket_dir)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        begins_at = _shorten(claimed.log)
        self._child = self._launch(command, claimed)
        self._await_up(self._child, programs, claimed, begins_at)

    def _initialise(self, claimed: DataDirectory, programs: binaries.Binaries) -> None:
        for abandoned in self.data_dir.glob("pgdata.part-*"):
            directory.discard(abandoned)
        part = claimed.make(f"pgdata.part-{os.getpid()}")
        unsynced = ["--no-sync"] if self.profile is Profile.SCRATCH else []
        begins_at = _shorten(claimed.log)
        child = self._launch([programs.program("initdb"), "-D", str(part), *INITDB, *unsynced], claimed)
        status = child.process.wait()
        child.forget()
        if status:
            raise ServerNotStarted(
                f"its data could not be made in {self.data_dir}{_tail(claimed.log, begins_at)}"
            )
        owner = pwd.getpwuid(os.geteuid()).pw_name
        for name, text in (("pg_hba.conf", HBA), ("pg_ident.conf", ident_map(owner))):
            _write_synced(part / name, text)
        part.rename(claimed.pgdata)
        _sync(self.data_dir)

    def _launch(self, command: list[str], claimed: DataDirectory) -> _Child:
        identity = [str(os.getpid()), str(claimed.user.uid), str(claimed.user.gid)]
        log = os.open(
            claimed.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
        )
        try:
            first = [sys.executable, "-I", "-S", str(_LAUNCH), self._leash, *identity]
            return _Child([*first, *command], leash=self._leash, log=log)
        finally:
            os.close(log)

    def _await_up(
        self, child: _Child, programs: binaries.Binaries, claimed: DataDirectory, begins_at: int
    ) -> None:
        """Up means: our child lives, wrote itself ready, answers, and still lives after it answered."""
        ask = [
            programs.program("pg_isready"),
            "-q",
            "-h",
            str(self.socket_dir),
            "-p",
            "5432",
            "-d",
            SUPERUSER,
        ]
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if child.process.poll() is not None:
                break
            if directory.is_ready(claimed.pgdata, child.process.pid):
                answers = subprocess.run(ask, env=_environment(), check=False).returncode == 0
                if answers and child.process.poll() is None:
                    return
            time.sleep(0.01)
        raise ServerNotStarted(f"in {self.data_dir}{_tail(claimed.log, begins_at)}")


def _environment() -> dict[str, str]:
    """Nothing of the caller's: PG… variables, locale or time zone would change what the server is."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _shorten(log: Path) -> int:
    """Where the log's next line begins. A log that has grown long is set aside once, over the one before."""
    if log.exists() and log.stat().st_size > LONGEST_LOG_BYTES:
        log.rename(log.with_suffix(".log.1"))
    return log.stat().st_size if log.exists() else 0


def _tail(log: Path, begins_at: int) -> str:
    with log.open("rb") as lines:
        lines.seek(begins_at)
        said = lines.read()[-4000:].decode(errors="replace").strip().splitlines()[-LOG_TAIL_LINES:]
    return "".join(f"\n  {log.name}: {line}" for line in said)


def _write_synced(path: Path, text: str) -> None:
    with path.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
