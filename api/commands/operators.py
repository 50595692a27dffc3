"""`approdo operators`: enters, lists and ends people on the machine itself, for whoever may already read its
secrets.

It enters the first person of the lead body, and mends what nobody signed in can mend; all else has its doors.
What is done here stands in the register as done by nobody.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from api.commands.instants import instant
from api.identity.enrolling import Terms
from api.settings import Settings, WrongSettings, required
from api.wiring import OpenLedger, identity_of, open_ledger
from domain.permissions import Role
from domain.vocabulary import MemberId, ShelterId
from ledger.faults import LedgerFault
from ledger.register.port import Engagement


class NoSuchMember(LedgerFault):
    """The network has no member of this code or id: `approdo init FILE --print-ids` prints them."""


class OverAlready(LedgerFault):
    """The period is over already: give --until an instant that is still to come."""


class NoSuchHouse(LedgerFault):
    """The network has no shelter of this id: `approdo init FILE --print-ids` prints them."""


class NobodyThere(LedgerFault):
    """Nothing stands for this actor: see `approdo operators list`."""


async def add(
    settings: Settings,
    *,
    issuer: str | None,
    subject: str,
    role: Role,
    member: str,
    houses: tuple[UUID, ...],
    until: str | None,
    name: str | None,
) -> None:
    """Errors: `WrongSettings`, `WrongInstant`, `NoSuchMember`, `NoSuchHouse`, the ledger's."""
    if bool(houses) is not (role is Role.SHELTER_OPERATOR):
        raise WrongSettings("Give --house for a SHELTER_OPERATOR, once for each, and for nobody else.")
    async with open_ledger(settings, join=True) as ledger:
        terms = _terms(ledger, role, member, houses, until)
        identity = identity_of(ledger.opened, ledger.network_id)
        named = issuer or settings.openid_issuer or settings.token_issuer or identity.programs.issuer
        entered = await identity.enrolling.enter_person(named, subject, terms, name=name, by=None)
    print(f"{entered.actor} acts as {entered.role} for {entered.member} since {_told(entered.valid_from)}")


async def show(settings: Settings, *, in_json: bool) -> None:
    """Print every period of everybody, by ids."""
    async with open_ledger(settings, join=True) as ledger:
        found = await identity_of(ledger.opened, ledger.network_id).register.engagements()
    if in_json:
        print(orjson.dumps(found, _plain, orjson.OPT_INDENT_2).decode())
        return
    for each in found:
        print(_line(each))


async def end(settings: Settings, actor: UUID) -> None:
    """End what stands for somebody. Errors: `NobodyThere`, the ledger's."""
    async with open_ledger(settings, join=True) as ledger:
        identity = identity_of(ledger.opened, ledger.network_id)
        if not await identity.enrolling.end(actor, by=None):
            raise NobodyThere
        if identity.passkeys is not None:
            await identity.passkeys.forget(actor)
    print(f"{actor} is nobody from the next request on")


async def invite(settings: Settings, actor: UUID) -> None:
    """Print a code with which somebody makes a passkey.

    Errors: `NobodyThere`, `WrongSettings`, the ledger's.
    """
    async with open_ledger(settings, join=True) as ledger:
        identity = identity_of(ledger.opened, ledger.network_id)
        required(settings, "public_origin")
        assert identity.passkeys is not None
        standing = await identity.register.of_actor(actor)
        if standing is None or standing.program:
            raise NobodyThere
        code, until = await identity.passkeys.invite(actor, by=None)
    print(f"{code} makes a passkey for {actor} once, until {_told(until)}")


async def revoke_device(settings: Settings, device: UUID) -> None:
    """Revoke a lost device. Errors: `NobodyThere`, the ledger's."""
    async with open_ledger(settings, join=True) as ledger:
        enrolling = identity_of(ledger.opened, ledger.network_id).enrolling
        if not await enrolling.revoke_device(device, by=None):
            raise NobodyThere
    print(f"nobody is signed in on {device} from the next request on")


def _terms(ledger: OpenLedger, role: Role, member: str, houses: tuple[UUID, ...], until: str | None) -> Terms:
    places = ledger.engine.index.places
    ids = [each.member_id for each in places.network.members if member in (each.code, str(each.member_id))]
    if not ids:
        raise NoSuchMember
    if not all(ShelterId(house) in places.shelters for house in houses):
        raise NoSuchHouse
    valid_to = _instant(until, places.network.zone)
    if valid_to is not None and valid_to <= datetime.now(UTC):
        raise OverAlready
    return Terms(
        member=MemberId(ids[0]), role=role, houses=frozenset(map(ShelterId, houses)), valid_to=valid_to
    )


def _instant(text: str | None, zone: ZoneInfo) -> datetime | None:
    return instant(text, zone) if text is not None else None


def _line(each: Engagement) -> str:
    ended = f" ended {_told(each.ended_at)}" if each.ended_at is not None else ""
    until = f" until {_told(each.valid_to)}" if each.valid_to is not None else ""
    kind = "program" if each.program else "person"
    since = _told(each.valid_from)
    return f"{each.actor} {kind} {each.role} for {each.member} since {since}{until}{ended}"


def _told(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _plain(value: object) -> object:
    assert isinstance(value, frozenset)
    return sorted(map(str, value))
