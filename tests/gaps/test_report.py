"""The report over what the real assistant made of real questions over ``corpus/``."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import delete, select

from civic_assistant.errors import RecordMissing
from civic_assistant.gaps.gap import Gap, GapReport
from civic_assistant.gaps.sheet import as_csv
from civic_assistant.gaps.told import told_report
from civic_assistant.question_vectors import QUESTION_VECTORS
from civic_assistant.records import TURNS, reading, writing
from civic_assistant.retention import purge
from tests.gaps.asking import NOW, POOL, Asked


@pytest.fixture(scope="module")
def report(asked: Asked) -> GapReport:
    return asked.report()


def named(report: GapReport, word: str) -> Gap:
    (gap,) = [gap for gap in report.gaps if word in gap.title]
    return gap


def test_the_same_matter_in_three_languages_is_one_gap(report: GapReport) -> None:
    pool = named(report, "piscine")
    assert (pool.questions, pool.conversations) == (4, 4)
    assert pool.languages == {"fr": 2, "en": 1, "tr": 1}
    assert sum(pool.came_to.values()) == 4
    assert (pool.since, pool.last) == (NOW - timedelta(days=27), NOW - timedelta(days=18))
    assert (sum(pool.weeks), len(pool.weeks)) == (4, len(report.weeks))


def test_what_most_people_asked_comes_first_and_what_was_answered_not_at_all(
    report: GapReport,
) -> None:
    assert [gap.conversations for gap in report.gaps] == [4, 2, 1]
    assert "frelons" in report.gaps[1].title
    assert (report.turns, report.looked_up, report.screened) == (10, 8, 2)


def test_what_one_conversation_asked_shows_no_text_of_it(report: GapReport) -> None:
    drone = report.gaps[2]
    assert (drone.samples, drone.replies) == ((), ())
    assert "brindejonc" not in drone.title.casefold()
    assert "drone" in drone.title


def test_a_name_that_nothing_announced_stands_nowhere_in_the_report(report: GapReport) -> None:
    whole = told_report(report) + as_csv(report.gaps, report.weeks) + repr(report)
    assert "piscine" in whole
    assert "kowalczyk" not in whole.casefold() and "brindejonc" not in whole.casefold()


def test_samples_are_of_different_conversations(report: GapReport) -> None:
    pool = named(report, "piscine")
    assert len(pool.samples) == 3
    assert {sample.text for sample in pool.samples} <= {
        *(text for _, text in POOL),
        "horaires de la piscine municipale […]",
    }


def test_vectors_come_from_the_turns_and_are_not_made_again(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(text: str, language: str) -> object:
        raise AssertionError(text)

    monkeypatch.setattr(asked.product.gaps, "_embed", refuses)
    assert len(asked.report(89).gaps) == 3


def test_turns_from_before_vectors_were_kept_get_the_same_one(asked: Asked) -> None:
    before = [(gap.id, gap.questions) for gap in asked.report(88).gaps]
    kept = _kept_vectors(asked)
    with writing(asked.product.records) as connection:
        connection.execute(delete(QUESTION_VECTORS))
    assert [(gap.id, gap.questions) for gap in asked.report(87).gaps] == before
    again = _kept_vectors(asked)
    assert len(again) == len(kept) - 1  # the answered question's is not needed
    for turn_id, vector in again.items():
        assert np.allclose(vector, kept[turn_id], atol=2e-3)


def test_a_language_alone_is_counted_alone(asked: Asked) -> None:
    report = asked.report(language="tr")
    assert [(gap.questions, gap.languages) for gap in report.gaps] == [(1, {"tr": 1})]


def test_a_gap_is_found_again_by_any_of_its_questions(asked: Asked, report: GapReport) -> None:
    pool = named(report, "piscine")
    assert asked.product.gaps.gap(pool.id, NOW).title == pool.title
    with pytest.raises(RecordMissing, match="journal_days"):
        asked.product.gaps.gap("nothing", NOW)


def test_the_report_is_made_anew_when_something_was_asked(asked: Asked) -> None:
    before = asked.report(60)
    assert asked.report(60) is before
    asked.ask("de", "Wann öffnet das Schwimmbad?")
    after = asked.report(60)
    assert named(after, "piscine").questions == named(before, "piscine").questions + 1


def test_an_erased_conversation_is_in_no_report(asked: Asked) -> None:
    before = asked.report()
    turn = asked.ask("fr", "qui enlève un nid de frelons ?")
    assert named(asked.report(), "frelons").questions == 3
    with writing(asked.product.records) as connection:
        connection.execute(delete(TURNS).where(TURNS.c.id == turn))
    assert named(asked.report(), "frelons").questions == named(before, "frelons").questions


def test_what_the_journal_no_longer_keeps_is_in_no_report(asked: Asked) -> None:
    later, before = NOW + timedelta(days=65), named(asked.report(), "piscine").questions
    settings = asked.product.settings
    purge(asked.product.records, settings, later)
    kept = asked.product.gaps.report(later)
    assert named(kept, "piscine").since >= later - timedelta(days=settings.journal_days)
    assert named(kept, "piscine").questions == before - 1  # that of 27 days ago


def _kept_vectors(asked: Asked) -> dict[str, NDArray[np.float16]]:
    query = select(QUESTION_VECTORS.c.turn_id, QUESTION_VECTORS.c.vector)
    with reading(asked.product.records) as connection:
        return {row[0]: np.frombuffer(row[1], "<f2") for row in connection.execute(query)}
