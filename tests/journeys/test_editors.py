"""An editor changes a fee: planned, tried, published, read by a citizen, and taken back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.desk.editing import FEE, GUIDES, NEW_FEE
from tests.journeys.conftest import PROGRAM, ROOT, WAIT, Visit, serving
from tests.journeys.staff import PASSWORD, Agent, desks_around_today

pytestmark = pytest.mark.browser

GUIDE = "stationnement-resident"
ASKED = "Combien coûte le stationnement résident pour le premier véhicule ?"
IN_VAIN = ("La piscine est ouverte à quelle heure ?", "Quels sont les horaires de la piscine ?")
NO_GUIDE = "Un texte sans titre, que personne ne trouverait.\n"
WIDTHS = (1280, 320)
RUN = 8 * WAIT
"""How long is waited, in milliseconds, for what is planned or published."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Publish five guides from a folder that editors may change; return the environment."""
    folder = tmp_path_factory.mktemp("editors")
    for guide_id in GUIDES:
        shutil.copytree(ROOT / "corpus" / guide_id, folder / "corpus" / guide_id)
    expected = {"question": ASKED, "language": "fr", "guide": GUIDE, "contains": "150 €"}
    (folder / "corpus" / "questions.jsonl").write_text(json.dumps(expected), encoding="utf-8")
    (folder / "data").mkdir()
    (folder / "data" / "models").symlink_to(ROOT / "var" / "models")
    environment = {
        **os.environ,
        "CIVIC_EMBEDDING": "light",
        "CIVIC_DATA_FOLDER": str(folder / "data"),
        "CIVIC_CORPUS_FOLDER": str(folder / "corpus"),
        "CIVIC_INDEX_FOLDER": str(folder / "index"),
        "CIVIC_DATABASE_URL": f"sqlite:///{folder / 'civic.sqlite'}",
        "CIVIC_DESKS_FILE": str(desks_around_today(folder / "desks.toml")),
        "CIVIC_QUESTIONS_PER_MINUTE": "600",
    }
    for words, typed in ((["publish"], ""), (["staff", "add", "eve", "--editor"], PASSWORD)):
        told = subprocess.run(
            [*PROGRAM, *words],
            cwd=folder,
            env=environment,
            input=typed,
            capture_output=True,
            text=True,
        )
        assert told.returncode == 0, told.stdout + told.stderr
    return environment


