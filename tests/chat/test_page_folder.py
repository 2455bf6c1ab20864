from __future__ import annotations

import json
import re
import tomllib

import pytest

from civic_assistant.chat.page_folder import prepare_page
from civic_assistant.errors import SettingsError
from civic_assistant.messages import PAGE_LANGUAGES, messages_for
from civic_assistant.settings import load_settings
from tests.chat.fakes import FixedProduct, page_app, page_settings


def test_the_front_end_is_copied_without_source_maps_or_outside_addresses() -> None:
    folder = prepare_page(page_settings())
    (build,) = folder.glob("ui-*")
    assert not list(build.rglob("*.map"))
    index = (build / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"https?://", index)
    assert '<html lang="fr">' in index and "/public/words.js" in index


def test_the_configuration_names_the_assistant_and_closes_what_the_page_does_not_use() -> None:
    folder = prepare_page(page_settings())
    told = tomllib.loads((folder / ".chainlit" / "config.toml").read_text(encoding="utf-8"))
    assert told["UI"]["name"] == "Assistant de la mairie"
    assert told["project"]["allow_origins"] == ["https://www.vaubreuil.example"]
    assert told["features"]["unsafe_allow_html"] is False
    assert told["features"]["spontaneous_file_upload"]["enabled"] is False


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_chainlits_own_words_are_there_in_every_page_language(language: str) -> None:
    folder = prepare_page(page_settings()) / ".chainlit" / "translations"
    ours = json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
    assert ours["chat"]["input"]["placeholder"]
    lost = messages_for(language).text("page.disconnected")
    assert ours["common"]["status"]["error"]["serverConnection"] == lost


def test_preparing_again_changes_nothing() -> None:
    folder = prepare_page(page_settings())
    before = {path: path.stat().st_mtime_ns for path in folder.glob("ui-*/assets/*")}
    assert prepare_page(page_settings()) == folder
    assert {path: path.stat().st_mtime_ns for path in folder.glob("ui-*/assets/*")} == before


def test_a_second_folder_in_one_process_is_refused() -> None:
    page_app(FixedProduct(page_settings()))
    other = load_settings(data_folder=page_settings().data_folder / "other")
    with pytest.raises(SettingsError, match="one folder a process"):
        prepare_page(other)
