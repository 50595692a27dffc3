"""The sealer: one root for one size for ever, its head outside first, and no step on a database that is not
the one it sealed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from ledger.evidence.notes.signed import cosigned_at, parse_note, signers_of
from ledger.evidence.sealing import sealer as sealing
from ledger.evidence.sealing.adopting import adopt
from ledger.evidence.sealing.head_file import HeadFile, HeadFileBroken
from ledger.evidence.sealing.memory import MemorySealedLog
from ledger.evidence.sealing.port import HeadMoved, SealedHead
from ledger.evidence.sealing.sealer import DatabaseDisagrees, SealingKeys
from ledger.evidence.sealing.stated_keys import stated_keys
from ledger.faults import StoreUnreachable
from ledger.postgres.sealed import PostgresSealedLog
from ledger.store.memory import MemoryStore
from ledger.store.postgres import PostgresStore
from tests.ledger.evidence.sealed_log import KEY, ORIGIN
from tests.ledger.evidence.sealing.logs import FORMER, NEXT, Sealed, grow, kept_in
from tests.support.postgres import Database

pytestmark = pytest.mark.asyncio
KEYS = SealingKeys(origin=ORIGIN, present=KEY)
RENAMED = """UPDATE evidence.checkpoint
SET note = convert_to(replace(convert_from(note, 'UTF8'), 'exercise', 'exercize'), 'UTF8') WHERE size = 6"""


@pytest.fixture
def on(tmp_path: Path) -> Sealed:
    """In memory."""
    store = MemoryStore()
    return Sealed(store=store, log=MemorySealedLog(store), kept=kept_in(tmp_path))


@pytest_asyncio.fixture
async def kept(database: Database, tmp_path: Path) -> AsyncIterator[Sealed]:
    """In a database, as the sealer's role."""
    async with PostgresStore(database.dsn("app")) as store, PostgresSealedLog(database.dsn("sealer")) as log:
        yield Sealed(store=store, log=log, kept=kept_in(tmp_path))


class Crashed(Exception):
    """The process ended."""


class Crashing(MemorySealedLog):
    """Ends where the head would be published."""

    crashes = True

    async def seal(self, *, after: int, hashes: Iterable[Sequence[bytes]], head: SealedHead) -> None:
        if self.crashes:
            raise Crashed
        await super().seal(after=after, hashes=hashes, head=head)


async def forge(database: Database, *statements: str) -> None:
    """As the superuser, past every trigger."""
    connection = await asyncpg.connect(database.dsn("superuser"))
    try:
        await connection.execute("SET session_replication_role = replica")
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


class TestSealing:
    async def test_each_head_is_over_the_events_and_is_kept_outside(self, on: Sealed) -> None:
        sealer = await on.started()
        assert await sealer.step() is None
        for size, more in ((1, 1), (5, 4), (6, 1), (13, 7)):
            await grow(on.store, more)
            head = await sealer.step()
            assert head is not None
            assert (head.size, head.root) == (size, await on.root(size))
            assert await on.log.head() == head
            assert on.kept.path.read_bytes() == head.note
            assert signers_of(head.signed, [KEY.heads.verifier])
        assert await sealer.step() is None
        assert sealer.size == 13

    async def test_what_is_too_much_for_one_head_gets_several(
        self, on: Sealed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sealing, "MOST_AT_ONCE", 4)
        monkeypatch.setattr(sealing, "PAGE", 3)
        await grow(on.store, 10)
        sealer = await on.started()
        sizes = [head.size for head in [await sealer.step() for _ in range(3)] if head is not None]
        assert sizes == [4, 8, 10]

    async def test_it_takes_up_where_the_last_one_stopped(self, on: Sealed) -> None:
        await grow(on.store, 3)
        await (await on.started()).step()
        await grow(on.store, 2)
        head = await (await on.started()).step()
        assert head is not None and head.root == await on.root(5)

    async def test_the_same_log_gives_the_same_notes(self, on: Sealed, tmp_path: Path) -> None:
        await grow(on.store, 3)
        first = await (await on.started()).step()
        (tmp_path / "other").mkdir()
        twin = Sealed(store=on.store, log=MemorySealedLog(on.store), kept=kept_in(tmp_path / "other"))
        second = await (await twin.started()).step()
        assert first is not None and second is not None
        assert first.note == second.note

    async def test_it_says_every_ten_minutes_that_the_head_stands(self, on: Sealed) -> None:
        await grow(on.store, 1)
        sealer = await on.started()
        await sealer.beat()
        head = await sealer.step()
        assert head is not None
        for minutes, beats in ((9, 0), (10, 1), (19, 1), (20, 2), (21, 2)):
            on.clock.now = head.sealed_at + timedelta(minutes=minutes)
            await sealer.beat()
            assert len(await on.log.cosignatures(1)) == beats
        lines = [each.line for each in await on.log.cosignatures(1)]
        assert cosigned_at(lines[-1]) == int(head.sealed_at.timestamp()) + 1200
        assert {line.name for line in lines} == {f"{ORIGIN}/clock"}
        assert len(signers_of(head.signed.signed_also(lines[-1:]), [KEY.clock.verifier])) == 1

    async def test_it_is_woken_and_makes_no_two_heads_within_a_pause(
        self, on: Sealed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sealing, "PAUSE_SECONDS", 0.05)
        monkeypatch.setattr(sealing, "GATHERING_SECONDS", 0.0)
        sealer = await on.started()
        turning = asyncio.ensure_future(sealer.run(lambda size: on.store.grown(beyond=size)))
        for _ in range(30):
            await grow(on.store, 1)
            await asyncio.sleep(0.01)
        async with asyncio.timeout(5):
            while sealer.size < 30:  # noqa: ASYNC110 - the sealer tells nobody
                await asyncio.sleep(0.01)
        turning.cancel()
        await asyncio.gather(turning, return_exceptions=True)
        assert 1 < len(await on.log.heads(after=0, limit=99)) < 20


