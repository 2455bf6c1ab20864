"""Sentences keep their abbreviations, numbers and offsets in every language of the page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_assistant.sentences import sentence_spans


def sentences(text: str, language: str = "fr") -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, language)]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", ["Voir l'art. L. 2223-13 du code.", "M. Dupont vous reçoit."]),
        ("fr", ["La mairie ouvre à 8 h 30 et ferme à 12 h.", "Elle rouvre à 13 h 30."]),
        ("fr", ["Le prix est de 1 234,50 €.", "Vous payez en 3 fois."]),
        ("fr", ["Apportez un justificatif, p. ex. une facture.", "Une copie suffit."]),
        ("fr", ["Le dossier (cerfa n° 13404*10) est gratuit.", "Mme. Martin vous aide."]),
        ("fr", ["C'est gratuit !", "Qui paie ?", "Personne."]),
        ("fr", ["Le délai est de 5 jours max.", "Ensuite, attendez."]),
        ("fr", ["Le bureau ferme le 1er janv. 2027.", "Réf. 12."]),
        ("fr", ["Écrivez à accueil@vaubreuil.example.", "Appelez le 03.53.01.20.00."]),
        ("en", ["The desk opens at 8.30 a.m. on Mondays.", "Mr. Smith pays e.g. 4.50 euros."]),
        ("es", ["El Sr. Pérez ve el art. 5.", "¿Cuándo?", "¡Hoy!"]),
        ("pt", ["O Sr. Silva paga 4,50 €.", "Fim."]),
        ("de", ["Am 1. September gilt z. B. § 5 Abs. 2 der Satzung.", "Das kostet 4,50 €."]),
        ("it", ["Il sig. Rossi vede l'art. 5 della legge.", "Costa 4,50 €."]),
        ("tr", ["Ücret 4,50 €'dur.", "Örn. fatura getirin."]),
        ("uk", ["Див. ст. 3 закону.", "Вул. Шевченка, 5."]),
        ("ro", ["Vezi art. 5 din lege.", "Costă 4,50 €."]),
        ("pl", ["Zgodnie z art. 3 ust. 2 ustawy opłata wynosi 4 zł.", "Koniec."]),
        ("ar", ["هذا هو النص الأول.", "هل تريد موعدًا؟", "نعم!"]),
    ],
)
def test_abbreviations_and_figures_do_not_end_a_sentence(
    language: str, expected: list[str]
) -> None:
    assert sentences(" ".join(expected), language) == expected


def test_chinese_sentences_end_without_spaces() -> None:
    assert sentences("您需要提供身份证。费用是多少？每年25欧元！", "zh") == [
        "您需要提供身份证。",
        "费用是多少？",
        "每年25欧元！",
    ]


def test_a_line_end_always_ends_a_sentence() -> None:
    assert sentences("Il faut :\nune photo\nune copie. ") == [
        "Il faut :",
        "une photo",
        "une copie.",
    ]


def test_a_list_number_stays_with_its_sentence() -> None:
    assert sentences("1. Remplissez. 2. Signez.") == ["1. Remplissez.", "2. Signez."]


@given(st.text(alphabet="aéZ 1.?!\n€«»。م", max_size=80), st.sampled_from(["fr", "ar", "zh", "xx"]))
def test_spans_are_in_order_trimmed_and_leave_out_only_spaces(text: str, language: str) -> None:
    spans = sentence_spans(text, language)
    end_before = 0
    for start, end in spans:
        assert end_before <= start < end
        assert not text[end_before:start].strip()
        assert text[start:end] == text[start:end].strip()
        end_before = end
    assert not text[end_before:].strip()
