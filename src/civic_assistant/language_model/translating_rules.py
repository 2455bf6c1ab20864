"""Whether a translation says what the original says, as far as rules can tell: both ways."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from civic_assistant.bounds import is_bound_turned
from civic_assistant.comparison import Text, is_supported, swapped_figures
from civic_assistant.figures.lexicon import HAN
from civic_assistant.language_model.checked import shown_text
from civic_assistant.languages import detect_language
from civic_assistant.negations import reversal_of

if TYPE_CHECKING:
    from civic_assistant.language_model.nearness import Nearness
    from civic_assistant.language_model.translating_form import Original

Unfit = Literal[
    "sentences", "no_text", "hidden", "length", "figure", "swapped", "bound", "negation",
    "language", "stray",
]  # fmt: skip
"""Why a translation is not shown. ``sentences``: one is missing, or there is one more;
``length``: a sentence far shorter or longer than its original;
``language``: not the one asked for; the others are as in `written.Dropped`."""

LEAST_NEARNESS = 0.45
"""The least cosine of a sentence with its translation. Of the 88 pairs of
`tests/language_model/talk_pairs.py` none is below .54 (light mode, the town's guides); of the
sentences beside the translation of another one, 97 % are below this."""
LONGER = 1.7
SLACK = 10
"""How much longer one of the two may be than the other, and by how many letters more. Of 88 pairs
by hand the longest is 1.4 times its shorter one, as `letters` counts."""
_LETTERS_A_SIGN = {"han": 3.0, "arabic": 4 / 3}
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_TOLD_APART = 40
"""Letters from which on a language is told, and a meaning compared, without doubt."""


def unfit(
    translated: Sequence[str], language: str, original: Original, nearness: Nearness | None
) -> Unfit | None:
    """Return what forbids to show a translation into a language, or None.

    ``translated`` are its sentences, one for each of the original's. One that does not hold takes
    the others with it: a message without one of its sentences says something else.
    """
    shown = [shown_text(sentence) for sentence in translated]
    pairs = list(zip(shown, original.sentences, strict=True))
    for said, meant in pairs:
        if said is None:
            return "hidden"
        if (fault := _fault(said, language, meant, original.language)) is not None:
            return fault
    whole = " ".join(sentence for sentence in shown if sentence)
    if letters(whole) >= _TOLD_APART:
        found = detect_language(whole, conversation=language, page=language).written_in
        if found != language:
            return "language"
    if nearness is None:
        return None
    told = [(s, m) for s, m in pairs if s and letters(m) >= _TOLD_APART]
    if not told:
        return None
    nears = nearness.between(
        [s for s, _ in told], language, [m for _, m in told], original.language
    )
    return "stray" if min(nears) < LEAST_NEARNESS else None


def _fault(said: str, language: str, meant: str, meant_in: str) -> Unfit | None:
    has_words = [any(c.isalnum() for c in text) for text in (said, meant)]
    if has_words[0] != has_words[1]:
        return "no_text"
    shorter, longer = sorted((letters(said), letters(meant)))
    if longer > LONGER * shorter + SLACK:
        return "length"
    ours, theirs = Text.read(said, language), Text.read(meant, meant_in)
    for one, other in ((ours, theirs), (theirs, ours)):
        for figure in one.known:
            if not (figure.is_implied or is_supported(figure, one, other)):
                return "figure"
            if is_bound_turned(figure, one, other):
                return "bound"
        if any(True for _ in swapped_figures(one, other)):
            return "swapped"
    return "negation" if reversal_of(said, language, meant, meant_in) is not None else None


def letters(text: str) -> float:
    """Return how long a text is in Latin letters.

    A Chinese character counts as a short word, and Arabic leaves short vowels out.
    """
    han, arabic = len(HAN.findall(text)), len(_ARABIC.findall(text))
    others = len(text) - han - arabic
    return others + _LETTERS_A_SIGN["han"] * han + _LETTERS_A_SIGN["arabic"] * arabic
