"""A national sheet becomes a guide with its situations, notes, tables and facts."""

from __future__ import annotations

import re
from datetime import date

import pytest

from civic_assistant.errors import DocumentRefused
from civic_assistant.guides import Fact, Guide, Section
from ingest.readers.service_public import one_guide, parse_json, parse_xml, read_sheet
from tests.ingest.national_feed import sheet_json, sheet_xml

HERE = ("Vous habitez la commune",)
AWAY = ("Vous habitez ailleurs",)


@pytest.fixture(scope="module")
def fishing() -> Guide:
    sheet = parse_xml(sheet_xml("F90001"), "particuliers/F90001.xml")
    return one_guide([read_sheet(sheet, "particuliers/F90001.xml", "individuals")])


def read(sheet: str, content: bytes | None = None) -> Guide:
    return one_guide([read_sheet(parse_xml(content or sheet_xml(sheet), sheet), f"{sheet}.xml")])


def lines(section: Section) -> list[str]:
    return [section.text[block.start : block.end] for block in section.blocks]


def section(guide: Guide, heading: str, situation: tuple[str, ...] = ()) -> Section:
    found = [s for s in guide.sections if s.heading == heading and s.situation == situation]
    assert len(found) == 1
    return found[0]


def facts(guide: Guide, kind: str) -> list[Fact]:
    return [fact for fact in guide.facts if fact.kind == kind]


def test_identity_dates_theme_and_attribution_arrive(fishing: Guide) -> None:
    assert (fishing.id, fishing.source, fishing.language) == ("F90001", "national", "fr")
    assert fishing.title == "Permis de pêche en barque"
    assert fishing.address == "https://www.service-public.fr/particuliers/vosdroits/F90001"
    assert fishing.theme == ("Loisirs", "Plein air", "Pêche")
    assert fishing.updated_on == date(2020, 5, 14)
    assert fishing.authority.endswith("(Premier ministre), Office des canaux")
    assert fishing.licence == "Licence Ouverte 2.0"
    assert fishing.attribution == (
        "Source : service-public.fr, Direction de l'information légale et administrative (DILA), "
        "Licence Ouverte 2.0, mise à jour du 14/05/2020"
    )


def test_json_gives_the_same_guide_as_xml(fishing: Guide) -> None:
    name = "particuliers/F90001.xml"
    sheet = parse_json(sheet_json("F90001"), name)
    assert one_guide([read_sheet(sheet, name, "individuals")]) == fishing


def test_situations_and_cases_nest_and_end_where_the_sheet_ends_them(fishing: Guide) -> None:
    assert [s.situation for s in fishing.sections if s.heading == "Coût"] == [
        (*HERE, "Vous avez moins de 18 ans"),
        (*HERE, "Vous êtes majeur", "Barque à rames"),
        (*HERE, "Vous êtes majeur", "Barque à moteur"),
        HERE,
        AWAY,
    ]
    assert section(fishing, "Demande").situation == ()
    assert section(fishing, "Demande").path == ("Demande",)
    assert section(fishing, "Délai").path == ("Demande", "Délai")


def test_text_after_a_chapter_does_not_stay_under_its_heading(fishing: Guide) -> None:
    after = next(s for s in fishing.sections if s.text == "Ces règles valent toute l'année.")
    assert (after.path, after.situation) == ((), AWAY)


def test_text_under_a_condition_is_told_only_for_its_situation(fishing: Guide) -> None:
    told = next(s for s in fishing.sections if "que pour les habitants" in s.text)
    assert told.situation == (*AWAY, *HERE)


def test_a_conditional_chapter_takes_its_unconditional_title(fishing: Guide) -> None:
    assert section(fishing, "Si vous venez avec des enfants", AWAY).text == (
        "Le gilet est obligatoire."
    )


def test_the_notice_comes_first_and_the_notes_keep_their_label(fishing: Guide) -> None:
    assert fishing.sections[0].path == ("Nouveau barème",)
    assert fishing.sections[0].text == "Le barème change le 1er janvier 2021."
    assert section(fishing, "Coût", HERE).text == (
        "À noter : le paiement se fait par carte ou par chèque."
    )


