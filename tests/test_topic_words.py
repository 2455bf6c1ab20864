"""What a section tells, named as citizens do, beside a heading of other words."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from civic_assistant.guides import FACT_KINDS
from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.topic_words import with_topic_words


def test_every_language_of_the_page_names_every_topic() -> None:
    text = files("civic_assistant").joinpath("topic_words.toml").read_text("utf-8")
    table = tomllib.loads(text)
    assert set(table) == set(PAGE_LANGUAGES)
    assert all(set(words) == set(FACT_KINDS) for words in table.values())


def test_the_words_are_those_of_the_questions_language() -> None:
    assert with_topic_words("Pièces à fournir", "documents", "en").startswith("Pièces à fournir (")
    assert "papers" in with_topic_words("Pièces à fournir", "documents", "en")
    assert "papiers" in with_topic_words("Pièces à fournir", "documents", "fr")


def test_a_heading_without_topic_and_a_language_that_is_not_known_get_no_words() -> None:
    assert with_topic_words("Divers", None, "fr") == "Divers"
    assert with_topic_words("Divers", "cost", "xx") == "Divers"
