"""The page of the gap report at the desk."""

from __future__ import annotations

import csv
import io

import pytest
from bs4 import BeautifulSoup
from fastapi import FastAPI
from starlette.testclient import TestClient

from civic_assistant.desk.accounts import Accounts
from civic_assistant.desk.application import create_desk
from civic_assistant.settings import StaffRole
from tests.desk.conftest import PASSWORD, QUICK, Agent
from tests.gaps.asking import NOW, Asked


@pytest.fixture(scope="module")
def desk(asked: Asked) -> FastAPI:
    app = FastAPI()
    app.mount("/desk", create_desk(asked.product, clock=lambda: NOW, hasher=QUICK))
    return app


def staff(asked: Asked, desk: FastAPI, *roles: StaffRole) -> Agent:
    login = "-".join(roles)
    accounts = Accounts(asked.product.records, QUICK)
    if all(account.login != login for account in accounts.accounts()):
        accounts.add(login, name=login, password=PASSWORD, desks=(), roles=roles, now=NOW)
    agent = Agent(TestClient(desk, base_url="http://desk.example"))
    assert agent.sign_in(login).status_code == 303
    return agent


@pytest.fixture(scope="module")
def editor(asked: Asked, desk: FastAPI) -> Agent:
    return staff(asked, desk, "editor")


def topics(page: BeautifulSoup) -> list[str]:
    return [name.text for name in page.select(".gap-table .name")]


def test_an_editor_sees_what_two_conversations_asked_and_starts_from_it(editor: Agent) -> None:
    page = editor.page("/gaps")
    assert len(topics(page)) == 2
    assert "piscine" in topics(page)[0]
    row = page.select(".gap-table tbody tr")[0]
    gap = str(row["id"]).removeprefix("gap-")
    guide, correction = [str(link["href"]) for link in row.select(".starts a")]
    assert guide.startswith(f"/desk/guides/new?gap={gap}&title=")
    assert correction.startswith(f"/desk/guides/corrections/new?gap={gap}&guide=")
    begun = editor.page(guide.removeprefix("/desk")).select_one("#title")
    assert begun is not None and "piscine" in str(begun["value"])
    assert editor.page(correction.removeprefix("/desk")).select_one("main form")
    assert {"fr", "en"} <= {str(item["lang"]) for item in row.select(".said li")}
    assert "drone" not in page.text.casefold()


def begun_from(page: BeautifulSoup, number: int = 0) -> list[str]:
    """Return where a row leads to: a new guide, and a correction of the nearest one."""
    row = page.select(".gap-table tbody tr")[number]
    return [str(link["href"]).removeprefix("/desk") for link in row.select(".starts a")]


def asked_beside(page: BeautifulSoup) -> list[str]:
    return [item.text for item in page.select(".asked .said span[lang]")]


def test_the_questions_stand_beside_what_is_begun_from_them_and_in_no_text(editor: Agent) -> None:
    gaps = editor.page("/gaps")
    samples = [item.text for item in gaps.select(".gap-table tbody tr")[0].select(".said li")]
    for path in begun_from(gaps):
        page = editor.page(path)
        assert asked_beside(page) == samples, path
        assert "kowalczyk" not in page.text.casefold(), "a name is shown nowhere"
        fields = page.select("main form textarea, main form input:not([type=hidden], #title)")
        assert not [f for f in fields if "piscine" in f"{f.text}{f.get('value')}".casefold()]


def test_they_stay_there_until_the_guide_is_written(editor: Agent) -> None:
    path, _ = begun_from(editor.page("/gaps"))
    empty = editor.page(path)
    action = str(empty.select("main form")[0]["action"])
    sent = {"csrf": editor.csrf(path), "title": "Piscine", "language": "fr", "id": "piscine"}
    headers = {"accept": "text/html"}
    refused = editor.client.post(action, data=sent, headers=headers)
    assert refused.status_code == 422, "a guide without a department"
    assert asked_beside(BeautifulSoup(refused.text, "html.parser")) == asked_beside(empty)
    sent |= {"department": "Sports", "review_by": "2027-11-22"}
    begun = editor.client.post(action, data=sent, headers=headers)
    assert begun.status_code == 200 and begun.url.path == "/desk/guides/piscine/fr"
    page = BeautifulSoup(begun.text, "html.parser")
    assert asked_beside(page) == asked_beside(empty)
    text = page.select_one("#text")
    assert text is not None and text.get_text().strip() == "# Piscine"
    form = page.select_one("#text-form")
    assert form is not None
    kept = {str(f["name"]): str(f["value"]) for f in form.select("input[type=hidden]")}
    kept["text"] = "# Piscine\n\nElle ouvre à 9 h.\n"
    saved = editor.client.post(str(form["action"]), data=kept, headers=headers)
    page = BeautifulSoup(saved.text, "html.parser")
    assert asked_beside(page) == asked_beside(empty)
    assert "Enregistré dans votre brouillon" in page.text
    tried = [str(link["href"]) for link in page.select(".asked a.try")]
    question = editor.page(tried[0].removeprefix("/desk")).select_one("#question")
    assert question is not None and question.get_text().strip() == asked_beside(empty)[0]


