"""`approdo checkpoint`: the page of the day, and what is said of a page after the log was tampered with."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg
import pytest

from ledger.evidence.notes.checkpoint import origin_of
from ledger.evidence.notes.signed import SignedNote, parse_note
from ledger.evidence.notes.trust import Trust, rendered
from ledger.evidence.sealing.head_file import HeadFile
from ledger.evidence.sealing.log_key import LogKey, log_key
from ledger.evidence.sealing.sealer import Sealer, SealingKeys
from ledger.postgres.sealed import PostgresSealedLog
from ledger.store.postgres import PostgresStore
from tests.api.commands.program import EXERCISE, NETWORK, Ended, approdo
from tests.support.postgres import Database

SEED, OTHER_SEED = bytes(range(32)), bytes(32)


async def seal(database: Database, folder: Path, seed: bytes = SEED) -> LogKey:
    async with PostgresStore(database.dsn()) as store, PostgresSealedLog(database.dsn("sealer")) as sealed:
        birth = await store.birth()
        assert birth is not None
        key = log_key(origin_of(birth.kind, birth.network), seed)
        keys = SealingKeys(origin=key.heads.verifier.name, present=key)
        sealer = Sealer(sealed, keys, HeadFile(folder / "sealed-head"))
        await sealer.start()
        await sealer.step()
    return key


class Log:
    """A founded log, sealed once, and its page."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.variables = {"APPRODO_DATABASE_URL": database.dsn()}
        self.database = database
        assert approdo(self.variables, "init", NETWORK, *EXERCISE).status == 0
        self.key = asyncio.run(seal(database, folder))
        self.page = folder / "page.txt"
        written = approdo(self.variables, "checkpoint", "page", self.page)
        assert written.status == 0, written.err

    def check(self, *arguments: str | Path) -> Ended:
        return approdo(self.variables, "checkpoint", "check", *arguments)

    def tamper(self, *statements: str) -> None:
        with psycopg.connect(self.database.dsn("superuser"), autocommit=True) as connection:
            for statement in ("SET session_replication_role = replica", *statements):
                connection.execute(statement.encode())


@pytest.fixture
def log(database: Database, tmp_path: Path) -> Log:
    return Log(database, tmp_path)


def note_of(page: Path) -> SignedNote:
    text = page.read_text().split("-----BEGIN APPRODO CHECKPOINT-----\n")[1]
    return parse_note(text.split("-----END")[0].encode())


def test_a_page_fits_the_log_it_is_of_also_when_the_log_has_grown(log: Log, tmp_path: Path) -> None:
    assert "ESERCITAZIONE" in log.page.read_text()
    bare = tmp_path / "note"
    bare.write_bytes(note_of(log.page).raw)
    checked = log.check(log.page, bare)
    assert (checked.status, checked.err) == (0, "")
    assert checked.out.count("fits: the log begins with exactly these") == 2
    assert log.page.read_text() == approdo(log.variables, "checkpoint", "page", "-").out


def test_a_page_that_is_there_is_not_written_over(log: Log) -> None:
    before = log.page.read_bytes()
    again = approdo(log.variables, "checkpoint", "page", log.page)
    assert again.status == 1
    assert "cannot be written" in again.complaint
    assert log.page.read_bytes() == before


def test_the_keys_may_be_given_instead_of_believed(log: Log, tmp_path: Path) -> None:
    trusted, stranger = tmp_path / "trusted", tmp_path / "stranger"
    trusted.write_text(rendered(Trust(logs=(log.key.heads.verifier,))))
    other = log_key(log.key.heads.verifier.name, OTHER_SEED)
    stranger.write_text(rendered(Trust(logs=(other.heads.verifier,))))
    assert log.check(log.page, "--trust", trusted).status == 0
    assert log.check(log.page, "--trust", stranger).status == 5
    assert log.check(log.page, "--trust", tmp_path / "nowhere").status == 2


def test_what_is_no_page_is_told_and_the_others_are_checked_all_the_same(log: Log, tmp_path: Path) -> None:
    letter = tmp_path / "letter"
    letter.write_text("Buongiorno, in allegato niente.\n")
    checked = log.check(letter, log.page)
    assert checked.status == 1
    assert "letter: cannot be read" in checked.out
    assert "page.txt: the head of size" in checked.out


def test_a_page_with_other_digits_than_its_note_is_told(log: Log, tmp_path: Path) -> None:
    bent = tmp_path / "bent"
    line = next(line for line in log.page.read_text().split("\n") if line.startswith("    1) "))
    digit = "0" if line[7] != "0" else "1"
    bent.write_text(log.page.read_text().replace(line, line[:7] + digit + line[8:]))
    checked = log.check(bent)
    assert checked.status == 5
    assert "do not go by them" in checked.out


def test_a_history_that_was_written_anew_and_signed_by_the_same_key_does_not_fit(
    log: Log, tmp_path: Path
) -> None:
    log.tamper(
        "UPDATE ledger.stored_events SET topic = 'network.member-left.1' WHERE notification_id = 3",
        "TRUNCATE evidence.leaf, evidence.checkpoint, evidence.cosignature, evidence.stamp",
    )
    (tmp_path / "anew").mkdir()
    asyncio.run(seal(log.database, tmp_path / "anew"))
    checked = log.check(log.page)
    assert checked.status == 9
    assert "does not fit since index 0" in checked.out


def test_a_log_that_was_rolled_back_is_shorter(log: Log, tmp_path: Path) -> None:
    log.tamper(
        "TRUNCATE evidence.leaf, evidence.checkpoint, evidence.cosignature, evidence.stamp",
        "DELETE FROM ledger.stored_events WHERE notification_id > 5",
    )
    (tmp_path / "anew").mkdir()
    asyncio.run(seal(log.database, tmp_path / "anew"))
    checked = log.check(log.page)
    assert checked.status == 9
    assert "the log has fewer now" in checked.out


def test_a_head_that_another_key_signed_is_told_of_the_log_itself(log: Log, tmp_path: Path) -> None:
    log.tamper("TRUNCATE evidence.leaf, evidence.checkpoint, evidence.cosignature, evidence.stamp")
    (tmp_path / "anew").mkdir()
    asyncio.run(seal(log.database, tmp_path / "anew", OTHER_SEED))
    checked = log.check(log.page)
    assert checked.status == 5
    assert "the log itself" in checked.out
