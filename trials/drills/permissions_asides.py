"""What the drill `permissions` asks beyond its table: checks that lie behind a body, in a list, in the news.

Nothing is changed by it: what would be, happened in the future.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from trials.drills.permissions_stage import NOWHERE, Stage
from trials.stage.wire import Answer

Aside = Callable[[Stage], Awaitable[str | None]]
_FUTURE = (datetime.now(UTC) + timedelta(days=2)).isoformat()
_ASKED: Mapping[str, Any] = MappingProxyType(
    {"urgency": "U1", "household": {"adults": 1}, "occurred_at": _FUTURE}
)
_ASKED_OF_CAV = {**_ASKED, "channel": "CAV"}
_OF_THE_COORDINATION: Mapping[str, Any] = MappingProxyType(
    {
        "case_id": str(NOWHERE),
        "apart_from": [str(NOWHERE)],
        "houses_barred": [str(NOWHERE)],
        "zones_to_avoid": [str(NOWHERE)],
    }
)
_CHANNELS = MappingProxyType(
    {
        "social": "SOCIAL_SERVICES",
        "emergency-room": "EMERGENCY_DEPT",
        "police": "LAW_ENFORCEMENT",
        "neighbour": "OTHER_NETWORK",
    }
)
_KEPT_AWAY = "coordinator-kept-away"
_HEARING_SECONDS = 0.5


def asides() -> Mapping[str, Aside]:
    """By name."""
    found: dict[str, Aside] = {
        "a house does not answer by telephone": _forbidden(
            "acceptance", "OFFERED", {"channel": "TELEPHONE", "occurred_at": _FUTURE}, "house"
        ),
        "a coordinator does not answer on a screen": _forbidden(
            "acceptance", "OFFERED", {"channel": "SCREEN", "occurred_at": _FUTURE}, "coordinator-on-call"
        ),
        "a house does not refuse by telephone": _forbidden(
            "refusal",
            "OFFERED",
            {"channel": "TELEPHONE", "shown": "NOT_NOW", "occurred_at": _FUTURE},
            "house",
        ),
        "a house does not refuse as OTHER": _forbidden(
            "refusal", "OFFERED", {"channel": "SCREEN", "code": "OTHER", "occurred_at": _FUTURE}, "house"
        ),
        "a house sends nobody to look for her": _forbidden(
            "no-show", "ACCEPTED", {"welfare_check_asked": True, "occurred_at": _FUTURE}, "house"
        ),
        "a house admits into itself alone": _admits_elsewhere,
        "who is kept away names no such case": _names_no_case,
        "who is kept away keeps nobody apart from such a case": _keeps_nobody_apart,
        "who is kept away admits no such case": _admits_no_case,
        "who is kept away finds nothing in the list": _not_in("/placement-requests"),
        "who is kept away finds nothing in the queue": _not_in("/on-call-queue"),
        "who is kept away finds nothing in a timeline": _not_in("/placements/{own}/timeline"),
        "who is kept away hears nothing of it": _hears_nothing,
        "no channel that the network does not list": _unlisted,
    }
    for who in ("auditor", "protection", "lead-with-glass"):
        found[f"{who} is told no zone"] = _told_no_zone(who)
    for who, channel in _CHANNELS.items():
        other = next(each for each in _CHANNELS.values() if each != channel)
        found[f"{who} asks through no channel of others"] = _asks(who, {"channel": other}, 403)
        for name, value in _OF_THE_COORDINATION.items():
            found[f"{who} names no {name}"] = _asks(who, {"channel": channel, name: value}, 403)
    for name, value in _OF_THE_COORDINATION.items():
        found[f"a house names no {name}"] = _house_names(name, value)
    for step in ("seen", "conversation", "acceptance-confirmation"):
        for state in ("OVER", "ENDED"):
            found[f"a house hears no more of what ended: {step} {state}"] = _hears_no_more(step, state)
    found["a house hears no more of what ended: admission OVER"] = _hears_no_more("admission", "OVER")
    return found


def _there(stage: Stage) -> list[dict[str, Any]]:
    return [{"unit_id": str(stage.unit), "places": [str(stage.bed)]}]


def _forbidden(step: str, state: str, body: Mapping[str, Any], who: str) -> Aside:
    async def tried(stage: Stage) -> str | None:
        answer = await stage.send(f"/placements/{stage.placements[state]}/{step}", body, who)
        return _unless(answer, 403)

    return tried


def _asks(who: str, said: Mapping[str, Any], status: int) -> Aside:
    async def tried(stage: Stage) -> str | None:
        return _unless(await stage.send("/placement-requests", {**_ASKED, **said}, who), status)

    return tried


async def _unlisted(stage: Stage) -> str | None:
    asked = {**_ASKED, "occurred_at": None, "channel": "SOCIAL_EMERGENCY_SERVICE"}
    answer = await stage.send("/placement-requests", asked, "social")
    return _unless(answer, 422, "CHANNEL_MAY_NOT_REQUEST")


def _house_names(name: str, value: object) -> Aside:
    async def tried(stage: Stage) -> str | None:
        asked = {**_ASKED, "channel": "CAV", name: value}
        body = {"shelter_id": str(stage.house), "units": _there(stage), "asked": asked}
        answer = await stage.send("/direct-admissions", {**body, "occurred_at": _FUTURE}, "house")
        return _unless(answer, 403)

    return tried


async def _admits_elsewhere(stage: Stage) -> str | None:
    said = []
    for house in (stage.house, NOWHERE):
        body = {"shelter_id": str(house), "units": _there(stage), "occurred_at": _FUTURE}
        answer = await stage.send("/direct-admissions", {**body, "asked": _ASKED_OF_CAV}, "other-house")
        said.append((answer.status, answer.body))
    return None if said[0] == said[1] and said[0][0] == 422 else f"{said[0][0]}, {said[1][0]}"


async def _names_no_case(stage: Stage) -> str | None:
    return await _alike(stage, "/placement-requests", lambda case: {**_ASKED_OF_CAV, "case_id": case})


async def _keeps_nobody_apart(stage: Stage) -> str | None:
    asked = await _alike(stage, "/placement-requests", lambda case: {**_ASKED_OF_CAV, "apart_from": [case]})
    safety = {"zones_to_avoid": [], "houses_barred": [], "occurred_at": _FUTURE}
    path = f"/placements/{stage.own}/safety"
    return asked or await _alike(stage, path, lambda case: {**safety, "apart_from": [case]})


async def _admits_no_case(stage: Stage) -> str | None:
    """A zone that is none is refused after a case that is none, and before anything is recorded."""
    asked = {**_ASKED_OF_CAV, "occurred_at": None, "zones_to_avoid": [str(NOWHERE)]}
    body = {"shelter_id": str(stage.house), "units": _there(stage)}
    return await _alike(
        stage, "/direct-admissions", lambda case: {**body, "asked": {**asked, "case_id": case}}
    )


async def _alike(stage: Stage, path: str, body: Callable[[str], Mapping[str, Any]]) -> str | None:
    """The same is said of a case that is kept away as of one that is none."""
    hidden = await stage.send(path, body(str(stage.cases["OFFERED"])), _KEPT_AWAY)
    none = await stage.send(path, body(str(NOWHERE)), _KEPT_AWAY)
    same = (hidden.status, hidden.body) == (none.status, none.body)
    return None if same and none.status in (404, 422) else f"{hidden.status}, {none.status}"


def _not_in(path: str) -> Aside:
    async def tried(stage: Stage) -> str | None:
        seen = await stage.get(path.format(own=stage.own), _KEPT_AWAY)
        if seen.status != 200 or str(stage.own) not in seen.body.decode():
            return f"{seen.status}, and not her own"
        named = [state for state, each in stage.placements.items() if str(each) in seen.body.decode()]
        return f"it names {', '.join(named)}" if named else None

    return tried


def _told_no_zone(who: str) -> Aside:
    async def tried(stage: Stage) -> str | None:
        seen = await stage.get(f"/placements/{stage.own}/history", who)
        named = str(stage.zone) in seen.body.decode()
        return "the zone is told" if named or seen.status != 200 else None

    return tried


async def _hears_nothing(stage: Stage) -> str | None:
    """From the first position on; who is on call hears of all of it."""
    heard = {who: await _heard(stage, who) for who in (_KEPT_AWAY, "coordinator-on-call")}
    ids = [str(each) for each in stage.placements.values()]
    missed = [each for each in ids if each not in heard["coordinator-on-call"]]
    named = [each for each in ids if each in heard[_KEPT_AWAY]]
    return f"{len(named)} heard of, {len(missed)} not told" if named or missed else None


async def _heard(stage: Stage, who: str) -> str:
    before, stage.app.state.closing = stage.app.state.closing, asyncio.Event()
    address = urlsplit(stage.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head = "GET /events HTTP/1.1\r\nhost: stage\r\nlast-event-id: 0"
    writer.write(f"{head}\r\nauthorization: {stage.bearer(who)}\r\n\r\n".encode())
    told = b""
    try:
        while chunk := await asyncio.wait_for(reader.read(65536), _HEARING_SECONDS):
            told += chunk
    except TimeoutError:
        pass
    finally:
        stage.app.state.closing = before
        writer.close()
    return told.decode()


def _hears_no_more(step: str, state: str) -> Aside:
    async def tried(stage: Stage) -> str | None:
        path = f"/placements/{stage.placements[state]}/{step}"
        answer = await stage.send(path, {}, "house")
        return _unless(answer, 409, "OFFER_NO_LONGER_HELD")

    return tried


def _unless(answer: Answer, status: int, code: str | None = None) -> str | None:
    said = json.loads(answer.body).get("code")
    if answer.status == status and code in (None, said):
        return None
    return f"{answer.status} {said}, not {status} {code or ''}"
