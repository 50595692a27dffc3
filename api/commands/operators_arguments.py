"""The arguments of `approdo operators`, and its five commands."""

from __future__ import annotations

import argparse
from collections.abc import Coroutine
from typing import Any

from api.commands.arguments import command_of, uuid
from api.settings import Settings
from domain.permissions import Role


def add_operators(commands: Any) -> None:
    operators = commands.add_parser("operators", help="who may act: enter, list, end")
    inner = operators.add_subparsers(title="commands", required=True, metavar="COMMAND")
    changes = (
        "Changes the register, never an event. What stood for the same person ends; the same again changes "
        "nothing. Of issuer and subject a keyed digest is kept, the name is sealed."
    )
    command = command_of(inner, "add", _add, "enter somebody under a role, from now on", changes)
    command.add_argument(
        "--issuer", help="who knows them by this subject (the provider; without one, this network)"
    )
    command.add_argument("--subject", required=True, help="what the issuer calls them: `sub` of their tokens")
    roles = sorted(role.value for role in Role if role is not Role.ENGINE)
    command.add_argument("--role", required=True, choices=roles, metavar="ROLE", help=", ".join(roles))
    command.add_argument("--member", required=True, help="the body they act for: its code or id")
    command.add_argument(
        "--house", type=uuid, action="append", default=[], metavar="ID", help="a shelter of an operator's"
    )
    command.add_argument("--until", metavar="INSTANT", help="when the period ends by itself")
    command.add_argument("--name", help="the person's name, sealed; opened by order alone")
    command = command_of(inner, "list", _list, "list every period of everybody, by ids", "Changes nothing.")
    command.add_argument("--json", action="store_true", help="print JSON")
    changes = "Changes the register, never an event: they are refused at their very next request."
    command = command_of(inner, "end", _end, "end what stands for somebody", changes)
    command.add_argument("actor", type=uuid, metavar="ACTOR", help="the id on their events")
    changes = "Keeps a digest of the code, never an event. An earlier code of the same person ends."
    command = command_of(
        inner, "invite", _invite, "print a code with which somebody makes a passkey", changes
    )
    command.add_argument("actor", type=uuid, metavar="ACTOR", help="the id on their events")
    changes = "Changes the register, never an event: every session on it is refused at the next request."
    command = command_of(inner, "revoke-device", _revoke, "revoke a lost shared device", changes)
    command.add_argument("device", type=uuid, metavar="DEVICE", help="the id on events made with it")


def _add(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import operators

    return operators.add(
        settings,
        issuer=asked.issuer,
        subject=asked.subject,
        role=Role(asked.role),
        member=asked.member,
        houses=tuple(asked.house),
        until=asked.until,
        name=asked.name,
    )


def _list(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import operators

    return operators.show(settings, in_json=asked.json)


def _end(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import operators

    return operators.end(settings, asked.actor)


def _invite(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import operators

    return operators.invite(settings, asked.actor)


def _revoke(settings: Settings, asked: argparse.Namespace) -> Coroutine[Any, Any, None]:
    from api.commands import operators

    return operators.revoke_device(settings, asked.device)
