"""A question and a part of a guide, written out as one text for a model that reads them together.

``<s> query: question </s></s> passage: context </s> line </s> line </s> …``: every line ends with a
mark of its own, as sentences do in BERTSUM (Liu & Lapata, EMNLP 2019,
https://arxiv.org/abs/1908.08345).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

BEGIN, END = 0, 2
QUESTION_TOKENS, CONTEXT_TOKENS, LINE_TOKENS = 80, 40, 100
"""The longest part of each that is read, in tokens."""
TOKENS = 288
"""The longest pair, in tokens; lines that would end later are not read."""
_QUESTION, _PASSAGE = "query: ", "passage: "


@dataclass(frozen=True, slots=True)
class Pair:
    """Token ``ids``, and which line each token belongs to, in ``owners`` (tokens,).

    `QUESTION` and `CONTEXT` own what is no line; ``lines`` counts those that found room.
    """

    ids: list[int] = field(repr=False)
    owners: NDArray[np.int32] = field(repr=False)
    lines: int


QUESTION, CONTEXT = -1, -2


def tokens_of(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Return the token ids of texts, brought to NFC, without special tokens."""
    composed = [unicodedata.normalize("NFC", text) for text in texts]
    return [one.ids for one in tokenizer.encode_batch(composed, add_special_tokens=False)]


def pair_of(tokenizer: Tokenizer, question: str, context: str, lines: Sequence[str]) -> Pair:
    """Return a question written together with lines of a guide; ``context`` is their heading."""
    asked, place, *texts = tokens_of(tokenizer, [_QUESTION + question, _PASSAGE + context, *lines])
    return joined(asked, place, texts)


def joined(asked: Sequence[int], context: Sequence[int], lines: Sequence[Sequence[int]]) -> Pair:
    """Return the pair of what is already cut into tokens."""
    ids = [BEGIN, *asked[:QUESTION_TOKENS], END, END]
    owners = [QUESTION] * len(ids)
    context = [*context[:CONTEXT_TOKENS], END]
    ids += context
    owners += [CONTEXT] * len(context)
    read = 0
    for number, line in enumerate(lines):
        own = [*line[:LINE_TOKENS], END]
        if len(ids) + len(own) > TOKENS:
            break
        ids += own
        owners += [number] * len(own)
        read = number + 1
    return Pair(ids, np.array(owners, np.int32), read)
