"""What the form reads and writes is what ``guide.toml`` says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from civic_assistant.desk.editors.guide_form import (
    CASE_SEPARATOR,
    GuideForm,
    Problem,
    form_of,
    form_sent,
    guide_file_of,
)
from civic_assistant.desk.editors.guide_toml import guide_toml
from ingest.guide_file import GuideFile, parse_guide_file

CORPUS = Path(__file__).parents[2] / "corpus"


def as_sent(form: GuideForm) -> Mapping[str, str]:
    """Return the fields as a browser sends them."""
    fields = {**form.texts, **form.dates}
    fields |= {f"theme-{level}": words for level, words in enumerate(form.theme)}
    fields |= {f"address-{tag}": address for tag, address in form.addresses.items()}
    for number, row in enumerate(form.facts):
        fields |= {f"fact-{number}-kind": row.kind, f"fact-{number}-address": row.address}
        fields |= {f"fact-{number}-text-{tag}": text for tag, text in row.texts.items()}
        fields |= {f"fact-{number}-case-{tag}": text for tag, text in row.cases.items()}
    return fields


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*/guide.toml")), ids=lambda p: p.parent.name)
def test_every_shipped_guide_goes_through_the_form_unchanged(path: Path) -> None:
    about = parse_guide_file(path.read_bytes(), path.parent.name)
    form = form_of(about)
    tags = ("fr", "en", "ar", "es", "pt", "tr", "uk")
    again = guide_file_of(about.id, form_sent(as_sent(form), form.audiences, tags))
    assert again == about
    assert isinstance(again, GuideFile)
    assert parse_guide_file(guide_toml(again), "written") == about


def test_quotes_line_breaks_and_controls_cannot_break_out_of_the_file() -> None:
    odd = 'Voirie"\nvalid_until = 2020-01-01 \\ \x07 é \u202e ☃'
    form = GuideForm(texts={"department": odd}, theme=("a\\", '"]'))
    about = guide_file_of("voirie", form)
    assert isinstance(about, GuideFile)
    written = parse_guide_file(guide_toml(about), "written")
    assert written.valid_until is None
    assert written.department == 'Voirie" valid_until = 2020-01-01 \\ é ☃'
    assert written.theme == ("a\\", '"]')


def test_cases_of_a_fact_are_kept_from_the_outer_to_the_inner() -> None:
    sent = {
        "department": "Voirie",
        "fact-0-kind": "cost",
        "fact-0-text-fr": "15 €",
        "fact-0-case-fr": f"mineur {CASE_SEPARATOR} première demande",
    }
    about = guide_file_of("voirie", form_sent(sent, ["individuals"], ["fr"]))
    assert isinstance(about, GuideFile)
    assert about.facts[0].situation == {"fr": ("mineur", "première demande")}
    assert parse_guide_file(guide_toml(about), "written") == about


def test_rows_that_say_nothing_are_left_out() -> None:
    sent = {"department": "Voirie", "fact-0-kind": "cost", "fact-1-kind": "delay"}
    about = guide_file_of("voirie", form_sent(sent, ["individuals"], ["fr"]))
    assert isinstance(about, GuideFile)
    assert about.facts == ()


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"department": " "}, Problem("department", "needed")),
        ({"review_by": "demain"}, Problem("review_by", "date")),
        (
            {"valid_from": "2026-09-01", "valid_until": "2026-08-31"},
            Problem("valid_until", "order"),
        ),
        ({"address-fr": "javascript:alert(1)"}, Problem("address-fr", "address")),
        ({"fact-0-kind": "price", "fact-0-text-fr": "x"}, Problem("fact-0-kind", "choice")),
        (
            {"fact-0-kind": "contact", "fact-0-address": "mailto:a@b.example"},
            Problem("fact-0-kind", "fact_text"),
        ),
        (
            {"fact-0-kind": "form", "fact-0-text-fr": "x", "fact-0-address": "javascript:0"},
            Problem("fact-0-address", "fact_address"),
        ),
    ],
)
def test_a_mistake_is_told_at_its_field(fields: dict[str, str], problem: Problem) -> None:
    form = form_sent({"department": "Voirie", **fields}, ["individuals"], ["fr"])
    assert guide_file_of("voirie", form) == (problem,)


def test_nobody_at_all_is_no_audience() -> None:
    form = form_sent({"department": "Voirie"}, ["robots"], ["fr"])
    assert guide_file_of("voirie", form) == (Problem("audiences", "needed"),)
