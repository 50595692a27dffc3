"""The program as people start it: founded, served, read again and stopped, on a PostgreSQL of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.http.unreadable import LARGEST_HEAD
from ledger.postgres.directory import server_pid
from tests.api.commands.program import (
    EXERCISE,
    NETWORK,
    Serving,
    approdo,
    identity,
    read,
    serving,
)
from tests.support.postgres import Database, passable_directory

NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with passable_directory() as made:
        yield made


@pytest.fixture(scope="module")
def variables(folder: Path) -> dict[str, str]:
    """An exercise that was founded on an embedded server."""
    named = {
        "APPRODO_DATA_DIR": str(folder / "data"),
        "APPRODO_PROFILE": "scratch",
        **identity(folder),
    }
    done = approdo(named, "init", NETWORK, *EXERCISE)
    assert done.out.startswith("founded EXERCISE network "), done.err
    again = approdo(named, "init", NETWORK, *EXERCISE)
    assert again.out.startswith("was founded from this file before; nothing changed in EXERCISE network")
    mistaken = approdo({**named, "APPRODO_VAULT_KEY": "ab" * 32}, "serve", "--port", "0")
    assert "under another master key" in mistaken.complaint
    return named


@pytest.fixture(scope="module")
def server(variables: dict[str, str]) -> Iterator[Serving]:
    with serving(variables) as up:
        yield up


def test_it_says_where_it_serves_and_answers_there(server: Serving) -> None:
    assert "EXERCISE log" in server.ready
    assert server.url.startswith("http://127.0.0.1:")
    assert server.status_of("/readyz") == 200
    assert server.status_of("/bed-board") == 401


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
        b"GET /placements/\x00 HTTP/1.1\r\n\r\n",
        b"POST /placement-requests HTTP/1.1\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\n{}",
        b"FETCH /livez HTTP/1.1\r\n\r\n",
        (b"GET /livez HTTP/1.1\r\nx: " + b"y" * LARGEST_HEAD)[: LARGEST_HEAD + 1],
    ],
)
def test_what_is_no_http_request_is_answered_as_a_problem(server: Serving, sent: bytes) -> None:
    host, _, port = server.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(sent)
        head, _, body = b"".join(iter(lambda: line.recv(65_536), b"")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/problem+json" in head
    assert json.loads(body)["code"] == "HTTP_MALFORMED"


def test_the_log_is_read_again_beside_the_server(server: Serving, variables: dict[str, str]) -> None:
    shown = read(approdo(variables, "replay", "--json"))
    assert (shown["position"], shown["verification"]["sound"]) == (36, True)
    board = {"units": 3, "open": 12, "free": 9, "held": 0, "occupied": 3}
    assert shown["board"] == {"EMERGENCY_RECEPTION": board}
    early = approdo(variables, "replay", "--as-of", "2026-11-20T21:59:59")
    assert early.out.startswith("log up to position 0, recorded -\n")
    third = read(approdo(variables, "replay", "--position", "3", "--json"))
    assert (third["position"], third["verification"]["events"]) == (3, 3)
    text = approdo(variables, "replay").out
    assert "EMERGENCY_RECEPTION        3    12     9     0         3" in text
    assert "verification: sound\n" in text
    nobody = approdo(variables, "replay", "--placement", NOBODY)
    assert (nobody.status, "No placement has this id" in nobody.complaint) == (1, True)


def test_the_exercises_clock_is_moved_beside_the_server_and_never_back(
    server: Serving, variables: dict[str, str]
) -> None:
    moved = approdo(variables, "clock", "set", "2026-11-20T22:30")
    assert moved.out == "the exercise's clock stands at 2026-11-20T22:30:00+01:00\n"
    back = approdo(variables, "clock", "set", "2026-11-20T21:59")
    assert (back.status, "cannot stand before" in back.complaint) == (1, True)


def test_a_directory_in_use_is_left_alone(server: Serving, variables: dict[str, str]) -> None:
    for command in (("serve", "--port", "0"), ("init", NETWORK, *EXERCISE), ("migrate",)):
        second = approdo(variables, *command)
        assert (second.status, "The data directory is in use" in second.complaint) == (1, True)


def test_a_postgres_that_dies_under_the_server_is_started_again(server: Serving, folder: Path) -> None:
    postgres = server_pid(folder / "data" / "pgdata")
    assert postgres is not None
    os.kill(postgres, signal.SIGKILL)
    assert awaited(server, 503) == 503
    assert awaited(server, 200) == 200


def awaited(server: Serving, status: int) -> int:
    until = time.monotonic() + 20
    while (found := server.status_of("/readyz")) != status and time.monotonic() < until:
        time.sleep(0.02)
    return found


def test_it_stops_at_once_and_leaves_no_postgres_behind(server: Serving, folder: Path) -> None:
    postgres = server_pid(folder / "data" / "pgdata")
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 5
    assert postgres is not None and not Path("/proc", str(postgres)).exists()


def test_the_labels_of_the_file_are_given_back_as_ids(variables: dict[str, str], server: Serving) -> None:
    ids = read(approdo(variables, "init", NETWORK, *EXERCISE, "--print-ids"))
    assert set(ids) == {"network", "districts", "members", "zones", "shelters", "desks"}
    assert len(ids["shelters"]["house-a"]["units"]["room-1"]["beds"]) == 4
    other = approdo(variables, "init", NETWORK, "--kind", "exercise")
    assert (other.status, "born EXERCISE on a VIRTUAL clock" in other.complaint) == (1, True)


_NOT_IN_EARNEST = ("on_call_number", "meaning")
"""A file of a REAL network holds neither: they are written through the doors."""


def test_a_log_in_earnest_has_no_virtual_clock_and_no_scratch_server(tmp_path: Path) -> None:
    earnest = tmp_path / "earnest.toml"
    told = [line for line in NETWORK.read_text().splitlines() if not line.startswith(_NOT_IN_EARNEST)]
    earnest.write_text("\n".join(told).replace("fictitious = true", "fictitious = false"))
    with passable_directory() as folder:
        variables = {"APPRODO_DATA_DIR": str(folder / "data"), **identity(tmp_path)}
        scratch = {**variables, "APPRODO_PROFILE": "scratch"}
        assert "has no network yet" in approdo(scratch, "serve", "--port", "0").complaint
        fictitious = approdo(variables, "init", NETWORK, "--kind", "real")
        assert (fictitious.status, fictitious.err.count("a REAL log takes only")) == (1, 2)
        assert "which loses data" in approdo(scratch, "init", earnest, "--kind", "real").complaint
        assert approdo(variables, "init", earnest, "--kind", "real").status == 0
        assert "on the real clock" in approdo(variables, "clock", "set", "2026-11-20T22:30").complaint
        assert "which loses data" in approdo(scratch, "serve", "--port", "0").complaint


@pytest.mark.slow
def test_a_given_database_is_checked_by_serve_and_migrated_by_its_owner(
    empty_database: Database, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s" * 40)
    key = tmp_path / "vault.key"
    key.write_text("5e" * 32)
    given = {
        "APPRODO_DIGEST_SECRET_FILE": str(secret),
        "APPRODO_VAULT_KEY_FILE": str(key),
        **identity(tmp_path),
    }
    superuser = {"APPRODO_DATABASE_URL": empty_database.dsn("superuser")}
    pending = approdo({**given, **superuser}, "serve", "--port", "0")
    assert (pending.status, "lacks migrations: run `approdo migrate`" in pending.complaint) == (1, True)
    owner = {"APPRODO_OWNER_DATABASE_URL": empty_database.dsn("superuser")}
    assert "applied 0001_ledger.sql, " in approdo(owner, "migrate").out
    assert approdo(owner, "migrate").out == "the schema is already this program's\n"
    app = {**given, "APPRODO_DATABASE_URL": empty_database.dsn("app")}
    assert approdo(app, "init", NETWORK, *EXERCISE).status == 0
    with serving(app) as server:
        assert "the given PostgreSQL" in server.ready
        assert server.status_of("/readyz") == 200
        assert server.stop(signal.SIGINT) == 0
