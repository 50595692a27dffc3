"""Puts the model's commands to the real engine, and reads its answers in the model's words. For `machine`."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from api.placing import Engine
from domain import network, shelter, unit
from domain.codes import (
    AskAgainReason,
    ChoiceReason,
    DeclineGroup,
    DischargeOutcome,
    Escort,
    PauseReason,
    PlacementOutcome,
    RefusalGroup,
    RevisionReason,
    UrgencyReason,
)
from domain.coordination import (
    answering,
    arriving,
    asking_again,
    availability,
    direct,
    ending,
    enrolling,
    moving_on,
    reality,
    requesting,
    revising,
    staying,
)
from domain.coordination.alone import decide_alone
from domain.coordination.resuming import resume_and_search
from domain.matching.places import Places
from domain.network import (
    AddDistrict,
    AddMember,
    AdoptPolicy,
    BearNetwork,
    DefineLevel,
    DrawZone,
    SetRequestAuthority,
)
from domain.permissions import Role
from domain.placement.commands import (
    AcceptAsWoman,
    MarkOfferSeen,
    MarkUnanswered,
    OpenConversation,
    PlacementCommand,
    RecordConsent,
    ResumeSearch,
    SendOffer,
)
from domain.placement.events import (
    AdmissionByDirectAgreement,
    CandidatesRanked,
    ExtraordinaryAdmission,
    HoldExpired,
    HoldPlaced,
    LateAcceptanceRecorded,
    OfferSent,
    PlacementRequested,
)
from domain.policy import START_POLICY
from domain.shelter import (
    ChangeRegisterStatus,
    EndAgreement,
    PauseIntake,
    RegisterShelter,
    ResumeIntake,
    SignAgreement,
)
from domain.unit import (
    CorrectAvailability,
    DeclareTerms,
    EndOutsideOccupancy,
    OpeningOccupancy,
    OpenInventory,
    PublishAvailability,
    RegisterUnit,
)
from domain.vocabulary import (
    AddressClass,
    AgeBand,
    AnswerChannel,
    AssessorRole,
    Channel,
    Criterion,
    DistrictId,
    Feature,
    HeldUnit,
    Household,
    IntakeMode,
    LevelFunction,
    LogKind,
    MemberId,
    MemberKind,
    NetworkId,
    OldestBoy,
    Place,
    PlaceKind,
    PlacementId,
    RegisterStatus,
    RiskAssessment,
    RiskBand,
    RiskTool,
    ShelterId,
    Side,
    StayLimit,
    UnitId,
    Urgency,
    ZoneId,
)
from domain.world import Context, Decided, World, on_stream
from ledger.store.ids import Sources
from ledger.store.metadata import Metadata
from ledger.store.transact import Command, Done, Result
from tests.simulation import drawing, model
from tests.simulation.choosing import FREE, TO_BE_CONFIRMED, Candidate, Ranked

NETWORK = NetworkId(UUID(int=1))
DISTRICT, MEMBER = DistrictId(UUID(int=2)), MemberId(UUID(int=3))
SETUP_DAY = date(2026, 1, 1)
ASSESSED = RiskAssessment(
    tool=RiskTool.SARA, tool_version="s-1", assessor=AssessorRole.CAV_WORKER, assessed_on=SETUP_DAY
)

Alone = Callable[[World, Context], Decided]
OnPlaces = Callable[[World, Context, Places], Decided]


class Ids:
    """Ids and random bytes from a seed, so that a run can be repeated."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._count = 0

    def new_id(self) -> UUID:
        """Ordered in time, as version 7 is, and random behind."""
        self._count += 1
        return UUID(int=self._count << 80 | 7 << 76 | 2 << 62 | self._random.getrandbits(60))

    @property
    def sources(self) -> Sources:
        return Sources(new_id=self.new_id, random_bytes=self._random.randbytes)


@dataclass(frozen=True, kw_only=True)
class Issue:
    """One command on its way: what the model knows of it, under which id and digest."""

    command: model.Command
    command_id: UUID
    digest: bytes

    @classmethod
    def new(cls, command: model.Command, command_id: UUID) -> Issue:
        return cls(
            command=command,
            command_id=command_id,
            digest=hashlib.sha256(repr(sorted(command.items(), key=str)).encode()).digest(),
        )

    @property
    def envelope(self) -> Command:
        return Command(
            digest=self.digest,
            metadata=Metadata(
                network=NETWORK,
                command_id=self.command_id,
                correlation_id=self.command_id,
                causation_id=None,
                actor=UUID(int=4),
                on_behalf_of=None,
                role=Role.COORDINATOR,
                device=None,
                app_version="0.1.0",
            ),
        )


