"""Kept on SQLite and PostgreSQL alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from civic_assistant.errors import AnswerMoved, RecordMissing
from civic_assistant.verified.answers import Proposal, Support, VerifiedAnswer, Wording
from civic_assistant.verified.store import VerifiedAnswers
from tests.verified.conftest import NOW

SUPPORT = Support("a" * 32, "marche", "fr", "Marché", "Tarifs", "L'emplacement coûte 12 €.", 3)
PROPOSAL = Proposal(
    "Douze euros.",
    "fr",
    (Wording("Combien coûte un emplacement ?", "fr"), Wording("How much is a stall?", "en")),
    (SUPPORT,),
    date(2027, 1, 31),
)


def made(kept: VerifiedAnswers, proposal: Proposal = PROPOSAL) -> VerifiedAnswer:
    return kept.make(proposal, desk="Accueil", author="Awa D.", has_doubts=False, now=NOW)


def renewed(kept: VerifiedAnswers, answer: VerifiedAnswer, text: str = "Treize.") -> VerifiedAnswer:
    return kept.renew(
        answer.id,
        answer.version,
        replace(PROPOSAL, text=text),
        desk="Accueil",
        author="Bo",
        has_doubts=True,
        now=NOW + timedelta(days=1),
    )


def test_what_is_made_is_read_again_as_it_was(engine: Engine) -> None:
    kept = VerifiedAnswers(engine)
    answer = made(kept)
    assert kept.answer(answer.id) == answer
    assert (answer.state, answer.version, answer.offered) == ("live", 1, 0)
    assert (answer.wordings, answer.supports) == (PROPOSAL.wordings, PROPOSAL.supports)
    assert kept.live_versions() == {answer.id: 1}
    assert [(e.kind, e.by) for e in kept.history(answer.id)] == [("made", "Awa D.")]


def test_a_suspension_is_recorded_once_whoever_finds_it(engine: Engine) -> None:
    kept = VerifiedAnswers(engine)
    answer = made(kept)
    with ThreadPoolExecutor(4) as threads:
        first = list(
            threads.map(lambda _: kept.suspend(answer, "changed", "a" * 32, NOW), range(4))
        )
    assert sorted(first) == [False, False, False, True]
    assert [(e.kind, e.reason) for e in kept.history(answer.id)][1:] == [("suspended", "changed")]
    assert kept.counts() == {"suspended": 1}


def test_a_renewal_is_the_next_version_and_keeps_what_was_said(engine: Engine) -> None:
    kept = VerifiedAnswers(engine)
    answer = made(kept)
    kept.suspend(answer, "changed", "a" * 32, NOW)
    again = renewed(kept, answer)
    assert (again.state, again.version, again.text, again.has_doubts) == (
        "live",
        2,
        "Treize.",
        True,
    )
    last = kept.history(answer.id)[-1]
    assert (last.kind, last.by, last.text_before) == ("renewed", "Bo", "Douze euros.")
    assert last.quotes_before == (SUPPORT.quote,)


def test_of_two_who_renew_one_is_told_that_it_moved(engine: Engine) -> None:
    kept = VerifiedAnswers(engine)
    answer = made(kept)
    renewed(kept, answer)
    with pytest.raises(AnswerMoved):
        renewed(kept, answer, "Quatorze.")
    assert kept.answer(answer.id).text == "Treize."


def test_what_is_withdrawn_never_comes_back(engine: Engine) -> None:
    kept = VerifiedAnswers(engine)
    answer = made(kept)
    kept.withdraw(answer.id, by="Awa D.", now=NOW)
    assert kept.live_versions() == {}
    assert not kept.suspend(answer, "ended", None, NOW)
    for move in (lambda: kept.withdraw(answer.id, by="Bo", now=NOW), lambda: renewed(kept, answer)):
        with pytest.raises(AnswerMoved):
            move()


def test_offers_are_counted(engine: Engine) -> None:
    kept = VerifiedAnswers(engine)
    answer = made(kept)
    for _ in range(3):
        kept.count_offer(answer.id, NOW)
    assert (kept.answer(answer.id).offered, kept.answer(answer.id).offered_at) == (3, NOW)


def test_an_answer_that_nobody_made_is_missing(engine: Engine) -> None:
    with pytest.raises(RecordMissing):
        VerifiedAnswers(engine).answer("nothing")
