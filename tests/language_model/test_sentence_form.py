"""A sentence is made of plain words, in the letters of its language."""

from __future__ import annotations

import pytest

from civic_assistant.language_model.sentence_form import form_fault

QUOTE = "Passeport d'un adulte | 86 €, service titres d'identité, voir https://a.example/b"


@pytest.mark.parametrize(
    ("text", "language", "fault"),
    [
        ("Паспорт дорослої особи | 86 EUR", "uk", None),
        ("ثمن الجواز 86 EUR لدى Service titres d'identité", "ar", None),
        ("Service titres d'identité", "ar", None),
        ("Gratuit.", "fr", "no_text"),
        ("86 €.", "fr", None),
        ("See https://a.example/b for the passport.", "en", None),
        ("See https://a.example/c for the passport.", "en", "markup"),
        ("The passport is `free` today.", "en", "markup"),
        ("护照免费。", "en", "letters"),
        ("The pаssport is free today.", "en", "letters"),
        ("The passport is free today.", "uk", "letters"),
    ],
)
def test_what_a_sentence_is_made_of(text: str, language: str, fault: str | None) -> None:
    assert form_fault(text, language, [QUOTE]) == fault
