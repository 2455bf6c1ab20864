"""The corrections that run, put on whatever outcome shows a guide."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from civic_assistant.corrections.correction import Draft
from civic_assistant.corrections.showing import RunningCorrections
from civic_assistant.corrections.store import Corrections
from civic_assistant.desk.drafting import suggestion_of
from civic_assistant.outcomes import (
    Answered,
    AskedDetail,
    NotCovered,
    Outcome,
    Unsure,
    corrections_of,
    outcome_name,
)
from civic_assistant.stored import from_json, stored_turn, to_json
from civic_assistant.story import story
from tests.corrections.made import SHOWN
from tests.store.turns import ANSWERED, AT, OUTCOMES, RELATED, a_turn

TODAY = AT.date()
FRENCH = "La carte coûte 45 € par an."


@pytest.fixture
def running(sqlite_engine: Engine) -> RunningCorrections:
    return RunningCorrections(Corrections(sqlite_engine), ZoneInfo("Europe/Paris"))


def correct(running: RunningCorrections, guide_id: str, **changes: object) -> str:
    texts = {"fr": FRENCH, "en": "The card costs €45 a year."}
    draft = replace(Draft(guide_id, texts, TODAY, None, TODAY), **changes)  # type: ignore[arg-type]
    return running.kept.add(draft, author="Awa D.", today=TODAY, now=AT).id


def test_it_is_read_in_the_citizens_language_or_in_its_own(running: RunningCorrections) -> None:
    correct(running, "stationnement")
    shown = {
        language: corrections_of(running.shown_with(a_turn(language=language)).outcome)[0]
        for language in ("fr", "en", "zh")
    }
    assert {tag: each.language for tag, each in shown.items()} == {
        "fr": "fr",
        "en": "en",
        "zh": "fr",
    }
    assert shown["zh"].text == FRENCH
    assert shown["en"].title == "Stationnement résidentiel"


@pytest.mark.parametrize("outcome", OUTCOMES, ids=outcome_name)
def test_every_outcome_has_those_of_the_guides_that_it_shows(
    running: RunningCorrections, outcome: Outcome
) -> None:
    made = {guide: correct(running, guide) for guide in ("parc", "stationnement", "piscine")}
    shown = corrections_of(running.shown_with(a_turn(outcome=outcome)).outcome)
    expected: dict[str, tuple[str, ...]] = {
        "answered": ("stationnement",),
        "asked_detail": ("parc", "stationnement"),
        "unsure": ("parc",),
        "not_covered": ("parc",) if getattr(outcome, "related", ()) else (),
    }
    guides = expected.get(outcome_name(outcome), ())
    assert [(each.guide_id, each.id) for each in shown] == [(g, made[g]) for g in guides]


def test_staff_have_it_with_a_draft_that_the_citizen_is_not_shown(
    running: RunningCorrections,
) -> None:
    correct(running, "stationnement")
    turn = running.shown_with(a_turn(outcome=Unsure(RELATED), drafted=ANSWERED))
    assert corrections_of(turn.outcome) == ()
    suggestion = suggestion_of(turn)
    assert suggestion is not None and not suggestion.is_sure
    lines = suggestion.text.split("\n")
    assert lines[0] == "Correction de la mairie, depuis le 22 novembre 2026"
    assert (lines[2], suggestion.corrections[0].text) == (FRENCH, FRENCH)


def test_a_suggestion_for_every_case_begins_with_it(running: RunningCorrections) -> None:
    correct(running, "stationnement")
    detail = AskedDetail("parc", "Parc municipal", "fr", (), ("adulte", "enfant"), ANSWERED)
    suggestion = suggestion_of(running.shown_with(a_turn(outcome=detail, language="en")))
    assert suggestion is not None and suggestion.is_sure
    assert suggestion.text.startswith("Correction of the town hall, since 22 November 2026\n")
    assert "A correction overrules the guide" in suggestion.text


def test_since_when_a_guide_is_corrected_is_the_later_of_day_and_text(
    running: RunningCorrections,
) -> None:
    correct(running, "parc", starts=date(2026, 11, 1))
    correct(running, "parc", starts=date(2026, 11, 10))
    correct(running, "stationnement", starts=date(2026, 11, 24))
    later = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert running.said_since(AT) == {"parc": AT}
    assert running.said_since(later) == {
        "parc": AT,
        "stationnement": datetime(2026, 11, 23, 23, tzinfo=UTC),
    }


def test_turns_kept_before_there_were_corrections_can_be_read() -> None:
    for outcome in OUTCOMES:
        stored = stored_turn(a_turn(outcome=outcome, evidence=None))
        kept = to_json(stored)
        assert isinstance(kept, dict) and isinstance(kept["outcome"], dict)
        kept["outcome"].pop("corrections", None)
        assert from_json(kept) == stored


@pytest.mark.parametrize("outcome", OUTCOMES, ids=outcome_name)
def test_the_story_tells_the_corrections_shown(outcome: Outcome) -> None:
    if isinstance(outcome, Answered | AskedDetail | Unsure) or outcome == NotCovered(RELATED):
        told = story(stored_turn(a_turn(outcome=replace(outcome, corrections=(SHOWN,)))))
        assert "Correction c1, version 1, of stationnement, from 2026-03-01" in told
        assert "La carte coûte *34 €* par an." in told
