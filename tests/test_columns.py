"""An amount belongs to its column's rate."""

from __future__ import annotations

import pytest

from civic_assistant.columns import misplaced_rate
from civic_assistant.comparison import Text

HEADER = "Droit de stationnement | Par mois | Par an"
ROW = "Premier véhicule du foyer | 15 € | 150 €"


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Le premier véhicule coûte 15 € par an.", "fr"),
        ("The first vehicle costs €150 a month.", "en"),
        ("Das erste Fahrzeug kostet 15 € im Jahr.", "de"),
    ],
)
def test_the_rate_of_another_column_is_told(sentence: str, language: str) -> None:
    figure = misplaced_rate(Text.read(sentence, language), HEADER, ROW, "fr")
    assert figure is not None
    assert figure.kind == "rate"


@pytest.mark.parametrize(
    ("sentence", "header", "row"),
    [
        ("The first vehicle costs €15 a month.", HEADER, ROW),
        ("The first vehicle costs €15 a month or €150 a year.", HEADER, ROW),
        ("The first vehicle costs €15.", HEADER, ROW),
        ("The badge costs €15 a year.", "Badge | Tarif", "Badge | 15 € par an"),
        ("The badge costs €15 a year.", "Badge | Par mois", "Badge | 15 € | 150 €"),
    ],
)
def test_an_amount_in_its_column_is_not(sentence: str, header: str, row: str) -> None:
    assert misplaced_rate(Text.read(sentence, "en"), header, row, "fr") is None
