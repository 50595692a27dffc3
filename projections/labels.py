"""Names for the candidates of one request, drawn for that request alone: what somebody outside the
coordination calls a house by.

A label is a keyed digest of the request and the house, so that it stays while the request lasts and tells
nothing of any other request: neither which house it is, nor that it is the same, nor which was asked first.
Called by the views for whoever asks from outside.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping

from domain.vocabulary import PlacementId, ShelterId

LETTERS = "ABCDEFGHKLMNPRTUVXYZ"
"""None that is taken for another when it is spoken or written."""
SHORTEST = 2


def request_labels(
    secret: bytes, placement_id: PlacementId, houses: Iterable[ShelterId]
) -> Mapping[ShelterId, str]:
    """A label for each house. A house that joins later changes no label that is there, unless it would bear
    the same one: then its own is longer.
    """
    labels: dict[ShelterId, str] = {}
    for house in houses:
        if house not in labels:
            letters = _letters(secret, placement_id, house)
            taken = set(labels.values())
            labels[house] = next(
                letters[:length]
                for length in range(SHORTEST, len(letters) + 1)
                if letters[:length] not in taken
            )
    return labels


def _letters(secret: bytes, placement_id: PlacementId, house: ShelterId) -> str:
    digest = hmac.digest(secret, b"label\0" + placement_id.bytes + house.bytes, "sha256")
    number = int.from_bytes(digest)
    letters = []
    for _ in range(len(digest)):
        number, at = divmod(number, len(LETTERS))
        letters.append(LETTERS[at])
    return "".join(letters)
