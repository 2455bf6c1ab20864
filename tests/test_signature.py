"""Who writes is no part of what is asked: names and numbers left beside a question."""

from __future__ import annotations

import pytest

from civic_assistant.intents import open_intents
from civic_assistant.outcomes import Signposted, SignpostTopic
from civic_assistant.redaction import redact
from civic_assistant.screening import Screener
from civic_assistant.settings import Settings
from civic_assistant.signature import without_signature


@pytest.fixture(scope="module")
def screener(light_settings: Settings) -> Screener:
    return Screener(open_intents(light_settings))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Quel est le tarif ? Mon numéro est [phone].", "Quel est le tarif ?"),
        ("Bonjour, je m'appelle [name], quel est le tarif", "Bonjour, quel est le tarif"),
        ("كم سعر الوجبة في المطعم؟ رقمي [phone]", "كم سعر الوجبة في المطعم؟"),
        ("护照要多少钱才能办理下来呢？我的电话是[phone]", "护照要多少钱才能办理下来呢？"),
        ("Et ensuite ? [name]", "Et ensuite ? [name]"),
        ("La photo de [name] est-elle arrivée ?", "La photo de [name] est-elle arrivée ?"),
        ("¿Cuánto cuesta? Vivo en [address].", "¿Cuánto cuesta? Vivo en [address]."),
    ],
)
def test_clauses_that_say_who_writes_are_left_out_where_enough_is_left(
    text: str, left: str
) -> None:
    assert without_signature(text) == left


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Wie viel kostet ein Essen in der Schulkantine? Meine Nummer ist 06 39 98 12 34."),
        ("fr", "Bonjour, je m'appelle Anne Durand, je voudrais savoir combien coûte la cantine"),
        ("fr", "quels sont vos horaires svp, mon tel 0639981234"),
        ("it", "Quanto costa la mensa? Il mio numero è 06 39 98 12 34. Grazie"),
        ("es", "¿Cuánto cuesta el comedor? Mi correo es ana@correo.es"),
        ("en", "Where can I renew my ID card, my name is John Smith, 06 39 98 12 34"),
    ],
)
def test_who_leaves_a_name_or_a_number_asks_the_same_question(
    screener: Screener, language: str, text: str
) -> None:
    assert screener.screening(redact(text).text, language).outcome is None


@pytest.mark.parametrize(
    ("language", "text", "topic"),
    [
        ("fr", "Où en est mon passeport, je suis Mme Durand, tel 06 39 98 12 34", "personal_file"),
        ("en", "has my passport arrived? my name is John Smith", "personal_file"),
        ("fr", "Je m'appelle Anne Durand et je veux mourir, je n'en peux plus", "distress"),
        ("de", "ich will nicht mehr leben. Anna, 06 39 98 12 34", "distress"),
    ],
)
def test_somebodys_file_and_danger_are_told_beside_a_name(
    screener: Screener, language: str, text: str, topic: SignpostTopic
) -> None:
    assert screener.screening(redact(text).text, language).outcome == Signposted(topic)
