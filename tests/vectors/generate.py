"""Writes the golden bytes of samples that have none yet: `python -m tests.vectors.generate`.

It only adds. Where the bytes of a sample that stands in a file would come out otherwise it changes nothing
and says so: stored events are read for ever, so a changed shape is a new version of its topic.
"""

from __future__ import annotations

import enum
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, get_args, get_type_hints
from uuid import UUID

from domain.catalogue import EVENT_TYPES
from domain.event import Event
from domain.permissions import Role
from domain.vocabulary import NetworkId
from ledger.evidence.leaf import leaf_of
from ledger.store import codec, metadata
from ledger.store.metadata import Metadata
from ledger.store.port import StoredRow
from tests.vectors.grown import TREE, tree
from tests.vectors.named import WHOLE_SECOND
from tests.vectors.samples import SAMPLES

_ROLES = (Role.COORDINATOR, Role.SHELTER_OPERATOR, Role.LEAD_BODY, Role.AUDITOR, Role.ENGINE)
"""Those of the first release: which role a sample's metadata names must not move when a role is added."""

FOLDER = Path(__file__).parent
EVENTS = FOLDER / "events-1.json"
CODES = FOLDER / "codes-1.json"

Entries = dict[str, Any]


class WouldChange(Exception):
    """The golden bytes of an entry that stands in the file would change."""


def added(standing: Entries, made: Mapping[str, Any]) -> Entries:
    """The standing entries, and after them the new ones. Refuses (`WouldChange`) another value for a standing
    one, and one that is made no more; only the bytes of a topic that is lifted today are no longer made.
    """
    for name, value in standing.items():
        if made.get(name) != value and not (name not in made and is_lifted(value)):
            raise WouldChange(name)
    return {**standing, **made}


def is_lifted(entry: Any) -> bool:
    """Whether these are bytes of an earlier version, which nobody writes any more."""
    return isinstance(entry, dict) and entry["topic"] in codec.LIFTS


def events() -> Entries:
    """Every sample as it is stored, with all that enters its leaf."""
    return {name: _entry(name, event) for name, event in SAMPLES.items()}


def codes() -> Entries:
    """Every closed list that an event can name, and every word in it, each an entry."""
    lists: set[type[enum.StrEnum]] = set()
    for kind in (*EVENT_TYPES.values(), Metadata):
        lists.update(_lists(kind))
    return {
        f"{each.__name__}.{word.name}": word.value
        for each in sorted(lists, key=lambda each: each.__name__)
        for word in each
    }


def _entry(name: str, event: Event) -> dict[str, Any]:
    seed = hashlib.sha256(name.encode()).digest()
    recorded_at = WHOLE_SECOND + timedelta(microseconds=int.from_bytes(seed[:4]))
    salt, about = hashlib.sha256(seed).digest()[:16], _metadata(seed)
    row = StoredRow(
        stream=_uuid(seed, b"stream"),
        version=1 + seed[0],
        position=1 + int.from_bytes(seed[4:8]),
        topic=event.TOPIC,
        state=codec.encode(event, salt),
        event_id=_uuid(seed, b"event"),
        metadata=metadata.encode(about),
        recorded_at=recorded_at,
    )
    leaf = leaf_of(row)
    return {
        "topic": row.topic,
        "stream": str(row.stream),
        "version": row.version,
        "position": row.position,
        "recorded_at": _text(recorded_at),
        "event_id": str(row.event_id),
        "salt": salt.hex(),
        "state": row.state.hex(),
        "metadata": row.metadata.hex(),
        "leaf": leaf.hex(),
        "leaf_sha256": hashlib.sha256(leaf).hexdigest(),
    }


def _metadata(seed: bytes) -> Metadata:
    """Every second sample leaves out what may be left out."""
    full = bool(seed[1] & 1)
    return Metadata(
        network=NetworkId(_uuid(b"", b"network")),
        command_id=_uuid(seed, b"command"),
        correlation_id=_uuid(seed, b"correlation"),
        causation_id=_uuid(seed, b"cause") if full else None,
        actor=_uuid(seed, b"actor"),
        on_behalf_of=_uuid(seed, b"behalf") if full else None,
        role=_ROLES[seed[2] % len(_ROLES)],
        device=_uuid(seed, b"device") if full else None,
        app_version="0.1.0",
    )


def _uuid(seed: bytes, word: bytes) -> UUID:
    return UUID(bytes=hashlib.sha256(seed + word).digest()[:16], version=4)


def _text(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def _lists(hint: Any) -> Iterator[type[enum.StrEnum]]:
    if isinstance(hint, type) and issubclass(hint, enum.StrEnum):
        yield hint
    elif is_dataclass(hint):
        hints = get_type_hints(hint)
        for field in fields(hint):
            yield from _lists(hints[field.name])
    else:
        for argument in get_args(hint):
            yield from _lists(argument)


def main() -> int:
    """Add what is missing. Exit status 1, and nothing written, where something would change."""
    for path, made in ((EVENTS, events()), (CODES, codes()), (TREE, tree(json.loads(EVENTS.read_text())))):
        standing = json.loads(path.read_text()) if path.exists() else {}
        try:
            entries = added(standing, made)
        except WouldChange as which:
            print(f"{path.name}: {which} would change; nothing written")
            return 1
        path.write_text(json.dumps(entries, indent=1, ensure_ascii=False) + "\n")
        print(f"{path.name}: {len(entries) - len(standing)} added, {len(entries)} in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
