"""Which questions must be answered on both editions, and what is made of the two replies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from civic_assistant.evidence import Evidence, Found
from civic_assistant.guides import Guide
from civic_assistant.outcomes import AskedDetail, NotCovered, Unsure
from ingest.reviewing.differences import (
    EditionDifference,
    added_guide,
    guide_change,
    withdrawn_guide,
)
from ingest.reviewing.impact import can_differ, touched_guides
from ingest.reviewing.replies import Reply, reply_of
from ingest.reviewing.town_questions import TownQuestion
from tests.guides_by_hand import CANTEEN, guide, passages, section
from tests.store.turns import ANSWERED, a_turn

POOL = guide("piscine", "Piscine", section(("paragraph", "La piscine ouvre à midi.")))
NONE: frozenset[str] = frozenset()


def evidence(*scored: tuple[Guide, float]) -> Evidence:
    """Return evidence whose guides come in this order, each by its first passage."""
    found = tuple(
        Found(passages(of)[0], score, dense=score / 2, dense_rank=rank, keyword_rank=rank)
        for rank, (of, score) in enumerate(scored, 1)
    )
    totals = {of.id: score for of, score in scored}
    return Evidence("?", "fr", 1, found, tuple(totals), totals)


def test_the_same_guide_first_with_the_same_scores_cannot_differ() -> None:
    before = evidence((CANTEEN, 1.0), (POOL, 0.5))

    assert not can_differ(before, evidence((CANTEEN, 1.004), (POOL, 0.504)), NONE)


@pytest.mark.parametrize(
    "after",
    [
        evidence((POOL, 1.0), (CANTEEN, 0.9)),
        evidence((CANTEEN, 0.9), (POOL, 0.5)),
        evidence((CANTEEN, 1.0), (POOL, 0.6)),
        evidence(),
    ],
    ids=["another guide first", "another score", "another lead", "nothing found"],
)
def test_another_guide_or_other_scores_can_differ(after: Evidence) -> None:
    assert can_differ(evidence((CANTEEN, 1.0), (POOL, 0.5)), after, NONE)


def test_a_guide_that_changes_and_comes_first_can_differ_whatever_its_scores() -> None:
    same = evidence((CANTEEN, 1.0), (POOL, 0.5))

    assert can_differ(same, same, frozenset({"cantine"}))
    assert not can_differ(same, same, frozenset({"mariage"}))


def test_a_guide_is_touched_by_its_text_or_by_when_it_holds_and_not_by_other_dates() -> None:
    reviewed = replace(CANTEEN, review_by=date(2027, 1, 1), department="Scolaire")
    ended = replace(POOL, valid_until=date(2026, 1, 1))
    retitled = replace(CANTEEN, id="ecole", title="École")
    difference = EditionDifference(
        added=(added_guide(replace(POOL, id="patinoire")),),
        changed=(
            guide_change(CANTEEN, reviewed),
            guide_change(POOL, ended),
            guide_change(replace(retitled, title="Écoles"), retitled),
        ),
        withdrawn=(withdrawn_guide(replace(POOL, id="stade")),),
        unchanged=0,
    )

    assert touched_guides(difference) == {"patinoire", "piscine", "ecole", "stade"}


def test_a_reply_is_the_guide_quoted_first_with_its_sentences() -> None:
    assert reply_of(a_turn(outcome=ANSWERED)) == Reply(
        "answered",
        "stationnement",
        "Stationnement résidentiel",
        ("La carte coûte 42 € par an.",),
    )
    assert reply_of(a_turn(outcome=Unsure())) == Reply("unsure")
    assert not reply_of(a_turn(outcome=NotCovered())).is_answer


def test_a_detail_asked_of_a_guide_counts_as_its_answer_with_the_options() -> None:
    detail = AskedDetail("cantine", "Cantine", "fr", (), ("mineur", "majeur"))

    assert reply_of(a_turn(outcome=detail)).sentences == ("mineur", "majeur")
    assert reply_of(a_turn(outcome=detail)).guide_id == "cantine"


def test_a_test_question_is_right_by_guide_and_words_whatever_their_blanks() -> None:
    expected = TownQuestion(
        question="?", language="fr", guide="stationnement", contains="42 € PAR AN"
    )
    reply = reply_of(a_turn(outcome=ANSWERED))

    assert expected.is_right(reply)
    assert not expected.model_copy(update={"contains": "43 €"}).is_right(reply)
    assert not expected.model_copy(update={"guide": "cantine"}).is_right(reply)
    assert not expected.is_right(Reply("unsure"))


def test_what_no_guide_may_answer_is_right_as_long_as_nothing_answers() -> None:
    nothing = TownQuestion(question="?", language="fr", guide=None)

    assert nothing.is_right(Reply("not_covered"))
    assert not nothing.is_right(reply_of(a_turn(outcome=ANSWERED)))
