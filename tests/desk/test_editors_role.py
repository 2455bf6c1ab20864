"""Who edits guides has no place at the desk, and who sits at the desk changes no guide."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from civic_assistant.desk.accounts import Accounts
from civic_assistant.desk.staff_command import staff
from tests.desk.conftest import PASSWORD, Town


def test_who_edits_only_is_led_to_the_guides_and_is_not_present_for_citizens(
    town_desk: Town,
) -> None:
    editor = town_desk.agent(roles=("editor",))
    answer = editor.client.get("/desk/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/guides")
    editor.page("/ask")
    assert town_desk.product.handoff.presence.present(town_desk.clock()) == ()


def test_who_edits_only_reads_no_conversation(town_desk: Town) -> None:
    town_desk.agent("bo", "Bo M.")
    cid = town_desk.citizen_waits()
    editor = town_desk.agent(roles=("editor",))
    for path in (f"/conversations/{cid}", f"/conversations/{cid}/state", "/events"):
        assert editor.client.get(f"/desk{path}").status_code == 403, path
    assert editor.client.get(f"/desk/conversations/{cid}/messages/1/verify").status_code == 403
    csrf = editor.csrf("/ask")
    for path in ("/claim-next", f"/conversations/{cid}/claim", f"/conversations/{cid}/reply"):
        taken = editor.client.post(f"/desk{path}", data={"csrf": csrf, "text": "x"})
        assert taken.status_code == 403, path


def test_an_agent_who_edits_too_has_both(town_desk: Town) -> None:
    both = town_desk.agent(roles=("agent", "editor"))
    page = both.page("/")
    assert [link["href"] for link in page.select("nav a")][:2] == ["/desk/", "/desk/ask"]
    assert page.select_one("nav a[href='/desk/guides']") is not None


@pytest.mark.parametrize(
    ("options", "roles"),
    [
        ([], ("agent",)),
        (["--lead"], ("agent", "lead")),
        (["--editor"], ("editor",)),
        (["--editor", "--desk", "accueil"], ("agent", "editor")),
        (["--editor", "--lead"], ("agent", "lead", "editor")),
    ],
)
def test_accounts_are_made_with_their_roles(
    engine: Engine,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    roles: tuple[str, ...],
) -> None:
    monkeypatch.setenv("CIVIC_DATABASE_URL", url)
    told = CliRunner().invoke(staff, ["add", "awa", *options], input=f"{PASSWORD}\n")
    assert told.exit_code == 0, told.output
    assert [account.roles for account in Accounts(engine).accounts()] == [roles]
