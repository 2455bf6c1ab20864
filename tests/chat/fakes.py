"""A product whose assistant knows a few fixed turns: the page's seam, filled by hand."""

from __future__ import annotations

import importlib
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from fastapi import FastAPI
from pydantic import SecretStr

from civic_assistant.assembly import open_records
from civic_assistant.chat.page_folder import prepare_page
from civic_assistant.handoff import Handoff, open_handoff
from civic_assistant.interpreter import Interpreter
from civic_assistant.outcomes import (
    Answered,
    AnswerSentence,
    AskedDetail,
    Citation,
    HandedOff,
    NotCovered,
    Outcome,
    RelatedGuide,
    SmallTalk,
    Source,
    Unsure,
)
from civic_assistant.server import create_app
from civic_assistant.settings import Settings, load_settings
from civic_assistant.turns import Question, Stage, Turn, silent

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TEXT = (
    "La carte de stationnement est réservée aux habitants. Elle coûte 30 € par an.\n"
    "un justificatif de domicile\n"
    "la carte grise du véhicule\n"
    "Durée | Tarif\n"
    "Un an | 30 €\n"
    "Six mois | 18 €\n"
    "La carte est envoyée par la poste."
)


def span(quote: str) -> tuple[int, int]:
    """Return where a quote stands in the guide's text."""
    start = TEXT.index(quote)
    return start, start + len(quote)


def sentence(quote: str, kind: str, source: int = 0) -> AnswerSentence:
    """Return a quoted sentence of the guide's text."""
    start, end = span(quote)
    citation = Citation("stationnement", "fr", "a" * 32, quote, start, end, 3)
    return AnswerSentence(quote, kind, citation, source)  # type: ignore[arg-type]


QUOTED = (
    ("Elle coûte 30 € par an.", "paragraph"),
    ("un justificatif de domicile", "item"),
    ("la carte grise du véhicule", "item"),
    ("Durée | Tarif", "header"),
    ("Un an | 30 €", "row"),
)
SOURCE = Source(
    guide_id="stationnement",
    title="Stationnement résidentiel [2026]",
    language="fr",
    path=("Tarifs", "Habitants"),
    situation=("Vous habitez en zone verte",),
    text=TEXT,
    blocks=(
        ("paragraph", *span(TEXT.split("\n")[0])),
        ("item", *span("un justificatif de domicile")),
        ("item", *span("la carte grise du véhicule")),
        ("header", *span("Durée | Tarif")),
        ("row", *span("Un an | 30 €")),
        ("row", *span("Six mois | 18 €")),
        ("paragraph", *span("La carte est envoyée par la poste.")),
    ),
    marks=tuple(span(quote) for quote, _ in QUOTED),
    department="Service de la voirie",
    authority="Ville de Vaubreuil-sur-Sarle",
    attribution="",
    address="https://www.vaubreuil.example/stationnement",
    anchor="tarifs",
    page=None,
    document="stationnement/fr.pdf",
    updated_on=date(2026, 3, 12),
    review_by=date(2026, 9, 1),
    is_overdue=True,
)
ANSWER = Answered("full", tuple(sentence(quote, kind) for quote, kind in QUOTED), (SOURCE,))
OF_SCHOOLS = replace(ANSWER, sources=(replace(SOURCE, department="Affaires scolaires"),))
RELATED = RelatedGuide(
    "piscine", "Piscine municipale", "fr", "https://www.vaubreuil.example/piscine", "Sports", ""
)
DETAIL = AskedDetail("carte", "Carte d'identité", "fr", (), ("un adulte", "un mineur"), ANSWER)
WRITTEN = replace(
    ANSWER,
    sentences=(replace(ANSWER.sentences[0], text="Comptez 30 € par an."),),
    author="model",
)
PLAIN = replace(WRITTEN, is_plain=True)
WORDS: dict[str, tuple[str, Outcome]] = {
    "stationnement": ("fr", ANSWER),
    "parking": ("en", ANSWER),
    "cantine": ("fr", OF_SCHOOLS),
    "موقف": ("ar", ANSWER),
    "停车": ("zh", ANSWER),
    "piscine": ("fr", NotCovered((RELATED,))),
    "doute": ("fr", Unsure((RELATED,))),
    "شك": ("ar", Unsure((RELATED,))),
    "personne": ("fr", HandedOff("asked")),
    "bonjour": ("fr", SmallTalk("greeting")),
    "rédige": ("fr", WRITTEN),
    "carte": ("fr", DETAIL),
    "card": ("en", DETAIL),
    "بطاقة": ("ar", DETAIL),
}


