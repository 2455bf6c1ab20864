from __future__ import annotations

from dataclasses import replace

from civic_assistant.outcomes import Answered
from civic_assistant.plain import plain_turn
from civic_assistant.settings import Settings
from tests.store.turns import ANSWERED, a_turn


def told(text: str, language: str) -> list[str]:
    """Return the lines told of an answer that quotes a sentence."""
    (sentence,) = ANSWERED.sentences
    quoted = replace(sentence, text=text, citation=replace(sentence.citation, quote=text))
    outcome: Answered = replace(ANSWERED, sentences=(quoted,))
    return plain_turn(a_turn(outcome=outcome, language=language), Settings()).splitlines()


def test_the_words_of_a_french_guide_are_explained_in_one_line() -> None:
    lines = told("Apportez le livret de famille et un passeport.", "tr")
    (line,) = [line for line in lines if "=" in line]
    assert line == "Rehberdeki sözcükler: livret de famille = aile cüzdanı; passeport = pasaport"


def test_a_line_from_right_to_left_keeps_the_pairs_together() -> None:
    (line,) = [line for line in told("le livret de famille", "ar") if "=" in line]
    assert line == "كلمات الدليل: \u2068livret de famille = دفتر العائلة\u2069"


def test_nothing_is_explained_in_the_guides_own_language_or_without_a_known_term() -> None:
    assert not any("=" in line for line in told("le livret de famille", "fr"))
    assert not any("=" in line for line in told("La carte coûte 42 €.", "tr"))
