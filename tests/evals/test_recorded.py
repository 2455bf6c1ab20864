from pathlib import Path

import pytest

from evals.figures import figures, measures_of
from evals.recorded import Change, compare, read_recorded, record
from evals.run import Run
from evals.score import score
from tests.evals.runs_by_hand import asked, many, shown

SAMPLES = 400


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    path = tmp_path / "by-hand-light.json"
    scored = score([many()])
    record(
        path, "by-hand", scored, figures(scored, list(measures_of(scored)), SAMPLES), {"gate": "1"}
    )
    return path


def changes(path: Path, now: Run) -> dict[str, Change]:
    before = read_recorded(path)
    assert before is not None
    scored = score([now])
    found = compare(scored, list(measures_of(scored)), before, SAMPLES)
    return {change.measure.key: change for change in found}


def test_the_same_run_has_not_changed(recorded: Path) -> None:
    assert {change.direction for change in changes(recorded, many()).values()} == {"same"}


def test_a_ranking_that_got_worse_is_seen(recorded: Path) -> None:
    now = changes(recorded, many(wrong_first=range(8)))
    assert now["recall_1"].direction == "worse"
    assert now["risk"].direction == "worse"
    assert now["recall_5"].direction == "same"
    assert (now["recall_1"].before, now["recall_1"].after) == (1.0, 0.8)


def test_one_question_in_forty_is_noise(recorded: Path) -> None:
    assert changes(recorded, many(wrong_first=[3]))["recall_1"].direction == "same"


def test_what_got_better_is_called_better(tmp_path: Path) -> None:
    path, scored = tmp_path / "worse.json", score([many(wrong_first=range(10))])
    record(path, "by-hand", scored, figures(scored, list(measures_of(scored)), SAMPLES), {})
    assert changes(path, many())["recall_1"].direction == "better"


def test_a_single_invalid_citation_is_worse(recorded: Path) -> None:
    run = many()
    first = run.answers[0].model_copy(update={"shown": (shown(held=None),)})
    now = run.model_copy(update={"answers": (first, *run.answers[1:])})
    assert changes(recorded, now)["citations_invalid"].direction == "worse"


def test_a_question_that_was_rewritten_is_not_compared(recorded: Path) -> None:
    run = many(wrong_first=range(8))
    rewritten = tuple(asked(n, "a", language="de") for n in range(8)) + run.questions[8:]
    now = changes(recorded, run.model_copy(update={"questions": rewritten}))
    assert now["recall_1"].direction == "same"
    assert now["recall_1"].count == 32


def test_nothing_recorded_is_nothing_to_compare_with(tmp_path: Path) -> None:
    assert read_recorded(tmp_path / "nothing.json") is None
