"""The rows of an HTML table, merged cells filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bs4 import Tag

_COLUMNS = 50
"""Most columns a table of a guide may have; what a merged cell claims beyond is ignored."""


def table_rows(table: Tag, words: Callable[[Tag], str]) -> Iterator[tuple[list[str], bool]]:
    """Yield the cells of each row and whether the row is the table's header.

    A cell merged over several rows is repeated in each, so that every row can be quoted alone;
    merged over several columns it stands in the first and leaves the others empty.
    """
    hanging: dict[int, tuple[str, int]] = {}
    for number, row in enumerate(table.find_all("tr")):
        cells: list[str] = []
        tags = row.find_all(["td", "th"], recursive=False)
        pending = list(tags)
        while pending or any(column >= len(cells) for column in hanging):
            column = len(cells)
            if column >= _COLUMNS:
                break
            if column in hanging:
                text, left = hanging.pop(column)
                cells.append(text)
                if left > 1:
                    hanging[column] = (text, left - 1)
            elif pending:
                tag = pending.pop(0)
                text = words(tag)
                cells.append(text)
                if (down := _span(tag, "rowspan")) > 1:
                    hanging[column] = (text, down - 1)
                cells.extend([""] * (_span(tag, "colspan") - 1))
            else:
                cells.append("")
        in_head = row.find_parent("thead") is not None
        only_th = bool(tags) and all(tag.name == "th" for tag in tags)
        yield cells, in_head or (number == 0 and only_th)


def _span(tag: Tag, name: str) -> int:
    value = str(tag.get(name, "1"))
    return max(1, min(int(value), _COLUMNS)) if value.isdecimal() else 1
