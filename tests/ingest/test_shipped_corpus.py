"""The corpus we ship is read whole, in every format, without a refusal or a warning."""

from pathlib import Path

import pytest

from civic_assistant.errors import DocumentRefused
from civic_assistant.guides import FACT_KINDS, Guide, Section
from ingest.folder import FolderSource
from ingest.sources import Loaded

CORPUS = Path(__file__).parent.parent.parent / "corpus"
CORE_TOPICS = {"who", "cost", "delay", "documents", "where", "how"}


@pytest.fixture(scope="module")
def shipped() -> dict[str, Loaded]:
    loaded = {}
    for document in FolderSource(CORPUS).documents():
        if isinstance(document, DocumentRefused):
            raise document
        loaded[document.name] = document.load()
    return loaded


@pytest.fixture(scope="module")
def guides(shipped: dict[str, Loaded]) -> list[Guide]:
    return [loaded.guide for loaded in shipped.values()]


def sections(guide: Guide, heading: str) -> list[Section]:
    return [section for section in guide.sections if section.heading.endswith(heading)]


def test_nothing_is_refused_or_doubtful(shipped: dict[str, Loaded]) -> None:
    assert len({loaded.guide.id for loaded in shipped.values()}) >= 30
    assert {name: loaded.warnings for name, loaded in shipped.items() if loaded.warnings} == {}
    assert {Path(name).suffix for name in shipped} == {".md", ".html", ".pdf", ".docx"}


def test_most_of_what_people_ask_for_is_recognised_in_every_language(guides: list[Guide]) -> None:
    for guide in guides:
        topics = {section.topic for section in guide.sections} & set(FACT_KINDS)
        assert len(topics & CORE_TOPICS) >= 4, guide.document


def test_translations_keep_the_situations_of_the_guide(guides: list[Guide]) -> None:
    french = {
        g.id: sum(bool(s.situation) for s in g.sections) for g in guides if g.language == "fr"
    }
    for guide in guides:
        assert bool(french[guide.id]) == any(s.situation for s in guide.sections), guide.document


def test_the_two_columns_of_the_garden_leaflet_are_read_one_after_the_other(
    shipped: dict[str, Loaded],
) -> None:
    garden = shipped["jardins-familiaux/fr.pdf"].guide
    headings = list(dict.fromkeys(s.heading for s in garden.sections if s.page == 1 and s.path))
    assert headings[:6] == [
        "Qui est concerné ?", "Les sites", "Tarifs", "Pièces à fournir", "Comment faire ?", "Délais"
    ]  # fmt: skip
    assert "100 m² | 48 € | 80 €" in sections(garden, "Tarifs")[0].text.split("\n")


def test_the_table_of_fees_is_whole_rows_with_a_header(shipped: dict[str, Loaded]) -> None:
    fees = sections(shipped["tarifs-municipaux/fr.pdf"].guide, "Tarifs")
    rows = [
        section.text[block.start : block.end].split(" | ")
        for section in fees
        for block in section.blocks
        if block.kind in ("header", "row")
    ]
    assert rows[0] == ["Prestation", "Unité", "Tarif"]
    priced = [row for row in rows if len(row) > 1]
    assert len(priced) > 40
    assert {len(row) for row in priced} == {3}
    assert all(row[2].endswith("€") or row[2] in ("Gratuit", "Tarif") for row in priced)
