"""What the citizen's page is given of a correction."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from markdown_it import MarkdownIt

from civic_assistant.chat.replies import Reply, reply_for
from civic_assistant.messages import PAGE_LANGUAGES, format_date, messages_for
from civic_assistant.outcomes import NotCovered, Outcome, RelatedGuide, Unsure
from civic_assistant.settings import Settings
from tests.chat.fakes import ANSWER, DETAIL, RELATED, SOURCE
from tests.chat.test_replies import VERIFIED
from tests.corrections.made import SHOWN

SETTINGS = Settings()
CORRECTED = replace(ANSWER, corrections=(SHOWN,))


def reply(outcome: Outcome, language: str = "fr") -> Reply:
    return reply_for(outcome, language, "source-t", SETTINGS)


def html(text: str) -> str:
    return str(MarkdownIt("commonmark").enable("table").render(text))


def test_it_stands_above_the_guides_sentences_as_the_town_halls_own_words() -> None:
    said = reply(CORRECTED)
    shown = html(said.text)
    first, second = shown.split("</blockquote>")[:2]
    assert "Correction de la mairie, depuis le 1er mars 2026<" in first
    assert "La carte coûte *34 €* par an. &lt;b&gt; " in first
    assert '<a href="#source-t-c1">[C1]</a>' in first
    assert "Elle coûte 30 € par an." in second
    assert second.index("l’emporte sur le guide") < second.index("Voici ce que disent")
    assert [card.notes[0] for card in said.cards] == [
        "La correction C1, ci-dessus, l’emporte sur ce guide."
    ]


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_every_language_says_whose_it_is_since_when_and_that_it_overrules(language: str) -> None:
    texts = messages_for(language).texts
    until = replace(SHOWN, id="c2", until=date(2026, 4, 15), is_overdue=True)
    said = reply(replace(ANSWER, corrections=(SHOWN, until)), language)
    first = said.text[: said.text.index("30 €")]
    assert first.count(format_date(SHOWN.since, language)) == 2
    assert format_date(date(2026, 4, 15), language) in first
    assert texts["correction.overrules"] in html(first)
    assert first.count(texts["correction.title"].split()[0]) >= 2
    one, other = said.corrections
    assert (one.language, one.spoken) == ("fr", language)
    assert len(other.notes) == len(one.notes) + 1
    assert format_date(SHOWN.review_by, language) in other.notes[0]
    assert "{" not in "".join((said.text, *one.notes, *other.notes, one.guide))
    json.dumps(one.props())


def test_in_another_language_it_says_so_and_keeps_its_direction() -> None:
    (card,) = reply(CORRECTED, "ar").corrections
    assert (card.language, card.direction) == ("fr", "ltr")
    assert (card.spoken, card.spoken_direction) == ("ar", "rtl")
    assert len(card.notes) == 1
    assert "\u2068" in card.holds and "\u2069" in card.holds
    assert reply(CORRECTED, "fr").corrections[0].notes == ()


def test_it_stands_above_a_verified_answer_and_above_what_holds_in_every_case() -> None:
    for outcome, then in ((VERIFIED, "Oui,"), (DETAIL, "30 €")):
        said = reply(replace(outcome, corrections=(SHOWN,)))
        assert said.text.index("34 €") < said.text.index(then)
        assert len(said.corrections) == 1


def test_numbers_to_call_stand_above_it() -> None:
    text = reply(replace(CORRECTED, signpost="distress")).text
    assert text.index("3114") < text.index("34 €")


def test_where_several_guides_are_cited_it_names_its_own() -> None:
    other = replace(SOURCE, guide_id="autre", title="Autre guide")
    both = replace(CORRECTED, sources=(SOURCE, other))
    first = reply(both).text.split("34 €")[0]
    assert "Guide corrigé : Stationnement résidentiel" in first
    assert "Guide corrigé" not in reply(CORRECTED).text
    marked = [card.notes[0].startswith("La correction C1") for card in reply(both).cards]
    assert marked == [True, False]


def test_a_related_guide_has_it_below_its_name() -> None:
    beach = RelatedGuide("plage", "Plage", "fr", None, "", "")
    own = replace(SHOWN, guide_id="piscine")
    for outcome in (NotCovered, Unsure):
        said = reply(outcome((RELATED, beach), corrections=(own,)))
        shown = html(said.text)
        items = shown.split("<li>")
        assert "Piscine municipale" in items[1] and "34 €" in items[1]
        assert "<blockquote>" in items[1] and "Plage" in items[2]
        assert "34 €" not in items[2]
        assert len(said.corrections) == 1
