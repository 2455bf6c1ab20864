"""The words, tables, conditions and trees of national sheets."""

from __future__ import annotations

import pytest

from civic_assistant.errors import DocumentRefused
from ingest.readers.service_public import parse_json, parse_xml
from ingest.readers.service_public.conditions import labels_of
from ingest.readers.service_public.tables import rows_of
from ingest.readers.service_public.words import sentence_list, words_of
from tests.ingest.national_feed import sheet_json, sheet_xml, tree

LINK = '<LienInterne type="{}">{}</LienInterne>'


@pytest.mark.parametrize(
    ("inline", "words"),
    [
        ("le 1<Exposant>er</Exposant><Expression>jour ouvré</Expression>", "le 1er jour ouvré"),
        ("250 cm<Indice>3</Indice>", "250 cm3"),
        ("dans la limite de<Valeur>75\u00a0€</Valeur>", "dans la limite de 75 €"),
        ("<Valeur>5</Valeur><LienIntra>jours ouvrés</LienIntra>", "5 jours ouvrés"),
        ("<Valeur>5</Valeur><LienIntra>, ouvrés</LienIntra>", "5, ouvrés"),
        (LINK.format("Sigle", "JAF") + "ou le juge", "JAF ou le juge"),
        (LINK.format("Sigle", "Sacem") + "a signé", "Sacem a signé"),
        (LINK.format("Fiche", "indemnité") + "s.", "indemnités."),
        ("Avoir une a<LienExterne>ttestation</LienExterne>", "Avoir une attestation"),
        ("auprès de votre<LienInterne>MSA</LienInterne>", "auprès de votre MSA"),
        ("<Expression>C</Expression><Expression>arte</Expression>", "Carte"),
        ("n°<LienInterne>24</LienInterne><LienInterne>85-SD</LienInterne>", "n°2485-SD"),
        ("la  <LienExterne>loi</LienExterne>\n\n. Si", "la loi. Si"),
        ("( <Expression>sur place</Expression> ) , ensuite", "(sur place), ensuite"),
        ("l' <LienInterne>Insee</LienInterne>", "l'Insee"),
        ("convoi, mise en bière, ...", "convoi, mise en bière, ..."),
        ("Quel prix\u00a0?", "Quel prix ?"),
        ("de\u0301livre\u0301", "délivré"),
    ],
)
def test_inline_elements_are_joined_as_they_are_read(inline: str, words: str) -> None:
    assert words_of(tree(f"<Paragraphe>{inline}</Paragraphe>")) == words


def test_pieces_of_a_cell_are_parted_only_where_nothing_parts_them() -> None:
    assert sentence_list(["Passeport", "Photo,", "timbre", "+ copie", ""]) == (
        "Passeport ; Photo, timbre + copie"
    )


def test_merged_cells_are_given_to_every_row_and_columns_keep_their_place() -> None:
    table = tree(
        "<Tableau>"
        '<Rangée type="header"><Cellule><Paragraphe>A</Paragraphe></Cellule>'
        '<Cellule fusionHorizontale="2"><Paragraphe>B</Paragraphe></Cellule></Rangée>'
        '<Rangée type="normal"><Cellule fusionVerticale="3"><Paragraphe>a</Paragraphe></Cellule>'
        "<Cellule><Paragraphe>1</Paragraphe></Cellule>"
        '<Cellule fusionVerticale="2"><Paragraphe>2</Paragraphe></Cellule></Rangée>'
        '<Rangée type="normal"><Cellule><Paragraphe>3</Paragraphe></Cellule></Rangée>'
        '<Rangée type="normal"><Cellule><Paragraphe>4</Paragraphe></Cellule>'
        "<Cellule><Paragraphe>5</Paragraphe></Cellule></Rangée>"
        "</Tableau>"
    )
    assert list(rows_of(table)) == [
        (["A", "B", ""], True),
        (["a", "1", "2"], False),
        (["a", "3", "2"], False),
        (["a", "4", "5"], False),
    ]


def test_a_variable_means_what_the_questionnaire_says_and_nothing_when_titles_differ() -> None:
    sheet = tree(
        "<Publication><Questionnaire><Question><Choix><Titre><Paragraphe>Oui</Paragraphe></Titre>"
        "<IntituleSiSelectionne><Paragraphe>Vous avez un chien</Paragraphe>"
        '</IntituleSiSelectionne><SiSelectionne><affecteVrai var="T1"/><affecteFaux var="T2"/>'
        "</SiSelectionne></Choix></Question></Questionnaire>"
        '<Situation><Titre>Chien</Titre><Condition><estVrai var="T1"/></Condition></Situation>'
        '<Cas><Titre>Chat</Titre><Condition><estVrai var="T3"/></Condition></Cas>'
        '<Cas><Titre>Petit chat</Titre><Condition><estVrai var="T3"/></Condition></Cas>'
        '<Cas><Titre>Poule</Titre><Condition><ou><estVrai var="T4"/></ou></Condition></Cas>'
        "</Publication>"
    )
    assert labels_of(sheet) == {"T1": "Vous avez un chien"}


def test_xml_and_json_of_a_sheet_have_the_same_words() -> None:
    from_xml = parse_xml(sheet_xml("R90002"), "R90002.xml")
    from_json = parse_json(sheet_json("R90002"), "R90002.json")
    assert [(n.name, words_of(n)) for n in from_xml.elements] == [
        (n.name, words_of(n)) for n in from_json.elements
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<Publication><dc:title>", "broken XML"),
        (b'<?xml version="1.0" encoding="klingon"?><Publication/>', "broken XML"),
        (b'<!DOCTYPE x [<!ENTITY a "bb"><!ENTITY c "&a;&a;">]><x>&c;</x>', "declares XML entities"),
        (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', "declares XML"),
        (b"<a>" * 80 + b"</a>" * 80, "nests more than"),
    ],
)
def test_dangerous_or_broken_xml_is_refused_by_name(content: bytes, reason: str) -> None:
    with pytest.raises(DocumentRefused, match=reason) as refused:
        parse_xml(content, "particuliers/F1.xml")
    assert refused.value.document == "particuliers/F1.xml"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"children": [', "broken JSON"),
        (b"[" * 100_000, "broken JSON"),
        (b"[1, 2]", "not a sheet's tree"),
        (b'{"children": []}', "not a sheet's tree"),
        (b'{"children": [{"type": "element", "children": 3}]}', "not a sheet's tree"),
    ],
)
def test_broken_json_is_refused_by_name(content: bytes, reason: str) -> None:
    with pytest.raises(DocumentRefused, match=reason):
        parse_json(content, "F1.json")
