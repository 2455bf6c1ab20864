from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from civic_assistant.folding import folded


def test_accents_strokes_and_capitals_do_not_matter() -> None:
    assert folded("École, ŒUVRE, Łódź, İstanbul, Đurđa") == "ecole, oeuvre, lodz, istanbul, durda"


@given(st.text())
def test_no_mark_is_left(text: str) -> None:
    assert not any(map(unicodedata.combining, folded(text)))
