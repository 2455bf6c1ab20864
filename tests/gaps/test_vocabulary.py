from __future__ import annotations

import pytest

from civic_assistant.gaps.vocabulary import Vocabulary
from civic_assistant.glossary import load_glossary
from civic_assistant.keywords import stems

PUBLISHED = {("fr", stem) for stem in stems("le composteur du quartier des Tanneurs", "fr")}


@pytest.fixture
def vocabulary() -> Vocabulary:
    return Vocabulary(lambda stem, language: (language, stem) in PUBLISHED, load_glossary())


def test_a_name_that_nothing_announced_is_hidden(vocabulary: Vocabulary) -> None:
    asked = "mon voisin kowalczyk du 14 rue Brindejonc fait du bruit, que faire ?"
    shown = vocabulary.shown(asked, "fr")
    assert shown == "mon voisin […] du […] rue […] fait du bruit, que faire ?"


def test_words_of_guides_and_matters_of_the_glossary_are_shown(vocabulary: Vocabulary) -> None:
    assert vocabulary.shown("composteur aux Tanneurs ?", "fr") == "composteur aux Tanneurs ?"
    assert vocabulary.shown("Wer entfernt ein Hornissennest?", "de").endswith("Hornissennest?")


def test_a_word_that_three_conversations_used_is_shown_in_their_language(
    vocabulary: Vocabulary,
) -> None:
    for asker in ("a", "a", "b"):
        vocabulary.add(asker, "la navette Zéphyrine ?", "fr")
    assert vocabulary.shown("Zéphyrine", "fr") == "[…]"
    vocabulary.add("c", "ZEPHYRINE", "fr")
    assert vocabulary.shown("Zéphyrine", "fr") == "Zéphyrine"
    assert vocabulary.shown("Zéphyrine", "en") == "[…]"


def test_placeholders_of_the_first_redaction_stay(vocabulary: Vocabulary) -> None:
    assert vocabulary.shown("écrire à [e-mail] svp", "fr") == "écrire à [e-mail] svp"


def test_a_chinese_name_is_hidden_and_everyday_signs_are_not(vocabulary: Vocabulary) -> None:
    shown = vocabulary.shown("请问王芷萱可以申请身份证吗", "zh")
    assert "芷萱" not in shown and "芷" not in shown
    assert "身份证" in shown


def test_a_reply_keeps_its_sentences_and_loses_its_names(vocabulary: Vocabulary) -> None:
    reply = "Le patinoire rouvre à 14 h 30.\nBien à vous, Awa, pour le Dr Brindejonc"
    shown = vocabulary.shown_reply(reply, ("fr",), ["Awa D."])
    assert shown.startswith("Le patinoire rouvre à 14 h 30.")
    assert "Awa" not in shown and "Brindejonc" not in shown


def test_the_citizens_own_name_goes_from_a_reply_even_in_small_letters(
    vocabulary: Vocabulary,
) -> None:
    assert "tanneur" not in vocabulary.shown_reply("bonjour tanneur", ("fr",), ["L. Tanneur"])


def test_a_reply_in_a_writing_without_capitals_shows_known_words_only(
    vocabulary: Vocabulary,
) -> None:
    shown = vocabulary.shown_reply("您好芷萱，请申请身份证", ("zh", "fr"), [])
    assert "芷" not in shown and "身份证" in shown
