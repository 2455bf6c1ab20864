"""A message's words and runs of words as numbers, for a model that weighs each of them.

Feature hashing (Weinberger et al., ICML 2009, https://arxiv.org/abs/0902.2206): a run has a place
without a list of all runs.
"""

from __future__ import annotations

from zlib import crc32

from civic_assistant.unmarked import is_han, words_of

PLACES = 1 << 15
LONGEST_RUN = 3
MOST_WORDS = 120
"""Words of a message that count; what comes later seldom says what it is."""


def word_runs(text: str) -> list[int]:
    """Return the places of a message's words and of its runs of two and three, each once, sorted.

    Chinese characters are words of their own.
    """
    words: list[str] = []
    for word in words_of(text).split():
        words.extend(word if is_han(word) else [word])
    words = words[:MOST_WORDS]
    runs = (
        " ".join(words[first : first + length])
        for length in range(1, LONGEST_RUN + 1)
        for first in range(len(words) - length + 1)
    )
    return sorted({crc32(run.encode()) % PLACES for run in runs})
