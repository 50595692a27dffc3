"""Values kept for her, at the doors: kept, taken back, opened; by whom, and what is seen of them."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from api.loops.sweeping import Sweeping
from domain.case import guarding
from domain.case.guarding import BreakGlass, EntrustEscort, GuardingCommand, RestrictAccess
from domain.case.keeping import MOST_OPENINGS
from domain.codes import GlassReason
from domain.vocabulary import CaseId, PlacementId
from domain.world import Context, Decided, World, on_stream
from ledger.faults import StoreUnreachable
from ledger.store.metadata import own_act
from ledger.store.transact import Command, Done, recorded
from ledger.vault.port import VaultUnreachable
from tests.api.http.ground import ALONE, Ground, after, ground

pytestmark = pytest.mark.asyncio
HERS: dict[str, Any] = {
    "callback_contact": "+39 000 5550 123",
    "safe_channel": "VOICE",
    "safe_hours": ["10:00-11:30", "22:00-23:00"],
    "may_call": True,
    "agreed_word": "corbezzolo",
    "alias": "Ginestra",
    "notes": "porta il cane\nparla arabo",
    "handover_point": "davanti alla stazione",
}
WORDS = ("5550 123", "10:00-11:30", "corbezzolo", "Ginestra", "porta il cane", "davanti alla stazione")
CALL = {"kinds": ["CALLBACK_CONTACT"], "purpose": "CALL_HER"}
BY_POLICE = {**ALONE, "channel": "LAW_ENFORCEMENT"}
WRONG = {"version": 1, "reason": "WRONG_VALUE"}
MEET = {"kinds": ["HANDOVER_POINT"], "purpose": "AGREE_HANDOVER"}


@pytest_asyncio.fixture
async def night() -> AsyncIterator[Ground]:
    async with ground() as made:
        yield made


async def asked(night: Ground) -> tuple[str, str]:
    """The paths of a case and its placement."""
    placement = (await night.ask(ALONE))["placement"]
    return f"/cases/{placement['case_id']}", f"/placements/{placement['placement_id']}"


async def kept(night: Ground) -> tuple[str, str]:
    case, placement = await asked(night)
    await night.done(f"{case}/values", HERS)
    return case, placement


async def told(night: Ground, case: str, command: GuardingCommand) -> None:
    """Something about who may see the case, put into the log as it stands."""
    case_id, network_id = CaseId(UUID(case.rsplit("/", 1)[-1])), night.engine.transactor.network_id
    described = own_act(network_id, uuid4(), "prova")

    def decide(world: World, context: Context) -> Decided:
        decided = guarding.decide(command, world.case(case_id), context.now, context.new_id)
        return on_stream(case_id, decided)

    done = await night.engine.run(Command(digest=bytes(32), metadata=described), decide)
    assert isinstance(done, Done), done


async def nowhere(night: Ground, *told: str) -> None:
    """No row of the log, and nothing that was told, has one of her words."""
    rows = await night.store.read_all(after=0, limit=5000)
    recorded = b"\n".join(row.state + row.metadata for row in rows)
    metrics = (await night.client.get("/metrics")).text
    for word in WORDS:
        assert word.encode() not in recorded
        for text in (metrics, *told):
            assert word not in text, word


class TestWhoseItIsNoMore:
    async def test_who_asked_or_brought_her_before_opens_nothing_of_the_next_request(
        self, night: Ground
    ) -> None:
        before = (await night.post("/placement-requests", BY_POLICE, "police")).json()
        path = f"/placements/{before['placement']['placement_id']}"
        case_id = (await night.get(path)).json()["case_id"]
        case = f"/cases/{case_id}"
        await night.done(f"{case}/values", HERS)
        officer = str(UUID(int=15))
        await night.done(f"{path}/escort", {"actor": officer, "until": after(hours=20)})
        assert (await night.post(f"{path}/values/openings", MEET, "other-police")).status_code == 200
        await night.done(f"{path}/withdrawal")
        await night.ask({**ALONE, "case_id": case_id})
        for who in ("police", "other-police"):
            for opening in (f"{path}/values/openings", f"{case}/values/openings"):
                assert (await night.refused(opening, MEET, who))[:2] == (403, "FORBIDDEN")
            assert (await night.refused(f"{case}/values", HERS, who))[:2] == (403, "FORBIDDEN")

    async def test_a_house_that_took_her_by_its_word_alone_opens_nothing_until_the_coordination_acts(
        self, night: Ground
    ) -> None:
        path = await night.offered()
        case = (await night.get(path)).json()["case_id"]
        await night.done(f"/cases/{case}/values", HERS)
        no = {"channel": "SCREEN", "code": "NO_NIGHT_STAFF"}
        assert (await night.post(f"{path}/refusal", no, "ginepro")).status_code == 200
        unit = night.unit("ginepro")
        taken = {
            "shelter_id": str(night.house("ginepro")),
            "units": [{"unit_id": str(unit.id), "places": [str(unit.beds[0])]}],
        }
        assert (await night.post(f"{path}/direct-admission", taken, "ginepro")).status_code == 200
        assert (await night.get(path, "ginepro")).json()["offers"][-1]["who_comes"]["adults"] == 1
        for purpose in (CALL, MEET):
            told = await night.refused(f"{path}/values/openings", purpose, "ginepro")
            assert told[:2] == (403, "FORBIDDEN")
        await night.done(f"{path}/corrections", WRONG)
        assert (await night.post(f"{path}/values/openings", MEET, "ginepro")).status_code == 200


class TestKeeping:
    async def test_what_is_kept_is_told_by_its_kinds_alone(
        self, night: Ground, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.DEBUG):
            case, placement = await asked(night)
            answer = await night.post(f"{case}/values", HERS)
            assert answer.status_code == 200, answer.text
            assert set(answer.json()["kinds"]) == {kind.upper() for kind in HERS}
            again = await night.repeated(night.exchanges[-1])
            assert again.content == answer.content
            listed = await night.get(f"{case}/values")
            assert listed.json()["kinds"] == answer.json()["kinds"]
            seen = [
                await night.get(path) for path in (placement, f"{placement}/history", "/placement-requests")
            ]
            await nowhere(night, answer.text, listed.text, *(each.text for each in seen))
        for word in WORDS:
            assert word not in caplog.text

    async def test_the_same_key_with_another_value_is_another_command(self, night: Ground) -> None:
        case, _ = await asked(night)
        first = await night.post(f"{case}/values", {"alias": "Ginestra"}, key="la-stessa-chiave")
        other = await night.post(f"{case}/values", {"alias": "Erica"}, key="la-stessa-chiave")
        assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
        kinds = await night.post(f"{case}/values", {"notes": "Erica"}, key="la-stessa-chiave")
        assert (kinds.status_code, kinds.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
        opened = await night.done(f"{case}/values/openings", {"kinds": ["ALIAS"], "purpose": "CALL_HER"})
        assert [each["value"] for each in opened["values"]] == ["Ginestra"]
        assert first.status_code == 200

    async def test_a_retry_after_the_value_was_replaced_changes_nothing(self, night: Ground) -> None:
        case, _ = await asked(night)
        first = await night.post(f"{case}/values", {"alias": "Ginestra"}, key="la-prima-chiave")
        await night.done(f"{case}/values", {"alias": "Erica"})
        again = await night.post(f"{case}/values", {"alias": "Ginestra"}, key="la-prima-chiave")
        assert again.content == first.content
        opened = await night.done(f"{case}/values/openings", {"kinds": ["ALIAS"], "purpose": "CALL_HER"})
        assert [each["value"] for each in opened["values"]] == ["Erica"]

    async def test_what_is_replaced_or_taken_back_is_destroyed_at_once(self, night: Ground) -> None:
        case, _ = await asked(night)
        case_id = UUID(case.rsplit("/", 1)[-1])
        await night.done(f"{case}/values", {"alias": "Ginestra", "notes": "parla arabo"})
        rows = (await night.store.read_streams((case_id,)))[case_id]
        first = [getattr(recorded(row).event, "commitment", None) for row in rows][-2:]
        await night.done(f"{case}/values", {"alias": "Erica"})
        await night.done(f"{case}/values/withdrawals", {"kinds": ["NOTES"]})
        assert await night.vault.open(case_id, [each for each in first if each]) == {}
        assert (await night.get(f"{case}/values")).json()["kinds"] == ["ALIAS"]
        assert await night.vault.doubtful(timedelta()) == {}, "nothing is left for the sweep"

    async def test_taking_back_what_is_not_there_is_nothing(self, night: Ground) -> None:
        case, _ = await kept(night)
        await night.done(f"{case}/values/withdrawals", {"kinds": ["MAY_CALL"]})
        head = await night.store.head()
        again = await night.done(f"{case}/values/withdrawals", {"kinds": ["MAY_CALL"]})
        assert await night.store.head() == head
        assert "MAY_CALL" not in again["kinds"]


class TestOpening:
    async def test_the_number_comes_with_when_it_is_safe_and_the_look_is_recorded(
        self, night: Ground
    ) -> None:
        case, _ = await kept(night)
        head = await night.store.head()
        opened = await night.done(f"{case}/values/openings", CALL)
        assert {each["kind"]: each["value"] for each in opened["values"]} == {
            "CALLBACK_CONTACT": "+39 000 5550 123",
            "MAY_CALL": "YES",
            "SAFE_CHANNEL": "VOICE",
            "SAFE_HOURS": "10:00-11:30,22:00-23:00",
        }
        assert await night.store.head() == head + 1 == opened["position"]
        assert (await night.topics())[-1] == "case.values-opened.1"
        await nowhere(night)

    async def test_every_value_can_be_seen_through_its_own_door(self, night: Ground) -> None:
        case, _ = await kept(night)
        seen: dict[str, str] = {}
        for purpose, kinds in (
            ("CALL_HER", ["CALLBACK_CONTACT", "SAFE_CHANNEL", "SAFE_HOURS", "MAY_CALL", "AGREED_WORD"]),
            ("AGREE_HANDOVER", ["HANDOVER_POINT", "ALIAS"]),
            ("PREPARE_ARRIVAL", ["NOTES"]),
        ):
            opened = await night.done(f"{case}/values/openings", {"kinds": kinds, "purpose": purpose})
            seen |= {each["kind"]: each["value"] for each in opened["values"]}
        assert seen == {
            **{kind.upper(): value for kind, value in HERS.items() if isinstance(value, str)},
            "SAFE_HOURS": "10:00-11:30,22:00-23:00",
            "MAY_CALL": "YES",
        }

    async def test_without_her_word_nobody_calls(self, night: Ground) -> None:
        case, _ = await kept(night)
        await night.done(f"{case}/values/withdrawals", {"kinds": ["MAY_CALL"]})
        head = await night.store.head()
        told = await night.post(f"{case}/values/openings", CALL)
        assert (told.status_code, told.json()["code"]) == (409, "NOT_TO_BE_CALLED")
        assert await night.store.head() == head
        assert "5550" not in told.text

    async def test_once_its_destruction_is_approved_no_look_is_shown_again(self, night: Ground) -> None:
        case, placement = await kept(night)
        await night.post(f"{case}/values/openings", CALL)
        look = night.exchanges[-1]
        await night.done(f"{placement}/withdrawal")
        order = {"decision": "2041/124", "administrative": False}
        proposed = await night.done(f"{case}/shredding", order, "lead")
        named = {"shredding_id": proposed["preservation"]["shreddings"][-1]["shredding_id"]}

        async def down(*_: object) -> None:
            raise VaultUnreachable

        with pytest.MonkeyPatch.context() as cut:
            cut.setattr(night.vault, "destroy", down)
            await night.done(f"{case}/shredding/approval", named, "other-lead")
        again = await night.repeated(look)
        assert (again.status_code, again.json()["code"]) == (409, "KEY_DESTROYED")
        assert "5550" not in again.text

    async def test_the_same_look_is_shown_again_for_a_while_and_then_no_more(self, night: Ground) -> None:
        case, _ = await kept(night)
        opened = await night.post(f"{case}/values/openings", CALL)
        head = await night.store.head()
        await night.later(minutes=1)
        again = await night.repeated(night.exchanges[-1])
        assert (again.status_code, again.content) == (200, opened.content)
        await night.later(minutes=2)
        over = await night.repeated(night.exchanges[-1])
        assert (over.status_code, over.json()["code"]) == (409, "OPENING_OVER")
        assert "5550" not in over.text
        assert await night.store.head() == head

    async def test_a_value_is_opened_so_often_and_no_more(self, night: Ground) -> None:
        case, _ = await kept(night)
        for _ in range(MOST_OPENINGS):
            await night.done(f"{case}/values/openings", MEET)
        told = await night.post(f"{case}/values/openings", MEET)
        assert (told.status_code, told.json()["code"]) == (409, "OPENED_TOO_OFTEN")
        await night.done(f"{case}/values", {"handover_point": "davanti alla stazione"})
        await night.done(f"{case}/values/openings", MEET)

    async def test_where_the_look_cannot_be_recorded_nothing_is_shown(
        self, night: Ground, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case, _ = await kept(night)

        async def down(_: object) -> None:
            raise StoreUnreachable

        with monkeypatch.context() as cut:
            cut.setattr(night.store, "append", down)
            told = await night.post(f"{case}/values/openings", CALL)
        assert (told.status_code, told.json()["code"]) == (503, "LEDGER_UNREACHABLE")
        assert "5550" not in told.text

    async def test_where_the_vault_is_gone_the_look_is_recorded_and_shown_by_a_retry(
        self, night: Ground, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case, _ = await kept(night)
        head = await night.store.head()

        async def down(*_: object) -> None:
            raise VaultUnreachable

        with monkeypatch.context() as cut:
            cut.setattr(night.vault, "open", down)
            told = await night.post(f"{case}/values/openings", CALL)
        assert (told.status_code, told.json()["code"]) == (503, "VAULT_UNREACHABLE")
        assert await night.store.head() == head + 1
        shown = await night.repeated(night.exchanges[-1])
        assert "5550 123" in shown.text
        assert await night.store.head() == head + 1


class TestWho:
    @pytest.mark.parametrize("who", ["unproved", "proved-earlier", "proved-ahead"])
    async def test_who_has_not_just_proved_who_they_are_sees_nothing(self, night: Ground, who: str) -> None:
        case, placement = await kept(night)
        head = await night.store.head()
        for path in (f"{case}/values/openings", f"{placement}/values/openings"):
            told = await night.post(path, CALL, who)
            assert (told.status_code, told.json()["code"]) == (401, "STEP_UP_NEEDED")
            assert "insufficient_user_authentication" in told.headers["www-authenticate"]
        assert await night.store.head() == head
        await night.done(f"{case}/values", {"alias": "Erica"}, who)

    async def test_a_house_learns_where_to_meet_once_it_has_said_yes(self, night: Ground) -> None:
        case, placement = await kept(night)
        path = f"{placement}/values/openings"
        held = (await night.get(placement)).json()["offers"][0]
        house = "ginepro" if held["shelter_id"] == str(night.house("ginepro")) else "lentisco"
        assert (await night.refused(path, MEET, house))[0] == 404
        await night.done(f"{placement}/offers", {"units": [each["unit_id"] for each in held["units"]]})
        assert (await night.refused(path, MEET, house))[0] in (403, 404)
        await night.done(f"{placement}/acceptance", {"channel": "SCREEN"}, house)
        opened = await night.done(path, MEET, house)
        assert [each["value"] for each in opened["values"]] == ["davanti alla stazione"]
        notes = {"kinds": ["NOTES"], "purpose": "PREPARE_ARRIVAL"}
        assert await night.refused(path, notes, house) == (403, "FORBIDDEN", "/purpose")
        other = "lentisco" if house == "ginepro" else "ginepro"
        assert (await night.refused(path, MEET, other))[0] == 404
        assert (await night.refused(f"{case}/values", {"alias": "Erica"}, house))[0] == 403

    @pytest.mark.parametrize("who", ["engine", "health", "region", "administrator"])
    async def test_others_are_told_no(self, night: Ground, who: str) -> None:
        case, placement = await kept(night)
        head = await night.store.head()
        for path, body in (
            (f"{case}/values", {"alias": "Erica"}),
            (f"{case}/values/withdrawals", {"kinds": ["ALIAS"]}),
            (f"{case}/values/openings", CALL),
            (f"{placement}/values/openings", CALL),
        ):
            assert (await night.refused(path, body, who))[0] == 403
        assert (await night.get(f"{case}/values", who)).status_code == 403
        assert await night.store.head() == head

    @pytest.mark.parametrize("who", ["social", "emergency-room", "police", "neighbour", "lead"])
    async def test_a_case_of_others_is_not_there(self, night: Ground, who: str) -> None:
        case, placement = await kept(night)
        nobody = "/cases/01980000-0000-7000-8000-000000000001"
        for path in (f"{case}/values/openings", f"{nobody}/values/openings"):
            assert (await night.refused(path, CALL, who))[:2] == (404, "CASE_UNKNOWN")
        assert (await night.refused(f"{placement}/values/openings", CALL, who))[0] == 404

    async def test_who_brings_her_learns_where_to_meet_and_nothing_else(self, night: Ground) -> None:
        case, placement = await kept(night)
        path = f"{placement}/values/openings"
        assert (await night.refused(path, MEET, "police"))[0] == 404
        until = await night.store.now() + timedelta(hours=2)
        placement_id = PlacementId(UUID(placement.rsplit("/", 1)[-1]))
        escort = EntrustEscort(actor=UUID(int=14), placement_id=placement_id, until=until)
        await told(night, case, escort)
        opened = await night.done(path, MEET, "police")
        assert [each["value"] for each in opened["values"]] == ["davanti alla stazione"]
        assert await night.refused(path, CALL, "police") == (403, "FORBIDDEN", "/purpose")
        alias = {"kinds": ["HANDOVER_POINT", "ALIAS"], "purpose": "AGREE_HANDOVER"}
        assert await night.refused(path, alias, "police") == (403, "FORBIDDEN", "/purpose")
        assert (await night.refused(path, MEET, "other-police"))[0] == 404
        await night.later(hours=3)
        assert (await night.refused(path, MEET, "police"))[0] == 404

    async def test_with_a_conflict_of_interest_the_case_is_not_there(self, night: Ground) -> None:
        case, placement = await kept(night)
        await told(night, case, RestrictAccess(actor=UUID(int=7)))
        for path, body in (
            (f"{case}/values", {"alias": "Erica"}),
            (f"{case}/values/openings", CALL),
            (f"{placement}/values/openings", CALL),
        ):
            assert (await night.refused(path, body, "other-coordinator"))[0] == 404
            assert (await night.post(path, body)).status_code == 200

    async def test_who_broke_the_glass_opens_for_four_hours(self, night: Ground) -> None:
        case, _ = await kept(night)
        path = f"{case}/values/openings"
        await told(night, case, BreakGlass(actor=UUID(int=2), reason=GlassReason.DANGER_TO_LIFE))
        assert (await night.done(path, CALL, "lead"))["values"][0]["value"] == "+39 000 5550 123"
        await night.later(hours=4)
        assert (await night.refused(path, CALL, "lead"))[0] == 404

    async def test_the_auditor_opens_by_order_and_for_nothing_else(self, night: Ground) -> None:
        case, _ = await kept(night)
        path = f"{case}/values/openings"
        assert await night.refused(path, CALL, "auditor") == (403, "FORBIDDEN", "/purpose")
        by_order = {"kinds": ["NOTES"], "purpose": "JUDICIAL_ORDER"}
        opened = await night.done(path, by_order, "auditor")
        assert opened["values"][0]["value"] == HERS["notes"]


BAD = [
    ({}, "", "NOTHING_GIVEN"),
    ({"alias": None}, "", "NOTHING_GIVEN"),
    ({"callback_contact": "Mariarossi"}, "/callback_contact", "MALFORMED"),
    ({"callback_contact": "+39 000; 12"}, "/callback_contact", "MALFORMED"),
    ({"callback_contact": 390005550}, "/callback_contact", "NOT_A_STRING"),
    ({"callback_contact": "1" * 400}, "/callback_contact", "TOO_LONG"),
    ({"safe_channel": "Mariarossi"}, "/safe_channel", "CODE_UNKNOWN"),
    ({"safe_hours": []}, "/safe_hours", "TOO_FEW"),
    ({"safe_hours": ["25:00-26:00"]}, "/safe_hours/0", "MALFORMED"),
    ({"safe_hours": ["10:00-11:00"] * 7}, "/safe_hours", "TOO_MANY"),
    ({"may_call": False}, "/may_call", "CODE_UNKNOWN"),
    ({"may_call": "true"}, "/may_call", "CODE_UNKNOWN"),
    ({"agreed_word": ""}, "/agreed_word", "TOO_SHORT"),
    ({"agreed_word": "  "}, "/agreed_word", "MALFORMED"),
    ({"alias": "Maria\u0007rossi"}, "/alias", "MALFORMED"),
    ({"alias": "M" * 61}, "/alias", "TOO_LONG"),
    ({"notes": "M" * 1001}, "/notes", "TOO_LONG"),
    ({"notes": "Maria\u001b[2Jrossi"}, "/notes", "MALFORMED"),
    ({"handover_point": "via\nRoma"}, "/handover_point", "MALFORMED"),
    ({"handover_point": ["Mariarossi"]}, "/handover_point", "NOT_A_STRING"),
    ({"alias": "Erica", "Mariarossi": "Mariarossi"}, "", "FIELD_UNKNOWN"),
]


class TestBadInput:
    @pytest.mark.parametrize(("body", "pointer", "code"), BAD)
    async def test_what_cannot_be_kept_is_named_and_not_repeated(
        self, night: Ground, body: dict[str, Any], pointer: str, code: str
    ) -> None:
        case, _ = await asked(night)
        head = await night.store.head()
        answer = await night.post(f"{case}/values", body)
        error = answer.json()["errors"][0]
        assert (answer.status_code, error["pointer"], error["code"]) == (422, pointer, code)
        assert "Mariarossi" not in answer.text
        assert await night.store.head() == head
        assert await night.vault.doubtful(timedelta()) == {}

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"kinds": [], "purpose": "CALL_HER"},
            {"kinds": ["Mariarossi"], "purpose": "CALL_HER"},
            {"kinds": ["REFUSAL_CODE"], "purpose": "JUDICIAL_ORDER"},
            {"kinds": ["ON_CALL_NUMBER"], "purpose": "CALL_HER"},
            {"kinds": ["ALIAS"], "purpose": "Mariarossi"},
            {"kinds": ["ALIAS"], "purpose": "CALL_HOUSE"},
            {"kinds": ["ALIAS"] * 9, "purpose": "CALL_HER"},
            {"kinds": "ALIAS", "purpose": "CALL_HER"},
        ],
    )
    async def test_an_opening_names_what_there_is(self, night: Ground, body: dict[str, Any]) -> None:
        case, placement = await kept(night)
        head = await night.store.head()
        for path in (f"{case}/values/openings", f"{placement}/values/openings"):
            answer = await night.post(path, body)
            assert answer.status_code == 422
            assert "Mariarossi" not in answer.text
        assert (await night.post(f"{case}/values/withdrawals", body)).status_code == 422
        assert await night.store.head() == head

    async def test_a_purpose_opens_what_it_needs_and_no_more(self, night: Ground) -> None:
        case, _ = await kept(night)
        body = {"kinds": ["NOTES"], "purpose": "CALL_HER"}
        assert await night.refused(f"{case}/values/openings", body) == (403, "FORBIDDEN", "/purpose")

    async def test_an_exercise_reaches_nobody(self, night: Ground) -> None:
        case, _ = await asked(night)
        told = await night.refused(f"{case}/values", {"callback_contact": "+39 02 5550 1234"})
        assert told == (409, "LOG_OF_ANOTHER_KIND", "/callback_contact")

    async def test_what_is_not_kept_cannot_be_opened(self, night: Ground) -> None:
        case, _ = await asked(night)
        assert (await night.refused(f"{case}/values/openings", MEET))[:2] == (409, "VALUE_NOT_KEPT")


class TestSweep:
    async def test_what_no_event_names_is_swept_and_nothing_else(
        self, night: Ground, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case, _ = await kept(night)
        case_id = UUID(case.rsplit("/", 1)[-1])

        async def down(_: object) -> None:
            raise StoreUnreachable

        with monkeypatch.context() as cut:
            cut.setattr(night.store, "append", down)
            assert (await night.post(f"{case}/values", {"alias": "Erica"})).status_code == 503
        (lost,) = (await night.vault.doubtful(timedelta())).values()
        for _ in range(2):
            await Sweeping(night.store, night.vault).step()
            assert await night.vault.doubtful(timedelta()) != {}, "an hour has not passed"
        owners = [Sweeping(night.store, night.vault, in_doubt_for=timedelta()) for _ in range(2)]
        for each in owners:
            await each.step()
        assert await night.vault.doubtful(timedelta()) == {}
        assert len(await night.vault.open(case_id, lost)) == len(HERS)
        opened = await night.done(f"{case}/values/openings", MEET)
        assert len(opened["values"]) == 1


async def test_who_knows_the_placement_alone_is_told_what_may_be_opened_and_for_what(night: Ground) -> None:
    case, placement = await kept(night)
    units = [held["unit_id"] for held in (await night.get(placement)).json()["offers"][0]["units"]]
    house = "ginepro" if units == [str(night.unit("ginepro").id)] else "lentisco"
    await night.done(f"{placement}/offers", {"units": units})
    assert (await night.get(f"{placement}/values", house)).status_code == 403, "it has not said yes"
    await night.done(f"{placement}/acceptance", {"channel": "SCREEN"}, house)
    told = (await night.get(f"{placement}/values", house)).json()
    kinds = {item["purpose"]: item["kinds"] for item in told["items"]}
    assert kinds["AGREE_HANDOVER"] == ["AGREED_WORD", "ALIAS", "HANDOVER_POINT"]
    assert set(kinds) == {"CALL_HER", "AGREE_HANDOVER", "PREPARE_ARRIVAL"}
    assert all("NOTES" not in each for each in kinds.values()), "notes are the coordination's"
    for purpose, each in kinds.items():
        opened = await night.post(f"{placement}/values/openings", {"kinds": each, "purpose": purpose}, house)
        assert opened.status_code == 200, opened.text
    await night.done(f"{case}/values/withdrawals", {"kinds": ["ALIAS"]})
    told = (await night.get(f"{placement}/values", house)).json()
    assert all("ALIAS" not in item["kinds"] for item in told["items"])
