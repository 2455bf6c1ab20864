"""The rows of a table, with merged cells given back to every row they belong to."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.readers.service_public.tree import Node
from ingest.readers.service_public.words import sentence_list, words_of

_WIDEST = 50


def rows_of(table: Node) -> Iterator[tuple[list[str], bool]]:
    """Yield each row's cells and whether it is a header.

    A cell that spans rows is repeated in each, so that a row can be quoted alone; one that spans
    columns is followed by empty cells, so that what comes after stays under its header.
    """
    pending: dict[int, tuple[str, int]] = {}
    for row in table.all("Rangée"):
        cells: list[str] = []
        for cell in row.all("Cellule"):
            _repeat(pending, cells)
            text = _cell_text(cell)
            width = _span(cell, "fusionHorizontale")
            if (height := _span(cell, "fusionVerticale")) > 1:
                pending[len(cells)] = (text, height - 1)
                for offset in range(1, width):
                    pending[len(cells) + offset] = ("", height - 1)
            cells.extend([text, *[""] * (width - 1)])
        _repeat(pending, cells)
        yield cells, row.attributes.get("type") == "header"


def _repeat(pending: dict[int, tuple[str, int]], cells: list[str]) -> None:
    """Add the cells of rows above that reach into this row at this column."""
    while (column := len(cells)) in pending:
        text, rows_left = pending.pop(column)
        if rows_left > 1:
            pending[column] = (text, rows_left - 1)
        cells.append(text)


def _span(cell: Node, name: str) -> int:
    value = cell.attributes.get(name, "")
    return min(int(value), _WIDEST) if value.isdecimal() and int(value) > 0 else 1


def _cell_text(cell: Node) -> str:
    return sentence_list([words_of(part) for part in cell.below("Paragraphe")])
