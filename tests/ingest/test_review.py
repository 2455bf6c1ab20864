"""What publishing an edition would do: questions, given answers, translations, test questions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from pydantic import SecretStr
from rich.console import Console
from sqlalchemy import func, select

from civic_assistant.assembly import Product, assemble
from civic_assistant.embedding import Embedding
from civic_assistant.errors import QuestionsWorse
from civic_assistant.outcomes import Answered
from civic_assistant.records import TURNS
from civic_assistant.settings import Settings
from civic_assistant.turns import Question
from civic_assistant.verified.preview import preview
from civic_assistant.verified.store import VerifiedAnswers
from ingest.folder import FolderSource
from ingest.progress import Progress
from ingest.publish import prepare, publish
from ingest.reviewing.impact import Impact
from ingest.reviewing.kept_questions import keep_questions
from ingest.reviewing.past_questions import past_questions
from ingest.reviewing.review import Review, review
from ingest.reviewing.told import tell_review
from ingest.reviewing.town_questions import load_questions

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
SILENT = Progress(visible=False)
FEE = "Combien coûte un emplacement au marché ?"
ASKED = "quel est le prix de la place de marché"
DOGS = "Faut-il tenir son chien en laisse ?"
COMPOST = "Quel est le prix d'un composteur ?"
TESTS = (
    {"question": FEE, "language": "fr", "guide": "marche", "contains": "12 €"},
    {"question": DOGS, "language": "fr", "guide": "chiens"},
    {"question": COMPOST, "language": "fr", "guide": "composteur", "contains": "25 €"},
)
MARKET = """# Marché

## Tarifs

L'emplacement au marché coûte {fee} € par jour.

## Délais

La réponse est donnée sous un mois.
"""
MARKET_ENGLISH = """# Market

## Fees

A pitch at the market costs €12 a day.

## Time

You get a reply within a month.
"""
DOGS_GUIDE = "# Chiens\n\n## Règles\n\nLes chiens sont tenus en laisse dans les rues.\n"
COMPOSTER = "# Composteur\n\n## Prix\n\nUn composteur coûte 25 € par foyer.\n"


@dataclass(frozen=True)
class Stand:
    """A town whose next edition is staged: the market's fee rises, the composter goes."""

    settings: Settings
    product: Product
    staged: int
    verified: str
    found: Review

    def impact(self, question: str) -> Impact | None:
        return next((i for i in self.found.impacts.changes if i.question == question), None)


def write(corpus: Path, guide: str, text: str, language: str = "fr") -> None:
    (corpus / guide).mkdir(parents=True, exist_ok=True)
    toml = f'id = "{guide}"\ndepartment = "Commerce"\n'
    if guide == "marche":
        toml += "review_by = 2026-12-01\n"
    (corpus / guide / "guide.toml").write_text(toml, encoding="utf-8")
    (corpus / guide / f"{language}.md").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def stand(
    embedder: Embedding, light_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stand]:
    folder = tmp_path_factory.mktemp("stand")
    corpus = folder / "corpus"
    write(corpus, "marche", MARKET.format(fee=12))
    write(corpus, "marche", MARKET_ENGLISH, "en")
    write(corpus, "chiens", DOGS_GUIDE)
    write(corpus, "composteur", COMPOSTER)
    lines = "".join(json.dumps(test, ensure_ascii=False) + "\n" for test in TESTS)
    (corpus / "questions.jsonl").write_text(lines, encoding="utf-8")
    settings = Settings(
        embedding="light",
        data_folder=light_settings.data_folder,
        corpus_folder=corpus,
        index_folder=folder / "index",
        database_url=SecretStr(f"sqlite:///{folder / 'civic.sqlite'}"),
        gate_threshold=0.05,
    )
    publish(FolderSource(corpus), settings, embedder, SILENT, lambda: NOW - timedelta(days=9))
    product = assemble(settings, embedder, clock=lambda: NOW)
    for question in (ASKED, ASKED, DOGS):
        assert isinstance(product.assistant.answer(Question(question)).outcome, Answered)
    verified = verify(product, "Combien faut-il payer pour vendre au marché ?", "12 €")
    write(corpus, "marche", MARKET.format(fee=15))
    (corpus / "composteur" / "fr.md").unlink()
    (corpus / "composteur" / "guide.toml").unlink()
    (corpus / "composteur").rmdir()
    staged = prepare(FolderSource(corpus), settings, embedder, SILENT, clock=lambda: NOW).edition
    assert staged is not None
    yield Stand(settings, product, staged, verified, review(1, staged, product, NOW, SILENT))
    product.records.dispose()


def verify(product: Product, wording: str, words: str) -> str:
    """Make a verified answer that rests on the passage with these words; return its id."""
    index, live = product.index, product.index.live()
    passages = (p for entry in live.guides.values() for p in index.passages_of(entry))
    support = next(p for p in passages if words in p.text and p.language == "fr")
    seen = preview(
        "Vous payez 12 €.", "fr", [(wording, "fr")], [support.id], None, index, NOW.date()
    )
    kept = VerifiedAnswers(product.records)
    made = kept.make(seen.proposal, desk="Accueil", author="Awa", has_doubts=False, now=NOW)
    return made.id


def test_a_fee_that_changes_changes_the_answer_and_makes_its_test_question_worse(
    stand: Stand,
) -> None:
    impact = stand.impact(FEE)

    assert impact is not None
    assert (impact.kind, impact.origin, impact.is_worse) == ("other_answer", "test", True)
    assert any("12 €" in sentence for sentence in impact.before.sentences)
    assert any("15 €" in sentence for sentence in impact.after.sentences)


