"""The short version of ``make evals``: every third short question, against what was recorded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from civic_assistant.assembly import Product
from evals.figures import measures_of
from evals.pinned import edition_digest
from evals.questions import open_set
from evals.recorded import compare, read_recorded, recorded_path
from evals.run import Run, ask_set
from evals.score import Scored, score


@pytest.fixture(scope="module")
def run(product: Product) -> Run:
    whole = open_set("tuning-short")
    return ask_set(replace(whole, questions=whole.questions[::3]), product, None)


@pytest.fixture(scope="module")
def scored(run: Run) -> Scored:
    return score([run])


def test_no_figure_is_worse_than_recorded(scored: Scored) -> None:
    before = read_recorded(recorded_path("tuning", "light"))
    assert before is not None
    changes = compare(scored, list(measures_of(scored)), before)
    assert {change.count for change in changes if change.measure.key == "recall_1"} == {19}
    assert [c.measure.key for c in changes if c.direction == "worse"] == []


def test_every_citation_stands_in_the_edition(scored: Scored) -> None:
    assert scored.columns["citations"].sum() > 20
    assert scored.columns["citations_invalid"].sum() == 0
    assert scored.columns["figures_unsupported"].sum() == 0


def test_right_guides_are_found_and_most_others_refused(scored: Scored) -> None:
    columns = scored.columns
    assert columns["recall_5"][columns["answerable"] == 1].mean() >= 0.9
    assert columns["abstained"][columns["answerable"] == 0].mean() >= 0.5


def test_manifest_pins_what_was_asked(run: Run, product: Product) -> None:
    live = product.index.live()
    assert run.manifest.edition_digest == edition_digest(live)
    assert run.manifest.passages == len(live.places)
    assert run.manifest.embedding == product.assistant.models["embedding"]
    assert run.manifest.stale == ()


def test_every_stage_has_its_processor_time(run: Run) -> None:
    looked_up = [given for given in run.answers if given.ranked]
    assert looked_up
    assert all(
        given.processor_milliseconds.keys() == given.milliseconds.keys() for given in looked_up
    )
