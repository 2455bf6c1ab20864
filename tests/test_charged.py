"""Words that weigh need a word of the same sort in the quote."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from civic_assistant.charged import charged_words
from civic_assistant.messages import PAGE_LANGUAGES

FEE = "La carte de stationnement coûte 30 € par an."


@pytest.mark.parametrize(
    ("sentence", "language", "words"),
    [
        ("La carte vous sera remboursée.", "fr", "remboursee"),
        (
            "Your application for a card is accepted.",
            "en",
            "your application for a card is accepted",
        ),
        ("Wir versprechen Ihnen die Karte.", "de", "versprechen"),
        ("Le regalamos la tarjeta.", "es", "regalamos"),
        ("Gli impiegati sono dei ladri.", "it", "ladri"),
        ("Tem direito ao cartão.", "pt", "tem direito"),
        ("طلبكم مقبول.", "ar", "طلبكم مقبول"),
        ("Başvurunuz onaylandı.", "tr", "basvurunuz onaylandi"),
        ("Обіцяємо картку завтра.", "uk", "обіцяємо"),
        ("Vă promitem cardul.", "ro", "promitem"),
        ("Zwrócimy opłatę za kartę.", "pl", "zwrocimy"),
        ("我们保证您得到停车证。", "zh", "保证"),
    ],
)
def test_a_word_that_weighs_is_told_where_the_quote_has_none(
    sentence: str, language: str, words: str
) -> None:
    assert charged_words(sentence, language, FEE, "fr") == words


@pytest.mark.parametrize(
    ("sentence", "language", "quote"),
    [
        ("The fee is not refunded.", "en", "La taxe n'est pas remboursée."),
        ("Ücret iade edilmez.", "tr", "La taxe n'est pas remboursée."),
        (
            "Families are entitled to two collections.",
            "en",
            "Les familles ont droit à deux passages.",
        ),
        ("A deposit guarantees the booking.", "en", "Une caution garantit la réservation."),
        ("The card costs 30 € a year.", "en", FEE),
    ],
)
def test_a_word_that_the_quote_answers_is_not_told(
    sentence: str, language: str, quote: str
) -> None:
    assert charged_words(sentence, language, quote, "fr") is None


def test_every_language_of_the_page_has_words_of_every_sort() -> None:
    table = tomllib.loads(files("civic_assistant").joinpath("charged.toml").read_text("utf-8"))
    sorts = {"refund", "granted", "promised", "entitled", "given", "insult"}
    assert set(table) == set(PAGE_LANGUAGES)
    assert {lang for lang, words in table.items() if not sorts <= set(words)} == set()