class FixedAssistant:
    """Answers by a word of the question; ``panne`` breaks it, ``attends`` makes it wait.

    ``rédige`` makes it wait while a language model writes.
    """

    def __init__(self) -> None:
        """Remember what was asked."""
        self.asked: list[Question] = []
        self.asked_plainly: list[str] = []
        self.go_on = threading.Event()
        self.is_plain_sure = True
        self.waits_plainly = False

    def answer(self, question: Question, tell: Callable[[Stage], None] = silent) -> Turn:
        """Return the turn that belongs to a word of the question."""
        self.asked.append(question)
        if "panne" in question.text:
            raise RuntimeError("secret: the database's password is hunter2")
        if "attends" in question.text:
            self.go_on.wait(10)
        if "rédige" in question.text:
            tell("writing")
            self.go_on.wait(10)
        found = (turn for word, turn in WORDS.items() if word in question.text.lower())
        language, outcome = next(found, (question.page_language or "fr", NotCovered()))
        known, pending = question.known.after_answering(), question.known.pending
        is_reply = pending is not None and question.text in pending.options
        if is_reply:
            language, outcome = question.conversation_language or "fr", ANSWER
        elif isinstance(outcome, AskedDetail):
            known = known.after_asking(outcome, ("age",), question.text)
        return Turn(
            id=f"turn-{len(self.asked)}",
            at=datetime(2026, 11, 22, tzinfo=UTC),
            conversation=question.conversation,
            question=question.text,
            language=language,
            page_language=question.page_language,
            searched=question.text,
            outcome=outcome,
            evidence=None,
            verdict=None,
            edition=3,
            models={},
            known=known,
            is_reply=is_reply,
        )

    def say_plainly(self, turn_id: str, tell: Callable[[Stage], None] = silent) -> Turn | None:
        """Return ``PLAIN``; nothing without ``is_plain_sure``; ``waits_plainly`` makes it wait."""
        self.asked_plainly.append(turn_id)
        tell("simplifying")
        if self.waits_plainly:
            self.go_on.wait(10)
        if not self.is_plain_sure:
            return None
        turn = self.answer(Question("stationnement", page_language="fr"))
        self.asked.pop()
        return replace(turn, id=f"plainly-{turn_id}", outcome=PLAIN, plain_of=turn_id)


@dataclass
class Allowance:
    """Lets everybody ask until it is shut."""

    is_open: bool = True

    def admits(self, address: str) -> bool:
        """Say whether it is open."""
        return self.is_open


@dataclass(frozen=True)
class Condition:
    """What ``/health`` tells."""

    can_answer: bool = True
    edition: int | None = 3
    guides: int = 42
    detail: str = "ok"


@dataclass
class FixedProduct:
    """A product for the page, without an index."""

    settings: Settings
    handoff: Handoff = field(default_factory=lambda: opened_handoff())
    assistant: FixedAssistant = field(default_factory=FixedAssistant)
    limit: Allowance = field(default_factory=Allowance)
    condition: Condition = field(default_factory=Condition)
    documents: dict[tuple[str, str], Path] = field(default_factory=dict)
    interpreter: Interpreter | None = None

    def health(self) -> Condition:
        """Return the fixed condition."""
        return self.condition

    def document(self, guide_id: str, language: str) -> Path | None:
        """Return the file kept for a guide."""
        return self.documents.get((guide_id, language))


@dataclass
class TownClock:
    """The time in the town hall; a Monday at ten in the morning until it is put elsewhere."""

    at: datetime = MONDAY

    def __call__(self) -> datetime:
        """Return the time."""
        return self.at


@cache
def town_clock() -> TownClock:
    """Return the clock of this process's page."""
    return TownClock()


def opened_handoff() -> Handoff:
    """Return the human side over a SQLite file of its own."""
    folder = Path(mkdtemp(prefix="civic-records-"))
    settings = page_settings().model_copy(
        update={"database_url": SecretStr(f"sqlite:///{folder / 'civic.sqlite'}")}
    )
    return open_handoff(open_records(settings), settings, town_clock())


@cache
def page_settings() -> Settings:
    """Return the settings of this process's page: Chainlit knows one folder a process."""
    return load_settings(
        data_folder=Path(mkdtemp(prefix="civic-page-")),
        public_origins=("https://www.vaubreuil.example",),
        question_length=300,
    )


def page_app(product: FixedProduct) -> FastAPI:
    """Return the application that serves a product.

    Libraries that Chainlit imports are behind on pydantic; their warnings are not about us.
    """
    prepare_page(product.settings)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        importlib.import_module("civic_assistant.chat.mounting")
    return create_app(product)
