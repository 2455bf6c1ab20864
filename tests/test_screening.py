from __future__ import annotations

from collections.abc import Mapping

import pytest

from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.outcomes import HandedOff, Refused, Signposted, SmallTalk
from civic_assistant.screening import Patterns, patterns_of, screen

SMALL_TALK = {
    "fr": (
        "Bonjour Madame",
        "Merci beaucoup !",
        "Au revoir, bonne journée",
        "Êtes-vous un robot ?",
    ),
    "en": ("Good morning", "Thank you so much", "Goodbye!", "Who are you?"),
    "es": ("¡Buenos días!", "Muchas gracias", "Hasta luego", "¿Eres un robot?"),
    "pt": ("Olá, boa tarde", "Muito obrigada", "Até logo", "És um robô?"),
    "ar": ("السلام عليكم", "شكرًا جزيلًا", "مع السلامة", "هل أنت روبوت؟"),
    "de": ("Guten Tag", "Vielen Dank!", "Auf Wiedersehen", "Sind Sie ein Mensch?"),
    "it": ("Buongiorno", "Grazie mille", "Arrivederci", "Sto parlando con una persona vera?"),
    "tr": ("Merhaba, iyi günler", "Çok teşekkür ederim", "Hoşça kalın", "Sen robot musun?"),
    "uk": ("Добрий день", "Дуже дякую", "До побачення", "Ви робот?"),
    "ro": ("Bună ziua", "Mulțumesc mult", "La revedere", "Ești un robot?"),
    "pl": ("Dzień dobry", "Dziękuję bardzo", "Do widzenia", "Czy jesteś robotem?"),
    "zh": ("您好！", "非常感谢", "再见", "你是机器人吗？"),
}
GREETING_AND_QUESTION = {
    "fr": "Bonjour, combien coûte la cantine ?",
    "en": "Hello, how much is the school canteen?",
    "es": "Buenos días, ¿cuánto cuesta el comedor?",
    "pt": "Bom dia, quanto custa a cantina?",
    "ar": "مرحبا، كم تكلفة المطعم المدرسي؟",
    "de": "Guten Tag, was kostet die Kantine?",
    "it": "Buongiorno, quanto costa la mensa?",
    "tr": "Merhaba, yemekhane ücreti ne kadar?",
    "uk": "Добрий день, скільки коштує їдальня?",
    "ro": "Bună ziua, cât costă cantina?",
    "pl": "Dzień dobry, ile kosztuje stołówka?",
    "zh": "您好，请问食堂多少钱？",
}
WANTS_A_PERSON = {
    "fr": "Je voudrais parler à quelqu'un de la mairie, s'il vous plaît",
    "en": "I want to talk to a real person",
    "es": "Quiero hablar con una persona",
    "pt": "Queria falar com alguém, por favor",
    "ar": "أريد التحدث مع شخص",
    "de": "Kann ich mit einem Menschen sprechen?",
    "it": "Vorrei parlare con un operatore",
    "tr": "Bir yetkili ile konuşmak istiyorum",
    "uk": "Хочу поговорити з людиною",
    "ro": "Vreau să vorbesc cu cineva",
    "pl": "Chcę porozmawiać z człowiekiem",
    "zh": "我想和工作人员谈",
}
EMERGENCY = {
    "fr": ("Ma cuisine est en feu", "Ça sent le gaz dans l'immeuble", "Mon père est inconscient"),
    "en": ("There is a fire in my flat", "I smell gas", "My mother is not breathing"),
    "es": ("Hay un incendio en mi casa", "Huele mucho a gas", "Mi padre está inconsciente"),
    "pt": ("A minha casa está em chamas", "Cheira a gás aqui", "O meu pai não respira"),
    "ar": ("هناك حريق في البيت", "أشم رائحة الغاز", "أبي لا يتنفس"),
    "de": ("Es brennt bei uns!", "Es riecht nach Gas", "Mein Vater atmet nicht mehr"),
    "it": ("C'è un incendio in casa", "Sento odore di gas", "Mio padre non respira"),
    "tr": ("Evimiz yanıyor", "Mutfakta gaz kokusu var", "Babam nefes almıyor"),
    "uk": ("У нас пожежа", "Пахне газом у будинку", "Батько не дихає"),
    "ro": ("Casa mea arde", "Miroase a gaz", "Tata nu mai respiră"),
    "pl": ("Mój dom się pali", "Czuję gaz w mieszkaniu", "Tata nie oddycha"),
    "zh": ("我家着火了", "我闻到煤气味", "我爸爸没有呼吸了"),
}
DISTRESS = {
    "fr": ("Je veux mourir", "Mon mari me frappe", "Mon fils veut mourir"),
    "en": ("I want to kill myself", "My partner hits me", "A child is being beaten next door"),
    "es": ("Quiero morir", "Mi marido me pega", "Un niño está en peligro"),
    "pt": ("Quero morrer", "O meu marido bate-me", "Uma criança está em perigo"),
    "ar": ("أريد الانتحار", "زوجي يضربني", "طفل في خطر"),
    "de": ("Ich will nicht mehr leben", "Mein Mann schlägt mich", "Ein Kind ist in Gefahr"),
    "it": ("Voglio farla finita", "Mio marito mi picchia", "Un bambino è in pericolo"),
    "tr": ("Ölmek istiyorum", "Kocam beni dövüyor", "Bir çocuk tehlikede"),
    "uk": ("Хочу померти", "Чоловік мене б'є", "Дитина в небезпеці"),
    "ro": ("Vreau să mor", "Soțul meu mă bate", "Un copil este în pericol"),
    "pl": ("Chcę umrzeć", "Mój mąż mnie bije", "Dziecko jest w niebezpieczeństwie"),
    "zh": ("我不想活了", "丈夫打我", "有个孩子被虐待"),
}
PERSONAL_FILE = {
    "fr": ("Où en est mon dossier ?", "Ma carte d'identité est-elle prête ?"),
    "en": ("Where is my application?", "Is my passport ready?"),
    "es": ("¿Cómo va mi solicitud?", "¿Han recibido mi expediente?"),
    "pt": ("Em que ponto está o meu processo?", "Receberam o meu pedido?"),
    "ar": ("أين وصل ملفي؟", "هل استلمتم طلبي؟"),
    "de": ("Wie weit ist mein Antrag?", "Ist mein Ausweis fertig?"),
    "it": ("A che punto è la mia pratica?", "Avete ricevuto la mia domanda?"),
    "tr": ("Başvurum ne durumda?", "Dosyamı aldınız mı?"),
    "uk": ("На якому етапі моя заява?", "Чи отримали ви мої документи?"),
    "ro": ("Care este stadiul dosarului meu?", "Ați primit cererea mea?"),
    "pl": ("Na jakim etapie jest mój wniosek?", "Czy mój paszport jest gotowy?"),
    "zh": ("我的申请怎么样了？", "你们收到我的材料了吗？"),
}
QUESTIONS = {
    "fr": (
        "Comment signaler une fuite d'eau ?",
        "Comment obtenir un acte de décès ?",
        "L'assurance vie paie-t-elle après un suicide ?",
        "Quelle aide en cas d'incendie de mon logement ?",
        "Faut-il un détecteur de fumée contre le feu ?",
        "Comment suivre ma demande de passeport en ligne ?",
        "Si mon dossier est refusé, que faire ?",
        "Peut-on brûler ses déchets verts ?",
        "Comment devenir sapeur-pompier volontaire ?",
        "Qui peut parler au nom d'une association devant le conseil municipal ?",
        "Quelle est l'adresse du Secours populaire ?",
        "Quels documents faut-il pour mon dossier de crèche ?",
        "Comment ne plus être à la rue ?",
        "Le feu tricolore est en panne rue Foch",
        "Je veux en finir avec ce dossier",
    ),
    "en": (
        "How do I report a water leak?",
        "How do I get a death certificate?",
        "Does life insurance pay after a suicide?",
        "Can I burn garden waste?",
        "How do I track my passport application online?",
        "Which documents go into my application?",
        "How do I become a volunteer firefighter?",
        "Who may speak to the council on behalf of a charity about a new building?",
    ),
    "es": (
        "¿Cómo aviso de una fuga de agua?",
        "¿Dónde pido un certificado de defunción?",
        "¿Puedo quemar los restos del jardín?",
        "¿Cubre el seguro un incendio en casa?",
        "¿Qué documentos necesita mi solicitud de guardería?",
    ),
    "pt": (
        "Como comunico uma fuga de água?",
        "Onde peço uma certidão de óbito?",
        "Posso queimar resíduos verdes?",
        "Que documentos preciso para o meu pedido de creche?",
    ),
    "ar": (
        "كيف أبلغ عن تسرب الماء؟",
        "كيف أحصل على شهادة وفاة؟",
        "هل يمكن حرق نفايات الحديقة؟",
        "ما الوثائق المطلوبة لطلب جواز السفر؟",
    ),
    "de": (
        "Wie melde ich einen Wasserschaden?",
        "Wo bekomme ich eine Sterbeurkunde?",
        "Darf ich Gartenabfälle verbrennen?",
        "Brauche ich einen Rauchmelder, wenn es brennt?",
        "Welche Unterlagen braucht mein Antrag?",
    ),
    "it": (
        "Come segnalo una perdita d'acqua?",
        "Come ottengo il certificato di morte?",
        "Posso bruciare gli scarti del giardino?",
        "Quali documenti servono per la mia domanda?",
    ),
    "tr": (
        "Su kaçağını nasıl bildiririm?",
        "Ölüm belgesi nasıl alınır?",
        "Bahçe atıklarını yakabilir miyim?",
        "Başvurum için hangi belgeler gerekli?",
    ),
    "uk": (
        "Як повідомити про витік води?",
        "Як отримати свідоцтво про смерть?",
        "Чи можна палити садові відходи?",
        "Які документи потрібні для моєї заяви?",
    ),
    "ro": (
        "Cum anunț o scurgere de apă?",
        "Cum obțin un certificat de deces?",
        "Pot arde resturile din grădină?",
        "Ce documente îmi trebuie pentru cerere?",
    ),
    "pl": (
        "Jak zgłosić wyciek wody?",
        "Jak dostać akt zgonu?",
        "Czy mogę palić odpady z ogrodu?",
        "Jakie dokumenty dołączyć do mojego wniosku?",
    ),
    "zh": (
        "怎样报告漏水？",
        "我要死亡证明，怎么办理？",
        "可以烧花园垃圾吗？",
        "我的护照申请需要哪些文件？",
        "孩子要报名食堂，要什么材料？",
    ),
}


