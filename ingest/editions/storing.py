"""Embed passages and keep their vectors; a new index learns its means and axes from them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from civic_assistant.catalogue import Catalogue
from civic_assistant.centring import Centring, learn_centring
from civic_assistant.guides import Passage
from civic_assistant.index import CENTRING_NOTE, MODEL_NOTE, RULES_NOTE, TOKEN_BASIS_NOTE
from civic_assistant.kept_vectors import KeptVectors
from civic_assistant.passage_tokens import PassageTokens, TokenBasis, token_basis_of
from ingest.passages import PASSAGE_RULES
from ingest.progress import Advance

if TYPE_CHECKING:
    from civic_assistant.embedding import Embedding, TextVectors

# Passages embedded and stored together: what a killed run loses at most, once the index has learnt.
BATCH = 256
# Passages from which a new index learns its means, and of them those for the axes of tokens.
SAMPLE = 3000
TOKEN_SAMPLE = 300

_Vector = NDArray[np.float32]
_Vectors = dict[str, _Vector]


def store_passages(
    passages: Sequence[Passage],
    catalogue: Catalogue,
    embedding: Embedding,
    vectors: KeptVectors,
    tokens_path: Path,
    advance: Advance,
) -> None:
    """Embed each passage once, and keep its vector and its tokens'.

    What the index learnt from its first passages, it keeps ever after.
    """
    sample = random.Random(0).sample(list(passages), min(SAMPLE, len(passages)))
    read: _Vectors = {}
    tokens = _open_tokens(tokens_path, sample[:TOKEN_SAMPLE], catalogue, embedding, read)
    advance(len(read))
    written = catalogue.note(CENTRING_NOTE)
    if written is None:
        for batch in _batches([p for p in sample if p.id not in read]):
            read |= _read(batch, embedding, tokens)
            advance(len(batch))
        centring = _learnt_centring(sample, read, catalogue, embedding)
    else:
        centring = Centring.from_json(json.loads(written))
    for batch in _batches(passages):
        unread = [p for p in batch if p.id not in read]
        if unread:
            read |= _read(unread, embedding, tokens)
            advance(len(unread))
        raw = np.stack([read.pop(p.id) for p in batch])
        vectors.add([p.id for p in batch], _centred(raw, batch, centring))


def _open_tokens(
    path: Path,
    sample: Sequence[Passage],
    catalogue: Catalogue,
    embedding: Embedding,
    read: _Vectors,
) -> PassageTokens:
    """Open the tokens' store; a new one learns its axes from the sample, which is then ``read``.

    The axes are kept before any token is: tokens along others would be worth nothing.
    """
    written = catalogue.note(TOKEN_BASIS_NOTE)
    if written is not None:
        return PassageTokens(path, TokenBasis.from_json(json.loads(written)))
    first = embedding.read_texts([p.embedded_text for p in sample], "passage")
    basis = token_basis_of(first.tokens)
    catalogue.set_notes(
        {
            TOKEN_BASIS_NOTE: json.dumps(basis.to_json()),
            MODEL_NOTE: embedding.identity,
            RULES_NOTE: PASSAGE_RULES,
        }
    )
    tokens = PassageTokens(path, basis)
    read.update(_kept(sample, first, tokens))
    return tokens


def _learnt_centring(
    sample: Sequence[Passage], read: _Vectors, catalogue: Catalogue, embedding: Embedding
) -> Centring:
    by_language: dict[str, list[_Vector]] = {}
    for passage in sample:
        by_language.setdefault(passage.language, []).append(read[passage.id])
    centring = learn_centring(
        embedding, {language: np.stack(own) for language, own in by_language.items()}
    )
    catalogue.set_notes({CENTRING_NOTE: json.dumps(centring.to_json())})
    return centring


def _read(batch: Sequence[Passage], embedding: Embedding, tokens: PassageTokens) -> _Vectors:
    texts = [p.embedded_text for p in batch]
    return _kept(batch, embedding.read_texts(texts, "passage"), tokens)


def _kept(batch: Sequence[Passage], read: TextVectors, tokens: PassageTokens) -> _Vectors:
    """Keep the tokens, before the vectors: a stored vector says that nothing is missing."""
    ids = [p.id for p in batch]
    tokens.add(ids, read.tokens)
    return dict(zip(ids, read.vectors, strict=True))


def _centred(vectors: _Vector, batch: Sequence[Passage], centring: Centring) -> _Vector:
    centred = np.empty_like(vectors)
    languages = np.array([p.language for p in batch])
    for language in set(languages.tolist()):
        rows = languages == language
        centred[rows] = centring.centred(vectors[rows], "passage", language)
    return centred


def _batches(passages: Sequence[Passage]) -> Iterator[Sequence[Passage]]:
    for start in range(0, len(passages), BATCH):
        yield passages[start : start + BATCH]
