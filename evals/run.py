"""Asking a question set and keeping what came of it, so that it can be scored again and again."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict
from tqdm import tqdm

from civic_assistant.gate import TOWN
from civic_assistant.outcomes import Answered, AskedDetail, outcome_name
from civic_assistant.turns import Plainer, Question, Turn
from evals.pinned import Manifest, manifest_of
from evals.plain_text import plain
from evals.questions import QuestionSet, SetQuestion

if TYPE_CHECKING:
    from civic_assistant.assembly import Product
    from civic_assistant.index import Index, LiveEdition
    from evals.baselines import Baselines

RANKED = 10
"""Guides kept of each ranking, as many as any measure looks at."""
LEADS_ON = frozenset({"answered", "asked_detail"})
"""Outcomes that go on with the question; with every other the assistant abstains."""


class Shown(BaseModel):
    """One sentence shown, its quote, and ``held``: the cited passage as the edition holds it.

    ``held`` is None where the edition has no such passage; ``language`` is the quote's.
    """

    model_config = ConfigDict(frozen=True)

    text: str
    quote: str
    guide: str
    start: int
    end: int
    held: str | None
    language: str = ""


class Given(BaseModel):
    """What the assistant gave for one question.

    ``detail`` is the outcome's topic, reason or kind; ``guide`` the one quoted, or whose detail was
    asked. ``cited`` are headings and situations of the
    cited sections; ``lines_held`` are those expected lines that stand in the version shown, as
    only these could be quoted. ``rankings`` are the guides as each baseline ranks them.
    ``is_gated`` says that the gate's threshold alone decided: no screen or check overruled it;
    ``source`` is that of the guide it judged. ``worded`` are the sentences that a language model
    wrote instead, ``plain`` those in plain language; empty without one, or where it was not shown.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    outcome: str
    detail: str = ""
    language: str
    ranked: tuple[str, ...]
    guide: str | None
    cited: tuple[str, ...]
    shown: tuple[Shown, ...] = ()
    lines_held: tuple[str, ...] = ()
    confidence: float
    is_gated: bool = True
    source: str = TOWN
    signals: dict[str, float]
    milliseconds: dict[str, float]
    processor_milliseconds: dict[str, float] = {}
    rankings: dict[str, tuple[str, ...]] = {}
    worded: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()


class Run(BaseModel):
    """A set's answers with what they were made of; ``questions`` are the set as it was asked."""

    model_config = ConfigDict(frozen=True)

    manifest: Manifest
    questions: tuple[SetQuestion, ...]
    answers: tuple[Given, ...]


def ask_set(asked: QuestionSet, product: Product, baselines: Baselines | None) -> Run:
    """Ask every question of a set, in order, on the product's live edition."""
    live = product.index.live()
    models: Mapping[str, str] = {}
    answers, began = [], time.monotonic()
    for question, turn in _turns(asked, product):
        searched = turn.searched or question.question
        rankings = {} if baselines is None else baselines.rank(searched, turn.language)
        answer = given(question, turn, product.index, live, rankings)
        answers.append(answer.model_copy(update=_in_other_words(question, turn, product)))
        models = turn.models
    manifest = manifest_of(
        asked, live, product.settings, models.get("embedding", ""), models.get("gate", "")
    )
    update = {
        "stale": tuple(_stale(asked, product.index, live)),
        "seconds": round(time.monotonic() - began, 1),
    }
    return Run(
        manifest=manifest.model_copy(update=update),
        questions=asked.questions,
        answers=tuple(answers),
    )


def _turns(asked: QuestionSet, product: Product) -> Iterator[tuple[SetQuestion, Turn]]:
    for question in tqdm(asked.questions, desc=asked.name, leave=False, disable=None):
        turn = product.assistant.answer(Question(question.question, history=question.history))
        yield question, turn


def _in_other_words(asked: SetQuestion, turn: Turn, product: Product) -> dict[str, tuple[str, ...]]:
    """Return an answer as a language model words it, and in plain language, where there is one."""
    if not product.settings.language_models or not isinstance(turn.outcome, Answered):
        return {}
    question = Question(asked.question, history=asked.history, is_worded=True)
    said = Plainer(turn.id, tuple(sentence.text for sentence in turn.outcome.sentences))
    plainly = replace(question, searched=turn.searched, plainer=said)
    return {
        name: _models_words(product.assistant.answer(wanted))
        for name, wanted in (("worded", question), ("plain", plainly))
    }


def _models_words(turn: Turn) -> tuple[str, ...]:
    answered = turn.outcome
    if not isinstance(answered, Answered) or answered.author != "model":
        return ()
    return tuple(sentence.text for sentence in answered.sentences)