class TestCrashes:
    async def test_a_head_that_was_kept_and_not_published_is_sealed_again_byte_for_byte(
        self, tmp_path: Path
    ) -> None:
        store = MemoryStore()
        on = Sealed(store=store, log=(log := Crashing(store)), kept=kept_in(tmp_path))
        await grow(store, 3)
        with pytest.raises(Crashed):
            await (await on.started()).step()
        note = on.kept.path.read_bytes()
        assert await log.head() is None
        log.crashes = False
        await grow(store, 2)
        sealer = await on.started()
        published = await log.head()
        assert published is not None
        assert (published.size, published.note) == (3, note)
        head = await sealer.step()
        assert head is not None and head.root == await on.root(5)

    async def test_a_broken_file_is_refused_and_says_which(self, on: Sealed) -> None:
        await grow(on.store, 1)
        await (await on.started()).step()
        whole = on.kept.path.read_bytes()
        for broken in (b"", whole[:-3], b"\xff" + whole, whole.replace(b"\n1\n", b"\n01\n")):
            on.kept.path.write_bytes(broken)
            with pytest.raises(HeadFileBroken, match="sealed-head"):
                await on.started()
        on.kept.path.unlink()
        on.kept.path.mkdir()
        with pytest.raises(HeadFileBroken, match="Is a directory"):
            await on.started()

    async def test_a_folder_that_is_gone_stops_it_before_anything_is_published(self, tmp_path: Path) -> None:
        store = MemoryStore()
        on = Sealed(store=store, log=MemorySealedLog(store), kept=HeadFile(tmp_path / "gone" / "head"))
        await grow(store, 1)
        sealer = await on.started()
        with pytest.raises(HeadFileBroken, match="No such file"):
            await sealer.step()
        assert await on.log.head() is None


