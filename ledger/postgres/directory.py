"""The data directory of the embedded server: whose it is, who has it now, and what a dead server left in it.

    DIRECTORY/owner.lock   held (flock) by the one program that has the directory; names its process
    DIRECTORY/pgdata/      PostgreSQL's own
    DIRECTORY/run/         the socket, where its path is short enough
    DIRECTORY/server.log   what the server says

Nothing here changes the owner or the mode of something it did not create. Called by the supervisor.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ledger.postgres.binaries import may_pass
from ledger.postgres.faults import DirectoryInUse, DirectoryOfAnotherVersion, DirectoryUnusable

# A path in a socket address holds 108 bytes with its end on Linux, 104 elsewhere; the shorter is kept to
# everywhere.
LONGEST_SOCKET_PATH = 103
SOCKET_NAME = ".s.PGSQL.5432"
FORMER_SERVER_SECONDS = 60.0
FORMER_OWNER_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerUser:
    """The operating-system user the server runs as."""

    name: str
    uid: int
    gid: int


def default_data_directory(environment: Mapping[str, str] = os.environ) -> Path:
    """APPRODO_DATA_DIR; else the user's state folder; for root, or without a home to write in, /var/tmp."""
    if chosen := environment.get("APPRODO_DATA_DIR"):
        return Path(chosen).absolute()
    state = Path(
        environment.get("XDG_STATE_HOME") or Path(environment.get("HOME") or "/") / ".local" / "state"
    )
    nearest = next(each for each in (state, *state.parents) if each.exists())
    if os.geteuid() != 0 and state.is_absolute() and os.access(nearest, os.W_OK | os.X_OK):
        return state / "approdo"
    return Path("/var", "tmp", f"approdo-{os.geteuid()}")


def server_user(name_for_root: str) -> ServerUser:
    """Ourselves; as root `name_for_root`, since PostgreSQL refuses to run as root."""
    try:
        found = pwd.getpwnam(name_for_root) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    except KeyError as cause:
        who = name_for_root if os.geteuid() == 0 else f"number {os.geteuid()}"
        raise DirectoryUnusable(f"this system has no user {who}, and PostgreSQL needs a name") from cause
    return ServerUser(name=found.pw_name, uid=found.pw_uid, gid=found.pw_gid)


