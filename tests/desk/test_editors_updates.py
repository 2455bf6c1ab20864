"""An update of the national guides that a command staged is looked at and decided at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from civic_assistant.catalogue import open_catalogue
from civic_assistant.desk.sessions import Member
from civic_assistant.edition_log import EditionState
from civic_assistant.embedding import Embedding
from civic_assistant.settings import Settings
from ingest.folder import FolderSource
from ingest.national.routine import RunMode, run_routine
from ingest.national.source import NationalFolder
from ingest.progress import Progress
from ingest.publish import publish
from tests.desk.editing import Editor, Office, open_office
from tests.ingest.national_feed import boat_sheet, write_package

SILENT = Progress(visible=False)
SHEETS = (90100, 90101, 90102, 90103)
GUIDE = "composteur"
ASKED = "Combien coûte le timbre du permis bateau ?"
MAX = Member("staff-max", "Max P.", (), ("editor",))


@pytest.fixture
def office(five_guides: Settings, embedder: Embedding, tmp_path: Path) -> Iterator[Office]:
    """The desk, with four national guides live of which the town's guide names one."""
    office = open_office(five_guides, tmp_path, embedder)
    text = office.corpus / GUIDE / "fr.md"
    text.write_text(text.read_text("utf-8") + "\nVoir aussi la fiche F90100.\n", encoding="utf-8")
    publish(FolderSource(office.corpus), office.product.settings, embedder, SILENT)
    write_package(package(office), dict(map(boat_sheet, SHEETS)))
    run(office, embedder, "publish")
    yield office
    office.product.records.dispose()


@pytest.fixture
def eve(office: Office) -> Editor:
    return office.editor()


@pytest.fixture
def update(office: Office, embedder: Embedding) -> int:
    """Stage an update in which one sheet has another fee, as ``national --plan`` does."""
    write_package(package(office), dict([boat_sheet(90100, fee="27")]))
    number = run(office, embedder, "plan")
    assert number is not None
    return number


def package(office: Office) -> Path:
    return office.corpus.parent / "package"


def run(office: Office, embedder: Embedding, mode: RunMode) -> int | None:
    return run_routine(
        NationalFolder(package(office), ("individuals",)),
        office.product.settings,
        embedder,
        SILENT,
        mode,
        author="the timer",
        reason="morning",
        clock=office.clock,
    ).edition


def looks(editor: Editor, update: int) -> BeautifulSoup:
    """Look at what an update changes, and return its page once that is known."""
    assert editor.sends(f"/updates/{update}/review") == f"/desk/guides/updates/{update}"
    editor.waits()
    return editor.page(f"/updates/{update}")


def decision(page: BeautifulSoup, **more: object) -> dict[str, object]:
    """Return what the page's form sends, everything ticked as seen."""
    plan = page.select_one("#publish-form [name=plan]")
    assert plan is not None, page.get_text(" ", strip=True)
    seen = [str(box["value"]) for box in page.select("#publish-form [name=seen]")]
    return {"plan": str(plan["value"]), "reason": "Vu avec le service", "seen": seen, **more}


def words(page: BeautifulSoup, selector: str = "main") -> str:
    found = page.select_one(selector)
    assert found is not None, page.get_text(" ", strip=True)
    return found.get_text(" ", strip=True)


def state(office: Office, number: int) -> EditionState:
    return open_catalogue(office.product.settings.index_folder).edition(number).state


def live(office: Office) -> int:
    return open_catalogue(office.product.settings.index_folder).live_edition()


def test_an_update_waits_on_the_plan_page_and_says_who_prepared_it(
    office: Office, eve: Editor, update: int
) -> None:
    waiting = eve.page("/plan").select_one(f".updates a[href='/desk/guides/updates/{update}']")
    assert waiting is not None and "national" in waiting.get_text()
    page = eve.page(f"/updates/{update}")
    assert "préparée par the timer" in words(page) and "morning" in words(page)
    assert words(page, "#update-counts") == "Guides ajoutés : 0, changés : 1, retirés : 0."
    assert page.select_one("#publish-form") is None, "nobody has looked at it yet"


def test_an_update_is_looked_at_and_published_with_a_reason(
    office: Office, eve: Editor, update: int
) -> None:
    page = looks(eve, update)
    assert "27" in words(page, ".change ins") and "25" in words(page, ".change del")
    assert "F90100" in words(page, "[aria-labelledby=named-title]")
    assert "composteur" in words(page, "[aria-labelledby=named-title]").lower()
    refused = eve.send(f"/updates/{update}/publish", decision(page, reason=" "))
    assert refused.status_code == 422 and live(office) != update
    assert eve.sends(f"/updates/{update}/publish", decision(page)) == "/desk/guides/plan"
    page = eve.waits()
    assert f"Publié : l’édition {update} est en ligne." in words(page)
    assert page.select_one(".updates") is None
    assert "27 €" in office.published("F90100")
    switch = open_catalogue(office.product.settings.index_folder).switches()[-1]
    assert (switch.edition, switch.author, switch.reason) == (
        update,
        "Ève E.",
        "Vu avec le service",
    )