class TestOtherDatabases:
    async def test_a_database_with_heads_and_no_kept_head_is_refused(self, on: Sealed) -> None:
        await grow(on.store, 2)
        await (await on.started()).step()
        on.kept.path.unlink()
        with pytest.raises(DatabaseDisagrees, match="size 2, and no kept head is there"):
            await on.started()

    async def test_a_backup_that_was_taken_in_use_is_refused(self, on: Sealed) -> None:
        await grow(on.store, 2)
        backup = MemoryStore()
        await grow(backup, 2)
        await grow(on.store, 3)
        await (await on.started()).step()
        restored = Sealed(store=backup, log=MemorySealedLog(backup), kept=on.kept)
        with pytest.raises(DatabaseDisagrees, match="shorter than the head of size 5"):
            await restored.started()
        await grow(backup, 3)
        with pytest.raises(DatabaseDisagrees, match="another root was sealed at size 5"):
            await restored.started()
        assert await restored.log.head() is None

    async def test_the_kept_head_of_another_log_is_refused(self, on: Sealed) -> None:
        await grow(on.store, 1)
        await (await on.started()).step()
        on.kept.path.write_text(on.kept.path.read_text().replace("exercise", "real"))
        with pytest.raises(DatabaseDisagrees, match="the kept head is of approdo.real"):
            await on.started()

    async def test_a_head_under_another_key_is_refused(self, on: Sealed) -> None:
        await grow(on.store, 1)
        await (await on.started(NEXT)).step()
        with pytest.raises(DatabaseDisagrees, match="not one that was signed here"):
            await on.started(KEY)

    @pytest.mark.parametrize(
        ("statement", "said"),
        [
            (RENAMED, "was signed here"),
            ("UPDATE evidence.leaf SET hashes = sha256(hashes) WHERE index = 5", "was signed here"),
            ("DELETE FROM evidence.checkpoint WHERE size = 6", "beyond size 4 has no head"),
        ],
    )
    async def test_a_database_that_was_changed_under_the_head_is_refused_at_the_start(
        self, kept: Sealed, database: Database, statement: str, said: str
    ) -> None:
        await grow(kept.store, 4)
        sealer = await kept.started()
        await sealer.step()
        await grow(kept.store, 2)
        await sealer.step()
        await forge(database, statement)
        with pytest.raises(DatabaseDisagrees, match=said):
            await kept.started()

    async def test_a_tree_that_changes_under_a_running_sealer_is_noticed_before_the_next_head(
        self, kept: Sealed, database: Database
    ) -> None:
        await grow(kept.store, 4)
        sealer = await kept.started()
        await sealer.step()
        await forge(database, "UPDATE evidence.leaf SET hashes = sha256(hashes) || hashes WHERE index = 3")
        await grow(kept.store, 1)
        before = kept.kept.path.read_bytes()
        with pytest.raises(DatabaseDisagrees, match="tree under the head of size 4"):
            await sealer.step()
        assert kept.kept.path.read_bytes() == before

    async def test_an_event_changed_between_file_and_database_is_refused(
        self, kept: Sealed, database: Database
    ) -> None:
        await grow(kept.store, 4)
        await (await kept.started()).step()
        await forge(
            database,
            "TRUNCATE evidence.leaf, evidence.checkpoint CASCADE",
            "UPDATE ledger.stored_events SET metadata = 'x' WHERE notification_id = 2",
        )
        with pytest.raises(DatabaseDisagrees, match="another root was sealed at size 4"):
            await kept.started()

    async def test_an_event_that_is_gone_is_not_passed_over(self, kept: Sealed, database: Database) -> None:
        await grow(kept.store, 4)
        await forge(database, "DELETE FROM ledger.stored_events WHERE notification_id = 3")
        sealer = await kept.started()
        with pytest.raises(DatabaseDisagrees, match="no event at position 3"):
            await sealer.step()
        assert await kept.log.head() is None
        assert kept.kept.read() is None


class TestKeys:
    async def test_the_first_key_states_itself(self, on: Sealed) -> None:
        await on.started()
        await on.started()
        (stated,) = stated_keys(ORIGIN, await on.log.key_statements())
        assert (stated.since, stated.heads, stated.clock) == (0, KEY.heads.verifier, KEY.clock.verifier)

    async def test_a_key_follows_another_with_both_lines_and_the_formers_word(self, on: Sealed) -> None:
        await grow(on.store, 2)
        await (await on.started(FORMER)).step()
        await grow(on.store, 3)
        head = await (await on.started(KEY, FORMER)).step()
        assert head is not None
        both = [KEY.heads.verifier, FORMER.heads.verifier]
        assert {key for key, _ in signers_of(head.signed, both)} == set(both)
        first, second = await on.log.key_statements()
        assert [each.since for each in stated_keys(ORIGIN, (first, second))] == [0, 2]
        assert {key for key, _ in signers_of(parse_note(second.note), both)} == set(both)
        await grow(on.store, 1)
        alone = await (await on.started(KEY)).step()
        assert alone is not None
        assert [key for key, _ in signers_of(alone.signed, both)] == [KEY.heads.verifier]

    async def test_a_rotation_may_come_between_file_and_database(self, tmp_path: Path) -> None:
        store = MemoryStore()
        on = Sealed(store=store, log=(log := Crashing(store)), kept=kept_in(tmp_path))
        await grow(store, 3)
        with pytest.raises(Crashed):
            await (await on.started(FORMER)).step()
        line = parse_note(on.kept.path.read_bytes()).signatures[0]
        log.crashes = False
        await on.started(KEY, FORMER)
        published = await log.head()
        assert published is not None and line in published.signed.signatures