@dataclass(frozen=True, kw_only=True, slots=True)
class DataDirectory:
    """A directory that was examined and found usable; `held` is the open lock file."""

    path: Path
    user: ServerUser
    held: int

    @property
    def pgdata(self) -> Path:
        return self.path / "pgdata"

    @property
    def log(self) -> Path:
        return self.path / "server.log"

    def release(self) -> None:
        os.close(self.held)

    def make(self, name: str) -> Path:
        """A folder of the server's own in the directory, made anew where it is missing."""
        folder = self.path / name
        if not folder.exists():
            folder.mkdir(mode=0o700)
            os.chown(folder, self.user.uid, self.user.gid)
        return folder

    def socket_folder(self) -> tuple[Path, bool]:
        """Where the socket goes, and whether that is temporary, since the directory's path is too long."""
        if len(os.fsencode(self.path / "run" / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return self.make("run"), False
        short = Path(tempfile.mkdtemp(prefix="approdo-", dir=_shortest_temporary()))
        os.chown(short, self.user.uid, self.user.gid)
        return short, True

    def check_version(self, major: str) -> None:
        """Refuses what another major version wrote (`DirectoryOfAnotherVersion`) or another user has."""
        if not self.pgdata.exists():
            return
        if self.pgdata.stat().st_uid != self.user.uid:
            raise DirectoryUnusable(
                f"{self.pgdata} does not belong to the user {self.user.name}, who runs the server"
            )
        mark = self.pgdata / "PG_VERSION"
        found = mark.read_text().strip() if mark.exists() else "an unknown one"
        if found != major:
            raise DirectoryOfAnotherVersion(f"{self.path}: it has version {found}, this program has {major}")

    def await_former_server(self) -> None:
        """Wait for the server of an owner that died, which shuts down by itself; refuse one that stays."""
        began = time.monotonic()
        while processes := _processes_in(self.pgdata):
            waited = time.monotonic() - began
            stopping = _status(self.pgdata) in ("stopping", None)
            if waited > (FORMER_SERVER_SECONDS if stopping else FORMER_OWNER_SECONDS):
                raise DirectoryInUse(f"{self.path}: PostgreSQL runs in it as process {processes[0]}")
            time.sleep(0.02)
        self._forget_a_reused_number()

    def _forget_a_reused_number(self) -> None:
        """Remove the pid file of a dead server whose number another process has: PostgreSQL would not start.

        Only where it is known (by /proc) that no process is left in the directory; we hold the lock.
        """
        named = server_pid(self.pgdata)
        if named is not None and Path("/proc", str(named)).exists() and not _processes_in(self.pgdata):
            (self.pgdata / "postmaster.pid").unlink()


def claim(path: Path, user: ServerUser) -> DataDirectory:
    """Make the directory where it is missing, take it. Refuses `DirectoryInUse`, `DirectoryUnusable`."""
    try:
        _examine(path, user)
        held = os.open(path / "owner.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as cause:
        raise DirectoryUnusable(f"{path}: {cause.strerror}") from cause
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as cause:
        holder = os.pread(held, 20, 0).decode(errors="replace").strip() or "unknown"
        os.close(held)
        raise DirectoryInUse(f"{path}: process {holder} has it") from cause
    os.ftruncate(held, 0)
    os.pwrite(held, f"{os.getpid()}\n".encode(), 0)
    return DataDirectory(path=path, user=user, held=held)


def _examine(path: Path, user: ServerUser) -> None:
    if not path.exists():
        # The server's user must be able to pass through, so for root others may pass; they can list nothing.
        path.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True)
    if not path.is_dir():
        raise DirectoryUnusable(f"{path} is not a directory")
    if path.lstat().st_uid not in (os.geteuid(), user.uid) or path.stat().st_uid not in (
        os.geteuid(),
        user.uid,
    ):
        raise DirectoryUnusable(f"{path} belongs to another user")
    if (path / "PG_VERSION").exists():
        raise DirectoryUnusable(f"{path} is a PostgreSQL data directory that approdo did not make")
    if not may_pass(path, user.uid, user.gid):
        raise DirectoryUnusable(
            f"{path} cannot be entered by the user {user.name}, who runs the server when root starts it"
        )


def server_pid(pgdata: Path) -> int | None:
    """The process id that the server wrote, None where there is none."""
    line = _pid_file(pgdata)[:1]
    return int(line[0]) if line and line[0].strip().isdigit() else None


def server_socket(path: Path) -> Path | None:
    """Where the server in a data directory wrote that it listens, None where there is none."""
    lines = _pid_file(path / "pgdata")
    return Path(lines[4].strip(), SOCKET_NAME) if len(lines) > 4 and lines[4].strip() else None


def is_ready(pgdata: Path, pid: int) -> bool:
    """Whether the server with that process id, and no other, has written that it accepts connections."""
    return server_pid(pgdata) == pid and _status(pgdata) == "ready"


def _status(pgdata: Path) -> str | None:
    lines = _pid_file(pgdata)
    return lines[7].strip() if len(lines) > 7 else None


def _pid_file(pgdata: Path) -> list[str]:
    try:
        return (pgdata / "postmaster.pid").read_text(errors="replace").splitlines()
    except OSError:
        return []


def _processes_in(pgdata: Path) -> list[int]:
    """The processes that work in the directory, as every process of a PostgreSQL server does.

    Without /proc only the number in the pid file is known, and PostgreSQL itself decides what it means.
    """
    processes = Path("/proc")
    if not (processes / "self" / "cwd").exists():
        return []
    real, found = os.path.realpath(pgdata), []
    for each in processes.iterdir():
        if each.name.isdigit():
            try:
                if os.readlink(each / "cwd") == real:
                    found.append(int(each.name))
            except OSError:  # it ended, or belongs to another user
                continue
    return sorted(found)


def _shortest_temporary() -> str:
    return min((tempfile.gettempdir(), os.path.join(os.sep, "tmp")), key=len)


def discard(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
