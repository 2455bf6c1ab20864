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
