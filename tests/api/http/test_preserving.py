"""Legal holds and destructions at the doors: two persons, no hold, the key gone, what is said afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import pytest

from api.erasing import Erasing
from api.loops.automatic import Automatic
from api.loops.destroying import Destroying
from domain.case import CaseKeyDestroyed, ShreddingApproved
from domain.vocabulary import CaseId, PlacementId, ShreddingId
from ledger.store.port import StoredRow
from ledger.vault.port import KeyDestroyed, VaultUnreachable
from projections.projector import Projector
from projections.views import MemoryViews, Timeline
from tests.api.http.ground import Ground, ground

KEPT = {"alias": "Corbezzola", "notes": "sorella a Saronno", "may_call": True}
ORDER = {"decision": "2041/124", "administrative": True, "archive_authorisation": "2041/31"}
LOOK = {"kinds": ["ALIAS"], "purpose": "AGREE_HANDOVER"}


async def an_ended_case(stage: Ground) -> tuple[str, str]:
    """The paths of a placement that is over and of its case, with values kept for her."""
    placement = await stage.held()
    case_id = (await stage.get(placement)).json()["case_id"]
    await stage.done(f"/cases/{case_id}/values", KEPT)
    await stage.done(f"{placement}/withdrawal", {})
    return placement, f"/cases/{case_id}"


async def proposed(stage: Ground, case: str) -> dict[str, str]:
    told = await stage.done(f"{case}/shredding", ORDER, "lead")
    return {"shredding_id": told["preservation"]["shreddings"][-1]["shredding_id"]}


async def shredded(stage: Ground, case: str) -> None:
    await stage.done(f"{case}/shredding/approval", await proposed(stage, case), "other-lead")


def id_of(case: str) -> UUID:
    return UUID(case.rsplit("/", 1)[-1])


@pytest.mark.asyncio
async def test_one_person_proposes_and_another_approves_and_the_key_is_gone() -> None:
    async with ground() as stage:
        _, case = await an_ended_case(stage)
        named = await proposed(stage, case)
        same = await stage.refused(f"{case}/shredding/approval", named, "lead")
        assert same[:2] == (409, "SAME_PERSON")
        assert (await stage.done(f"{case}/values/openings", LOOK))["values"]
        told = await stage.done(f"{case}/shredding/approval", named, "other-lead")
        assert told["preservation"]["shreddings"][0]["step"] == "APPROVED"
        now = (await stage.get(f"{case}/preservation", "protection")).json()
        assert now["shreddings"][0]["step"] == "DESTROYED"
        assert now["values_destroyed"]["decision"] == "2041/124"
        with pytest.raises(KeyDestroyed):
            await stage.vault.open(id_of(case), ())
        for path, body in ((f"{case}/values/openings", LOOK), (f"{case}/values", KEPT)):
            assert (await stage.refused(path, body))[:2] == (409, "KEY_DESTROYED")


@pytest.mark.asyncio
async def test_an_answer_lost_on_its_way_is_given_again_and_nothing_is_destroyed_twice() -> None:
    async with ground() as stage:
        _, case = await an_ended_case(stage)
        await shredded(stage, case)
        for exchange in stage.exchanges[-2:]:
            again = await stage.repeated(exchange)
            assert (again.status_code, again.content) == (exchange.status, exchange.content)
        topics = await stage.topics()
        assert topics.count(ShreddingApproved.TOPIC) == topics.count(CaseKeyDestroyed.TOPIC) == 1


@pytest.mark.asyncio
async def test_a_legal_hold_that_she_or_her_lawyer_asked_for_stops_it() -> None:
    async with ground() as stage:
        _, case = await an_ended_case(stage)
        named = await proposed(stage, case)
        body = {"asked_by": "WOMAN", "reference": "2040/7"}
        await stage.done(f"{case}/legal-holds", body, "protection")
        told = await stage.done(f"{case}/legal-holds", {**body, "asked_by": "HER_LAWYER"}, "protection")
        assert [each["asked_by"] for each in told["preservation"]["legal_holds"]] == ["WOMAN", "HER_LAWYER"]
        approving = f"{case}/shredding/approval"
        holds = [each["hold_id"] for each in told["preservation"]["legal_holds"]]
        for hold in holds:
            stopped = await stage.refused(approving, named, "other-lead")
            assert stopped[:2] == (409, "LEGAL_HOLD_STANDS")
            lifting = f"{case}/legal-holds/{hold}/lifting"
            await stage.done(lifting, {"reference": "2042/1"}, "protection")
        await stage.done(approving, named, "other-lead")


@pytest.mark.asyncio
async def test_a_proposal_is_rejected_and_everything_is_still_there() -> None:
    async with ground() as stage:
        _, case = await an_ended_case(stage)
        named = await proposed(stage, case)
        await stage.done(f"{case}/shredding/rejection", named, "lead")
        late = await stage.refused(f"{case}/shredding/approval", named, "other-lead")
        assert late[:2] == (404, "SHREDDING_UNKNOWN")
        assert (await stage.done(f"{case}/values/openings", LOOK))["values"][0]["value"] == "Corbezzola"


@pytest.mark.asyncio
async def test_who_may_ask_for_what_and_in_which_form() -> None:
    async with ground() as stage:
        _, case = await an_ended_case(stage)
        hold = {"asked_by": "WOMAN", "reference": "2040/7"}
        for who in ("coordinator", "ginepro", "protection", "administrator", "auditor"):
            assert (await stage.refused(f"{case}/shredding", ORDER, who))[0] == 403
        for who in ("coordinator", "ginepro", "lead", "administrator", "auditor"):
            assert (await stage.refused(f"{case}/legal-holds", hold, who))[0] == 403
        assert (await stage.get(f"{case}/preservation", "coordinator")).status_code == 403
        unproved = await stage.refused(f"{case}/shredding", ORDER, "unproved-lead")
        assert unproved[:2] == (401, "STEP_UP_NEEDED")
        without = {**ORDER, "archive_authorisation": None}
        needed = await stage.refused(f"{case}/shredding", without, "lead")
        assert needed[:2] == (422, "ARCHIVE_AUTHORISATION_NEEDED")
        assert (await stage.refused(f"{case}/shredding", {**ORDER, "decision": "Maria Rossi"}, "lead"))[
            0
        ] == 422
        nowhere = f"/cases/{UUID(int=7)}"
        assert (await stage.refused(f"{nowhere}/shredding", ORDER, "lead"))[:2] == (404, "CASE_UNKNOWN")


@pytest.mark.asyncio
async def test_a_case_with_an_open_request_is_not_destroyed() -> None:
    async with ground() as stage:
        placement = await stage.held()
        case = f"/cases/{(await stage.get(placement)).json()['case_id']}"
        refused = await stage.refused(f"{case}/shredding", ORDER, "lead")
        assert refused[:2] == (409, "CASE_HAS_OPEN_PLACEMENT")


@pytest.mark.asyncio
async def test_what_can_no_longer_be_shown_is_said_wherever_it_is_told_of_her() -> None:
    async with ground() as stage:
        placement, case = await an_ended_case(stage)
        seen = (placement, f"{placement}/history", f"{placement}/timeline", f"{case}/values")
        for path in seen:
            assert (await stage.get(path)).json()["values_destroyed"] is None
        withdrawal = next(each for each in stage.exchanges if each.path.endswith("/withdrawal"))
        await shredded(stage, case)
        for path in seen:
            told = (await stage.get(path)).json()["values_destroyed"]
            assert told, path
            assert (told["decision"], told["archive_authorisation"]) == ("2041/124", "2041/31")
            assert "decisione n. 2041/124" in told["it"] and "22/11/2026" in told["it"]
            assert "decision no. 2041/124" in told["en"]
        assert (await stage.repeated(withdrawal)).content == withdrawal.content


def _rows(rows: Iterable[StoredRow]) -> list[tuple[int, bytes, bytes]]:
    return [(row.position, row.state, row.metadata) for row in rows]


@pytest.mark.asyncio
async def test_no_row_of_the_log_and_none_of_a_read_model_changes() -> None:
    async with ground() as stage:
        placement, case = await an_ended_case(stage)
        head = await stage.store.head()
        before = _rows(await stage.store.read_all(after=0, limit=5000))
        told = (await stage.get(placement)).json()
        timeline = await _made_again(stage, placement)
        await shredded(stage, case)
        assert _rows(await stage.store.read_all(after=0, limit=head)) == before
        after = (await stage.get(placement)).json()
        assert {**after, "values_destroyed": None} == told
        assert (await _made_again(stage, placement)).rows == timeline.rows


async def _made_again(stage: Ground, placement: str) -> Timeline:
    """The rows of a placement's timeline, made from the log by a projector that knew nothing."""
    views = MemoryViews()
    await Projector(stage.store, views).catch_up()
    return await views.timeline(PlacementId(id_of(placement)))


