"""The part of the wiring that goes out to those who vouch for the log: witnesses and a provider of stamps.

Called by `api.wiring` for a process that seals, and by `approdo seal`. What is not set is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from api.adapters.outside import HttpProvider, HttpWitnesses, outside_client
from api.loops.running import Loop
from api.settings import Settings, WrongSettings, all_or_none
from api.trust_file import trust_in
from ledger.evidence.notes.trust import Trust
from ledger.evidence.sealing.port import SealedLog
from ledger.evidence.stamping.provider import provider_kept
from ledger.evidence.stamping.stamp import RootsBroken, certificates
from ledger.evidence.stamping.stamping import Provider, Stamping
from ledger.evidence.witnessing.bringing import Bringing


def outside_loops(settings: Settings, sealed: SealedLog) -> tuple[Loop, ...]:
    """Each to be kept turning. Errors: `WrongSettings`."""
    return tuple(_loops(settings, sealed))


def _loops(settings: Settings, sealed: SealedLog) -> Iterator[Loop]:
    trust = chosen_witnesses(settings)
    if trust is not None:
        yield _bringing(trust, sealed)
    provider = _provider(settings)
    if provider is not None:
        assert settings.stamp_url is not None
        yield _stamping(provider, settings.stamp_url.get_secret_value(), sealed)


def _bringing(trust: Trust, sealed: SealedLog) -> Loop:
    async def bringing() -> None:
        async with outside_client() as client:
            await Bringing(sealed, trust, HttpWitnesses(client)).run()

    return bringing


def _stamping(provider: Provider, url: str, sealed: SealedLog) -> Loop:
    async def stamping() -> None:
        async with outside_client() as client:
            await Stamping(sealed, provider, HttpProvider(client, url)).run()

    return stamping


def chosen_witnesses(settings: Settings) -> Trust | None:
    """Those that this network chose, with their quorum. Errors: `WrongSettings`."""
    if settings.witnesses_file is None:
        return None
    trust = trust_in(settings.witnesses_file)
    without = [each.name for each in trust.witnesses.values() if each.url is None]
    if without or not trust.witnesses:
        said = f"{', '.join(without)} without an address" if without else "no witness"
        raise WrongSettings(f"APPRODO_WITNESSES_FILE: {settings.witnesses_file} has {said}.")
    return trust


def _provider(settings: Settings) -> Provider | None:
    if not all_or_none(settings, "stamp_url", "stamp_roots_file"):
        return None
    assert settings.stamp_url is not None and settings.stamp_roots_file is not None
    try:
        roots = settings.stamp_roots_file.read_bytes()
        certificates(roots)
    except OSError as cause:
        raise WrongSettings(f"{settings.stamp_roots_file} cannot be read: {cause.strerror}.") from None
    except RootsBroken:
        raise WrongSettings(f"{settings.stamp_roots_file} has no certificates in PEM.") from None
    host = urlsplit(settings.stamp_url.get_secret_value()).hostname or ""
    return Provider(
        kept_as=provider_kept(host, qualified=settings.stamp_standing == "qualified"),
        roots=roots,
        every=timedelta(hours=settings.stamp_hours),
    )
