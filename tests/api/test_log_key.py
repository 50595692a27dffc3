"""The log's key: read from a file, or drawn once beside the embedded database; and where the head is kept."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from api.log_key import head_path, log_seeds
from api.settings import WrongSettings, read_settings

KEY, OTHER = "5e" * 32, "a7" * 32


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("APPRODO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("APPRODO_DATA_DIR", str(tmp_path))


def seeds() -> tuple[str, str | None]:
    found = log_seeds(read_settings())
    assert found is not None
    return found.present.hex(), found.former.hex() if found.former is not None else None


def test_the_embedded_servers_is_drawn_once_and_readable_by_its_user_alone(tmp_path: Path) -> None:
    first = seeds()
    assert seeds() == first
    assert stat.S_IMODE((tmp_path / "log.key").stat().st_mode) == 0o600
    assert not (tmp_path / "secret").exists(), "it is another secret than the server's"
    assert not (tmp_path / "vault.key").exists(), "and than the vault's"
    assert head_path(read_settings()) == tmp_path / "sealed-head"


def test_a_file_wins_and_a_former_one_stands_beside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "new").write_text(f"{KEY}\n")
    (tmp_path / "old").write_text(OTHER.upper())
    monkeypatch.setenv("APPRODO_LOG_KEY_FILE", str(tmp_path / "new"))
    assert seeds() == (KEY, None)
    assert not (tmp_path / "log.key").exists()
    monkeypatch.setenv("APPRODO_LOG_FORMER_KEY_FILE", str(tmp_path / "old"))
    assert seeds() == (KEY, OTHER)
    assert KEY not in repr(log_seeds(read_settings()))


def test_a_given_database_without_a_key_is_not_sealed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPRODO_DATABASE_URL", "postgresql://db/approdo")
    assert log_seeds(read_settings()) is None


def test_the_former_key_is_neither_alone_nor_the_present(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "one").write_text(KEY)
    monkeypatch.setenv("APPRODO_DATABASE_URL", "postgresql://db/approdo")
    monkeypatch.setenv("APPRODO_LOG_FORMER_KEY_FILE", str(tmp_path / "one"))
    with pytest.raises(WrongSettings, match="Set APPRODO_LOG_KEY_FILE beside"):
        log_seeds(read_settings())
    monkeypatch.setenv("APPRODO_LOG_KEY_FILE", str(tmp_path / "one"))
    with pytest.raises(WrongSettings, match="holds the present key"):
        log_seeds(read_settings())


@pytest.mark.parametrize("key", ["", "short", "5e" * 31, "5e" * 33, "zz" * 32])
def test_what_is_no_key_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, key: str
) -> None:
    (tmp_path / "kept").write_text(key)
    monkeypatch.setenv("APPRODO_LOG_KEY_FILE", str(tmp_path / "kept"))
    with pytest.raises(WrongSettings, match="kept is not a key of the log: 64 hexadecimal digits") as told:
        seeds()
    assert not key or key not in str(told.value)


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPRODO_LOG_KEY_FILE", "nowhere")
    with pytest.raises(WrongSettings, match="nowhere cannot be read: No such file"):
        seeds()


def test_the_head_is_never_kept_at_a_place_that_nobody_chose(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("APPRODO_DATABASE_URL", "postgresql://db/approdo")
    with pytest.raises(WrongSettings, match="Set APPRODO_SEALED_HEAD_FILE"):
        head_path(read_settings())
    monkeypatch.setenv("APPRODO_SEALED_HEAD_FILE", str(tmp_path / "gone" / "head"))
    with pytest.raises(WrongSettings, match="There is no folder"):
        head_path(read_settings())
    monkeypatch.setenv("APPRODO_SEALED_HEAD_FILE", str(tmp_path / "head"))
    assert head_path(read_settings()) == tmp_path / "head"
