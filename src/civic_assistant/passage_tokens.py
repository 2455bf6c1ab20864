"""The token vectors of passages, kept from publishing on: a question embeds no passage again.

Vectors are centred, turned to the axes along which tokens differ most (principal components), cut
to the first `AXES` and kept in four bits each, as ColBERTv2 keeps residuals (Santhanam et al.,
NAACL 2022, https://arxiv.org/abs/2112.01488): 64 bytes a token instead of 1,536.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from civic_assistant.embedding import Embedding, TokenVectors
from civic_assistant.errors import CouldNotLook
from civic_assistant.passage_file import PassageFile

AXES = 128
LARGEST = 7
"""Four bits hold -8 to 7; -8 stays unused, so that a vector and its opposite are kept alike."""
# Texts from which the axes are learnt at once: a forward pass over many long ones takes gigabytes.
_BATCH = 8


@dataclass(frozen=True, slots=True)
class TokenBasis:
    """``mean`` (dimensions,) of an index's token vectors and its main ``axes`` (dimensions, n)."""

    mean: NDArray[np.float32] = field(repr=False)
    axes: NDArray[np.float32] = field(repr=False)

    def turned(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return unit vectors (tokens, n): centred, turned to the axes, normalised."""
        turned = (vectors - self.mean) @ self.axes
        lengths = np.linalg.norm(turned, axis=1, keepdims=True)
        return np.asarray(turned / np.maximum(lengths, 1e-9), dtype=np.float32)

    def to_json(self) -> dict[str, str | int]:
        """Return mean and axes as base64 of little-endian float32."""
        return {
            "mean": base64.b64encode(self.mean.astype("<f4").tobytes()).decode("ascii"),
            "axes": base64.b64encode(self.axes.astype("<f4").tobytes()).decode("ascii"),
            "count": self.axes.shape[1],
        }

    @classmethod
    def from_json(cls, content: dict[str, str | int]) -> TokenBasis:
        """Return what `to_json` wrote, bit for bit."""
        mean = np.frombuffer(base64.b64decode(str(content["mean"])), "<f4")
        axes = np.frombuffer(base64.b64decode(str(content["axes"])), "<f4")
        return cls(mean, axes.reshape(-1, int(content["count"])))


def learn_token_basis(embedding: Embedding, texts: Sequence[str]) -> TokenBasis:
    """Learn the mean and the main axes of tokens from a sample of passages' texts."""
    return token_basis_of(
        tokens
        for start in range(0, len(texts), _BATCH)
        for tokens in embedding.token_vectors(texts[start : start + _BATCH], "passage")
    )


def token_basis_of(sample: Iterable[TokenVectors]) -> TokenBasis:
    """Return the mean and the main axes of the tokens of a sample of passages."""
    vectors = np.concatenate([tokens.vectors for tokens in sample])
    mean = vectors.mean(axis=0)
    centred = vectors - mean
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    _, axes = np.linalg.eigh(centred.T @ centred)
    main = np.ascontiguousarray(axes[:, ::-1][:, : min(AXES, axes.shape[1])], np.float32)
    return TokenBasis(np.asarray(mean, np.float32), main)


class PassageTokens:
    """Token vectors by passage id in one SQLite file; safe to read from several threads."""

    def __init__(self, path: Path, basis: TokenBasis) -> None:
        columns = "count INTEGER, spans BLOB, numbers BLOB"
        self._file = PassageFile(path, "passage_tokens", columns)
        self.basis = basis

    def add(self, ids: Sequence[str], tokens: Iterable[TokenVectors]) -> None:
        """Keep the tokens of passages; known ids are left alone."""
        rows = (
            (id_, len(one.spans), one.spans.astype("<i4").tobytes(), self._packed(one.vectors))
            for id_, one in zip(ids, tokens, strict=True)
        )
        self._file.add(rows)

    def stored(self, ids: Sequence[str]) -> set[str]:
        """Return those of ``ids`` whose tokens are kept."""
        return self._file.stored(ids)

    def ids(self) -> set[str]:
        """Return every id whose tokens are kept."""
        return self._file.ids()

    def drop(self, ids: Iterable[str]) -> None:
        """Forget the tokens of passages."""
        self._file.drop(ids)

    def read(self, ids: Sequence[str]) -> dict[str, TokenVectors]:
        """Return tokens by id, as unit vectors along the basis' axes; raises `CouldNotLook`."""
        found = {}
        for id_, count, spans, numbers in self._file.rows("id, count, spans, numbers", ids):
            places = np.frombuffer(spans, "<i4").reshape(count, 2)
            found[id_] = TokenVectors(_unpacked(numbers, count), places)
        missing = set(ids) - found.keys()
        if missing:
            raise CouldNotLook(
                f"{len(missing)} passages ({sorted(missing)[0]}, …) have no token vectors: "
                "publish the guides again"
            )
        return found

    def _packed(self, vectors: NDArray[np.float32]) -> bytes:
        turned = self.basis.turned(vectors)
        largest = np.maximum(np.abs(turned).max(axis=1, keepdims=True, initial=0.0), 1e-9)
        numbers = (np.rint(turned * LARGEST / largest).astype(np.int8) + 8).astype(np.uint8)
        packed: bytes = (numbers[:, ::2] | numbers[:, 1::2] << 4).tobytes()
        return packed


def _unpacked(packed: bytes, count: int) -> NDArray[np.float32]:
    """Return unit vectors (count, axes); a length needs no keeping, it is one."""
    if not count:
        return np.empty((0, 0), np.float32)
    halves = np.frombuffer(packed, np.uint8).reshape(count, -1)
    numbers = np.empty((count, halves.shape[1] * 2), np.float32)
    numbers[:, ::2] = halves & 15
    numbers[:, 1::2] = halves >> 4
    numbers -= 8
    lengths = np.linalg.norm(numbers, axis=1, keepdims=True)
    return np.asarray(numbers / np.maximum(lengths, 1e-9), np.float32)