def test_of_what_one_conversation_asked_the_topic_stands_there_without_a_text(
    editor: Agent,
) -> None:
    path = begun_from(editor.page("/gaps?once=true"), -1)[0]
    page = editor.page(path)
    assert asked_beside(page) == []
    assert "Une seule conversation l’a demandé" in page.select(".asked")[0].text
    assert "brindejonc" not in page.text.casefold()


def test_a_gap_that_is_no_longer_kept_leaves_the_form_as_it_is(editor: Agent) -> None:
    for path in ("/guides/new", "/guides/pacs/fr", "/guides/corrections/new?guide=pacs"):
        page = editor.page(f"{path}{'&' if '?' in path else '?'}gap=000000000000")
        assert page.select("main form") and not page.select(".asked"), path


def test_what_was_asked_once_is_shown_when_wished_without_a_text(editor: Agent) -> None:
    page = editor.page("/gaps?once=true")
    assert len(topics(page)) == 3
    last = page.select(".gap-table tbody tr")[-1]
    assert "1 conversation" in last.text and not last.select(".said")


def test_a_lead_reads_the_report_and_is_told_that_editors_start_from_it(
    asked: Asked, desk: FastAPI
) -> None:
    page = staff(asked, desk, "agent", "lead").page("/gaps")
    assert len(topics(page)) == 2
    assert not page.select(".starts a")


def test_the_report_is_not_for_every_agent(asked: Asked, desk: FastAPI) -> None:
    agent = staff(asked, desk, "agent")
    for path in ("/desk/gaps", "/desk/gaps.csv"):
        refused = agent.client.get(path, headers={"accept": "text/html"})
        assert refused.status_code == 403
    assert not agent.page("/").select('nav a[href="/desk/gaps"]')


def test_filters_narrow_what_is_shown(editor: Agent) -> None:
    assert topics(editor.page("/gaps?language=tr&once=true")) != []
    assert topics(editor.page("/gaps?language=pl&once=true")) == []
    assert topics(editor.page("/gaps?department=Nulle%20part")) == []
    assert topics(editor.page("/gaps?days=7&once=true")) == []
    named = [str(option["value"]) for option in editor.page("/gaps").select("#department option")]
    both = [topics(editor.page(f"/gaps?department={name}")) for name in named if name]
    assert sorted(name for found in both for name in found) == sorted(topics(editor.page("/gaps")))


@pytest.mark.parametrize("query", ["days=3650", "number=9999", "language=xx", "department=%3Cb%3E"])
def test_odd_choices_show_a_page_and_not_a_fault(editor: Agent, query: str) -> None:
    answer = editor.client.get(f"/desk/gaps?{query}", headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert "<b>" not in answer.text


def test_every_plot_says_the_same_as_its_table(editor: Agent) -> None:
    plots = editor.page("/gaps").select(".plot")
    assert len(plots) == 4
    for plot in plots:
        cells = [int(cell.text) for cell in plot.select("td")]
        assert len(plot.select("svg rect")) == len(cells)
        assert sum(cells) >= 6


def test_the_csv_has_a_line_a_gap_and_no_formula(editor: Agent) -> None:
    answer = editor.client.get("/desk/gaps.csv?once=true")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["conversations"] for row in rows] == ["4", "2", "1"]
    assert sum(int(rows[0][name]) for name in rows[0] if name.startswith("week_")) == 4
    assert rows[2]["samples"] == ""
    assert not [v for row in rows for v in row.values() if v.startswith(("=", "+", "-", "@"))]
