"""Answers that come late, by the wrong channel, or to an offer that is no longer the current one."""

from __future__ import annotations

import pytest

from tests.api.http.ground import ALONE, REQUEST, ground


@pytest.mark.asyncio
async def test_a_late_yes_takes_the_places_again_where_they_are_free() -> None:
    async with ground() as stage:
        path = await stage.offered()
        await stage.post(f"{path}/release")
        late = await stage.post(f"{path}/acceptance", {"channel": "SCREEN"}, "ginepro")
        assert late.status_code == 200
        assert late.json()["placement"]["offers"][0]["state"] == "ACCEPTED"
        assert (await stage.get(path)).json()["phase"] == "ACCEPTED_BY_HOUSE"


@pytest.mark.asyncio
async def test_a_late_yes_to_taken_places_is_recorded_and_takes_nothing() -> None:
    async with ground() as stage:
        path = await stage.offered({**REQUEST, "urgency": "U2"})
        await stage.later(minutes=31)
        other = await stage.ask(REQUEST)
        assert other["result"] == "held", "an urgent request needs the overdue hold"
        assert other["events"][-1]["topic"] == "unit.held.1"
        expired = (await stage.get(path)).json()
        assert (expired["phase"], expired["offers"][0]["state"]) == ("WAITING", "EXPIRED")
        late = await stage.post(f"{path}/acceptance", {"channel": "SCREEN"}, "ginepro")
        assert late.status_code == 200, "what a house said is never refused"
        shown = (await stage.get(path)).json()
        assert shown["offers"][0]["late_yes"] is True
        assert shown["hold"] is None


@pytest.mark.asyncio
async def test_without_a_name_a_step_is_about_the_current_offer() -> None:
    async with ground() as stage:
        path = await stage.offered(ALONE)
        first = (await stage.get(path)).json()["offers"][0]
        house = "ginepro" if first["shelter_id"] == str(stage.house("ginepro")) else "lentisco"
        await stage.post(f"{path}/refusal", {"channel": "SCREEN", "shown": "NOT_NOW"}, house)
        searched = (await stage.post(f"{path}/search")).json()["placement"]
        second = searched["offers"][1]
        units = [held["unit_id"] for held in second["units"]]
        await stage.post(f"{path}/offers", {"units": units})
        told = await stage.post(f"{path}/acceptance", {"channel": "TELEPHONE"})
        assert [offer["state"] for offer in told.json()["placement"]["offers"]] == ["REFUSED", "ACCEPTED"]
        named = {"channel": "TELEPHONE", "offer_id": first["offer_id"]}
        refused = await stage.post(f"{path}/acceptance", named)
        assert (refused.status_code, refused.json()["code"]) == (409, "OFFER_ALREADY_REFUSED")


@pytest.mark.asyncio
async def test_with_two_offers_and_no_hold_the_offer_must_be_named() -> None:
    async with ground() as stage:
        path = await stage.offered(ALONE)
        await stage.post(f"{path}/refusal", {"channel": "TELEPHONE", "shown": "NOT_NOW"})
        await stage.post(f"{path}/search")
        second = (await stage.get(path)).json()["offers"][1]
        await stage.post(f"{path}/offers", {"units": [held["unit_id"] for held in second["units"]]})
        await stage.post(f"{path}/release")
        unnamed = await stage.post(f"{path}/acceptance", {"channel": "TELEPHONE"})
        assert (unnamed.status_code, unnamed.json()["code"]) == (404, "OFFER_UNKNOWN")
        named = {"channel": "TELEPHONE", "offer_id": second["offer_id"]}
        assert (await stage.post(f"{path}/acceptance", named)).status_code == 200


@pytest.mark.asyncio
async def test_each_channel_is_for_who_has_it() -> None:
    async with ground() as stage:
        path = await stage.offered()
        for who, channel, status in (
            ("coordinator", "SCREEN", 403),
            ("ginepro", "TELEPHONE", 403),
            ("ginepro", "SCREEN", 200),
        ):
            answer = await stage.post(f"{path}/acceptance", {"channel": channel}, who)
            assert answer.status_code == status


@pytest.mark.asyncio
async def test_a_refusal_on_safety_grounds_stops_the_search_until_a_person_goes_on() -> None:
    async with ground() as stage:
        path = await stage.offered(ALONE)
        await stage.post(f"{path}/refusal", {"channel": "TELEPHONE", "shown": "SAFETY"})
        assert (await stage.get(path)).json()["phase"] == "STOPPED"
        stopped = await stage.post(f"{path}/search")
        assert (stopped.status_code, stopped.json()["code"]) == (409, "SEARCH_STOPPED_FOR_A_PERSON")
        resumed = await stage.post(f"{path}/search", {"resume": True})
        topics = [event["topic"] for event in resumed.json()["events"]]
        assert topics[0] == "placement.search-resumed.1"
        assert resumed.json()["placement"]["phase"] == "HELD"


@pytest.mark.asyncio
async def test_steps_out_of_order_say_what_comes_first() -> None:
    async with ground() as stage:
        path = f"/placements/{(await stage.ask())['placement']['placement_id']}"
        yes = {"proximity_checked_by_voice": False}
        for step, body, code in (
            ("acceptance", {"channel": "TELEPHONE"}, "OFFER_NOT_SENT"),
            ("woman-acceptance", yes, "HOUSE_HAS_NOT_ACCEPTED"),
            ("admission", {}, "HOUSE_HAS_NOT_ACCEPTED"),
            ("discharge", {"outcome": "OTHER"}, "NOT_ADMITTED"),
            ("search", {}, "HOLD_STANDS"),
        ):
            answer = await stage.post(f"{path}/{step}", body)
            assert (answer.status_code, answer.json()["code"]) == (409, code), step


@pytest.mark.asyncio
async def test_an_answer_through_the_other_sides_channel_names_the_field() -> None:
    async with ground() as night:
        path = await night.offered()
        for channel, who in (("SCREEN", "coordinator"), ("TELEPHONE", "ginepro")):
            answer = await night.post(f"{path}/acceptance", {"channel": channel}, who)
            assert answer.status_code == 403
            assert [error["pointer"] for error in answer.json()["errors"]] == ["/channel"]
