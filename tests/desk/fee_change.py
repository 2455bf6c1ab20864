"""An editor who changes the fee of one guide, over an office of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from civic_assistant.catalogue import open_catalogue
from civic_assistant.desk.sessions import Member
from civic_assistant.edition_log import Switch
from civic_assistant.embedding import Embedding
from civic_assistant.settings import Settings
from tests.desk.editing import FEE, NEW_FEE, Editor, Office, open_office

GUIDE = "stationnement-resident"
ASKED = "Combien coûte le stationnement résident pour le premier véhicule ?"
MAX = Member("staff-max", "Max P.", (), ("editor",))


@pytest.fixture
def office(five_guides: Settings, embedder: Embedding, tmp_path: Path) -> Iterator[Office]:
    office = open_office(five_guides, tmp_path, embedder)
    yield office
    office.product.records.dispose()


@pytest.fixture
def eve(office: Office) -> Editor:
    return office.editor()


def words(page: BeautifulSoup, selector: str = "main") -> str:
    found = page.select_one(selector)
    assert found is not None, page.get_text(" ", strip=True)
    return found.get_text(" ", strip=True)


def corpus_text(office: Office) -> str:
    return (office.corpus / GUIDE / "fr.md").read_text("utf-8")


def changes_fee(office: Office, editor: Editor, new: str = NEW_FEE) -> None:
    editor.writes(GUIDE, "fr", corpus_text(office).replace(FEE, new))


def expects(office: Office, contains: str) -> None:
    """Write the town's test question about the fee."""
    line = {"question": ASKED, "language": "fr", "guide": GUIDE, "contains": contains}
    (office.corpus / "questions.jsonl").write_text(json.dumps(line), encoding="utf-8")


def switches_of(office: Office) -> list[Switch]:
    return list(open_catalogue(office.product.settings.index_folder).switches())
