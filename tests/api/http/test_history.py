"""What was known then: a placement as of a position or an instant, and the certificate of its ranking."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.api.http.ground import NIGHT, REQUEST, ground


@pytest.mark.asyncio
async def test_history_gives_what_was_known_at_a_position_and_at_an_instant() -> None:
    async with ground() as stage:
        asked = await stage.ask()
        path = f"/placements/{asked['placement']['placement_id']}"
        await stage.later(minutes=5)
        units = [held["unit_id"] for held in asked["placement"]["offers"][0]["units"]]
        await stage.post(f"{path}/offers", {"units": units})
        await stage.later(minutes=5)
        await stage.post(f"{path}/acceptance", {"channel": "SCREEN"}, "ginepro")

        whole = (await stage.get(f"{path}/history")).json()
        assert whole["placement"]["phase"] == "ACCEPTED_BY_HOUSE"
        assert [item["version"] for item in whole["items"]] == list(range(1, len(whole["items"]) + 1))

        then = (await stage.get(f"{path}/history?position={asked['position']}")).json()
        assert then["placement"] == asked["placement"]
        assert then["position"] == asked["position"]

        instant = (NIGHT + timedelta(minutes=6)).isoformat().replace("+", "%2B")
        at = (await stage.get(f"{path}/history?as_of={instant}")).json()
        assert at["placement"]["phase"] == "OFFERED"
        assert at["items"] == whole["items"][: len(at["items"])]

        before = (await stage.get(f"{path}/history?position=1")).json()
        assert (before["items"], before["placement"]) == ([], None)
        beyond = (await stage.get(f"{path}/history?position={2**63 - 1}")).json()
        assert beyond["position"] == await stage.store.head()


@pytest.mark.asyncio
async def test_the_certificate_tells_counts_candidates_and_what_it_was_computed_on() -> None:
    async with ground() as stage:
        asked = await stage.ask(REQUEST)
        path = f"/placements/{asked['placement']['placement_id']}"
        ranking = (await stage.get(f"{path}/ranking", "auditor")).json()
        assert ranking["summary"] == asked["ranking"]
        assert ranking["summary"]["ranker"] == "rank_1"
        assert ranking["summary"]["position"] == asked["events"][0]["position"] - 1
        assert ranking["candidates"][0]["shelter_id"] == asked["placement"]["offers"][0]["shelter_id"]
        assert len(ranking["digest"]) == 64


@pytest.mark.asyncio
async def test_an_etag_is_the_version_and_moves_with_every_event() -> None:
    async with ground() as stage:
        asked = await stage.ask()
        path = f"/placements/{asked['placement']['placement_id']}"
        first = await stage.get(path)
        assert first.headers["etag"] == f'"{asked["placement"]["version"]}"'
        await stage.post(f"{path}/release")
        assert (await stage.get(path)).headers["etag"] != first.headers["etag"]
