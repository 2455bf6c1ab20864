from __future__ import annotations

from civic_assistant.units import Unit, units_of
from tests.guides_by_hand import CANTEEN, guide, passages, section


def units(number: int) -> list[Unit]:
    members = [p for p in passages(CANTEEN) if p.section == number]
    return units_of(CANTEEN.sections[number], members, "fr")


def texts(unit: Unit) -> list[str]:
    return [span.text for span in unit.spans]


def test_each_sentence_of_a_paragraph_is_a_unit() -> None:
    assert [texts(unit) for unit in units(0)] == [
        ["La cantine accueille les élèves le midi."],
        ["L'inscription est obligatoire."],
    ]


def test_a_table_keeps_its_introduction_and_its_header() -> None:
    (table,) = units(1)
    assert table.kind == "table"
    assert texts(table) == [
        "Le prix du repas dépend du quotient familial :",
        "Quotient familial | Prix du repas",
        "moins de 400 € | 1,00 €",
        "400 € et plus | 4,10 €",
    ]


def test_a_list_keeps_its_introduction_and_lets_go_of_what_follows() -> None:
    documents, after = units(2)
    assert documents.kind == "list"
    assert texts(documents)[0] == "Pour inscrire un enfant, il faut :"
    assert len(documents.spans) == 3
    assert texts(after) == ["Le dossier se dépose à la mairie."]


def test_a_lead_without_a_colon_goes_with_its_table_too() -> None:
    plain = guide(
        "g",
        "G",
        section(
            ("paragraph", "Le repas est payant. Le prix dépend du quotient familial."),
            ("header", "Quotient | Prix"),
            ("row", "moins de 400 € | 1,00 €"),
        ),
    )
    sentence, table = units_of(plain.sections[0], passages(plain), "fr")
    assert texts(sentence) == ["Le repas est payant."]
    assert texts(table)[0] == "Le prix dépend du quotient familial."


def test_every_span_slices_back_from_its_passage() -> None:
    for number in range(3):
        for unit in units(number):
            for span in unit.spans:
                assert span.passage.text[span.start : span.end] == span.text
