import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from evals.pool import pools_of
from evals.report import write_report
from evals.run import Run, read_runs, write_run
from evals.summary import line
from tests.evals.runs_by_hand import asked, given, many, run_of, shown


def mixed(*, is_kept_aside: bool) -> Run:
    pairs = [
        (asked(1, "a"), given(1, "answered", "b", sentences=[shown()])),
        (asked(2, kind="uncovered"), given(2, "answered", "a", sentences=[shown()])),
        (asked(3, "a"), given(3, "unsure", "a")),
    ]
    return run_of(pairs, is_kept_aside=is_kept_aside, pool="mixed")


def report(folder: Path, *runs: Run) -> str:
    write_report(folder / "report.html", pools_of(runs, samples=50))
    return (folder / "report.html").read_text(encoding="utf-8")


def test_page_asks_for_nothing_outside_itself(tmp_path: Path) -> None:
    text = report(tmp_path, many())
    assert not re.search(r"https?://|url\(|<script|@import", text)
    assert not re.search(r'\b(?:src|href)="(?!#)', text)


def test_texts_of_a_set_kept_aside_are_shown_nowhere(tmp_path: Path) -> None:
    assert "Question secrète" in report(tmp_path, mixed(is_kept_aside=False))
    kept = report(tmp_path, mixed(is_kept_aside=True))
    assert "Question secrète" not in kept
    assert "4,10" not in kept


def test_tables_and_plots_have_names(tmp_path: Path) -> None:
    page = BeautifulSoup(report(tmp_path, many()), "html.parser")
    tables = page.find_all("table")
    assert len(tables) > 5
    assert all(table.caption and table.select("tbody th[scope=row]") for table in tables)
    assert all(drawn.get("aria-label") for drawn in page.find_all("svg"))
    assert len(page.find_all("svg")) == 5


@pytest.mark.parametrize("answerable", [True, False])
def test_a_pool_of_one_sort_of_question_has_its_report(tmp_path: Path, answerable: bool) -> None:
    run = many()
    questions = tuple(q for q in run.questions if q.is_answerable is answerable)
    text = report(tmp_path, run.model_copy(update={"questions": questions}))
    assert ("Right guide first, by system" in text) is answerable


def test_run_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    run = mixed(is_kept_aside=True)
    write_run(tmp_path, run)
    assert read_runs(tmp_path) == [run]


@pytest.mark.parametrize("key", ["right guide first 100.0", "in five 100.0", "no-answer F1 100.0"])
def test_main_figures_stand_in_one_line(key: str) -> None:
    told = line(pools_of([many()], samples=50))
    assert "\n" not in told
    assert key in told
