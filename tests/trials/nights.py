"""Runs the demo as a person does and gives back the log it left, read through the store and the codec."""

from __future__ import annotations

import asyncio
import os
import pwd
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from domain.claims import ClaimKind
from ledger import state_bytes
from ledger.evidence.invariants import Checker
from ledger.evidence.verdict import Verdict
from ledger.postgres.binaries import may_pass
from ledger.postgres.supervisor import EmbeddedPostgres
from ledger.state_bytes import SALT_BYTES
from ledger.store.port import Birth
from ledger.store.postgres import PostgresStore
from trials.stage.record import Entry, read_log

ROOT = Path(__file__).resolve().parents[2]
_UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BINDING = re.compile(rb'"[0-9a-f]{64}"')
"""A digest over ids, or the commitment of a value kept apart."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """A night that was played: what the program said and the log it left."""

    said: str
    birth: Birth
    entries: tuple[Entry, ...]
    verdict: Verdict

    @property
    def content(self) -> list[tuple[str, int, str, bytes]]:
        """The log without what is random in it: ids stand as the order in which they first appear."""
        return [_content(each, self._numbers()) for each in self.entries]

    def _numbers(self) -> dict[bytes, bytes]:
        numbers: dict[bytes, bytes] = {}
        for each in self.entries:
            for found in (str(each.stream).encode(), *_UUID.findall(each.row.state)):
                numbers.setdefault(found, str(len(numbers)).encode())
        return numbers


def ordinary_user() -> str | None:
    """Another user who may run the program where it stands; None where we are ordinary ourselves."""
    nobody = pwd.getpwnam("nobody")
    reachable = all(
        may_pass(each, nobody.pw_uid, nobody.pw_gid) for each in (ROOT, Path(sys.executable).resolve().parent)
    )
    return "nobody" if os.geteuid() == 0 and reachable else None


def play(folder: Path, *arguments: str, user: str | None = None) -> Played:
    """One night, to its end. The demo's data goes into `folder`, which must be the user's to write in."""
    if user is not None:
        owner = pwd.getpwnam(user)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    said = subprocess.run(
        [sys.executable, "-B", "-m", "trials.demo", "--exit", *arguments],
        cwd=ROOT,
        env={**os.environ, "APPRODO_DATA_DIR": str(folder), "HOME": str(folder)},
        user=user,
        group=user and pwd.getpwnam(user).pw_gid,
        extra_groups=None if user is None else [],
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert said.returncode == 0, said.stderr + said.stdout
    return _read(folder / "demo", said.stdout, user or "nobody")


def _read(data: Path, said: str, server_user: str) -> Played:
    found = re.search(r"night_[0-9a-f_]+", said)
    assert found is not None
    with EmbeddedPostgres(data, user_for_root=server_user) as server:
        birth, entries, verdict = asyncio.run(_log(server.dsn(found[0], "approdo_reader")))
    return Played(said=said, birth=birth, entries=entries, verdict=verdict)


async def _log(dsn: str) -> tuple[Birth, tuple[Entry, ...], Verdict]:
    async with PostgresStore(dsn) as store:
        birth, entries = await store.birth(), await read_log(store)
        checker = Checker()
        checker.take([each.row for each in entries])
        verdict = checker.verdict({kind: await store.claims(kind) for kind in ClaimKind})
    assert birth is not None
    return birth, entries, verdict


def _content(each: Entry, numbers: dict[bytes, bytes]) -> tuple[str, int, str, bytes]:
    parts = state_bytes.split(each.row.state)
    told = parts.open + parts.reserved[SALT_BYTES:]
    named = _UUID.sub(lambda found: numbers[found[0]], _BINDING.sub(b"", told))
    return each.row.topic, each.version, each.recorded_at.isoformat(), named
