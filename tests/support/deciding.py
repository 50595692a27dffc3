"""Which function of the domain decides which command, for `tests.support.spec`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from domain import desk, inquiry, network, shelter, unit
from domain.case import copying, guarding, keeping, preserving
from domain.coordination import (
    alarming,
    answering,
    arriving,
    asking_again,
    availability,
    bridging,
    contacts,
    correcting,
    direct,
    ending,
    enrolling,
    moving_on,
    overriding,
    reality,
    requesting,
    revising,
    staying,
    understanding,
)
from domain.coordination.alone import decide_alone
from domain.desk import DeskCommand
from domain.inquiry import InquiryCommand
from domain.matching.places import Places
from domain.network import NetworkCommand
from domain.placement import alarms
from domain.placement import bridging as bridges
from domain.placement.commands import PlacementCommand
from domain.shelter import RegisterShelter, ShelterCommand
from domain.unit import CorrectAvailability, RegisterUnit, UnitCommand
from domain.vocabulary import CaseId, DeskId, InquiryId, PlacementId, ShelterId, UnitId
from domain.world import Context, Decided, World, on_stream

ON_WORLD: Mapping[type, Callable[[Any, World, Context], Decided]] = {
    answering.RefuseOffer: answering.refuse,
    answering.DeclineOffer: answering.decline,
    arriving.AgreeHandover: arriving.agree_handover,
    arriving.RecordNotArrived: arriving.record_not_arrived,
    staying.AdmitHousehold: staying.admit,
    staying.DischargeHousehold: staying.discharge,
    ending.ReleaseHold: ending.release,
    ending.WithdrawConsent: ending.withdraw,
    ending.CloseRequest: ending.close,
    reality.RecordOutsideOccupancy: reality.record_outside_occupancy,
    direct.RecordDirectAdmission: direct.record_direct_admission,
    asking_again.AllowAskingAgain: asking_again.allow_asking_again,
    correcting.CorrectEntry: correcting.correct_entry,
    bridges.AskNeighbour: bridging.bridge,
    bridges.RecordNeighbourAnswer: bridging.bridge,
    bridges.ArrangeBridge: bridging.bridge,
    bridges.CheckBridge: bridging.bridge,
    bridges.EndBridge: bridging.bridge,
    contacts.AdoptRota: contacts.adopt_rota,
    understanding.OpenTrueCodes: understanding.open_true_codes,
    alarms.RaiseAlarm: alarming.alarm,
    alarms.TakeAlarm: alarming.alarm,
}
ON_PLACES: Mapping[type, Callable[[Any, World, Context, Places], Decided]] = {
    requesting.RequestPlacement: requesting.request_placement,
    answering.AcceptOffer: answering.accept,
    requesting.SearchAgain: requesting.search_again,
    moving_on.MoveOn: moving_on.move_on,
    moving_on.SendOn: moving_on.send_on,
    moving_on.ChooseAnother: moving_on.choose_another,
    overriding.OverrideRule: overriding.override,
    revising.ChangeUrgency: revising.revise,
    revising.AssessRisk: revising.revise,
    revising.ReviseHousehold: revising.revise,
    revising.AgreeHouseholdSplit: revising.revise,
    revising.ReviseSafety: revising.revise,
    revising.ReviseSafeUntil: revising.revise,
}


def decide(command: Any, world: World, context: Context, places: Places, on: UUID) -> Decided:
    """`on` is the stream of a command that does not name it."""
    if type(command) in ON_WORLD:
        return ON_WORLD[type(command)](command, world, context)
    if type(command) in ON_PLACES:
        return ON_PLACES[type(command)](command, world, context, places)
    match command:
        case RegisterShelter():
            return enrolling.register_shelter(ShelterId(on), command, world, context)
        case RegisterUnit():
            return enrolling.register_unit(UnitId(on), command, world, context)
        case CorrectAvailability():
            return availability.correct_availability(UnitId(on), command, world, context)
        case contacts.NameZones():
            return contacts.name_zones(command, world, places)
        case _ if isinstance(command, DeskCommand):
            return _on_desk(DeskId(on), command, world, places)
        case _ if isinstance(command, keeping.KeepingCommand):
            return on_stream(on, keeping.decide(command, world.case(CaseId(on)), context.now))
        case _ if isinstance(command, copying.CopyingCommand):
            return on_stream(on, copying.decide(command, world.case(CaseId(on)), context.new_id))
        case _ if isinstance(command, preserving.PreservingCommand):
            return on_stream(on, preserving.decide(command, world.case(CaseId(on)), context.new_id))
        case _ if isinstance(command, InquiryCommand):
            return on_stream(on, inquiry.decide(command, world.inquiry(InquiryId(on))))
        case _ if isinstance(command, guarding.GuardingCommand):
            state = world.case(CaseId(on))
            return on_stream(on, guarding.decide(command, state, context.now, context.new_id))
        case _ if isinstance(command, PlacementCommand):
            return decide_alone(PlacementId(on), command, world, context)
        case _:
            return on_stream(on, _alone(command, world, context, on))


def _on_desk(desk_id: DeskId, command: DeskCommand, world: World, places: Places) -> Decided:
    match command:
        case desk.OpenDesk():
            return contacts.open_desk(desk_id, command, world, places)
        case desk.CloseDesk():
            return contacts.close_desk(desk_id, command, world)
        case desk.KeepDeskValues():
            return contacts.keep_values(desk_id, command, world)
        case desk.OpenDeskValues():
            return contacts.open_values(desk_id, command, world, places)


def _alone(command: Any, world: World, context: Context, on: UUID) -> Any:
    if isinstance(command, NetworkCommand | network.ExportCommand):
        return network.decide(command, world.network(), context.now)
    if isinstance(command, ShelterCommand):
        return shelter.decide(command, world.shelter(ShelterId(on)), context.now)
    assert isinstance(command, UnitCommand)
    return unit.decide(command, world.unit(UnitId(on)), context.now)
