from __future__ import annotations

import json

import pytest

from civic_assistant.chat.guide_words import words_props
from civic_assistant.chat.replies import reply_for
from civic_assistant.glosses import Gloss
from civic_assistant.messages import PAGE_LANGUAGES, messages_for
from civic_assistant.outcomes import CouldNotLook
from civic_assistant.settings import Settings
from tests.chat.fakes import ANSWER, DETAIL
from tests.chat.live import Chat, live_page

SETTINGS = Settings()
TERMS = ["justificatif de domicile", "carte grise"]


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_an_answer_in_another_language_explains_the_guides_words(language: str) -> None:
    for outcome in (ANSWER, DETAIL):
        glosses = reply_for(outcome, language, "s", SETTINGS).glosses
        assert [gloss.term for gloss in glosses] == ([] if language == "fr" else TERMS)


def test_what_quotes_nothing_explains_nothing() -> None:
    assert reply_for(CouldNotLook("4f2a"), "tr", "s", SETTINGS).glosses == ()


def test_terms_and_names_are_each_in_their_language_and_direction() -> None:
    props = words_props((Gloss("livret de famille", "دفتر العائلة"),), messages_for("ar"))
    assert json.loads(json.dumps(props)) == {
        "heading": "كلمات الدليل",
        "spoken": "ar",
        "direction": "rtl",
        "termLanguage": "fr",
        "termDirection": "ltr",
        "words": [{"term": "livret de famille", "name": "دفتر العائلة"}],
    }


async def test_the_list_is_sent_before_the_sources_and_only_where_there_is_something() -> None:
    async with Chat(live_page().url) as chat:
        await chat.ask("parking")
        await chat.until(lambda: any(e["name"] == "SourceCard" for e in chat.elements))
        assert [e["name"] for e in chat.elements][:2] == ["GuideWords", "SourceCard"]
    async with Chat(live_page().url) as chat:
        await chat.ask("stationnement")
        await chat.until(lambda: any(e["name"] == "SourceCard" for e in chat.elements))
        assert all(e["name"] != "GuideWords" for e in chat.elements)
