"""What follows when the first house is silent or not chosen, nobody comes, or a request is closed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.http.ground import ALONE, REQUEST, Ground, after, ground
from tests.api.http.test_bridges import HOTEL


@pytest.mark.asyncio
async def test_another_candidate_is_held_instead_and_its_offer_needs_no_second_reason() -> None:
    async with ground() as stage:
        path = await stage.held(ALONE)
        ranking = (await stage.get(f"{path}/ranking")).json()
        second = [held["unit_id"] for held in ranking["candidates"][1]["units"]]
        choice: dict[str, Any] = {"units": second, "shown_position": ranking["recorded_position"]}
        head = await stage.store.head()
        assert await stage.refused(f"{path}/another-choice", choice) == (422, "REASON_NEEDED", "/reason")
        assert await stage.refused(
            f"{path}/another-choice", {"units": [second[0]] * 2, "reason": "HER_WISH"}
        ) == (409, "CANDIDATE_NOT_ELIGIBLE", "/units")
        assert await stage.store.head() == head
        choice |= {"reason": "HER_WISH", "page": "richiesta-1"}
        told = await stage.done(f"{path}/another-choice", choice)
        shown = told["placement"]
        assert [offer["state"] for offer in shown["offers"]] == ["RELEASED", "HELD"]
        assert [held["unit_id"] for held in shown["offers"][1]["units"]] == second
        decided = (await stage.get(f"{path}/history")).json()["items"][-1]
        assert decided["topic"] == "placement.decision-taken.1"
        assert decided["event"]["choice"] == 2
        assert decided["event"]["reason"] == "HER_WISH"
        sent = await stage.done(f"{path}/offers", {"units": second})
        assert sent["placement"]["phase"] == "OFFERED"
        assert (await stage.done(f"{path}/another-choice", choice))["events"] == []


@pytest.mark.asyncio
async def test_what_the_coordinator_had_before_her_stands_beside_her_choice() -> None:
    async with ground() as stage:
        path = await stage.held(ALONE)
        held = (await stage.get(path)).json()["offers"][0]
        body = {"units": [unit["unit_id"] for unit in held["units"]], "shown_position": 12, "page": "notte-2"}
        for changes, expected in (
            ({"shown_position": 10**9}, (422, "NOT_THERE_YET", "/shown_position")),
            ({"shown_position": -1}, (422, "OUT_OF_RANGE", "/shown_position")),
            ({"page": "Notte 2"}, (422, "MALFORMED", "/page")),
            ({"reason": "BECAUSE"}, (422, "CODE_UNKNOWN", "/reason")),
        ):
            assert await stage.refused(f"{path}/offers", {**body, **changes}) == expected
        told = await stage.done(f"{path}/offers", body)
        topics = [event["topic"] for event in told["events"]]
        assert topics == ["placement.decision-taken.1", "placement.offer-sent.1"]
        decided = (await stage.get(f"{path}/history")).json()["items"][-2]["event"]
        assert (decided["choice"], decided["shown_position"], decided["page"]) == (1, 12, "notte-2")
        assert decided["reason"] is None


@pytest.mark.asyncio
async def test_after_silence_the_next_house_is_held_and_without_one_the_hold_stands() -> None:
    async with ground() as stage:
        path = await stage.offered(ALONE)
        assert (await stage.refused(f"{path}/move-on"))[1] == "HOLD_NOT_OVERDUE"
        await stage.later(minutes=11)
        moved = (await stage.done(f"{path}/move-on"))["placement"]
        assert [offer["state"] for offer in moved["offers"]] == ["RELEASED", "HELD"]
        assert moved["silences"] == 1


@pytest.mark.asyncio
async def test_where_no_other_house_is_found_the_hold_stands() -> None:
    async with ground() as stage:
        path = await stage.offered(REQUEST)
        await stage.later(minutes=11)
        stands = await stage.done(f"{path}/move-on")
        assert stands["events"] == []
        assert [offer["state"] for offer in stands["placement"]["offers"]] == ["SENT"]


@pytest.mark.asyncio
async def test_a_unit_that_said_no_may_be_asked_again_by_a_persons_word() -> None:
    async with ground() as stage:
        path = await stage.offered(REQUEST)
        unit = (await stage.get(path)).json()["offers"][0]["units"][0]["unit_id"]
        await stage.done(f"{path}/refusal", {"channel": "TELEPHONE", "shown": "NOT_NOW"})
        assert (await stage.done(f"{path}/search"))["placement"]["phase"] == "WAITING"
        allowed = {"units": [unit], "reason": "HOUSE_CHANGED_ITS_MIND"}
        told = await stage.done(f"{path}/asking-again", allowed)
        assert [event["topic"] for event in told["events"]] == ["placement.may-be-asked-again.1"]
        assert (await stage.done(f"{path}/asking-again", allowed))["events"] == []
        assert (await stage.done(f"{path}/search"))["placement"]["phase"] == "HELD"


@pytest.mark.asyncio
async def test_the_way_to_the_house_and_nobody_comes() -> None:
    async with ground() as stage:
        path = await stage.offered(REQUEST)
        agreed = {"expected_at": after(hours=1), "escort": "LAW_ENFORCEMENT"}
        assert (await stage.refused(f"{path}/handover", agreed))[:2] == (409, "HOUSE_HAS_NOT_ACCEPTED")
        await stage.done(f"{path}/acceptance", {"channel": "SCREEN"}, "ginepro")
        past = {**agreed, "expected_at": after(hours=-1)}
        assert await stage.refused(f"{path}/handover", past) == (422, "NOT_IN_THE_FUTURE", "/expected_at")
        slip = {**agreed, "expected_at": after(days=26_000)}
        assert await stage.refused(f"{path}/handover", slip) == (422, "TOO_FAR_AHEAD", "/expected_at")
        told = await stage.done(f"{path}/handover", agreed)
        assert told["placement"]["handover"]["escort"] == "LAW_ENFORCEMENT"
        seen = (await stage.get(path, "ginepro")).json()["offers"][0]
        assert (seen["expected_at"], seen["escort"]) == (agreed["expected_at"], "LAW_ENFORCEMENT")
        await stage.later(hours=2)
        forbidden = await stage.refused(f"{path}/no-show", {"welfare_check_asked": True}, "ginepro")
        assert forbidden == (403, "FORBIDDEN", "/welfare_check_asked")
        await stage.done(f"{path}/no-show", {}, "ginepro")
        assert (await stage.get(path)).json()["not_arrived"] is True
        told = await stage.done(f"{path}/no-show", {"welfare_check_asked": True})
        assert told["placement"]["welfare_check_asked"] is True
        assert told["placement"]["hold"] is not None, "the places are kept until a person decides"
        assert (await stage.refused(f"{path}/release", {"cause": "UNANSWERED"}))[1] == "CODE_UNKNOWN"
        gone = await stage.done(f"{path}/release", {"cause": "NOT_ARRIVED"})
        assert gone["placement"]["hold"] is None
        released = (await stage.get(f"{path}/history")).json()["items"][-1]["event"]
        assert released["cause"] == "NOT_ARRIVED"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "outcome",
    ["PLACED_BY_NEIGHBOUR", "OTHER_SOLUTION", "PERPETRATOR_REMOVED", "UNREACHABLE", "ENTERED_IN_ERROR"],
)
async def test_a_request_is_closed_with_what_became_of_it(outcome: str) -> None:
    async with ground() as stage:
        path = await stage.offered(ALONE)
        told = await stage.done(f"{path}/closure", {"outcome": outcome})
        assert (told["placement"]["phase"], told["placement"]["outcome"]) == ("ENDED", outcome)
        assert told["placement"]["hold"] is None
        assert (await stage.done(f"{path}/closure", {"outcome": outcome}))["events"] == []
        assert (await stage.refused(f"{path}/closure", {"outcome": "DISCHARGED"}))[1] == "CODE_UNKNOWN"
        assert (await stage.refused(f"{path}/bridge", HOTEL))[:2] == (409, "PLACEMENT_ENDED")


@pytest.mark.asyncio
async def test_an_entry_is_declared_wrong_and_stays() -> None:
    async with ground() as stage:
        path = await stage.offered(REQUEST)
        await stage.later(minutes=90)
        late = {"channel": "TELEPHONE", "occurred_at": after(minutes=30)}
        await stage.done(f"{path}/acceptance", late)
        entry = (await stage.get(f"{path}/history", "auditor")).json()["items"][-1]
        assert (entry["gap_minutes"], entry["late"], entry["correction"]) == (60, True, None)
        wrong = {"version": entry["version"], "reason": "WRONG_TIME", "true_occurred_at": after(minutes=40)}
        for changes, expected in (
            ({"true_occurred_at": None}, (422, "WITH_WRONG_TIME", "/true_occurred_at")),
            ({"reason": "ENTERED_TWICE"}, (422, "WITH_WRONG_TIME", "/true_occurred_at")),
            ({"true_occurred_at": after(hours=5)}, (422, "OCCURRED_IN_THE_FUTURE", "/true_occurred_at")),
            ({"version": 0}, (422, "OUT_OF_RANGE", "/version")),
            ({"version": 2**63}, (422, "OUT_OF_RANGE", "/version")),
        ):
            assert await stage.refused(f"{path}/corrections", {**wrong, **changes}) == expected
        assert (await stage.refused(f"{path}/corrections", {**wrong, "version": 99}))[1] == "ENTRY_UNKNOWN"
        told = await stage.done(f"{path}/corrections", wrong)
        assert told["placement"]["corrections"] == [wrong]
        later = (await stage.get(f"{path}/history", "auditor")).json()["items"]
        same = next(item for item in later if item["version"] == entry["version"])
        assert same["event"] == entry["event"], "the entry itself stays as it is"
        assert same["correction"] == wrong
        await stage.done(f"{path}/withdrawal")
        ended = {"version": 1, "reason": "WRONG_VALUE"}
        assert len((await stage.done(f"{path}/corrections", ended))["events"]) == 1


@pytest.mark.asyncio
async def test_a_late_entry_names_the_decisions_taken_without_it() -> None:
    async with ground() as stage:
        path = await stage.offered(ALONE)
        await stage.later(minutes=11)
        await stage.done(f"{path}/move-on")
        await stage.later(minutes=30)
        offers = (await stage.get(path)).json()["offers"]
        said = {"channel": "TELEPHONE", "offer_id": offers[0]["offer_id"], "occurred_at": after(minutes=5)}
        await stage.done(f"{path}/acceptance", said)
        items = (await stage.get(f"{path}/history")).json()["items"]
        late = next(item for item in items if item["topic"] == "placement.late-acceptance-recorded.1")
        assert late["gap_minutes"] == 36
        assert (len(late["decided_meanwhile"]), late["decided_meanwhile_count"]) == (1, 1)


@pytest.mark.asyncio
async def test_where_no_room_is_large_enough_two_of_one_house_are_one_candidate() -> None:
    async with ground() as stage:
        rooms = [await _another_room(stage, f"stanza-{number}") for number in (8, 9)]
        asked = await stage.ask({**REQUEST, "household": {"adults": 2, "children": ["AGE_3_5"] * 3}})
        held = asked["placement"]["offers"][0]["units"]
        assert asked["result"] == "held"
        assert len(held) == 2
        assert {unit["unit_id"] for unit in held} & set(rooms)
        path = f"/placements/{asked['placement']['placement_id']}"
        first = (await stage.get(f"{path}/ranking")).json()["candidates"][0]
        assert first["units"] == held
        units = [unit["unit_id"] for unit in held]
        assert (await stage.refused(f"{path}/offers", {"units": units[:1]}))[1] == "CANDIDATE_NOT_HELD"
        sent = await stage.done(f"{path}/offers", {"units": units})
        assert sent["placement"]["phase"] == "OFFERED"


@pytest.mark.asyncio
async def test_a_place_owed_to_an_earlier_request_is_told_as_owed_and_not_given() -> None:
    async with ground() as stage:
        house = f"/shelters/{stage.house('ginepro')}/intake"
        await stage.done(house, {"pause": "STAFF"}, "ginepro")
        urgent = await stage.held(REQUEST)
        await stage.done(house, {"resume": True}, "ginepro")
        later = await stage.ask({**REQUEST, "urgency": "U3"})
        assert later["result"] == "waiting"
        assert {"code": "OWED", "units": 1} in later["ranking"]["excluded"]
        assert (await stage.done(f"{urgent}/search"))["placement"]["phase"] == "HELD"


async def _another_room(stage: Ground, code: str) -> str:
    """One more room of the first house, with three beds open."""
    zones = [str(stage.ids.zones["z1"]), str(stage.ids.zones["z2"])]
    room = {
        "code": code,
        "level": "pronto",
        "intake_modes": ["EMERGENCY"],
        "beds": 3,
        "exclusive": True,
        "unsuitable_zones": zones,
    }
    made = await stage.post(f"/shelters/{stage.house('ginepro')}/units", room, "lead")
    unit = made.json()["unit"]
    beds = {"open_places": [place["place_id"] for place in unit["places"]]}
    opened = await stage.put(
        f"/units/{unit['unit_id']}/availability", beds, "ginepro", If_Match=made.headers["etag"]
    )
    assert opened.status_code == 200
    return str(unit["unit_id"])
