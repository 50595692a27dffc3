"""Reads a network file and judges it as a whole, before anything is written.

Every problem is named at once, each with the path of its field and what to do. Called by `approdo init` and
by trials, and by `policy_file` for the policy that such a file may hold; `schema` judges single values.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from api.network_file.contacts import desk_problems, gap_told, uncovered, without_desk
from api.network_file.municipalities import municipalities
from api.network_file.schema import LevelTable, NetworkFile, PolicyTable, ShelterTable, UnitTable
from api.network_file.tables import Table
from domain.codes import DeskKind
from domain.policy import is_applicable
from domain.vocabulary import IntakeMode, MemberKind

_LEFT_OUT = (
    "desks: numbers and meanings were left out: no key of the vault is set (APPRODO_VAULT_KEY_FILE). The "
    "same command again, with the key, writes them."
)
LARGEST_FILE = 16_000_000
_TableT = TypeVar("_TableT", bound=Table)


class BadNetworkFile(Exception):
    """The file cannot be used; nothing was written. `problems` are lines for a person."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def read_network_file(path: Path) -> NetworkFile:
    """Errors: `BadNetworkFile`."""
    return parse_network_file(content_of(path))


def parse_network_file(content: bytes) -> NetworkFile:
    """Errors: `BadNetworkFile`."""
    file = parsed(NetworkFile, content, "a network file")
    if problems := list(_problems(file)):
        raise BadNetworkFile(problems)
    return file


def content_of(path: Path) -> bytes:
    """Errors: `BadNetworkFile`."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as cause:
        raise BadNetworkFile([f"{path} cannot be read: {cause.strerror}."]) from None


def parsed(kind: type[_TableT], content: bytes, noun: str) -> _TableT:
    """The tables of a file, each value of the form that it must have; `noun` is what the file should be.

    Errors: `BadNetworkFile`.
    """
    if len(content) > LARGEST_FILE:
        raise BadNetworkFile([f"The file is larger than 16 MB: is it {noun}?"])
    try:
        tables = tomllib.loads(content.decode())
    except UnicodeDecodeError:
        raise BadNetworkFile(["The file is not UTF-8 text: save it as UTF-8."]) from None
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        raise BadNetworkFile([f"The file is not TOML: {wrong}."]) from None
    except ValueError:
        # Python's own limit on the digits of a number, told in words for programmers.
        raise BadNetworkFile(["The file holds a number of thousands of digits: correct it."]) from None
    try:
        return kind.model_validate(tables)
    except ValidationError as wrong:
        errors = _own(wrong.errors(include_url=False))
        raise BadNetworkFile([_told(each, tables, noun) for each in errors]) from None


# --- one value ----------------------------------------------------------------------------------------------

_SAID = {
    "missing": "is missing: add it",
    "extra_forbidden": "is not a key of {noun}: correct its spelling or remove it",
}
_SAID_OF = {
    ("beds", "missing"): "is missing: a unit has at least one bed",
    ("beds", "greater_than_equal"): "must be at least 1: a unit has at least one bed",
    (
        "unsuitable_zones",
        "too_short",
    ): "names too few zones: at least two, as one alone would say where the unit is",
}

_SEALED = frozenset({"on_call_number", "meaning"})
"""Keys of values that go to the vault: what is told of a file may end in a log, and so never says them."""


def _own(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without the lists that are too short only because what is wrong in them was not counted."""
    wrong = {error["loc"][:end] for error in errors for end in range(len(error["loc"]))}
    return [error for error in errors if error["type"] != "too_short" or error["loc"] not in wrong]


def _told(error: ErrorDetails, tables: dict[str, Any], noun: str) -> str:
    where, kind = error["loc"], error["type"]
    said = _SAID_OF.get((str(where[-1]), kind)) or _SAID.get(kind)
    if said is None:
        given = error["input"]
        may_be = where[-1] not in _SEALED and isinstance(given, str | int) and len(str(given)) <= 60
        shown = f" (it is {given!r})" if may_be else ""
        message = error["msg"].removeprefix("Input ")
        said = f"{message[:1].lower()}{message[1:]}{shown}"
    else:
        said = said.replace("{noun}", noun)
    return f"{_path(where, tables)}: {said}."


def _path(where: Sequence[int | str], tables: Any) -> str:
    """A field as a reader finds it: entries of a list by their code where they have one, else by number."""
    path, at = "", tables
    for step in where:
        at = _inside(at, step)
        if isinstance(step, int):
            code = at.get("code") if isinstance(at, dict) else None
            path += f"[{code if isinstance(code, str) else f'#{step + 1}'}]"
        else:
            path += f".{step}" if path else step
    return path


def _inside(tables: Any, step: int | str) -> Any:
    try:
        return tables[step]
    except (KeyError, IndexError, TypeError):
        return None


# --- what must agree ----------------------------------------------------------------------------------------


def _problems(file: NetworkFile) -> Iterator[str]:
    yield from _twice("districts", (each.code for each in file.districts))
    yield from _twice("members", (each.code for each in file.members))
    yield from _twice("levels", (each.code for each in file.levels))
    yield from _twice("shelters", (each.code for each in file.shelters))
    yield from policy_problems(file.policy)
    yield from _municipality_problems(file)
    for level in file.levels:
        yield from _level_problems(level)
    for shelter in file.shelters:
        yield from _shelter_problems(shelter, file)
    yield from _contact_problems(file)


