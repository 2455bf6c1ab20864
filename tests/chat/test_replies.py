from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import get_args

import pytest
from markdown_it import MarkdownIt

from civic_assistant.chat.replies import reply_for
from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.outcomes import (
    Answered,
    AskedDetail,
    Checked,
    CouldNotLook,
    HandedOff,
    NotCovered,
    Outcome,
    RefusalReason,
    Refused,
    Signposted,
    SignpostTopic,
    SmallTalk,
    Unsure,
)
from civic_assistant.settings import Settings
from tests.chat.fakes import ANSWER, RELATED, SOURCE, sentence

SETTINGS = Settings(question_length=300)
DETAIL = AskedDetail("parc", "Parc municipal", "fr", (), ("adulte", "enfant"), ANSWER)
CHECKED = Checked(
    "v1",
    2,
    "Oui, *sans* rendez-vous.\n\nVenez au guichet <2>.",
    "fr",
    "Accueil",
    date(2026, 11, 3),
    "Faut-il un rendez-vous ?",
    0.9,
)
VERIFIED = replace(ANSWER, coverage="verified", checked=CHECKED)
OUTCOMES: tuple[Outcome, ...] = (
    ANSWER,
    VERIFIED,
    AskedDetail("piscine", "Piscine", "fr", (), ("adulte", "enfant"), ANSWER),
    AskedDetail("piscine", "Piscine", "fr", ("à l'année",), ("adulte", "enfant")),
    NotCovered((RELATED,)),
    NotCovered(),
    *(NotCovered(reason=reason) for reason in ("other_country", "off_topic", "opinion")),
    Unsure((RELATED,)),
    HandedOff("asked"),
    *(Signposted(topic) for topic in get_args(SignpostTopic)),
    *(Refused(reason) for reason in get_args(RefusalReason)),
    *(SmallTalk(kind) for kind in ("greeting", "thanks", "goodbye", "about")),
    CouldNotLook("4f2a"),
)


def html(text: str) -> str:
    return str(MarkdownIt("commonmark").enable("table").render(text))


def test_an_answer_is_quoted_with_its_lists_its_table_and_its_reference() -> None:
    reply = reply_for(ANSWER, "fr", "source-t", SETTINGS)
    shown = html(reply.text)
    quote = shown[shown.index("<blockquote>") :]
    assert "<p>Elle coûte 30 € par an.</p>" in quote
    assert "<li>un justificatif de domicile</li>" in quote
    assert "<th>Durée</th>" in quote
    assert '<td>30 € <a href="#source-t-1">[1]</a></td>' in quote
    assert shown.count("<blockquote>") == 1
    assert [card.anchor for card in reply.cards] == ["source-t-1"]
    assert reply.offers_person is False


def test_rows_without_a_header_become_a_list() -> None:
    rows = (sentence("Un an | 30 €", "row"), sentence("Six mois | 18 €", "row"))
    shown = html(reply_for(Answered("full", rows, (SOURCE,)), "fr", "s", SETTINGS).text)
    assert "<li>Un an — 30 €</li>" in shown
    assert '<li>Six mois — 18 € <a href="#s-1">[1]</a></li>' in shown


def test_each_source_is_quoted_apart_under_its_own_number() -> None:
    other = replace(SOURCE, guide_id="autre", title="Autre guide")
    both = (
        sentence("Elle coûte 30 € par an.", "paragraph"),
        sentence("La carte est envoyée par la poste.", "paragraph", source=1),
    )
    shown = html(reply_for(Answered("full", both, (SOURCE, other)), "fr", "s", SETTINGS).text)
    assert shown.count("<blockquote>") == 2
    assert "#s-1" in shown and "#s-2" in shown


def test_an_answer_in_another_language_says_that_the_quote_is_the_original() -> None:
    text = reply_for(ANSWER, "en", "s", SETTINGS).text
    assert text.count("This passage is in French") == 1
    assert "Elle coûte 30 € par an." in text


def test_what_may_be_related_is_never_shown_as_an_answer() -> None:
    reply = reply_for(NotCovered((RELATED,)), "fr", "s", SETTINGS)
    assert "[Piscine municipale](<https://www.vaubreuil.example/piscine>)" in reply.text
    assert "blockquote" not in html(reply.text)
    assert reply.cards == () and reply.offers_person


