"""Turns to keep: one for every outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from civic_assistant.evidence import Evidence, Found, Verdict
from civic_assistant.guides import Passage
from civic_assistant.outcomes import (
    Answered,
    AnswerSentence,
    AskedDetail,
    Checked,
    Citation,
    CouldNotLook,
    HandedOff,
    NotCovered,
    Outcome,
    Refused,
    RelatedGuide,
    Signposted,
    SmallTalk,
    Source,
    Unsure,
)
from civic_assistant.turns import Turn

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
QUOTE = "La carte coûte 42 € par an."
SECTION = f"{QUOTE} Elle est gratuite la première année."
UNQUOTED = "Les chiens sont admis dans le parc s'ils sont tenus en laisse."

CARD = Passage("c" * 32, "parc", "fr", -1, 0, 0, "", "Parc municipal")
PASSAGE = Passage("a" * 32, "stationnement", "fr", 1, 0, len(SECTION), SECTION, "Stationnement")
OTHER = Passage("b" * 32, "parc", "fr", 0, 0, len(UNQUOTED), UNQUOTED, "Parc municipal")

ANSWERED = Answered(
    coverage="full",
    sentences=(
        AnswerSentence(
            QUOTE,
            "paragraph",
            Citation("stationnement", "fr", PASSAGE.id, QUOTE, 0, len(QUOTE), 3),
            source=0,
        ),
    ),
    sources=(
        Source(
            guide_id="stationnement",
            title="Stationnement résidentiel",
            language="fr",
            path=("Tarifs",),
            situation=("Vous habitez le centre",),
            text=SECTION,
            blocks=(("paragraph", 0, len(SECTION)),),
            marks=((0, len(QUOTE)),),
            department="Voirie",
            authority="Mairie",
            attribution="",
            address="https://www.vaubreuil.example/stationnement",
            anchor="tarifs",
            page=None,
            document="stationnement/fr.md",
            updated_on=date(2026, 1, 5),
            review_by=date(2026, 6, 1),
            is_overdue=True,
        ),
    ),
)
CHECKED = Checked(
    "v1", 2, "Elle coûte 42 €.", "fr", "Accueil", date(2026, 11, 3), "Combien coûte-t-elle ?", 0.9
)
RELATED = (RelatedGuide("parc", "Parc municipal", "fr", None, "Espaces verts", ""),)

OUTCOMES: tuple[Outcome, ...] = (
    ANSWERED,
    AskedDetail("parc", "Parc municipal", "fr", (), ("adulte", "enfant"), ANSWERED),
    NotCovered(RELATED),
    NotCovered(),
    NotCovered(reason="other_country"),
    replace(ANSWERED, signpost="distress"),
    replace(ANSWERED, coverage="verified", checked=CHECKED),
    Unsure(RELATED),
    HandedOff("asked"),
    Signposted("distress"),
    Refused("too_long"),
    SmallTalk("thanks"),
    CouldNotLook("E-4711"),
)


def a_turn(**changes: object) -> Turn:
    """Return an answered turn with the fields given."""
    turn = Turn(
        id="t-1",
        at=AT,
        conversation="conv-1",
        question="Combien coûte la carte de stationnement ?",
        language="fr",
        page_language="en",
        searched="prix carte de stationnement résident",
        outcome=ANSWERED,
        evidence=Evidence(
            question="prix carte de stationnement résident",
            language="fr",
            edition=3,
            found=(
                Found(PASSAGE, 0.912, 0.834, 1, 7.25, 2, 0.77),
                Found(OTHER, 0.401, dense=0.39, dense_rank=2),
                Found(CARD, float("nan"), keyword=0.5, keyword_rank=9),
            ),
            ranked=("stationnement", "parc"),
            totals={"stationnement": 2.5, "parc": 1.25},
        ),
        verdict=Verdict("answer", 0.93, 0.5, "close and corroborated", {"margin": 0.31}),
        edition=3,
        models={"embedding": "multilingual-e5-small", "mode": "light"},
        milliseconds={"retrieve": 21.5, "write": 3.25},
    )
    return replace(turn, **changes)  # type: ignore[arg-type]
