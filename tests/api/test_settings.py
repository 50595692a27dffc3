"""Settings: read once from the environment, whole or not at all, and secrets that do not print."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from pathlib import Path

import pytest
import yaml

from api.secret import client_secret, derived, server_secret
from api.settings import Settings, WrongSettings, all_or_none, read_settings, required
from api.wiring import VERSION
from ledger.postgres.settings import Profile

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a-secret-that-is-long-enough-for-it"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("APPRODO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("APPRODO_DATA_DIR", str(tmp_path))


def test_the_defaults_are_an_embedded_server_on_the_loopback_address() -> None:
    settings = read_settings()
    assert settings.embedded
    assert (settings.host, settings.port, settings.profile) == ("127.0.0.1", 8000, Profile.DURABLE)


def test_an_option_of_the_command_line_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPRODO_PORT", "9000")
    assert read_settings().port == 9000
    assert read_settings(port=9001, host=None).port == 9001


def test_secrets_do_not_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPRODO_DATABASE_URL", "postgresql://app:hunter2@db/approdo")
    monkeypatch.setenv("APPRODO_OWNER_DATABASE_URL", "postgresql://owner:hunter2@db/approdo")
    monkeypatch.setenv("APPRODO_DIGEST_SECRET", SECRET)
    settings = read_settings()
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert "hunter2" not in shown
        assert SECRET not in shown


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("APPRODO_DATABSE_URL", "x", "APPRODO_DATABSE_URL is not a setting of this program"),
        ("approdo_speed", "x", "approdo_speed is not a setting"),
        ("APPRODO_PORT", "70000", "APPRODO_PORT: input should be less than or equal to 65535"),
        ("APPRODO_PORT", "web", "APPRODO_PORT: input should be a valid integer"),
        ("APPRODO_PROFILE", "fast", "APPRODO_PROFILE: input should be 'durable' or 'scratch'"),
    ],
)
def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSettings) as told:
        read_settings()
    assert said in str(told.value)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(WrongSettings, match="Set APPRODO_JWKS_FILE and APPRODO_TOKEN_ISSUER"):
        required(read_settings(), "jwks_file", "token_issuer")


def test_an_empty_variable_is_as_if_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPRODO_DATABASE_URL", "")
    assert read_settings().embedded


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read_settings().port = 1


def test_the_embedded_server_draws_its_secret_once_and_for_itself(tmp_path: Path) -> None:
    first = server_secret(read_settings())
    assert server_secret(read_settings()) == first
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert len(first) == 64
    assert derived(first, "actors") != derived(first, "digests")


def test_a_secret_comes_from_the_variable_or_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "kept").write_text(f"{SECRET}\n")
    monkeypatch.setenv("APPRODO_DIGEST_SECRET_FILE", str(tmp_path / "kept"))
    assert server_secret(read_settings()) == SECRET.encode()
    monkeypatch.setenv("APPRODO_DIGEST_SECRET", SECRET)
    with pytest.raises(WrongSettings, match="not both"):
        server_secret(read_settings())
    monkeypatch.delenv("APPRODO_DIGEST_SECRET_FILE")
    assert server_secret(read_settings()) == SECRET.encode()


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"APPRODO_DATABASE_URL": "postgresql://db/approdo"}, "Set APPRODO_DIGEST_SECRET_FILE"),
        ({"APPRODO_DIGEST_SECRET": "short"}, "APPRODO_DIGEST_SECRET is too short"),
        ({"APPRODO_DIGEST_SECRET_FILE": "nowhere"}, "nowhere cannot be read: No such file"),
    ],
)
def test_a_secret_that_cannot_be_used_is_refused(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], said: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(WrongSettings) as told:
        server_secret(read_settings())
    assert said in str(told.value)
    assert "short " not in str(told.value).replace("too short", "")


def test_the_operations_page_names_every_setting_and_compose_no_other() -> None:
    known = {f"APPRODO_{name.upper()}" for name in Settings.model_fields}
    page = (ROOT / "docs" / "OPERATIONS.md").read_text()
    assert known <= set(re.findall(r"`(APPRODO_[A-Z_]+)`", page))
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    given = {name for service in services.values() for name in service["environment"]}
    assert {name for name in given if name.startswith("APPRODO_")} <= known


def test_the_program_says_the_version_of_the_project() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION


@pytest.mark.parametrize(
    "origin",
    [
        "https://approdo.example.invalid",
        "https://approdo.example.invalid:8443",
        "http://localhost:8000",
        "http://127.0.0.1:8000",
        "http://[::1]:8000",
    ],
)
def test_an_origin_is_what_a_browser_says_of_a_page(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    monkeypatch.setenv("APPRODO_PUBLIC_ORIGIN", origin)
    assert read_settings().public_origin == origin


@pytest.mark.parametrize(
    "origin",
    [
        "approdo.example.invalid",
        "http://approdo.example.invalid",
        "https://approdo.example.invalid/",
        "https://approdo.example.invalid/casa",
        "https://approdo.example.invalid:443",
        "http://localhost:80",
        "https://Approdo.example.invalid",
        "https://ada@approdo.example.invalid",
        "https://approdo.example.invalid:99999",
        "https://",
        "https://[",
        "ftp://localhost",
    ],
)
def test_anything_else_is_no_origin(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    monkeypatch.setenv("APPRODO_PUBLIC_ORIGIN", origin)
    with pytest.raises(WrongSettings, match="APPRODO_PUBLIC_ORIGIN: scheme://host"):
        read_settings()


@pytest.mark.parametrize("issuer", ["http://accesso.invalid", "accesso.invalid", "https://", "https://["])
def test_a_provider_is_reached_over_tls_or_on_this_machine(
    monkeypatch: pytest.MonkeyPatch, issuer: str
) -> None:
    monkeypatch.setenv("APPRODO_OPENID_ISSUER", issuer)
    with pytest.raises(WrongSettings, match="APPRODO_OPENID_ISSUER: an https address"):
        read_settings()


def test_settings_that_belong_together_are_set_together(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("jwks_file", "token_issuer", "token_audience")
    assert not all_or_none(read_settings(), *names)
    monkeypatch.setenv("APPRODO_TOKEN_ISSUER", "https://issuer.invalid")
    with pytest.raises(WrongSettings, match="Set APPRODO_JWKS_FILE and APPRODO_TOKEN_AUDIENCE"):
        all_or_none(read_settings(), *names)
    monkeypatch.setenv("APPRODO_JWKS_FILE", "keys.json")
    monkeypatch.setenv("APPRODO_TOKEN_AUDIENCE", "approdo")
    assert all_or_none(read_settings(), *names)


def test_the_providers_secret_comes_from_the_variable_or_the_file_and_may_be_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert client_secret(read_settings()) is None
    monkeypatch.setenv("APPRODO_OPENID_CLIENT_SECRET", SECRET)
    assert client_secret(read_settings()) == SECRET
    assert SECRET not in repr(read_settings())
    monkeypatch.setenv("APPRODO_OPENID_CLIENT_SECRET_FILE", str(tmp_path / "kept"))
    with pytest.raises(WrongSettings, match="not both"):
        client_secret(read_settings())
    monkeypatch.delenv("APPRODO_OPENID_CLIENT_SECRET")
    with pytest.raises(WrongSettings, match="cannot be read"):
        client_secret(read_settings())
    (tmp_path / "kept").write_text("\n")
    with pytest.raises(WrongSettings, match="no secret"):
        client_secret(read_settings())
    (tmp_path / "kept").write_text(f"{SECRET}\n")
    assert client_secret(read_settings()) == SECRET