def _pairs(table: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in table.items() for text in texts]


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_courtesies_are_small_talk_of_their_kind(language: str) -> None:
    kinds = [screen(text, language) for text in SMALL_TALK[language]]
    assert kinds == [
        SmallTalk("greeting"),
        SmallTalk("thanks"),
        SmallTalk("goodbye"),
        SmallTalk("about"),
    ]


@pytest.mark.parametrize(("language", "text"), GREETING_AND_QUESTION.items())
def test_greeting_before_a_question_is_a_question(language: str, text: str) -> None:
    assert screen(text, language) is None


@pytest.mark.parametrize(("language", "text"), WANTS_A_PERSON.items())
def test_wish_for_a_person_is_handed_off(language: str, text: str) -> None:
    assert screen(text, language) == HandedOff("asked")


@pytest.mark.parametrize(("language", "text"), _pairs(EMERGENCY))
def test_danger_is_signposted_to_emergency_numbers(language: str, text: str) -> None:
    assert screen(text, language) == Signposted("emergency")


@pytest.mark.parametrize(("language", "text"), _pairs(DISTRESS))
def test_distress_is_signposted_to_those_who_listen(language: str, text: str) -> None:
    assert screen(text, language) == Signposted("distress")


@pytest.mark.parametrize(("language", "text"), _pairs(PERSONAL_FILE))
def test_question_about_ones_own_file_is_signposted(language: str, text: str) -> None:
    assert screen(text, language) == Signposted("personal_file")


