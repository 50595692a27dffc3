"""What people do wrong on the command line: one line each that says what to do, and no traceback."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from ledger.postgres.directory import server_user
from tests.api.commands.program import NETWORK, approdo
from tests.support.postgres import passable_directory

INIT = ("init", str(NETWORK), "--kind", "exercise")
REAL = ("init", str(NETWORK), "--kind", "real")
VIRTUAL = (*INIT, "--clock", "virtual")
NOWHERE = "postgresql://approdo_app:hunter2@127.0.0.1:1/approdo"


@pytest.mark.parametrize(
    ("variables", "arguments", "status", "said"),
    [
        ({"APPRODO_COLOUR": "red"}, ("replay",), 2, "APPRODO_COLOUR is not a setting of this program"),
        ({"APPRODO_PORT": "x"}, ("serve",), 2, "APPRODO_PORT: input should be a valid integer"),
        ({"APPRODO_DATABASE_URL": NOWHERE}, ("replay",), 1, "The database does not answer or refuses"),
        ({"APPRODO_DATABASE_URL": NOWHERE}, ("serve", "--port", "0"), 1, "The database does not answer"),
        ({"APPRODO_DATABASE_URL": "mysql://x"}, ("replay",), 1, "The database does not answer"),
        ({"APPRODO_DATABASE_URL": NOWHERE}, ("migrate",), 2, "Set APPRODO_OWNER_DATABASE_URL"),
        ({"APPRODO_OWNER_DATABASE_URL": NOWHERE}, ("serve", "--port", "0"), 2, "both or neither"),
        ({"APPRODO_OWNER_DATABASE_URL": NOWHERE}, ("migrate",), 1, "The database does not answer"),
        ({}, ("serve", "--port", "99999"), 2, "a port is a number from 0 to 65535"),
        ({}, ("serve", "--host", "no.such.host.invalid"), 1, "is not an address to listen on"),
        (
            {},
            ("serve", "--host", "203.0.113.1", "--port", "0"),
            1,
            "203.0.113.1 port 0 cannot be listened on",
        ),
        ({}, ("init", "none.toml", "--kind", "exercise"), 1, "none.toml cannot be read: No such file"),
        ({}, ("init", "pyproject.toml", "--kind", "exercise"), 1, "network: is missing: add it"),
        ({}, ("init", str(NETWORK)), 2, "the following arguments are required: --kind"),
        ({}, (*VIRTUAL, "--starts-at", "soon"), 2, "'soon' is not an instant"),
        ({}, (*INIT, "--starts-at", "2026-11-20T22:00"), 2, "Only a virtual clock begins somewhere"),
        ({}, (*REAL, "--clock", "virtual"), 2, "runs on the real clock"),
        (
            {},
            (*VIRTUAL, "--starts-at", "2026-10-25T02:30"),
            2,
            "is skipped or comes twice when the clock changes",
        ),
        ({}, ("replay", "--position", "-1"), 2, "a position is a whole number"),
        ({}, ("replay", "--position", "1", "--as-of", "now"), 2, "not allowed with argument"),
        ({}, ("replay", "--placement", "one"), 2, "an id is a UUID"),
        ({}, ("dance",), 2, "invalid choice"),
        ({}, (), 2, "the following arguments are required: COMMAND"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    variables: dict[str, str], arguments: tuple[str, ...], status: int, said: str, tmp_path: Path
) -> None:
    ended = approdo({"APPRODO_DATA_DIR": str(tmp_path / "data"), **variables}, *arguments)
    assert said in ended.err
    assert ended.status == status
    assert "hunter2" not in ended.err + ended.out


def test_a_port_that_is_taken_is_told_before_anything_starts(tmp_path: Path) -> None:
    variables = {"APPRODO_DATA_DIR": str(tmp_path / "data")}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        complaint = approdo(variables, "serve", "--port", port).complaint
    assert f"127.0.0.1 port {port} cannot be listened on: Address already in use." in complaint
    assert not (tmp_path / "data").exists()


def test_a_data_directory_of_another_version_is_told() -> None:
    with passable_directory() as folder:
        (folder / "pgdata").mkdir(mode=0o700)
        user = server_user("nobody")
        os.chown(folder / "pgdata", user.uid, user.gid)
        (folder / "pgdata" / "PG_VERSION").write_text("9\n")
        ended = approdo({"APPRODO_DATA_DIR": str(folder)}, "replay")
        assert (ended.status, "it has version 9, this program has 18" in ended.complaint) == (1, True)


@pytest.mark.parametrize("command", [("serve",), ("init",), ("migrate",), ("replay",), ("clock", "set")])
def test_help_says_what_a_command_changes(command: tuple[str, ...]) -> None:
    ended = approdo({}, *command, "--help")
    assert ended.status == 0
    assert any(word in ended.out for word in ("Changes", "Writes"))
