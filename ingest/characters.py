"""The characters of every published text: NFC, plain spaces, no ligatures, nothing invisible."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = (
    "\u00ad\u061c\u180e\u200b\u200e\u200f\ufeff",
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2060, 0x2070)),
    *map(chr, range(0xFE00, 0xFE10)),
    *map(chr, range(0xFFF9, 0xFFFC)),
)
"""Marks of direction and format, and variation selectors; joiners belong to spelling."""
# Typesetting forms of Latin (ﬁ, ﬂ) and Arabic letters, which PDFs keep and no reader types.
_TYPESET = (*range(0xFB00, 0xFB07), *range(0xFB50, 0xFDFC), *range(0xFE70, 0xFEFD))
_REPLACED: dict[int, str] = {ord(character): "" for character in "".join(_INVISIBLE)}
_REPLACED |= {
    code: unicodedata.normalize("NFKC", chr(code))
    for code in _TYPESET
    if unicodedata.category(chr(code)) in ("Ll", "Lo")
}
# Beside controls the plane of tags and further selectors, which nobody writes with.
_CONTROL = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff\U000e0000-\U000effff]"
)
_SPACES = re.compile(r"\s+")


def clean_text(text: str) -> str:
    """Return the text as it is published, on one line, without spaces at its ends.

    Every kind of space becomes one plain space; soft hyphens, byte-order and direction marks,
    tags, variation selectors and control characters go; ligatures and presentation forms become
    the letters they stand for.
    """
    text = _CONTROL.sub("", text).translate(_REPLACED)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
