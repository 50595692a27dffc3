"""A shelter: whether and how the house takes people. Its stream guards every hold in the house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from domain.codes import PauseReason
from domain.event import Event, stored
from domain.evolution import changed
from domain.refusals import Refusal
from domain.vocabulary import (
    AddressClass,
    DistrictId,
    IntakeMode,
    MemberId,
    RegisterStatus,
    SecurityState,
    is_code,
)

# --- Events -------------------------------------------------------------------------------------------------


@stored("shelter.registered.1", reserved=("code", "member_id", "address_class"))
class ShelterRegistered(Event):
    """A house enters the network under a code name. `fictitious` marks a house that does not exist."""

    code: str
    member_id: MemberId
    address_class: AddressClass
    register_status: RegisterStatus
    fictitious: bool


@stored("shelter.agreement-signed.1", reserved=("district_id",))
class AgreementSigned(Event):
    """The house works under an agreement with a district (Ambito); it says nothing of where the house
    stands.
    """

    district_id: DistrictId
    valid_from: date


@stored("shelter.agreement-ended.1", reserved=("district_id",))
class AgreementEnded(Event):
    """`valid_to` is the last day of the agreement."""

    district_id: DistrictId
    valid_to: date


@stored("shelter.register-status-changed.1")
class RegisterStatusChanged(Event):
    """The house's standing in the regional register is another from now on."""

    register_status: RegisterStatus


@stored("shelter.intake-policy-set.1")
class IntakePolicySet(Event):
    """The intake modes the house takes people in at present; it replaces the earlier list."""

    modes: tuple[IntakeMode, ...]


@stored("shelter.intake-paused.1")
class IntakePaused(Event):
    reason: PauseReason


@stored("shelter.intake-resumed.1")
class IntakeResumed(Event):
    pass


@stored("shelter.security-state-set.1", reserved=("state",))
class SecurityStateSet(Event):
    state: SecurityState


ShelterEvent = (
    ShelterRegistered
    | AgreementSigned
    | AgreementEnded
    | RegisterStatusChanged
    | IntakePolicySet
    | IntakePaused
    | IntakeResumed
    | SecurityStateSet
)

