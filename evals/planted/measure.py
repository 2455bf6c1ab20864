"""What the last check catches of planted faults, and what it drops of honest sentences."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from rich.table import Table

from civic_assistant.outcomes import Answered
from civic_assistant.verification import Fault, faults_of
from evals.planted.faults import Planted, plant, plant_quotes, plant_strangers
from evals.planted.material import (
    TODAY,
    Claim,
    Town,
    honest_claims,
    own_sentences,
    translated_claims,
)

Check = Callable[[Claim, Town], Sequence[object]]
"""Returns why a claim would not be shown; nothing when it would."""
Plant = Callable[[Claim, Town], Iterator[Planted]]
AIMS = "100 % of figures and quotes, 98 % of the rules, at most 2 % of the honest dropped"
_RULES_AIM = 0.98
_HONEST_AIM = 0.02
_QUOTED = 40
_STRANGERS = 60
# Lines of a pair of languages, for each case that a kind may have.
_TRANSLATED = 25


@dataclass
class Counted:
    """Cases of one kind: how many, how many the check stopped, and their languages."""

    group: str
    cases: int = 0
    stopped: int = 0
    languages: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Measure:
    """The counts by kind, and the cases that went wrong in words."""

    kinds: dict[str, Counted]
    failures: list[str]


def measured(
    town: Town,
    per_kind: int,
    seed: int,
    held: Check | None = None,
    more: Plant | None = None,
    left_out: Collection[str] = (),
) -> Measure:
    """Plant up to ``per_kind`` faults of each kind in each language, and check them all.

    ``held`` checks a claim, the product's last check by default; ``more`` plants further faults,
    and kinds ``left_out`` are not planted.
    """
    chance = random.Random(seed)
    own = list(own_sentences(town))
    by_hand = list(honest_claims(town))
    chance.shuffle(own)
    kinds: dict[str, Counted] = {}
    failures: list[str] = []
    cases = _cases(own, by_hand, town, per_kind, more)
    for case in (case for case in cases if case.kind not in left_out):
        faults = (held or check)(case.claim, town)
        counted = kinds.setdefault(case.kind, Counted(case.group))
        counted.cases += 1
        counted.stopped += bool(faults)
        counted.languages.add(case.claim.language)
        if bool(faults) == (case.group == "honest"):
            failures.append(_told(case, faults))
    return Measure(kinds, failures)


def check(claim: Claim, town: Town) -> tuple[Fault, ...]:
    """Return what the product's last check finds in an answer of this one sentence."""
    answered = Answered("full", (claim.sentence,), ())
    return faults_of(answered, town.passages, town.live, TODAY, claim.language)


@dataclass(frozen=True, slots=True)
class _Case:
    kind: str
    group: str
    claim: Claim


def _cases(
    own: Sequence[Claim],
    by_hand: Sequence[Claim],
    town: Town,
    per_kind: int,
    more: Plant | None,
) -> Iterator[_Case]:
    seen: Counter[tuple[str, str, bool]] = Counter()
    for claims, is_translated in ((by_hand, True), (own, False)):
        for claim in claims:
            for planted in (*plant(claim, town), *(more(claim, town) if more else ())):
                place = (planted.kind, claim.language, is_translated)
                seen[place] += 1
                if seen[place] <= per_kind:
                    yield _of(planted)
    for claim in own[:_QUOTED]:
        yield from map(_of, plant_quotes(claim, town))
    plain = [claim for claim in own if not re.search(r"\d", claim.sentence.text)]
    for claim in plain[:_STRANGERS]:
        yield from map(_of, plant_strangers(claim, plain[_STRANGERS:]))
    yield from (_Case("honest, by hand", "honest", claim) for claim in by_hand)
    beside: Counter[tuple[str, str]] = Counter()
    for claim in translated_claims(town):
        beside[claim.language, claim.passage.language] += 1
        if beside[claim.language, claim.passage.language] <= _TRANSLATED * per_kind:
            yield _Case("honest, the guides' own translations", "honest", claim)
    for kind, claim in _respelled(own, per_kind):
        yield _Case(kind, "honest", claim)


