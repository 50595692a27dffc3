"""The promises of `ledger.vault.port`, as tests that every adapter inherits by giving a `vault` fixture."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from domain.kept import ValueKind, is_commitment
from ledger.vault.port import KeyDestroyed, Vault

NUMBER = (ValueKind.CALLBACK_CONTACT, "+39 02 5550 1234")
WORD = (ValueKind.AGREED_WORD, "corbezzolo è maturo")
AT_ONCE = timedelta()
AN_HOUR = timedelta(hours=1)

Age = Callable[[timedelta], Awaitable[None]]
"""Lets the vault's clock pass."""


@pytest.mark.asyncio
class KeepingContract:
    """What is kept comes back, and only where it belongs."""

    async def test_what_is_kept_opens_under_its_commitment(self, vault: Vault) -> None:
        case = uuid.uuid4()
        kept = await vault.keep(case, [NUMBER, WORD], uuid.uuid4())
        assert all(is_commitment(each) for each in kept)
        assert await vault.open(case, kept) == {kept[0]: NUMBER[1], kept[1]: WORD[1]}
        assert await vault.open(case, kept[1:]) == {kept[1]: WORD[1]}

    async def test_the_same_command_again_gives_the_same_commitments(self, vault: Vault) -> None:
        case, command = uuid.uuid4(), uuid.uuid4()
        first = await vault.keep(case, [NUMBER, WORD], command)
        assert await vault.keep(case, [NUMBER, WORD], command) == first
        assert await vault.keep(case, [WORD, NUMBER], command) == first[::-1]

    async def test_the_same_command_at_once_gives_one_answer(self, vault: Vault) -> None:
        case, command = uuid.uuid4(), uuid.uuid4()
        answers = await asyncio.gather(*(vault.keep(case, [NUMBER], command) for _ in range(6)))
        assert len(set(answers)) == 1
        assert await vault.doubtful(AT_ONCE) == {case: answers[0]}

    async def test_another_command_with_the_same_value_shows_nothing_of_it(self, vault: Vault) -> None:
        case = uuid.uuid4()
        first = await vault.keep(case, [NUMBER], uuid.uuid4())
        other = await vault.keep(case, [NUMBER], uuid.uuid4())
        assert first != other
        assert set((await vault.open(case, [*first, *other])).values()) == {NUMBER[1]}

    async def test_another_value_under_the_same_command_leaves_the_first(self, vault: Vault) -> None:
        """Which of the two was recorded only the log knows."""
        case, command = uuid.uuid4(), uuid.uuid4()
        (first,) = await vault.keep(case, [NUMBER], command)
        (other,) = await vault.keep(case, [(NUMBER[0], "+39 0331 5550")], command)
        assert await vault.open(case, [first, other]) == {first: NUMBER[1], other: "+39 0331 5550"}

    async def test_a_value_of_one_subject_does_not_open_for_another(self, vault: Vault) -> None:
        case, other = uuid.uuid4(), uuid.uuid4()
        kept = await vault.keep(case, [NUMBER], uuid.uuid4())
        await vault.keep(other, [WORD], uuid.uuid4())
        assert await vault.open(other, kept) == {}
        assert await vault.open(uuid.uuid4(), kept) == {}

    async def test_the_longest_value_comes_back(self, vault: Vault) -> None:
        case, notes = uuid.uuid4(), "à" * 2000
        kept = await vault.keep(case, [(ValueKind.NOTES, notes)], uuid.uuid4())
        assert await vault.open(case, kept) == {kept[0]: notes}


