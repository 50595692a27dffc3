"""A desk hears that something waits for it and nothing more: the same words whatever it is about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from api.adapters.notifier import TEXT_EN, TEXT_IT, Exercise, Notifier, TellsNobody
from api.loops.notifying import Notifying
from domain.calling import desks_for, waiting
from domain.codes import AlarmKind, DeskKind
from domain.network import RotaAdopted
from domain.placement.events import AlarmRaised
from domain.vocabulary import DeskId
from tests.api.http.ground import ALONE, Ground, ground
from tests.domain.refusals.worlds import NEW_YEAR
from tests.support.desks import COORDINATION, HOUSE_DESK, SERVICE_DESK, a_desk, every_hour, shift
from tests.support.night import ASKED, HOUSE, MEMBER, a_house_with_a_room, holding, requested, sent
from tests.support.spec import NETWORK, NOW, given

TEXT = f"{TEXT_IT} / {TEXT_EN}"
BOOK = (
    a_desk(COORDINATION, DeskKind.COORDINATION, member_id=MEMBER),
    a_desk(HOUSE_DESK, DeskKind.HOUSE, shelter_id=HOUSE),
    [(NETWORK, RotaAdopted(shifts=every_hour(COORDINATION), valid_from=NEW_YEAR))],
)


@pytest.mark.parametrize("kind", AlarmKind)
@pytest.mark.asyncio
async def test_of_no_alarm_anything_is_told_but_that_there_is_a_task(kind: AlarmKind) -> None:
    raised = AlarmRaised(kind=kind, due_at=NOW - timedelta(minutes=1))
    places = given(a_house_with_a_room(), *BOOK, requested(), [(ASKED, raised)]).places
    (found,) = waiting(places)
    assert desks_for(found.house, places, NOW) == (COORDINATION,)
    exercise = Exercise()
    for desk in desks_for(found.house, places, NOW):
        await exercise.new_task(desk)
    assert exercise.told == [(COORDINATION, TEXT)]
    assert TEXT == "Approdo: nuova attività / Approdo: new task"


def test_an_offer_waits_for_its_house_whether_or_not_its_desk_is_on_the_rota() -> None:
    places = given(a_house_with_a_room(), *BOOK, requested(), holding(), sent()).places
    (found,) = waiting(places)
    assert (found.house, desks_for(found.house, places, NOW)) == (HOUSE, (HOUSE_DESK,))
    second = a_desk(SERVICE_DESK, DeskKind.HOUSE, code="night", shelter_id=HOUSE)
    nights = (*every_hour(COORDINATION), shift(SERVICE_DESK, ends=480))
    adopted = [(NETWORK, RotaAdopted(shifts=nights, valid_from=NEW_YEAR))]
    more = given(a_house_with_a_room(), *BOOK, second, adopted, requested(), holding(), sent()).places
    assert desks_for(HOUSE, more, NOW) == (SERVICE_DESK,)
    assert desks_for(HOUSE, more, NOW + timedelta(hours=12)) == (HOUSE_DESK, SERVICE_DESK)


def test_a_port_has_no_room_for_words() -> None:
    for way in (Exercise, TellsNobody, Notifier):
        assert list(_arguments(way)) == ["self", "desk_id"]


def _arguments(way: Any) -> list[str]:
    code = way.new_task.__code__
    return list(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])


def _desk(stage: Ground, code: str) -> DeskId:
    return DeskId(stage.ids.desks[code])


@pytest.mark.asyncio
async def test_each_thing_is_told_once_by_a_process_and_again_by_one_that_starts() -> None:
    async with ground() as stage:
        told = Exercise()
        loop = Notifying(stage.engine, told)
        await loop.step()
        assert told.told == []
        path = await stage.offered(ALONE)
        await loop.step()
        await loop.step()
        shelter = (await stage.get(path)).json()["offers"][0]["shelter_id"]
        house = "ginepro" if shelter == str(stage.house("ginepro")) else "lentisco"
        assert told.told == [(_desk(stage, house), TEXT)]
        again = Exercise()
        await Notifying(stage.engine, again).step()
        assert again.told == told.told
        await stage.post(f"{path}/seen", {}, house)
        late = Exercise()
        await Notifying(stage.engine, late).step()
        assert late.told == []


@pytest.mark.asyncio
async def test_what_could_not_be_told_is_told_at_a_later_step() -> None:
    class Failing(Exercise):
        fails = True

        async def new_task(self, desk_id: DeskId) -> None:
            if self.fails:
                raise ConnectionError
            await super().new_task(desk_id)

    async with ground() as stage:
        await stage.offered(ALONE)
        told = Failing()
        loop = Notifying(stage.engine, told)
        with pytest.raises(ConnectionError):
            await loop.step()
        told.fails = False
        await loop.step()
        assert [text for _, text in told.told] == [TEXT]


@pytest.mark.asyncio
async def test_the_lead_body_is_told_at_once_that_there_is_something_to_review_in_the_same_words() -> None:
    async with ground() as stage:
        placement = (await stage.ask({**ALONE, "features_required": ["GROUND_FLOOR"]}))["placement"]
        told = Exercise()
        loop = Notifying(stage.engine, told)
        await loop.step()
        assert told.told == []
        glass = f"/cases/{placement['case_id']}/glass"
        await stage.done(glass, {"reason": "DANGER_TO_LIFE"}, "other-coordinator")
        for _ in range(2):
            await loop.step()
        assert told.told == [(_desk(stage, "coordinamento"), TEXT)]
        body = {"unit_id": str(stage.unit("lentisco").id), "reason": "COURT_ORDER"}
        await stage.done(f"/placements/{placement['placement_id']}/override", body)
        await loop.step()
        assert told.told == [(_desk(stage, "coordinamento"), TEXT)] * 2
        first, second = (await stage.get("/reviews", "lead")).json()["items"]
        for each in (first, second):
            await stage.done(f"/reviews/{each['review_id']}", {"outcome": "JUSTIFIED"}, "lead")
        again = Exercise()
        await Notifying(stage.engine, again).step()
        assert again.told == []
