from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from civic_assistant.glossary import load_glossary
from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.phrases import flat
from civic_assistant.situations import load_situations
from civic_assistant.verified.meant import difference, meant_by
from evals.training.same_question import triplets


def differ(one: str, other: str, language: str = "fr") -> str | None:
    glossary, situations = load_glossary(), load_situations()
    read = [meant_by(text, language, glossary, situations) for text in (one, other)]
    assert difference(*read) == difference(*reversed(read))
    return difference(*read)


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        ("Combien coûte le badge ?", "Combien de temps pour avoir le badge ?", "asked"),
        ("J'ai perdu ma carte, que faire ?", "On a volé ma carte, que faire ?", "asked"),
        ("Comment faire un passeport ?", "Comment faire une carte d'identité ?", "matter"),
        ("Mon fils de 4 ans peut-il venir ?", "Mon fils de 8 ans peut-il venir ?", "case"),
        ("La régie ouvre le samedi ?", "La régie ouvre le dimanche ?", "figure"),
        ("Puis-je venir si j'ai un badge ?", "Puis-je venir si je n'ai pas de badge ?", "negation"),
        ("Puis-je planter un arbre ?", "Puis-je tailler un arbre ?", "word"),
    ],
)
def test_what_two_questions_disagree_on_is_named(one: str, other: str, what: str) -> None:
    assert differ(one, other) == what


def test_the_same_question_in_other_words_agrees() -> None:
    assert differ("Combien coûte le badge ?", "c'est combien le badge") is None
    assert differ("图书馆星期天开门吗？", "图书馆星期天开门吗", "zh") is None


def test_every_kind_has_its_words_in_every_language() -> None:
    shipped = files("civic_assistant.verified").joinpath("asked.toml")
    for kind, phrases in tomllib.loads(shipped.read_text(encoding="utf-8")).items():
        assert set(phrases) == set(PAGE_LANGUAGES), kind
        assert all(flat(phrase) for words in phrases.values() for phrase in words)


def test_most_questions_made_to_be_taken_for_another_are_told_by_their_words_alone() -> None:
    listed = triplets()
    told = [t for t in listed if differ(t.wording, t.other, t.language) is not None]
    assert len(told) / len(listed) > 0.85
