"""Readers who ask without pause while editions go live, and look at what they are answered."""

from __future__ import annotations

import json
import logging
import os
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from civic_assistant.catalogue import Catalogue, open_catalogue
from civic_assistant.outcomes import Answered, outcome_name
from civic_assistant.turns import Question, Turn
from evals.publishing.versions import LANGUAGE, STANDING, marks_in

if TYPE_CHECKING:
    from civic_assistant.assembly import Product

Fault = Literal["mixed", "empty"]
_REST_SHARE = 2.0
"""A reader rests twice as long as an answer takes, on average: else readers take the processors."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader saw of one question: the edition, the version of its passages, or a fault.

    ``version`` is None when only the standing guide was quoted, or nothing.
    """

    at: float
    edition: int | None
    version: int | None
    fault: Fault | None = None
    note: str = ""


def read_until(
    environment: Mapping[str, str],
    questions: Sequence[str],
    checked: str | None,
    report: Path,
    stop: Path,
    seed: int,
) -> None:
    """Ask the questions by chance until the file ``stop`` is there; a line of ``report`` each.

    ``checked`` is a question that a verified answer stands for: it must be given whenever asked.
    """
    product = _opened(environment)
    editions = _Editions(open_catalogue(product.settings.index_folder))
    chance = random.Random(seed)
    asked = [*questions, checked] if checked is not None else list(questions)
    with report.open("a", encoding="utf-8", buffering=1) as lines:
        parent = os.getppid()
        while not stop.exists() and os.getppid() == parent:
            question, began = chance.choice(asked), time.monotonic()
            turn = product.assistant.answer(Question(question, page_language=LANGUAGE))
            seen = _seen(turn, editions, is_checked=question == checked)
            lines.write(json.dumps(asdict(seen), ensure_ascii=False) + "\n")
            time.sleep(chance.uniform(0, 2 * _REST_SHARE) * (time.monotonic() - began))


def note_answered(environment: Mapping[str, str], questions: Sequence[str], report: Path) -> None:
    """Write down which of the questions are answered from the live edition, as a JSON list."""
    assistant = _opened(environment, is_recording=False).assistant
    answered = [
        question
        for question in questions
        if isinstance(
            assistant.answer(Question(question, page_language=LANGUAGE)).outcome, Answered
        )
    ]
    report.write_text(json.dumps(answered, ensure_ascii=False), encoding="utf-8")


def reported(report: Path) -> Iterator[Seen]:
    """Yield what a reader wrote down so far; a line that is being written is left out."""
    if not report.exists():
        return
    for line in report.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            yield Seen(**json.loads(line))


def _opened(environment: Mapping[str, str], *, is_recording: bool = True) -> Product:
    os.environ.update(environment)
    logging.getLogger("civic_assistant").setLevel(logging.CRITICAL)
    from civic_assistant.assembly import assemble
    from civic_assistant.settings import load_settings

    return assemble(load_settings(embedding="light"), is_recording=is_recording)


class _Editions:
    """Which passages belong to which edition, read once each."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._places: dict[int, frozenset[str]] = {}

    def passages(self, number: int) -> frozenset[str]:
        if number not in self._places:
            places = self._catalogue.places(number)
            self._places[number] = frozenset(place.id for place in places)
        return self._places[number]


def _seen(turn: Turn, editions: _Editions, *, is_checked: bool) -> Seen:
    """Return what a turn shows: every passage of one edition, every mark of one version."""
    at, outcome = time.monotonic(), turn.outcome
    if not isinstance(outcome, Answered) or turn.edition is None:
        note = f"{turn.question!r} came to {outcome_name(outcome)} on edition {turn.edition}"
        return Seen(at, turn.edition, None, "empty", note)
    if is_checked and outcome.checked is None:
        note = f"{turn.question!r} did not get its verified answer on edition {turn.edition}"
        return Seen(at, turn.edition, None, "empty", note)
    held = editions.passages(turn.edition)
    found = [f.passage.id for f in turn.evidence.found] if turn.evidence is not None else []
    cited = [sentence.citation.passage_id for sentence in outcome.sentences]
    strangers = {id_ for id_ in (*found, *cited) if id_ not in held}
    versions = {version for s in outcome.sources for version, _ in marks_in(s.text)}
    unmarked = [
        s.guide_id for s in outcome.sources if s.guide_id != STANDING and not marks_in(s.text)
    ]
    note = ""
    if strangers or len(versions) > 1 or unmarked:
        note = (
            f"{turn.question!r} on edition {turn.edition}: versions {sorted(versions)}, "
            f"{len(strangers)} passages of another edition, unmarked {unmarked}"
        )
    return Seen(at, turn.edition, next(iter(versions), None), "mixed" if note else None, note)
