"""`approdo policy`: which rules are and were in force, whether a file's can be, and adopting them.

Showing and checking change nothing; adopting is one event. What other rules would have done is told by
`policy_impact`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from pathlib import Path
from struct import pack
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from api.commands.replaying_rows import LogRows, open_rows
from api.network_file.policy_file import read_policy_file
from api.settings import Settings
from api.wiring import VERSION, OpenLedger, open_ledger
from domain import network
from domain.network import AdoptPolicy, PolicyAdopted
from domain.policy import Policy
from domain.refusals import Refusal
from domain.vocabulary import NetworkId
from domain.world import Context, Decided, World, on_stream
from ledger.faults import LedgerFault
from ledger.store import codec
from ledger.store.ids import uuid_8
from ledger.store.metadata import own_act
from ledger.store.transact import Command, Done


class NotConfirmed(LedgerFault):
    """Nothing was written: add --yes to adopt it."""


class VersionUsed(LedgerFault):
    """A policy of this version was adopted before, with other values: give this one a new version."""


class AdoptedMeanwhile(LedgerFault):
    """Somebody adopted a policy at the same moment: look at `approdo policy show` first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Adoption:
    """A policy, since when it was in force, and where that stands in the log."""

    policy: Policy
    valid_from: str
    recorded_at: datetime
    position: int


# --- show ---------------------------------------------------------------------------------------------------


async def show(settings: Settings, *, source: Path | None, in_json: bool) -> None:
    """Print the policy in force and every one before it. Errors: `DumpBroken`, and all of `open_rows`."""
    async with open_rows(settings, source) as rows:
        adoptions, zone = await adoptions_of(rows)
    print(_as_json(adoptions) if in_json else _as_text(adoptions, zone))


async def adoptions_of(rows: LogRows) -> tuple[list[Adoption], ZoneInfo]:
    """Every adoption in order, and where the network's clocks are. Errors: `UnknownTopic`, `BrokenEvent`."""
    state, found = network.initial, []
    for row in await rows.network_rows():
        event: Any = codec.decode(row.topic, row.state)
        state = network.evolve(state, event)
        if isinstance(event, PolicyAdopted):
            found.append(
                Adoption(
                    policy=event.policy,
                    valid_from=event.valid_from.isoformat(),
                    recorded_at=row.recorded_at,
                    position=row.position,
                )
            )
    return found, state.zone


def _as_json(adoptions: list[Adoption]) -> str:
    """One JSON object; instants in UTC."""
    shown = {"in_force": adoptions[-1] if adoptions else None, "adopted": adoptions}
    return orjson.dumps(shown, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z).decode()


def _as_text(adoptions: list[Adoption], zone: ZoneInfo) -> str:
    if not adoptions:
        return "no policy was ever adopted"
    *earlier, current = adoptions
    lines = [f"in force: {_since(current, zone)}", *lines_of(current.policy)]
    if earlier:
        lines += ["", "every version, and what it changed:"]
    for number, adoption in enumerate(adoptions if earlier else ()):
        lines.append(f"  {_since(adoption, zone)}")
        before = adoptions[number - 1].policy if number else adoption.policy
        lines += [f"    {line}" for line in changes(before, adoption.policy)]
    return "\n".join(lines)


def _since(adoption: Adoption, zone: ZoneInfo) -> str:
    at = adoption.recorded_at.astimezone(zone).isoformat(" ", "seconds")
    return (
        f"{adoption.policy.version}, since {at} (position {adoption.position}), "
        f"valid from {adoption.valid_from}"
    )


# --- values -------------------------------------------------------------------------------------------------


def values_of(policy: Any, within: str = "") -> dict[str, object]:
    """Every value of a policy by its name; those inside another by both names."""
    found: dict[str, object] = {}
    for field in fields(policy):
        value = getattr(policy, field.name)
        if is_dataclass(value):
            found |= values_of(value, f"{within}{field.name}.")
        else:
            found[f"{within}{field.name}"] = value
    return found


def lines_of(policy: Policy, marked: frozenset[str] = frozenset(), mark: str = "") -> list[str]:
    """A line for each value; `mark` follows those that are `marked`."""
    return [
        f"  {name:<32}{value}{f'  {mark}' if name in marked else ''}"
        for name, value in values_of(policy).items()
        if name != "version"
    ]


def changes(before: Policy, after: Policy) -> list[str]:
    """A line for each value that is another; none where only the version is."""
    old = values_of(before)
    return [
        f"{name}: {old[name]} -> {value}"
        for name, value in values_of(after).items()
        if value != old[name] and name != "version"
    ]


# --- check --------------------------------------------------------------------------------------------------


async def check(path: Path) -> None:
    """Say of a policy file that it can be adopted, with every value that it would set. Errors:
    `BadNetworkFile`, with everything that is wrong.
    """
    read = read_policy_file(path)
    print(f"{path} can be adopted as {read.policy.version}:")
    print("\n".join(lines_of(read.policy, read.left_out, "(not in the file: the start value)")))


# --- adopt --------------------------------------------------------------------------------------------------


async def adopt(settings: Settings, path: Path, *, confirmed: bool) -> None:
    """Put a file's policy in force, once it is confirmed; what is in force already changes nothing.

    Refuses, in order: what is wrong with the file (`BadNetworkFile`), a version that had other values
    (`VersionUsed`), what is not confirmed (`NotConfirmed`). Errors: `AdoptedMeanwhile`, and all of
    `open_ledger`.
    """
    policy = read_policy_file(path).policy
    async with open_ledger(settings, join=True) as ledger:
        known = ledger.engine.index.places.network
        if known.policy == policy:
            print(f"{policy.version} is in force already; nothing changed")
            return
        if known.policy_of(policy.version) not in (None, policy):
            raise VersionUsed(policy.version)
        if known.policy is not None:
            print("\n".join([f"{known.policy.version} -> {policy.version}", *changes(known.policy, policy)]))
        if not confirmed:
            raise NotConfirmed
        done = await _record(ledger, policy)
    at = done.receipt.recorded_at.astimezone(known.zone).isoformat(" ", "seconds")
    print(f"{policy.version} is in force since {at} (position {done.position})")


async def _record(ledger: OpenLedger, policy: Policy) -> Done:
    def decide(world: World, context: Context) -> Decided:
        today = context.now.astimezone(context.zone).date()
        command = AdoptPolicy(policy=policy, valid_from=today)
        return on_stream(ledger.network_id, network.decide(command, world.network(), context.now))

    result = await ledger.engine.run(_command(ledger, policy), decide)
    if result is Refusal.CODE_ALREADY_USED:
        raise VersionUsed(policy.version)
    if not isinstance(result, Done):
        raise AdoptedMeanwhile
    return result


def _command(ledger: OpenLedger, policy: Policy) -> Command:
    """Its id derives from the network's stream as it stands: of two at one moment one is recorded."""
    network_id = NetworkId(ledger.network_id)
    version = ledger.engine.index.places.versions[network_id]
    command_id = uuid_8(hashlib.sha256(network_id.bytes + b"adopt-policy" + pack(">Q", version)).digest())
    return Command(
        digest=hashlib.sha256(orjson.dumps(policy)).digest(),
        metadata=own_act(network_id, command_id, VERSION),
    )
