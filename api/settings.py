"""What the program is told from outside: variables that begin with APPRODO_, read once when it starts.

Not a store of state and nothing that may change while it runs. Secrets do not print. Every command reads the
same settings; `api.wiring` uses them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.origins import is_origin, is_secure, is_web_address
from ledger.postgres.directory import default_data_directory
from ledger.postgres.settings import Profile

PREFIX = "APPRODO_"
OTHERS = frozenset({"APPRODO_VENV", "APPRODO_CHROMIUM"})
"""Variables with our prefix that are not the program's: where `bootstrap.py` puts the environment, and where
it finds the browser of the tests.
"""


class WrongSettings(Exception):
    """A variable is missing, unknown or wrong. The message names it and says what to do."""


class Settings(BaseSettings):
    """One process's settings. An address with a password in it is a secret like the others."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        validate_default=True,
    )

    database_url: SecretStr | None = Field(
        None, description="PostgreSQL 18 as the role approdo_app; unset: an embedded server of our own"
    )
    identity_database_url: SecretStr | None = Field(
        None, description="the register's database as the role approdo_identity; unset: the same address"
    )
    owner_database_url: SecretStr | None = Field(
        None, description="the same database as its owner, to migrate"
    )
    reader_connections: Annotated[
        int, Field(ge=1, le=100, description="connections that read, per process")
    ] = 8
    data_dir: Path = Field(
        default_factory=default_data_directory, description="where the embedded server keeps its data"
    )
    profile: Profile = Field(
        Profile.DURABLE, description="durable, or scratch (an exercise that may lose its data)"
    )
    host: str = Field("127.0.0.1", min_length=1, description="the address to listen on")
    port: Annotated[int, Field(ge=0, le=65535, description="the port to listen on; 0: any free one")] = 8000
    jwks_file: Path | None = Field(None, description="the issuer's public keys, a JSON Web Key Set")
    token_issuer: str | None = Field(None, min_length=1, description="`iss` of the tokens that are accepted")
    token_audience: str | None = Field(
        None, min_length=1, description="`aud` of the tokens that are accepted"
    )
    public_origin: str | None = Field(
        None, description="where browsers find us, scheme://host[:port]; unset: nobody signs in by a passkey"
    )
    openid_issuer: str | None = Field(
        None, description="the provider at which people sign in; unset: this network has none"
    )
    openid_client_id: str | None = Field(
        None, min_length=1, description="how the provider knows this program"
    )
    openid_client_secret: SecretStr | None = Field(None, description="unset: a public client")
    openid_client_secret_file: Path | None = Field(None, description="a file that holds the same")
    digest_secret: SecretStr | None = Field(None, description="at least 32 characters that nobody can guess")
    digest_secret_file: Path | None = Field(None, description="a file that holds the same")
    vault_database_url: SecretStr | None = Field(
        None,
        description="the vault's database as the role approdo_vault; unset: beside the log, no password",
    )
    vault_key: SecretStr | None = Field(None, description="the vault's master key: 64 hexadecimal digits")
    vault_key_file: Path | None = Field(None, description="a file that holds the same")
    vault_former_key_file: Path | None = Field(
        None, description="the master key before this one, while keys are wrapped anew"
    )
    sealer_database_url: SecretStr | None = Field(
        None, description="the log's database as the role approdo_sealer; unset: beside the log, no password"
    )
    log_key_file: Path | None = Field(
        None, description="a file with the key that signs the log's heads: 64 hexadecimal digits"
    )
    log_former_key_file: Path | None = Field(
        None, description="the log's key before this one, while both sign"
    )
    sealed_head_file: Path | None = Field(
        None, description="where the sealer keeps its last head, outside the database and its backups"
    )
    witnesses_file: Path | None = Field(
        None, description="the witnesses to bring each head to, with addresses and quorum (C2SP tlog-policy)"
    )
    stamp_url: SecretStr | None = Field(
        None, description="a provider of time stamps (RFC 3161), with name and password where it wants them"
    )
    stamp_roots_file: Path | None = Field(
        None, description="the certificates (PEM) that vouch for that provider"
    )
    stamp_hours: Annotated[int, Field(ge=1, le=168, description="from one time stamp to the next")] = 1
    stamp_standing: Literal["unqualified", "qualified"] = Field(
        "unqualified", description="qualified only where the European trusted list says so of the provider"
    )

    @field_validator("public_origin")
    @classmethod
    def _is_origin(cls, value: str | None) -> str | None:
        if value is not None and not is_origin(value):
            raise ValueError("scheme://host[:port] and no more, https or on this machine http")
        return value

    @field_validator("stamp_url")
    @classmethod
    def _is_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not is_web_address(value.get_secret_value()):
            raise ValueError("an http or https address")
        return value

    @field_validator("openid_issuer")
    @classmethod
    def _is_issuer(cls, value: str | None) -> str | None:
        if value is not None and not is_secure(value):
            raise ValueError("an https address, or on this machine http")
        return value

    @property
    def embedded(self) -> bool:
        """Whether the program runs a PostgreSQL of its own."""
        return self.database_url is None


def read_settings(**given: object) -> Settings:
    """The settings of the environment; `given` (a command's own options) win over it.

    Refuses (`WrongSettings`) an unknown variable with our prefix, then values that are wrong.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields} | OTHERS
    for name in sorted(os.environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            raise WrongSettings(f"{name} is not a setting of this program: correct its name or unset it.")
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as wrong:
        raise WrongSettings("; ".join(_told(each["loc"], each["msg"]) for each in wrong.errors())) from None


def required(settings: Settings, *names: str) -> None:
    """Refuses (`WrongSettings`) when one of these has no value."""
    missing = [PREFIX + name.upper() for name in names if getattr(settings, name) is None]
    if missing:
        raise WrongSettings(f"Set {' and '.join(missing)}: see docs/OPERATIONS.md.")


def all_or_none(settings: Settings, *names: str) -> bool:
    """Whether all of these have a value. Refuses (`WrongSettings`) some without the others."""
    given = [name for name in names if getattr(settings, name) is not None]
    if given:
        required(settings, *names)
    return bool(given)


def _told(where: tuple[int | str, ...], message: str) -> str:
    said = message.removeprefix("Value error, ")
    return f"{PREFIX}{str(where[0]).upper() if where else ''}: {said[:1].lower()}{said[1:]}"