def test_another_editor_decides_on_what_one_looked_at(
    office: Office, eve: Editor, update: int
) -> None:
    looks(eve, update)
    bo = office.editor("bo", "Bo M.")
    bo.sends(f"/updates/{update}/publish", decision(bo.page(f"/updates/{update}")))
    bo.waits()
    assert live(office) == update


def test_what_must_be_seen_of_an_update_is_asked_for(
    office: Office, eve: Editor, embedder: Embedding
) -> None:
    (package(office) / "data" / "particuliers" / "F90103.json").unlink()
    number = run(office, embedder, "plan")
    assert number is not None
    page = looks(eve, number)
    sent = decision(page)
    assert "withdrawn" in sent["seen"]  # type: ignore[operator]
    answer = eve.send(f"/updates/{number}/publish", {**sent, "seen": []})
    assert answer.status_code == 422
    assert "Cochez ce que vous avez vu" in answer.text
    assert state(office, number) == "staged"


def test_an_update_is_given_up(office: Office, eve: Editor, update: int) -> None:
    before = live(office)
    page = looks(eve, update)
    assert eve.sends(f"/updates/{update}/drop") == "/desk/guides/plan"
    assert (state(office, update), live(office)) == ("dropped", before)
    assert eve.page("/plan").select_one(".updates") is None
    assert "Elle a été abandonnée." in words(eve.page(f"/updates/{update}"))
    assert eve.send(f"/updates/{update}/publish", decision(page)).status_code == 409
    assert eve.send(f"/updates/{update}/drop").status_code == 409


def test_an_update_is_asked_as_a_citizen_asks(office: Office, eve: Editor, update: int) -> None:
    asked = {"question": ASKED, "edition": update}
    page = BeautifulSoup(eve.send("/try", asked).text, "html.parser")
    assert f"édition {update}" in words(page, ".tried-answer.draft h2").lower()
    page = BeautifulSoup(eve.send("/try", {**asked, "edition": 1}).text, "html.parser")
    assert page.select_one(".tried-answer.draft") is None, "only what waits is asked"


def test_an_update_is_not_published_over_what_went_live_meanwhile(
    office: Office, eve: Editor, update: int, embedder: Embedding
) -> None:
    page = looks(eve, update)
    text = office.corpus / "stationnement-resident" / "fr.md"
    text.write_text(text.read_text("utf-8") + "\nUne ligne de plus.\n", encoding="utf-8")
    publish(FolderSource(office.corpus), office.product.settings, embedder, SILENT)
    before = live(office)
    assert eve.send(f"/updates/{update}/publish", decision(page)).status_code == 409
    assert live(office) == before
    page = eve.page(f"/updates/{update}")
    assert "Une autre édition a été mise en ligne depuis." in words(page)
    assert page.select_one("#publish-form") is None and page.select_one("#review-form") is None
    assert "à préparer de nouveau" in words(eve.page("/plan"), ".updates")


def test_a_look_that_died_bars_nobody_and_is_taken_again(
    office: Office, eve: Editor, update: int
) -> None:
    office.workshop.runs.begin("review", MAX, edition=update)
    assert eve.send(f"/updates/{update}/review").status_code == 409
    assert "Max P. regarde une mise à jour" in words(eve.page(f"/updates/{update}"), "[data-run]")
    office.clock.now += timedelta(minutes=2)
    assert "Le serveur s’est arrêté en chemin." in words(eve.page(f"/updates/{update}"))
    assert looks(eve, update).select_one("#publish-form") is not None


def test_an_editor_s_own_plan_is_no_update(office: Office, eve: Editor) -> None:
    text = (office.corpus / GUIDE / "fr.md").read_text("utf-8")
    eve.writes(GUIDE, "fr", text + "\nEncore une ligne.\n")
    page = eve.plans()
    assert page.select_one("#publish-form") is not None
    assert page.select_one(".updates") is None


def test_what_does_not_exist_is_not_found_and_agents_have_no_way_in(
    office: Office, eve: Editor, update: int
) -> None:
    eve.page("/updates/999", status=404)
    agent = office.editor("awa", "Awa D.", roles=("agent",))
    answer = agent.client.get(f"/desk/guides/updates/{update}", headers={"accept": "text/html"})
    assert answer.status_code == 403