# --- Commands -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterShelter:
    code: str
    member_id: MemberId
    district_id: DistrictId
    valid_from: date
    address_class: AddressClass
    register_status: RegisterStatus
    modes: tuple[IntakeMode, ...]
    fictitious: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class SetIntakePolicy:
    modes: tuple[IntakeMode, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PauseIntake:
    reason: PauseReason


@dataclass(frozen=True, kw_only=True, slots=True)
class ResumeIntake:
    pass


@dataclass(frozen=True, kw_only=True, slots=True)
class SetSecurityState:
    state: SecurityState


@dataclass(frozen=True, kw_only=True, slots=True)
class SignAgreement:
    district_id: DistrictId
    valid_from: date


@dataclass(frozen=True, kw_only=True, slots=True)
class EndAgreement:
    district_id: DistrictId
    valid_to: date


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeRegisterStatus:
    register_status: RegisterStatus


ShelterCommand = (
    RegisterShelter
    | SignAgreement
    | EndAgreement
    | ChangeRegisterStatus
    | SetIntakePolicy
    | PauseIntake
    | ResumeIntake
    | SetSecurityState
)

# --- State --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class ShelterState:
    """The house as it is now."""

    registered: ShelterRegistered | None = None
    agreements: tuple[AgreementSigned, ...] = ()
    ending: Mapping[DistrictId, date] = field(default_factory=lambda: MappingProxyType({}))
    """The last day of each agreement that will have ended or has."""
    register_status: RegisterStatus = RegisterStatus.NOT_LISTED
    modes: tuple[IntakeMode, ...] = ()
    paused: PauseReason | None = None
    security: SecurityState = SecurityState.NORMAL

    @property
    def admits(self) -> bool:
        """Whether the house takes anybody at all now."""
        return self.registered is not None and self.paused is None and self.security is SecurityState.NORMAL

    def agreed_with(self, day: date) -> frozenset[DistrictId]:
        """The districts (Ambiti) an agreement is in force with on a civil day of the network."""
        return frozenset(
            signed.district_id
            for signed in self.agreements
            if signed.valid_from <= day <= self.ending.get(signed.district_id, day)
        )

    def admits_on(self, day: date) -> bool:
        """Whether the house takes anybody on a civil day: it admits, is listed, and an agreement is in
        force.
        """
        return (
            self.admits
            and self.register_status is not RegisterStatus.NOT_LISTED
            and bool(self.agreed_with(day))
        )


initial = ShelterState()

# --- evolve -------------------------------------------------------------------------------------------------


def evolve(state: ShelterState, event: ShelterEvent) -> ShelterState:
    match event:
        case ShelterRegistered():
            return changed(state, registered=event, register_status=event.register_status)
        case AgreementSigned(district_id=district_id):
            others = tuple(signed for signed in state.agreements if signed.district_id != district_id)
            ending = {known: day for known, day in state.ending.items() if known != district_id}
            return changed(state, agreements=(*others, event), ending=MappingProxyType(ending))
        case AgreementEnded(district_id=district_id, valid_to=valid_to):
            return changed(state, ending=MappingProxyType({**state.ending, district_id: valid_to}))
        case RegisterStatusChanged(register_status=status):
            return changed(state, register_status=status)
        case IntakePolicySet(modes=modes):
            return changed(state, modes=modes)
        case IntakePaused(reason=reason):
            return changed(state, paused=reason)
        case IntakeResumed():
            return changed(state, paused=None)
        case SecurityStateSet(state=security):
            return changed(state, security=security)


# --- decide -------------------------------------------------------------------------------------------------


def decide(
    command: ShelterCommand,
    state: ShelterState,
    now: datetime,
) -> tuple[ShelterEvent, ...] | Refusal:
    """What follows from a command; already done is no events."""
    if isinstance(command, RegisterShelter):
        return _register(command, state)
    if state.registered is None:
        return Refusal.SHELTER_UNKNOWN
    match command:
        case SignAgreement(district_id=district_id, valid_from=valid_from):
            signed = AgreementSigned(district_id=district_id, valid_from=valid_from)
            known = signed in state.agreements and district_id not in state.ending
            return () if known else (signed,)
        case EndAgreement(district_id=district_id, valid_to=valid_to):
            return _end_agreement(district_id, valid_to, state)
        case ChangeRegisterStatus(register_status=status):
            changed = RegisterStatusChanged(register_status=status)
            return () if status is state.register_status else (changed,)
        case SetIntakePolicy(modes=modes):
            return () if modes == state.modes else (IntakePolicySet(modes=modes),)
        case PauseIntake(reason=reason):
            return () if state.paused is reason else (IntakePaused(reason=reason),)
        case ResumeIntake():
            return () if state.paused is None else (IntakeResumed(),)
        case SetSecurityState(state=security):
            return () if security is state.security else (SecurityStateSet(state=security),)


def _register(command: RegisterShelter, state: ShelterState) -> tuple[ShelterEvent, ...] | Refusal:
    if not is_code(command.code):
        return Refusal.CODE_MALFORMED
    if state.registered is not None:
        return Refusal.CODE_ALREADY_USED
    return (
        ShelterRegistered(
            code=command.code,
            member_id=command.member_id,
            address_class=command.address_class,
            register_status=command.register_status,
            fictitious=command.fictitious,
        ),
        AgreementSigned(district_id=command.district_id, valid_from=command.valid_from),
        IntakePolicySet(modes=command.modes),
    )


def _end_agreement(
    district_id: DistrictId, valid_to: date, state: ShelterState
) -> tuple[ShelterEvent, ...] | Refusal:
    if all(signed.district_id != district_id for signed in state.agreements):
        return Refusal.AGREEMENT_UNKNOWN
    ended = AgreementEnded(district_id=district_id, valid_to=valid_to)
    return () if state.ending.get(district_id) == valid_to else (ended,)
