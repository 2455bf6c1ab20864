"""What the town's guides name of the national ones, over a real catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from civic_assistant.catalogue import Catalogue, guide_digest, open_catalogue
from civic_assistant.edition_log import NewEdition
from civic_assistant.guides import Block, Fact, Guide, Section
from ingest.editions.kept_documents import KeptDocuments, digest_of
from ingest.passages import passages_of
from ingest.reviewing.references import NationalNews, Reference, national_news, references_of
from ingest.sources import DocumentFile

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


def town_guide(text: str, id_: str = "pacs", department: str = "État civil", **more: str) -> Guide:
    language = more.get("language", "fr")
    return Guide(
        id=id_,
        title=more.get("title", id_.title()),
        language=language,
        source="town",
        document=f"{id_}/{language}.md",
        sections=(Section(("Démarche",), text, (Block("paragraph", 0, len(text)),)),),
        department=department,
        address=f"https://www.ville.example/{id_}",
    )


def sheet(number: str, text: str = "Rendez-vous à la mairie.", *facts: str) -> Guide:
    return Guide(
        id=number,
        title=f"Fiche {number}",
        language="fr",
        source="national",
        document=f"particuliers/{number}.json",
        sections=(Section(("Cas",), text, (Block("paragraph", 0, len(text)),)),),
        address=f"https://www.service-public.fr/particuliers/vosdroits/{number}",
        facts=tuple(Fact("form", fact) for fact in facts),
        updated_on=date(2026, 1, 1),
    )


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return open_catalogue(tmp_path, create=True)


@pytest.fixture
def documents(tmp_path: Path) -> KeptDocuments:
    return KeptDocuments(tmp_path)


def stage(catalogue: Catalogue, guides: Iterable[Guide]) -> int:
    digests = []
    for guide in guides:
        digest = guide_digest(guide, "test")
        catalogue.keep(guide, digest, passages_of(guide), "read")
        digests.append(digest)
    return catalogue.stage(digests, NewEdition("national", "words"), NOW)


def news(
    catalogue: Catalogue, documents: KeptDocuments, before: list[Guide], after: list[Guide]
) -> NationalNews:
    return national_news(catalogue, documents, stage(catalogue, before), stage(catalogue, after))


def targets(text: str) -> list[tuple[str, str | None]]:
    return [(r.target, r.issue) for r in references_of([(town_guide(text), "")])]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("https://www.service-public.gouv.fr/particuliers/vosdroits/F2191", [("F2191", None)]),
        ("voir service-public.fr/particuliers/vosdroits/R2054.", [("R2054", None)]),
        ("la fiche F1341 le dit", [("F1341", None)]),
        ("le cerfa n° 15725*03 et le cerfa n°10798", [("10798", None), ("15725", "03")]),
        ("form cerfa no. 12100 for an adult", [("12100", None)]),
        ("الاستمارة cerfa رقم 16029", [("16029", None)]),
        ("бланк cerfa № 12100", [("12100", None)]),
        ("https://www.formulaires.service-public.fr/gf/cerfa_15791.do", [("15791", None)]),
        ("formulaire 13404*08", [("13404", "08")]),
        ("o formulário cerfa n.º 10798", [("10798", None)]),
        ("formulaire par liste (cerfa n° 12670 et n° 12671)", [("12670", None), ("12671", None)]),
        ("cerfa no. 12100 for an adult, cerfa no. 12101", [("12100", None), ("12101", None)]),
    ],
)
def test_sheets_and_forms_are_recognised_as_towns_write_them(
    text: str, named: list[tuple[str, str | None]]
) -> None:
    assert targets(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "un logement F3, route N113, article R2054 du code",
        "le cerfa à la mairie, 49000 Angers",
        "le cerfa, ou 49000 Angers",
        "dossier SF1234, page F1234-5, 0612345*67",
        "https://www.ville.fr/F2191.pdf",
    ],
)
def test_what_only_looks_like_a_sheet_or_a_form_is_none(text: str) -> None:
    assert targets(text) == []


def test_a_guide_s_languages_are_one_reference_and_its_own_address_none() -> None:
    both = [town_guide("cerfa 15725*03"), town_guide("cerfa no. 15725", language="en")]
    found = references_of((guide, "") for guide in both)
    assert found == (Reference("pacs", "Pacs", "État civil", "15725", "03", ("fr", "en")),)
    national = replace(sheet("F1"), facts=())
    assert references_of([(national, "")]) == ()


def test_a_changed_sheet_that_the_town_names_is_told_with_what_changes(
    catalogue: Catalogue, documents: KeptDocuments
) -> None:
    town = town_guide("Lisez la fiche F2191.", "accueil")
    before, other = sheet("F2191"), sheet("F3000")
    after = [sheet("F2191", "Rendez-vous à la préfecture."), sheet("F3000", "Autre texte.")]
    told = news(catalogue, documents, [town, before, other], [town, *after])
    (touched,) = told.touched
    assert touched.reference.guide_id == "accueil"
    assert (touched.change.guide_id, touched.change.kind) == ("F2191", "changed")
    (section,) = touched.change.sections
    assert section.sentences[0].after == "Rendez-vous à la préfecture."
    assert told.unknown == ()


def test_a_change_of_dates_alone_is_told_as_such(
    catalogue: Catalogue, documents: KeptDocuments
) -> None:
    town, before = town_guide("fiche F2191"), sheet("F2191")
    dated = replace(before, updated_on=date(2026, 11, 20))
    (touched,) = news(catalogue, documents, [town, before], [town, dated]).touched
    assert not touched.change.is_text


def test_a_withdrawn_sheet_is_told_and_no_longer_known(
    catalogue: Catalogue, documents: KeptDocuments
) -> None:
    town, stays = town_guide("fiche F2191"), sheet("F3000")
    told = news(catalogue, documents, [town, stays, sheet("F2191")], [town, stays])
    assert [t.change.kind for t in told.touched] == ["withdrawn"]
    assert [r.target for r in told.unknown] == ["F2191"]


def test_a_form_leads_to_the_sheets_that_name_it_and_its_new_issue_is_told(
    catalogue: Catalogue, documents: KeptDocuments
) -> None:
    town = town_guide("avec le cerfa n° 15725*03")
    before = sheet("F1144", "Texte.", "Déclaration (cerfa n° 15725*03)")
    after = sheet("F1144", "Texte.", "Déclaration (cerfa n° 15725*04)")
    (touched,) = news(catalogue, documents, [town, before], [town, after]).touched
    assert (touched.reference.target, touched.newest_issue) == ("15725", "04")
    assert touched.change.guide_id == "F1144"


def test_a_sheet_that_is_named_and_whose_form_is_named_is_told_once(
    catalogue: Catalogue, documents: KeptDocuments
) -> None:
    town = town_guide("fiche F1144, cerfa n° 15725")
    before = sheet("F1144", "Un texte.", "Déclaration (cerfa n° 15725*03)")
    after = sheet("F1144", "Autre texte.", "Déclaration (cerfa n° 15725*03)")
    told = news(catalogue, documents, [town, before], [town, after]).touched
    assert [t.reference.target for t in told] == ["F1144"]


def test_an_address_behind_a_link_of_the_published_document_counts(
    catalogue: Catalogue, documents: KeptDocuments, tmp_path: Path
) -> None:
    content = b"# Pacs\n\n[ici](https://www.service-public.fr/particuliers/vosdroits/F2191)\n"
    path = tmp_path / "fr.md"
    path.write_bytes(content)
    town, before, after = town_guide("Voir ici."), sheet("F2191"), sheet("F2191", "Autre.")
    first, second = stage(catalogue, [town, before]), stage(catalogue, [town, after])
    file = DocumentFile("pacs/fr.md", path, digest_of(content))
    documents.store([file])
    documents.list_edition(second, None, "town", [file], [])
    told = national_news(catalogue, documents, first, second)
    assert [t.reference.target for t in told.touched] == ["F2191"]


def test_the_first_national_guides_touch_nothing_but_missing_sheets_are_told(
    catalogue: Catalogue, documents: KeptDocuments
) -> None:
    town = town_guide("fiches F2191 et F9999")
    told = news(catalogue, documents, [town], [town, sheet("F2191")])
    assert told.touched == ()
    assert [r.target for r in told.unknown] == ["F9999"]


def test_news_come_by_department_and_guide(catalogue: Catalogue, documents: KeptDocuments) -> None:
    town = [
        town_guide("fiche F2191", "zone", "Urbanisme"),
        town_guide("fiche F2191", "mariage", "État civil"),
        town_guide("fiche F2191", "composteur", "Déchets"),
    ]
    told = news(catalogue, documents, [*town, sheet("F2191")], [*town, sheet("F2191", "Autre.")])
    order = [(t.reference.department, t.reference.guide_id) for t in told.touched]
    assert order == sorted(order)
    assert len(order) == 3
