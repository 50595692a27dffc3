"""The controls of `canary`: the product's server that tells what it should not, as one well meant line would.

`telling` logs exceptions with their text, as many programs do; `clear` keeps values in the vault as they are.
They live here and nowhere else.
"""

from __future__ import annotations

import hashlib
import logging
import sys
from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

import api.http.app
import ledger.vault.postgres
from api.commands.main import program
from domain.kept import ValueKind
from ledger import log_lines
from ledger.store.ids import RandomBytes
from ledger.vault.sealing import SealedValue

_log = logging.getLogger("careless")


def telling() -> None:
    """Every exception that a request ends in is logged with its text, in the usual form."""
    usual = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    setattr(log_lines.JsonLines, "format", lambda _, record: usual.format(record))  # noqa: B010
    for name in ("_on_problem", "_on_fault", "_on_parameters", "_on_http"):
        setattr(api.http.app, name, _told_first(getattr(api.http.app, name)))


def _told_first(answered: Callable[..., Any]) -> Callable[..., Any]:
    async def told(request: Any, raised: Exception) -> Any:
        _log.error("could not answer: %s", raised)
        return await answered(request, raised)

    return told


def clear() -> None:
    """Values are written as they came in."""

    def seal(
        key: bytes, subject: UUID, kind: ValueKind, value: str, random_bytes: RandomBytes
    ) -> SealedValue:
        return SealedValue(commitment=hashlib.sha256(random_bytes(16)).digest(), sealed=value.encode())

    def unseal(key: bytes, subject: UUID, kind: ValueKind, value: SealedValue) -> str:
        return value.sealed.decode()

    vault = cast("Any", ledger.vault.postgres)
    vault.seal, vault.unseal = seal, unseal


if __name__ == "__main__":
    {"telling": telling, "clear": clear}[sys.argv.pop(1)]()
    sys.exit(program())
