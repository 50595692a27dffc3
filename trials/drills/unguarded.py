"""The product's append function with one of its two guards cut out, in a drill's own database.

Not a setting and not a copy: the functions are read back from the database, one judgement is cut from them,
and the unique key that is the last defence of that guard becomes an ordinary index. A cut that finds nothing
to cut is an error, so a changed function cannot make a control that guards after all.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import asyncpg

from trials.stage.ground import Ground


class Without(enum.StrEnum):
    """Which guards are cut out."""

    NOTHING = "both guards"
    VERSIONS = "claims alone"
    CLAIMS = "versions alone"
    BOTH = "no guard"


Cut = tuple[str, str, str]
"""A function, what stands in it once, and what stands there instead."""

_VERSIONS: Sequence[Cut] = (
    ("all_clear", "OR t.expected <> coalesce(", "OR false AND t.expected <> coalesce("),
    ("judge", "WHERE t.expected <> coalesce(", "WHERE false AND t.expected <> coalesce("),
)
_CLAIMS: Sequence[Cut] = (
    ("all_clear", "IF claim_keys = '{}' THEN RETURN true; END IF;", "RETURN true;"),
    ("judge", "WHERE NOT c.take\n", "WHERE false AND NOT c.take\n"),
    ("judge", "WHERE c.take\n", "WHERE false AND c.take\n"),
)
_KEYS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "stored_events": ("stored_events_pkey", "originator_id, originator_version"),
        "active_claim": ("active_claim_pkey", "place"),
        "active_case": ("active_case_pkey", "case_id"),
    }
)


async def cut(on: Ground, database: str, without: Without) -> None:
    """Take the guards out of this database. Errors: `AssertionError` where the function is not as it was."""
    connection = await asyncpg.connect(on.server.dsn(database))
    try:
        if without in (Without.VERSIONS, Without.BOTH):
            await _cut(connection, _VERSIONS, ("stored_events",))
        if without in (Without.CLAIMS, Without.BOTH):
            await _cut(connection, _CLAIMS, ("active_claim", "active_case"))
    finally:
        await connection.close()


async def _cut(connection: asyncpg.Connection, cuts: Sequence[Cut], tables: Sequence[str]) -> None:
    for function, stands, instead in cuts:
        source: str = await connection.fetchval(
            "SELECT pg_get_functiondef(p.oid) FROM pg_proc AS p "
            "WHERE p.proname = $1 AND p.pronamespace = 'ledger'::regnamespace",
            function,
        )
        assert source.count(stands) == 1, f"ledger.{function} no longer says {stands!r} once"
        await connection.execute(source.replace(stands, instead))
    for table in tables:
        key, columns = _KEYS[table]
        await connection.execute(f"ALTER TABLE ledger.{table} DROP CONSTRAINT {key}")
        await connection.execute(f"CREATE INDEX ON ledger.{table} ({columns})")
