from __future__ import annotations

from datetime import date

import pytest

from civic_assistant.errors import AnswerRefused
from civic_assistant.verified.preview import Preview, preview
from tests.verified.conftest import NOW, QUESTION, Shop


def seen(shop: Shop, text: str = "Douze euros.", **changed: object) -> Preview:
    given: dict[str, object] = {
        "language": "fr",
        "wordings": [(QUESTION, "fr")],
        "passage_ids": [shop.passage().id],
        "ends_on": None,
    }
    given |= changed
    return preview(text, index=shop.product.index, today=NOW.date(), **given)  # type: ignore[arg-type]


def test_personal_data_is_taken_out_of_text_and_question(shop: Shop) -> None:
    found = seen(
        shop,
        "Bonjour, écrivez-nous de claire@example.org ou du 06 98 76 54 32.",
        wordings=[("Je suis claire@example.org, combien coûte un emplacement ?", "fr")],
    )
    assert "claire@" not in str(found.proposal) and "06 98" not in found.proposal.text
    assert len(found.taken_out) == 2


def test_a_number_that_the_passage_prints_is_nobodys_own(shop: Shop) -> None:
    found = seen(shop, "Appelez la régie au 01 23 45 67 89.")
    assert found.proposal.text == "Appelez la régie au 01 23 45 67 89."
    assert found.taken_out == () and found.doubtful == ()


def test_figures_that_stand_in_no_passage_are_named(shop: Shop) -> None:
    found = seen(shop, "Un emplacement coûte 12 € par jour, ou 50 € par mois.")
    assert found.doubtful and "50 €" in found.doubtful[0]
    assert not any("12" in figure for figure in found.doubtful)


def test_the_quote_is_kept_with_its_place(shop: Shop) -> None:
    (support,) = seen(shop).proposal.supports
    assert (support.guide_id, support.heading, support.quote) == (
        "marche",
        "Tarifs",
        shop.passage().text,
    )


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"text": " "}, "no_text"),
        ({"text": "x" * 5000}, "too_long"),
        ({"wordings": [("  ", "fr")]}, "no_wording"),
        ({"passage_ids": []}, "no_passage"),
        ({"passage_ids": ["f" * 32]}, "passage_gone"),
        ({"ends_on": date(2026, 1, 1)}, "ended"),
        ({"wordings": [(f"Question {n} ?", "fr") for n in range(13)]}, "too_many"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_problem(
    shop: Shop, changed: dict[str, object], problem: str
) -> None:
    with pytest.raises(AnswerRefused) as refused:
        seen(shop, **changed)  # type: ignore[arg-type]
    assert refused.value.problem == problem
