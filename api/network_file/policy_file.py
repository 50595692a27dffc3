"""Reads a policy file: the `[policy]` of a network file by itself, with a version of its own.

The same keys, the same judgement, every problem named at once. Called by `approdo policy`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from api.network_file.reading import BadNetworkFile, content_of, parsed, policy_problems
from api.network_file.schema import PolicyTable
from api.network_file.tables import Code, Table
from domain.policy import Policy


class OwnPolicyTable(PolicyTable):
    """As in a network file, with a version that no policy had before: the start's is taken."""

    version: Code


class PolicyFile(Table):
    """A whole file."""

    policy: OwnPolicyTable


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyRead:
    """The policy that a file says. `left_out` names values that it does not give: they have their start."""

    policy: Policy
    left_out: frozenset[str]


def read_policy_file(path: Path) -> PolicyRead:
    """Errors: `BadNetworkFile`."""
    return parse_policy_file(content_of(path))


def parse_policy_file(content: bytes) -> PolicyRead:
    """Errors: `BadNetworkFile`."""
    table = parsed(PolicyFile, content, "a policy file").policy
    if problems := list(policy_problems(table)):
        raise BadNetworkFile(problems)
    return PolicyRead(policy=table.policy(), left_out=frozenset(_left_out(table)))


def _left_out(table: Table, within: str = "") -> list[str]:
    found: list[str] = []
    for name in type(table).model_fields:
        value = getattr(table, name)
        if isinstance(value, Table):
            found += _left_out(value, f"{within}{name}.")
        elif name not in table.model_fields_set:
            found.append(f"{within}{name}")
    return found
