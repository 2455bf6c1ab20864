"""Headings tell their topic and their situation in the twelve languages of the page."""

import pytest

from civic_assistant.guides import FACT_KINDS
from ingest.topics import _vocabulary, languages, situation_in_heading, topic_of_heading

HEADINGS = {
    "fr": ["Qui est concerné ?", "Pièces à fournir", "Tarifs", "Délais", "Où s'adresser ?",
           "Horaires", "Comment faire ?", "Démarche en ligne", "Formulaire",
           "Textes de référence", "Contact"],
    "en": ["Who is concerned?", "Documents to provide", "Fees", "Time limits", "Where to go?",
           "Opening hours", "How to apply?", "Online service", "Form", "Legal basis", "Contact"],
    "es": ["¿Quién puede pedirlo?", "Documentos necesarios", "Tarifas", "Plazos",
           "¿Dónde acudir?", "Horarios", "¿Cómo se hace?", "Trámite en línea", "Formulario",
           "Base legal", "Contacto"],
    "pt": ["Quem é abrangido?", "Documentos a apresentar", "Tarifas", "Prazos",
           "Onde se dirigir?", "Horários", "Como fazer?", "Serviço em linha", "Formulário",
           "Base legal", "Contacto"],
    "ar": ["من المعني؟", "الوثائق المطلوبة", "الرسوم", "الآجال", "أين تتوجهون؟",
           "أوقات العمل", "كيف تقدمون الطلب؟", "الخدمة الإلكترونية", "الاستمارة",
           "النصوص المرجعية", "للاتصال"],
    "de": ["Wer ist betroffen?", "Erforderliche Unterlagen", "Gebühren", "Fristen", "Wohin?",
           "Öffnungszeiten", "Wie geht das?", "Online-Dienst", "Formular", "Rechtsgrundlage",
           "Kontakt"],
    "it": ["Chi è interessato?", "Documenti da fornire", "Tariffe", "Termini",
           "Dove rivolgersi?", "Orari", "Come fare?", "Servizio online", "Modulo",
           "Base giuridica", "Contatti"],
    "tr": ["Kimler başvurabilir?", "Gerekli belgeler", "Ücretler", "Süreler",
           "Nereye başvurulur?", "Çalışma saatleri", "Nasıl başvurulur?", "Çevrim içi hizmet",
           "Form", "Yasal dayanak", "İletişim"],
    "uk": ["Кого це стосується?", "Необхідні документи", "Тарифи", "Строки",
           "Куди звертатися?", "Години роботи", "Як подати заяву?", "Онлайн-послуга", "Бланк",
           "Правова основа", "Контакти"],
    "ro": ["Cine este vizat?", "Documente necesare", "Tarife", "Termene", "Unde vă adresați?",
           "Program", "Cum procedați?", "Serviciu online", "Formular", "Temei legal", "Contact"],
    "pl": ["Kogo dotyczy?", "Wymagane dokumenty", "Opłaty", "Terminy", "Gdzie się zgłosić?",
           "Godziny otwarcia", "Jak złożyć wniosek?", "Usługa online", "Formularz",
           "Podstawa prawna", "Kontakt"],
    "zh": ["适用对象", "所需材料", "费用", "期限", "办理地点", "开放时间", "如何办理？",
           "在线服务", "表格", "法律依据", "联系方式"],
}  # fmt: skip
TOPICS = ["who", "documents", "cost", "delay", "where", "hours", "how", "online_service", "form",
          "legal_basis", "contact"]  # fmt: skip


@pytest.mark.parametrize("language", HEADINGS)
def test_usual_headings_are_recognised(language: str) -> None:
    assert [topic_of_heading(heading, language) for heading in HEADINGS[language]] == TOPICS


def test_every_language_knows_every_topic_and_the_word_for_situation() -> None:
    assert set(languages()) == set(HEADINGS)
    for topics in _vocabulary().values():
        assert set(topics) == {*FACT_KINDS, "situation"}


@pytest.mark.parametrize(
    ("heading", "topic"),
    [
        ("3. Tarifs 2026-2027", "cost"),
        ("COÛT DE LA DÉMARCHE", "cost"),
        ("Que mettre dans chaque bac ?", None),
        ("Les salles à louer", None),
        ("Allergies, régimes et handicap", None),
        ("", None),
    ],
)
def test_only_the_words_of_a_topic_decide(heading: str, topic: str | None) -> None:
    assert topic_of_heading(heading, "fr") == topic


def test_an_unknown_language_tries_all_that_are_known() -> None:
    assert topic_of_heading("Opening hours") == "hours"
    assert topic_of_heading("Öffnungszeiten", "nl") == "hours"


@pytest.mark.parametrize(
    ("heading", "situation"),
    [
        ("Situation : vous êtes mineur", "vous êtes mineur"),
        ("Situation: you are under 18", "you are under 18"),
        ("Situación: menor de edad", "menor de edad"),
        ("Situação: menor", "menor"),
        ("الحالة: طفلك مريض", "طفلك مريض"),
        ("Durum: çocuğunuz hasta", "çocuğunuz hasta"),
        ("Ситуація: дитина хвора", "дитина хвора"),
        ("Situazione: minorenne", "minorenne"),
        ("Situație: minor", "minor"),
        ("Sytuacja: dziecko", "dziecko"),
        ("情况：未成年人", "未成年人"),
        ("Attention : fermé", None),
        ("Situation familiale", None),
        ("Situation :", None),
    ],
)
def test_a_situation_begins_with_its_word_and_a_colon(heading: str, situation: str | None) -> None:
    assert situation_in_heading(heading) == situation