async def put(engine: Engine, issue: Issue) -> Result:
    """Give the command to the engine as the doors do: what ranks or needs whole houses, on every place."""
    if (on_places := _on_places(issue.command)) is not None:
        return await engine.place(issue.envelope, on_places)
    return await engine.run(issue.envelope, _alone(issue.command))


async def found(engine: Engine, ids: Ids) -> None:
    """A network in which a place can be asked for."""
    commands: tuple[network.NetworkCommand, ...] = (
        BearNetwork(kind=LogKind.EXERCISE, code="rete", time_zone="Europe/Rome"),
        AddDistrict(district_id=DISTRICT, code="d", municipalities=("012026",), valid_from=SETUP_DAY),
        AddMember(member_id=MEMBER, kind=MemberKind.SHELTER_BODY, code="m", valid_from=SETUP_DAY),
        DefineLevel(
            code="emergenza", function=LevelFunction.EMERGENCY_RECEPTION, stay_limit=StayLimit(days=8)
        ),
        DefineLevel(code="primo", function=LevelFunction.FIRST_LEVEL, stay_limit=StayLimit(months=12)),
        SetRequestAuthority(channels=(Channel.CAV,)),
        AdoptPolicy(policy=START_POLICY, valid_from=SETUP_DAY),
        *(DrawZone(zone_id=ZoneId(zone)) for zone in drawing.ZONES),
    )
    for command in commands:

        def decide(world: World, context: Context, command: network.NetworkCommand = command) -> Decided:
            return on_stream(NETWORK, network.decide(command, world.network(), context.now))

        issue = Issue.new({"do": type(command).__name__}, ids.new_id())
        assert isinstance(await engine.run(issue.envelope, decide), Done)


# --- in the model's words -----------------------------------------------------------------------------------


def topics(done: Done) -> Counter[str]:
    return Counter(recorded.event.TOPIC for recorded in done.events)


def certificate(done: Done) -> CandidatesRanked | None:
    return next(_of(done, CandidatesRanked), None)


def told(done: Done) -> dict[str, Any]:
    """What the engine chose, in the model's words."""
    held = next(_of(done, HoldPlaced), None)
    sent = next(_of(done, OfferSent), None)
    late = next(_of(done, LateAcceptanceRecorded), None)
    requested = next(_of(done, PlacementRequested), None)
    came = next(_of(done, AdmissionByDirectAgreement | ExtraordinaryAdmission), None)
    named = CandidatesRanked | AdmissionByDirectAgreement | ExtraordinaryAdmission
    ranked = [each.stream for each in done.events if isinstance(each.event, named)]
    return {
        "placement": ranked[0] if ranked else None,
        "case": requested.case_id if requested is not None else None,
        "offer": held.offer_id if held is not None else came.offer_id if came is not None else None,
        "units": {each.unit_id: each.places for each in held.units} if held is not None else {},
        "expires": [each.stream for each in done.events if isinstance(each.event, HoldExpired)],
        "deadline": held.deadline if held is not None else sent.deadline if sent is not None else None,
        "reason": late.reason.value if late is not None else None,
    }


def compare(certificate: CandidatesRanked, ranked: Ranked) -> None:
    """The certificate says of every unit, and of each of the best, what the naive ranking says."""
    excluded = Counter(ranked.reasons.values())
    eligible, to_be_confirmed = excluded.pop(FREE, 0), excluded.pop(TO_BE_CONFIRMED, 0)
    model.must(
        dict(excluded) == {each.code: each.units for each in certificate.excluded},
        f"reasons differ: {excluded} {certificate.excluded}",
    )
    model.must(certificate.eligible == eligible, "eligible units differ")
    model.must(certificate.to_be_confirmed == to_be_confirmed, "units to be confirmed differ")
    best = [
        Candidate(
            house=each.shelter_id,
            units={unit.unit_id: unit.places for unit in each.units},
            penalty=each.penalty,
            spare=each.spare_places,
            age=each.availability_age_minutes,
            ends=each.expires,
            confirm=tuple(each.to_confirm),
        )
        for each in certificate.best
    ]
    model.must(best == ranked.candidates[:10], f"candidates differ: {best} {ranked.candidates[:10]}")