class TestTwo:
    async def test_the_second_finds_the_head_moved_and_takes_up_from_there(self, kept: Sealed) -> None:
        await grow(kept.store, 2)
        one, two = await kept.started(), await kept.started()
        await one.step()
        with pytest.raises(HeadMoved):
            await two.step()
        await grow(kept.store, 1)
        await two.start()
        head = await two.step()
        assert head is not None and head.root == await kept.root(3)

    async def test_one_that_has_lost_its_session_can_neither_read_nor_add(
        self, kept: Sealed, database: Database
    ) -> None:
        await grow(kept.store, 2)
        async with kept.log.alone():
            sealer = await kept.started()
            await forge(
                database,
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' "
                f"AND objid = {0x41505053} AND database = (SELECT oid FROM pg_database WHERE datname = "
                "current_database())",
            )
            with pytest.raises(StoreUnreachable):
                await sealer.step()
        assert kept.kept.read() is None, "it stopped before it wrote its head"
        async with kept.log.alone():
            assert await (await kept.started()).step() is not None

    async def test_one_file_has_one_writer(self, on: Sealed) -> None:
        with on.kept.alone(), pytest.raises(HeadMoved), HeadFile(on.kept.path).alone():
            raise AssertionError("two writers at once")
        with on.kept.alone():
            pass


class TestAdopting:
    async def test_where_nothing_is_wrong_nothing_changes(self, on: Sealed) -> None:
        await grow(on.store, 3)
        await (await on.started()).step()
        before = on.kept.path.read_bytes()
        adopted = await adopt(on.log, KEYS, on.kept)
        assert (adopted.head, adopted.given_up) == (on.kept.read(), None)
        assert on.kept.path.read_bytes() == before

    async def test_a_lost_file_is_written_anew(self, on: Sealed) -> None:
        await grow(on.store, 3)
        await (await on.started()).step()
        before = on.kept.path.read_bytes()
        on.kept.path.unlink()
        adopted = await adopt(on.log, KEYS, on.kept)
        assert adopted.given_up is None
        assert on.kept.path.read_bytes() == before
        await on.started()

    async def test_a_head_that_waits_to_be_published_is_not_given_up(self, tmp_path: Path) -> None:
        store = MemoryStore()
        on = Sealed(store=store, log=(log := Crashing(store)), kept=kept_in(tmp_path))
        await grow(store, 3)
        with pytest.raises(Crashed):
            await (await on.started()).step()
        adopted = await adopt(log, KEYS, on.kept)
        assert (adopted.head, adopted.given_up) == (None, None)
        log.crashes = False
        await on.started()
        assert await log.head() is not None

    async def test_after_a_backup_no_size_of_the_head_given_up_is_signed_again(self, on: Sealed) -> None:
        await grow(on.store, 5)
        await (await on.started()).step()
        lost = on.kept.read()
        backup = MemoryStore()
        await grow(backup, 2)
        restored = Sealed(store=backup, log=MemorySealedLog(backup), kept=on.kept)
        adopted = await adopt(restored.log, KEYS, restored.kept)
        assert (adopted.head, adopted.given_up) == (None, lost)
        assert on.kept.given_up() == lost
        sealer = await restored.started()
        for _ in range(3):
            assert await sealer.step() is None
            await grow(backup, 1)
        assert await backup.head() == 5
        assert await sealer.step() is None
        await grow(backup, 1)
        head = await sealer.step()
        assert head is not None and (head.size, head.root) == (6, await restored.root(6))

    async def test_the_largest_head_given_up_stays(self, on: Sealed) -> None:
        for size in (5, 3):
            store = MemoryStore()
            other = Sealed(
                store=store, log=MemorySealedLog(store), kept=HeadFile(on.kept.path.with_name("o"))
            )
            other.kept.path.unlink(missing_ok=True)
            await grow(store, size)
            await (await other.started()).step()
            other.kept.path.rename(on.kept.path)
            await adopt(on.log, KEYS, on.kept)
            given_up = on.kept.given_up()
            assert given_up is not None and given_up.size == 5
            assert on.kept.read() is None

    async def test_a_head_that_is_not_ours_or_not_over_the_events_is_never_taken(
        self, kept: Sealed, database: Database
    ) -> None:
        await grow(kept.store, 3)
        await (await kept.started()).step()
        kept.kept.path.unlink()
        with pytest.raises(DatabaseDisagrees, match="not one that was signed here"):
            await adopt(kept.log, SealingKeys(origin=ORIGIN, present=NEXT), kept.kept)
        await forge(database, "UPDATE ledger.stored_events SET metadata = 'x' WHERE notification_id = 2")
        with pytest.raises(DatabaseDisagrees, match="not over the events"):
            await adopt(kept.log, KEYS, kept.kept)
        await forge(database, "DELETE FROM ledger.stored_events WHERE notification_id = 2")
        with pytest.raises(DatabaseDisagrees, match="no event at position 2"):
            await adopt(kept.log, KEYS, kept.kept)
        assert kept.kept.read() is None
