from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from civic_assistant.catalogue import GuideEntry
from civic_assistant.index import LiveEdition
from civic_assistant.keywords import KeywordIndex
from civic_assistant.outcomes import Answered, AnswerSentence, Citation
from civic_assistant.verification import (
    Fault,
    Misquoted,
    Nothing,
    NotLive,
    Reversed,
    Swapped,
    Turned,
    Unsupported,
    faults_of,
    is_quoted,
)
from tests.guides_by_hand import guide, passages, section

TEXT = (
    "La réponse arrive sous 15 jours ouvrés. Le timbre coûte 86 € et n'est pas remboursé. "
    "Le guichet ouvre du lundi au vendredi de 8 h 30 à 12 h et de 13 h 30 à 17 h. "
    "Un animal est accepté, sauf un chien de moins de 12 mois. "
    "La vente aux mineurs est interdite. Apportez au moins deux photos, de 3 à 5 cm."
)
PASSPORT = guide(
    "g",
    "Passeport 2026",
    section(("paragraph", TEXT), path=("Démarche",)),
    section(
        ("paragraph", "Tarifs du timbre :"),
        ("header", "Âge | Prix en 2026"),
        ("row", "Mineur de 15 à 17 ans | 42 €"),
        ("row", "Adulte | 86 €"),
        path=("3. Tarifs",),
    ),
)
PASSAGE, TABLE = passages(PASSPORT)
TODAY = date(2026, 11, 22)


def live(valid_until: date | None = None) -> LiveEdition:
    entry = GuideEntry("d", "g", "fr", "town", "g/fr.md", "Passeport", None, valid_until)
    places = {passage.id: "d" for passage in (PASSAGE, TABLE)}
    return LiveEdition(1, places, {"d": entry}, {"g": {"fr": entry}}, KeywordIndex({}))


def citation(quote: str) -> Citation:
    passage = PASSAGE if quote in PASSAGE.text else TABLE
    start = passage.text.index(quote)
    return Citation("g", "fr", passage.id, quote, start, start + len(quote), edition=1)


def faults(
    text: str, quote: str, language: str = "fr", edition: LiveEdition | None = None
) -> tuple[Fault, ...]:
    answered = Answered("full", (AnswerSentence(text, "paragraph", citation(quote), 0),), ())
    held = {passage.id: passage for passage in (PASSAGE, TABLE)}
    return faults_of(answered, held, edition or live(), TODAY, language)


PRICE = "Le timbre coûte 86 € et n'est pas remboursé."
REPLY = "La réponse arrive sous 15 jours ouvrés."
HOURS = "Le guichet ouvre du lundi au vendredi de 8 h 30 à 12 h et de 13 h 30 à 17 h."
ANIMAL = "Un animal est accepté, sauf un chien de moins de 12 mois."
SALE = "La vente aux mineurs est interdite."
PHOTOS = "Apportez au moins deux photos, de 3 à 5 cm."


def test_a_quote_that_stands_at_its_offsets_is_accepted() -> None:
    assert is_quoted(citation(PRICE), PASSAGE)
    assert faults(PRICE, PRICE) == ()


@pytest.mark.parametrize(
    "changed",
    [
        replace(citation(REPLY), quote="La réponse arrive sous 5 jours ouvrés."),
        replace(citation(PRICE), end=len(TEXT) + 5),
        citation("5 jours ouvrés"),
        citation("jours ouvrés"),
        citation("Le guichet ouvre du lundi au vendredi de 8 h"),
    ],
)
def test_a_quote_that_stands_elsewhere_or_cuts_a_figure_is_refused(changed: Citation) -> None:
    assert not is_quoted(changed, PASSAGE)


def test_white_space_and_composition_of_accents_do_not_matter() -> None:
    decomposed = "La re\u0301ponse  arrive sous 15 jours ouvre\u0301s."
    assert is_quoted(replace(citation(REPLY), quote=decomposed), PASSAGE)


def test_an_answer_without_sentences_is_none() -> None:
    assert faults_of(Answered("full", (), ()), {}, live(), TODAY) == (Nothing(),)


def test_another_edition_and_an_expired_guide_do_not_hold() -> None:
    assert faults(PRICE, PRICE, edition=replace(live(), number=2)) == (NotLive(0),)
    assert faults(PRICE, PRICE, edition=live(date(2026, 1, 1))) == (NotLive(0),)


def test_a_sentence_cannot_lean_on_a_quote_that_is_not_there() -> None:
    answered = Answered(
        "full",
        (AnswerSentence(PRICE, "paragraph", replace(citation(PRICE), passage_id=TABLE.id), 0),),
        (),
    )
    held = {passage.id: passage for passage in (PASSAGE, TABLE)}
    assert faults_of(answered, held, live(), TODAY) == (Misquoted(0),)


