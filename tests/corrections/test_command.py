"""Corrections by the command line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner, Result

from civic_assistant.corrections.command import corrections
from civic_assistant.corrections.correction import Draft
from tests.corrections.made import ENGLISH, FRENCH
from tests.verified.conftest import Shop

TODAY = datetime.now(UTC).date()
STARTS = (TODAY - timedelta(days=2)).isoformat()
REVIEW = (TODAY + timedelta(days=30)).isoformat()
ADD = (
    "add", "marche", FRENCH, "--starts", STARTS, "--review-by", REVIEW, "--author", "Awa D.",
    "--translation", f"en={ENGLISH}",
)  # fmt: skip


@pytest.fixture
def town(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    settings = shop.market.settings
    monkeypatch.setenv("CIVIC_INDEX_FOLDER", str(settings.index_folder))
    monkeypatch.setenv("CIVIC_DATABASE_URL", settings.database_url.get_secret_value())
    return shop


def run(*words: str) -> Result:
    return CliRunner().invoke(corrections, list(words))


def test_one_is_made_listed_and_ended(town: Shop) -> None:
    made = run(*ADD)
    assert made.exit_code == 0, made.output
    correction_id = made.output.split()[0]
    head = f"{correction_id}  marche  running  {STARTS} to its end  review by {REVIEW}  Awa D.\n"
    assert made.output == f"{head}    fr  {FRENCH}\n    en  {ENGLISH}\n"
    assert run("list").output == made.output
    assert run("list", "--overdue").output == ""
    assert run("end", correction_id, "--author", "Bo").exit_code == 0
    assert run("list").output == ""
    assert "  ended  " in run("list", "--ended").output
    again = run("end", correction_id, "--author", "Bo")
    assert (again.exit_code, f"correction '{correction_id}'" in again.output) == (1, True)


def test_those_that_are_overdue_are_listed_by_the_department_of_their_guide(town: Shop) -> None:
    day = timedelta(days=1)
    made = {}
    for guide in ("marche", "chiens", "disparu"):
        draft = Draft(
            guide_id=guide,
            texts={"fr": FRENCH},
            starts=TODAY - 9 * day,
            ends=None,
            review_by=TODAY - (day if guide != "chiens" else -9 * day),
        )
        kept, at = town.product.corrections.kept, datetime.now(UTC)
        made[guide] = kept.add(draft, author="Awa D.", today=TODAY - 9 * day, now=at).id
    folder = town.market.folder / "chiens"
    (folder / "guide.toml").write_text('id = "chiens"\ndepartment = "Accueil"\n', "utf-8")
    town.market.publish()
    late = kept.add(
        Draft("chiens", {"fr": FRENCH}, TODAY - 9 * day, None, TODAY - day),
        author="Bo M.",
        today=TODAY - 9 * day,
        now=at,
    )
    told = run("list", "--overdue").output.splitlines()
    assert [line for line in told if not line.startswith(" ")] == [
        "Accueil",
        "Commerce",
        "(guide not published)",
    ]
    heads = [line.split()[:2] for line in told if line.startswith("  ") and "overdue" in line]
    assert heads == [
        [late.id, "chiens"],
        [made["marche"], "marche"],
        [made["disparu"], "disparu"],
    ]
    assert run("list").output.count(FRENCH) == 4


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "brocante", *ADD[2:]), "no guide of that id"),
        ((*ADD[:6], "2020-01-31", *ADD[7:]), "review date"),
        ((*ADD, "--translation", "Quattuordecim"), "en=TEXT"),
        ((*ADD, "--translation", "la=Quattuordecim"), "a language that the page does not have"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_kept(
    town: Shop, words: tuple[str, ...], told: str
) -> None:
    refused = run(*words)
    assert refused.exit_code in (1, 2)
    assert told in " ".join(refused.output.replace("│", " ").split())
    assert town.product.corrections.kept.all() == ()