def _of(planted: Planted) -> _Case:
    return _Case(planted.kind, planted.group, planted.claim)


def _respelled(own: Iterable[Claim], per_kind: int) -> Iterator[tuple[str, Claim]]:
    """Yield sentences that say the same in another spelling of their figures."""
    spellings = (
        ("honest, other digits", lambda text: text.translate(_WIDE)),
        ("honest, 8 h 30 as 8h30", lambda text: re.sub(r"(\d)[  ]h[  ](?=\d)", r"\1h", text)),
        (
            "honest, € as EUR",
            lambda text: re.sub(
                r"€(?=\d)", "EUR ", text.replace("\u00a0€", " EUR").replace(" €", " EUR")
            ),
        ),
        (
            "honest, 1 000 as 1000",
            lambda text: re.sub(r"(\d)[  ](\d{3})\b(?! \d\d\b)", r"\1\2", text),
        ),
        (
            "honest, phone with dots",
            lambda text: re.sub(r"(0\d) (\d\d) (\d\d) (\d\d) (\d\d)", r"\1.\2.\3.\4.\5", text),
        ),
        ("honest, decomposed letters", lambda text: unicodedata.normalize("NFD", text)),
    )
    seen: Counter[tuple[str, str]] = Counter()
    for claim in own:
        for kind, respell in spellings:
            text = respell(claim.sentence.text)
            if text != claim.sentence.text and seen[kind, claim.language] < per_kind:
                seen[kind, claim.language] += 1
                yield kind, replace(claim, sentence=replace(claim.sentence, text=text))


_WIDE = {ord("0") + digit: chr(0x0660 + digit) for digit in range(10)}


def _told(case: _Case, faults: Sequence[object]) -> str:
    sentence = case.claim.sentence
    found = f"\n    {faults[0]}" if faults else ""
    return (
        f"[{case.kind}, {case.claim.language}] {sentence.text}\n"
        f"    quoted: {sentence.citation.quote}{found}"
    )


def report(measure: Measure, title: str = "planted") -> tuple[Table, str, bool]:
    """Return the table, the line that sums up, and whether the aims are met."""
    table = Table("kind", "cases", "languages", "stopped", "share", title=title.capitalize())
    groups: dict[str, Counted] = defaultdict(lambda: Counted(""))
    for group in ("figure", "quote", "rule", "beyond", "honest"):
        for kind, counted in measure.kinds.items():
            if counted.group == group:
                _row(table, kind, counted)
                total = groups[group]
                total.cases += counted.cases
                total.stopped += counted.stopped
                total.languages |= counted.languages
        table.add_section()
    figure, quote, rule, beyond, honest = (
        groups[g] for g in ("figure", "quote", "rule", "beyond", "honest")
    )
    planted = figure.cases + quote.cases + rule.cases
    languages = figure.languages | quote.languages | rule.languages
    line = (
        f"{title}: {planted} faults in {len(languages)} languages: figures {_share(figure)} caught,"
        f" quotes {_share(quote)}, negations and bounds {_share(rule)}, another matter without a"
        f" figure {_share(beyond)}; {_share(honest)} of {honest.cases} honest sentences dropped"
    )
    is_met = (
        figure.stopped == figure.cases
        and quote.stopped == quote.cases
        and rule.stopped >= _RULES_AIM * rule.cases
        and honest.stopped <= _HONEST_AIM * honest.cases
    )
    return table, line, is_met


def _row(table: Table, kind: str, counted: Counted) -> None:
    table.add_row(
        kind,
        str(counted.cases),
        str(len(counted.languages)),
        str(counted.stopped),
        _share(counted),
    )


def _share(counted: Counted) -> str:
    return f"{100 * counted.stopped / counted.cases:.1f} %" if counted.cases else "-"
