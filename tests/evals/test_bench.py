"""`make bench` at toy size: each part runs, on a few guides and a hundred passages."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from llama_index.core.node_parser import SentenceSplitter
from pydantic import SecretStr
from rich.console import Console

from civic_assistant.assembly import assemble
from civic_assistant.embedding import Embedding
from civic_assistant.guides import Guide
from civic_assistant.settings import Settings
from evals.bench.apart import apart
from evals.bench.asking import Asked, ask_product, questions_asked
from evals.bench.comparison import Bench, aims, line, ratios
from evals.bench.default_ingestion import run_default
from evals.bench.growth import Changed, Grown, change_with, grow_with
from evals.bench.ingestion import BASELINE, BASELINE_OUR_PASSAGES, Ingested, ingest, unread_share
from evals.bench.samples import read_guides, sources
from evals.bench.steps import STEPS
from evals.bench.tables import tables
from evals.bench.variation import Vocabulary, outline
from evals.default_pipeline import guide_document
from ingest.passages import passages_of

CORPUS = Path(__file__).parent.parent.parent / "corpus"
SIZE = 100
LIGHT = Ingested("light", 2, 10, 400, 6000, 8000, 0.0, 1.0, 5.0, 10.0, 500, 10)
DEFAULT = Ingested(BASELINE, 1, 10, 20, 6000, 7000, 0.5, 9.0, 35.0, 40.0, 900, 5)
OURS = replace(DEFAULT, system=BASELINE_OUR_PASSAGES, passages=400, processor_s=50.0)


@pytest.fixture(scope="module")
def guides(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Guide]:
    folder = tmp_path_factory.mktemp("three-guides")
    for guide in ("composteur", "objets-trouves", "bruit-voisinage"):
        shutil.copytree(CORPUS / guide, folder / "corpus" / guide)
    return read_guides(sources(folder / "corpus", None))


def test_publishing_is_measured_in_a_process_of_its_own(
    tmp_path: Path, light_settings: Settings
) -> None:
    shutil.copytree(CORPUS / "composteur", tmp_path / "corpus" / "composteur")
    folders = {"corpus_folder": tmp_path / "corpus", "index_folder": tmp_path / "index"}
    measured = apart(ingest, light_settings.model_copy(update=folders), None, 100.0)
    assert (measured.system, measured.guides) == ("light", 1)
    assert measured.passages > 3
    assert measured.seconds > 0


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("grown")
    database = SecretStr(f"sqlite:///{folder / 'civic.sqlite'}")
    return Settings(embedding="light", index_folder=folder / "index", database_url=database)


@pytest.fixture(scope="module")
def grown(settings: Settings, guides: Sequence[Guide], embedder: Embedding) -> Grown:
    return grow_with(embedder, settings, guides, SIZE)


@pytest.fixture(scope="module")
def asked(settings: Settings, grown: Grown, embedder: Embedding) -> Asked:
    product = assemble(settings, embedder, clock=lambda: datetime(2026, 11, 22, tzinfo=UTC))
    return ask_product(product, embedder, questions_asked(4), 0.0, 0.0)


@pytest.fixture(scope="module")
def changed(
    settings: Settings, asked: Asked, guides: Sequence[Guide], embedder: Embedding
) -> Changed:
    return change_with(embedder, settings, guides, SIZE)


def test_an_index_grows_to_its_size(grown: Grown) -> None:
    assert SIZE <= grown.passages < SIZE + 40
    assert set(grown.disk_mib) >= {"chroma", "catalogue.sqlite", "tokens.sqlite"}


def test_every_stage_and_step_is_measured(asked: Asked) -> None:
    assert [stage.name for stage in asked.stages] == [
        "read", "retrieve", "write", "judge", "record", "total"
    ]  # fmt: skip
    assert {step.name for step in asked.steps} == set(STEPS)
    assert 0 < asked.total.p50 <= asked.total.p95
    assert asked.found > 0.99


def test_only_the_edited_guide_is_embedded(
    changed: Changed, grown: Grown, guides: Sequence[Guide]
) -> None:
    assert changed.passages == grown.passages
    assert 0 < changed.embedded < len(passages_of(guides[0]))  # its card and headings stay


def test_a_varied_guide_has_other_words_in_the_same_places(guides: Sequence[Guide]) -> None:
    guide = guides[0]
    varied = Vocabulary(guides).varied_guide(guide, "7")
    assert varied.id != guide.id
    for own, other in zip(passages_of(guide), passages_of(varied), strict=True):
        assert (own.section, own.start, own.end) == (other.section, other.start, other.end)
        assert outline(own.embedded_text) == outline(other.embedded_text)
    assert varied.sections[0].text != guide.sections[0].text


def test_the_default_pipeline_runs(
    guides: Sequence[Guide], embedder: Embedding, tmp_path: Path
) -> None:
    documents = [guide_document(guide) for guide in guides]
    texts = run_default(embedder, documents, [SentenceSplitter()], tmp_path)
    assert len(texts) >= len(guides)
    assert (tmp_path / "pipeline" / "docstore.json").is_file()


def test_what_lies_beyond_the_most_tokens_is_unread(light_folder: Path) -> None:
    assert unread_share(["La mairie ouvre à 9 h."], light_folder) == 0
    assert unread_share(["un " * 1024], light_folder) == pytest.approx(0.5, abs=0.01)


def test_the_baseline_counts_with_its_better_number_of_threads() -> None:
    more = replace(DEFAULT, threads=2, seconds=30.0, processor_s=60.0)
    (ratio,) = ratios([LIGHT, DEFAULT, more, OURS])
    assert (ratio.words, ratio.clock) == pytest.approx((4.0, 6.0))
    assert ratio.read_words == pytest.approx(8000 / 10 / (3500 / 40))
    assert (ratio.passages, ratio.same_passages) == pytest.approx((80.0, 5.0))


def test_the_last_line_says_what_is_met(grown: Grown, changed: Changed, asked: Asked) -> None:
    slow = replace(asked.total, p50=80.0, p95=120.0)
    large = replace(asked, passages=30_000, peak_mib=900.0, stages=(*asked.stages[:-1], slow))
    bench = Bench("", "", 2, 0.0, 0, (LIGHT, DEFAULT, OURS), (grown,), (changed,), (asked, large))
    assert [aim.is_met for aim in aims(bench)] == [False, False, True]
    assert line(bench).startswith("bench: light 4.0 ×")
    assert line(bench).count("MISSED") == 2
    console = Console(width=130, file=StringIO())
    for table in tables(bench):
        console.print(table)
