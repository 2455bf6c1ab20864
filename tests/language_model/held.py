"""A guide of two sections as an edition, without an index: what sentences are held against."""

from __future__ import annotations

from datetime import date

from civic_assistant.catalogue import GuideEntry
from civic_assistant.guides import Passage
from civic_assistant.index import LiveEdition
from civic_assistant.keywords import KeywordIndex
from civic_assistant.language_model.checked import Judgement, Rules, judge
from civic_assistant.language_model.written import (
    Claimed,
    GivenAnswer,
    GivenQuote,
    GivenSentence,
)

TODAY = date(2026, 11, 22)
FEES = (
    "La carte de stationnement coûte 30 € par an.\n"
    "Elle n'est pas remboursée, sauf en cas de déménagement.\n"
    "La demande est traitée sous 15 jours ouvrés."
)
DESK = "Le guichet est ouvert du lundi au vendredi, de 9 h à 12 h. Téléphone : 03 53 01 20 00."
FEE = "La carte de stationnement coûte 30 € par an."
REFUND = "Elle n'est pas remboursée, sauf en cas de déménagement."
DELAY = "La demande est traitée sous 15 jours ouvrés."
HOURS = "Le guichet est ouvert du lundi au vendredi, de 9 h à 12 h."


def passage(number: int, text: str) -> Passage:
    return Passage(f"p{number}", "parking", "fr", number, 0, len(text), text, "Stationnement")


PASSAGES = {"p0": passage(0, FEES), "p1": passage(1, DESK)}
ENTRY = GuideEntry("d", "parking", "fr", "town", "parking/fr.md", "Stationnement", None, None)
LIVE = LiveEdition(
    1, {"p0": "d", "p1": "d"}, {"d": ENTRY}, {"parking": {"fr": ENTRY}}, KeywordIndex({})
)
RULES = Rules(PASSAGES, LIVE, TODAY, None)


def said(text: str, *quotes: str, passage_id: str | None = None) -> GivenSentence:
    """Return a sentence with quotes, each of the passage that has it, or of the one named."""
    given = []
    for quote in quotes:
        holder = next((id_ for id_, p in PASSAGES.items() if quote in p.text), "p0")
        given.append(GivenQuote(passage_id or holder, quote))
    return GivenSentence(text, tuple(given))


def judged(
    *sentences: GivenSentence, language: str = "fr", claimed: Claimed = "complete"
) -> Judgement:
    return judge(GivenAnswer(claimed, sentences), language, RULES)
