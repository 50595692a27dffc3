"""The library's environment for a test's database."""

from __future__ import annotations

from tests.support.postgres import ROLES, Database


def library_env(database: Database, role: str = "reader") -> dict[str, str]:
    """Where the library connects, in its own variables."""
    return {
        "POSTGRES_DBNAME": database.name,
        "POSTGRES_HOST": str(database.server.socket_dir),
        "POSTGRES_PORT": "5432",
        "POSTGRES_USER": ROLES[role],
        "POSTGRES_PASSWORD": "",
        "POSTGRES_POOL_SIZE": "1",
    }
