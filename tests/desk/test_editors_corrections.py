"""An editor corrects a guide at the desk: made, refused, changed, ended, and found when overdue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from civic_assistant.embedding import Embedding
from civic_assistant.settings import Settings
from civic_assistant.turns import Question
from tests.desk.editing import Editor, Office, open_office

GUIDE = "stationnement-resident"
ASKED = "Combien coûte le stationnement résident pour le premier véhicule ?"
TEXT = "Le premier véhicule coûte désormais 16 € par mois."
ENGLISH = "The first vehicle now costs €16 a month."
TODAY = date(2026, 11, 22)
PAGE = "/corrections"


@pytest.fixture
def office(five_guides: Settings, embedder: Embedding, tmp_path: Path) -> Iterator[Office]:
    office = open_office(five_guides, tmp_path, embedder)
    yield office
    office.product.records.dispose()


@pytest.fixture
def eve(office: Office) -> Editor:
    return office.editor()


@pytest.fixture(scope="module")
def uncorrected(
    five_guides: Settings, embedder: Embedding, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """An office for what is refused: nothing is ever kept in it."""
    office = open_office(five_guides, tmp_path_factory.mktemp("uncorrected"), embedder)
    yield office
    office.product.records.dispose()


def typed(**changes: object) -> dict[str, object]:
    """Return the form's fields as an editor fills them in."""
    fields: dict[str, object] = {
        "guide": GUIDE,
        "text-fr": TEXT,
        "text-en": ENGLISH,
        "starts": TODAY.isoformat(),
        "ends": "",
        "review_by": "2026-12-31",
        "version": "0",
    }
    return fields | {name.replace("_fr", "-fr"): value for name, value in changes.items()}


def makes(editor: Editor, **changes: object) -> str:
    """Keep a correction, and return the path of its page."""
    led_to = editor.sends(f"{PAGE}/new", typed(**changes))
    assert led_to.endswith("?saved=true")
    return led_to.removeprefix("/desk/guides").removesuffix("?saved=true")


def words(page: BeautifulSoup, selector: str = "main") -> str:
    found = page.select_one(selector)
    assert found is not None, page.get_text(" ", strip=True)
    return found.get_text(" ", strip=True)


def value(page: BeautifulSoup, name: str) -> str:
    found = page.select_one(f"main form [name={name}]")
    assert found is not None, name
    return found.get_text().strip() if found.name == "textarea" else str(found.get("value"))


def standing(page: BeautifulSoup) -> list[Tag]:
    return page.select("[aria-labelledby=standing-title] .fix-row")


def said(office: Office) -> str:
    """Return the corrections that a citizen reads above the answer now."""
    outcome = office.product.assistant.answer(Question(ASKED)).outcome
    return " ".join(shown.text for shown in getattr(outcome, "corrections", ()))


def test_a_guide_is_found_corrected_and_citizens_read_it(office: Office, eve: Editor) -> None:
    page = eve.page(f"{PAGE}?q=stationnement")
    found = page.select_one("[aria-labelledby=found-title] a")
    assert found is not None
    empty = eve.page(str(found["href"]).removeprefix("/desk/guides"))
    assert (value(empty, "guide"), value(empty, "starts")) == (GUIDE, "2026-11-22")
    assert empty.select_one("label[for=text-en]") is not None
    assert said(office) == ""
    one = eve.page(makes(eve) + "?saved=true")
    assert "Enregistrée." in words(one, "[role=status]")
    assert TEXT in said(office)
    (row,) = standing(eve.page(PAGE))
    assert TEXT in row.text and "En cours" in row.text and "À revoir" not in row.text
    assert "à partir du 22 novembre 2026" in " ".join(row.text.split())


