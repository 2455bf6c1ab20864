"""The words of a PDF's pages, with place, size and weight, from PDFium.

pypdf glues words of justified text (5 % of them, measured on French pages); PDFium does not.
"""

from __future__ import annotations

import ctypes
import statistics
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.bounds import Deadline
from ingest.characters import clean_text

LINE_END_HYPHEN = "\u00ad"
"""What stands for a hyphen at the end of a line, real or put there by typesetting."""
_BOLD_WEIGHT = 600
_BOLD_NAMES = (b"bold", b"black", b"heavy", b"demi", b"semibold")
_LEANING = 0.2


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a page; points from the lower left corner, ``base`` is its baseline."""

    text: str
    left: float
    right: float
    base: float
    size: float
    is_bold: bool


@dataclass(frozen=True, slots=True)
class PageWords:
    """The words of a page in the order of the file; ``number`` counts from 1.

    ``is_picture`` says that the page shows something although it has no words (a scan).
    ``rules`` are the heights of horizontal lines drawn on the page, which part table rows.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[float, ...]
    is_picture: bool


@dataclass(slots=True)
class _Letter:
    text: str
    left: float
    right: float
    base: float
    size: float
    is_bold: bool


def page_words(pdf: pdfium.PdfDocument, deadline: Deadline) -> Iterator[PageWords]:
    """Yield the words of each page; rotated text (stamps, watermarks) is left out."""
    for index in range(len(pdf)):
        deadline.check()
        page = pdf[index]
        try:
            width, height = page.get_size()
            words = tuple(_words(page))
            objects = list(page.get_objects(max_depth=2))
            pictures = {raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING}
            drawn = any(item.type in pictures for item in objects)
            rules = tuple(_rules(objects, width))
        finally:
            page.close()
        yield PageWords(index + 1, width, height, words, rules, drawn and not words)


def _rules(objects: list[pdfium.PdfObject], width: float) -> Iterator[float]:
    for item in objects:
        if item.type == raw.FPDF_PAGEOBJ_PATH:
            left, bottom, right, top = item.get_bounds()
            if top - bottom < 2 and right - left > width / 20:
                yield (bottom + top) / 2


def _words(page: pdfium.PdfPage) -> Iterator[Word]:
    text_page = page.get_textpage()
    try:
        letters: list[_Letter] = []
        for letter in _letters(text_page):
            if letter is None or (letters and _is_apart(letters[-1], letter)):
                yield from _word(letters)
                letters = []
            if letter is not None:
                letters.append(letter)
        yield from _word(letters)
    finally:
        text_page.close()


def _is_apart(before: _Letter, letter: _Letter) -> bool:
    size = max(before.size, letter.size, 1.0)
    far = letter.left - before.right > 0.8 * size or before.left - letter.right > 2 * size
    return far or abs(letter.base - before.base) > 0.7 * size


def _word(letters: list[_Letter]) -> Iterator[Word]:
    # A soft hyphen within a word goes; at its end it says that the word goes on in the next line.
    text = "".join(letter.text for letter in letters)
    ending = LINE_END_HYPHEN if text.endswith(LINE_END_HYPHEN) else ""
    text = clean_text(text) + ending
    if not text:
        return
    size = round(statistics.mode(round(letter.size, 1) for letter in letters), 1)
    tall = [letter for letter in letters if letter.size >= 0.9 * size] or letters
    yield Word(
        text=text,
        left=min(letter.left for letter in letters),
        right=max(letter.right for letter in letters),
        base=statistics.median(letter.base for letter in tall),
        size=size,
        is_bold=sum(letter.is_bold for letter in letters) > 0.8 * len(letters),
    )


def _letters(text_page: pdfium.PdfTextPage) -> Iterator[_Letter | None]:
    """Yield each upright letter, and None where words part."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    x, y = ctypes.c_double(), ctypes.c_double()
    matrix, name, flags = raw.FS_MATRIX(), ctypes.create_string_buffer(128), ctypes.c_int()
    for index in range(text_page.count_chars()):
        code = raw.FPDFText_GetUnicode(text_page, index)
        character = _character(code)
        if character is None or character.isspace():
            yield None
            continue
        raw.FPDFText_GetMatrix(text_page, index, matrix)
        if abs(matrix.b) > _LEANING * abs(matrix.a):
            yield None
            continue
        raw.FPDFText_GetCharBox(text_page, index, left, right, bottom, top)
        raw.FPDFText_GetCharOrigin(text_page, index, x, y)
        weight = raw.FPDFText_GetFontWeight(text_page, index)
        is_bold = weight >= _BOLD_WEIGHT
        if not is_bold:
            raw.FPDFText_GetFontInfo(text_page, index, name, 128, flags)
            is_bold = _is_bold_font(name.value)
        size = raw.FPDFText_GetFontSize(text_page, index) * (abs(matrix.d) or 1.0)
        yield _Letter(character, left.value, right.value, y.value, size, is_bold)


@cache
def _is_bold_font(name: bytes) -> bool:
    return any(part in name.lower() for part in _BOLD_NAMES)


def _character(code: int) -> str | None:
    """Return the character of a code, None for what parts words."""
    if code in (0xFFFE, 0x02, 0xAD):  # PDFium's mark for a hyphen at the end of a line
        return LINE_END_HYPHEN
    if code == 0 or code > 0x10FFFF or 0xD800 <= code < 0xE000:
        return None
    if 0xE000 <= code <= 0xF8FF:  # bullets of symbol fonts have no code of their own
        return "•"
    character = chr(code)
    return None if unicodedata.category(character) == "Cc" else character
