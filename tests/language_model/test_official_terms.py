"""The official French terms in sentences in another language: which, where, and once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from civic_assistant.bracketed import bracketed
from civic_assistant.chat.replies import reply_for
from civic_assistant.glosses import TermNames, term_names
from civic_assistant.language_model.checked import Rules, judge
from civic_assistant.language_model.official_terms import (
    bare_sentence,
    name_in,
    told_terms,
    with_official_terms,
)
from civic_assistant.language_model.written import GivenAnswer, GivenQuote, GivenSentence
from civic_assistant.outcomes import Answered, AnswerSentence, Citation, OfficialTerm
from civic_assistant.settings import Settings
from tests.chat.fakes import SOURCE
from tests.language_model.held import LIVE, TODAY, passage

QUOTE = "Présentez votre titre de séjour et un justificatif de domicile."
STAY = "Le titre de séjour est délivré par la préfecture."


def citation(quote: str = QUOTE, language: str = "fr") -> Citation:
    return Citation("g", language, "p0", quote, 0, len(quote), 1)


def sentence(text: str, quote: str = QUOTE, language: str = "fr") -> AnswerSentence:
    return AnswerSentence(text, "paragraph", citation(quote, language), 0)


def shown(*sentences: AnswerSentence, language: str = "en") -> list[str]:
    named = with_official_terms(sentences, language, term_names(language))
    return [bracketed(each, language) for each in named]


def test_a_term_of_the_quote_stands_in_brackets_behind_its_name_once_in_an_answer() -> None:
    told = shown(
        sentence("Show your residence permits and a proof of address."),
        sentence("The prefecture issues residence permits.", STAY),
    )
    assert told == [
        "Show your residence permits (titre de séjour) and a proof of address"
        " (justificatif de domicile).",
        "The prefecture issues residence permits.",
    ]


@pytest.mark.parametrize(
    ("language", "text", "begins"),
    [
        ("de", "Legen Sie Ihren Aufenthaltstitel vor.", "Legen Sie Ihren Aufenthaltstitel (titre"),
        ("es", "Presente su permiso de residencia.", "Presente su permiso de residencia (titre"),
        ("pl", "Proszę okazać kartę pobytu.", "Proszę okazać kartę pobytu (titre"),
        ("it", "Mostrate il documento.", None),
        ("uk", "Покажіть посвідку на проживання.", "Покажіть посвідку на проживання (titre"),
        ("ro", "Prezentați permisul de ședere.", "Prezentați permisul de ședere (titre"),
        ("zh", "请出示居留证。", "请出示居留证（titre de séjour）。"),
    ],
)
def test_a_name_is_found_as_the_language_inflects_it(
    language: str, text: str, begins: str | None
) -> None:
    names = TermNames(
        {
            "titre de séjour": {
                "de": "Aufenthaltstitel",
                "es": "permiso de residencia",
                "pl": "karta pobytu",
                "it": "permesso di soggiorno",
                "uk": "посвідка на проживання",
                "ro": "permis de ședere",
                "zh": "居留证",
            }[language]
        }
    )
    (named,) = with_official_terms([sentence(text)], language, names)
    told = bracketed(named, language)
    assert told == text if begins is None else told.startswith(begins)


def test_a_name_within_a_word_or_a_short_common_word_is_no_name() -> None:
    assert name_in("Die Aufenthaltstitelstelle ist zu.", "Aufenthaltstitel", "de") is None
    assert name_in("You will need it.", "will", "en") is None
    assert name_in("proof, of address", "proof of address", "en") is None


def test_a_term_that_the_sentence_says_is_not_said_twice() -> None:
    text = "Show your titre de séjour, that is your residence permit."
    assert shown(sentence(text))[0] == text


def test_in_french_and_of_a_guide_in_another_language_nothing_is_added() -> None:
    text = "Show your residence permit."
    assert shown(sentence(text, "Show your residence permit.", "en")) == [text]
    assert shown(sentence(QUOTE), language="fr") == [QUOTE]


def test_between_two_directions_of_writing_the_term_keeps_its_own() -> None:
    names = TermNames({"titre de séjour": "رخصة الإقامة"})
    (named,) = with_official_terms([sentence("قدّموا رخصة الإقامة.")], "ar", names)
    assert bracketed(named, "ar") == "قدّموا رخصة الإقامة (\u2068titre de séjour\u2069)."


@pytest.mark.parametrize(
    ("text", "bare", "terms", "removed"),
    [
        (
            "Show your permit (*titre de séjour*) today.",
            "Show your permit today.",
            (OfficialTerm(16, "titre de séjour"),),
            (),
        ),
        ("Show your permit (carte de résident).", "Show your permit.", (), ("carte de résident",)),
        (
            "Show your permit (if you are not French).",
            "Show your permit (if you are not French).",
            (),
            (),
        ),
        ("It costs little (30 €).", "It costs little (30 €).", (), ()),
    ],
)
def test_a_models_own_bracket_stands_in_the_quote_or_goes(
    text: str, bare: str, terms: tuple[OfficialTerm, ...], removed: tuple[str, ...]
) -> None:
    found = bare_sentence(text, "en", [citation()])
    assert (found.text, found.terms, found.removed) == (bare, terms, removed)


def test_a_models_true_term_is_kept_and_told_once_with_ours() -> None:
    found = bare_sentence("Bring the permit (titre de séjour).", "en", [citation()])
    own = replace(sentence(found.text), terms=found.terms)
    assert shown(own, sentence("Show your residence permit.")) == [
        "Bring the permit (titre de séjour).",
        "Show your residence permit.",
    ]


def test_the_sentence_is_judged_without_what_stood_in_the_false_bracket() -> None:
    passages = {"p0": passage(0, STAY)}
    rules = Rules(passages, LIVE, TODAY, None)
    given = GivenSentence(
        "The prefecture issues the permit (carte grise).", (GivenQuote("p0", STAY),)
    )
    judgement = judge(GivenAnswer("complete", (given,)), "en", rules)
    assert [s.text for s in judgement.kept] == ["The prefecture issues the permit."]
    assert judgement.sentences[0].detail == "without (carte grise)"
    assert judgement.sentences[0].given == given


def test_what_is_told_to_the_model_are_the_terms_of_french_passages() -> None:
    assert told_terms([passage(0, QUOTE)], "de")["justificatif de domicile"]
    assert told_terms([passage(0, QUOTE)], "fr") == {}
    assert told_terms([replace(passage(0, QUOTE), language="en")], "de") == {}


def test_on_the_page_a_term_is_in_italics_and_nothing_of_it_is_markup() -> None:
    hostile = "titre *de* <b>séjour</b>"
    said = AnswerSentence(
        "Show it now.", "paragraph", citation(hostile), 0, (), (OfficialTerm(7, hostile),)
    )
    answer = Answered("full", (said,), (SOURCE,), author="model")
    reply = reply_for(answer, "en", "s", Settings())
    html = MarkdownIt("commonmark").render(reply.text)
    assert "Show it (<em>titre *de* &lt;b&gt;séjour&lt;/b&gt;</em>) now." in html
    assert reply_for(answer, "ar", "s", Settings()).text.count("(*\u2068") == 1