@pytest.mark.asyncio
class DoubtContract:
    """What is not known to stand in the log is told until it is."""

    async def test_a_value_is_in_doubt_until_it_is_settled(self, vault: Vault) -> None:
        case = uuid.uuid4()
        kept = await vault.keep(case, [NUMBER], uuid.uuid4())
        assert await vault.doubtful(AT_ONCE) == {case: kept}
        await vault.settle(case, kept)
        assert await vault.doubtful(AT_ONCE) == {}
        assert await vault.open(case, kept) == {kept[0]: NUMBER[1]}

    async def test_only_what_is_long_in_doubt_is_told(self, vault: Vault, age: Age) -> None:
        case, command = uuid.uuid4(), uuid.uuid4()
        await vault.keep(case, [NUMBER], command)
        assert await vault.doubtful(AN_HOUR) == {}
        await age(timedelta(hours=2))
        assert list(await vault.doubtful(AN_HOUR)) == [case]
        await vault.keep(case, [NUMBER], command)
        assert await vault.doubtful(AN_HOUR) == {}, "kept again, its hour begins anew"

    async def test_a_subject_in_doubt_is_told_with_all_its_values_but_the_young(
        self, vault: Vault, age: Age
    ) -> None:
        case = uuid.uuid4()
        replaced = await vault.keep(case, [NUMBER], uuid.uuid4())
        await vault.settle(case, replaced)
        newer = await vault.keep(case, [NUMBER], uuid.uuid4())
        await age(timedelta(hours=2))
        young = await vault.keep(case, [WORD], uuid.uuid4())
        told = await vault.doubtful(AN_HOUR)
        assert set(told[case]) == {*replaced, *newer}
        assert young[0] not in told[case]

    async def test_what_is_settled_can_be_doubted_again(self, vault: Vault) -> None:
        case = uuid.uuid4()
        kept = await vault.keep(case, [NUMBER, WORD], uuid.uuid4())
        await vault.settle(case, kept)
        await vault.doubt(case, kept[:1])
        assert set((await vault.doubtful(AT_ONCE))[case]) == set(kept), "one in doubt has all looked at"
        await vault.settle(case, kept)
        assert await vault.doubtful(AT_ONCE) == {}

    async def test_a_repeated_command_does_not_doubt_what_is_settled(self, vault: Vault) -> None:
        case, command = uuid.uuid4(), uuid.uuid4()
        kept = await vault.keep(case, [NUMBER], command)
        await vault.settle(case, kept)
        assert await vault.keep(case, [NUMBER], command) == kept
        assert await vault.doubtful(AT_ONCE) == {}


@pytest.mark.asyncio
class DestroyingContract:
    """What is destroyed does not come back, and nothing else goes with it."""

    async def test_a_discarded_value_is_not_there(self, vault: Vault) -> None:
        case = uuid.uuid4()
        kept = await vault.keep(case, [NUMBER, WORD], uuid.uuid4())
        for _ in range(2):
            await vault.discard(case, kept[:1])
            await vault.tidy()
            assert await vault.open(case, kept) == {kept[1]: WORD[1]}

    async def test_a_destroyed_subject_opens_and_keeps_no_more(self, vault: Vault) -> None:
        case, other = uuid.uuid4(), uuid.uuid4()
        kept = await vault.keep(case, [NUMBER], uuid.uuid4())
        others = await vault.keep(other, [WORD], uuid.uuid4())
        for _ in range(2):
            await vault.destroy(case)
            with pytest.raises(KeyDestroyed):
                await vault.open(case, kept)
            with pytest.raises(KeyDestroyed):
                await vault.keep(case, [NUMBER], uuid.uuid4())
            assert case not in await vault.doubtful(AT_ONCE)
        assert await vault.open(other, others) == {others[0]: WORD[1]}
        again = await vault.keep(other, [NUMBER], uuid.uuid4())
        assert await vault.open(other, again) == {again[0]: NUMBER[1]}

    async def test_a_subject_can_be_destroyed_before_anything_was_kept(self, vault: Vault) -> None:
        case = uuid.uuid4()
        await vault.destroy(case)
        with pytest.raises(KeyDestroyed):
            await vault.keep(case, [NUMBER], uuid.uuid4())

    async def test_destroying_while_others_keep_loses_nothing_of_theirs(self, vault: Vault) -> None:
        others = [uuid.uuid4() for _ in range(8)]
        gone = [uuid.uuid4() for _ in range(3)]
        for case in gone:
            await vault.keep(case, [NUMBER], uuid.uuid4())

        async def keeping(case: UUID) -> None:
            first = await vault.keep(case, [NUMBER], uuid.uuid4())
            second = await vault.keep(case, [WORD], uuid.uuid4())
            opened = await vault.open(case, [*first, *second])
            assert opened == {first[0]: NUMBER[1], second[0]: WORD[1]}

        await asyncio.gather(*map(vault.destroy, gone), *map(keeping, others))
        for case in gone:
            with pytest.raises(KeyDestroyed):
                await vault.open(case, [])


class VaultContract(KeepingContract, DoubtContract, DestroyingContract):
    """All of them."""