@pytest.fixture(scope="module")
def address(town: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(town, tmp_path_factory.mktemp("cwd")) as address:
        yield address


@pytest.fixture
def eve(visit: Visit) -> Agent:
    """An editor before the guides, with an empty draft."""
    eve = Agent(visit(), "eve").opens("/sign-in")
    eve.page.locator("#login").fill("eve")
    eve.page.locator("#password").fill(PASSWORD)
    eve.presses("Enter")
    expect(eve.page).to_have_url(f"{eve.address}/desk/guides", timeout=RUN)
    eve.opens("/guides/plan")
    if eve.page.get_by_text("Abandonner tout").count():
        eve.page.get_by_text("Abandonner tout").click()
        eve.page.get_by_role("button", name="Oui, abandonner").click()
    return eve.opens("/guides")


def changes_the_fee(eve: Agent) -> None:
    """Write the new fee into the guide as a person does: find it, open its text, save."""
    page = eve.page
    page.locator("#q").fill("stationnement résident")
    eve.presses("Enter")
    page.get_by_role("link", name="Stationnement résident").first.click()
    page.get_by_role("link", name="français").click()
    text = page.locator("#text")
    assert FEE in text.input_value()
    text.fill(text.input_value().replace(FEE, NEW_FEE))
    expect(page.locator("#preview")).to_contain_text("160 €")
    eve.tabs_to(page.get_by_role("button", name="Enregistrer dans mon brouillon"))
    eve.presses("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Enregistré dans votre brouillon")


def plans(eve: Agent) -> None:
    """See what the draft would change, and wait until it is known."""
    eve.opens("/guides/plan")
    eve.page.get_by_role("button", name="Voir ce qui va changer").click()
    expect(eve.page.locator("#review-title")).to_be_visible(timeout=RUN)


def test_a_fee_is_planned_tried_published_read_by_citizens_and_taken_back(
    eve: Agent, visit: Visit
) -> None:
    page = eve.page
    changes_the_fee(eve)
    plans(eve)
    changed = page.locator(".impact", has_text=ASKED)
    today, then = changed.locator(".before-after > div").all()
    expect(today).to_contain_text("15 €")
    expect(then).to_contain_text("16 €")
    expect(then.locator("mark")).to_contain_text("16 €")

    changed.get_by_role("link", name="L’essayer").click()
    page.get_by_role("button", name="Demander", exact=True).click()
    expect(page.locator(".tried-answer.draft .bubble")).to_contain_text("16 €", timeout=RUN)
    expect(page.locator(".tried-answer.live .bubble")).to_contain_text("15 €")
    expect(visit().open().ask(ASKED)).to_contain_text("15 €")

    eve.opens("/guides/plan")
    for box in page.locator("#publish-form [type=checkbox]").all():
        box.check()
    eve.tabs_to(page.locator("#reason"))
    page.keyboard.type("Délibération du 28 mai")
    eve.presses("Enter")
    done = page.get_by_text("Publié : l’édition 2 est en ligne.")
    expect(done).to_be_visible(timeout=RUN)
    answer = visit(390).open().ask(ASKED)
    expect(answer).to_contain_text("16 €")
    expect(answer).not_to_contain_text("15 €")

    eve.opens("/guides/history")
    expect(page.locator(".move").first).to_contain_text("Délibération du 28 mai")
    page.get_by_role("link", name="Revenir à l’édition 1").click()
    expect(page.locator(".change ins").first).to_contain_text("15")
    page.locator("#reason").fill("Voté, mais pour l’an prochain")
    page.get_by_role("button", name="Revenir à l’édition 1").click()
    back = page.get_by_text("L’édition 1 est de nouveau en ligne.")
    expect(back).to_be_visible(timeout=RUN)
    answer = visit().open().ask(ASKED)
    expect(answer).to_contain_text("15 €")
    expect(answer).not_to_contain_text("16 €")


def test_a_file_is_refused_with_the_remedy_and_taken_once_it_can_be_read(eve: Agent) -> None:
    page = eve.opens("/guides/pacs/fr").page
    file, send = page.locator("#file"), page.get_by_role("button", name="Envoyer dans mon")
    file.set_input_files({"name": "pacs.txt", "mimeType": "text/plain", "buffer": b"x"})
    send.click()
    refused = page.locator("#upload-problem")
    expect(refused).to_contain_text("« pacs.txt » n’a pas été pris")
    expect(refused).to_contain_text(".docx")
    file.set_input_files({"name": "p.md", "mimeType": "", "buffer": NO_GUIDE.encode()})
    send.click()
    expect(refused).to_contain_text("titre")
    written = f"# Conclure un Pacs\n\n## Où\n\n{NO_GUIDE}".encode()
    file.set_input_files({"name": "p.md", "mimeType": "", "buffer": written})
    send.click()
    expect(page.get_by_role("status").first).to_contain_text("Enregistré dans votre brouillon")
    expect(page.locator("#preview")).to_contain_text("que personne ne trouverait")
    expect(page.locator("h1 ~ .chips")).to_contain_text("Changé, en brouillon")


def test_what_was_asked_in_vain_stays_beside_the_guide_that_is_begun_from_it(
    eve: Agent, visit: Visit
) -> None:
    for question in IN_VAIN:
        visit().open().ask(question)
    page = eve.opens("/gaps").page
    page.get_by_role("link", name="Commencer un guide").first.click()
    asked = page.locator(".asked")
    for question in IN_VAIN:
        expect(asked).to_contain_text(question)
    page.locator("#title").fill("Piscine : horaires")
    page.locator("#department").fill("Sports")
    page.get_by_role("button", name="Commencer").click()
    expect(asked).to_contain_text(IN_VAIN[0])
    page.locator("#text").fill("# Piscine : horaires\n\nLa piscine ouvre à 9 h.\n")
    page.get_by_role("button", name="Enregistrer dans mon brouillon").click()
    expect(page.get_by_role("status").first).to_contain_text("Enregistré dans votre brouillon")
    asked.get_by_role("link", name=IN_VAIN[0]).click()
    expect(page.locator("#question")).to_have_value(IN_VAIN[0])

    eve.opens("/gaps")
    page.get_by_role("link", name="Commencer une correction").first.click()
    expect(page.locator(".asked")).to_contain_text(IN_VAIN[0])


def test_no_page_of_the_editors_has_a_barrier(eve: Agent) -> None:
    page = eve.page

    def looks() -> None:
        page.evaluate("document.querySelectorAll('details.fold').forEach(each => each.open = true)")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            eve.finds_no_fault()

    for path in ("", "?q=rien%20de%20tel", "/plan", "/try", "/new", f"/{GUIDE}", f"/{GUIDE}/es"):
        eve.opens(f"/guides{path}")
        looks()
    page.set_viewport_size({"width": 1280, "height": 800})
    changes_the_fee(eve.opens("/guides"))
    looks()
    page.locator("#file").set_input_files({"name": "a.txt", "mimeType": "", "buffer": b"x"})
    page.get_by_role("button", name="Envoyer dans mon").click()
    expect(page.locator("#upload-problem")).to_be_visible()
    looks()
    plans(eve)
    looks()
    eve.opens(f"/guides/try?question={ASKED}")
    page.get_by_role("button", name="Demander", exact=True).click()
    expect(page.locator(".tried-answer.live .bubble")).to_be_visible(timeout=RUN)
    looks()
    eve.opens("/guides/corrections?q=pacs")
    looks()
    page.get_by_role("link", name="Ajouter une correction").first.click()
    page.locator("#text-fr").fill("Le Pacs se conclut aussi le samedi.")
    page.locator("#ends").fill("2020-01-01")
    page.get_by_role("button", name="Enregistrer la correction").click()
    expect(page.get_by_role("alert").last).to_be_visible()
    looks()
    for path in ("/guides/history", "/guides/history/1", "/gaps?once=true"):
        eve.opens(path)
        looks()
