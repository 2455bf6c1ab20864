import math

import pytest

from evals.questions import SetQuestion
from evals.run import Given, Shown
from evals.score import Scored, is_quoted, score, sentence_measures, unsupported_figures
from tests.evals.runs_by_hand import PASSAGE, asked, given, run_of, shown

LINES = ("Le repas coûte 4,10 €.", "Le dossier est gratuit.")


def scored(question: SetQuestion, answer: Given) -> Scored:
    return score([run_of([(question, answer)])])


def column(question: SetQuestion, answer: Given, name: str) -> float:
    return float(scored(question, answer).columns[name][0])


def test_a_quote_that_stands_in_the_edition_is_valid() -> None:
    assert is_quoted(shown())


@pytest.mark.parametrize(
    "planted",
    [
        shown().model_copy(update={"text": "Le repas coûte 4,20 €."}),
        shown().model_copy(update={"quote": "Le repas coûte 4,20 €."}),
        shown().model_copy(update={"start": 1}),
        shown(held=None),
    ],
)
def test_a_planted_quote_is_found_invalid(planted: Shown) -> None:
    assert not is_quoted(planted)


def test_a_planted_figure_is_found_even_inside_another_number() -> None:
    wrong = shown().model_copy(update={"text": "Le repas coûte 1,10 € avant le 5 mai."})
    assert unsupported_figures(shown()) == 0
    assert unsupported_figures(wrong) == 2
    assert "15 mai" in PASSAGE


def test_sentences_are_right_when_they_meet_an_expected_line() -> None:
    answer = given(
        1,
        "answered",
        "a",
        sentences=[shown(), shown("L'inscription se fait en mairie avant le 15 mai.")],
        lines_held=LINES,
    )
    assert sentence_measures(asked(1, "a", lines=LINES), answer) == (0.5, 0.5)


def test_an_answer_with_no_expected_line_is_wrong() -> None:
    elsewhere = shown("L'inscription se fait en mairie avant le 15 mai.")
    answer = given(1, "answered", "a", sentences=[elsewhere], lines_held=LINES)
    assert column(asked(1, "a", lines=LINES), answer, "wrong") == 1.0


def test_a_refusal_has_full_sentence_precision_and_no_recall() -> None:
    refused = given(1, "unsure", "a")
    assert sentence_measures(asked(1, "a", lines=LINES), refused) == (1.0, 0.0)


def test_an_answer_from_another_guide_is_wrong() -> None:
    assert column(asked(1, "a"), given(1, "answered", "b", "a"), "wrong") == 1.0
    assert column(asked(1, "a"), given(1, "answered", "b", "a"), "rr_10") == 0.5


def test_every_answer_to_an_unanswerable_question_is_wrong() -> None:
    assert column(asked(1, kind="near_miss"), given(1, "answered", "a"), "wrong") == 1.0


def test_outcome_must_be_one_that_the_question_accepts() -> None:
    question = asked(1, kind="personal_file", accepts=["signposted:personal_file"])
    right = given(1, "signposted", detail="personal_file")
    other = given(1, "signposted", detail="emergency")
    assert column(question, right, "outcome_right") == 1.0
    assert column(question, other, "outcome_right") == 0.0
    assert column(asked(1, "a"), given(1, "unsure", "a"), "outcome_right") != 0.0


def test_a_turn_that_broke_is_no_right_refusal() -> None:
    broken = given(1, "could_not_look")
    assert column(asked(1, kind="uncovered"), broken, "outcome_right") == 0.0


def test_what_a_screen_decided_has_no_confidence_to_rank_by() -> None:
    screened = given(1, "signposted", detail="emergency", confidence=0.0, is_gated=False)
    assert column(asked(1, kind="emergency"), screened, "score") == -1.0


def test_a_detail_asked_back_is_neither_an_answer_nor_a_refusal() -> None:
    table = scored(asked(1, "a"), given(1, "asked_detail", "a"))
    asked_back = {
        name: float(table.columns[name][0]) for name in ("asked", "answered", "abstained")
    }
    assert asked_back == {"asked": 1.0, "answered": 0.0, "abstained": 0.0}


def test_language_of_gibberish_does_not_count() -> None:
    assert math.isnan(column(asked(1, kind="gibberish"), given(1, "refused"), "language_right"))


def test_baselines_are_scored_like_the_product() -> None:
    table = scored(asked(1, "a"), given(1, "answered", "a", "b"))
    assert (table.columns["recall_1"][0], table.columns["bm25.recall_1"][0]) == (1.0, 0.0)


def test_the_same_question_keeps_its_print_until_it_changes() -> None:
    one = scored(asked(1, "a"), given(1, "answered", "a"))
    other = scored(asked(1, "b"), given(1, "answered", "a"))
    assert one.ids == other.ids
    assert one.prints != other.prints
