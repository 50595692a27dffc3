"""Faults of the ledger: few, with one root. The docstring is the message; no text of a database error is ever
carried.
"""

from __future__ import annotations


class LedgerFault(Exception):
    """The ledger could not do what was asked."""

    sqlstate = ""
    """Of the database's error behind it, where there was one."""

    def __str__(self) -> str:
        detail = super().__str__()
        message = (type(self).__doc__ or "").strip()
        return f"{message} ({detail})" if detail else message


class MalformedAppend(LedgerFault):
    """The append itself is wrong and can never be recorded."""


class StoreOverloaded(LedgerFault):
    """Too many commands are waiting: try again shortly with the same command id."""


class StoreUnreachable(LedgerFault):
    """The database did not answer: the outcome is unknown until the same command id is retried."""


class UnknownTopic(LedgerFault):
    """An event's topic is not known to this version of the program."""


class BrokenEvent(LedgerFault):
    """An event's bytes do not decode as its topic says."""


class WrongLog(LedgerFault):
    """The log is not of the kind this command may touch."""


class ClockSteppedBack(LedgerFault):
    """The clock of an exercise cannot stand before what is recorded."""


class StoreRefused(LedgerFault):
    """The database refused what the ledger asked: its schema, roles or settings are not those of this
    program.
    """