def test_spaces_are_right_around_amounts_and_points(fishing: Guide) -> None:
    rowing = (*HERE, "Vous êtes majeur", "Barque à rames")
    assert section(fishing, "Coût", rowing).text == "Le permis coûte 12 € par an."


def test_lists_keep_their_depth_and_the_attribute_names_the_topic(fishing: Guide) -> None:
    bring = section(fishing, "Ce qu'il faut apporter", HERE)
    assert bring.topic == "documents"
    assert [(block.kind, block.level) for block in bring.blocks] == [
        ("paragraph", 0),
        ("item", 0),
        ("item", 0),
        ("item", 1),
        ("item", 1),
    ]
    assert lines(bring)[3:] == ["facture d'eau", "quittance de loyer"]


def test_a_table_has_caption_header_and_rows_that_stand_alone(fishing: Guide) -> None:
    fees = section(fishing, "Coût", AWAY)
    assert [block.kind for block in fees.blocks] == ["paragraph", "header", "row", "row"]
    assert lines(fees) == [
        "Tarif selon la barque et la durée",
        "Barque | Durée et prix",
        "À rames | 1 jour | 4 €",
        "À rames | 1 an | 18 € ; payables en 2 fois",
    ]


def test_services_contacts_and_unknown_elements_keep_their_text(fishing: Guide) -> None:
    assert lines(section(fishing, "Demande")) == [
        "Téléservice : Demander le permis en ligne (formulaire n° P-12)",
        "Munissez-vous d'une photo.",
        "Où s'adresser : Allô Canal - Pour toute question",
        "Par téléphone : 03 53 01 20 40",
        "Du lundi au jeudi de 9h à 12h",
        "Un élément inconnu garde son texte.",
    ]


def test_offices_and_forms_listed_at_the_end_follow_unless_already_named(fishing: Guide) -> None:
    assert section(fishing, "Où s'adresser ?").text == "Maison du canal"
    assert section(fishing, "Services en ligne et formulaires").text == (
        "Demande de permis sur papier (cerfa n° 99999*01) - Formulaire"
    )


def test_definitions_and_navigation_are_not_text(fishing: Guide) -> None:
    text = "\n".join(s.text for s in fishing.sections)
    assert "Du 1er janvier au 31 décembre" not in text
    assert "Peut-on pêcher la nuit" not in text
    assert "maison_canal" not in text


def test_facts_carry_their_kind_situation_and_address(fishing: Guide) -> None:
    assert [(f.text, f.situation) for f in facts(fishing, "cost")] == [
        ("Gratuit", (*HERE, "Vous avez moins de 18 ans")),
        ("Le permis coûte 12 € par an.", (*HERE, "Vous êtes majeur", "Barque à rames")),
        ("Le permis coûte 25 € par an.", (*HERE, "Vous êtes majeur", "Barque à moteur")),
        ("À noter : le paiement se fait par carte ou par chèque.", HERE),
        ("À rames | 1 jour | 4 €", AWAY),
        ("À rames | 1 an | 18 € ; payables en 2 fois", AWAY),
    ]
    assert [f.text for f in facts(fishing, "delay")] == ["Le permis est envoyé sous 8 jours."]
    assert len(facts(fishing, "documents")) == 4
    assert facts(fishing, "where") == [
        Fact("where", "Maison du canal", (), "https://canal.example/ou")
    ]
    assert facts(fishing, "contact")[0].text.split("\n") == [
        "Allô Canal - Pour toute question",
        "Par téléphone",
        "03 53 01 20 40",
        "Du lundi au jeudi de 9h à 12h",
    ]
    assert facts(fishing, "online_service") == [
        Fact(
            "online_service",
            "Demander le permis en ligne (formulaire n° P-12)",
            (),
            "https://canal.example/permis",
        )
    ]
    assert facts(fishing, "legal_basis") == [
        Fact(
            "legal_basis",
            "Code de la pêche : article 12 - Durée du permis",
            (),
            "https://textes.example/peche",
        )
    ]


