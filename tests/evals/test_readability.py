from __future__ import annotations

import math
from pathlib import Path

import pytest

from evals.pool import pools_of
from evals.readability import LONG_SENTENCE, Readability, readability
from evals.recorded import compare, read_recorded, record
from evals.report import write_report
from evals.run import Run, read_runs, write_run
from evals.score import score
from evals.summary import line
from tests.evals.runs_by_hand import asked, given, run_of, shown

CARD = "La carte de stationnement coûte 30 € par an."


def test_words_a_sentence_and_lix_are_counted_as_bjornsson_does() -> None:
    assert readability([CARD], "fr") == Readability(8.0, 8.0 + 100 / 8, 0.0)
    assert readability([CARD, "Elle se demande en mairie."], "fr") == Readability(
        6.5, 6.5 + 200 / 13, 0.0
    )


def test_a_text_of_two_sentences_counts_as_two_and_a_number_as_one_word() -> None:
    read = readability(["Sie kostet 1 200,50 €. Das ist alles."], "de")
    assert read is not None
    assert (read.words, read.long_sentences) == (3.0, None)


def test_of_french_sentences_those_over_fifteen_words_are_too_long() -> None:
    fits, exceeds = (" ".join(["mot"] * count) for count in (LONG_SENTENCE, LONG_SENTENCE + 1))
    read = readability([fits, exceeds, fits, fits], "fr")
    assert read is not None
    assert read.long_sentences == 0.25


@pytest.mark.parametrize(
    ("texts", "language"), [([], "fr"), (["—", "| |"], "fr"), (["停车证每年三十欧元。"], "zh")]
)
def test_without_words_parted_by_spaces_nothing_is_said(texts: list[str], language: str) -> None:
    assert readability(texts, language) is None


def said(*, has_model: bool) -> Run:
    """Return a run of one answer in 4 words, worded by a model in 4 and 3, plainly in 3."""
    words = {
        "worded": ("Le repas coûte 4,10 €.", "Inscrivez votre enfant !"),
        "plain": ("Il coûte 4,10 €.",),
    }
    answer = given(1, "answered", "a", sentences=[shown()])
    answer = answer.model_copy(update=words if has_model else {})
    return run_of([(asked(1, "a"), answer), (asked(2, "a"), given(2, "unsure", "a"))])


def test_how_answers_read_is_in_the_line_and_the_report_as_a_guide_a_model_and_plainly(
    tmp_path: Path,
) -> None:
    (pool,) = pools_of([said(has_model=True)], samples=20)
    values = {f.measure.key: f.interval.value for f in pool.figures}
    assert (values["words"], values["worded_words"], values["plain_words"]) == (4.0, 3.5, 3.0)
    assert values["long_sentences"] == 0.0
    assert "words a sentence 4.0, worded by a model 3.5, in plain language 3.0" in line([pool])
    write_report(tmp_path / "report.html", [pool])
    assert "LIX, answers in plain language" in (tmp_path / "report.html").read_text("utf-8")


def test_without_a_model_only_the_guides_own_sentences_are_measured() -> None:
    (pool,) = pools_of([said(has_model=False)], samples=20)
    keys = {figure.measure.key for figure in pool.figures}
    assert {"words", "lix", "long_sentences"} <= keys
    assert not {"worded_words", "plain_words"} & keys


def test_a_run_that_did_not_keep_languages_is_read_and_not_measured(tmp_path: Path) -> None:
    run = said(has_model=False)
    write_run(tmp_path, run)
    path = tmp_path / f"{run.manifest.set_name}.jsonl"
    old = path.read_text("utf-8").replace(',"language":"fr"}]', "}]")
    old = old.replace(',"worded":[],"plain":[]', "")
    assert old != path.read_text("utf-8")
    path.write_text(old, encoding="utf-8")
    (read,) = read_runs(tmp_path)
    assert math.isnan(score([read]).columns["words"][0])


def test_figures_recorded_before_readability_are_still_compared(tmp_path: Path) -> None:
    (pool,) = pools_of([said(has_model=False)], samples=20)
    before = tmp_path / "before.json"
    columns = {n: c for n, c in pool.scored.columns.items() if n not in ("words", "lix")}
    older = type(pool.scored)(pool.scored.ids, pool.scored.prints, columns, pool.scored.labels)
    record(before, pool.name, older, pool.figures, pool.made_of)
    kept = read_recorded(before)
    assert kept is not None
    measures = [figure.measure for figure in pool.figures]
    compared = {c.measure.key for c in compare(pool.scored, measures, kept, samples=20)}
    assert "recall_1" in compared
    assert "words" not in compared
