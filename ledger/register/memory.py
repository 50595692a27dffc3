"""A register that lasts as long as the process, for tests and simulation: the same promises as on a
database.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from ledger.register.access import Device, DeviceCode, Pin, Session
from ledger.register.port import Engagement, Opening, same_terms

FORGOTTEN_AFTER = timedelta(days=1)


class MemoryRegister:
    """Keeps `Register` and `Access`."""

    def __init__(self) -> None:
        self._version = 1
        self._actors: dict[bytes, UUID] = {}
        self._engagements: list[Engagement] = []
        self._names: dict[UUID, bytes] = {}
        self.openings: list[Opening] = []
        self._keys: dict[UUID, str] = {}
        self._codes: dict[bytes, DeviceCode] = {}
        self._devices: dict[UUID, Device] = {}
        self._pins: dict[UUID, Pin] = {}
        self._tries: dict[UUID, int] = {}
        self._sessions: dict[bytes, Session] = {}
        self._assertions: dict[bytes, datetime] = {}

    # --- people ---

    async def version(self) -> int:
        return self._version

    async def of_subject(self, subject_key: bytes) -> Engagement | None:
        actor = self._actors.get(subject_key)
        return await self.of_actor(actor) if actor is not None else None

    async def of_actor(self, actor: UUID) -> Engagement | None:
        return next(
            (each for each in self._engagements if each.actor == actor and each.ended_at is None), None
        )

    async def actor_of(self, subject_key: bytes, proposed: UUID) -> UUID:
        return self._actors.setdefault(subject_key, proposed)

    async def engage(self, engagement: Engagement) -> Engagement:
        assert engagement.entered_by != engagement.actor, "nobody enters themselves"
        standing = await self.of_actor(engagement.actor)
        if standing is not None and same_terms(standing, engagement):
            return standing
        await self.end(engagement.actor, engagement.entered_by, engagement.entered_at)
        self._engagements.append(engagement)
        self._version += 1
        return engagement

    async def end(self, actor: UUID, by: UUID | None, at: datetime) -> bool:
        standing = await self.of_actor(actor)
        if standing is None:
            return False
        self._engagements[self._engagements.index(standing)] = replace(standing, ended_by=by, ended_at=at)
        self._version += 1
        return True

    async def engagements(self) -> tuple[Engagement, ...]:
        return tuple(self._engagements)

    async def name(self, actor: UUID, sealed: bytes, at: datetime) -> None:  # noqa: ARG002
        self._names[actor] = sealed

    async def open_name(self, opening: Opening) -> bytes | None:
        sealed = self._names.get(opening.actor)
        if sealed is not None:
            self.openings.append(opening)
        return sealed

    async def add_key(self, actor: UUID, public_key: str, at: datetime) -> None:  # noqa: ARG002
        self._keys[actor] = public_key

    async def key_of(self, actor: UUID) -> str | None:
        return self._keys.get(actor)

    # --- devices and PINs ---

    async def add_code(self, code: DeviceCode) -> None:
        self._codes[code.code] = code

    async def use_code(self, code: bytes, at: datetime) -> DeviceCode | None:
        found = self._codes.pop(code, None)
        return found if found is not None and at < found.expires_at else None

    async def add_device(self, device: Device) -> None:
        self._devices[device.device] = device

    async def device(self, secret: bytes) -> Device | None:
        found = (each for each in self._devices.values() if each.secret == secret)
        return next((each for each in found if each.revoked_at is None), None)

    async def devices(self) -> tuple[Device, ...]:
        return tuple(self._devices.values())

    async def revoke_device(self, device: UUID, by: UUID | None, at: datetime) -> bool:  # noqa: ARG002
        found = self._devices.get(device)
        if found is None or found.revoked_at is not None:
            return False
        self._devices[device] = replace(found, revoked_at=at)
        return True

    async def set_pin(self, pin: Pin) -> None:
        self._pins[pin.actor] = pin

    async def pin(self, actor: UUID) -> Pin | None:
        return self._pins.get(actor)

    async def forget_pin(self, actor: UUID) -> None:
        self._pins.pop(actor, None)

    async def pins(self) -> tuple[Pin, ...]:
        return tuple(self._pins.values())

    async def count_try(self, actor: UUID) -> int:
        self._tries[actor] = self._tries.get(actor, 0) + 1
        return self._tries[actor]

    async def forget_tries(self, actor: UUID) -> None:
        self._tries.pop(actor, None)

    async def tries(self) -> dict[UUID, int]:
        return dict(self._tries)

    # --- sessions ---

    async def begin(self, session: Session, *, instead_of: bytes | None) -> None:
        if instead_of is not None:
            self._sessions.pop(instead_of, None)
        self._sessions[session.id] = session
        self._drop_old(session.seen_at)

    def _drop_old(self, now: datetime) -> None:
        oldest = now - FORGOTTEN_AFTER
        for each in [key for key, session in self._sessions.items() if session.began_at < oldest]:
            del self._sessions[each]

    async def session(self, key: bytes) -> tuple[Session, Device | None] | None:
        session = self._sessions.get(key)
        if session is None or session.device is None:
            return None if session is None else (session, None)
        device = self._devices.get(session.device)
        return None if device is None or device.revoked_at is not None else (session, device)

    async def seen(self, key: bytes, at: datetime) -> None:
        if key in self._sessions:
            self._sessions[key] = replace(self._sessions[key], seen_at=at)

    async def lock(self, key: bytes) -> None:
        if key in self._sessions:
            self._sessions[key] = replace(self._sessions[key], locked=True)

    async def end_session(self, key: bytes) -> None:
        self._sessions.pop(key, None)

    async def use_assertion(self, assertion: bytes, expires_at: datetime, now: datetime) -> bool:
        self._assertions = {each: until for each, until in self._assertions.items() if until > now}
        first = assertion not in self._assertions
        self._assertions.setdefault(assertion, expires_at)
        return first
