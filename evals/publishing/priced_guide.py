"""A guide of the town that names an amount, the question about it, and the amount raised."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ingest.reviewing.town_questions import load_questions

_AMOUNT = re.compile(r"\d+(?:,\d+)?\s*€")


@dataclass(frozen=True, slots=True)
class PricedGuide:
    """A guide that says an amount (``86 €``), and a question whose answer is that amount.

    ``document`` is its Markdown file below the corpus; ``raised`` the amount that it says once it
    was changed, which stood nowhere in it.
    """

    guide: str
    question: str
    document: str
    amount: str
    raised: str

    def is_said(self, text: str) -> bool:
        """Whether the amount stands in a text."""
        return bool(_standing(self.amount).search(text))

    def is_raised_said(self, text: str) -> bool:
        """Whether the raised amount stands in a text."""
        return bool(_standing(self.raised).search(text))

    def raise_in(self, corpus: Path) -> None:
        """Write the raised amount into the document of a copy of the corpus."""
        path = corpus / self.document
        text = path.read_text(encoding="utf-8")
        path.write_text(_standing(self.amount).sub(self.raised, text), encoding="utf-8")


def priced_guides(corpus: Path) -> list[PricedGuide]:
    """Return what the town's test questions ask for amounts of guides that are Markdown."""
    found = []
    for question in load_questions(corpus):
        amount = question.contains or ""
        document = f"{question.guide}/{question.language}.md"
        if not _AMOUNT.fullmatch(amount) or not (corpus / document).is_file():
            continue
        text = (corpus / document).read_text(encoding="utf-8")
        raised = _raised(amount, text)
        if question.guide and _standing(amount).search(text):
            found.append(PricedGuide(question.guide, question.question, document, amount, raised))
    return found


def _raised(amount: str, text: str) -> str:
    raised = amount
    while raised == amount or _standing(raised).search(text):
        raised = re.sub(r"^\d+", lambda found: str(int(found[0]) + 1), raised)
    return raised


def _standing(amount: str) -> re.Pattern[str]:
    """Return what finds an amount, whatever white space it is written with."""
    number = re.escape(amount.removesuffix("€").strip())
    return re.compile(rf"(?<![\d,.])(?<!\d\s){number}\s*€")
