"""A shelter: whether and how the house takes people. Its stream guards every hold in the house."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.codes import PauseReason
from domain.event import Event, stored
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
    ShelterRegistered | AgreementSigned | IntakePolicySet | IntakePaused | IntakeResumed | SecurityStateSet
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


ShelterCommand = RegisterShelter | SetIntakePolicy | PauseIntake | ResumeIntake | SetSecurityState

# --- State --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class ShelterState:
    """The house as it is now."""

    registered: ShelterRegistered | None = None
    agreements: tuple[AgreementSigned, ...] = ()
    modes: tuple[IntakeMode, ...] = ()
    paused: PauseReason | None = None
    security: SecurityState = SecurityState.NORMAL

    @property
    def admits(self) -> bool:
        """Whether the house takes anybody at all now."""
        return self.registered is not None and self.paused is None and self.security is SecurityState.NORMAL


initial = ShelterState()

# --- evolve -------------------------------------------------------------------------------------------------


def evolve(state: ShelterState, event: ShelterEvent) -> ShelterState:
    match event:
        case ShelterRegistered():
            return replace(state, registered=event)
        case AgreementSigned():
            return replace(state, agreements=(*state.agreements, event))
        case IntakePolicySet(modes=modes):
            return replace(state, modes=modes)
        case IntakePaused(reason=reason):
            return replace(state, paused=reason)
        case IntakeResumed():
            return replace(state, paused=None)
        case SecurityStateSet(state=security):
            return replace(state, security=security)


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
