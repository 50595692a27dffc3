"""Checkpoints: the example of C2SP, and what is not one."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.vocabulary import LogKind
from ledger.evidence.notes.checkpoint import Checkpoint, clock_of, origin_of, parse_checkpoint
from ledger.evidence.notes.signed import NoteBroken, encoded
from ledger.evidence.tree.merkle import EMPTY_ROOT, LARGEST_SIZE

ROOT = bytes(range(32))
CODED = encoded(ROOT)
NETWORK = UUID("0f8fad5b-d9cb-469f-a165-70867728950e")


def test_the_example_of_the_specification_is_read_and_written() -> None:
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    found = parse_checkpoint(text)
    assert (found.origin, found.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert found.text == text


def test_the_origin_says_what_kind_of_log_it_is() -> None:
    assert origin_of(LogKind.EXERCISE, NETWORK) == f"approdo.exercise/{NETWORK}"
    assert origin_of(LogKind.REAL, NETWORK) == f"approdo.real/{NETWORK}"
    assert clock_of("a") == "a/clock"


@given(st.integers(1, LARGEST_SIZE), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_is_read_as_it_was_written(size: int, root: bytes) -> None:
    head = Checkpoint(origin="log.example", size=size, root=root)
    assert parse_checkpoint(head.text) == head


def test_a_log_without_leaves_has_one_root() -> None:
    empty = Checkpoint(origin="log.example", size=0, root=EMPTY_ROOT)
    assert parse_checkpoint(empty.text) == empty
    with pytest.raises(NoteBroken):
        parse_checkpoint(Checkpoint(origin="log.example", size=0, root=ROOT).text)


def test_lines_after_the_root_are_passed_over() -> None:
    assert parse_checkpoint(f"log\n7\n{CODED}\nmore\nand 8\n") == parse_checkpoint(f"log\n7\n{CODED}\n")


SIZES = ["", "00", "07", "-1", "+7", " 7", "7 ", "7.0", "7e3", "0x7", "1_000", "\u0667", "\u00b2",
         str(LARGEST_SIZE + 1), "9" * 19, "9" * 20, "9" * 5000]  # fmt: skip
ROOTS = ["", "root", CODED[:-1], CODED + "=", " " + CODED, CODED + " ", CODED[:-2] + "_=", "A" * 43 + "B",
         encoded(ROOT[:31]), encoded(ROOT + b"\0"), encoded(ROOT + ROOT), CODED[:-2] + "9="]  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
def test_a_size_is_a_number_in_its_one_form(size: str) -> None:
    with pytest.raises(NoteBroken):
        parse_checkpoint(f"log\n{size}\n{CODED}\n")


@pytest.mark.parametrize("root", ROOTS)
def test_a_root_is_32_bytes_in_base64(root: str) -> None:
    with pytest.raises(NoteBroken):
        parse_checkpoint(f"log\n7\n{root}\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "log\n",
        "log\n7\n",
        f"log\n7\n{CODED}",
        f"\n7\n{CODED}\n",
        f"log\n\n7\n{CODED}\n",
        f"log\n7\n\n{CODED}\n",
        f"log\n7\n{CODED}\n\n",
        f"log\n7\n{CODED}\n\nmore\n",
        f"log\n7\n{CODED}\nmore",
        f"7\nlog\n{CODED}\n",
        f"log\r\n7\r\n{CODED}\r\n",
        f"log\u20287\u2028{CODED}\n",
    ],
)
def test_a_checkpoint_has_three_lines_and_none_is_empty(text: str) -> None:
    with pytest.raises(NoteBroken):
        parse_checkpoint(text)


@given(st.text(alphabet="log07\n=" + CODED[:4], max_size=20) | st.text(max_size=80))
def test_any_text_is_a_checkpoint_or_refused(text: str) -> None:
    try:
        found = parse_checkpoint(text)
    except NoteBroken:
        return
    assert text.startswith(found.text)
