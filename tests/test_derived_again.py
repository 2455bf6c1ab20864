"""An old answer is derived again from the edition it was given from."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from civic_assistant.assembly import Product, assemble
from civic_assistant.derived_again import derive_again, told_again
from civic_assistant.embedding import Embedding
from civic_assistant.errors import EditionMissing, IndexUnusable
from civic_assistant.outcomes import Answered, NotCovered
from civic_assistant.settings import Settings
from civic_assistant.stored import stored_turn
from civic_assistant.turns import Question
from ingest.folder import FolderSource
from ingest.progress import Progress
from ingest.publish import publish

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
FEE = Question("Combien coûte un repas à la cantine ?", page_language="fr")


@pytest.fixture(scope="module")
def changing(
    town: Settings, embedder: Embedding, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """Return a town like the shared one, whose guides may change."""
    folder = tmp_path_factory.mktemp("changing")
    shutil.copytree(town.index_folder, folder / "index")
    shutil.copytree(town.corpus_folder, folder / "corpus")
    return town.model_copy(
        update={
            "index_folder": folder / "index",
            "corpus_folder": folder / "corpus",
            "database_url": SecretStr(f"sqlite:///{folder / 'civic.sqlite'}"),
        }
    )


@pytest.fixture(scope="module")
def opened(changing: Settings, embedder: Embedding) -> Product:
    return assemble(changing, embedder, clock=lambda: AT)


def change(settings: Settings, embedder: Embedding, edit: Callable[[str], str]) -> None:
    for path in settings.corpus_folder.rglob("*cantine*/fr.*"):
        if path.suffix == ".md":
            path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")
    source = FolderSource(settings.corpus_folder)
    publish(source, settings, embedder, Progress(visible=False))


def test_an_answer_is_the_same_on_its_edition_and_another_on_the_live_one(
    opened: Product, changing: Settings, embedder: Embedding
) -> None:
    turn = opened.assistant.answer(FEE)
    assert isinstance(turn.outcome, Answered) and turn.edition is not None
    stored = opened.journal.turn(turn.id)
    change(changing, embedder, lambda text: text.replace(" €", " euros tout ronds"))
    now = opened.assistant.answer(FEE)
    assert now.edition == turn.edition + 1
    again = derive_again(stored, opened.assistant, opened.index)
    assert (again.is_same, again.edition) == (True, turn.edition)
    assert told_again(again, stored.models) == f"Derived again on edition {turn.edition}: the same."
    moved = derive_again(replace(stored, edition=now.edition), opened.assistant, opened.index)
    assert not moved.is_same


def test_deriving_again_records_and_counts_nothing(opened: Product) -> None:
    turn = opened.assistant.answer(FEE)
    before = opened.journal.editions()
    question = replace(FEE, edition=turn.edition)
    tried = opened.assistant.answer(question)
    assert tried.outcome == turn.outcome
    with pytest.raises(Exception, match="not in the journal"):
        opened.journal.turn(tried.id)
    assert opened.journal.editions() == before


def test_what_the_conversation_knew_is_known_again(opened: Product) -> None:
    asked = opened.assistant.answer(Question("Comment faire une carte d'identité ?"))
    reply = opened.assistant.answer(
        Question("pour un mineur", known=asked.known, conversation_language="fr")
    )
    stored = opened.journal.turn(reply.id)
    assert derive_again(stored, opened.assistant, opened.index).is_same


def test_what_differs_is_told(opened: Product) -> None:
    turn = opened.assistant.answer(replace(FEE, edition=1))
    assert isinstance(turn.outcome, Answered)
    fewer = replace(turn.outcome, sentences=turn.outcome.sentences[:-1])
    stored = replace(stored_turn(turn), outcome=fewer, models={"reader": "0"})
    again = derive_again(stored, opened.assistant, opened.index)
    assert again.differences == (f"only now: {turn.outcome.sentences[-1].text}",)
    assert "reader: then 0" in told_again(again, stored.models)
    other = derive_again(replace(stored, outcome=NotCovered(())), opened.assistant, opened.index)
    assert other.differences == ("outcome: not_covered then, answered now",)


def test_a_turn_that_rests_on_no_edition_is_not_derived_again(opened: Product) -> None:
    turn = opened.assistant.answer(Question("Bonjour"))
    with pytest.raises(IndexUnusable, match="rests on no edition"):
        derive_again(stored_turn(turn), opened.assistant, opened.index)


def test_an_edition_that_is_gone_is_said_to_be(opened: Product) -> None:
    turn = opened.assistant.answer(replace(FEE, edition=1))
    with pytest.raises(EditionMissing):
        derive_again(replace(stored_turn(turn), edition=99), opened.assistant, opened.index)
