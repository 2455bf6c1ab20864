from pathlib import Path

import pytest

from civic_assistant.errors import SourceError
from civic_assistant.messages import PAGE_LANGUAGES
from evals.questions import load_set, open_set, present_sets

QUESTION = '{"id": "q1", "language": "fr", "question": "?", '


def written(folder: Path, *lines: str) -> str:
    path = folder / "some.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", present_sets())
def test_every_shipped_set_can_be_read(name: str) -> None:
    asked = open_set(name)
    assert asked.questions
    assert {question.language for question in asked.questions} <= set(PAGE_LANGUAGES)


def test_sets_of_one_pool_are_asked_over_one_corpus() -> None:
    cards = [open_set(name).card for name in present_sets()]
    assert len({(card.pool, card.corpus) for card in cards}) == len({card.pool for card in cards})


def test_only_sets_to_tune_and_calibrate_on_may_be_shown() -> None:
    shown = [name for name in present_sets() if not open_set(name).card.is_kept_aside]
    assert all(name.startswith(("tuning", "calibration")) for name in shown)


def test_an_unknown_set_is_kept_aside(tmp_path: Path) -> None:
    assert open_set(written(tmp_path, QUESTION + '"guides": ["a"]}')).card.is_kept_aside


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ([QUESTION + '"kind": "riddle"}'], "line 1.*kind"),
        ([QUESTION + '"sections": ["Tarifs"]}'], "line 1.*expects no section"),
        (
            [QUESTION + '"guides": ["a"]}', QUESTION + '"guides": ["b"]}'],
            "line 2.*'q1' stands twice",
        ),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, lines: list[str], wrong: str) -> None:
    with pytest.raises(SourceError, match=wrong):
        load_set(written(tmp_path, *lines))
