"""Gaps as CSV, for a spreadsheet: one line a gap."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from civic_assistant.errors import SettingsError
from civic_assistant.gaps.gap import CAME_TO, Gap

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(gaps: Iterable[Gap], weeks: Sequence[date]) -> str:
    """Return a line for each gap: what it is called, its counts, each week's, the nearest guide.

    A text that a spreadsheet would take for a formula is given an apostrophe first.
    """
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(
        [
            "gap", "topic", "language", "languages", "questions", "conversations", "since", "last",
            "trend", *CAME_TO, *(f"week_{monday.isoformat()}" for monday in weeks),
            "nearest_guide", "nearest_title", "department", "theme", "is_near", "is_new",
            "samples", "staff_replies",
        ]
    )  # fmt: skip
    for gap in gaps:
        table.writerow([_plain(value) for value in _row(gap)])
    return written.getvalue()


def write_csv(path: Path, text: str) -> None:
    """Write a CSV file that its owner alone reads. Raises `SettingsError` when it cannot be."""
    try:
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            f"file {str(path)!r}: cannot be written ({error.strerror}); name one in a folder that "
            "may be written."
        ) from error


def _row(gap: Gap) -> list[object]:
    nearest = gap.nearest
    about = (
        [
            nearest.guide_id,
            nearest.title,
            nearest.department,
            " > ".join(nearest.theme),
            _yes(nearest.is_near),
            _yes(nearest.is_new),
        ]
        if nearest
        else [""] * 6
    )
    return [
        gap.id,
        gap.title,
        gap.language,
        " ".join(f"{tag}:{count}" for tag, count in gap.languages.items()),
        gap.questions,
        gap.conversations,
        gap.since.isoformat(timespec="seconds"),
        gap.last.isoformat(timespec="seconds"),
        gap.trend,
        *(gap.came_to.get(came, 0) for came in CAME_TO),
        *gap.weeks,
        *about,
        " | ".join(sample.text for sample in gap.samples),
        " | ".join(reply.text for reply in gap.replies),
    ]


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"


def _plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
