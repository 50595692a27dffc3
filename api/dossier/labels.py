"""What ids are called in one dossier: a word for what they name, and three letters drawn for it alone.

No two dossiers can be joined by these labels. The log's own ids stand in the evidence, for without them
nothing could be checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from projections.labels import LETTERS

RandomBytes = Callable[[int], bytes]

KINDS: Mapping[str, str] = {
    "case_id": "Caso",
    "placement_id": "Percorso",
    "offer_id": "Offerta",
    "bridge_id": "Soluzione ponte",
    "breaking_id": "Apertura in emergenza",
    "override_id": "Scelta contro una regola",
    "hold_id": "Obbligo di conservazione",
    "shredding_id": "Distruzione",
    "dossier_id": "Copia",
    "member_id": "Rete vicina",
    "commitment": "Dato custodito",
    "commitments": "Dato custodito",
}
"""By the field that names it."""


_LENGTH = 3


class Labels:
    """Draws each once."""

    def __init__(self, random_bytes: RandomBytes) -> None:
        self._random_bytes = random_bytes
        self._taken: set[str] = set()
        self.drawn: dict[str, str] = {}

    def draw(self, kind: str, named: str) -> None:
        if named not in self.drawn:
            self.drawn[named] = f"{KINDS[kind]} {self._letters()}"

    def draw_for(self, event: Mapping[str, Any]) -> None:
        """For every id that an event's open part names."""
        for field in KINDS.keys() & event.keys():
            value = event[field]
            for each in value if isinstance(value, list) else [value]:
                if each is not None:
                    self.draw(field, each)

    def _letters(self) -> str:
        while True:
            number = int.from_bytes(self._random_bytes(8))
            letters = "".join(LETTERS[number // len(LETTERS) ** at % len(LETTERS)] for at in range(_LENGTH))
            if letters not in self._taken:
                self._taken.add(letters)
                return letters


def is_label(text: str, kind: str) -> bool:
    """Whether it could have been drawn for something of this kind."""
    before, _, letters = text.rpartition(" ")
    return before == kind and len(letters) == _LENGTH and set(letters) <= set(LETTERS)


def labels_for(
    case_id: str, placements: Iterable[str], events: Iterable[Mapping[str, Any]], random_bytes: RandomBytes
) -> Mapping[str, str]:
    """By id, for the whole of one dossier."""
    labels = Labels(random_bytes)
    labels.draw("case_id", case_id)
    for each in placements:
        labels.draw("placement_id", each)
    for event in events:
        labels.draw_for(event)
    return labels.drawn