@pytest.mark.parametrize(("language", "text"), _pairs(QUESTIONS))
def test_question_that_only_sounds_alarming_is_looked_up(language: str, text: str) -> None:
    assert screen(text, language) is None


def test_gas_leak_is_an_emergency_however_it_is_asked() -> None:
    assert screen("Comment signaler une fuite de gaz ?", "fr") == Signposted("emergency")


def test_danger_after_a_greeting_is_still_danger() -> None:
    assert screen("Bonjour, il y a le feu, merci de venir", "fr") == Signposted("emergency")


def test_short_danger_is_seen_in_a_conversation_in_another_language() -> None:
    assert screen("Hay un incendio", "fr") == Signposted("emergency")
    assert screen("我不想活了", "en") == Signposted("distress")


@pytest.mark.parametrize("text", ["", "   ", "?!…", "👍", "12", "a", "-", "asdfgh qwer", "sdkfjhg"])
def test_message_that_says_nothing_is_refused_as_empty(text: str) -> None:
    assert screen(text, "fr") == Refused("empty")


@pytest.mark.parametrize("text", ["aaaaaaa", "azertyuiop", "qsdfg jklm", "oui", "test"])
def test_mash_and_bare_yes_are_refused_as_empty(text: str) -> None:
    assert screen(text, "fr") == Refused("empty")


@pytest.mark.parametrize(
    "text",
    [
        "CNI", "PACS", "APL", "SNCF", "RSA", "bac", "15776", "12100*03", "eau", "taxi", "crèche",
        "Rechtsschutzversicherung", "wszystkie", "Strč", "property", "护照", "جواز", "їдальня",
    ],
)  # fmt: skip
def test_short_words_acronyms_and_form_numbers_are_looked_up(text: str) -> None:
    assert screen(text, "fr") is None


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_every_language_has_patterns_that_can_be_read(language: str) -> None:
    assert isinstance(patterns_of(language), Patterns)


def test_accents_capitals_and_apostrophes_do_not_matter() -> None:
    assert screen("OU EN EST MON DOSSIER", "fr") == Signposted("personal_file")
    assert screen("ou en est mon dossier", "fr") == Signposted("personal_file")
    assert screen("parler à quelqu’un", "fr") == HandedOff("asked")
