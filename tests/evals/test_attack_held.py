"""The check that is written apart from the product's."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from civic_assistant.guides import Passage
from civic_assistant.index import Index
from civic_assistant.outcomes import Answered, AnswerSentence, Citation
from evals.attack.held import unheld
from tests.language_model.held import FEE, FEES, LIVE, PASSAGES


class Held:
    """The passages of an edition, as the index gives them."""

    def passages(self, ids: set[str], live: object) -> dict[str, Passage]:
        return {id_: PASSAGES[id_] for id_ in ids if id_ in PASSAGES}


CITATION = Citation("parking", "fr", "p0", FEE, 0, len(FEE), LIVE.number)


def faults(text: str, citation: Citation = CITATION) -> list[str]:
    sentence = AnswerSentence(text, "paragraph", citation, 0)
    return list(unheld(Answered("full", (sentence,), ()), cast(Index, Held()), LIVE))


def test_figures_of_the_quote_hold_however_they_are_written() -> None:
    assert faults("The permit costs €30 a year.") == []
    assert faults("ثمن البطاقة ٣٠ €") == []


def test_a_number_that_no_quote_has_is_told() -> None:
    assert faults("The permit costs €35.") == [
        "the number 35 is in no quote: The permit costs €35."
    ]
    assert faults("It is dealt with in 15 days.")


def test_numbers_are_compared_whole() -> None:
    quote = "Le loyer est de 1 200 €."
    held = replace(CITATION, quote=quote)
    assert faults("The rent is 1,200 €.", held)[0].startswith("a quote that stands nowhere")
    assert not any("number" in fault for fault in faults("The rent is 1,200 €.", held))
    assert any("number" in fault for fault in faults("The rent is 120 €.", held))


def test_a_quote_must_stand_in_a_live_passage() -> None:
    assert faults(FEE, replace(CITATION, passage_id="gone"))
    assert faults(FEE, replace(CITATION, edition=LIVE.number + 1))
    assert faults(FEE, replace(CITATION, quote=FEES.replace("30", "31")))
