"""Published characters: composed, visible, typed as people type them."""

import pytest

from ingest.characters import clean_text


@pytest.mark.parametrize(
    ("raw", "published"),
    [
        ("e\u0301tat civil", "état civil"),
        ("8\u00a0h\u202f30", "8 h 30"),
        ("sta\u00adtion\u00adnement", "stationnement"),
        ("ﬁche oﬃcielle du ﬂeuve", "fiche officielle du fleuve"),
        ("  deux \n lignes\t", "deux lignes"),
        ("\ufeffdébut\u200b", "début"),
        ("ﻻ", "لا"),
        ("a\x00b\x07c", "abc"),
        ("1\u00a0234,50\u00a0€", "1 234,50 €"),
        ("m² et m³ restent", "m² et m³ restent"),
        ("prix\U000e0041\U000e007f libre\U000e0121\U000e20ac\ufe01", "prix libre"),
        ("\u061cab\u2063cd", "abcd"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_text_is_composed_plain_and_visible(raw: str, published: str) -> None:
    assert clean_text(raw) == published