def test_a_question_whose_guide_is_withdrawn_is_lost_or_answered_from_another(stand: Stand) -> None:
    impact = stand.impact(COMPOST)

    assert impact is not None
    assert impact.before.guide_id == "composteur"
    assert impact.after.guide_id != "composteur"
    assert impact in stand.found.impacts.worse


def test_a_question_whose_answer_stays_is_not_told(stand: Stand) -> None:
    assert stand.impact(DOGS) is None
    assert stand.found.impacts.asked == 5


def test_what_citizens_asked_counts_with_how_often(stand: Stand) -> None:
    impact = stand.impact(ASKED)

    assert impact is not None
    assert (impact.origin, impact.count, impact.is_worse) == ("asked", 2, False)


def test_given_answers_that_cite_what_changes_are_counted_by_guide(stand: Stand) -> None:
    given = stand.found.given

    assert given.by_guide == (("marche", 2),)
    assert {(one.guide_id, one.fate) for one in given.last} == {("marche", "changed")}
    assert "12 €" in given.last[0].quote


def test_a_verified_answer_that_would_fall_is_told_and_stands_until_then(stand: Stand) -> None:
    (falling,) = stand.found.falling

    assert (falling.answer_id, falling.guide_id, falling.reason) == (
        stand.verified,
        "marche",
        "changed",
    )
    kept = VerifiedAnswers(stand.product.records).answer(stand.verified)
    assert (kept.state, kept.offered) == ("live", 0)
    impact = stand.impact(falling.wording)
    assert impact is not None
    assert (impact.before.is_verified, impact.after.is_verified) == (True, False)


def test_the_translation_left_behind_is_told_with_the_figure_it_lacks(stand: Stand) -> None:
    (lag,) = stand.found.lags
    (pair,) = stand.found.contradictions

    assert (lag.document, lag.since, lag.figures) == ("marche/en.md", None, ("15 €",))
    assert (pair.one.figure, pair.other.figure) == ("15 €", "€12")


def test_a_changed_guide_that_is_soon_to_be_reviewed_is_told(stand: Stand) -> None:
    assert [(g.guide_id, g.staleness, g.day) for g in stand.found.stale] == [
        ("marche", "due", date(2026, 12, 1))
    ]


def test_a_review_records_no_question_and_publishes_nothing(stand: Stand) -> None:
    with stand.product.records.connect() as connection:
        before = connection.scalar(select(func.count()).select_from(TURNS))
    review(1, stand.staged, stand.product, NOW, SILENT)
    with stand.product.records.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(TURNS)) == before
    assert stand.product.index.live().number == 1


def test_at_most_so_many_questions_are_asked_test_questions_first(stand: Stand) -> None:
    tests = load_questions(stand.settings.corpus_folder)

    past = past_questions(tests, stand.product.records, NOW, days=28, most=4)

    assert [q.origin for q in past.questions] == ["test", "test", "test", "verified"]
    assert past.left_out == 1
    assert past_questions(tests, stand.product.records, NOW, days=28, most=0).questions == ()


def test_questions_of_earlier_weeks_do_not_count(stand: Stand) -> None:
    later = NOW + timedelta(days=29)

    past = past_questions((), stand.product.records, later, days=28, most=100)

    assert [q.origin for q in past.questions] == ["verified"]


def test_a_publish_by_which_a_test_question_gets_worse_is_refused_by_its_name(
    stand: Stand, embedder: Embedding
) -> None:
    with pytest.raises(QuestionsWorse) as refused:
        keep_questions(1, stand.staged, stand.settings, embedder, SILENT, lambda: NOW)

    assert [question for question, _ in refused.value.questions] == [FEE, COMPOST]
    assert FEE in str(refused.value)
    assert stand.product.index.live().number == 1


def test_where_the_setting_asks_for_it_publishing_keeps_the_questions(
    stand: Stand, embedder: Embedding
) -> None:
    strict = stand.settings.model_copy(update={"publish_keeps_questions": True})

    with pytest.raises(QuestionsWorse):
        publish(FolderSource(strict.corpus_folder), strict, embedder, SILENT, lambda: NOW)
    assert stand.product.index.live().number == 1


def test_a_first_publish_has_no_question_to_keep(stand: Stand, embedder: Embedding) -> None:
    keep_questions(None, 1, stand.settings, embedder, SILENT, lambda: NOW)


def test_the_review_is_told_in_words(stand: Stand) -> None:
    told = StringIO()

    tell_review(stand.found, Console(file=told, width=160))

    for line in (
        "L'emplacement au marché coûte [-12-] {+15+} € par jour.",
        "composteur (fr) Composteur: withdrawn",
        "marche/en.md: the fr text is newer, with this publish; it lacks 15 €",
        "Commerce: marche (fr) to be reviewed by 2026-12-01",
        "Test questions that get worse: 2",
        f"'{ASKED}' (asked, asked 2 times)",
        "Answers already given that cite what changes: 2",
    ):
        assert line in told.getvalue()


def test_markup_in_a_guide_is_printed_and_not_obeyed(stand: Stand) -> None:
    change = replace(stand.found.difference.changed[0], title="[bold]Marché[/bold]")
    marked = replace(stand.found, difference=replace(stand.found.difference, changed=(change,)))
    told = StringIO()

    tell_review(marked, Console(file=told, width=160))

    assert "[bold]Marché[/bold]: changed" in told.getvalue()
