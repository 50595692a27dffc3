"""Everything about who is who that the doors are given: built in `api.wiring`, asked by `api.http`."""

from __future__ import annotations

from dataclasses import dataclass

from api.identity.authority import Authority
from api.identity.enrolling import Enrolling
from api.identity.failures import Failures
from api.identity.independence import Independence
from api.identity.names import Seal
from api.identity.openid import OpenId
from api.identity.passkeys import Passkeys
from api.identity.pins import Pins
from api.identity.programs import Programs
from api.identity.sessions import Sessions
from api.identity.subjects import Subjects
from ledger.register.access import Access
from ledger.register.port import Register


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """One network's people, programs, devices and sessions."""

    register: Register
    access: Access
    authority: Authority
    enrolling: Enrolling
    pins: Pins
    sessions: Sessions
    programs: Programs
    failures: Failures
    independence: Independence
    seal: Seal
    subjects: Subjects
    passkeys: Passkeys | None = None
    """None: no origin was set, so nobody signs in by a passkey."""
    provider: OpenId | None = None
    """None: the network has none."""
