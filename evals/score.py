"""From a recorded run to a row of numbers a question: the run alone is read, nothing is asked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.measures import SHOWN_NEVER, Floats
from evals.plain_text import plain
from evals.questions import SetQuestion
from evals.ranking import MEASURES, rank_measures
from evals.readability import readability
from evals.run import LEADS_ON, Given, Run, Shown

_NUMBER = re.compile(r"\d+")
NOT_APPLICABLE = float("nan")


@dataclass(frozen=True, slots=True)
class Scored:
    """Questions as columns: ``columns`` holds numbers, ``labels`` what groups them.

    ``ids`` are ``set/question``; ``prints`` change with the question or what it expects, so that
    two runs are compared only where they were asked the same. NaN: does not apply.
    """

    ids: tuple[str, ...]
    prints: tuple[str, ...]
    columns: Mapping[str, Floats]
    labels: Mapping[str, NDArray[np.str_]]

    def __len__(self) -> int:
        return len(self.ids)

    def where(self, mask: NDArray[np.bool_]) -> Scored:
        """Return the questions that the mask picks."""
        chosen = np.flatnonzero(mask)
        return Scored(
            ids=tuple(self.ids[n] for n in chosen),
            prints=tuple(self.prints[n] for n in chosen),
            columns={name: column[chosen] for name, column in self.columns.items()},
            labels={name: label[chosen] for name, label in self.labels.items()},
        )

    def strata(self) -> NDArray[np.str_]:
        """Return the stratum of each question: whether it can be answered, and its label."""
        answerable = self.columns["answerable"].astype(int).astype(str)
        return np.strings.add(self.labels["stratum"], answerable)


def score(runs: Sequence[Run]) -> Scored:
    """Return the questions of several runs in one table."""
    rows = [(run.manifest.set_name, asked, given) for run in runs for asked, given in _pairs(run)]
    places = {f"{name}/{asked.id}": (asked, given) for name, asked, given in rows}
    kinds = sorted({asked.kind for _, asked, _ in rows})
    names = (*_COLUMNS, *(f"is_{kind}" for kind in kinds))
    columns: dict[str, list[float]] = {name: [] for name in names}
    for asked, given in places.values():
        facts = _facts(asked, given)
        for name in _COLUMNS:
            columns[name].append(facts[name])
        for kind in kinds:
            columns[f"is_{kind}"].append(float(asked.kind == kind))
    arrays = {name: np.asarray(values, dtype=np.float64) for name, values in columns.items()}
    return Scored(
        ids=tuple(places),
        prints=tuple(_print_of(asked) for asked, _ in places.values()),
        columns=arrays | _rankings(places),
        labels={
            "stratum": np.array(["" for _ in rows]),
            "language": np.array([asked.language for _, asked, _ in rows]),
            "kind": np.array([asked.kind for _, asked, _ in rows]),
            "register": np.array([asked.register_ for _, asked, _ in rows]),
            "outcome": np.array([given.outcome for _, _, given in rows]),
        },
    )


_COLUMNS = (
    "answerable", "unanswerable", "answered", "led_on", "asked", "abstained", "wrong", "promised",
    "score", "first_right", "place_cited", "sentence_precision", "sentence_recall", "citations",
    "citations_invalid", "figures_unsupported", "language_right", "outcome_right",
    "words", "lix", "long_sentences", "worded_words", "worded_lix", "worded_long_sentences",
    "plain_words", "plain_lix", "plain_long_sentences",
)  # fmt: skip


def _facts(asked: SetQuestion, given: Given) -> dict[str, float]:
    """Return the columns of one question but the rankings'."""
    is_answered = given.outcome == "answered"
    is_answerable = asked.is_answerable
    is_accepted = not is_answerable and _is_accepted(asked, given)
    precision, recall = sentence_measures(asked, given)
    return {
        "answerable": float(is_answerable),
        "unanswerable": float(not is_answerable),
        "answered": float(is_answered),
        "led_on": float(given.outcome in LEADS_ON),
        "asked": float(given.outcome == "asked_detail"),
        "abstained": float(given.outcome not in LEADS_ON or is_accepted),
        "wrong": float(not _is_right(asked, given)) if is_answered else NOT_APPLICABLE,
        "promised": 1 - given.confidence if is_answered else NOT_APPLICABLE,
        "score": given.confidence if given.is_gated else SHOWN_NEVER,
        "first_right": float(given.ranked[:1] != () and given.ranked[0] in asked.guides),
        "place_cited": _place_cited(asked, given),
        "sentence_precision": precision,
        "sentence_recall": recall,
        "citations": float(len(given.shown)),
        "citations_invalid": float(sum(not is_quoted(s) for s in given.shown)),
        "figures_unsupported": float(sum(map(unsupported_figures, given.shown))),
        "language_right": (
            NOT_APPLICABLE if asked.kind == "gibberish" else float(asked.language == given.language)
        ),
        "outcome_right": NOT_APPLICABLE if is_answerable else float(is_accepted),
        **_readability("", *_quoted(given)),
        **_readability("worded_", given.worded, given.language),
        **_readability("plain_", given.plain, given.language),
    }


