from __future__ import annotations

import pytest

from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.negations import Reversal, reversal_of

# "The fee is refunded" and "The fee is not refunded" in each language of the page.
FEES = {
    "fr": ("La taxe est remboursée.", "La taxe n'est pas remboursée."),
    "en": ("The fee is refunded.", "The fee is not refunded."),
    "de": ("Die Gebühr wird erstattet.", "Die Gebühr wird nicht erstattet."),
    "es": ("La tasa se devuelve.", "La tasa no se devuelve."),
    "it": ("La tassa viene rimborsata.", "La tassa non viene rimborsata."),
    "pt": ("A taxa é reembolsada.", "A taxa não é reembolsada."),
    "ar": ("الرسم يُسترد.", "الرسم لا يُسترد."),
    "tr": ("Ücret iade edilir.", "Ücret iade edilmez."),
    "uk": ("Плату повертають.", "Плату не повертають."),
    "ro": ("Taxa se restituie.", "Taxa nu se restituie."),
    "pl": ("Opłata jest zwracana.", "Opłata nie jest zwracana."),
    "zh": ("费用可退。", "费用不退。"),
}

# "Less than three months old" said with a negation.
BOUNDS = [
    ("fr", "Un justificatif pas plus vieux que trois mois."),
    ("fr", "Un justificatif ne dépassant pas trois mois."),
    ("fr", "Le justificatif ne doit pas dater de plus de trois mois."),
    ("fr", "Le justificatif n'a pas plus de trois mois."),
    ("en", "A document not older than three months."),
    ("en", "The document must not be more than three months old."),
    ("en", "The document must not exceed three months."),
    ("de", "Der Nachweis darf nicht älter als drei Monate sein."),
    ("de", "Der Nachweis darf drei Monate nicht überschreiten."),
    ("es", "Un justificante no más antiguo de tres meses."),
    ("es", "Un justificante con una antigüedad no superior a tres meses."),
    ("es", "El justificante no puede tener más de tres meses."),
    ("it", "Una prova non più vecchia di tre mesi."),
    ("it", "Una prova di data non superiore a tre mesi."),
    ("it", "La prova non deve superare i tre mesi."),
    ("pt", "Um comprovativo com data não superior a três meses."),
    ("pt", "O comprovativo não deve ter mais de três meses."),
    ("ro", "O dovadă nu mai veche de trei luni."),
    ("ro", "Dovada nu trebuie să depășească trei luni."),
    ("pl", "Potwierdzenie nie starsze niż trzy miesiące."),
    ("pl", "Zaświadczenie nie może być starsze niż trzy miesiące."),
    ("pl", "Termin nie przekracza trzech miesięcy."),
    ("uk", "Довідка не старша за три місяці."),
    ("uk", "Довідка має бути не старше трьох місяців."),
    ("uk", "Термін не повинен перевищувати трьох місяців."),
    ("tr", "Üç aydan eski olmayan bir belge."),
    ("tr", "Belge üç ayı geçmemelidir."),
    ("ar", "وثيقة لا يزيد عمرها عن ثلاثة أشهر."),
    ("ar", "يجب ألا يتجاوز عمر الوثيقة ثلاثة أشهر."),
    ("zh", "一份不超过三个月的证明。"),
    ("zh", "证明不能超过三个月。"),
]


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
@pytest.mark.parametrize("quoted", ["fr", "en", "ar"])
def test_a_negation_is_kept_dropped_or_added(language: str, quoted: str) -> None:
    yes, no = FEES[language]
    quoted_yes, quoted_no = FEES[quoted]
    assert reversal_of(no, language, quoted_no, quoted) is None
    assert reversal_of(yes, language, quoted_yes, quoted) is None
    dropped = reversal_of(yes, language, quoted_no, quoted)
    assert dropped is not None and dropped.change == "dropped"
    added = reversal_of(no, language, quoted_yes, quoted)
    assert added is not None and added.change == "added"


@pytest.mark.parametrize(
    ("sentence", "language", "quote"),
    [
        ("You must come no later than 10 am.", "en", "Venez au plus tard à 10 h."),
        ("Only residents may apply.", "en", "La demande n'est ouverte qu'aux habitants."),
        ("It is forbidden to park.", "en", "Le stationnement n'est pas autorisé."),
        ("Nie można nigdy parkować.", "pl", "Le stationnement est interdit."),
        ("It is optional.", "en", "Ce n'est pas obligatoire."),
        ("Send form no. 12 to the desk.", "en", "Envoyez le formulaire n° 12 au guichet."),
        ("Ev sahibi Fransız olabilir.", "tr", "L'hébergeant peut être français."),
        ("Unless it rains, come.", "en", "Venez, sauf s'il pleut."),
    ],
)
def test_another_way_to_deny_is_no_reversal(sentence: str, language: str, quote: str) -> None:
    assert reversal_of(sentence, language, quote, "fr") is None


@pytest.mark.parametrize(("language", "text"), BOUNDS)
def test_a_bound_said_with_a_negation_denies_nothing(language: str, text: str) -> None:
    for other_language, other in [
        ("fr", "Un justificatif de moins de trois mois."),
        ("de", "Ein höchstens drei Monate alter Nachweis."),
        *BOUNDS,
    ]:
        assert reversal_of(text, language, other, other_language) is None
        assert reversal_of(other, other_language, text, language) is None


@pytest.mark.parametrize(("language", "text"), BOUNDS)
def test_such_a_bound_answers_no_other_negation(language: str, text: str) -> None:
    french = "Il ne faut pas apporter de justificatif de moins de trois mois."
    assert reversal_of(text, language, french, "fr") == Reversal("dropped", "pas")
    assert reversal_of(french, "fr", text, language) == Reversal("added", "pas")


@pytest.mark.parametrize(
    ("sentence", "language", "quote"),
    [
        ("The desk is not for older people.", "en", "Le guichet est pour les personnes âgées."),
        ("Nie starsze dzieci mogą przyjść.", "pl", "Les enfants plus âgés peuvent venir."),
        ("Nie starsze niż wniosek, po 3 miesiącach.", "pl", "Après 3 mois, avant la demande."),
        ("You cannot pay at most 3 euros.", "en", "Vous pouvez payer au plus 3 euros."),
        ("No pague con cheque más de 25 euros.", "es", "Payez par chèque plus de 25 euros."),
        ("Kartı göndermiyorsa gelin.", "tr", "Venez s'il envoie la carte."),
    ],
)
def test_a_negation_that_is_no_bound_stays_one(sentence: str, language: str, quote: str) -> None:
    added = reversal_of(sentence, language, quote, "fr")
    assert added is not None and added.change == "added"


def test_only_the_clauses_that_a_sentence_is_about_must_be_answered() -> None:
    quote = "La taxe est due pour chaque demande ; le timbre périmé n'est pas repris."
    assert reversal_of("La taxe est due à chaque demande.", "fr", quote, "fr") is None
    assert reversal_of("Le timbre périmé est repris.", "fr", quote, "fr") == Reversal(
        "dropped", "pas"
    )


def test_a_copy_must_have_as_many_negations() -> None:
    quote = "Une personne sans domicile ne peut pas recevoir son courrier à la mairie."
    changed = "Une personne sans domicile peut recevoir son courrier à la mairie."
    assert reversal_of(changed, "fr", quote, "fr") == Reversal("dropped", "pas")
    assert reversal_of(quote, "fr", quote, "fr") is None
