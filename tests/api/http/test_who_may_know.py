"""Who may know of a placement: by what they have to do with it, while it is open and afterwards; and what is
told of one that somebody may not know of.
"""

from __future__ import annotations

from uuid import UUID

import pytest

from api.http.news import news_of
from domain.case import CaseAccessRestricted
from domain.vocabulary import CaseId, ShelterId
from domain.world import Context, Decision, World
from tests.api.http.ground import ALONE, REQUEST, Ground, ground
from trials.stage.in_process import command

pytestmark = pytest.mark.asyncio
NOWHERE = "/placements/0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d55"
OF_THE_SERVICES = {**REQUEST, "channel": "SOCIAL_SERVICES"}
OTHER_COORDINATOR = UUID(int=7)


async def _keep_away(stage: Ground, path: str) -> None:
    """The other coordinator has a conflict of interest in this case."""
    case_id = CaseId(UUID((await stage.get(path)).json()["case_id"]))
    transactor = stage.engine.transactor

    def decided(world: World, _: Context) -> Decision:
        world.case(case_id)
        return Decision(events={case_id: (CaseAccessRestricted(actor=OTHER_COORDINATOR),)})

    asked = command(transactor.network_id, OTHER_COORDINATOR, transactor.sources)
    await stage.engine.run(asked, decided)


async def test_an_ended_placement_is_known_to_who_acted_on_it_and_their_body_alone() -> None:
    async with ground() as stage:
        told = await stage.done("/placement-requests", REQUEST, "colleague")
        path = f"/placements/{told['placement']['placement_id']}"
        for who in ("colleague", "colleague-by-day", "other-coordinator"):
            assert (await stage.get(path, who)).status_code == 200, "open: whoever is on call"
        await stage.done(f"{path}/withdrawal", {}, "colleague")
        seen = {
            who: (await stage.get(path, who)).status_code
            for who in ("colleague", "colleague-by-day", "other-coordinator")
        }
        assert seen == {"colleague": 200, "colleague-by-day": 200, "other-coordinator": 404}


async def test_a_conflict_of_interest_is_told_as_an_id_that_names_nothing() -> None:
    async with ground() as stage:
        path = await stage.held()
        other = await stage.held(ALONE)
        await _keep_away(stage, path)
        for step in ("", "/history", "/ranking", "/timeline"):
            hidden = await stage.get(path + step, "other-coordinator")
            none = await stage.get(NOWHERE + step, "other-coordinator")
            assert (hidden.status_code, hidden.content) == (404, none.content)
            assert (await stage.get(path + step)).status_code == 200
        assert await stage.refused(f"{path}/release", {}, "other-coordinator") == (
            404,
            "PLACEMENT_UNKNOWN",
            "",
        )
        for listed in ("/placement-requests", "/on-call-queue"):
            items = (await stage.get(listed, "other-coordinator")).json()["items"]
            assert [f"/placements/{each['placement_id']}" for each in items] == [other]


async def test_who_asked_from_outside_sees_whether_there_is_a_place_and_never_which() -> None:
    async with ground() as stage:
        listed = await stage.post("/placement-requests", OF_THE_SERVICES, "social")
        assert listed.json()["code"] == "CHANNEL_MAY_NOT_REQUEST", "the network does not list it"
        police = {**REQUEST, "channel": "LAW_ENFORCEMENT"}
        told = await stage.done("/placement-requests", police, "police")
        assert set(told) == {"result", "position", "recorded_at", "placement", "minors_path"}
        path = f"/placements/{told['placement']['placement_id']}"
        for who, status in (("police", 200), ("other-police", 200), ("social", 404), ("emergency-room", 404)):
            assert (await stage.get(path, who)).status_code == status, who
        shown = await stage.get(path, "police")
        assert (shown.json()["held"], shown.json()["accepted"]) == (True, False)
        for secret in (stage.house("ginepro"), stage.unit("ginepro").id, "HIGH", "CAV"):
            assert str(secret) not in shown.text
        own = (await stage.get("/placement-requests", "other-police")).json()["items"]
        assert [each["placement_id"] for each in own] == [told["placement"]["placement_id"]]
        assert (await stage.get("/placement-requests", "social")).json()["items"] == []


async def test_a_girl_alone_is_told_the_minors_path_through_whatever_channel() -> None:
    async with ground() as stage:
        body = {**OF_THE_SERVICES, "household": {"adults": 0, "children": ["AGE_14_17"]}}
        told = await stage.done("/placement-requests", body, "social")
        assert (told["result"], told["placement"]) == ("minor_alone", None)
        assert told["minors_path"]["code"] == "MINOR_ALONE"


async def test_a_late_yes_is_recorded_and_answered_with_no_more_than_that_it_is_over() -> None:
    async with ground() as stage:
        path = await stage.offered(ALONE)
        offer = (await stage.get(path)).json()["offers"][0]
        late = "ginepro" if offer["shelter_id"] == str(stage.house("ginepro")) else "lentisco"
        await stage.done(f"{path}/refusal", {"channel": "TELEPHONE", "shown": "NOT_NOW"})
        await stage.done(f"{path}/search")
        for step in ("seen", "conversation", "acceptance-confirmation"):
            assert (await stage.refused(f"{path}/{step}", {}, late))[:2] == (409, "OFFER_NO_LONGER_HELD")
        told = await stage.done(f"{path}/refusal", {"channel": "SCREEN", "shown": "NOT_NOW"}, late)
        assert [set(each) for each in told["placement"]["offers"]] == [{"offer_id", "state", "due_at"}]
        assert [(each["state"], each["due_at"]) for each in told["placement"]["offers"]] == [("OVER", None)]


async def test_a_yes_after_another_house_was_asked_is_written_down() -> None:
    async with ground() as stage:
        path = await stage.offered(ALONE)
        offer = (await stage.get(path)).json()["offers"][0]
        late = "ginepro" if offer["shelter_id"] == str(stage.house("ginepro")) else "lentisco"
        other = stage.unit("lentisco" if late == "ginepro" else "ginepro")
        choice = {"units": [str(other.id)], "reason": "HER_WISH"}
        await stage.done(f"{path}/another-choice", choice)
        assert (await stage.get(path, late)).status_code == 404
        head = await stage.store.head()
        told = await stage.done(f"{path}/acceptance", {"channel": "SCREEN"}, late)
        assert [each["state"] for each in told["placement"]["offers"]] == ["OVER"]
        assert "placement.late-acceptance-recorded.1" in (await stage.topics())[head:]
        rows = await stage.store.read_all(after=head, limit=100)
        heard = await news_of(stage.engine, frozenset({ShelterId(stage.house(late))}), rows)
        assert heard == (), "it hears no more of a placement that it did not get"
