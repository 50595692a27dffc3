"""The index, on texts of which it is known."""

from __future__ import annotations

import pytest

from tests.browser.readability import gulpease, hardest


def test_it_is_the_formula() -> None:
    # 10 words, 47 letters, 2 sentences: 89 + (600 - 470) / 10
    text = "La donna aspetta un posto sicuro. Lei dorme qui stanotte."
    words = text.replace(".", "").split()
    letters = sum(map(len, words))
    assert gulpease([text]) == pytest.approx(min(100, 89 + (600 - 10 * letters) / len(words)))


def test_an_elision_is_one_word_and_each_block_a_sentence() -> None:
    assert gulpease(["L’offerta è scaduta", "Chiama la casa"]) == pytest.approx(
        min(100.0, 89 + (300 * 2 - 10 * (8 + 1 + 7 + 6 + 2 + 4)) / 6)
    )


def test_what_an_office_writes_is_hard_and_what_a_person_says_is_easy() -> None:
    office = (
        "Il provvedimento amministrativo concernente l’autorizzazione all’inserimento residenziale, "
        "subordinatamente all’acquisizione della documentazione attestante la sussistenza dei requisiti, "
        "verrà tempestivamente notificato alla struttura di accoglienza territorialmente competente"
    )
    assert gulpease([office]) < 40
    assert gulpease(["La casa ha detto sì.", "Ora chiedi a lei.", "Il posto è tenuto per mezz’ora."]) > 80
    assert hardest([office, "Breve."])[0][1] == office


def test_a_page_without_words_is_not_hard() -> None:
    assert gulpease(["", "…", " · "]) == 100
