from __future__ import annotations

import re
from datetime import date

import pytest

from civic_assistant.errors import MessageMissing
from civic_assistant.messages import (
    PAGE_LANGUAGES,
    format_date,
    is_right_to_left,
    language_name,
    messages_for,
    page_language,
)

FRENCH = messages_for("fr")
OTHERS = [language for language in PAGE_LANGUAGES if language != "fr"]
# Words of French that no other language of the page has.
FRENCH_WORDS = re.compile(
    r"\b(?:vous|votre|mairie|dossier|réponse|cette|avec|pour|êtes|être)\b", re.IGNORECASE
)
SAME_IN_ENGLISH = {"answer.source", "answer.page"}


def test_page_speaks_twelve_languages() -> None:
    assert len(set(PAGE_LANGUAGES)) == 12


@pytest.mark.parametrize("language", OTHERS)
def test_catalogue_has_the_keys_of_the_french_one(language: str) -> None:
    assert set(messages_for(language).texts) == set(FRENCH.texts)


@pytest.mark.parametrize("language", OTHERS)
def test_texts_have_the_placeholders_of_the_french_ones(language: str) -> None:
    messages = messages_for(language)
    expected = {key: FRENCH.placeholders(key) for key in FRENCH.texts}
    assert {key: messages.placeholders(key) for key in messages.texts} == expected


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_no_text_is_empty(language: str) -> None:
    assert [key for key, text in messages_for(language).texts.items() if not text] == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_french_is_left_in_the_other_catalogues(language: str) -> None:
    texts = messages_for(language).texts
    same = {key for key, text in texts.items() if text == FRENCH.texts[key]}
    assert same == (SAME_IN_ENGLISH if language == "en" else set())
    assert [key for key, text in texts.items() if FRENCH_WORDS.search(text)] == []


@pytest.mark.parametrize(
    ("language", "letters"),
    [("ar", "\u0600-\u06ff"), ("uk", "\u0400-\u04ff"), ("zh", "\u4e00-\u9fff")],
)
def test_text_is_written_in_the_script_of_its_language(language: str, letters: str) -> None:
    for key, text in messages_for(language).texts.items():
        said = re.sub(r"\{\w+\}", "", text)
        own, latin = len(re.findall(f"[{letters}]", said)), len(re.findall("[a-zA-Z]", said))
        assert own > latin, key


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
@pytest.mark.parametrize(
    ("key", "numbers"),
    [
        ("signposted.emergency", ("15", "17", "18", "112", "114")),
        ("signposted.distress", ("3114", "3919", "119", "115", "17", "112", "114")),
        ("signposted.advice", ("15", "3039")),
    ],
)
def test_emergency_numbers_stand_in_every_language(
    language: str, key: str, numbers: tuple[str, ...]
) -> None:
    found = re.findall(r"\d+", messages_for(language).text(key))
    assert set(found) == set(numbers)


def test_text_is_returned_with_its_values() -> None:
    said = messages_for("en").text(
        "person.saved", number="V-12", contact="a@example.org", phone="03 53 01 20 00"
    )
    assert said == (
        "Your request is recorded under number V-12. The town hall will answer you at this address "
        "or number: a@example.org. Reception’s phone: 03 53 01 20 00."
    )


def test_value_with_braces_is_shown_as_it_is() -> None:
    assert messages_for("en").text("answer.department", name="{x}") == "Department: {x}"


def test_values_in_arabic_are_isolated_so_that_a_telephone_number_keeps_its_order() -> None:
    said = messages_for("ar").text("handed_off.asked", phone="03 53 01 20 00")
    assert "\u206803 53 01 20 00\u2069" in said


@pytest.mark.parametrize(
    ("language", "name", "shown"),
    [
        ("ar", "Awa D.", "\u2068Awa D.\u2069"),
        ("fr", "سارة م.", "\u2068سارة م.\u2069"),
        ("fr", "Awa D.", "Awa D."),
    ],
)
def test_a_name_keeps_its_dot_in_a_sentence_that_runs_the_other_way(
    language: str, name: str, shown: str
) -> None:
    said = messages_for(language).text("handoff.event.claim", name=name)
    assert shown in said
    assert ("\u2068" in said) == ("\u2068" in shown)


def test_unknown_key_is_named_with_its_catalogue() -> None:
    with pytest.raises(MessageMissing, match=r"'answer\.nothing'.*messages/pl\.toml"):
        messages_for("pl").text("answer.nothing")


def test_missing_value_is_named_with_its_key() -> None:
    with pytest.raises(MessageMissing, match=r"'answer\.page'.*'page'"):
        messages_for("fr").text("answer.page")


def test_language_that_is_not_offered_has_no_catalogue() -> None:
    with pytest.raises(MessageMissing, match="'nl'"):
        messages_for("nl")


def test_catalogue_is_read_once() -> None:
    assert messages_for("tr") is messages_for("tr")


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("fr-BE", "fr"),
        ("pt_BR", "pt"),
        ("zh-Hant-TW", "zh"),
        ("AR", "ar"),
        ("nl", None),
        (None, None),
    ],
)
def test_language_tag_leads_to_a_page_language(tag: str | None, language: str | None) -> None:
    assert page_language(tag) == language


def test_arabic_alone_is_written_from_right_to_left() -> None:
    assert [language for language in PAGE_LANGUAGES if is_right_to_left(language)] == ["ar"]
    assert not is_right_to_left("xx")


def test_dates_are_written_as_the_language_does() -> None:
    day = date(2026, 3, 1)
    written = {language: format_date(day, language) for language in ("fr", "en", "de", "ar", "zh")}
    assert written == {
        "fr": "1er mars 2026",
        "en": "1 March 2026",
        "de": "1. März 2026",
        "ar": "1 مارس 2026",
        "zh": "2026年3月1日",
    }
    assert format_date(date(2026, 3, 11), "fr") == "11 mars 2026"


@pytest.mark.parametrize("shown_in", PAGE_LANGUAGES)
def test_every_page_language_has_a_name_in_every_other(shown_in: str) -> None:
    names = [language_name(language, shown_in) for language in PAGE_LANGUAGES]
    assert len(set(names)) == 12
    assert not set(names) & set(PAGE_LANGUAGES)


def test_unknown_language_keeps_its_code_for_a_name() -> None:
    assert language_name("xx", "fr") == "xx"
    assert language_name("fr", "xx") == "fr"
