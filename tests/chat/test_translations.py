from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest

import civic_assistant
from civic_assistant.messages import PAGE_LANGUAGES, page_language

FOLDER = Path(civic_assistant.__file__).parent / "chat" / "translations"
TAGS = sorted(path.stem for path in FOLDER.glob("*.json"))
# The same word is right in both languages.
SAME_AS_ENGLISH = {"email.placeholder", "settingsKey", "alerts", "button", "sizeLimit", "label"}


def _texts(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _texts(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)


def _read(path: Path) -> dict[str, str]:
    return dict(_texts(json.loads(path.read_text(encoding="utf-8"))))


def _packaged_with_chainlit() -> dict[str, str]:
    # Found without importing chainlit, which writes folders when it is imported.
    chainlit = find_spec("chainlit")
    assert chainlit is not None
    assert chainlit.origin is not None
    return _read(Path(chainlit.origin).parent / "translations" / "en-US.json")


def test_every_page_language_has_one_translation_of_the_interface() -> None:
    assert sorted(map(str, map(page_language, TAGS))) == sorted(PAGE_LANGUAGES)


@pytest.mark.parametrize("tag", TAGS)
def test_translation_has_the_keys_of_the_installed_chainlit(tag: str) -> None:
    texts = _read(FOLDER / f"{tag}.json")
    assert set(texts) == set(_packaged_with_chainlit())
    assert [key for key, text in texts.items() if not text.strip()] == []


@pytest.mark.parametrize("tag", [tag for tag in TAGS if tag != "en-US"])
def test_no_english_is_left_in_a_translation(tag: str) -> None:
    english, texts = _packaged_with_chainlit(), _read(FOLDER / f"{tag}.json")
    left = [
        key
        for key, text in texts.items()
        if text == english[key] and not any(part in key for part in SAME_AS_ENGLISH)
    ]
    assert left == []


@pytest.mark.parametrize("tag", TAGS)
def test_provider_name_keeps_its_place(tag: str) -> None:
    assert "{{provider}}" in _read(FOLDER / f"{tag}.json")["auth.provider.continue"]


@pytest.mark.parametrize("tag", TAGS)
def test_no_translation_speaks_of_language_models(tag: str) -> None:
    texts = _read(FOLDER / f"{tag}.json").values()
    assert not [text for text in texts if "LLM" in text or "prompt" in text.lower()]
