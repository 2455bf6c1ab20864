"""The wiring: the only place where the product's parts are put together."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from civic_assistant.adaptation import load_adaptation
from civic_assistant.assistant import Assistant
from civic_assistant.choosing import load_chooser
from civic_assistant.corrections.showing import RunningCorrections
from civic_assistant.corrections.store import Corrections
from civic_assistant.embedding import Embedding, open_embedding
from civic_assistant.errors import CivicError
from civic_assistant.gaps.report import GapReports
from civic_assistant.gate import load_gate
from civic_assistant.glossary import load_glossary
from civic_assistant.handoff import Handoff, open_handoff
from civic_assistant.handoff.desks import Desks
from civic_assistant.index import Index, open_index
from civic_assistant.intents import open_intents
from civic_assistant.interpreter import Interpreter
from civic_assistant.interviewer import Interviewer
from civic_assistant.journal import Journal
from civic_assistant.language_model.drafting import Drafter
from civic_assistant.language_model.nearness import Nearness
from civic_assistant.language_model.opening import open_asking
from civic_assistant.language_model.rewriter import Rewriter
from civic_assistant.language_model.summary import Summariser
from civic_assistant.language_model.translating import Translator
from civic_assistant.language_model.writer import ModelWriter
from civic_assistant.late import LateInteraction
from civic_assistant.limits import RateLimit
from civic_assistant.migrations import migrate
from civic_assistant.question_vectors import vector_model
from civic_assistant.reading import open_reader
from civic_assistant.records import open_engine
from civic_assistant.requests import Requests
from civic_assistant.retrieval import Retriever
from civic_assistant.screening import Screener
from civic_assistant.settings import Settings
from civic_assistant.shared_limit import SharedRateLimit, open_limit
from civic_assistant.situations import load_situations
from civic_assistant.verified.matching import Matcher
from civic_assistant.verified.offering import Offers
from civic_assistant.verified.store import VerifiedAnswers
from civic_assistant.writing import Writer


@dataclass(frozen=True, slots=True)
class Health:
    """Whether questions can be answered now, from which edition, and why not."""

    can_answer: bool
    edition: int | None
    guides: int
    detail: str


@dataclass(frozen=True, slots=True)
class Product:
    """Everything that the page and the command line need."""

    settings: Settings
    embedding: Embedding
    index: Index
    retriever: Retriever
    assistant: Assistant
    journal: Journal
    requests: Requests
    limit: RateLimit | SharedRateLimit
    records: Engine
    handoff: Handoff
    corrections: RunningCorrections
    gaps: GapReports
    drafter: Drafter | None
    summariser: Summariser | None
    interpreter: Interpreter | None

    def health(self) -> Health:
        """Return whether a question could be answered now; never raises."""
        try:
            live = self.index.live()
        except CivicError as error:
            return Health(False, None, 0, str(error))
        return Health(True, live.number, len(live.guides), "ok")

    def document(self, guide_id: str, language: str) -> Path | None:
        """Return the town's own document of a guide of the live edition, or None."""
        live = self.index.live()
        entry = live.versions.get(guide_id, {}).get(language)
        if entry is None or entry.source != "town":
            return None
        root = self.settings.corpus_folder.resolve()
        path = (root / entry.document).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None


def open_records(settings: Settings) -> Engine:
    """Open the database of journal, requests and conversations, its tables brought up to date."""
    engine = open_engine(settings.database_url.get_secret_value())
    migrate(engine)
    return engine


def open_corrections(records: Engine, desks: Desks) -> RunningCorrections:
    """Return the corrections kept in a database, by the town's days."""
    return RunningCorrections(Corrections(records), desks.zone)


def assemble(
    settings: Settings,
    embedding: Embedding | None = None,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    is_recording: bool = True,
) -> Product:
    """Open everything the settings name and return the product.

    ``embedding`` saves opening the model again when it is open already.

    Raises:
        SettingsError: the model's folder or the database cannot be used.
        IndexUnusable: nothing is published, or by another model.
    """
    embedding = embedding or open_embedding(settings)
    index = open_index(settings, embedding)
    records = open_records(settings)
    journal = Journal(records)
    late = LateInteraction(index.tokens)
    intents, chooser, reader = open_intents(settings), load_chooser(), open_reader(settings)
    risks = {"town": settings.gate_risk, "national": settings.gate_risk_national}
    gate = load_gate(risks, settings.gate_threshold)
    glossary, situations = load_glossary(), load_situations()
    handoff = open_handoff(records, settings, clock)
    corrections = open_corrections(records, handoff.desks)
    kept = VerifiedAnswers(records)
    matcher = Matcher(kept, index, embedding, glossary, situations, corrections)
    offers = Offers(kept, matcher, index)
    retriever = Retriever(index, embedding, late, glossary)
    nearness = Nearness(embedding, lambda: index.centring)
    endpoints = open_asking(settings, records, handoff.desks.zone, clock)
    interpreter = None
    if endpoints is not None and settings.language_model_translates_chat:
        translator = Translator(endpoints, nearness)
        interpreter = Interpreter(translator, handoff.translations, clock)
    helping = endpoints if settings.language_model_helps_staff else None
    assistant = Assistant(
        index=index,
        screener=Screener(intents),
        retriever=retriever,
        writer=Writer(index, late, chooser, reader, settings),
        model_writer=ModelWriter(index, nearness, endpoints),
        rewriter=Rewriter(endpoints) if endpoints else None,
        gate=gate,
        interviewer=Interviewer(situations, settings),
        journal=journal if is_recording else None,
        offers=offers if is_recording else None,
        corrections=corrections,
        models={
            "embedding": embedding.identity,
            "questions": load_adaptation().digest,
            "screening": intents.version,
            "chooser": chooser.version,
            "reader": reader.version,
            "gate": gate.version,
        },
        settings=settings,
        clock=clock,
        new_id=lambda: uuid.uuid4().hex[:12],
    )
    limit = open_limit(records, settings.questions_per_minute)
    return Product(
        settings=settings,
        embedding=embedding,
        index=index,
        retriever=retriever,
        assistant=assistant,
        journal=journal,
        requests=Requests(records),
        limit=limit,
        records=records,
        handoff=handoff,
        corrections=corrections,
        gaps=GapReports(
            records,
            index,
            retriever.vector,
            vector_model(assistant.models),
            glossary,
            settings,
            handoff.desks.zone,
        ),
        drafter=Drafter(helping, nearness, settings.language_model_style) if helping else None,
        summariser=Summariser(helping, nearness, settings.town) if helping else None,
        interpreter=interpreter,
    )
