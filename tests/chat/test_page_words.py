from __future__ import annotations

import json
import re
from importlib import resources

import pytest

from civic_assistant.chat.page_words import page_words
from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.settings import Settings

PUBLIC = resources.files("civic_assistant.chat") / "public"


@pytest.mark.parametrize("script", ["site.js", "handoff.js"])
def test_the_script_finds_every_word_it_asks_for(script: str) -> None:
    told = json.loads(json.dumps(page_words(Settings())))
    asked = set(re.findall(r'text\("([\w.]+)"\)', (PUBLIC / script).read_text(encoding="utf-8")))
    assert asked
    for language in PAGE_LANGUAGES:
        assert asked <= told["words"][language].keys()


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_no_placeholder_is_left_in_the_page(language: str) -> None:
    told = json.loads(json.dumps(page_words(Settings())))
    assert "{" not in "".join(told["words"][language].values())


def test_arabic_is_the_page_that_runs_from_right_to_left() -> None:
    told = json.loads(json.dumps(page_words(Settings())))
    right_to_left = [tag for tag, way in told["directions"].items() if way == "rtl"]
    assert right_to_left == ["ar"]
    assert told["names"]["fr"] == "Français"
