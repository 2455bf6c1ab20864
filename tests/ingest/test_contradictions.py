"""Two figures for one procedure are found, between languages and between guides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from civic_assistant.catalogue import open_catalogue
from civic_assistant.guides import Guide
from civic_assistant.settings import Settings
from ingest.reviewing.contradictions import (
    guide_contradictions,
    missing_figures,
    translation_contradictions,
)
from tests.guides_by_hand import CANTEEN, guide, section

FEES = guide(
    "tarifs",
    "Tarifs municipaux",
    section(
        ("header", "Prestation | Tarif"),
        ("row", "Repas de cantine, quotient familial moins de 400 € | 1,00 €"),
        ("row", "Repas de cantine, quotient familial 400 € et plus | 4,10 €"),
        ("row", "Salle des fêtes, habitant, samedi | 150 €"),
        path=("Tarifs",),
    ),
)
HALL = guide(
    "salle",
    "Louer la salle des fêtes",
    section(
        ("header", "Salle | Habitant, en semaine | Habitant, samedi"),
        ("row", "Salle des fêtes | 90 € | 150 €"),
        path=("Tarifs de location",),
    ),
)
ENGLISH = guide(
    "cantine",
    "School canteen",
    section(("paragraph", "The canteen takes pupils at noon."), path=("Who",)),
    section(
        ("paragraph", "The price of a meal depends on the family quotient:"),
        ("header", "Family quotient | Price of a meal"),
        ("row", "less than €400 | €1.00"),
        ("row", "€400 or more | €4.10"),
        path=("Fees",),
    ),
    section(("paragraph", "Bring proof of address."), path=("Documents",)),
    language="en",
)


def with_text(of: Guide, before: str, after: str) -> Guide:
    """Return the guide with a text of one block put in the place of another as long."""
    assert len(before) == len(after)
    sections = tuple(replace(s, text=s.text.replace(before, after)) for s in of.sections)
    assert sections != of.sections
    return replace(of, sections=sections)


def test_two_guides_with_the_same_fees_do_not_contradict() -> None:
    assert guide_contradictions([FEES], [HALL, CANTEEN]) == ()


def test_another_fee_for_the_same_is_found_with_both_rows() -> None:
    dearer = with_text(HALL, "| 150 €", "| 170 €")

    (found,) = guide_contradictions([dearer], [FEES, CANTEEN])

    assert {(said.guide_id, said.figure) for said in (found.one, found.other)} == {
        ("salle", "170 €"),
        ("tarifs", "150 €"),
    }
    assert found.one.text == "Salle des fêtes | 90 € | 170 €"


def test_the_same_is_found_from_either_side_and_once_where_both_are_new() -> None:
    dearer = with_text(HALL, "| 150 €", "| 170 €")

    assert len(guide_contradictions([FEES], [dearer])) == 1
    assert len(guide_contradictions([FEES, dearer], [])) == 1


def test_a_fee_for_a_case_that_the_other_guide_does_not_tell_is_no_contradiction() -> None:
    cheaper_on_weekdays = with_text(HALL, "| 90 €", "| 60 €")

    assert guide_contradictions([cheaper_on_weekdays], [FEES, CANTEEN]) == ()


def test_a_requirement_that_every_guide_makes_in_its_own_way_is_none() -> None:
    months = ["trois", "six"] * 6
    guides = [
        guide(
            f"demarche-{number}",
            f"Démarche numéro {number}",
            section(("item", f"un justificatif de domicile de moins de {month} mois ;")),
        )
        for number, month in enumerate(months)
    ]

    assert guide_contradictions(guides, []) == ()


def test_a_translation_with_another_fee_is_found_in_its_section() -> None:
    older = with_text(ENGLISH, "€4.10", "€3.95")

    (found,) = translation_contradictions(CANTEEN, older)

    assert (found.one.figure, found.other.figure) == ("4,10 €", "€3.95")
    assert found.other.text == "€400 or more | €3.95"
    assert translation_contradictions(CANTEEN, ENGLISH) == ()


def test_figures_that_only_the_original_has_are_missing_and_not_contradicted() -> None:
    deposit = section(
        ("paragraph", "Le dossier se dépose 15 jours avant."), path=("Pièces à fournir",)
    )
    longer = replace(CANTEEN, sections=(*CANTEEN.sections[:2], deposit))

    assert missing_figures(longer, ENGLISH) == ("15 jours",)
    assert translation_contradictions(longer, ENGLISH) == ()


def test_a_translation_cut_otherwise_is_compared_as_a_whole() -> None:
    older = with_text(ENGLISH, "€4.10", "€3.95")
    shorter = replace(older, sections=older.sections[:2])

    (found,) = translation_contradictions(CANTEEN, shorter)

    assert (found.one.figure, found.other.text) == ("4,10 €", "€400 or more | €3.95")


@pytest.fixture(scope="module")
def shipped(town: Settings) -> list[Guide]:
    catalogue = open_catalogue(town.index_folder)
    return [catalogue.guide(e.digest) for e in catalogue.entries(catalogue.live_edition())]


def test_the_shipped_corpus_contradicts_itself_once_as_it_was_written_to(
    shipped: list[Guide],
) -> None:
    (found,) = guide_contradictions(shipped, [])

    assert {(said.guide_id, said.figure) for said in (found.one, found.other)} == {
        ("location-salle", "180 €"),
        ("tarifs-municipaux", "195 €"),
    }


def test_no_translation_of_the_shipped_corpus_contradicts_its_original(
    shipped: list[Guide],
) -> None:
    originals = {guide.id: guide for guide in shipped if guide.language == "fr"}
    translations = [guide for guide in shipped if guide.language != "fr"]

    assert len(translations) > 20
    assert [
        found for g in translations for found in translation_contradictions(originals[g.id], g)
    ] == []
