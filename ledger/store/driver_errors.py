"""What the database's driver can raise, and which fault of the ledger each of it is.

Its text never travels on: it can hold values of people. Called wherever the ledger speaks to PostgreSQL.
"""

from __future__ import annotations

import asyncpg

from ledger.faults import LedgerFault, MalformedAppend, StoreRefused, StoreUnreachable

# A server killed in the middle of an answer leaves the driver in a state of its own: an InternalClientError.
_CONNECTION_ERRORS = (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)
DRIVER_ERRORS = (asyncpg.PostgresError, *_CONNECTION_ERRORS)

_MALFORMED = {"LG001", "23514", "23502"}
# Worth another try: the connection is gone, the server starts or stops, is full, or broke a deadlock.
_PASSING_CLASSES = {"08", "53", "57"}
_PASSING = {"40001", "40P01", "55P03", "25006"}


def as_fault(cause: Exception) -> LedgerFault:
    """A driver's or database's error as a fault of the ledger, with what may be said of it."""
    fault = _fault(cause, getattr(cause, "sqlstate", None) or "", sayable(cause))
    fault.sqlstate = getattr(cause, "sqlstate", None) or ""
    return fault


def _fault(cause: Exception, state: str, said: str) -> LedgerFault:
    if isinstance(cause, (asyncpg.DataError, ValueError)) or state in _MALFORMED:
        return MalformedAppend(said)
    if isinstance(cause, asyncpg.PostgresError):
        passing = state in _PASSING or state[:2] in _PASSING_CLASSES
        return StoreUnreachable(said) if passing else StoreRefused(said)
    if isinstance(cause, _CONNECTION_ERRORS):
        return StoreUnreachable(said)
    return StoreRefused(said)


def sayable(cause: BaseException) -> str:
    """What may be said of an error: its type, its SQLSTATE and the constraint, never its text."""
    parts = (type(cause).__name__, getattr(cause, "sqlstate", None), getattr(cause, "constraint_name", None))
    return " ".join(part for part in parts if part)
