"""Labels are drawn anew for each request and tell nothing of another."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from domain.vocabulary import PlacementId, ShelterId
from projections.labels import LETTERS, request_labels

HOUSES = tuple(ShelterId(UUID(int=number)) for number in range(1, 8))


def test_labels_stay_within_a_request_and_differ_in_the_next() -> None:
    one, other = PlacementId(UUID(int=100)), PlacementId(UUID(int=101))
    assert request_labels(b"k" * 32, one, HOUSES) == request_labels(b"k" * 32, one, HOUSES)
    assert (
        request_labels(b"k" * 32, one, HOUSES[:3]).items() <= request_labels(b"k" * 32, one, HOUSES).items()
    )
    assert request_labels(b"k" * 32, one, HOUSES) != request_labels(b"k" * 32, other, HOUSES)
    assert request_labels(b"k" * 32, one, HOUSES) != request_labels(b"j" * 32, one, HOUSES)


def test_no_two_houses_of_a_request_share_a_label() -> None:
    for number in range(2000):
        labels = request_labels(b"k" * 32, PlacementId(UUID(int=number)), HOUSES)
        assert len(set(labels.values())) == len(HOUSES)


def test_a_house_has_every_label_about_as_often() -> None:
    first: Counter[str] = Counter()
    for number in range(4000):
        label = request_labels(b"k" * 32, PlacementId(UUID(int=number)), HOUSES[:1])[HOUSES[0]]
        first[label[0]] += 1
    assert set(first) == set(LETTERS)
    assert max(first.values()) < 2 * min(first.values())
