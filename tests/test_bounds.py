from __future__ import annotations

import pytest

from civic_assistant.bounds import is_bound_turned, shared_bounds
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


NEGATED = [
    ("pas moins de deux mois", "pas plus vieux que deux mois", "fr"),
    ("not less than two months", "not older than two months", "en"),
    ("must not be less than two months", "must not be more than two months", "en"),
    ("nicht unter zwei Monaten", "nicht über zwei Monate", "de"),
    ("no inferior a dos meses", "no superior a dos meses", "es"),
    ("non inferiore a due mesi", "non superiore a due mesi", "it"),
    ("não inferior a dois meses", "não superior a dois meses", "pt"),
    ("mai vechi de două luni", "nu mai vechi de două luni", "ro"),
    ("nie młodsze niż dwa miesiące", "nie starszego niż dwa miesiące", "pl"),
    ("не молодше двох місяців", "не старша за два місяці", "uk"),
    ("iki aydan az olmayan", "iki aydan fazla olmayan", "tr"),
    ("iki aydan fazla", "iki aydan yeni bir belge", "tr"),
    ("لا يقل عمرها عن شهرين", "لا يزيد عمرها عن شهرين", "ar"),
    ("不得少于两个月", "不能超过两个月", "zh"),
]


@pytest.mark.parametrize(("least", "most", "language"), NEGATED)
def test_a_comparison_that_is_denied_is_the_other_bound(
    least: str, most: str, language: str
) -> None:
    assert not is_turned(least, language, QUOTE)
    assert is_turned(most, language, QUOTE)
    assert is_turned(least, language, "Venez au plus deux mois avant.")
    assert not is_turned(most, language, "Venez au plus deux mois avant.")


@pytest.mark.parametrize(
    ("said", "quote", "words"),
    [
        ("not older than two months", "moins de deux mois", ["not older than"]),
        ("no more than two months at most", "moins de deux mois", ["at most", "no more than"]),
        ("not older than two months", "plus de deux mois", []),
        ("not older than three months", "moins de deux mois", []),
        ("two months", "moins de deux mois", []),
    ],
)
def test_the_words_of_a_bound_that_both_have_are_found(
    said: str, quote: str, words: list[str]
) -> None:
    spans = shared_bounds(Text.read(said, "en"), Text.read(quote, "fr"))
    assert [said[start:end] for start, end in spans] == words


def test_a_bound_on_one_side_only_turns_nothing() -> None:
    assert not is_turned("two months", "en", QUOTE)
    assert not is_turned("at most two months", "en", "Venez deux mois avant.")


def test_at_least_outweighs_the_word_before_the_figure() -> None:
    assert not is_turned("before at least two months", "en", QUOTE)
    assert not is_turned("two months or more", "en", QUOTE)
    assert is_turned("over 18", "en", "La vente aux mineurs est interdite.")
