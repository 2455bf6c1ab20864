from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from civic_assistant.desk import words
from civic_assistant.desk.canned import load_canned
from civic_assistant.desk.words import DESK_LANGUAGES, desk_words
from civic_assistant.errors import SettingsError
from civic_assistant.gate import SIGNALS
from civic_assistant.guides import FACT_KINDS
from civic_assistant.handoff.states import CloseReason, MoveName, Reason, State
from civic_assistant.language_model.written import Dropped
from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.outcomes import Outcome, outcome_name

PACKAGE = Path(words.__file__).parent


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_language_says_everything_with_the_same_values() -> None:
    french = desk_words("fr")
    for language in DESK_LANGUAGES:
        other = desk_words(language)
        assert other.texts.keys() == french.texts.keys()
        for key, text in other.texts.items():
            assert text and placeholders(text) == placeholders(french.texts[key]), key


@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("reason", get_args(Reason)),
        ("close_reason", get_args(CloseReason)),
        ("state", get_args(State)),
        ("event", get_args(MoveName)),
        ("signal", SIGNALS),
        ("fact", FACT_KINDS),
        ("dropped", get_args(Dropped)),
        ("outcome", [outcome_name(kind.__new__(kind)) for kind in get_args(Outcome)]),
    ],
)
def test_every_name_of_the_product_has_its_words(prefix: str, names: tuple[str, ...]) -> None:
    assert {name for name in names if f"{prefix}.{name}" not in desk_words("fr").texts} == set()


def test_templates_ask_only_for_texts_that_are_there() -> None:
    asked = {
        key
        for template in (PACKAGE / "templates").rglob("*.html")
        for key in re.findall(r"""\bt\(["']([a-z_.]+)["'][,)]""", template.read_text("utf-8"))
    }
    assert len(asked) > 100
    assert asked - desk_words("fr").texts.keys() == set()


def test_canned_replies_and_letters_are_in_every_page_language() -> None:
    canned = load_canned(None)
    for reply in canned.reply:
        assert set(reply.text) == set(PAGE_LANGUAGES), reply.id
        assert set(DESK_LANGUAGES) <= set(reply.title)
    for part in ("subject", "salutation", "opening", "closing"):
        assert set(getattr(canned.letter, part)) == set(PAGE_LANGUAGES)


@pytest.mark.parametrize(
    "text", ["[[reply", 'reply = "x"', '[[reply]]\nid="a"\ntitle={}\ntext={fr="{secret}"}']
)
def test_an_unusable_file_of_canned_replies_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "canned.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=re.escape("canned_replies_file")):
        load_canned(file)