def said_at_set_up(file: NetworkFile, *, vaulted: bool = True) -> tuple[str, ...]:
    """What stays open and stops nothing. Not `vaulted`: there was no vault for what desks keep."""
    houses = ((each.code, IntakeMode.EMERGENCY in each.intake_modes) for each in file.shelters)
    left_out = any(desk.value is not None for desk in file.desks) and not vaulted
    return (*without_desk(file.desks, houses), *((_LEFT_OUT,) if left_out else ()))


def _contact_problems(file: NetworkFile) -> Iterator[str]:
    members, desks = [each.code for each in file.members], [each.code for each in file.desks]
    neighbours = [each.code for each in file.members if each.kind is MemberKind.NEIGHBOUR_NETWORK]
    yield from _twice("desks", desks)
    named = (each.zone for each in file.desks if each.zone is not None)
    if any(count > 1 for count in Counter(named).values()):
        yield "desks: a zone has two desks: its meaning stands in one alone."
    for desk in file.desks:
        at = f"desks[{desk.code}]"
        yield from desk_problems(desk, [each.code for each in file.shelters])
        known = neighbours if desk.kind is DeskKind.NEIGHBOUR else members
        yield from _unknown(f"{at}.member", [desk.member] if desk.member is not None else [], known)
        yield from _unknown(f"{at}.zone", [desk.zone] if desk.zone is not None else [], file.network.zones)
    answer = [each.code for each in file.desks if each.kind is not DeskKind.ZONE]
    yield from _unknown("rota.desk", dict.fromkeys(each.desk for each in file.rota), answer)
    if (gap := uncovered(file.desks, file.rota)) is not None:
        yield gap_told(gap)


def policy_problems(table: PolicyTable) -> Iterator[str]:
    """What of a policy's values does not agree."""
    if table.fresh_hours > table.stale_hours:
        yield "policy.stale_hours: must not be less than fresh_hours."
    elif not is_applicable(table.policy()):
        yield "policy: nothing can be decided under these values together."


def _twice(table: str, codes: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            yield f"{table}[{code}].code: is used twice: give each its own."
        seen.add(code)


def _municipality_problems(file: NetworkFile) -> Iterator[str]:
    assigned: dict[str, str] = {}
    for district in file.districts:
        where = f"districts[{district.code}].municipalities"
        for istat_code in district.municipalities:
            known = municipalities().get(istat_code)
            if known is None:
                yield (
                    f"{where}: {istat_code[:20]!r} is not a known municipality: use the ISTAT codes in "
                    "api/network_file/municipalities.csv."
                )
            elif known.district != district.code:
                yield f"{where}: {istat_code} ({known.name}) belongs to the district {known.district}."
            elif istat_code in assigned:
                yield f"{where}: {istat_code} ({known.name}) already stands in {assigned[istat_code]}."
            assigned[istat_code] = district.code


def _level_problems(level: LevelTable) -> Iterator[str]:
    if bool(level.days) == bool(level.months):
        yield f"levels[{level.code}]: give `days` or `months`, one of the two."


def _shelter_problems(shelter: ShelterTable, file: NetworkFile) -> Iterator[str]:
    where = f"shelters[{shelter.code}]"
    yield from _unknown(f"{where}.member", [shelter.member], [each.code for each in file.members])
    if any(
        each.code == shelter.member and each.kind is MemberKind.NEIGHBOUR_NETWORK for each in file.members
    ):
        yield f"{where}.member: {shelter.member!r} is a neighbouring network: name a body of this one."
    yield from _unknown(f"{where}.district", [shelter.district], [each.code for each in file.districts])
    yield from _twice(f"{where}.units", (unit.code for unit in shelter.units))
    for unit in shelter.units:
        at = f"{where}.units[{unit.code}]"
        yield from _unknown(f"{at}.level", [unit.level], [each.code for each in file.levels])
        yield from _unknown(f"{at}.unsuitable_zones", unit.unsuitable_zones, file.network.zones)
        yield from _unit_problems(at, unit)


def _unknown(where: str, named: Iterable[str], known: Sequence[str]) -> Iterator[str]:
    for name in named:
        if name not in known:
            yield f"{where}: {name!r} is not in this file: there are {', '.join(known) or 'none'}."


def _unit_problems(where: str, unit: UnitTable) -> Iterator[str]:
    if (unit.open_beds or 0) > unit.beds:
        yield f"{where}.open_beds: the unit has only {unit.beds} beds."
    if (unit.open_cots or 0) > unit.cots:
        yield f"{where}.open_cots: the unit has only {unit.cots} cots."
    guests = (*unit.opening_guests, *unit.outside_guests)
    if any(not group.beds and not group.cots for group in guests):
        yield f"{where}: guests who take no place: give beds or cots, or remove them."
    if sum(group.beds for group in guests) > unit.beds or sum(group.cots for group in guests) > unit.cots:
        yield f"{where}: there are more guests than the unit's {unit.beds} beds and {unit.cots} cots."
    if unit.exclusive and len(guests) > 1:
        yield f"{where}: an exclusive unit has one household: there are {len(guests)} groups of guests."
