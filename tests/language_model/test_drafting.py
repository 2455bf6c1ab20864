"""A draft for staff: what the model reads of a conversation, and what of its sentences is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from civic_assistant.assembly import open_records
from civic_assistant.language_model.calls import Calls
from civic_assistant.language_model.drafting import (
    CONVERSATION_LENGTH,
    Drafted,
    Drafter,
    WantedDraft,
)
from civic_assistant.language_model.line import Line
from civic_assistant.language_model.named import NamedEndpoint
from civic_assistant.language_model.opening import open_asking
from civic_assistant.settings import Settings
from evals.endpoints.scripted import Behaviour, ScriptedServer, answers, says, serving, status
from tests.language_model.held import DELAY, FEE, HOURS, LIVE, PASSAGES, REFUND, TODAY

STYLE = "Nous disons vous."
LINES = (
    Line(1, "citizen", "Combien coûte la carte de stationnement ?", "fr"),
    Line(3, "agent", "Je regarde cela.", "fr"),
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=SecretStr(f"sqlite:///{tmp_path / 'civic.sqlite'}"))


def drafted(
    settings: Settings,
    behaviour: Behaviour,
    lines: Sequence[Line] = LINES,
    language: str = "fr",
) -> tuple[Drafted, ScriptedServer]:
    with serving(behaviour) as server:
        named = NamedEndpoint(name="near", address=server.address, model="m")
        chosen = settings.model_copy(update={"language_models": (named,)})
        now = datetime(2026, 11, 22, 10, tzinfo=UTC)
        endpoints = open_asking(chosen, open_records(chosen), ZoneInfo("Europe/Paris"), lambda: now)
        assert endpoints is not None
        wanted = WantedDraft("t1", "Tarif ?", lines, language, [*PASSAGES.values()], LIVE, TODAY)
        return Drafter(endpoints, None, STYLE).draft(wanted), server


def texts(found: Drafted) -> list[str]:
    return [sentence.text for sentence in found.sentences]


def test_the_model_reads_conversation_style_and_passages_as_data(settings: Settings) -> None:
    _, server = drafted(settings, answers((FEE, FEE)))
    given = server.given()
    assert given["style"] == STYLE
    assert given["write_in"] == "French"
    assert given["conversation"] == [
        {"from": "citizen", "text": LINES[0].text},
        {"from": "agent", "text": LINES[1].text},
    ]
    assert [p["text"] for p in given["passages"]] == [p.text for p in PASSAGES.values()]
    assert STYLE not in server.asked[0]["messages"][0]["content"]


def test_of_a_long_conversation_the_model_reads_the_end(settings: Settings) -> None:
    long = [Line(n, "citizen", f"{n} " + "a" * 999, "fr") for n in range(1, 20)]
    _, server = drafted(settings, answers((FEE, FEE)), long)
    read = [line["text"].split()[0] for line in server.given()["conversation"]]
    assert read[-1] == "19"
    assert len(read) == CONVERSATION_LENGTH // 1001


def test_what_does_not_hold_is_left_out_and_told_and_the_rest_is_kept(settings: Settings) -> None:
    faulty = ("La carte coûte 35 € par an.", FEE)
    found, _ = drafted(settings, answers((FEE, FEE), faulty, (HOURS, HOURS[:10])))
    assert texts(found) == [FEE, HOURS]
    assert [s.dropped for s in found.written.sentences] == [None, "figure", None]
    assert found.written.instead is None


def test_one_sentence_that_holds_is_enough_for_staff(settings: Settings) -> None:
    wrong = [(f"La carte coûte {euros} €.", FEE) for euros in (1, 2, 3)]
    found, _ = drafted(settings, answers(*wrong, (DELAY, DELAY)))
    assert texts(found) == [DELAY]


def test_a_sentence_of_courtesy_that_quotes_nothing_is_left_out(settings: Settings) -> None:
    said = {
        "coverage": "complete",
        "sentences": [{"text": "Merci pour votre message.", "sources": []}],
    }
    found, _ = drafted(settings, says(json.dumps(said)))
    assert (texts(found), found.written.instead) == ([], "lost")
    assert [s.dropped for s in found.written.sentences] == ["no_quote"]


def test_what_stands_for_personal_data_is_said_to_nobody(settings: Settings) -> None:
    said = ("[name], la carte coûte 30 € par an.", FEE)
    found, _ = drafted(settings, answers(said, (DELAY, DELAY)))
    assert [s.dropped for s in found.written.sentences] == ["placeholder", None]
    assert texts(found) == [DELAY]


@pytest.mark.parametrize(
    ("behaviour", "language", "reason"),
    [
        (answers(coverage="none"), "fr", "none"),
        (answers(("Gratuit.", FEE), ("Elle est remboursée.", REFUND)), "fr", "lost"),
        (answers(("La carte de stationnement coûte 30 € par an.", FEE)), "de", "language"),
        (says("Bien sûr !"), "fr", "garbage"),
        (status(500), "fr", "refused"),
    ],
)
def test_where_nothing_holds_there_is_no_draft_and_a_reason(
    settings: Settings, behaviour: Behaviour, language: str, reason: str
) -> None:
    found, _ = drafted(settings, behaviour, language=language)
    assert (texts(found), found.written.instead) == ([], reason)


def test_a_draft_counts_for_the_day_alone(settings: Settings) -> None:
    spent = settings.model_copy(update={"language_model_conversation_calls": 0})
    found, _ = drafted(spent, answers((FEE, FEE)))
    assert texts(found) == [FEE]
    (call,) = Calls(open_records(settings)).of_turn("t1")
    assert (call.outcome, call.prompt) == ("said", "drafting-1")
    over = settings.model_copy(update={"language_model_day_calls": 1})
    none, server = drafted(over, answers((FEE, FEE)))
    assert (none.written.instead, server.asked) == ("budget", [])
