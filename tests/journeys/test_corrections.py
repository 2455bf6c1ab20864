"""A fee changes before its guide does: citizens and staff read the correction first."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import PROGRAM, AtDesk, Visit, Visitor

pytestmark = pytest.mark.browser

TEXT = "Au tarif le plus haut, le repas coûte désormais 4,60 €."
ENGLISH = "At the highest rate a meal now costs €4.60."
QUESTION = "Combien coûte un repas à la cantine ?"


def corrections(environment: dict[str, str], *words: str) -> str:
    told = subprocess.run(
        [*PROGRAM, "corrections", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout


@pytest.fixture
def corrected(environment: dict[str, str], address: str) -> Iterator[str]:
    """Correct the canteen's fee for the time of a test; yield the correction's id."""
    today = datetime.now(UTC).date()
    made = corrections(
        environment, "add", "cantine-scolaire", TEXT, "--author", "Awa D.",
        "--starts", (today - timedelta(days=3)).isoformat(),
        "--review-by", (today + timedelta(days=20)).isoformat(),
        "--translation", f"en={ENGLISH}",
    )  # fmt: skip
    correction_id = made.split()[0]
    yield correction_id
    if correction_id in corrections(environment, "list"):
        corrections(environment, "end", correction_id, "--author", "Awa D.")


def top(found: Locator) -> float:
    box = found.bounding_box()
    assert box is not None
    return box["y"]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_citizen_reads_the_correction_above_the_guide(
    visit: Visit, corrected: str, width: int
) -> None:
    ada = visit(width).open()
    answer = ada.ask(QUESTION)
    expect(answer).to_contain_text("Correction de la mairie, depuis le")
    words = answer.locator("blockquote[data-correction]")
    expect(words).to_contain_text(TEXT)
    expect(words).to_have_attribute("lang", "fr")
    guide = answer.locator("blockquote:not([data-correction])").first
    expect(guide).to_be_visible()
    assert top(words) < top(guide)
    card = ada.page.locator(".civic-correction")
    expect(card).to_contain_text("Guide corrigé : Inscrire son enfant")
    words.get_by_role("link").click()
    expect(card).to_be_focused()
    expect(ada.page.locator(".civic-source:not(.civic-correction)").first).to_contain_text("C1")
    assert ada.violations() == []
    assert ada.fits()


def test_its_own_language_is_kept_where_it_has_no_other(visit: Visit, corrected: str) -> None:
    leyla = visit(locale="ar").open("/?lang=ar")
    answer = leyla.ask("كم ثمن الوجبة في المطعم المدرسي؟")
    words = answer.locator("blockquote[data-correction]")
    expect(words).to_contain_text(TEXT)
    expect(words).to_have_attribute("lang", "fr")
    expect(words).to_have_attribute("dir", "ltr")
    expect(leyla.page.locator(".civic-correction .civic-note")).to_contain_text("الفرنسية")
    assert leyla.violations() == []


def test_staff_see_it_and_when_it_ends_nobody_does(
    visit: Visit, at_desk: AtDesk, environment: dict[str, str], corrected: str
) -> None:
    awa = at_desk().opens("/ask")
    desk = Visitor(awa.page, awa.address, [])

    def ask() -> None:
        awa.page.locator("#question").fill(QUESTION)
        awa.page.get_by_role("button", name="Chercher").click()
        expect(awa.page.locator("#answer")).to_be_visible()

    ask()
    expect(awa.page.locator("#answer")).to_contain_text(TEXT)
    expect(awa.page.locator(".card .correction")).to_contain_text(TEXT)
    expect(awa.page.locator(".ask-passages .correction").first).to_contain_text(TEXT)
    assert desk.violations() == []
    corrections(environment, "end", corrected, "--author", "Bo M.")
    ask()
    expect(awa.page.locator("main")).not_to_contain_text(TEXT)
    bob = visit().open()
    expect(bob.ask(QUESTION)).not_to_contain_text(TEXT)
