"""What was asked, entered anew: each revision is shown, and a hold that no longer does is given back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.http.ground import ALONE, REQUEST, ground

LATER = "2026-11-22T09:00:00Z"
ASSESSED = {"tool": "SARA_S", "tool_version": "2", "assessor": "CAV_WORKER", "assessed_on": "2026-11-22"}


@pytest.mark.asyncio
async def test_a_request_says_all_that_ranking_reads() -> None:
    async with ground() as stage:
        other = (await stage.ask(ALONE))["placement"]["case_id"]
        asked = await stage.ask(
            {
                **REQUEST,
                "urgency_set_by": "HEALTH_WORKER",
                "oldest_boy": "AGE_6_10",
                "criteria_met": ["INTERVIEW_FIRST"],
                "assessed": ASSESSED,
                "apart_from": [other],
                "houses_barred": [str(stage.house("lentisco"))],
                "safe_until": LATER,
                "setting": "EMERGENCY_DEPARTMENT",
            }
        )
        shown = asked["placement"]
        assert shown["urgency_set_by"] == "HEALTH_WORKER"
        assert shown["oldest_boy"] == "AGE_6_10"
        assert shown["criteria_met"] == ["INTERVIEW_FIRST"]
        assert shown["assessed"] == ASSESSED
        assert (shown["apart_from_count"], shown["houses_barred_count"]) == (1, 1)
        assert shown["safe_until"] == LATER
        told = str(asked)
        assert other not in told.replace(shown["case_id"], "")
        assert str(stage.house("lentisco")) not in told
        assert asked["ranking"]["to_be_confirmed"] == 0


@pytest.mark.asyncio
async def test_what_a_request_names_must_exist_and_go_together() -> None:
    async with ground() as stage:
        nowhere = "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d55"
        case = (await stage.ask(ALONE))["placement"]["case_id"]
        district = str(stage.ids.districts["busto-arsizio"])
        head = await stage.store.head()
        for changes, expected in (
            ({"houses_barred": [nowhere]}, (422, "SHELTER_UNKNOWN", "/houses_barred")),
            ({"apart_from": [nowhere]}, (422, "CASE_UNKNOWN", "/apart_from")),
            ({"zones_to_avoid": [nowhere]}, (422, "ZONE_UNKNOWN", "/zones_to_avoid")),
            ({"case_id": case, "apart_from": [case]}, (422, "CODE_MALFORMED", "/apart_from")),
            ({"continuity_with": district}, (422, "CONTINUITY_ONLY_PLANNED", "/continuity_with")),
            (
                {"urgency": "U4", "continuity_with": nowhere},
                (422, "DISTRICT_UNKNOWN", "/continuity_with"),
            ),
            (
                {"assessed": {**ASSESSED, "assessed_on": "2026-11-23"}},
                (422, "OCCURRED_IN_THE_FUTURE", "/assessed/assessed_on"),
            ),
            ({"risk": "NOT_ASSESSED", "assessed": ASSESSED}, (422, "CODE_MALFORMED", "/risk")),
            ({"assessed": {**ASSESSED, "tool_version": "v 2"}}, (422, "MALFORMED", "/assessed/tool_version")),
        ):
            assert await stage.refused("/placement-requests", {**REQUEST, **changes}) == expected, changes
        assert await stage.store.head() == head


@pytest.mark.asyncio
async def test_an_urgency_is_raised_by_a_named_role_and_goes_first() -> None:
    async with ground() as stage:
        planned = await stage.held({**REQUEST, "urgency": "U3"})
        await stage.held(ALONE)
        raised = {"urgency": "U1", "set_by": "POLICE_OFFICER", "reason": "PERPETRATOR_RELEASED"}
        told = await stage.done(f"{planned}/urgency", raised)
        assert [event["topic"] for event in told["events"]] == ["placement.urgency-changed.1"]
        shown = told["placement"]
        assert (shown["urgency"], shown["urgency_set_by"]) == ("U1", "POLICE_OFFICER")
        assert (await stage.done(f"{planned}/urgency", raised))["events"] == []
        listed = (await stage.get("/placement-requests")).json()["items"]
        assert f"/placements/{listed[0]['placement_id']}" == planned


@pytest.mark.asyncio
async def test_a_household_that_has_grown_gives_the_room_back() -> None:
    async with ground() as stage:
        path = await stage.offered(ALONE)
        grown = {
            "household": {"adults": 1, "children": ["AGE_6_10", "AGE_3_5"]},
            "oldest_boy": "AGE_6_10",
            "features_required": [],
            "criteria_met": [],
            "reason": "CHILD_JOINED",
        }
        before = (await stage.get(path)).json()["offers"][0]["shelter_id"]
        told = await stage.done(f"{path}/household", grown)
        fits = before == str(stage.house("ginepro"))
        assert told["placement"]["hold"] is None or fits
        assert told["placement"]["household"]["children"] == ["AGE_3_5", "AGE_6_10"]
        assert await stage.refused(
            f"{path}/household", {**grown, "household": {"adults": 0, "children": ["AGE_3_5"]}}
        ) == (422, "HOUSEHOLD_WITHOUT_HER", "/household")
        del grown["features_required"]
        assert await stage.refused(f"{path}/household", grown) == (422, "MISSING", "/features_required")


@pytest.mark.asyncio
async def test_a_split_adds_up_to_who_was_asked_for() -> None:
    async with ground() as stage:
        path = await stage.held({**REQUEST, "household": {"adults": 1, "children": ["AGE_14_17", "AGE_3_5"]}})
        split = {
            "household": {"adults": 1, "children": ["AGE_3_5"]},
            "oldest_boy": "NO_BOY",
            "apart": {"adults": 0, "children": ["AGE_14_17"]},
            "destination": "RELATIVES",
        }
        wrong = {**split, "apart": {"adults": 0, "children": ["AGE_11_13"]}}
        assert (await stage.refused(f"{path}/household-split", wrong))[:2] == (422, "SPLIT_DOES_NOT_ADD_UP")
        told = await stage.done(f"{path}/household-split", split)
        assert told["placement"]["household"] == {"adults": 1, "children": ["AGE_3_5"]}
        assert (await stage.done(f"{path}/household-split", split))["events"] == []


@pytest.mark.asyncio
async def test_where_she_must_not_be_gives_the_hold_back_and_is_counted_not_listed() -> None:
    async with ground() as stage:
        path = await stage.offered(REQUEST)
        house = str(stage.house("ginepro"))
        safety: dict[str, Any] = {"zones_to_avoid": [], "apart_from": [], "houses_barred": [house]}
        told = await stage.done(f"{path}/safety", safety)
        topics = [event["topic"] for event in told["events"]]
        assert topics[:2] == ["placement.safety-revised.1", "placement.hold-released.1"]
        assert told["placement"]["hold"] is None
        assert told["placement"]["houses_barred_count"] == 1
        again = (await stage.done(f"{path}/search"))["placement"]
        assert again["phase"] == "WAITING"
        excluded = (await stage.get(f"{path}/ranking")).json()["summary"]["excluded"]
        assert {line["code"] for line in excluded} == {"SAFETY", "CAPACITY"}
        for name, expected in (
            ("houses_barred", (422, "SHELTER_UNKNOWN", "/houses_barred")),
            ("apart_from", (422, "CASE_UNKNOWN", "/apart_from")),
            ("zones_to_avoid", (422, "ZONE_UNKNOWN", "/zones_to_avoid")),
        ):
            wrong = {**safety, "houses_barred": [], name: ["0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d55"]}
            assert await stage.refused(f"{path}/safety", wrong) == expected


@pytest.mark.asyncio
async def test_risk_and_where_she_waits_are_entered_anew() -> None:
    async with ground() as stage:
        path = await stage.held(ALONE)
        told = await stage.done(f"{path}/risk-assessment", {"risk": "LOW", "assessed": ASSESSED})
        assert (told["placement"]["risk"], told["placement"]["assessed"]) == ("LOW", ASSESSED)
        body = {"risk": "NOT_ASSESSED", "assessed": ASSESSED}
        assert await stage.refused(f"{path}/risk-assessment", body) == (422, "CODE_UNKNOWN", "/risk")
        with_him = {"setting": "WITH_PERPETRATOR", "safe_until": LATER}
        contradicts = (422, "NOT_SAFE_WITH_PERPETRATOR", "/safe_until")
        assert await stage.refused(f"{path}/safe-until", with_him) == contradicts
        slip = {"setting": "FRIEND", "safe_until": "2027-11-22T09:00:00Z"}
        assert await stage.refused(f"{path}/safe-until", slip) == (422, "TOO_FAR_AHEAD", "/safe_until")
        told = await stage.done(f"{path}/safe-until", {"setting": "FRIEND", "safe_until": LATER})
        assert (told["placement"]["setting"], told["placement"]["safe_until"]) == ("FRIEND", LATER)
        told = await stage.done(f"{path}/safe-until", {"setting": "STREET", "safe_until": None})
        assert told["placement"]["safe_until"] is None


@pytest.mark.asyncio
async def test_the_codes_allowed_are_told_by_name() -> None:
    async with ground() as stage:
        path = await stage.held(ALONE)
        answer = await stage.post(
            f"{path}/risk-assessment", {"risk": "X", "assessed": ASSESSED}, Accept_Language="en"
        )
        assert answer.json()["errors"][0]["detail"] == "Use one of: IMMEDIATE, HIGH, MEDIUM, LOW."