@pytest.mark.parametrize(
    ("changes", "problem", "marked"),
    [
        ({"ends": "2026-11-21"}, "La fin est avant le début, ou déjà passée.", "ends"),
        ({"starts": "2026-12-24", "ends": "2026-12-01"}, "La fin est avant le début", "ends"),
        ({"review_by": "2026-11-21"}, "La date de revue est avant le début", "review_by"),
        ({"starts": "2027-03-01"}, "La date de revue est avant le début", "review_by"),
        ({"starts": ""}, "Une date s’écrit 2026-09-01.", "starts"),
        ({"review_by": "31 décembre"}, "Une date s’écrit 2026-09-01.", "review_by"),
        ({"ends": "2026-02-30"}, "Une date s’écrit 2026-09-01.", "ends"),
        ({"text_fr": " "}, "Écrivez la correction dans la langue de la mairie.", "text-fr"),
        ({"text_fr": "x" * 601}, "Un des textes est trop long", "text-fr"),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field_and_nothing_typed_is_lost(
    uncorrected: Office, changes: dict[str, object], problem: str, marked: str
) -> None:
    eve = uncorrected.editor()
    answer = eve.send(f"{PAGE}/new", typed(**changes))
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    assert problem in words(page, "main [role=alert]")
    field = page.select_one(f"[name={marked}]")
    assert field is not None and field.get("aria-invalid") == "true"
    assert "problem" in str(field.get("aria-describedby")).split()
    assert value(page, "text-en") == ENGLISH
    assert standing(eve.page(PAGE)) == [] and said(uncorrected) == ""


def test_a_guide_that_is_not_published_cannot_be_corrected(uncorrected: Office) -> None:
    eve = uncorrected.editor()
    answer = eve.send(f"{PAGE}/new", typed(guide="piscine"))
    assert answer.status_code == 422 and "Ce guide n’est pas publié." in answer.text
    led = eve.client.get("/desk/guides/corrections/new?guide=piscine", follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (303, "/desk/guides/corrections")


def test_a_fifth_correction_of_a_guide_is_refused(eve: Editor) -> None:
    for _ in range(4):
        makes(eve)
    answer = eve.send(f"{PAGE}/new", typed())
    assert answer.status_code == 422 and "déjà quatre corrections" in answer.text
    assert len(standing(eve.page(PAGE))) == 4


def test_an_ended_one_is_read_no_more_and_runs_again_when_it_is_saved(
    office: Office, eve: Editor
) -> None:
    path = makes(eve)
    assert eve.sends(f"{path}/end") == "/desk/guides/corrections"
    assert said(office) == ""
    page = eve.page(PAGE)
    assert standing(page) == [] and "Terminées (1)" in words(page, "details.fold > summary")
    one = eve.page(path)
    assert "Cette correction est terminée." in words(one)
    assert "terminée par Ève E." in words(one, "[aria-labelledby=history-title]")
    assert one.select_one(f"form[action$='{path}/end']") is None
    assert eve.send(f"{path}/end").status_code == 409
    eve.sends(path, typed(version="1"))
    assert TEXT in said(office)


def test_one_that_is_planned_waits_for_its_first_day(office: Office, eve: Editor) -> None:
    makes(eve, starts="2026-11-25")
    (row,) = standing(eve.page(PAGE))
    assert "Prévue" in row.text and said(office) == ""
    office.clock.now += timedelta(days=3)
    (row,) = standing(office.editor().page(PAGE))
    assert "En cours" in row.text and TEXT in said(office)


def test_an_overdue_one_stands_first_and_says_so(office: Office, eve: Editor) -> None:
    makes(eve)
    makes(eve, guide="pacs", text_fr="Le Pacs se conclut aussi le samedi.", review_by="2026-11-23")
    assert "À revoir" not in words(eve.page(PAGE), "[aria-labelledby=standing-title]")
    office.clock.now += timedelta(days=2)
    first, other = standing(office.editor().page(PAGE))
    assert "samedi" in first.text and "À revoir" in first.text
    assert "À revoir" not in other.text


def test_of_two_who_change_it_the_later_sees_the_others_version_before_it_is_replaced(
    office: Office, eve: Editor
) -> None:
    path = makes(eve)
    bo = office.editor("bo", "Bo M.")
    bo.sends(path, typed(version="1", text_fr="Dix-sept euros."))
    answer = eve.send(path, typed(version="1", text_fr="Dix-huit euros."))
    assert answer.status_code == 409
    page = BeautifulSoup(answer.text, "html.parser")
    assert "Une autre personne l’a changée" in words(page, "main [role=alert]")
    assert value(page, "text-fr") == "Dix-huit euros."
    history = words(page, "[aria-labelledby=history-title]")
    assert "Bo M." in history and "Dix-sept euros." in history
    eve.sends(path, typed(version=value(page, "version"), text_fr="Dix-huit euros."))
    assert said(office) == "Dix-huit euros."


def test_only_editors_reach_the_corrections(office: Office, eve: Editor) -> None:
    path = makes(eve)
    csrf = eve.csrf()
    awa = office.editor("awa", "Awa D.", ("agent", "lead")).client
    accept = {"accept": "text/html"}
    for shown in (PAGE, f"{PAGE}/new?guide={GUIDE}", path):
        assert awa.get(f"/desk/guides{shown}", headers=accept).status_code == 403
    for sent in (f"{PAGE}/new", path, f"{path}/end"):
        answer = awa.post(
            f"/desk/guides{sent}", data={"csrf": csrf, "guide": GUIDE}, headers=accept
        )
        assert answer.status_code == 403
    assert TEXT in said(office)


def test_a_form_of_another_session_changes_nothing(office: Office, eve: Editor) -> None:
    path = makes(eve)
    bo = office.editor("bo", "Bo M.").client
    foreign = {"csrf": eve.csrf(), "guide": GUIDE}
    assert bo.post(f"/desk/guides{path}/end", data=foreign).status_code == 403
    assert TEXT in said(office)
