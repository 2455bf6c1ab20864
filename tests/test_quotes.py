from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_assistant.quotes import Located, locate_quote, normalised, stands_at, widened

TEXT = (
    "La réponse arrive sous 15 jours ouvrés. Le timbre coûte 1\u202f234,50 €.\n"
    "« Le Panier » ouvre à 8 h 30, au 03 53 01 20 10.\n"
    "Passeport d'un adulte | 86 €"
)


def located(quote: str, text: str = TEXT, language: str = "fr") -> str | None:
    place = locate_quote(quote, text, language)
    return text[place.start : place.end] if place else None


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("15 jours ouvrés", "15 jours ouvrés"),
        ("coûte 1 234,50 €", "coûte 1\u202f234,50 €"),
        ("Le timbre  coûte\n1 234,50 €.", "Le timbre coûte 1\u202f234,50 €."),
        ("“Le Panier” ouvre", "« Le Panier » ouvre"),
        ("re\u0301ponse arrive", "réponse arrive"),
        ("ré\u00adponse", "réponse"),
        ("d’un adulte | 86€", "d'un adulte | 86 €"),
    ],
)
def test_a_quote_is_found_whatever_its_typography(quote: str, found: str) -> None:
    assert located(quote) == found


@pytest.mark.parametrize(
    "quote",
    [
        "5 jours ouvrés",
        "234,50 €",
        "Le timbre coûte 1 234",
        "ouvre à 8 h",
        "53 01 20 10",
        "jours ouvrés",
        "ponse arrive",
        "Le timbre coûte 1 234,60 €",
        "Le timbre ne coûte pas 1 234,50 €",
        "",
    ],
)
def test_a_quote_that_cuts_a_word_or_a_figure_or_changes_one_is_not_found(quote: str) -> None:
    assert located(quote) is None


def test_chinese_has_no_word_borders_but_figures_have() -> None:
    text = "办理需要15个工作日。费用为30欧元。"
    assert located("费用为30欧元", text, "zh") == "费用为30欧元"
    assert located("15个工作日", text, "zh") == "15个工作日"
    assert located("5个工作日", text, "zh") is None


def test_a_quote_does_not_end_within_a_letter_and_its_marks() -> None:
    assert located(":0", "1:0\u0300", "fr") is None


def test_a_quote_is_widened_to_whole_sentences() -> None:
    place = locate_quote("timbre coûte", TEXT, "fr")
    assert place is not None
    assert TEXT[slice(*place.sentences)] == "Le timbre coûte 1\u202f234,50 €."
    assert widened(TEXT, 3, 5, "fr") == (0, 39)


def test_the_first_of_several_places_is_told() -> None:
    assert locate_quote("86 €", "86 €, puis 186 €, puis 86 €", "fr") == Located(0, 4, (0, 27), 2)


def test_offsets_outside_the_text_hold_no_quote() -> None:
    assert stands_at("86 €", TEXT, len(TEXT) - 4, len(TEXT), "fr")
    assert not stands_at("86 €", TEXT, len(TEXT) - 4, len(TEXT) + 3, "fr")


_NOISE = st.sampled_from(["", "\u00ad", " ", "\u202f", "\n"])
_SENTENCES = st.lists(
    st.sampled_from(
        ["Le dépôt dure 15 jours.", "Il coûte 1 234,50 €.", "« Oui », dit-on : 8 h 30."]
    ),
    min_size=2,
    max_size=5,
)


@given(_SENTENCES, st.data())
def test_offsets_slice_back_to_the_quote(sentences: list[str], data: st.DataObject) -> None:
    text = " ".join(sentences)
    words = text.split(" ")
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    gaps = data.draw(st.lists(_NOISE, min_size=len(words), max_size=len(words)))
    noisy = "".join(f"{w} {g}" for w, g in zip(words[first : last + 1], gaps, strict=False))
    quote = unicodedata.normalize("NFD", noisy)
    place = locate_quote(quote, text, "fr")
    if place is not None:
        assert normalised(text[place.start : place.end]) == normalised(quote)
        assert place.sentences[0] <= place.start < place.end <= place.sentences[1]
        assert stands_at(quote, text, place.start, place.end, "fr")
