from __future__ import annotations

import csv
import io

import pytest

from civic_assistant.desk.plots import bars
from tests.desk.conftest import Agent, Town


@pytest.fixture
def lead(town_desk: Town) -> Agent:
    """A lead, after a morning with one question solved and one abandoned."""
    agent = town_desk.agent(roles=("agent", "lead"))
    solved = town_desk.citizen_waits()
    town_desk.clock.pass_minutes(4)
    agent.post("/claim-next")
    agent.post(f"/conversations/{solved}/reply", client_id="r", text="Voilà.")
    agent.post(f"/conversations/{solved}/close", reason="solved")
    given_up = town_desk.citizen_waits("كم الثمن؟", language="ar")
    town_desk.product.handoff.handoffs.withdraw(given_up, town_desk.clock())
    return agent


def test_figures_show_what_was_asked_answered_and_solved(lead: Agent) -> None:
    page = lead.page("/figures")
    totals = {
        str(part.dt and part.dt.text): part.dd.get_text(" ", strip=True) if part.dd else ""
        for part in page.select(".totals div")
    }
    assert totals["Demandes d’une personne"] == "2"
    assert (totals["Réponses données"], totals["Questions résolues"]) == ("1", "1")
    assert totals["Abandons"] == "1"
    assert totals["Attente médiane"].startswith("4 min")


def test_every_plot_says_the_same_as_its_table(lead: Agent) -> None:
    page = lead.page("/figures")
    plots = page.select(".plot")
    assert [plot.h2.text for plot in plots] == [  # type: ignore[union-attr]
        "Par jour", "Par motif", "Par langue", "Par guichet", "Par heure", "Par jour de la semaine",
    ]  # fmt: skip
    for plot in plots:
        cells = [int(cell.text) for cell in plot.select("td")]
        assert len(plot.select("svg rect")) == len(cells)
        assert sum(cells) == 4  # two asked, one answered, one solved


def test_the_csv_has_a_line_a_group(lead: Agent) -> None:
    answer = lead.client.get("/desk/figures.csv?by=language")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["language"], row["asked"], row["solved"]) for row in rows] == [
        ("ar", "1", "0"),
        ("fr", "1", "1"),
    ]
    assert answer.headers["content-disposition"].startswith('attachment; filename="civic-language')


def test_figures_are_for_leads(town_desk: Town) -> None:
    agent = town_desk.agent()
    for path in ("/desk/figures", "/desk/figures.csv"):
        refused = agent.client.get(path, headers={"accept": "text/html"})
        assert refused.status_code == 403
        assert "Votre compte n’ouvre pas cette page" in refused.text


@pytest.mark.parametrize("query", ["since=2030-01-01", "since=1900-01-01", "until=2020-02-02"])
def test_odd_spans_show_an_empty_page_and_not_a_fault(lead: Agent, query: str) -> None:
    assert lead.client.get(f"/desk/figures?{query}").status_code == 200


def test_bars_are_as_long_as_their_values() -> None:
    plot = bars(
        "reason", [("a", {"asked": 10}), ("b", {"asked": 5})], {"asked": "A"}, is_time=False
    )
    assert [bar.width for bar in plot.bars] == [480, 240]
    assert plot.table == (("a", (10,)), ("b", (5,)))
    empty = bars("hour", [], {"asked": "A"}, is_time=True)
    assert (empty.bars, empty.most) == ((), 0)


@pytest.mark.parametrize("count", [1, 2, 7, 28])
def test_columns_stand_over_the_middle_of_their_label(count: int) -> None:
    series = {"asked": "A", "answered": "B", "solved": "C"}
    groups = [(f"{n}", {"asked": 3, "answered": 2, "solved": 1}) for n in range(count)]
    plot = bars("day", groups, series, is_time=True)
    labels = {label.text: label for label in plot.labels if label.anchor == "middle"}
    assert "0" in labels
    for number in range(count):
        own = plot.bars[3 * number : 3 * number + 3]
        middle = (own[0].x + own[-1].x + own[-1].width) / 2
        assert own[-1].x + own[-1].width - own[0].x <= 84.001
        assert own[0].x > 0 and own[-1].x + own[-1].width < 720
        if str(number) in labels:
            assert labels[str(number)].x == pytest.approx(middle)


def test_hours_between_and_days_without_a_question_stand_on_the_axis(lead: Agent) -> None:
    page = lead.page("/figures")
    shown = {
        plot.h2.text: [cell.text for cell in plot.select("tbody th")]  # type: ignore[union-attr]
        for plot in page.select(".plot")
    }
    assert len(shown["Par jour"]) == 28
    assert (shown["Par jour de la semaine"][0], len(shown["Par jour de la semaine"])) == (
        "lundi",
        7,
    )
    assert shown["Par heure"] == ["10 h"]
