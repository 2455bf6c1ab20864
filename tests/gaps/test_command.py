"""The gap report by its command, over a small town's index and a journal of its own."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from civic_assistant.command_line import app
from civic_assistant.embedding import Embedding
from civic_assistant.turns import Question
from tests.verified.conftest import QUESTION, Shop, open_shop, shop

__all__ = ["open_shop", "shop"]

POOL = (
    "La piscine est ouverte à quelle heure le dimanche ?",
    "À quelle heure ouvre la piscine le dimanche ?",
)
LONG_AGO = "Où déposer des pneus usagés ?"


@pytest.fixture
def town(shop: Shop, embedder: Embedding, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Return a town of which two citizens asked for a pool that no guide is about."""
    settings = shop.market.settings
    for name, value in {
        "CIVIC_INDEX_FOLDER": settings.index_folder,
        "CIVIC_DATABASE_URL": settings.database_url.get_secret_value(),
        "CIVIC_EMBEDDING": "light",
    }.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setattr("civic_assistant.assembly.open_embedding", lambda settings: embedder)
    now = datetime.now(UTC)
    for text in (*POOL, QUESTION):
        ask(shop, text, now - timedelta(days=1))
    ask(shop, LONG_AGO, now - timedelta(days=40))
    return shop


def ask(shop: Shop, text: str, at: datetime) -> None:
    shop.market.now = at
    handoff = shop.product.handoff
    conversation = handoff.conversations.open(language="fr", now=at).conversation.id
    shop.product.assistant.answer(Question(text, page_language="fr", conversation=conversation))


def gaps(*options: str, status: int = 0) -> str:
    ran = CliRunner().invoke(app, ["gaps", *options], catch_exceptions=False)
    assert ran.exit_code == status, ran.output
    return ran.output


def test_what_two_citizens_asked_in_vain_is_told_and_what_was_answered_is_not(town: Shop) -> None:
    told = gaps()
    assert "4 questions looked up, 3 without an answer, in 2 topics; edition 1" in told
    assert [line for line in told.splitlines() if line.startswith("   2 ") and "piscine" in line]
    assert "emplacement" not in told
    assert "pneus" not in told, "what one conversation alone asked is only counted"
    assert "1 topics were asked about by one conversation only" in told


def test_only_the_last_days_are_reported_when_so_asked(town: Shop) -> None:
    told = gaps("--since", "7")
    assert "3 questions looked up, 2 without an answer, in 1 topics" in told


def test_every_gap_is_written_into_the_sheet(town: Shop, tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    gaps("--csv", str(path))
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert len(rows) == 2
    assert "piscine" in " ".join(map(str, rows[0].values()))


def test_a_sheet_that_cannot_be_written_is_an_error_of_one_line(town: Shop, tmp_path: Path) -> None:
    told = gaps("--csv", str(tmp_path / "nowhere" / "gaps.csv"), status=1)
    assert told.startswith("civic-assistant: ") and len(told.splitlines()) == 1
