from __future__ import annotations

from dataclasses import replace

import pytest

from civic_assistant.outcomes import Citation
from civic_assistant.verification import is_quoted
from tests.guides_by_hand import guide, passages, section

TEXT = "La réponse arrive sous 15 jours ouvrés. Le timbre coûte 86 €."
PASSAGE = passages(guide("g", "Guide", section(("paragraph", TEXT))))[0]


def citation(quote: str) -> Citation:
    start = TEXT.index(quote)
    return Citation("g", "fr", PASSAGE.id, quote, start, start + len(quote), edition=1)


def test_a_quote_that_stands_at_its_offsets_is_accepted() -> None:
    assert is_quoted(citation("Le timbre coûte 86 €."), PASSAGE)


def test_a_figure_inside_a_longer_figure_is_refused() -> None:
    assert not is_quoted(citation("5 jours ouvrés"), PASSAGE)


@pytest.mark.parametrize("quote", ["Le timbre coûte 85 €.", "Le timbre ne coûte pas 86 €."])
def test_words_that_are_not_at_the_offsets_are_refused(quote: str) -> None:
    assert not is_quoted(replace(citation("Le timbre coûte 86 €."), quote=quote), PASSAGE)


def test_offsets_outside_the_passage_are_refused() -> None:
    assert not is_quoted(replace(citation("86 €"), end=len(TEXT) + 5), PASSAGE)


def test_white_space_and_composition_of_accents_do_not_matter() -> None:
    decomposed = "La re\u0301ponse  arrive sous 15 jours ouvre\u0301s."
    assert is_quoted(
        replace(citation("La réponse arrive sous 15 jours ouvrés."), quote=decomposed), PASSAGE
    )
