"""Kept on SQLite and PostgreSQL alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from civic_assistant.corrections.correction import Correction, Draft
from civic_assistant.corrections.draft import drafted
from civic_assistant.corrections.store import GUIDE_MOST, Corrections
from civic_assistant.corrections.tables import TEXTS
from civic_assistant.errors import (
    CorrectionMoved,
    CorrectionProblem,
    CorrectionRefused,
    RecordMissing,
)
from civic_assistant.records import reading
from civic_assistant.retention import Purged, purge
from civic_assistant.settings import Settings

TODAY = date(2026, 3, 1)
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
FRENCH = "L'emplacement coûte 14 € par jour."
DRAFT = Draft(
    "marche",
    {"fr": FRENCH, "en": "A stall costs €14 a day."},
    starts=TODAY,
    ends=date(2026, 3, 31),
    review_by=date(2026, 3, 20),
)


def added(kept: Corrections, **changes: object) -> Correction:
    draft = replace(DRAFT, **changes)  # type: ignore[arg-type]
    return kept.add(draft, author="Awa D.", today=TODAY, now=NOW)


def changed(kept: Corrections, before: Correction, now: datetime, **to: object) -> Correction:
    draft = replace(DRAFT, **to)  # type: ignore[arg-type]
    version = before.version
    return kept.change(before.id, version, draft, author="Bo", today=now.date(), now=now)


def test_what_is_kept_is_read_again_as_it_was(engine: Engine) -> None:
    kept = Corrections(engine)
    correction = added(kept)
    assert kept.correction(correction.id) == correction
    assert kept.all() == kept.history(correction.id) == (correction,)
    assert list(correction.texts) == ["fr", "en"]
    assert (correction.version, correction.made_at, correction.said_at) == (1, NOW, NOW)


def test_it_runs_from_its_first_day_to_its_last(engine: Engine) -> None:
    kept = Corrections(engine)
    added(kept)
    days = {date(2026, 2, 28): 0, TODAY: 1, date(2026, 3, 31): 1, date(2026, 4, 1): 0}
    assert {day: len(kept.running(["marche"], day)) for day in days} == days
    assert kept.running(["chiens"], TODAY) == kept.running([], TODAY) == ()
    assert len(kept.running(None, TODAY)) == 1


def test_without_a_last_day_it_runs_until_somebody_ends_it(engine: Engine) -> None:
    kept = Corrections(engine)
    correction = added(kept, ends=None)
    assert kept.running(None, date(2030, 1, 1)) == (correction,)
    kept.end(correction.id, by="Bo", now=NOW + timedelta(hours=1))
    assert kept.running(None, TODAY) == ()
    ended = kept.correction(correction.id)
    assert (ended.ended_by, ended.state(TODAY)) == ("Bo", "ended")
    with pytest.raises(CorrectionMoved):
        kept.end(correction.id, by="Bo", now=NOW)


def test_what_ran_at_a_moment_is_found_again_after_changes(engine: Engine) -> None:
    kept = Corrections(engine)
    first = added(kept)
    second = changed(kept, first, NOW + timedelta(hours=2), texts={"fr": "Quinze euros."})
    kept.end(first.id, by="Bo", now=NOW + timedelta(hours=4))

    def ran(hours: float) -> list[int]:
        at = NOW + timedelta(hours=hours)
        return [each.version for each in kept.running(["marche"], TODAY, at)]

    assert [ran(hours) for hours in (-1, 0, 1, 2, 3, 4)] == [[], [1], [1], [2], [2], []]
    versions = kept.history(first.id)
    assert [v.texts["fr"] for v in versions] == [FRENCH, "Quinze euros."]
    assert [v.ended_by for v in versions] == ["Bo", "Bo"]
    assert kept.all() == (versions[1],)
    assert second.author == "Bo"


def test_only_another_text_or_first_day_is_said_anew(engine: Engine) -> None:
    kept = Corrections(engine)
    correction = added(kept)
    later = [NOW + timedelta(hours=n) for n in range(4)]
    texts = {**DRAFT.texts, "es": "Un puesto cuesta 14 € al día."}
    moved = changed(kept, correction, later[1], ends=None, texts=texts)
    assert moved.said_at == NOW
    sooner = changed(kept, moved, later[2], texts=texts, starts=date(2026, 2, 20))
    assert sooner.said_at == later[2]
    other = changed(kept, sooner, later[3], texts={"fr": "Quinze euros."})
    assert other.said_at == later[3]


def test_of_two_who_change_it_at_once_one_is_told(engine: Engine) -> None:
    kept = Corrections(engine)
    correction = added(kept)

    def change(number: int) -> bool:
        try:
            changed(kept, correction, NOW + timedelta(minutes=1), texts={"fr": f"{number} €."})
        except CorrectionMoved:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(change, range(4))) == [False, False, False, True]
    assert [v.version for v in kept.history(correction.id)] == [1, 2]


def test_an_ended_one_runs_again_by_a_change(engine: Engine) -> None:
    kept = Corrections(engine)
    correction = added(kept)
    kept.end(correction.id, by="Bo", now=NOW)
    again = changed(kept, correction, NOW + timedelta(hours=1))
    assert kept.running(None, TODAY) == (again,)


def test_what_is_past_its_review_date_is_listed_until_it_ends(engine: Engine) -> None:
    kept = Corrections(engine)
    correction = added(kept)
    assert kept.overdue(date(2026, 3, 20)) == ()
    assert kept.overdue(date(2026, 3, 21)) == (correction,)
    assert correction.is_overdue(date(2026, 3, 21))
    assert kept.overdue(date(2026, 4, 1)) == ()
    assert not correction.is_overdue(date(2026, 4, 1))


def test_a_guide_has_few_corrections_at_once(engine: Engine) -> None:
    kept = Corrections(engine)
    made = [added(kept) for _ in range(GUIDE_MOST)]
    with pytest.raises(CorrectionRefused, match="has four"):
        added(kept)
    elsewhere = added(kept, guide_id="chiens")
    with pytest.raises(CorrectionRefused):
        changed(kept, elsewhere, NOW)
    kept.end(made[0].id, by="Bo", now=NOW)
    added(kept)


def test_one_that_is_not_there_is_named(engine: Engine) -> None:
    kept = Corrections(engine)
    with pytest.raises(RecordMissing, match="'nowhere'"):
        kept.correction("nowhere")
    with pytest.raises(CorrectionMoved, match="'nowhere'"):
        kept.end("nowhere", by="Bo", now=NOW)


def test_what_ended_is_kept_as_long_as_the_journal_and_then_erased(engine: Engine) -> None:
    kept, settings = Corrections(engine), Settings(journal_days=90)
    ended = added(kept)
    kept.end(ended.id, by="Bo", now=NOW)
    over = added(kept)
    first = added(kept, ends=None)
    second = changed(kept, first, NOW, ends=None)
    left = NOW + timedelta(days=90)
    assert purge(engine, settings, left) == Purged()
    assert purge(engine, settings, left + timedelta(days=1)) == Purged(corrections=2)
    assert {one.id for one in kept.all()} == {over.id, second.id}
    assert purge(engine, settings, left + timedelta(days=32)) == Purged(corrections=1)
    assert kept.all() == kept.history(first.id) == (second,)
    with reading(engine) as connection:
        assert {row.correction_id for row in connection.execute(select(TEXTS))} == {first.id}


def draft(**changes: object) -> Draft:
    given: dict[str, object] = {
        "guide_id": "marche",
        "texts": {"en": "  Fourteen\neuros. ", "fr": FRENCH, "es": " "},
        "starts": TODAY,
        "ends": None,
        "review_by": date(2026, 4, 1),
        "town_language": "fr",
        "today": TODAY,
    }
    return drafted(**{**given, **changes})  # type: ignore[arg-type]


def test_a_draft_holds_one_line_a_language_with_the_towns_first() -> None:
    assert list(draft().texts.items()) == [("fr", FRENCH), ("en", "Fourteen euros.")]


def test_a_text_cannot_turn_round_what_stands_after_it() -> None:
    assert draft(texts={"fr": "\u202e14 €\u2069\x07"}).texts == {"fr": "14 €"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"guide_id": " "}, "no_guide"),
        ({"texts": {"en": "Fourteen euros."}}, "no_text"),
        ({"texts": {"fr": FRENCH, "la": "Quattuordecim."}}, "language"),
        ({"texts": {"fr": "x" * 601}}, "too_long"),
        ({"ends": date(2026, 2, 28)}, "over"),
        ({"starts": date(2026, 2, 1), "ends": date(2026, 2, 20)}, "over"),
        ({"review_by": date(2026, 2, 28)}, "review"),
        ({"starts": date(2026, 5, 1)}, "review"),
    ],
)
def test_a_draft_that_cannot_be_used_says_why(
    changes: dict[str, object], problem: CorrectionProblem
) -> None:
    with pytest.raises(CorrectionRefused) as refused:
        draft(**changes)
    assert refused.value.problem == problem