def test_a_link_that_is_no_web_address_is_replaced_by_the_official_page(fishing: Guide) -> None:
    assert [(f.text, f.address) for f in facts(fishing, "form")] == [
        ("Notice du permis (cerfa n° 50000#01)", "https://canal.example/notice.pdf"),
        (
            "Demande de permis sur papier (cerfa n° 99999*01)",
            "https://www.service-public.fr/particuliers/vosdroits/R90002",
        ),
    ]


def test_every_block_lies_in_its_section_and_nothing_lies_outside(fishing: Guide) -> None:
    for part in fishing.sections:
        assert "\n".join(lines(part)) == part.text
        assert not re.search(r" {2}| [,)]", part.text)


def test_a_form_answers_with_its_numbers_and_where_to_get_it() -> None:
    form = read("R90002")
    assert form.audiences == ("individuals", "businesses")
    assert (form.description, form.theme) == ("", ("Loisirs",))
    assert [(s.path, s.topic) for s in form.sections] == [(("Formulaire",), "form")]
    assert lines(form.sections[0]) == [
        "Formulaire 99999*01 : Demande de permis de pêche",
        "À envoyer à la maison du canal, en deux exemplaires.",
    ]
    title = "Formulaire 99999*01 : Demande de permis de pêche (formulaire n° P-7)"
    assert form.facts == (Fact("form", title, (), "https://canal.example/formulaire.pdf"),)


def test_a_folder_without_text_is_only_a_card_with_facts() -> None:
    folder = read("N90003")
    assert (folder.title, folder.description, folder.sections) == ("Pêche", "", ())
    assert folder.address == "https://www.service-public.fr/associations/vosdroits/N90003"
    assert [fact.kind for fact in folder.facts] == ["where"]


def test_the_latest_copy_of_a_sheet_is_kept_with_the_audiences_of_all() -> None:
    newer = sheet_xml("R90002").replace(b"2019-02-03", b"2020-02-03")
    newer = newer.replace(b"<Audience>Particuliers</Audience>", b"", 1)
    sheets = [parse_xml(sheet_xml("R90002"), "a"), parse_xml(newer, "b")]
    old = read_sheet(sheets[0], "particuliers/R90002.xml", "individuals")
    new = read_sheet(sheets[1], "professionnels/R90002.xml", "businesses")
    one = one_guide([old, new])
    assert one.updated_on == date(2020, 2, 3)
    assert one.audiences == ("individuals", "businesses")
    assert one.address == (
        "https://www.service-public.fr/professionnels-entreprises/vosdroits/R90002"
    )
    assert one_guide([old, old]).document == "particuliers/R90002.xml"


@pytest.mark.parametrize(
    ("sheet", "old", "new", "reason"),
    [
        ("F90004", b"", b"", "guided search without text"),
        ("N90003", b"<dc:title>P", b"<dc:title>** P", "marks a draft"),
        ("N90003", b"<dc:title>P\xc3\xaache", b"<dc:title> ", "no title"),
        ("N90003", b'"Dossier"', b'"Theme"', "list of folders"),
        ("N90003", b"modified 2020-01-01", b"modified 2020-13-01", "its date 'modified 2020-13"),
        ("N90003", b"modified 2020-01-01", b"", "its date ''"),
        ("N90003", b'ID="N90003"', b'ID="N90008"', "is not the one of its name"),
        ("N90003", b'ID="N90003"', b'ID="../N9"', "is not the one of its name"),
        ("N90003", b"Publication", b"Arborescence", "not a sheet"),
    ],
)
def test_a_sheet_that_answers_nothing_is_refused_by_name(
    sheet: str, old: bytes, new: bytes, reason: str
) -> None:
    content = sheet_xml(sheet).replace(old, new) if old else sheet_xml(sheet)
    with pytest.raises(DocumentRefused, match=re.escape(reason)) as refused:
        read(sheet, content)
    assert refused.value.document == f"{sheet}.xml"


def test_an_address_outside_the_official_site_is_not_shown() -> None:
    content = sheet_xml("F90001").replace(b"https://www.service-public.fr/", b"https://evil.test/")
    assert read("F90001", content).address == (
        "https://www.service-public.fr/particuliers/vosdroits/F90001"
    )