@pytest.mark.parametrize(
    ("text", "quote", "language"),
    [
        ("Le timbre coûte 86 euros ; il n'est pas remboursé.", PRICE, "fr"),
        ("You pay €86, which is not refunded.", PRICE, "en"),
        ("ثمن الطابع ٨٦ يورو ولا يُسترد.", PRICE, "ar"),
        ("You get an answer within fifteen working days.", REPLY, "en"),
        ("Open Monday to Friday, 8.30 am to noon and 1.30 to 5 pm.", HOURS, "en"),
        ("Geöffnet montags bis freitags von 8.30 bis 12 Uhr und 13.30 bis 17 Uhr.", HOURS, "de"),
        ("Animals are accepted, except dogs under 12 months.", ANIMAL, "en"),
        ("Se aceptan animales, excepto perros de menos de 12 meses.", ANIMAL, "es"),
        ("You must not sell to anyone under 18.", SALE, "en"),
        ("Bring 2 or more photos, 3 to 5 cm.", PHOTOS, "en"),
        ("In 2026 the fee is €42 for a minor aged 15 to 17.", "Mineur de 15 à 17 ans | 42 €", "en"),
    ],
)
def test_an_honest_rewording_or_translation_holds(text: str, quote: str, language: str) -> None:
    assert faults(text, quote, language) == ()


def unsupported(text: str, quote: str, language: str = "fr") -> list[tuple[str, bool]]:
    found = faults(text, quote, language)
    return [(f.figure.text, f.is_elsewhere) for f in found if isinstance(f, Unsupported)]


def test_the_figure_that_has_no_support_is_named() -> None:
    assert unsupported("Le timbre coûte 85 €.", PRICE) == [("85 €", False)]
    assert unsupported("An answer comes within 5 working days.", REPLY, "en") == [
        ("5 working days", False)
    ]
    assert unsupported("An answer comes within 15 days.", REPLY, "en") == [("15 days", False)]


def test_a_figure_of_another_row_is_told_from_an_invented_one() -> None:
    assert unsupported("An adult pays €42.", "Adulte | 86 €", "en") == [("€42", True)]
    assert unsupported("An adult pays €43.", "Adulte | 86 €", "en") == [("€43", False)]


def test_the_number_of_a_heading_supports_nothing() -> None:
    assert unsupported("Bring three photos, at least.", "Adulte | 86 €", "en") == [("three", False)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Open Wednesday to Friday, 8.30 am to noon and 1.30 to 5 pm.", "en"),
        ("Ouvert du lundi au vendredi de 8 h 30 à 17 h et de 13 h 30 à 12 h.", "fr"),
        ("Open Monday to Friday, 8.30 am to noon and 1.30 to 5 pm; on Friday to 12 am.", "en"),
    ],
)
def test_figures_in_each_others_place_are_seen(text: str, language: str) -> None:
    assert any(isinstance(f, Swapped | Unsupported) for f in faults(text, HOURS, language))


def test_a_least_that_became_a_most_is_seen() -> None:
    (fault,) = faults("Bring at most two photos, 3 to 5 cm.", PHOTOS, "en")
    assert isinstance(fault, Turned)
    assert fault.figure.text == "two"
    assert any(isinstance(f, Turned) for f in faults("Sale over 18 is forbidden.", SALE, "en"))


@pytest.mark.parametrize(
    ("text", "quote", "language", "change"),
    [
        ("Le timbre coûte 86 € et est remboursé.", PRICE, "fr", "dropped"),
        ("You pay €86, which is refunded.", PRICE, "en", "dropped"),
        ("An animal is accepted.", ANIMAL, "en", "dropped"),
        ("Un animal est accepté.", ANIMAL, "fr", "dropped"),
        ("Sale to minors is allowed.", SALE, "en", "dropped"),
        ("Sale to minors is not forbidden.", SALE, "en", "added"),
        ("No answer comes within 15 working days.", REPLY, "en", "added"),
        ("La réponse n'arrive pas sous 15 jours ouvrés.", REPLY, "fr", "added"),
    ],
)
def test_a_negation_that_was_dropped_or_added_is_told(
    text: str, quote: str, language: str, change: str
) -> None:
    reversals = [f.reversal for f in faults(text, quote, language) if isinstance(f, Reversed)]
    assert [reversal.change for reversal in reversals] == [change]


def test_a_quote_cut_before_its_negation_does_not_hide_it() -> None:
    found = faults("Le timbre est remboursé.", "remboursé", "fr")
    assert any(isinstance(f, Reversed) for f in found)
