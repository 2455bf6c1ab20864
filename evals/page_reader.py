"""Choosing the answer's sentences on one page, with nothing published: the product's network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from civic_assistant.centring import ANY_LANGUAGE
from civic_assistant.choosing import Choice, Chooser
from civic_assistant.close_reading import cuts
from civic_assistant.line_features import AskedTokens, LineTokens, asked_tokens
from civic_assistant.passage_tokens import TokenBasis, learn_token_basis
from ingest.passages import PASSAGE_WORDS, word_count

if TYPE_CHECKING:
    from civic_assistant.embedding import Embedding
    from civic_assistant.reading import Reader

ANSWERS, BELONGS, NEAR_BEST = 0.58, 0.18, 0.5
"""From which probabilities a page answers and a line belongs, and the share of the best line's it
must reach; chosen on a sixth of OMoS-QA's training pages that the network did not learn from."""
READ, READ_WHOLE = 0.3, 0.5
"""What the reader counts beside the network, for lines and for the page; chosen likewise."""
PAGES = 64
"""Pages from which the token basis is learnt, by their first characters."""
PAGE_CHARACTERS = 900
_NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Page:
    """A page's lines by token, and the (centred, unit) vector of the passage each lies in."""

    lines: tuple[str, ...]
    tokens: tuple[NDArray[np.float32], ...] = field(repr=False)
    passages: tuple[int, ...]
    vectors: NDArray[np.float32] = field(repr=False)
    language: str

    def line_tokens(self, question: NDArray[np.float32]) -> list[LineTokens]:
        """Return the lines in the light of a question's (centred, unit) vector."""
        cosines = self.vectors @ question
        return [
            LineTokens(
                vectors=tokens,
                text=text,
                language=self.language,
                nearness=float(cosines[passage]),
                begins_passage=row == 0 or passage != self.passages[row - 1],
            )
            for row, (text, tokens, passage) in enumerate(
                zip(self.lines, self.tokens, self.passages, strict=True)
            )
        ]


class PageEmbedding:
    """Embeds pages and questions as the product embeds passages and questions.

    ``pages`` are texts by language: their token basis and the mean of each language are learnt.
    """

    def __init__(self, embedding: Embedding, pages: Mapping[str, Sequence[str]]) -> None:
        self._embedding = embedding
        starts = {
            language: [text[:PAGE_CHARACTERS] for text in texts[:PAGES]]
            for language, texts in pages.items()
        }
        everything = [text for texts in starts.values() for text in texts]
        self.basis: TokenBasis = learn_token_basis(embedding, everything[:: max(1, len(pages))])
        self._means = {
            language: embedding.embed_texts(texts, "passage").mean(axis=0)
            for language, texts in starts.items()
        }

    def page(self, sentences: Sequence[str], language: str) -> Page:
        """Return a page cut into passages of the usual length."""
        lines = [sentence if sentence.strip() else _NOTHING for sentence in sentences]
        cuts = _cuts(lines)
        texts = ["\n".join(lines[start:end]) for start, end in cuts]
        read = self._embedding.read_texts(texts, "passage")
        tokens: list[NDArray[np.float32]] = []
        for (start, end), found in zip(cuts, read.tokens, strict=True):
            turned = self.basis.turned(found.vectors)
            offset = 0
            for line in lines[start:end]:
                inside = (found.spans[:, 0] < offset + len(line)) & (found.spans[:, 1] > offset)
                tokens.append(turned[inside])
                offset += len(line) + 1
        places = [place for place, (start, end) in enumerate(cuts) for _ in range(start, end)]
        vectors = _unit(read.vectors - self._means[language])
        return Page(tuple(lines), tuple(tokens), tuple(places), vectors, language)

    def question(self, text: str, language: str) -> tuple[AskedTokens, NDArray[np.float32]]:
        """Return a question by token and as a (centred, unit) vector."""
        read = self._embedding.read_texts([text], "question")
        tokens = read.tokens[0]
        means = self._embedding.question_means
        mean = means.get(language, means.get(ANY_LANGUAGE, np.float32(0)))
        asked = asked_tokens(text, language, self.basis.turned(tokens.vectors), tokens.spans)
        return asked, _unit(read.vectors - mean)[0]


class PageReader:
    """Chooses sentences by the product's network; a `SentenceChooser`."""

    def __init__(self, pages: PageEmbedding, chooser: Chooser, reader: Reader) -> None:
        self._pages = pages
        self._chooser = chooser
        self._reader = reader
        self._read: dict[tuple[str, ...], Page] = {}

    @property
    def name(self) -> str:
        """What a run says of what chose."""
        return f"chooser@{self._chooser.version} reader@{self._reader.version}"

    def __call__(self, question: str, language: str, sentences: Sequence[str]) -> list[int]:
        """Return the positions of the sentences that answer, none where the page does not."""
        choice = self.choice(question, language, sentences)
        if choice.answers < ANSWERS:
            return []
        least = max(BELONGS, NEAR_BEST * float(choice.lines.max()))
        return [int(place) for place in np.flatnonzero(choice.lines >= least)]

    def choice(self, question: str, language: str, sentences: Sequence[str]) -> Choice:
        """Return what network and reader make of each sentence and of the page."""
        key = (language, *sentences)
        if key not in self._read:
            self._read[key] = self._pages.page(sentences, language)
        asked, vector = self._pages.question(question, language)
        lines = self._read[key].line_tokens(vector)
        chosen = self._chooser.choose(asked, lines, is_whole_page=True)
        read, settles = self.read(question, sentences)
        return Choice(
            (1 - READ) * chosen.lines + READ * read,
            (1 - READ_WHOLE) * chosen.answers + READ_WHOLE * settles,
        )

    def read(self, question: str, sentences: Sequence[str]) -> tuple[NDArray[np.float32], float]:
        """Return what the reader makes of each sentence and of the page.

        The page's is half the part that settles most, half its likeliest sentence.
        """
        lines = np.zeros(len(sentences), np.float32)
        settles = [0.0]
        for start, end in cuts(sentences):
            part = self._reader.read(question, "", sentences[start:end])
            lines[start : start + len(part.lines)] = part.lines
            settles.append(part.settles)
        return lines, (max(settles) + float(lines.max(initial=0.0))) / 2


def _cuts(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Return the begin and end of runs of lines of about a passage's length."""
    cuts: list[tuple[int, int]] = []
    start, words = 0, 0.0
    for place, line in enumerate(lines):
        count = word_count(line)
        if place > start and words + count > PASSAGE_WORDS:
            cuts.append((start, place))
            start, words = place, 0.0
        words += count
    return [*cuts, (start, len(lines))]


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
