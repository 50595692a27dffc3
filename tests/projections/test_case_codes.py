"""The code of a case on paper: nobody who mistypes it reaches another case."""

from __future__ import annotations

from itertools import combinations
from uuid import UUID

import pytest

from domain.case import CaseBound, CaseOpened
from domain.vocabulary import PlacementId
from projections.case_codes import IssuedCases, as_printed, code_of

CASES = tuple(UUID(int=7 << 76 | 2 << 62 | number) for number in range(40))
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@pytest.mark.parametrize("case", CASES)
def test_a_code_is_read_as_it_is_printed_however_it_is_typed(case: UUID) -> None:
    code = code_of(case)
    assert as_printed(code) == code
    assert as_printed(code.replace("-", "").lower()) == code
    assert as_printed(f" {code.replace('0', 'o').replace('1', 'l')} ") == code


@pytest.mark.parametrize("case", CASES[:8])
def test_one_wrong_sign_is_no_code(case: UUID) -> None:
    code = code_of(case).replace("-", "")
    for place, right in enumerate(code):
        for wrong in SIGNS:
            assert wrong == right or as_printed(code[:place] + wrong + code[place + 1 :]) is None


@pytest.mark.parametrize("case", CASES)
def test_two_signs_exchanged_are_no_code(case: UUID) -> None:
    code = code_of(case).replace("-", "")
    for one, other in combinations(range(len(code)), 2):
        signs = list(code)
        signs[one], signs[other] = signs[other], signs[one]
        assert code[one] == code[other] or as_printed("".join(signs)) is None


@pytest.mark.parametrize(
    "typed", ["", "ABC", "ABC-DEF-GHJK", "ABC-DEF-GH!", "è" * 9, "\N{ARABIC-INDIC DIGIT ONE}" * 9]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert as_printed(typed) is None


def test_codes_of_different_cases_differ() -> None:
    assert len({code_of(case) for case in CASES}) == len(CASES)


def test_a_case_waits_until_somebody_is_in_it() -> None:
    issued = IssuedCases()
    for case in CASES[:3]:
        issued.apply(case, CaseOpened())
    issued.apply(CASES[1], CaseBound(placement_id=PlacementId(CASES[9])))
    assert list(issued.waiting.values()) == [CASES[0], CASES[2]]
    assert issued.waiting[code_of(CASES[2])] == CASES[2]
