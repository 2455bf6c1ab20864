"""Guides are found, filled in, written, sent and looked at in a draft that citizens do not see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.routing import APIRoute

from civic_assistant.desk.editors.routes import PARTS
from civic_assistant.embedding import Embedding
from civic_assistant.settings import Settings
from ingest.bad_files import write_bad_files
from ingest.guide_file import parse_guide_file
from tests.desk.editing import FEE, GUIDES, NEW_FEE, ROOT, Editor, Office, open_office

ROUTES = [each for part in PARTS for each in part.routes.routes if isinstance(each, APIRoute)]
TEXT = ROOT / "corpus" / "stationnement-resident" / "fr.md"


@pytest.fixture(scope="module")
def office(
    five_guides: Settings, embedder: Embedding, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """One desk for the tests of this file: each has an editor, and so a draft, of its own."""
    office = open_office(five_guides, tmp_path_factory.mktemp("office"), embedder)
    yield office
    office.product.records.dispose()


@pytest.fixture
def eve(office: Office) -> Iterator[Editor]:
    eve = office.editor()
    yield eve
    office.draft(eve).discard()


def words(page: BeautifulSoup, selector: str = "main") -> str:
    found = page.select_one(selector)
    assert found is not None
    return found.get_text(" ", strip=True)


def rows(page: BeautifulSoup) -> dict[str, list[str]]:
    """Return the states of the guides in the list, by id."""
    return {
        str(title["href"]).rsplit("/", 1)[1]: [
            chip.get_text(strip=True) for chip in row.select(".chip")
        ]
        for row in page.select(".guide-row")
        for title in row.select(".row-title")
    }


def test_every_editors_page_is_for_editors(office: Office) -> None:
    agent = office.editor("agnes", "Agnès A.", roles=("agent", "lead")).client
    stranger = office.editor("zoe", "Zoé Z.").client
    stranger.cookies.clear()
    assert len(ROUTES) > 25
    for route in ROUTES:
        path = "/desk" + route.path.replace("{number}", "1").replace("{", "").replace("}", "")
        for method in route.methods or ():
            assert agent.request(method, path).status_code == 403, path
            assert stranger.request(method, path).status_code == 401, path


def test_nothing_is_done_without_the_sessions_token(office: Office, eve: Editor) -> None:
    for path in (route.path for route in ROUTES if "POST" in (route.methods or ())):
        there = path.replace("{number}", "1")
        there = there.replace("{guide_id}", "pacs").replace("{language}", "fr")
        answer = eve.client.post(f"/desk{there}", data={"csrf": "0" * 64, "text": "# x\n\ny"})
        assert answer.status_code == 403, path
    assert words(eve.page("/plan"), ".drafted .count") == "0"


def test_the_list_says_what_needs_somebody(eve: Editor) -> None:
    states = rows(eve.page())
    assert states.keys() == set(GUIDES)
    assert states["pacs"] == ["En ligne"]
    assert states["plan-canicule-2025"] == ["Expiré", "À revoir"]
    assert states["portage-repas"] == ["À revoir"]


def test_guides_are_found_by_words_of_their_text_and_by_state(eve: Editor) -> None:
    assert rows(eve.page("?q=STATIONNEMENT resident")).keys() == {"stationnement-resident"}
    assert rows(eve.page("?q=macaron pare-brise")).keys() == {"stationnement-resident"}
    assert rows(eve.page("?state=expired")).keys() == {"plan-canicule-2025"}
    assert rows(eve.page("?department=État civil")).keys() == {"pacs"}
    assert rows(eve.page("?q=xylophone")) == {}


def test_a_saved_form_changes_the_draft_and_nothing_else(office: Office, eve: Editor) -> None:
    page = eve.page("/composteur")
    fields: dict[str, object] = {
        str(field["name"]): field.get("value", "")
        for field in page.select("main form input[name], main form select[name]")
        if field["name"] not in ("csrf", "audiences") and field.get("type") != "checkbox"
    }
    for select in page.select("main form select"):
        chosen = select.select_one("option[selected]")
        fields[str(select["name"])] = chosen["value"] if chosen else "who"
    before = (office.corpus / "composteur" / "guide.toml").read_bytes()

    ticked = [str(box["value"]) for box in page.select("[name=audiences][checked]")]

    where = eve.sends("/composteur", {**fields, "audiences": ticked})
    assert where == "/desk/guides/composteur?saved=true"
    assert words(eve.page("/plan"), ".drafted .count") == "0", "what says the same is no change"

    eve.sends("/composteur", {**fields, "audiences": ticked, "review_by": "2027-12-24"})
    assert (office.corpus / "composteur" / "guide.toml").read_bytes() == before
    assert rows(eve.page())["composteur"] == ["Changé, en brouillon"]
    assert "à revoir le 24 décembre 2027" in words(eve.page("?q=composteur"), ".guide-row")
    changed = office.draft(eve).content("composteur/guide.toml")
    assert changed is not None
    assert parse_guide_file(changed, "x").facts == parse_guide_file(before, "x").facts

    eve.sends("/composteur/restore")
    assert rows(eve.page())["composteur"] == ["En ligne"]


def test_a_mistake_in_the_form_is_told_at_its_field_and_nothing_is_kept(eve: Editor) -> None:
    answer = eve.send("/pacs", {"department": "", "address-fr": "ftp://x"})
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 422
    assert words(page, "#problem-department") == "À remplir."
    field = page.select_one("#address-fr")
    assert field is not None and field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "problem-address-fr"
    assert rows(eve.page())["pacs"] == ["En ligne"]


def test_a_text_is_written_in_place_and_seen_as_sections_and_passages(
    office: Office, eve: Editor
) -> None:
    text = TEXT.read_text("utf-8").replace(FEE, NEW_FEE)
    eve.writes("stationnement-resident", "fr", text.replace("\n", "\r\n"))
    page = eve.page("/stationnement-resident/fr")
    shown = words(page, "#preview")
    assert "16 €" in shown and "15 € | 150 €" not in shown
    assert "Parties : 13, passages : 13." in shown
    assert "Cas : première demande" in shown
    written = page.select_one("#text")
    assert written is not None and written.get_text().lstrip("\n") == text
    assert "15 € | 150 €" in office.published("stationnement-resident")
    assert rows(eve.page())["stationnement-resident"] == ["Changé, en brouillon"]


def test_the_preview_follows_what_is_typed_and_keeps_nothing(eve: Editor) -> None:
    answer = eve.send("/pacs/en/preview", {"text": "# Civil union\n\n## Fees\n\nIt is free.\n"})
    shown = BeautifulSoup(answer.text, "html.parser").get_text(" ", strip=True)
    assert answer.status_code == 200
    assert "Civil union" in shown and "It is free." in shown and "Coût" in shown
    refused = eve.send("/pacs/en/preview", {"text": "No title."}).text
    assert "il n’a pas de titre." in refused
    assert "Commencez par une ligne « # Titre du guide »." in refused
    assert words(eve.page("/plan"), ".drafted .count") == "0"


HOSTILE = (
    '# <script>alert(1)</script>\n\n## <img src=x onerror=alert(2)>\n\n<b onclick="x()">T</b>.\n'
)


def test_what_a_document_says_is_never_markup(eve: Editor) -> None:
    answer = eve.send("/pacs/en/preview", {"text": HOSTILE})
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.select("script, img, b") == []
    eve.writes("pacs", "en", HOSTILE)
    page = eve.page("/pacs/en")
    assert page.select("main script, main img, main b") == []
    named = eve.send(
        "/pacs/en/upload", file=('"><script>alert(1)</script>.docx', b"no Word document")
    )
    assert named.status_code == 422
    assert BeautifulSoup(named.text, "html.parser").select("main script") == []


def test_a_text_changed_elsewhere_meanwhile_is_not_overwritten_unasked(eve: Editor) -> None:
    eve.writes("pacs", "en", "# Civil union\n\nFirst window.\n")
    shown = eve.page("/pacs/en").select_one("#text-form [name=based_on]")
    assert shown is not None
    first = str(shown["value"])
    eve.writes("pacs", "en", "# Civil union\n\nThird window.\n")
    answer = eve.send("/pacs/en", {"text": "# Civil union\n\nLate.\n", "based_on": first})
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 409
    assert "a été changé depuis que vous l’avez ouvert" in words(page, "main .alert")
    assert "Late." in words(page, "#text")
    assert "Third window." in words(eve.page("/pacs/en"), "#preview")


def test_a_file_takes_the_place_of_a_text_whatever_its_format(eve: Editor) -> None:
    word = (ROOT / "corpus" / "portage-repas" / "fr.docx").read_bytes()
    answer = eve.send("/stationnement-resident/fr/upload", file=("Nouvelle fiche.DOCX", word))
    assert answer.status_code == 303, answer.text
    page = eve.page("/stationnement-resident/fr")
    assert "Portage de repas à domicile" in words(page, "#preview")
    assert page.select_one("#text") is None
    handed = eve.client.get("/desk/guides/stationnement-resident/fr/file")
    assert handed.content == word
    assert handed.headers["content-disposition"].startswith("attachment;")
    assert handed.headers["x-content-type-options"] == "nosniff"
    eve.sends("/stationnement-resident/fr/restore")
    assert eve.page("/stationnement-resident/fr").select_one("#text") is not None
    assert words(eve.page("/plan"), ".drafted .count") == "0"


@pytest.fixture(scope="module")
def bad_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad")
    write_bad_files(folder)
    (folder / "enorme" / "fr.md").unlink()
    return folder


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("vide/fr.md", "il est vide."),
        ("pdf-tronque/fr.pdf", "il est tronqué : la fin manque."),
        ("pdf-chiffre/fr.pdf", "il est chiffré par un mot de passe."),
        ("binaire/fr.md", "il contient des données binaires, pas du texte."),
        ("mauvais-encodage/fr.md", "n’est pas de l’UTF-8"),
        ("bombe/fr.docx", "devient plus de 200 fois plus grosse décompressée."),
        ("xml-casse/fr.docx", "son contenu est abîmé."),
    ],
)
def test_a_bad_file_is_refused_by_name_and_not_kept(
    eve: Editor, bad_files: Path, file: str, reason: str
) -> None:
    content = (bad_files / file).read_bytes()
    name = file.replace("/", "-")
    answer = eve.send("/composteur/fr/upload", file=(name, content))
    told = words(BeautifulSoup(answer.text, "html.parser"), "#upload-problem")
    assert answer.status_code == 422
    assert name in told and reason in told
    assert words(eve.page("/plan"), ".drafted .count") == "0"


def test_files_of_other_kinds_and_too_large_ones_are_refused(eve: Editor) -> None:
    for name, content, reason in (
        ("fiche.exe", b"MZ", "les fichiers .exe ne sont pas lus."),
        ("fiche", b"x", "ne sont pas lus."),
        ("fiche.md", b"# T\n\n" + b"x " * (11 * 1024 * 1024), "20 Mo au plus"),
    ):
        answer = eve.send("/composteur/fr/upload", file=(name, content))
        assert answer.status_code == 422
        assert reason in words(BeautifulSoup(answer.text, "html.parser"), "#upload-problem")


def test_a_new_guide_begins_with_a_title_a_department_and_a_text(eve: Editor) -> None:
    begun = {"title": "Prêt d’un vélo cargo", "language": "fr", "department": "Voirie", "id": ""}
    where = eve.sends("/new", begun)
    assert where == "/desk/guides/pret-d-un-velo-cargo/fr"
    eve.writes("pret-d-un-velo-cargo", "fr", "# Prêt d’un vélo cargo\n\nLe prêt est gratuit.\n")
    assert rows(eve.page())["pret-d-un-velo-cargo"] == ["Nouveau, en brouillon"]
    assert "Prêt d’un vélo cargo" in words(eve.page("?q=cargo"), ".guide-row")
    again = eve.send("/new", begun)
    assert again.status_code == 422
    assert "Ce nom est déjà pris." in again.text
    eve.sends("/pret-d-un-velo-cargo/remove")
    assert "pret-d-un-velo-cargo" not in rows(eve.page())


@pytest.mark.parametrize("taken", ["plan", "new", "pacs", "../x", "a b"])
def test_an_id_that_leads_elsewhere_is_not_given(eve: Editor, taken: str) -> None:
    begun = {"title": "T", "language": "fr", "department": "Voirie", "id": taken}
    assert eve.send("/new", begun).status_code == 422


def test_a_guide_is_withdrawn_in_the_draft_and_taken_back(eve: Editor) -> None:
    eve.sends("/pacs/remove")
    assert rows(eve.page())["pacs"] == ["Retiré, en brouillon"]
    eve.sends("/pacs/restore")
    assert rows(eve.page())["pacs"] == ["En ligne"]
    eve.sends("/stationnement-resident/en/remove")
    page = eve.page("/stationnement-resident/en")
    assert "sera retiré à la prochaine publication" in words(page)


def test_what_a_colleague_changes_is_said_and_stays_theirs(office: Office, eve: Editor) -> None:
    bo = office.editor("bo", "Bo M.")
    bo.writes("pacs", "en", "# Civil union\n\nIt is free.\n")
    assert rows(eve.page())["pacs"] == ["Aussi chez : Bo M."]
    assert words(eve.page("/plan"), ".drafted .count") == "0"
    bo.sends("/discard")
    assert rows(eve.page())["pacs"] == ["En ligne"]


def test_there_is_no_page_of_an_unknown_guide(eve: Editor) -> None:
    for path in ("/nowhere", "/nowhere/fr", "/pacs/xyz", "/history/99"):
        assert "n’est pas parmi ceux de la mairie" in words(eve.page(path, 404))
