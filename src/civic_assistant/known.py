"""What a conversation knows of the citizen's case, and what was asked back in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from civic_assistant.folding import folded
from civic_assistant.outcomes import AskedDetail
from civic_assistant.situations import AGE, CHILD, Facts, Situations

MOST_IN_A_ROW = 2
"""Questions back for one matter; then the answer is given over all cases."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the turns so far have told; immutable, each turn returns the next.

    ``cases`` are facts (``nationality=foreign``, ``age=0-17``) and labels that the citizen chose,
    in the guide's words. ``matter`` is the guide that labels and facts of a request belong to, None
    before there is one. ``asked`` are the details asked back, ``in_a_row`` how many of them since
    the last answer. ``pending`` waits for an answer, to the question ``question``.
    """

    cases: tuple[str, ...] = ()
    matter: str | None = None
    asked: tuple[str, ...] = ()
    in_a_row: int = 0
    pending: AskedDetail | None = None
    question: str = ""

    def facts(self, guide_id: str | None, situations: Situations) -> Facts:
        """Return the facts that hold where a guide is read; the personal ones hold in every."""
        pairs = (parsed for case in self.cases if (parsed := _parsed(case, situations)))
        is_same = self.matter in (None, guide_id)
        return {k: v for k, v in pairs if is_same or situations.kinds[k].is_personal}

    def labels(self, guide_id: str) -> frozenset[str]:
        """Return the labels that the citizen chose and that may be this guide's."""
        is_same = self.matter in (None, guide_id)
        return frozenset(case for case in self.cases if is_same and "=" not in case)

    def with_facts(self, said: Facts, situations: Situations) -> Known:
        """Return this with what the citizen says now, which replaces what contradicts it.

        A child's age is not the citizen's own: it gives way with the child.
        """
        kept = [case for case in self.cases if not self._gives_way(case, said, situations)]
        new = [f"{kind}={_written(kind, values)}" for kind, values in said.items()]
        return replace(self, cases=tuple(dict.fromkeys([*kept, *new])))

    def without(self, *kinds: str) -> Known:
        """Return this without what is known of these kinds."""
        kept = (case for case in self.cases if case.partition("=")[0] not in kinds)
        return replace(self, cases=tuple(kept))

    def with_label(self, label: str, said: Facts, situations: Situations) -> Known:
        """Return this with a label that the citizen chose, and the facts it stands for."""
        told = self.with_facts(said, situations)
        return replace(told, cases=tuple(dict.fromkeys([*told.cases, label])))

    def for_matter(self, guide_id: str, situations: Situations) -> Known:
        """Return this for a guide: at another one, labels and facts of the request are over."""
        if self.matter in (None, guide_id):
            return replace(self, matter=guide_id)
        kept = (
            case
            for case in self.cases
            if (parsed := _parsed(case, situations)) and situations.kinds[parsed[0]].is_personal
        )
        return replace(self, cases=tuple(kept), matter=guide_id)

    def after_asking(self, detail: AskedDetail, keys: Iterable[str], question: str) -> Known:
        """Return this while a detail waits for its answer."""
        return replace(
            self,
            asked=tuple(dict.fromkeys([*self.asked, *keys])),
            in_a_row=self.in_a_row + 1,
            pending=detail,
            question=question,
        )

    def after_answering(self) -> Known:
        """Return this with nothing waiting."""
        return replace(self, in_a_row=0, pending=None, question="")

    def _gives_way(self, case: str, said: Facts, situations: Situations) -> bool:
        parsed = _parsed(case, situations)
        if parsed is None:
            return any(_contradicts(said, facts) for facts in _readings(case, situations))
        return parsed[0] in said or (parsed[0] == CHILD and AGE in said)


NOTHING_KNOWN = Known()


def known_from(texts: Iterable[str], situations: Situations) -> Known:
    """Return what cases given as text tell: facts, labels of guides, or everyday words."""
    known = Known()
    for text in texts:
        if _parsed(text, situations):
            known = replace(known, cases=(*known.cases, text))
            continue
        said = next((facts for facts in _readings(text, situations) if facts), {})
        known = known.with_label(text, said, situations)
    return known


def _readings(label: str, situations: Situations) -> list[Facts]:
    return [situations.read_label(label, language) for language in situations.languages]


def _contradicts(said: Facts, facts: Facts) -> bool:
    return any(said[kind].isdisjoint(facts[kind]) for kind in said.keys() & facts.keys())


def _parsed(case: str, situations: Situations) -> tuple[str, frozenset[str]] | None:
    """Return the kind and values of a fact, or None for a label."""
    kind, equals, values = case.partition("=")
    if not equals or kind not in situations.kinds:
        return None
    if kind != AGE:
        return kind, frozenset(values.split("+"))
    ages: set[str] = set()
    for part in values.split("+"):
        first, _, last = part.partition("-")
        if not first.isdigit() or not (last or first).isdigit():
            return None
        ages.update(map(str, range(int(first), int(last or first) + 1)))
    return kind, frozenset(ages)


def _written(kind: str, values: frozenset[str]) -> str:
    if kind != AGE:
        return "+".join(sorted(values))
    parts: list[list[int]] = []
    for age in sorted(map(int, values)):
        if parts and parts[-1][-1] == age - 1:
            parts[-1] = [parts[-1][0], age]
        else:
            parts.append([age])
    return "+".join("-".join(map(str, part)) for part in parts)


def is_same_label(one: str, other: str) -> bool:
    """Whether two labels are the same, whatever their capitals, accents and last stops."""
    return folded(one).strip(" .:;!") == folded(other).strip(" .:;!")
