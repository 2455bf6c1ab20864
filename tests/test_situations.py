from __future__ import annotations

import pytest

from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.situations import Facts, load_situations

SITUATIONS = load_situations()
MINOR = frozenset(map(str, range(18)))
ADULT = frozenset(map(str, range(18, 121)))
NOT_FRENCH = frozenset({"european", "foreign"})


def told(language: str, text: str) -> Facts:
    return SITUATIONS.read(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "je ne suis pas français, puis-je voter ?"),
        ("en", "I'm not French, can I vote?"),
        ("es", "no soy francesa"),
        ("pt", "não sou francês"),
        ("ar", "أنا لست فرنسيا"),
        ("de", "Ich bin kein Franzose"),
        ("it", "non sono francese"),
        ("tr", "Fransız değilim"),
        ("uk", "я не француженка"),
        ("ro", "nu sunt francez"),
        ("pl", "nie jestem Francuzem"),
        ("zh", "我不是法国人"),
    ],
)
def test_who_is_not_french_is_european_or_foreign(language: str, text: str) -> None:
    assert told(language, text) == {"nationality": NOT_FRENCH}


@pytest.mark.parametrize(
    ("language", "text", "kind", "value"),
    [
        ("fr", "on m'a volé ma carte", "stage", "stolen"),
        ("en", "I lost my ID card", "stage", "lost"),
        ("es", "quiero renovar el pasaporte", "stage", "renewal"),
        ("pt", "é a primeira vez que peço", "stage", "first"),
        ("ar", "انتهت صلاحية بطاقتي", "stage", "renewal"),
        ("de", "mein Ausweis wurde gestohlen", "stage", "stolen"),
        ("it", "ho smarrito la carta", "stage", "lost"),
        ("tr", "kimliğimi kaybettim", "stage", "lost"),
        ("uk", "я загубила паспорт", "stage", "lost"),
        ("ro", "am pierdut buletinul", "stage", "lost"),
        ("pl", "skradziono mi dowód", "stage", "stolen"),
        ("zh", "身份证丢了", "stage", "lost"),
        ("fr", "je suis locataire", "tenure", "tenant"),
        ("en", "I live with my parents", "tenure", "hosted"),
        ("de", "ich bin arbeitslos", "work", "job_seeker"),
        ("pl", "Jestem Polakiem", "nationality", "european"),
        ("uk", "я громадянка України", "nationality", "foreign"),
        ("tr", "derneğimiz için", "who", "association"),
        ("it", "vivo in Spagna", "place", "abroad"),
        ("pl", "mieszkam w Niemczech", "place", "abroad"),
        ("zh", "我住在德国", "place", "abroad"),
    ],
)
def test_a_case_is_read_in_every_language(language: str, text: str, kind: str, value: str) -> None:
    assert told(language, text)[kind] == {value}


@pytest.mark.parametrize(
    "text",
    [
        "un cas de force majeure",
        "passeport pour aller en Algérie",
        "j'ai deux enfants et je veux me pacser",
        "je vis avec mon fils",
        "ce n'est pas une première demande",
        "je ne suis pas locataire",
        "la carte d'identité française de ma femme",
        "demander la nationalité française",
    ],
)
def test_words_that_only_resemble_a_case_say_nothing(text: str) -> None:
    assert told("fr", text) == {}


def test_an_age_makes_a_minor_or_an_adult() -> None:
    assert told("en", "passport for my 15 year old")["age"] == {"15"}
    assert told("fr", "je suis mineure")["age"] == MINOR
    assert told("en", "I am not a minor")["age"] == ADULT


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_every_language_has_words_for_what_is_asked_most(language: str) -> None:
    spoken = {wording.kind for wording in SITUATIONS._wordings[language]}
    assert {"age", "nationality", "stage", "child", "place", "tenure", "who"} <= spoken


@pytest.mark.parametrize(
    ("language", "label", "facts"),
    [
        ("fr", "renouvellement d'un adulte", {"stage": {"renewal"}, "age": ADULT}),
        ("fr", "titre perdu ou volé", {"stage": {"lost", "stolen"}}),
        ("fr", "Isère (38)", {"territory": {"own"}}),
        ("fr", "À l'étranger", {"place": {"abroad"}}),
        ("fr", "Vous avez une carte d'identité périmée", {}),
        ("fr", "un Français né, marié ou décédé à l'étranger", {}),
        ("ar", "بطاقة هوية أو جواز سفر لقاصر", {"age": MINOR}),
        ("uk", "перша заява дорослої особи", {"stage": {"first"}, "age": ADULT}),
        ("en", "you live in somebody else's home", {"tenure": {"hosted"}}),
    ],
)
def test_a_guides_label_stands_for_its_case(
    language: str, label: str, facts: dict[str, set[str]]
) -> None:
    assert SITUATIONS.read_label(label, language) == facts


def test_an_answer_may_be_that_one_does_not_know() -> None:
    assert SITUATIONS.is_unsure("Je ne sais pas.", "fr")
    assert SITUATIONS.is_unsure("不知道", "zh")
    assert not SITUATIONS.is_unsure("je ne sais pas où aller", "fr")
