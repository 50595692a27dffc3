"""`docker-compose.yml` and what it mounts: who starts after whom, who is reachable, how roles are made."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import yaml

from api.settings import Settings
from ledger.postgres.binaries import locate
from ledger.postgres.migrations import check, migrate
from ledger.postgres.settings import SILENT, Profile, server_settings
from ledger.postgres.supervisor import EmbeddedPostgres

ROOT = Path(__file__).resolve().parent.parent
PRIVACY = ("log_min_messages", "log_min_error_statement", "log_error_verbosity", "log_statement")
PARAMETERS = ("log_parameter_max_length", "log_parameter_max_length_on_error", "log_min_duration_statement")


def composed() -> dict[str, Any]:
    whole: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return whole


def test_the_database_is_the_version_that_the_program_brings() -> None:
    assert composed()["services"]["postgres"]["image"] == f"postgres:{locate().major}"


def test_its_log_holds_no_more_than_the_embedded_servers() -> None:
    command = composed()["services"]["postgres"]["command"]
    settings = dict(each.split("=", 1) for each in command if "=" in each)
    embedded = server_settings(Profile.DURABLE, lz4=True, further={})
    for name in (*PRIVACY, *PARAMETERS):
        assert settings[name] == embedded[name], name
        assert settings[name] in SILENT[name], name


def test_no_container_leaves_an_image_of_its_memory() -> None:
    assert {each["ulimits"]["core"] for each in composed()["services"].values()} == {0}


def test_only_the_server_is_published_and_only_on_loopback() -> None:
    services = composed()["services"]
    assert {name: each["ports"] for name, each in services.items() if "ports" in each} == {
        "server": ["127.0.0.1:8000:8000"]
    }
    assert composed()["networks"]["store"] == {"internal": True}
    assert services["postgres"]["networks"] == ["store"]


def test_the_server_starts_after_the_migrations_and_they_after_the_database() -> None:
    services = composed()["services"]
    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert services["server"]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert services["migrate"]["command"] == ["approdo", "migrate"]
    assert services["server"]["command"][:2] == ["approdo", "serve"]
    assert all("healthcheck" in services[name] for name in ("postgres", "server"))


def test_the_programs_own_containers_are_read_only_and_without_rights() -> None:
    for name in ("migrate", "server", "seal"):
        service = composed()["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.search(r"^USER \d{5}$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


def test_the_sealer_alone_has_the_logs_key_and_its_memory_is_apart_from_the_database() -> None:
    services, volumes = composed()["services"], composed()["volumes"]
    seal = services["seal"]
    assert seal["command"] == ["approdo", "seal"]
    assert seal["networks"] == ["store"]
    assert seal["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    for name, service in services.items():
        said = str(service.get("environment", "")) + str(service.get("secrets", ""))
        assert ("log_key" in said.lower()) is (name == "seal"), name
    given = {name.removeprefix("APPRODO_").lower() for name in seal["environment"]}
    assert given == {"sealer_database_url", "log_key_file", "log_former_key_file", "sealed_head_file"}
    memory = seal["volumes"][0]
    assert memory.partition(":")[0] in volumes
    assert seal["environment"]["APPRODO_SEALED_HEAD_FILE"].startswith(memory.partition(":")[2] + "/")
    others = [each for name, each in services.items() if name != "seal"]
    mounted = {mount.partition(":")[0] for each in others for mount in each.get("volumes", [])}
    assert memory.partition(":")[0] not in mounted
    made = f"install -d -o approdo -g approdo -m 0700 {memory.partition(':')[2]}"
    assert made in (ROOT / "Dockerfile").read_text()


def test_people_can_sign_in_at_the_server_in_every_way_there_is() -> None:
    """By passkeys always; by a provider and by tokens where `.env` says so."""
    passed = composed()["services"]["server"]["environment"]
    ways = {
        name for name in Settings.model_fields if name.startswith(("public_", "openid_", "jwks_", "token_"))
    }
    named = {f"APPRODO_{name.upper()}" for name in ways if name != "openid_client_secret_file"}
    assert named <= set(passed)
    assert {name.removeprefix("APPRODO_").lower() for name in passed} <= set(Settings.model_fields)
    required = {name for name in named if ":?" in passed[name]}
    assert required == {"APPRODO_PUBLIC_ORIGIN"}
    assert Settings.model_config["env_ignore_empty"]


def test_no_secret_is_written_down() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert set(re.findall(r"postgresql://\w+:(.*?)@", text)) == {
        "${APPRODO_OWNER_PASSWORD:?put it into .env}",
        "${APPRODO_APP_PASSWORD:?put it into .env}",
        "${APPRODO_VAULT_PASSWORD:?put it into .env}",
        "${APPRODO_IDENTITY_PASSWORD:?put it into .env}",
        "${APPRODO_SEALER_PASSWORD:?put it into .env}",
    }
    assert all(set(secret) == {"environment"} for secret in composed()["secrets"].values())
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()


def test_each_copied_path_is_in_the_build_and_exists() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    named = {name for line in copied for name in line.split()}
    assert {name.partition("/")[0] for name in named} == allowed
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_roles_script_prepares_a_database_that_the_owner_migrates_and_the_application_opens(
    server_directory: Path,
) -> None:
    for name in ("owner", "app", "vault", "identity", "sealer"):
        (server_directory / f"{name}_password").write_text(f"it's {name}")
    with EmbeddedPostgres(server_directory / "state", profile=Profile.SCRATCH) as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE approdo")
        environment = {
            "PATH": f"{locate().folder}{os.pathsep}{os.defpath}",
            "PGHOST": str(server.socket_dir),
            "POSTGRES_USER": "postgres",
            "POSTGRES_DB": "approdo",
            "SECRETS": str(server_directory),
        }
        subprocess.run([ROOT / "deploy" / "postgres" / "roles.sh"], env=environment, check=True)
        assert asyncio.run(migrate(server.dsn("approdo", "approdo_owner")))
        asyncio.run(check(server.dsn("approdo", "approdo_app")))
        with psycopg.connect(server.dsn()) as connection:
            query = (
                "SELECT count(*) FROM pg_authid WHERE rolname LIKE 'approdo%' AND rolpassword LIKE 'SCRAM-%'"
            )
            assert connection.execute(query).fetchone() == (5,)


def test_the_image_has_what_pages_are_drawn_from_and_what_they_borrow() -> None:
    """The borrowed files are fetched where the image is built, and never taken from somebody's checkout."""
    _, build, image = (ROOT / "Dockerfile").read_text().split("\nFROM ")
    for needed in (
        "COPY assets assets",
        "COPY api/pages/templates api/pages/templates",
        "bootstrap.py install",
    ):
        assert needed in build
    assert "COPY api api" in image
    assert "COPY --from=build /app/api/pages/vendor api/pages/vendor" in image
    sent = (ROOT / ".dockerignore").read_text().splitlines()
    assert sent.index("!api") < sent.index("api/pages/vendor")
    assert "!assets" in sent