def _quoted(given: Given) -> tuple[Sequence[str], str]:
    """Return the guide's own sentences of an answer, and their language."""
    if given.outcome != "answered" or not given.shown:
        return (), ""
    return [sentence.text for sentence in given.shown], given.shown[0].language


def _readability(prefix: str, texts: Sequence[str], language: str) -> dict[str, float]:
    """Return how an answer reads; of runs that did not say its language, nothing."""
    read = readability(texts, language) if language else None
    long_sentences = None if read is None else read.long_sentences
    return {
        f"{prefix}words": NOT_APPLICABLE if read is None else read.words,
        f"{prefix}lix": NOT_APPLICABLE if read is None else read.lix,
        f"{prefix}long_sentences": NOT_APPLICABLE if long_sentences is None else long_sentences,
    }


def sentence_measures(asked: SetQuestion, given: Given) -> tuple[float, float]:
    """Return precision and recall of the sentences shown, of a question with expected lines.

    A sentence is right when it stands in an expected line or holds one; an expected line is found
    when a right sentence meets it. As in OMoS-QA's paper, precision is 1 where nothing is shown.
    """
    if not asked.lines:
        return NOT_APPLICABLE, NOT_APPLICABLE
    if given.outcome != "answered":
        return 1.0, 0.0
    if given.guide not in asked.guides:
        return 0.0, 0.0
    if not given.lines_held:  # the version shown has no expected line: nothing can be said
        return NOT_APPLICABLE, NOT_APPLICABLE
    shown = [plain(sentence.text) for sentence in given.shown]
    wanted = [plain(line) for line in given.lines_held]
    right = sum(any(_meet(text, line) for line in wanted) for text in shown)
    found = sum(any(_meet(text, line) for text in shown) for line in wanted)
    return right / len(shown), found / len(wanted)


def is_quoted(shown: Shown) -> bool:
    """Whether a quote is the sentence shown and stands in the edition at its offsets."""
    if shown.held is None or not 0 <= shown.start < shown.end <= len(shown.held):
        return False
    quote = plain(shown.quote)
    return plain(shown.held[shown.start : shown.end]) == quote == plain(shown.text)


def unsupported_figures(shown: Shown) -> int:
    """Return how many numbers of a sentence do not stand, as whole numbers, in its passage."""
    held = set(_NUMBER.findall(shown.held or ""))
    return sum(number not in held for number in _NUMBER.findall(shown.text))


def _is_right(asked: SetQuestion, given: Given) -> bool:
    """Whether an answer is from a right guide and, where lines are expected, quotes one."""
    if given.guide not in asked.guides:
        return False
    return sentence_measures(asked, given)[1] != 0.0


def _place_cited(asked: SetQuestion, given: Given) -> float:
    if given.outcome != "answered" or not asked.sections or given.guide not in asked.guides:
        return NOT_APPLICABLE
    cited = [heading.casefold() for heading in given.cited]
    return float(any(wanted.casefold() in c for wanted in asked.sections for c in cited))


def _is_accepted(asked: SetQuestion, given: Given) -> bool:
    if not asked.accepts:
        return given.outcome not in ("answered", "could_not_look")
    return bool({given.outcome, f"{given.outcome}:{given.detail}"} & set(asked.accepts))


def baselines_of(answers: Sequence[Given]) -> list[str]:
    """Return the baselines that ranked every one of the questions."""
    names = [frozenset(given.rankings) for given in answers]
    return sorted(frozenset.intersection(*names)) if names else []


def _meet(one: str, other: str) -> bool:
    return one in other or other in one


def _pairs(run: Run) -> list[tuple[SetQuestion, Given]]:
    by_id = {given.id: given for given in run.answers}
    return [(asked, by_id[asked.id]) for asked in run.questions if asked.id in by_id]


def _print_of(asked: SetQuestion) -> str:
    return hashlib.sha256(asked.model_dump_json().encode()).hexdigest()[:8]


def _rankings(places: Mapping[str, tuple[SetQuestion, Given]]) -> dict[str, Floats]:
    """Return the product's and each baseline's rank measures as columns (``bm25.recall_1``)."""
    right = {id_: asked.guides for id_, (asked, _) in places.items() if asked.is_answerable}
    ranked = {"": {id_: given.ranked for id_, (_, given) in places.items()}}
    for name in baselines_of([given for _, given in places.values()]):
        ranked[f"{name}."] = {id_: given.rankings[name] for id_, (_, given) in places.items()}
    columns = {}
    for prefix, rankings in ranked.items():
        values = rank_measures(right, rankings)
        for measure in MEASURES:
            columns[f"{prefix}{measure}"] = np.array(
                [values[id_][measure] if id_ in values else NOT_APPLICABLE for id_ in places]
            )
    return columns
