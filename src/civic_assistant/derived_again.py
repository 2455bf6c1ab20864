"""An answer of the journal derived again, on the edition and the day that it was given from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from civic_assistant.asked_again import asked_again
from civic_assistant.errors import IndexUnusable
from civic_assistant.outcomes import (
    Answered,
    AskedDetail,
    CouldNotLook,
    HandedOff,
    Outcome,
    outcome_name,
)
from civic_assistant.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from civic_assistant.assistant import Assistant
    from civic_assistant.index import Index
    from civic_assistant.stored import StoredTurn


@dataclass(frozen=True, slots=True)
class DerivedAgain:
    """What the question comes to now, and what of it is not as it was; nothing when it is the same.

    ``models`` are those that another version of stands in now: they may be why.
    """

    edition: int
    outcome: Outcome
    differences: tuple[str, ...]
    models: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether outcome, sentences, quotes and sources are what the citizen was shown."""
        return not self.differences


def derive_again(stored: StoredTurn, assistant: Assistant, index: Index) -> DerivedAgain:
    """Ask a kept question again on the edition that answered it, and compare.

    The assistant's clock must stand at the turn's time. The question is the redacted one, made
    standalone as it was; what was said before it is taken from the turn.

    Raises:
        IndexUnusable: the turn was not looked up in an edition.
        EditionMissing: the edition is not kept any more.
    """
    if stored.edition is None or isinstance(stored.outcome, HandedOff | CouldNotLook):
        raise IndexUnusable(
            f"turn {stored.id!r} rests on no edition ({outcome_name(stored.outcome)}): "
            "there is nothing to derive again"
        )
    index.edition(stored.edition)
    question = replace(asked_again(stored), edition=stored.edition, written=stored.written)
    turn = assistant.answer(question)
    models = sorted(
        name
        for name in stored.models.keys() | assistant.models.keys()
        if stored.models.get(name) != assistant.models.get(name)
    )
    return DerivedAgain(
        stored.edition, turn.outcome, tuple(_differences(stored.outcome, turn)), tuple(models)
    )


def told_again(again: DerivedAgain, models: Mapping[str, str]) -> str:
    """Say whether the answer is the same, and what of it is not; ``models`` are the turn's."""
    lines = [f"Derived again on edition {again.edition}: "]
    lines[0] += "the same." if again.is_same else "not the same."
    lines += [f"  {difference}" for difference in again.differences]
    if again.models and not again.is_same:
        lines.append("  Other models answer now than then:")
        lines += [f"    {name}: then {models.get(name, 'none')}" for name in again.models]
    return "\n".join(lines)


def _differences(then: Outcome, turn: Turn) -> list[str]:
    """Return what is not as it was, a line each."""
    now = turn.outcome
    if then == now:
        return []
    if outcome_name(then) != outcome_name(now):
        return [f"outcome: {outcome_name(then)} then, {outcome_name(now)} now"]
    match then, now:
        case Answered(), Answered():
            return _differing_answers(then, now)
        case AskedDetail(), AskedDetail() if then.guide_id == now.guide_id:
            return [f"detail asked: {'; '.join(then.options)} then, {'; '.join(now.options)} now"]
        case _:
            return ["the outcome's details differ"]


def _differing_answers(then: Answered, now: Answered) -> list[str]:
    before, after = ([s.text for s in answered.sentences] for answered in (then, now))
    lines = [f"only then: {text}" for text in before if text not in after]
    lines += [f"only now: {text}" for text in after if text not in before]
    guides = [" ".join(dict.fromkeys(s.guide_id for s in a.sources)) for a in (then, now)]
    if guides[0] != guides[1]:
        lines.append(f"source: {guides[0]} then, {guides[1]} now")
    if not lines:
        lines.append("the same sentences; what is shown around them differs")
    return lines
