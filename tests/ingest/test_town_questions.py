"""The town's test questions are read as they stand, or refused by their line."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from civic_assistant.errors import SourceError
from civic_assistant.messages import PAGE_LANGUAGES
from ingest.reviewing.town_questions import TownQuestion, load_questions

CORPUS = Path(__file__).parent.parent.parent / "corpus"


def write(folder: Path, text: str) -> Path:
    (folder / "questions.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_each_line_is_a_question_and_empty_lines_are_passed_over(tmp_path: Path) -> None:
    line = '{"question": "Quel prix ?", "language": "fr", "guide": "cantine", "contains": "4 €"}'

    assert load_questions(write(tmp_path, f"\n{line}\n\n")) == (
        TownQuestion(question="Quel prix ?", language="fr", guide="cantine", contains="4 €"),
    )


def test_a_town_without_the_file_has_no_test_questions(tmp_path: Path) -> None:
    assert load_questions(tmp_path) == ()


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("{", "line 2"),
        ('{"question": "?", "language": "fr"}', "line 2: guide"),
        ('{"question": "?", "language": "xx", "guide": null}', "line 2: language: 'xx'"),
        ('{"question": "", "language": "fr", "guide": null}', "line 2: question"),
        ('{"question": "?", "language": "fr", "guide": null, "guides": []}', "line 2: guides"),
    ],
)
def test_a_line_that_is_none_is_refused_by_its_number(
    tmp_path: Path, line: str, wrong: str
) -> None:
    right = '{"question": "Quel prix ?", "language": "fr", "guide": null}'

    with pytest.raises(SourceError, match=wrong):
        load_questions(write(tmp_path, f"{right}\n{line}\n"))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(SourceError, match="UTF-8"):
        load_questions(tmp_path)


def test_the_shipped_questions_ask_in_every_language_about_guides_that_are_there() -> None:
    questions = load_questions(CORPUS)
    guides = {question.guide for question in questions if question.guide}

    assert len(questions) >= 80
    assert {question.language for question in questions} == set(PAGE_LANGUAGES)
    assert guides == {name for name in guides if (CORPUS / name / "guide.toml").is_file()}
    assert Counter(question.guide is None for question in questions)[True] >= 5
    assert len({question.question for question in questions}) == len(questions)