def test_what_holds_in_every_case_is_quoted_before_the_detail_is_asked() -> None:
    detail = AskedDetail("piscine", "Piscine *", "fr", ("à l'année",), ("adulte", "enfant"), ANSWER)
    reply = reply_for(detail, "en", "s", SETTINGS)
    shown = html(reply.text)
    assert shown.index("In every case") < shown.index("blockquote") < shown.index("Which one")
    assert "Piscine * › à l'année" in shown
    assert reply.detail is detail and [card.anchor for card in reply.cards] == ["s-1"]
    assert not reply.offers_person


def test_a_guide_cannot_put_markup_on_the_page() -> None:
    hostile = replace(RELATED, title="![x](https://evil.example/p.png)<script>")
    quoted = replace(sentence("Elle coûte 30 € par an.", "paragraph"), text="![x](//evil/p.png)")
    for outcome in (NotCovered((hostile,)), Answered("full", (quoted,), (SOURCE,))):
        shown = html(reply_for(outcome, "fr", "s", SETTINGS).text)
        assert "<img" not in shown and "<script" not in shown


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_every_outcome_has_words_in_every_language(language: str) -> None:
    for outcome in OUTCOMES:
        reply = reply_for(outcome, language, "s", SETTINGS)
        assert reply.text.strip() and "{" not in reply.text


def test_whatever_is_not_an_answer_offers_a_person() -> None:
    offered = {type(o): reply_for(o, "fr", "s", SETTINGS).offers_person for o in OUTCOMES}
    assert offered[NotCovered] and offered[Unsure] and offered[Signposted] and offered[CouldNotLook]
    assert reply_for(replace(ANSWER, coverage="partial"), "fr", "s", SETTINGS).offers_person


def test_abuse_is_answered_calmly_and_still_offers_a_person() -> None:
    reply = reply_for(Refused("abuse"), "fr", "s", SETTINGS)
    assert reply.offers_person and SETTINGS.contact_phone in reply.text
    assert not reply_for(Refused("empty"), "fr", "s", SETTINGS).offers_person


def test_numbers_to_call_stand_above_an_answer_that_comes_near_danger() -> None:
    for outcome in (replace(ANSWER, signpost="distress"), replace(DETAIL, signpost="distress")):
        reply = reply_for(outcome, "fr", "source-t", SETTINGS)
        assert reply.text.index("3919") < reply.text.index("30 €")
    assert reply_for(replace(ANSWER, signpost="distress"), "fr", "s", SETTINGS).offers_person


def test_a_verified_answer_is_staffs_own_words_with_its_sources_one_click_away() -> None:
    reply = reply_for(VERIFIED, "fr", "source-t", SETTINGS)
    shown = html(reply.text)
    assert "Réponse vérifiée par la mairie (Accueil) le 3 novembre 2026" in shown
    quote = shown[shown.index("<blockquote>") : shown.index("</blockquote>")]
    assert "Oui, *sans* rendez-vous." in quote and "guichet &lt;2&gt;." in quote
    assert '<a href="#source-t-1">[1]</a>' in shown[shown.index("</blockquote>") :]
    assert (len(reply.cards), reply.checked, reply.offers_person) == (1, None, False)


def test_a_verified_answer_in_another_language_says_so_and_gives_its_direction() -> None:
    reply = reply_for(VERIFIED, "ar", "source-t", SETTINGS)
    assert reply.checked is not None
    props = reply.checked.props()
    assert (props["language"], props["direction"], props["spoken"]) == ("fr", "ltr", "ar")
    assert f"(#{props['anchor']})" in reply.text
    assert reply.text.index("#source-t-0") < reply.text.index("#source-t-1")


def test_danger_is_told_above_a_verified_answer() -> None:
    reply = reply_for(replace(VERIFIED, signpost="distress"), "fr", "source-t", SETTINGS)
    assert reply.text.index("3114") < reply.text.index("Réponse vérifiée")
    assert reply.offers_person
