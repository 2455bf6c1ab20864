from __future__ import annotations

import pytest

from civic_assistant.bounds import is_bound_turned
from civic_assistant.comparison import Text


def is_turned(said: str, language: str, quote: str) -> bool:
    claim = Text.read(said, language)
    return is_bound_turned(claim.figures[0], claim, Text.read(quote, "fr"))


QUOTE = "Venez au moins deux mois avant."
TURNED = [
    ("at least two months", "at most two months", "en"),
    ("mindestens zwei Monate", "höchstens zwei Monate", "de"),
    ("al menos dos meses", "como máximo dos meses", "es"),
    ("almeno due mesi", "al massimo due mesi", "it"),
    ("pelo menos dois meses", "no máximo dois meses", "pt"),
    ("cel puțin două luni", "cel mult două luni", "ro"),
    ("co najmniej dwa miesiące", "najwyżej dwa miesiące", "pl"),
    ("щонайменше два місяці", "щонайбільше два місяці", "uk"),
    ("en az iki ay", "en fazla iki ay", "tr"),
    ("شهرين على الأقل", "شهرين على الأكثر", "ar"),
    ("至少两个月", "最多两个月", "zh"),
]


@pytest.mark.parametrize(("kept", "turned", "language"), TURNED)
def test_a_bound_may_not_turn(kept: str, turned: str, language: str) -> None:
    assert not is_turned(kept, language, QUOTE)
    assert is_turned(turned, language, QUOTE)


def test_a_bound_on_one_side_only_turns_nothing() -> None:
    assert not is_turned("two months", "en", QUOTE)
    assert not is_turned("at most two months", "en", "Venez deux mois avant.")


def test_at_least_outweighs_the_word_before_the_figure() -> None:
    assert not is_turned("before at least two months", "en", QUOTE)
    assert not is_turned("two months or more", "en", QUOTE)
    assert is_turned("over 18", "en", "La vente aux mineurs est interdite.")