def given(
    asked: SetQuestion,
    turn: Turn,
    index: Index,
    live: LiveEdition,
    rankings: Mapping[str, tuple[str, ...]],
) -> Given:
    """Return what is kept of a turn; cited passages are read from the edition anew."""
    answered, guide = _answer_of(turn)
    outcome = outcome_name(turn.outcome)
    cited = [h for s in (answered.sources if answered else ()) for h in (*s.path, *s.situation)]
    verdict = turn.verdict
    return Given(
        id=asked.id,
        outcome=outcome,
        detail=_detail(turn.outcome),
        language=turn.language,
        ranked=turn.evidence.ranked[:RANKED] if turn.evidence else (),
        guide=guide,
        cited=tuple(cited),
        shown=_shown(answered, index, live) if answered else (),
        lines_held=_lines_held(asked, answered, index, live) if answered else (),
        confidence=verdict.confidence if verdict else 0.0,
        is_gated=verdict is not None
        and (verdict.confidence < verdict.threshold or outcome in LEADS_ON),
        source=verdict.source if verdict else TOWN,
        signals=dict(verdict.signals) if verdict else {},
        milliseconds=dict(turn.milliseconds),
        processor_milliseconds=dict(turn.processor_milliseconds),
        rankings=dict(rankings),
    )


def _answer_of(turn: Turn) -> tuple[Answered | None, str | None]:
    """Return what was quoted, and the guide it is from or that a detail was asked for."""
    match turn.outcome:
        case Answered() as answered:
            return answered, answered.sources[0].guide_id
        case AskedDetail() as detail:
            return detail.common, detail.guide_id
        case _:
            return None, None


def _detail(outcome: object) -> str:
    for name in ("topic", "reason", "kind", "coverage"):
        if isinstance(value := getattr(outcome, name, None), str):
            return value
    return ""


def _shown(answered: Answered, index: Index, live: LiveEdition) -> tuple[Shown, ...]:
    ids = {s.citation.passage_id for s in answered.sentences}
    held = index.passages([id_ for id_ in ids if id_ in live.places], live)
    return tuple(
        Shown(
            text=sentence.text,
            quote=sentence.citation.quote,
            guide=sentence.citation.guide_id,
            start=sentence.citation.start,
            end=sentence.citation.end,
            held=held[id_].text if (id_ := sentence.citation.passage_id) in held else None,
            language=sentence.citation.language,
        )
        for sentence in answered.sentences
    )


def _lines_held(
    asked: SetQuestion, answered: Answered, index: Index, live: LiveEdition
) -> tuple[str, ...]:
    source = answered.sources[0]
    if source.guide_id not in asked.guides:
        return asked.lines
    text = _text_of(index, live, source.guide_id, source.language)
    return tuple(line for line in asked.lines if plain(line) in text)


def _text_of(index: Index, live: LiveEdition, guide_id: str, language: str) -> str:
    entry = live.versions[guide_id].get(language)
    if entry is None:
        return ""
    return plain("\n".join(section.text for section in index.guide(entry.digest).sections))


def _stale(asked: QuestionSet, index: Index, live: LiveEdition) -> Iterator[str]:
    """Yield what a set expects and the edition does not hold: then the set is out of date."""
    for question in asked.questions:
        there = [guide for guide in question.guides if guide in live.versions]
        for guide in sorted(set(question.guides) - set(there)):
            yield f"{question.id}: no guide {guide!r}"
        texts = [_text_of(index, live, g, lang) for g in there for lang in live.versions[g]]
        for number, line in enumerate(question.lines, 1):
            if there and not any(plain(line) in text for text in texts):
                yield f"{question.id}: line {number} stands in none of its guides"


def write_run(folder: Path, run: Run) -> None:
    """Write ``<set>.jsonl`` (answers), ``<set>.questions.jsonl`` and ``<set>.manifest.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    name = run.manifest.set_name
    for suffix, rows in ((".jsonl", run.answers), (".questions.jsonl", run.questions)):
        lines = [row.model_dump_json(by_alias=True) + "\n" for row in rows]
        (folder / f"{name}{suffix}").write_text("".join(lines), encoding="utf-8")
    manifest = json.dumps(run.manifest.model_dump(mode="json"), indent=1, ensure_ascii=False)
    (folder / f"{name}.manifest.json").write_text(manifest + "\n", encoding="utf-8")


def read_run(path: Path) -> list[Given]:
    """Read the answers that `write_run` wrote."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Given.model_validate_json(line) for line in lines]


def read_runs(folder: Path) -> list[Run]:
    """Read every run of a folder, in the order of their sets' names."""
    runs = []
    for path in sorted(folder.glob("*.manifest.json")):
        name = path.name.removesuffix(".manifest.json")
        asked = (folder / f"{name}.questions.jsonl").read_text(encoding="utf-8").splitlines()
        runs.append(
            Run(
                manifest=Manifest.model_validate_json(path.read_text(encoding="utf-8")),
                questions=tuple(SetQuestion.model_validate_json(line) for line in asked),
                answers=tuple(read_run(folder / f"{name}.jsonl")),
            )
        )
    return runs
