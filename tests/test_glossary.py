from __future__ import annotations

import pytest

from civic_assistant.glossary import Glossary, load_glossary, official_terms
from civic_assistant.messages import PAGE_LANGUAGES

GLOSSARY = Glossary(
    {
        "encombrants": {
            "official": ["encombrants"],
            "fr": ["vieux canape*", "gros meuble*"],
            "ar": ["اريكة قديمة", "كنبة"],
            "zh": ["旧沙发"],
            "pl": ["star* kanap*"],
            "tr": ["eski koltuk*"],
        },
        "carte-identite": {
            "official": ["carte nationale d'identité"],
            "fr": ["cni", "carte d identite"],
            "en": ["id card*"],
        },
        "carte-stationnement": {
            "official": ["carte de stationnement résident"],
            "fr": ["carte*"],
        },
    }.items()
)


def keys(text: str, language: str) -> list[str]:
    return [mention.concept.key for mention in GLOSSARY.mentions(text, language)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("où jeter de Vieux Canapés ?", "fr"),
        ("gdzie wyrzucić starą kanapę", "pl"),
        ("ماذا أفعل بالكنبة؟", "ar"),
        ("旧沙发怎么扔？", "zh"),
        ("eski koltuğu nereye atabilirim", "tr"),
        ("eski koltuklarımı alır mısınız", "tr"),
    ],
)
def test_a_matter_is_found_in_the_words_of_its_language(text: str, language: str) -> None:
    assert keys(text, language) == ["encombrants"]


def test_the_longer_of_two_phrases_counts() -> None:
    assert keys("ma carte d'identité", "fr") == ["carte-identite"]


def test_french_terms_and_acronyms_count_in_every_language() -> None:
    assert keys("renew my carte d'identité", "en") == ["carte-identite"]
    assert keys("Wie beantrage ich eine CNI?", "de") == ["carte-identite"]
    assert keys("una carta", "es") == []


def test_a_mention_says_where_it_stands() -> None:
    (mention,) = GLOSSARY.mentions("je perds ma CNI.", "fr")
    assert "je perds ma CNI."[mention.start : mention.end] == "CNI"


def test_the_official_terms_are_listed_once() -> None:
    mentions = GLOSSARY.mentions("CNI ou carte d'identité", "fr")
    assert official_terms(mentions) == "carte nationale d'identité"


def test_every_shipped_concept_has_phrases_in_every_language() -> None:
    glossary = load_glossary()
    assert len(glossary.concepts) >= 200
    assert len({concept.key for concept in glossary.concepts}) == len(glossary.concepts)
    assert glossary.languages() == {key: set(PAGE_LANGUAGES) for key in glossary.languages()}


def test_a_phrase_that_stands_twice_is_mentioned_twice() -> None:
    mentions = load_glossary().mentions("护照和护照", "zh")
    assert [(m.start, m.end) for m in mentions] == [(0, 2), (3, 5)]