def _of(done: Done, kind: Any) -> Any:
    return (recorded.event for recorded in done.events if isinstance(recorded.event, kind))


# --- from the model's words ---------------------------------------------------------------------------------


def _on_places(told: model.Command) -> OnPlaces | None:
    match told["do"]:
        case "request":
            request = _request(told)
            return lambda world, context, places: requesting.request_placement(
                request, world, context, places
            )
        case "search":
            search = requesting.SearchAgain(placement_id=told["placement"])
            return lambda world, context, places: requesting.search_again(search, world, context, places)
        case "go_on":
            go_on = requesting.SearchAgain(placement_id=told["placement"])
            return lambda world, context, places: resume_and_search(go_on, world, context, places)
        case "move_on":
            on = moving_on.MoveOn(placement_id=told["placement"], offer_id=told["offer"])
            return lambda world, context, places: moving_on.move_on(on, world, context, places)
        case "send_on":
            by_itself = moving_on.SendOn(placement_id=told["placement"], offer_id=told["offer"])
            return lambda world, context, places: moving_on.send_on(by_itself, world, context, places)
        case "choose":
            other = moving_on.ChooseAnother(
                placement_id=told["placement"],
                units=tuple(told["units"]),
                reason=ChoiceReason(told["reason"]) if told["reason"] else None,
            )
            return lambda world, context, places: moving_on.choose_another(other, world, context, places)
        case "revise":
            return lambda world, context, places: revising.revise(
                _revision(told, context.now), world, context, places
            )
        case "accept":
            yes = answering.AcceptOffer(
                placement_id=told["placement"],
                offer_id=told["offer"],
                channel=AnswerChannel(told["channel"]),
                occurred_at=told["at"],
            )
            return lambda world, context, places: answering.accept(yes, world, context, places)
        case _:
            return None


def _alone(told: model.Command) -> Alone:
    if told["do"] in _ON_HOUSES:
        return _ON_HOUSES[told["do"]](told)
    return _on_placement(told)


def _request(told: model.Command) -> requesting.RequestPlacement:
    return requesting.RequestPlacement(
        case_id=told["case"],
        channel=Channel(told["channel"]),
        urgency=Urgency(told["urgency"]),
        intake_mode=IntakeMode(told["mode"]),
        level=LevelFunction(told["level"]),
        household=Household(
            adults=told["adults"], children=tuple(AgeBand(each) for each in told["children"])
        ),
        features_required=tuple(Feature(each) for each in told["features"]),
        zones_to_avoid=tuple(told["zones"]),
        risk=RiskBand(told["risk"]),
        setting=None,
        safe_until=None,
        removal_considered=None,
        send_on=told["send_on"],
        consented_at=told["at"] if told["consent"] else None,
        occurred_at=told["at"],
        oldest_boy=OldestBoy(told["boy"]),
        criteria_met=tuple(Criterion(each) for each in told["met"]),
        apart_from=tuple(told["apart"]),
        houses_barred=tuple(told["barred"]),
    )


def _revision(told: model.Command, now: datetime) -> revising.Revision:
    known = PlacementId(told["placement"])
    match told["what"]:
        case "urgency":
            return revising.ChangeUrgency(
                placement_id=known,
                urgency=Urgency(told["urgency"]),
                set_by=AssessorRole(told["set_by"]),
                reason=UrgencyReason.SET_WRONGLY,
                occurred_at=now,
            )
        case "risk":
            return revising.AssessRisk(
                placement_id=known, risk=RiskBand(told["risk"]), assessed=ASSESSED, occurred_at=now
            )
        case "household":
            return revising.ReviseHousehold(
                placement_id=known,
                household=Household(
                    adults=told["adults"], children=tuple(AgeBand(each) for each in told["children"])
                ),
                oldest_boy=OldestBoy(told["boy"]),
                features_required=tuple(Feature(each) for each in told["features"]),
                criteria_met=tuple(Criterion(each) for each in told["met"]),
                reason=RevisionReason.ENTERED_WRONGLY,
                occurred_at=now,
            )
        case _:
            return revising.ReviseSafety(
                placement_id=known,
                zones_to_avoid=tuple(told["zones"]),
                apart_from=tuple(told["apart"]),
                houses_barred=tuple(told["barred"]),
                occurred_at=now,
            )


