from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from importlib.resources import files

import pytest

from civic_assistant.glossary import load_glossary
from civic_assistant.glosses import MOST_GLOSSES, Gloss, TermNames, glosses_of, term_names
from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.outcomes import Answered
from tests.store.turns import ANSWERED

NAMES = TermNames(
    {
        "acte de naissance": "doğum belgesi",
        "extrait d'acte de naissance": "doğum belgesi özeti",
        "carte d'identité": "kimlik kartı",
        "carte nationale d'identité": "kimlik kartı",
        "livret de famille": "aile cüzdanı",
        "quotient familial": "kişi başına aile geliri",
        "état civil": "nüfus kaydı",
        "allocations familiales": "çocuk parası",
        "apostille": "apostil onayı",
        "Pacs": "kayıtlı birliktelik",
        "RSA": "asgari gelir yardımı",
        "passeport": "pasaport",
        "testament": "Testament",
    }
)
OTHERS = [language for language in PAGE_LANGUAGES if language != "fr"]
SCRIPTS = {"ar": "\u0600-\u06ff", "uk": "\u0400-\u04ff", "zh": "\u4e00-\u9fff"}


def answer(*texts: str, language: str = "fr") -> Answered:
    """Return an answer that quotes these sentences of a guide in a language."""
    (sentence,), (source,) = ANSWERED.sentences, ANSWERED.sources
    sentences = tuple(
        replace(sentence, text=text, citation=replace(sentence.citation, quote=text))
        for text in texts
    )
    return replace(ANSWERED, sentences=sentences, sources=(replace(source, language=language),))


def terms(*texts: str) -> list[str]:
    return [gloss.term for gloss in glosses_of(answer(*texts), NAMES)]


def shipped(language: str) -> dict[str, str]:
    path = files("civic_assistant.glossary") / "names" / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_a_term_is_shown_as_it_stands_in_the_guide_with_its_name() -> None:
    glosses = glosses_of(answer("Apportez les Livrets de famille et vos passeports."), NAMES)
    assert glosses == (Gloss("Livrets de famille", "aile cüzdanı"), Gloss("passeports", "pasaport"))


def test_either_number_and_any_apostrophe_or_hyphen_are_the_same_term() -> None:
    assert terms("Vos cartes d’identité") == ["cartes d’identité"]
    assert terms("le service état-civil") == ["état-civil"]
    assert terms("une allocation familiale") == ["allocation familiale"]
    assert terms("les quotients familiaux") == ["quotients familiaux"]


def test_the_longest_term_is_the_one_explained() -> None:
    assert terms("un extrait d'acte de naissance") == ["extrait d'acte de naissance"]


def test_words_apart_are_no_term() -> None:
    assert terms("la carte, d'identité ou non") == []
    assert terms("un livret | de famille") == []


def test_an_accent_makes_another_word_but_a_capital_may_lack_it() -> None:
    assert terms("Le document est apostillé.") == []
    assert terms("Etat civil et ÉTAT CIVIL") == ["Etat civil"]


def test_a_short_word_keeps_its_ending() -> None:
    assert terms("une PAC air-eau") == []
    assert terms("le Pacs") == ["Pacs"]


def test_a_name_stands_once_with_its_most_specific_term() -> None:
    assert terms("une carte d'identité", "la carte nationale d'identité, une carte d'identité") == [
        "carte nationale d'identité"
    ]


def test_a_word_that_is_the_same_in_both_languages_is_not_explained() -> None:
    assert terms("le testament") == []


def test_only_the_most_specific_terms_are_explained() -> None:
    text = "passeport, RSA, apostille, livret de famille, quotient familial, état civil, Pacs"
    specific = ["livret de famille", "quotient familial", "état civil", "RSA", "passeport"]
    assert terms(text) == specific
    assert len(terms(text)) == MOST_GLOSSES


def test_a_sentence_that_is_not_french_is_not_explained() -> None:
    assert glosses_of(answer("the livret de famille", language="en"), NAMES) == ()


def test_a_language_without_names_explains_nothing() -> None:
    for language in ("fr", "xx"):
        assert glosses_of(answer("le livret de famille"), term_names(language)) == ()


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_names_what_guides_ask_for_most(language: str) -> None:
    asked = ("acte de naissance", "justificatif de domicile", "livret de famille")
    glosses = glosses_of(answer(*asked), term_names(language))
    assert {gloss.term for gloss in glosses} == set(asked)
    assert len(shipped(language)) > 350


@pytest.mark.parametrize("language", OTHERS)
def test_every_named_term_is_known_to_the_glossary(language: str) -> None:
    glossary = load_glossary()
    official = " | ".join(term for concept in glossary.concepts for term in concept.official)
    for term in shipped(language):
        known = any(
            (mention.start, mention.end) == (0, len(term))
            for mention in glossary.mentions(term, "fr")
        )
        assert known or re.search(rf"\b{re.escape(term)}\b", official), term


@pytest.mark.parametrize("language", OTHERS)
def test_a_name_is_short_and_in_the_letters_of_its_language(language: str) -> None:
    script = SCRIPTS.get(language, "a-zA-Z")
    for term, name in shipped(language).items():
        assert 0 < len(name) <= 60, term
        assert re.search(f"[{script}]", name), term
        assert name != term, term
