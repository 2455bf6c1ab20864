"""How hard a text is to read: words a sentence, LIX, and French sentences that are too long.

LIX is Björnsson's *läsbarhetsindex* (C. H. Björnsson, Läsbarhet, Liber, Stockholm 1968; in English:
"Readability of Newspapers in 11 Languages", Reading Research Quarterly 18 (4), 1983, p. 480-497):
words a sentence plus the percentage of words of more than six letters. It needs no syllables, and
so compares versions of a text in any script that parts words with spaces; not languages with one
another. About 25 is a children's book, 55 the text of an authority.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from civic_assistant.sentences import sentence_spans

LONG_WORD = 6
"""Letters beyond which LIX counts a word as long."""
LONG_SENTENCE = 15
"""Words beyond which a French sentence counts as too long to be read easily (FALC)."""
_UNSPACED = ("zh",)
_COUNTED = "fr"
_WORD = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d+)*|[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Readability:
    """Of one text: mean words a sentence, LIX, and the share of sentences that are too long.

    The share is None but for French: the bound is that of French plain language.
    """

    words: float
    lix: float
    long_sentences: float | None


def readability(texts: Sequence[str], language: str) -> Readability | None:
    """Return how an answer reads; None without words, or where spaces do not part them.

    Each of the texts is a sentence, list item or table row, or a few sentences.
    """
    if language in _UNSPACED:
        return None
    sentences = [
        words
        for text in texts
        for start, end in sentence_spans(text, language)
        if (words := _WORD.findall(text[start:end]))
    ]
    if not sentences:
        return None
    words = [word for sentence in sentences for word in sentence]
    long_words = sum(len(word.replace("-", "")) > LONG_WORD for word in words)
    mean = len(words) / len(sentences)
    too_long = sum(len(sentence) > LONG_SENTENCE for sentence in sentences) / len(sentences)
    return Readability(
        words=mean,
        lix=mean + 100 * long_words / len(words),
        long_sentences=too_long if language == _COUNTED else None,
    )
