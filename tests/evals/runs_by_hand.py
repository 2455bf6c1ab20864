"""Small runs that a test can read at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from evals.pinned import Manifest
from evals.questions import SetQuestion
from evals.run import Given, Run, Shown

PASSAGE = "Le repas coûte 4,10 €. L'inscription se fait en mairie avant le 15 mai."


def asked(
    number: int,
    *guides: str,
    language: str = "fr",
    kind: str = "procedure",
    lines: Sequence[str] = (),
    accepts: Sequence[str] = (),
) -> SetQuestion:
    return SetQuestion.model_validate(
        {
            "id": f"q{number}",
            "language": language,
            "question": f"Question secrète {number} ?",
            "kind": kind,
            "guides": guides,
            "lines": lines,
            "accepts": accepts,
        }
    )


def shown(text: str = "Le repas coûte 4,10 €.", *, held: str | None = PASSAGE) -> Shown:
    start = PASSAGE.find(text)
    end = start + len(text)
    return Shown(text=text, quote=text, guide="a", start=start, end=end, held=held, language="fr")


def given(
    number: int,
    outcome: str = "answered",
    *ranked: str,
    confidence: float = 0.5,
    detail: str = "",
    is_gated: bool = True,
    sentences: Sequence[Shown] = (),
    lines_held: Sequence[str] = (),
) -> Given:
    return Given(
        id=f"q{number}",
        outcome=outcome,
        detail=detail,
        language="fr",
        ranked=ranked,
        guide=ranked[0] if outcome == "answered" else None,
        cited=(),
        shown=tuple(sentences),
        lines_held=tuple(lines_held),
        confidence=confidence,
        is_gated=is_gated,
        signals={},
        milliseconds={"read": 1.0},
        processor_milliseconds={"read": 0.5},
        rankings={"bm25": ranked[::-1]},
    )


def run_of(
    pairs: Sequence[tuple[SetQuestion, Given]],
    *,
    is_kept_aside: bool = False,
    pool: str = "by-hand",
) -> Run:
    manifest = Manifest(
        set_name=f"{pool}-set",
        pool=pool,
        corpus="town",
        is_kept_aside=is_kept_aside,
        asked_on=date(2026, 11, 22),
        began_at=datetime(2026, 11, 22, tzinfo=UTC),
        edition=1,
        edition_digest="0" * 16,
        guides=2,
        passages=3,
        embedding="tiny/light@0",
        gate="1",
        commit="abc",
        settings={"embedding": "light"},
    )
    return Run(
        manifest=manifest,
        questions=tuple(question for question, _ in pairs),
        answers=tuple(answer for _, answer in pairs),
    )


def many(wrong_first: Sequence[int] = ()) -> Run:
    """Return 40 answered questions of guide ``a`` and 20 refused ones that nothing answers."""
    pairs = []
    for number in range(40):
        ranked = ("b", "a") if number in wrong_first else ("a", "b")
        answer = given(number, "answered", *ranked, confidence=0.9 - number / 100)
        pairs.append((asked(number, "a"), answer))
    for number in range(40, 60):
        answer = given(number, "unsure", "b", confidence=0.3 - number / 1000)
        pairs.append((asked(number, kind="uncovered"), answer))
    return run_of(pairs)
