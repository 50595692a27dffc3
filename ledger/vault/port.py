"""What a vault promises, whichever keeps it: PostgreSQL or memory. The contract tests hold both to it.

A subject is a case, a desk or an inquiry by its stream id, and has one key. A value is named by its
commitment, which its event in the log carries. A value is *in doubt* from when it is kept until it is known
to stand in the log; one whose command was never recorded stays in doubt, and is swept. Called by the doors
through `api.keeping`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from domain.kept import ValueKind
from ledger.faults import LedgerFault

LARGEST_VALUE_BYTES = 4000


class VaultUnreachable(LedgerFault):
    """The vault's database does not answer: try again. What needs no value goes on without it."""


class KeyDestroyed(LedgerFault):
    """The subject's key is gone, and with it every value under it."""


class ValueBroken(LedgerFault):
    """A sealed value is not what its commitment binds: it was changed, moved or cut."""


class Vault(Protocol):
    """Keeps, opens and destroys. Every call stands by itself; nothing is cached between calls.

    Each may fail with `VaultUnreachable`.
    """

    async def keep(
        self, subject: UUID, values: Sequence[tuple[ValueKind, str]], command_id: UUID
    ) -> tuple[str, ...]:
        """Seal the values under the subject's key (drawn with the first) before their command is recorded;
        their commitments, in order. The same command again with the same values gives the same commitments.

        Errors: `KeyDestroyed`.
        """

    async def open(self, subject: UUID, commitments: Iterable[str]) -> Mapping[str, str]:
        """The values in the clear, by commitment; one that is not there (discarded) is left out. The caller
        has recorded the opening before. Errors: `KeyDestroyed`, `ValueBroken`.
        """

    async def settle(self, subject: UUID, commitments: Iterable[str]) -> None:
        """These stand in the log: they are in doubt no longer."""

    async def doubt(self, subject: UUID, commitments: Iterable[str]) -> None:
        """A command is about to be recorded after which these may no longer stand."""

    async def doubtful(self, since: timedelta) -> Mapping[UUID, tuple[str, ...]]:
        """The subjects that have had a value in doubt for so long, by the vault's own clock, each with its
        values; those in doubt for less are left out.
        """

    async def discard(self, subject: UUID, commitments: Iterable[str]) -> None:
        """Destroy single values, replaced or withdrawn. Done already: nothing."""

    async def destroy(self, subject: UUID) -> None:
        """Destroy the subject's key and every value under it, for good: nothing of them is left in the
        tables or their files. Done already: nothing; no key is drawn for this subject again.
        """

    async def tidy(self) -> None:
        """Leave nothing of values discarded earlier in the tables' files."""
