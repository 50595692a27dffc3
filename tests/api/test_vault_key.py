"""The vault's master key: given, read from a file, or drawn once beside the embedded database."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from api.addresses import as_role
from api.settings import WrongSettings, read_settings
from api.vault_key import master_keys
from api.wiring import VAULT_ROLE

KEY, OTHER = "5e" * 32, "A7" * 32


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("APPRODO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("APPRODO_DATA_DIR", str(tmp_path))


def name_of_key() -> bytes:
    keys = master_keys(read_settings())
    assert keys is not None
    return keys.name


def test_the_embedded_servers_is_drawn_once_and_readable_by_its_user_alone(tmp_path: Path) -> None:
    first = name_of_key()
    assert name_of_key() == first
    kept = tmp_path / "vault.key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert not (tmp_path / "secret").exists(), "it is another secret than the server's"


def test_it_comes_from_the_variable_or_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text(f"{KEY}\n")
    monkeypatch.setenv("APPRODO_VAULT_KEY_FILE", str(tmp_path / "kept"))
    from_file = name_of_key()
    monkeypatch.setenv("APPRODO_VAULT_KEY", KEY)
    with pytest.raises(WrongSettings, match="not both"):
        name_of_key()
    monkeypatch.delenv("APPRODO_VAULT_KEY_FILE")
    assert name_of_key() == from_file
    monkeypatch.setenv("APPRODO_VAULT_KEY", OTHER)
    assert name_of_key() != from_file


def test_a_given_database_without_a_key_has_no_vault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPRODO_DATABASE_URL", "postgresql://db/approdo")
    assert master_keys(read_settings()) is None


@pytest.mark.parametrize("key", ["short", "5e" * 31, "5e" * 33, "zz" * 32])
def test_what_is_no_key_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("APPRODO_VAULT_KEY", key)
    with pytest.raises(WrongSettings, match="64 hexadecimal digits") as told:
        name_of_key()
    assert key not in str(told.value)


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPRODO_VAULT_KEY_FILE", "nowhere")
    with pytest.raises(WrongSettings, match="nowhere cannot be read: No such file"):
        name_of_key()
    monkeypatch.delenv("APPRODO_VAULT_KEY_FILE")
    monkeypatch.setenv("APPRODO_VAULT_FORMER_KEY_FILE", "nowhere")
    with pytest.raises(WrongSettings, match="nowhere cannot be read"):
        name_of_key()


@pytest.mark.parametrize(
    ("dsn", "beside"),
    [
        (
            "postgresql://approdo_app:x@db:5433/approdo?ssl=on",
            "postgresql://approdo_vault@db:5433/approdo?ssl=on",
        ),
        (
            "postgresql://approdo_app@/postgres?host=%2Frun",
            "postgresql://approdo_vault@/postgres?host=%2Frun",
        ),
        ("postgresql://db/approdo", "postgresql://approdo_vault@db/approdo"),
    ],
)
def test_the_vault_is_beside_the_log_without_its_password(dsn: str, beside: str) -> None:
    assert as_role(dsn, VAULT_ROLE) == beside
