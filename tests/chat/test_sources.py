from __future__ import annotations

import json
from dataclasses import replace

from civic_assistant.chat.sources import Piece, source_card
from civic_assistant.messages import messages_for
from tests.chat.fakes import SOURCE

FRENCH = messages_for("fr")


def test_the_quotes_are_marked_in_their_context_and_nothing_is_lost() -> None:
    card = source_card(SOURCE, 1, "source-x-1", FRENCH)
    paragraph, items, table, last = card.groups
    assert paragraph.rows[0][0] == (
        Piece("La carte de stationnement est réservée aux habitants. ", marked=False),
        Piece("Elle coûte 30 € par an.", marked=True),
    )
    assert [row[0][0].text for row in items.rows] == [
        "un justificatif de domicile",
        "la carte grise du véhicule",
    ]
    assert table.header == ((Piece("Durée", marked=True),), (Piece("Tarif", marked=True),))
    assert table.rows[1] == ((Piece("Six mois", marked=False),), (Piece("18 €", marked=False),))
    assert last.rows[0][0][0].marked is False


def test_a_card_says_where_the_passage_stands_and_how_old_it_is() -> None:
    card = source_card(SOURCE, 2, "source-x-2", FRENCH)
    assert card.place == "Tarifs › Habitants"
    assert card.situation == "Vous habitez en zone verte"
    assert "Service de la voirie" in card.department
    assert "12 mars 2026" in card.updated
    assert any("septembre 2026" in note for note in card.notes)
    assert card.address == "https://www.vaubreuil.example/stationnement#tarifs"
    assert card.document == "/documents/stationnement/fr.pdf"
    json.dumps(card.props())


def test_a_passage_in_another_language_says_so_and_keeps_its_own_direction() -> None:
    card = source_card(SOURCE, 1, "source-x-1", messages_for("ar"))
    assert (card.language, card.direction) == ("fr", "ltr")
    assert (card.spoken, card.spoken_direction) == ("ar", "rtl")
    assert len(card.notes) == 2
    same = source_card(replace(SOURCE, is_overdue=False), 1, "source-x-1", FRENCH)
    assert same.notes == ()


def test_a_page_leads_into_the_document() -> None:
    leaflet = replace(SOURCE, page=3, anchor=None, address="https://www.vaubreuil.example/t.pdf")
    card = source_card(leaflet, 1, "source-x-1", FRENCH)
    assert card.address.endswith("t.pdf#page=3")
    assert card.document == "/documents/stationnement/fr.pdf#page=3"
    assert "page 3" in card.place


def test_a_web_page_is_not_served_as_a_document_and_a_script_is_no_address() -> None:
    page = replace(SOURCE, document="stationnement/fr.html", address="javascript:alert(1)")
    card = source_card(page, 1, "source-x-1", FRENCH)
    assert (card.document, card.address) == ("", "")


def test_overlapping_marks_do_not_repeat_text() -> None:
    start = SOURCE.text.index("Elle")
    marked = replace(SOURCE, marks=((start, start + 10), (start + 5, start + 15)))
    paragraph = source_card(marked, 1, "x", FRENCH).groups[0]
    assert "".join(piece.text for piece in paragraph.rows[0][0]) == SOURCE.text.split("\n")[0]