def _direct(told: model.Command) -> Alone:
    command = direct.RecordDirectAdmission(
        placement_id=told["placement"],
        asked=_request(told["asks"]) if told["placement"] is None else None,
        shelter_id=ShelterId(told["house"]),
        units=tuple(
            HeldUnit(unit_id=UnitId(unit), places=tuple(places)) for unit, places in told["units"].items()
        ),
        without_place=told["without"],
        occurred_at=told["at"],
    )
    return lambda world, context: direct.record_direct_admission(command, world, context)


def _on_placement(told: model.Command) -> Alone:
    known = PlacementId(told["placement"])
    match told["do"]:
        case "consent":
            return _of_placement(known, lambda now: RecordConsent(occurred_at=now))
        case "send":
            return _of_placement(known, lambda _: SendOffer(units=tuple(told["units"])))
        case "seen":
            return _of_placement(known, lambda _: MarkOfferSeen(offer_id=told["offer"]))
        case "talk":
            return _of_placement(
                known, lambda _: OpenConversation(offer_id=told["offer"], side=Side.COORDINATION)
            )
        case "unanswered":
            return _of_placement(known, lambda _: MarkUnanswered(offer_id=told["offer"]))
        case "woman":
            return _of_placement(
                known, lambda now: AcceptAsWoman(proximity_checked_by_voice=True, told=(), occurred_at=now)
            )
        case "resume_search":
            return _of_placement(known, lambda _: ResumeSearch())
        case "release":
            release = ending.ReleaseHold(placement_id=known, offer_id=told["offer"])
            return lambda world, context: ending.release(release, world, context)
        case "close":
            close = ending.CloseRequest(
                placement_id=known,
                outcome=PlacementOutcome(told["outcome"]),
                occurred_at=told["at"],
            )
            return lambda world, context: ending.close(close, world, context)
        case "handover":
            return lambda world, context: arriving.agree_handover(
                arriving.AgreeHandover(
                    placement_id=known,
                    offer_id=told["offer"],
                    expected_at=told["expected"],
                    escort=Escort.CAV,
                    occurred_at=context.now,
                ),
                world,
                context,
            )
        case "missed":
            return lambda world, context: arriving.record_not_arrived(
                arriving.RecordNotArrived(
                    placement_id=known,
                    offer_id=told["offer"],
                    welfare_check_asked=False,
                    occurred_at=context.now,
                ),
                world,
                context,
            )
        case "ask_again":
            again = asking_again.AllowAskingAgain(
                placement_id=known, units=tuple(told["units"]), reason=AskAgainReason.REASON_GONE
            )
            return lambda world, context: asking_again.allow_asking_again(again, world, context)
        case "withdraw":
            return lambda world, context: ending.withdraw(
                ending.WithdrawConsent(placement_id=known, occurred_at=context.now), world, context
            )
        case "admit":
            return lambda world, context: staying.admit(
                staying.AdmitHousehold(placement_id=known, occurred_at=context.now), world, context
            )
        case "discharge":
            return lambda world, context: staying.discharge(
                staying.DischargeHousehold(
                    placement_id=known, outcome=DischargeOutcome.GOALS_REACHED, occurred_at=context.now
                ),
                world,
                context,
            )
        case "refuse":
            return lambda world, context: answering.refuse(
                answering.RefuseOffer(
                    placement_id=known,
                    offer_id=told["offer"],
                    channel=AnswerChannel.SCREEN,
                    shown=RefusalGroup(told["group"]),
                    commitment=None,
                    occurred_at=context.now,
                ),
                world,
                context,
            )
        case "decline":
            return lambda world, context: answering.decline(
                answering.DeclineOffer(
                    placement_id=known,
                    offer_id=told["offer"],
                    shown=DeclineGroup.NOT_SAID,
                    commitment=None,
                    occurred_at=context.now,
                ),
                world,
                context,
            )
        case unknown:
            raise AssertionError(unknown)


