"""Digests of who signs in: the same for the same subject under the same key, and nobody is found in one."""

from __future__ import annotations

from api.identity.subjects import Subjects

KEY = b"k" * 32
SUBJECTS = (("one", "first"), ("one", "second"), ("two", "first"), ("onef", "irst"), ("one", "\udc80"))


def test_a_subject_keeps_its_digest_and_others_have_theirs() -> None:
    subjects = Subjects(KEY)
    first = [subjects.key_of(*each) for each in SUBJECTS]
    assert len(set(first)) == len(SUBJECTS)
    assert [Subjects(KEY).key_of(*each) for each in SUBJECTS] == first
    assert {len(each) for each in first} == {32}
    assert all(
        subject.encode(errors="replace") not in each
        for (_, subject), each in zip(SUBJECTS, first, strict=True)
    )


def test_another_secret_gives_other_digests() -> None:
    assert Subjects(KEY).key_of(*SUBJECTS[0]) != Subjects(b"l" * 32).key_of(*SUBJECTS[0])
