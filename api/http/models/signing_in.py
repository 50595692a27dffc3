"""Bodies and answers of the doors of passkeys, recovery codes and sign-in at a provider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, JsonValue

from api.http.models.fields import Body

Code = Annotated[str, Field(min_length=8, max_length=60)]
Credential = Annotated[
    dict[str, JsonValue],
    Field(
        max_length=20, description="What the browser's `navigator.credentials` answered, as JSON (WebAuthn)."
    ),
]


class InvitationOrNothing(Body):
    """The invitation that was given by hand; left out: another passkey of whoever is signed in."""

    invitation: Code | None = None


class CredentialBody(Body):
    """An authenticator's answer."""

    credential: Credential


class RecoveryBody(Body):
    """One of the codes kept on paper."""

    code: Code


class PasskeyRemovalBody(Body):
    """Which passkey is lost or no longer wanted."""

    passkey: Annotated[str, Field(min_length=1, max_length=1400, pattern=r"^[A-Za-z0-9_-]+$")]


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedAnswer:
    """What the page hands to `navigator.credentials`, as it stands."""

    options: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class PasskeyLine:
    """A passkey by its id (base64url), and since when."""

    passkey: str
    added_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PasskeyList:
    """One's own passkeys, oldest first."""

    passkeys: tuple[PasskeyLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class InvitationAnswer:
    """A code, shown once, to be given by hand."""

    code: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class RecoveryCodes:
    """Shown once, to be kept on paper. Earlier ones count no more."""

    codes: tuple[str, ...]
