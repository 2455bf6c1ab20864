"""OMoS-QA: which sentences of a given municipal page answer a question, if any.

Kleinle, Prange & Friedrich, KONVENS 2024, https://aclanthology.org/2024.konvens-main.25/; measured
as in the paper.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError
from tqdm import tqdm

from civic_assistant.errors import SourceError
from evals import measures as m
from evals.bootstrap import Statistic
from evals.figures import Measure
from evals.measures import Columns, Floats
from evals.score import Scored

POOL = "omos-qa"
RUN = "omos-qa.json"
LANGUAGES = ("de", "en", "fr", "ar", "uk")
BY_PEOPLE = ("de", "en")
"""The languages people wrote or corrected; the others are machine-translated."""
SENTENCE_AIM, NO_ANSWER_AIM = 0.65, 0.73
TRANSLATED_SLACK = 0.05

SentenceChooser = Callable[[str, str, Sequence[str]], Sequence[int]]
"""(question, its language, the page's sentences) → positions of the answer's; none: no answer."""


class PageQuestion(BaseModel):
    """A question on one page; ``answers`` are positions in `sentences`, empty: not answered."""

    model_config = ConfigDict(frozen=True)

    id: int
    question: str
    answers: tuple[int, ...]
    context: str
    language: str

    @property
    def sentences(self) -> list[str]:
        """The page's sentences, as the data set cuts them."""
        return self.context.split("\n")


def read_omos(folder: Path, split: str = "dev") -> list[PageQuestion]:
    """Read ``<split>_<language>.jsonl.gz`` of every language there.

    Raises:
        SourceError: the folder holds none, or a line is wrong.
    """
    questions = []
    for path in (folder / f"{split}_{language}.jsonl.gz" for language in LANGUAGES):
        if not path.is_file():
            continue
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    questions.append(PageQuestion.model_validate_json(line))
                except ValidationError as error:
                    raise SourceError(f"{path.name}, line {number}: {error}") from error
    if not questions:
        raise SourceError(f"{str(folder)!r} holds no {split}_<language>.jsonl.gz of OMoS-QA")
    return questions


class Chosen(BaseModel):
    """What was chosen for one question, without the page's text: all that scoring needs."""

    model_config = ConfigDict(frozen=True)

    id: str
    language: str
    digest: str
    gold: frozenset[int]
    chosen: frozenset[int]


class OmosRun(BaseModel):
    """Every question's chosen sentences, and what they were chosen with."""

    model_config = ConfigDict(frozen=True)

    mode: str
    made_of: dict[str, str]
    answers: tuple[Chosen, ...]


def ask_pages(questions: Sequence[PageQuestion], choose: SentenceChooser) -> tuple[Chosen, ...]:
    """Return what ``choose`` gives for each question."""
    return tuple(
        Chosen(
            id=f"{asked.language}/{asked.id}",
            language=asked.language,
            digest=hashlib.sha256(asked.model_dump_json().encode()).hexdigest()[:8],
            gold=frozenset(asked.answers),
            chosen=frozenset(choose(asked.question, asked.language, asked.sentences)),
        )
        for asked in tqdm(questions, desc=POOL, leave=False, disable=None)
    )


def write_omos_run(folder: Path, run: OmosRun) -> None:
    """Write ``omos-qa.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / RUN).write_text(run.model_dump_json() + "\n", encoding="utf-8")


def read_omos_run(folder: Path) -> OmosRun | None:
    """Read what `write_omos_run` wrote, or None."""
    path = folder / RUN
    if not path.is_file():
        return None
    return OmosRun.model_validate_json(path.read_text(encoding="utf-8"))


def score_omos(answers: Sequence[Chosen]) -> Scored:
    """Return the questions as columns: precision, recall, and the two kinds of *no answer*.

    Precision is 1 where nothing is chosen, recall 1 where the page does not answer.
    """
    rows = [_measured(answer.gold, answer.chosen) for answer in answers]
    columns = dict(zip(_COLUMNS, np.array(rows, dtype=np.float64).T, strict=True))
    spoken = np.array([answer.language for answer in answers])
    columns |= {f"is_{lang}": (spoken == lang).astype(float) for lang in set(spoken.tolist())}
    return Scored(
        ids=tuple(answer.id for answer in answers),
        prints=tuple(answer.digest for answer in answers),
        columns=columns,
        labels={"stratum": spoken, "language": spoken},
    )


_COLUMNS = ("precision", "recall", "chosen_none", "unanswerable", "answerable")


def _measured(gold: frozenset[int], chosen: frozenset[int]) -> tuple[float, ...]:
    both = len(gold & chosen)
    return (
        both / len(chosen) if chosen else 1.0,
        both / len(gold) if gold else 1.0,
        float(not chosen),
        float(not gold),
        float(bool(gold)),
    )


def omos_measures(scored: Scored) -> Iterator[Measure]:
    """Yield sentence and no-answer measures of each language; *no answer* is the positive class."""
    for language in LANGUAGES:
        if f"is_{language}" not in scored.columns:
            continue
        slack = 0.0 if language in BY_PEOPLE else TRANSLATED_SLACK
        for key, label, statistic, aim in _MEASURES:
            yield Measure(
                key=f"{language}.{key}",
                label=f"{language}: {label}",
                section="answering" if key.startswith("sentence") else "refusing",
                statistic=_spoken(language, statistic),
                counts=f"is_{language}",
                aim=None if aim is None else round(aim - slack, 2),
            )


def _spoken(language: str, statistic: Statistic) -> Statistic:
    """Return the statistic over the questions of one language.

    Each language is a stratum, so that every resample holds equally many of it, in one order.
    """

    def of_language(columns: Columns) -> Floats:
        spoken = columns[f"is_{language}"] == 1
        count = int(spoken.reshape(-1, spoken.shape[-1])[0].sum())
        shape = (*spoken.shape[:-1], count)
        return statistic({name: columns[name][spoken].reshape(shape) for name in _COLUMNS})

    return of_language


def _sentence_f1(columns: Columns) -> Floats:
    return m.f1(m.mean(columns["precision"]), m.mean(columns["recall"]))


_MEASURES: tuple[tuple[str, str, Statistic, float | None], ...] = (
    ("sentence_precision", "sentence precision", lambda c: m.mean(c["precision"]), None),
    ("sentence_recall", "sentence recall", lambda c: m.mean(c["recall"]), None),
    ("sentence_f1", "sentence F1", _sentence_f1, SENTENCE_AIM),
    (
        "no_answer_precision",
        "no-answer precision",
        lambda c: m.precision_of(c["chosen_none"], c["unanswerable"]),
        None,
    ),
    (
        "no_answer_recall",
        "no-answer recall",
        lambda c: m.recall_of(c["chosen_none"], c["unanswerable"]),
        None,
    ),
    (
        "no_answer_f1",
        "no-answer F1",
        lambda c: m.f1_of(c["chosen_none"], c["unanswerable"]),
        NO_ANSWER_AIM,
    ),
)
