"""Exact words: one BM25 index a language, with stemming, elision and accents folded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
import stopwordsiso
from numpy.typing import NDArray

from civic_assistant.folding import folded
from civic_assistant.guides import Passage
from civic_assistant.word_scores import word_scores

_STEMMERS = {
    "fr": "french", "en": "english", "es": "spanish", "pt": "portuguese", "ar": "arabic",
    "de": "german", "it": "italian", "tr": "turkish", "ro": "romanian", "pl": "polish",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+|\d+")
_CHARACTER = re.compile(r"[^\W\d_]|\d+")
K1 = 1.2
B = 0.75
STEMMING = f"1 {version('PyStemmer')} {version('stopwordsiso')}"
"""What made the stems; its number is to be raised when `stems` returns others for the same text."""
# Words that ask rather than name: they stand in every guide and in every question.
_ASKING = {
    "fr": "bonjour svp plait merci quel quelle combien comment faire faut falloir peux pouvoir "
    "dois devoir veux vouloir savoir mairie ville besoin",
    "en": "hello please thanks how what where when much many need want town city hall",
}


@cache
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    name = _STEMMERS.get(language)
    return Stemmer.Stemmer(name) if name else None


@cache
def _stop_words(language: str) -> frozenset[str]:
    listed = stopwordsiso.stopwords(language) if stopwordsiso.has_lang(language) else set()
    return frozenset(folded(word) for word in {*listed, *_ASKING.get(language, "").split()})


def stems(text: str, language: str) -> list[str]:
    """Return the stems of a text's content words, accents folded, stop words left out.

    Accents are folded before stemming, because citizens leave them out. Elision needs no rule:
    the apostrophe separates words, and *l*, *d*, *qu* are stop words.
    """
    stop = _stop_words(language)
    found = _WORD.findall(folded(text))
    words = [w for w in found if w not in stop and (len(w) > 1 or w.isdigit())]
    stemmer = _stemmer(language)
    return stemmer.stemWords(words) if stemmer else words


def stem(word: str, language: str) -> str:
    """Return the stem of one word, accents folded; the folded word where no stemmer is known."""
    stemmer = _stemmer(language)
    return str(stemmer.stemWord(folded(word))) if stemmer else folded(word)


def content_words(text: str, language: str) -> list[tuple[int, int]]:
    """Return the begin and end of each word of a text that is no stop word, in order.

    Chinese is written without spaces: there each character counts.
    """
    pattern = _CHARACTER if language == "zh" else _WORD
    stop = _stop_words(language)
    words = [(m.span(), folded(m.group())) for m in pattern.finditer(text)]
    return [
        span
        for span, word in words
        if word not in stop and (len(word) > 1 or word.isdigit() or language == "zh")
    ]


class KeywordIndex:
    """BM25 (Lucene's variant, b 0.75) over the passages of one edition, a language each."""

    def __init__(self, languages: Mapping[str, tuple[bm25s.BM25, list[str]]]) -> None:
        self._languages = languages

    @classmethod
    def build(cls, passages: Iterable[Passage]) -> KeywordIndex:
        """Index passages by their text and context."""
        numbers: dict[str, int] = {}
        grouped: dict[str, tuple[list[str], list[NDArray[np.int32]]]] = {}
        for passage in sorted(passages, key=lambda p: p.id):  # in one order whatever they come in
            ids, own = grouped.setdefault(passage.language, ([], []))
            ids.append(passage.id)
            words = stems(passage.embedded_text, passage.language)
            own.append(np.array([numbers.setdefault(w, len(numbers)) for w in words], np.int32))
        return cls.of_words(grouped, {number: word for word, number in numbers.items()})

    @classmethod
    def of_words(
        cls,
        languages: Mapping[str, tuple[list[str], Sequence[NDArray[np.int32]]]],
        words: Mapping[int, str],
    ) -> KeywordIndex:
        """Index passages by language: their ids, and of each the numbers of its stems."""
        indexes = {}
        for language, (ids, numbers) in languages.items():
            scored = word_scores(numbers, K1, B)
            index = bm25s.BM25(method="lucene", k1=K1, b=B)
            index.scores = {
                "data": scored.scores,
                "indices": scored.rows,
                "indptr": scored.starts,
                "num_docs": len(ids),
            }
            index.vocab_dict = {words[n]: place for place, n in enumerate(scored.words.tolist())}
            index.unique_token_ids_set = set(index.vocab_dict.values())
            index.nonoccurrence_array = None
            indexes[language] = (index, ids)
        return cls(indexes)

    def save(self, folder: Path) -> None:
        """Write the index below ``folder``, a sub-folder a language."""
        for language, (index, ids) in self._languages.items():
            index.save(folder / language)
            (folder / language / "ids.json").write_text(json.dumps(ids), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> KeywordIndex:
        """Read what `save` wrote; raises OSError or ValueError when it is not whole."""
        languages = {}
        for path in sorted(folder.iterdir()):
            index = bm25s.BM25.load(path)
            languages[path.name] = (
                index,
                json.loads((path / "ids.json").read_text(encoding="utf-8")),
            )
        return cls(languages)

    def ids(self) -> set[str]:
        """Return the ids of the indexed passages."""
        return {id_ for _, ids in self._languages.values() for id_ in ids}

    def search(self, question: str, language: str, count: int) -> list[tuple[str, float]]:
        """Return up to ``count`` (passage id, share) of passages in that language, best first.

        The share is the BM25 score over the highest score that the question's words could reach,
        between 0 and 1, so that it means the same in an index of any size. A language without
        passages finds nothing: a French index has nothing to say about the exact words of a
        Turkish question.
        """
        if language not in self._languages:
            return []
        index, ids = self._languages[language]
        wanted = set(stems(question, language))
        words = [word for word in wanted if word in index.vocab_dict]
        if not words:
            return []
        bound = (K1 + 1) * sum(self._rarity(index, len(ids), word) for word in wanted)
        scores = index.get_scores(sorted(words))
        holding = np.flatnonzero(scores)
        # bm25s sorts the passages without any of the words too: twenty times slower.
        if len(holding) > count:
            holding = holding[np.argpartition(-scores[holding], count)[:count]]
        best = holding[np.argsort(-scores[holding], kind="stable")]
        return [(ids[place], float(scores[place]) / bound) for place in best.tolist()]

    def coverage(self, question: str, language: str, text: str) -> float:
        """Return the share of the question's stems, weighted by rarity, that stand in ``text``.

        Between 0 and 1; 0 when the language has no passages or the question no content words.
        A stem that no passage knows counts as the rarest.
        """
        if language not in self._languages:
            return 0.0
        index, ids = self._languages[language]
        wanted = set(stems(question, language))
        if not wanted:
            return 0.0
        there = set(stems(text, language))
        weights = {w: self._rarity(index, len(ids), w) for w in wanted}
        return sum(weights[w] for w in wanted & there) / sum(weights.values())

    def knows(self, stem: str, language: str) -> bool:
        """Whether a passage of a language holds a stem."""
        return language in self._languages and stem in self._languages[language][0].vocab_dict

    def rarities(self, words: Sequence[str], language: str) -> list[float]:
        """Return how rare each word is among the passages of a language; 1 where there are none."""
        if language not in self._languages:
            return [1.0] * len(words)
        index, ids = self._languages[language]
        return [
            max((self._rarity(index, len(ids), stem) for stem in stems(word, language)), default=1)
            for word in words
        ]

    @staticmethod
    def _rarity(index: bm25s.BM25, size: int, word: str) -> float:
        """Inverse document frequency as BM25 defines it, of a stem among ``size`` passages."""
        token = index.vocab_dict.get(word)
        pointers = index.scores["indptr"]
        holding = 0 if token is None else int(pointers[token + 1] - pointers[token])
        return float(np.log(1 + (size - holding + 0.5) / (holding + 0.5)))
