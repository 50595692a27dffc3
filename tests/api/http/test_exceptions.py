"""Exceptions to the rule at the doors: a case kept from somebody, glass broken, an escort, a rule gone
against; and the second person who looks at it afterwards.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from domain.permissions import Role
from ledger.evidence.invariants import check
from ledger.evidence.rederive import rederive
from ledger.store.postgres import PostgresStore
from tests.api.http.ground import ALONE, NIGHT, REQUEST, Ground, after, ground, ground_on
from tests.api.http.test_sessions import place
from tests.support.postgres import Database

pytestmark = pytest.mark.asyncio
NOBODY = UUID(int=99)
COORDINATOR, LEAD, OTHER, POLICE = (str(UUID(int=number)) for number in (1, 2, 7, 14))
WHY = {"reason": "DANGER_TO_LIFE"}


@pytest_asyncio.fixture
async def night() -> AsyncIterator[Ground]:
    async with ground() as made:
        yield made


async def asked(night: Ground) -> tuple[str, str]:
    """The paths of a case and its placement."""
    placement = (await night.ask(ALONE))["placement"]
    return f"/cases/{placement['case_id']}", f"/placements/{placement['placement_id']}"


async def reviews(night: Ground, who: str = "lead") -> list[dict[str, Any]]:
    answer = await night.get("/reviews", who)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


# --- a case kept from somebody ------------------------------------------------------------------------------

READS = ("", "/ranking", "/history", "/timeline")


class TestRestriction:
    async def test_for_a_coordinator_with_a_conflict_the_case_is_not_there_at_any_door(
        self, night: Ground
    ) -> None:
        case, placement = await asked(night)
        nowhere = f"/placements/{NOBODY}"
        before = [(await night.get(f"{placement}{each}", "other-coordinator")).status_code for each in READS]
        assert before == [200] * 4
        await night.done(f"{case}/access-restrictions", {"actor": OTHER}, "lead")
        for each in READS:
            kept = await night.get(f"{placement}{each}", "other-coordinator")
            missing = await night.get(f"{nowhere}{each}", "other-coordinator")
            assert (kept.status_code, kept.content) == (404, missing.content), each
        listed = await night.get("/placement-requests?status=open", "other-coordinator")
        queue = await night.get("/on-call-queue", "other-coordinator")
        for answer in (listed, queue):
            assert answer.status_code == 200
            assert placement.rsplit("/", 1)[-1] not in answer.text
            assert case.rsplit("/", 1)[-1] not in answer.text
        steps: tuple[tuple[str, dict[str, Any]], ...] = (
            (f"{placement}/release", {}),
            (f"{placement}/override", {"unit_id": str(NOBODY), "reason": "COURT_ORDER"}),
            (f"{placement}/escort", {"actor": POLICE, "until": after(hours=1)}),
        )
        for path, body in steps:
            assert await night.refused(path, body, "other-coordinator") == (404, "PLACEMENT_UNKNOWN", "")
        steps = (
            (f"{case}/glass", WHY),
            (f"{case}/access-restorations", {"actor": OTHER}),
            (f"{case}/values/openings", {"kinds": ["ALIAS"], "purpose": "CALL_HER"}),
        )
        for path, body in steps:
            assert await night.refused(path, body, "other-coordinator") == (404, "CASE_UNKNOWN", "")
        assert placement.rsplit("/", 1)[-1] in (await night.get("/on-call-queue")).text, "others go on"

    async def test_what_was_restricted_is_given_back(self, night: Ground) -> None:
        case, placement = await asked(night)
        for _ in range(2):
            await night.done(f"{case}/access-restrictions", {"actor": OTHER})
        assert (await night.get(placement, "other-coordinator")).status_code == 404
        await night.done(f"{case}/access-restorations", {"actor": OTHER})
        assert (await night.get(placement, "other-coordinator")).status_code == 200

    async def test_a_late_entry_of_another_case_names_no_ranking_of_a_case_kept_from_her(
        self, night: Ground
    ) -> None:
        """A timeline lists rankings of any placement that were decided meanwhile."""
        _, first = await asked(night)
        await night.later(hours=1)
        kept_case, kept = await asked(night)
        await night.done(f"{kept_case}/access-restrictions", {"actor": OTHER})
        late = {"urgency": "U2", "set_by": "COORDINATOR", "reason": "SET_WRONGLY", "occurred_at": after()}
        await night.done(f"{first}/urgency", late)
        kept_id = kept.rsplit("/", 1)[-1]
        assert kept_id in (await night.get(f"{first}/timeline")).text
        assert kept_id not in (await night.get(f"{first}/timeline", "other-coordinator")).text

    async def test_somebody_declares_a_conflict_of_their_own(self, night: Ground) -> None:
        case, placement = await asked(night)
        await night.done(f"{case}/access-restrictions", {"actor": COORDINATOR})
        assert (await night.get(placement)).status_code == 404
        assert (await night.refused(f"{case}/access-restorations", {"actor": COORDINATOR}))[0] == 404

    async def test_glass_that_is_broken_closes_with_a_restriction(self, night: Ground) -> None:
        case, placement = await asked(night)
        await night.done(f"{case}/glass", WHY, "lead")
        assert (await night.get(placement, "lead")).status_code == 200
        await night.done(f"{case}/access-restrictions", {"actor": LEAD})
        assert (await night.get(placement, "lead")).status_code == 404
        (item,) = await reviews(night)
        assert await reviews(night, "other-lead") == [item], "nobody hides from a review"
        told = await night.refused(f"/reviews/{item['review_id']}", {"outcome": "JUSTIFIED"}, "lead")
        assert told[:2] == (409, "SAME_PERSON")

    async def test_nobody_hides_a_case_from_those_who_look_at_what_was_done(self) -> None:
        async with place() as here:
            night = here.stage
            await here.enter("ada")
            asked = await night.post("/placement-requests", ALONE, "ada")
            path = f"/cases/{asked.json()['placement']['case_id']}/access-restrictions"
            for role in (Role.LEAD_BODY, Role.AUDITOR, Role.DATA_PROTECTION):
                named = {"actor": str(await here.enter(role, role))}
                assert (await night.refused(path, named, "ada"))[:2] == (403, "FORBIDDEN"), role
            await night.done(path, {"actor": str(await here.enter("bea"))}, "ada")


# --- glass --------------------------------------------------------------------------------------------------


class TestGlass:
    async def test_the_lead_body_sees_a_case_for_four_hours_to_the_minute(self, night: Ground) -> None:
        case, placement = await asked(night)
        assert (await night.get(placement, "lead")).status_code == 404
        told = await night.done(f"{case}/glass", WHY, "lead")
        assert (told["glass_until"], told["review_by"]) == (after(hours=4), after(hours=72))
        for each in READS:
            assert (await night.get(f"{placement}{each}", "lead")).status_code == 200
        await night.later(hours=3, minutes=59)
        assert (await night.get(placement, "lead")).status_code == 200
        await night.later(minutes=1)
        assert (await night.get(placement, "lead")).status_code == 404

    async def test_every_answer_says_until_when_and_no_other_answer_does(self, night: Ground) -> None:
        case, placement = await asked(night)
        _, other = await asked(night)
        broken = await night.post(f"{case}/glass", WHY, "lead")
        until = (NIGHT.replace(hour=6)).isoformat()
        assert broken.headers["glass-until"] == until
        for each in (*(f"{placement}{each}" for each in READS), f"{case}/values"):
            assert (await night.get(each, "lead")).headers["glass-until"] == until, each
        for path, who in ((placement, "coordinator"), (other, "coordinator"), ("/reviews", "lead")):
            assert "glass-until" not in (await night.get(path, who)).headers

    async def test_every_look_is_recorded_before_anything_is_shown(self, night: Ground) -> None:
        case, placement = await asked(night)
        await night.done(f"{case}/glass", WHY, "lead")
        looks = 0
        for each in (*(f"{placement}{each}" for each in READS), f"{case}/values"):
            await night.get(each, "lead")
            looks += 1
            assert (await night.topics()).count("case.values-opened.1") == looks, each
        await night.get(placement)
        assert (await night.topics()).count("case.values-opened.1") == looks, "her coordinator needs no glass"

    async def test_who_sees_the_case_anyway_looks_through_no_glass(self, night: Ground) -> None:
        case, placement = await asked(night)
        await night.done(f"{case}/glass", WHY)
        await night.get(placement)
        assert "case.values-opened.1" not in await night.topics()

    async def test_a_coordinator_without_a_part_sees_an_ended_case_again(self, night: Ground) -> None:
        case, placement = await asked(night)
        await night.done(f"{placement}/withdrawal")
        assert (await night.get(placement, "other-coordinator")).status_code == 404
        await night.done(f"{case}/glass", WHY, "other-coordinator")
        assert (await night.get(placement, "other-coordinator")).status_code == 200
        assert (await night.get(placement, "colleague")).status_code == 404

    async def test_breaking_needs_a_fresh_proof_and_is_once(self, night: Ground) -> None:
        case, _ = await asked(night)
        head = await night.store.head()
        told = await night.refused(f"{case}/glass", WHY, "unproved-lead")
        assert told[:2] == (401, "STEP_UP_NEEDED")
        assert await night.store.head() == head
        first = await night.done(f"{case}/glass", WHY, "lead")
        again = await night.done(f"{case}/glass", {"reason": "SYSTEM_FAULT"}, "lead")
        assert again["breaking_id"] == first["breaking_id"]
        assert await night.store.head() == head + 1

    async def test_houses_officers_and_requesters_break_no_glass(self, night: Ground) -> None:
        case, _ = await asked(night)
        for who in ("ginepro", "police", "social", "auditor", "health", "administrator"):
            assert (await night.refused(f"{case}/glass", WHY, who))[:2] == (403, "FORBIDDEN")


# --- an officer who brings the household --------------------------------------------------------------------


class TestEscort:
    async def test_the_officer_entrusted_sees_the_handover_and_never_the_house(self, night: Ground) -> None:
        placement = await night.accepted()
        case = f"/cases/{(await night.get(placement)).json()['case_id']}"
        await night.done(f"{case}/values", {"handover_point": "davanti alla stazione", "alias": "Ginestra"})
        agreed = {"expected_at": after(hours=1), "escort": "LAW_ENFORCEMENT"}
        await night.done(f"{placement}/handover", agreed)
        assert (await night.get(placement, "police")).status_code == 404
        await night.done(f"{placement}/escort", {"actor": POLICE, "until": after(hours=2)})
        seen = await night.get(placement, "police")
        assert seen.status_code == 200
        assert seen.json()["brought"] == {"expected_at": after(hours=1), "escort": "LAW_ENFORCEMENT"}
        look = {"kinds": ["HANDOVER_POINT"], "purpose": "AGREE_HANDOVER"}
        opened = await night.post(f"{placement}/values/openings", look, "police")
        assert opened.json()["values"] == [{"kind": "HANDOVER_POINT", "value": "davanti alla stazione"}]
        for answer in (seen, opened):
            for secret in (night.house("ginepro"), night.unit("ginepro").id, *night.unit("ginepro").beds):
                assert str(secret) not in answer.text
        alias = await night.post(f"{placement}/values/openings", {**look, "kinds": ["ALIAS"]}, "police")
        assert alias.status_code == 403
        assert (await night.get(placement, "other-police")).status_code == 404
        assert (await night.post(f"{placement}/values/openings", look, "other-police")).status_code == 404
        await night.later(hours=2)
        assert (await night.get(placement, "police")).status_code == 404
        assert (await night.post(f"{placement}/values/openings", look, "police")).status_code == 404

    async def test_nobody_is_entrusted_for_longer_than_a_day(self, night: Ground) -> None:
        _, placement = await asked(night)
        for hours, code in ((25, "TOO_FAR_AHEAD"), (0, "NOT_IN_THE_FUTURE")):
            body = {"actor": POLICE, "until": after(hours=hours)}
            assert (await night.refused(f"{placement}/escort", body))[1] == code


# --- a rule gone against ------------------------------------------------------------------------------------


async def needing(night: Ground) -> tuple[dict[str, Any], str]:
    """A request for what no unit has: it waits."""
    told = await night.ask({**ALONE, "features_required": ["GROUND_FLOOR"]})
    return told["placement"], f"/placements/{told['placement']['placement_id']}"


class TestOverride:
    async def test_a_place_is_held_at_once_offered_and_reviewed_afterwards(self, night: Ground) -> None:
        placement, path = await needing(night)
        unit = str(night.unit("lentisco").id)
        body = {"unit_id": unit, "reason": "HOUSE_AGREED_BY_VOICE"}
        told = await night.done(f"{path}/override", body)
        assert [event["topic"] for event in told["events"]][-1] == "case.rule-overridden.1"
        assert told["placement"]["offers"][0]["units"][0]["unit_id"] == unit
        again = await night.repeated(night.exchanges[-1])
        assert again.json() == told
        await night.done(f"{path}/offers", {"units": [unit]})
        await night.done(f"{path}/acceptance", {"channel": "SCREEN"}, "lentisco")
        (item,) = await reviews(night)
        assert (item["kind"], item["rules"], item["actor"]) == ("RULE_OVERRIDDEN", ["FEATURE"], COORDINATOR)
        assert (item["case_id"], item["review_by"]) == (placement["case_id"], after(hours=72))
        said = await night.done(f"/reviews/{item['review_id']}", {"outcome": "RULE_TO_CHANGE"}, "lead")
        assert said["outcome"] == "RULE_TO_CHANGE"
        assert await reviews(night) == []

    async def test_what_is_no_override_and_what_nobody_overrides(self, night: Ground) -> None:
        _, path = await asked(night)
        held = (await night.get(path)).json()["offers"][0]["shelter_id"]
        other = "lentisco" if held == str(night.house("ginepro")) else "ginepro"
        body = {"unit_id": str(night.unit(other).id), "reason": "SHE_ASKED_FOR_IT"}
        assert await night.refused(f"{path}/override", body) == (409, "NOT_AN_OVERRIDE", "")
        _, path = await needing(night)
        await night.done(f"/shelters/{night.house('lentisco')}/intake", {"pause": "STAFF"})
        body = {"unit_id": str(night.unit("lentisco").id), "reason": "SHE_ASKED_FOR_IT"}
        assert (await night.refused(f"{path}/override", body))[1] == "RULE_STANDS"
        body = {**body, "unit_id": str(NOBODY)}
        assert (await night.refused(f"{path}/override", body))[:2] == (404, "UNIT_UNKNOWN")

    async def test_nobody_else_goes_against_a_rule(self, night: Ground) -> None:
        _, path = await needing(night)
        body = {"unit_id": str(night.unit("lentisco").id), "reason": "COURT_ORDER"}
        for who in ("lead", "auditor", "lentisco", "police"):
            assert (await night.refused(f"{path}/override", body, who))[0] == 403, who


# --- the second person --------------------------------------------------------------------------------------


class TestReview:
    async def test_nobody_reviews_their_own_and_what_was_said_first_stands(self, night: Ground) -> None:
        case, _ = await asked(night)
        await night.done(f"{case}/glass", WHY, "lead")
        (item,) = await reviews(night)
        assert (item["kind"], item["actor"], item["overdue"]) == ("GLASS_BROKEN", LEAD, False)
        path = f"/reviews/{item['review_id']}"
        own = await night.refused(path, {"outcome": "JUSTIFIED"}, "lead")
        assert own[:2] == (409, "SAME_PERSON")
        await night.done(path, {"outcome": "NOT_JUSTIFIED"}, "other-lead")
        later = await night.done(path, {"outcome": "JUSTIFIED"}, "other-lead")
        assert later["outcome"] == "NOT_JUSTIFIED"
        assert (await night.refused(f"/reviews/{NOBODY}", {"outcome": "JUSTIFIED"}, "lead"))[0] == 404

    async def test_the_one_due_first_comes_first_and_says_when_it_is_late(self, night: Ground) -> None:
        first, _ = await asked(night)
        second, _ = await asked(night)
        await night.done(f"{first}/glass", WHY, "other-coordinator")
        await night.later(hours=1)
        await night.done(f"{second}/glass", WHY, "other-coordinator")
        await night.later(hours=71)
        told = await reviews(night)
        assert [(f"/cases/{each['case_id']}", each["overdue"]) for each in told] == [
            (first, True),
            (second, False),
        ]

    async def test_after_seventy_two_hours_without_a_review_who_broke_it_may_nothing_until_there_is_one(
        self, night: Ground
    ) -> None:
        case, placement = await asked(night)
        await night.done(f"{case}/glass", WHY, "other-coordinator")
        (item,) = await reviews(night)
        await night.later(hours=71, minutes=59)
        assert (await night.get("/on-call-queue", "other-coordinator")).status_code == 200
        await night.later(minutes=1)
        for answer in (
            await night.get("/on-call-queue", "other-coordinator"),
            await night.get(placement, "other-coordinator"),
            await night.post("/placement-requests", REQUEST, "other-coordinator"),
            await night.get("/reviews", "other-coordinator"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "REVIEW_OVERDUE")
        assert (await night.get("/on-call-queue")).status_code == 200, "nobody else is stopped"
        await night.done(f"/reviews/{item['review_id']}", {"outcome": "JUSTIFIED"}, "lead")
        assert (await night.get("/on-call-queue", "other-coordinator")).status_code == 200

    async def test_an_override_that_waits_for_its_review_suspends_nobody(self, night: Ground) -> None:
        _, path = await needing(night)
        body = {"unit_id": str(night.unit("lentisco").id), "reason": "IMMEDIATE_DANGER"}
        await night.done(f"{path}/override", body)
        await night.later(hours=100)
        assert (await reviews(night))[0]["overdue"]
        assert (await night.get(path)).status_code == 200

    async def test_only_the_lead_body_reviews(self, night: Ground) -> None:
        for who in ("coordinator", "ginepro", "auditor", "protection"):
            assert (await night.get("/reviews", who)).status_code == 403


# --- on a database, and at once -----------------------------------------------------------------------------


async def test_two_who_go_against_a_rule_for_the_same_beds_do_not_both_get_them(database: Database) -> None:
    two = {**ALONE, "household": {"adults": 2}, "features_required": ["GROUND_FLOOR"]}
    async with PostgresStore(database.dsn()) as store, ground_on(store) as night:
        paths = [await night.held(two) for _ in range(4)]
        body = {"unit_id": str(night.unit("lentisco").id), "reason": "IMMEDIATE_DANGER"}
        answers = await asyncio.gather(*(night.post(f"{path}/override", body) for path in paths))
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
        assert {answer.json().get("code") for answer in answers} == {None, "PLACE_CLAIMED"}
        assert len(await reviews(night)) == 1
        case = f"/cases/{(await night.get(paths[0])).json()['case_id']}"
        await night.done(f"{case}/glass", WHY, "lead")
        assert (await night.get(paths[0], "lead")).status_code == 200
        rows = await night.store.read_all(after=0, limit=5000)
        assert check(rows).sound
        assert rederive(rows).agrees
        night.forget()
        await night.engine.index.catch_up()
        assert len(await reviews(night)) == 2, "a process that starts knows what waits for a review"
