from __future__ import annotations

import pytest

from civic_assistant.languages import RECOGNISED_ONLY, Detected, detect_language
from civic_assistant.messages import PAGE_LANGUAGES

QUESTIONS = [
    ("fr", "Comment louer la salle des fêtes ?"),
    ("fr", "Le marché a lieu quel jour ?"),
    ("fr", "Mon voisin fait trop de bruit la nuit"),
    ("en", "Which day is the market?"),
    ("en", "My neighbour is too loud at night"),
    ("en", "How do I get a library card?"),
    ("es", "¿Qué día es el mercado?"),
    ("es", "Mi vecino hace demasiado ruido"),
    ("es", "¿Cuánto vale alquilar la sala?"),
    ("pt", "Em que dia é a feira?"),
    ("pt", "O meu vizinho faz muito barulho"),
    ("pt", "Como faço o cartão da biblioteca?"),
    ("ar", "كيف أحصل على بطاقة المكتبة؟"),
    ("ar", "جاري يصدر ضجيجا في الليل"),
    ("de", "An welchem Tag ist Markt?"),
    ("de", "Mein Nachbar ist nachts zu laut"),
    ("de", "Wie bekomme ich einen Bibliotheksausweis?"),
    ("it", "In quale giorno c'è il mercato?"),
    ("it", "Il mio vicino fa troppo rumore"),
    ("it", "Come ottengo la tessera della biblioteca?"),
    ("tr", "Pazar hangi gün kuruluyor?"),
    ("tr", "Komşum geceleri çok gürültü yapıyor"),
    ("uk", "В який день працює ринок?"),
    ("uk", "Мій сусід дуже шумить уночі"),
    ("ro", "În ce zi este piața?"),
    ("ro", "Vecinul meu face prea mult zgomot"),
    ("pl", "W który dzień jest targ?"),
    ("pl", "Mój sąsiad bardzo hałasuje w nocy"),
    ("zh", "集市是哪一天？"),
    ("zh", "邻居晚上太吵怎么办？"),
]


@pytest.mark.parametrize(("language", "question"), QUESTIONS)
def test_short_question_is_known_without_any_context(language: str, question: str) -> None:
    assert detect_language(question).language == language


@pytest.mark.parametrize(("language", "question"), QUESTIONS)
def test_question_is_known_in_a_french_conversation(language: str, question: str) -> None:
    assert detect_language(question, conversation="fr", page="fr").language == language


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_every_page_language_is_among_the_questions(language: str) -> None:
    assert language in {known for known, _ in QUESTIONS}


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "Where can I get a carte grise?"),
        ("es", "Necesito una attestation d'accueil"),
        ("de", "Wann öffnet die mairie am Samstag?"),
        ("pl", "Jak dostać titre de séjour?"),
        ("uk", "Де отримати livret de famille?"),
        ("ar", "أين أطلب titre de séjour؟"),
        ("zh", "怎么申请 carte de séjour？"),
    ],
)
def test_french_administrative_term_does_not_make_a_question_french(
    language: str, question: str
) -> None:
    assert detect_language(question, page="fr").language == language


@pytest.mark.parametrize("term", ["PACS", "CNI", "carte grise", "titre de séjour", "APL ?"])
def test_bare_administrative_term_keeps_the_language_around_it(term: str) -> None:
    assert detect_language(term, conversation="ar", page="fr") == Detected("ar", False, "ar")
    assert detect_language(term, page="pl") == Detected("pl", False, "pl")
    assert detect_language(term) == Detected("fr", False, "fr")


@pytest.mark.parametrize("language", ["fr", "en", "es", "pt", "de", "it", "tr", "ro", "pl"])
@pytest.mark.parametrize("text", ["OK", "2026", "?", "Marie Dupont", "taxi"])
def test_weak_question_keeps_the_language_of_the_conversation(language: str, text: str) -> None:
    assert not detect_language(text, conversation=language).is_sure
    assert detect_language(text, conversation=language).language == language


def test_clear_question_changes_the_language_of_the_conversation() -> None:
    found = detect_language("Where do I get a resident parking permit?", conversation="fr")
    assert found == Detected("en", True, "en")


@pytest.mark.parametrize(
    ("written_in", "question"),
    [
        ("nl", "Waar kan ik een parkeervergunning voor bewoners aanvragen?"),
        ("ru", "Где можно получить читательский билет?"),
        ("vi", "Tôi muốn đăng ký cho con đi học ở đâu?"),
    ],
)
def test_language_that_is_not_offered_is_answered_in_the_page_language(
    written_in: str, question: str
) -> None:
    assert written_in in RECOGNISED_ONLY
    found = detect_language(question, conversation="es", page="en")
    assert (found.language, found.written_in) == ("en", written_in)


def test_unknown_script_is_answered_in_the_page_language() -> None:
    assert detect_language("Πού βγάζω διαβατήριο;", page="de") == Detected("de", False, "de")
    assert detect_language("パスポートはどこですか", page="en") == Detected("en", False, "en")


def test_ukrainian_is_told_from_russian_by_its_letters() -> None:
    assert detect_language("Де їдальня?", page="fr").language == "uk"
    assert detect_language("Где получить выписку?", page="fr").written_in == "ru"


def test_addresses_and_figures_say_nothing_about_the_language() -> None:
    found = detect_language("03 53 01 20 00 marie@example.fr https://www.example.fr/", page="tr")
    assert found == Detected("tr", False, "tr")


def test_same_question_always_gives_the_same_language() -> None:
    assert len({detect_language("Carta, conta, casa") for _ in range(20)}) == 1
