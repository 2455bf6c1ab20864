"""An answer as an e-mail or letter: names and questions that run the other way keep their order."""

from __future__ import annotations

import pytest

from civic_assistant.desk.canned import load_canned
from civic_assistant.desk.drafting import Suggestion, letter_text

VALUES = {
    "question": "Où voter ?",
    "name": "Awa D.",
    "town": "Vaubreuil",
    "phone": "03 53 01 20 00",
}
ANSWER = Suggestion("Au bureau de vote.", (), True, None)


def letter(language: str, **values: str) -> str:
    return "\n".join(letter_text(ANSWER, language, load_canned(None).letter, VALUES | values))


@pytest.mark.parametrize("value", VALUES.values())
def test_in_an_arabic_letter_every_value_keeps_its_own_direction(value: str) -> None:
    assert f"\u2068{value}\u2069" in letter("ar")


def test_a_french_letter_sets_apart_only_what_runs_from_right_to_left() -> None:
    assert "\u2068" not in letter("fr")
    written = letter("fr", question="أين أصوت؟")
    assert "« \u2068أين أصوت؟\u2069 »" in written
    assert written.count("\u2068") == 1
