"""The command that checks the live edition, as an operator types it: whole, in time, reachable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from civic_assistant.guides import Guide
from ingest.addresses.report import report_addresses
from ingest.command_line import commands
from tests.guides_by_hand import guide, section
from tests.ingest.by_hand import Town, fee
from tests.ingest.web_server import WebServer, web_server

app = typer.Typer()
commands(app)


def days(count: int) -> date:
    """Return the day so far from this one: from the module's import, midnight may have passed."""
    return datetime.now(UTC).date() + timedelta(days=count)


def own(
    name: str, department: str, *, valid_until: date | None = None, review_by: date | None = None
) -> Guide:
    dated = replace(fee(name, 10), valid_until=valid_until, review_by=review_by)
    return replace(dated, department=department)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


def check(town: Town, *options: str, status: int = 0) -> list[str]:
    """Return the lines after those about wholeness."""
    index = str(town.settings.index_folder)
    ran = CliRunner().invoke(app, ["check", "--index", index, *options], catch_exceptions=False)
    assert ran.exit_code == status, ran.output
    told = ran.output.splitlines()
    return told[told.index("whole") + 1 :]


def test_every_guide_that_is_out_of_date_or_soon_is_listed_by_department(town: Town) -> None:
    town.publish(
        own("canicule", "CCAS", valid_until=days(-84)),
        own("marche", "Commerce", review_by=days(-1)),
        replace(own("marche", "Commerce", review_by=days(-1)), language="en", document="m/en.md"),
        own("noel", "Commerce", valid_until=days(30)),
        own("ecole", "Scolaire", review_by=days(30)),
        own("loin", "Scolaire", valid_until=days(31), review_by=days(31)),
        replace(own("seul", ""), review_by=days(-9)),
        fee("pacs", 10),
    )
    town.publish(own("f1", "", valid_until=days(-5)), source="national")
    assert check(town, "--stale", status=3) == [
        "(no department)",
        f"  seul (fr) to be reviewed since {days(-9)}",
        "CCAS",
        f"  canicule (fr) expired on {days(-84)}",
        "Commerce",
        f"  marche (en, fr) to be reviewed since {days(-1)}",
        f"  noel (fr) expires on {days(30)}",
        "Scolaire",
        f"  ecole (fr) to be reviewed by {days(30)}",
        "edition 2: 1 expired, 2 overdue, 1 expiring, 1 due",
    ]


def test_what_is_only_due_soon_is_no_failure(town: Town) -> None:
    town.publish(own("noel", "Commerce", valid_until=days(0)))
    assert check(town, "--stale") == [
        "Commerce",
        f"  noel (fr) expires on {days(0)}",
        "edition 1: 0 expired, 0 overdue, 1 expiring, 0 due",
    ]


def test_without_the_options_nothing_more_is_told(town: Town, server: WebServer) -> None:
    town.publish(own("marche", "Commerce", review_by=days(-1)), linking(server, "salle", "/gone"))
    assert check(town) == []
    assert server.asked == []


def test_dead_and_moved_addresses_are_asked_and_told_by_the_command(
    town: Town, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = partial(report_addresses, is_loopback_allowed=True)
    monkeypatch.setattr("ingest.editions.commands.report_addresses", allowed)
    at = server.address
    town.publish(linking(server, "marche", "/gone", "/moved"), linking(server, "salle", "/page"))
    assert check(town, "--addresses", status=3) == [
        "Accueil",
        "  marche",
        f"    dead (404): {at}/gone",
        "      in its text (marche/fr.md)",
        f"    moved to {at}/new: {at}/moved",
        "      in its text (marche/fr.md)",
        "edition 1: 3 addresses asked, 1 dead, 1 moved",
    ]
    assert {path for _, path, _ in server.asked} >= {"/gone", "/moved", "/page"}


def test_addresses_that_are_all_well_end_with_status_0(
    town: Town, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = partial(report_addresses, is_loopback_allowed=True)
    monkeypatch.setattr("ingest.editions.commands.report_addresses", allowed)
    town.publish(linking(server, "salle", "/page"))
    assert check(town, "--addresses") == ["edition 1: 1 addresses asked, all well"]


def test_the_command_reaches_no_private_network(town: Town, server: WebServer) -> None:
    town.publish(linking(server, "salle", "/gone"))
    told = check(town, "--addresses")
    assert told[-1] == "edition 1: 1 addresses asked, 1 not asked"
    assert "it leads into a private network" in "\n".join(told)
    assert server.asked == []


def test_late_guides_and_dead_addresses_are_told_in_one_run(
    town: Town, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = partial(report_addresses, is_loopback_allowed=True)
    monkeypatch.setattr("ingest.editions.commands.report_addresses", allowed)
    town.publish(own("marche", "Commerce", review_by=days(-1)), linking(server, "salle", "/gone"))
    told = check(town, "--stale", "--addresses", status=3)
    assert f"  marche (fr) to be reviewed since {days(-1)}" in told
    assert f"    dead (404): {server.address}/gone" in told


def linking(server: WebServer, name: str, *paths: str) -> Guide:
    text = " ".join(f"Voir {server.address}{path} pour cela." for path in paths)
    return guide(name, name.title(), section(("paragraph", text)))
