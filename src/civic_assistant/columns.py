"""Tables with a column for each rate: whether an amount is said with the rate of another column."""

from __future__ import annotations

from collections.abc import Sequence

from civic_assistant.comparison import Text
from civic_assistant.figures import Figure, figures_of, stands_among

CELLS = " | "


def misplaced_rate(said: Text, header: str, row: str, language: str) -> Figure | None:
    """Return the rate that a sentence gives an amount of a row and its column does not, or None.

    ``header`` and ``row`` are rows of one table in ``language``, their cells parted by `CELLS`.
    Only a sentence of one amount and one rate is read: of more, it is not sure which belong
    together.
    """
    amounts = [figure for figure in said.figures if figure.kind == "amount"]
    rates = [figure for figure in said.figures if figure.kind == "rate"]
    heads, cells = header.split(CELLS), row.split(CELLS)
    if len(amounts) != 1 or len(rates) != 1 or len(heads) != len(cells):
        return None
    columns = [
        (_is_in(amounts[0], cell, language), _is_in(rates[0], f"{head}\n{cell}", language))
        for head, cell in zip(heads, cells, strict=True)
    ]
    own = [has_rate for has_amount, has_rate in columns if has_amount]
    others: Sequence[bool] = [has_rate for has_amount, has_rate in columns if not has_amount]
    return rates[0] if own and not any(own) and any(others) else None


def _is_in(figure: Figure, text: str, language: str) -> bool:
    return stands_among(figure, figures_of(text, language))