@pytest.mark.asyncio
async def test_where_the_vault_does_not_answer_the_loop_finishes_and_two_of_them_do_the_same() -> None:
    async with ground() as stage:
        _, case = await an_ended_case(stage)
        named = await proposed(stage, case)
        plain = stage.vault.destroy

        async def absent(subject: UUID) -> None:
            raise VaultUnreachable

        stage.vault.destroy = absent  # type: ignore[method-assign]
        await stage.done(f"{case}/shredding/approval", named, "other-lead")
        assert CaseKeyDestroyed.TOPIC not in await stage.topics()
        stage.vault.destroy = plain  # type: ignore[method-assign]
        assert (await stage.refused(f"{case}/values/openings", LOOK))[:2] == (409, "KEY_DESTROYED")
        loops = [destroying(stage) for _ in range(2)]
        for loop in (*loops, *loops):
            await loop.step()
        assert (await stage.topics()).count(CaseKeyDestroyed.TOPIC) == 1
        with pytest.raises(KeyDestroyed):
            await stage.vault.open(id_of(case), ())


def destroying(stage: Ground) -> Destroying:
    automatic = Automatic(network_id=stage.engine.transactor.network_id, app_version="prova")
    return Destroying(Erasing(stage.vault, stage.engine, automatic))


@pytest.mark.asyncio
async def test_a_vault_brought_back_from_a_backup_loses_the_key_again() -> None:
    async with ground() as stage:
        _, case = await an_ended_case(stage)
        kept = {name: dict(values) for name, values in vars(stage.vault).items() if isinstance(values, dict)}
        await shredded(stage, case)
        for name, values in kept.items():
            setattr(stage.vault, name, values)
        stage.vault._destroyed.clear()
        await stage.vault.open(id_of(case), ())
        await destroying(stage).step()
        with pytest.raises(KeyDestroyed):
            await stage.vault.open(id_of(case), ())


@pytest.mark.asyncio
async def test_nothing_is_destroyed_that_was_only_proposed() -> None:
    """The loop and what it calls, asked outright."""
    async with ground() as stage:
        _, case = await an_ended_case(stage)
        named = await proposed(stage, case)
        await stage.later(days=3650)
        await destroying(stage).step()
        automatic = Automatic(network_id=stage.engine.transactor.network_id, app_version="prova")
        erasing = Erasing(stage.vault, stage.engine, automatic)
        assert not await erasing.finish(CaseId(id_of(case)), ShreddingId(UUID(named["shredding_id"])))
        assert (await stage.done(f"{case}/values/openings", LOOK))["values"]