def _of_placement(known: PlacementId, command: Callable[[datetime], PlacementCommand]) -> Alone:
    def decide(world: World, context: Context) -> Decided:
        return decide_alone(known, command(context.now), world, context)

    return decide


def _register_house(told: model.Command) -> Alone:
    command = RegisterShelter(
        code="casa",
        member_id=MEMBER,
        district_id=DISTRICT,
        valid_from=told["from"],
        address_class=AddressClass.SECRET,
        register_status=RegisterStatus.COMPLIANT,
        modes=tuple(IntakeMode(mode) for mode in told["modes"]),
        fictitious=True,
    )
    return lambda world, context: enrolling.register_shelter(
        ShelterId(told["house"]), command, world, context
    )


def _register_unit(told: model.Command) -> Alone:
    command = RegisterUnit(
        shelter_id=ShelterId(told["house"]),
        code="stanza",
        level="emergenza" if told["level"] == "EMERGENCY_RECEPTION" else "primo",
        intake_modes=tuple(IntakeMode(mode) for mode in told["modes"]),
        places=tuple(Place(place_id=place, kind=PlaceKind(kind)) for place, kind in told["places"].items()),
        exclusive=told["exclusive"],
        features=tuple(Feature(each) for each in told["features"]),
        unsuitable_zones=tuple(told["zones"]),
    )
    return lambda world, context: enrolling.register_unit(UnitId(told["unit"]), command, world, context)


def _of_house(told: model.Command) -> Alone:
    house = ShelterId(told["house"])
    command = _house_command(told)
    return lambda world, context: on_stream(house, shelter.decide(command, world.shelter(house), context.now))


def _house_command(told: model.Command) -> shelter.ShelterCommand:
    match told["do"]:
        case "pause":
            return PauseIntake(reason=PauseReason(told["reason"]))
        case "sign":
            return SignAgreement(district_id=DISTRICT, valid_from=told["from"])
        case "unsign":
            return EndAgreement(district_id=DISTRICT, valid_to=told["to"])
        case "list":
            return ChangeRegisterStatus(register_status=RegisterStatus(told["status"]))
        case _:
            return ResumeIntake()


def _correct(told: model.Command) -> Alone:
    known = UnitId(told["unit"])
    command = CorrectAvailability(open_places=tuple(told["open"]), observed_at=told["at"])
    return lambda world, context: availability.correct_availability(known, command, world, context)


def _of_unit(told: model.Command) -> Alone:
    known = UnitId(told["unit"])

    def decide(world: World, context: Context) -> Decided:
        return on_stream(known, unit.decide(_unit_command(told, context.now), world.unit(known), context.now))

    return decide


def _unit_command(told: model.Command, now: datetime) -> unit.UnitCommand:
    match told["do"]:
        case "publish":
            return PublishAvailability(open_places=tuple(told["open"]), observed_at=told["at"])
        case "declare":
            terms = told["terms"]
            return DeclareTerms(
                children_most=terms["children"],
                boys_up_to=AgeBand(terms["boys"]) if terms["boys"] else None,
                risk_up_to=RiskBand(terms["risk"]) if terms["risk"] else None,
                criteria=tuple(Criterion(each) for each in terms["criteria"]),
            )
        case "inventory":
            occupancies = tuple(
                OpeningOccupancy(occupancy_id=guests, places=tuple(places))
                for guests, places in told["guests"].items()
            )
            return OpenInventory(occupancies=occupancies, observed_at=now)
        case _:
            return EndOutsideOccupancy(occupancy_id=told["guests"], occurred_at=now)


def _occupy(told: model.Command) -> Alone:
    command = reality.RecordOutsideOccupancy(
        unit_id=UnitId(told["unit"]),
        occupancy_id=told["guests"],
        places=tuple(told["places"]),
        occurred_at=told["at"],
    )
    return lambda world, context: reality.record_outside_occupancy(command, world, context)


_ON_HOUSES: Mapping[str, Callable[[model.Command], Alone]] = {
    "register_house": _register_house,
    "register_unit": _register_unit,
    "pause": _of_house,
    "resume": _of_house,
    "publish": _of_unit,
    "inventory": _of_unit,
    "leave": _of_unit,
    "occupy": _occupy,
    "sign": _of_house,
    "unsign": _of_house,
    "list": _of_house,
    "declare": _of_unit,
    "correct": _correct,
    "direct": _direct,
}
