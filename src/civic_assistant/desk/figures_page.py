"""The figures of the human side: what was asked, waited for and solved, drawn and as CSV."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import quantiles
from typing import Annotated, get_args

from babel.dates import format_date
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from civic_assistant.desk.pages import page
from civic_assistant.desk.plots import Plot, bars
from civic_assistant.desk.reception import Reception
from civic_assistant.desk.sessions import Member
from civic_assistant.desk.visit import At, NotAllowed, Staff
from civic_assistant.desk.words import words_of
from civic_assistant.handoff.events import EventKind
from civic_assistant.handoff.figures import FigureRow, Grouping, as_csv
from civic_assistant.messages import Messages, language_name

routes = APIRouter()

GROUPINGS: tuple[Grouping, ...] = get_args(Grouping)
DAYS = 28
"""How many days are shown when none are asked for."""
LONGEST = 366
TOTALS: tuple[EventKind, ...] = (
    "asked", "offered", "accepted", "left", "waited", "answered", "abandoned", "closed", "solved",
)  # fmt: skip
_DRAWN: tuple[Grouping, ...] = ("day", "reason", "language", "desk", "hour", "weekday")
_BARS: tuple[EventKind, ...] = ("asked", "answered", "solved")

Day = Annotated[date | None, Query()]


@routes.get("/figures")
def figures(
    request: Request, reception: At, member: Staff, since: Day = None, until: Day = None
) -> Response:
    """Show totals, waiting times and a plot for each grouping."""
    first, last = _span(reception, member, since, until)
    words, counted = words_of(request), reception.handoff.figures
    totals = next(iter(counted.counts(first, last)), FigureRow("", {}, {}))
    return page(
        request,
        "figures.html",
        member,
        is_away=reception.be_present(member),
        since=first,
        until=last,
        totals=[(kind, totals.counts.get(kind, 0)) for kind in TOTALS],
        waits=_waits(counted.seconds("waited", first, last)),
        plots=[_plot(reception, words, by, first, last) for by in _DRAWN],
        groupings=GROUPINGS,
        is_empty=not totals.counts,
    )


@routes.get("/figures.csv")
def figures_csv(
    reception: At,
    member: Staff,
    since: Day = None,
    until: Day = None,
    by: Annotated[Grouping, Query()] = "day",
) -> Response:
    """Return one grouping as CSV."""
    first, last = _span(reception, member, since, until)
    text = as_csv(reception.handoff.figures.counts(first, last, by), by)
    name = f"civic-{by}-{first.isoformat()}-{last.isoformat()}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _span(
    reception: Reception, member: Member, since: date | None, until: date | None
) -> tuple[date, date]:
    """Return the days to count, a year at most; figures are for leads."""
    if not member.is_lead:
        raise NotAllowed
    last = until or reception.clock().astimezone(reception.handoff.desks.zone).date()
    first = min(since or last - timedelta(days=DAYS - 1), last)
    return max(first, last - timedelta(days=LONGEST)), last


def _waits(seconds: tuple[float, ...]) -> tuple[int, int] | None:
    """Return the median and the ninth decile of the waiting times in whole minutes, if any."""
    if len(seconds) < 2:
        return (round(seconds[0] / 60), round(seconds[0] / 60)) if seconds else None
    tenths = quantiles(seconds, n=10, method="inclusive")
    return round(tenths[4] / 60), round(tenths[8] / 60)


def _plot(reception: Reception, words: Messages, by: Grouping, first: date, last: date) -> Plot:
    rows = reception.handoff.figures.counts(first, last, by)
    found = {row.group: row for row in rows}
    axis = _axis(by, first, last, tuple(found))
    if axis:
        rows = tuple(found.get(group, FigureRow(group, {}, {})) for group in axis)
    groups = [(_label(reception, words, by, row.group), row.counts) for row in rows]
    labels = {kind: words.text(f"figures.{kind}") for kind in _BARS}
    return bars(by, groups, labels, is_time=by in ("day", "hour", "weekday"))


def _axis(by: Grouping, first: date, last: date, found: tuple[str, ...]) -> tuple[str, ...]:
    """Return every group of a time axis, those without a figure too; empty for names."""
    match by:
        case "day":
            days = range((last - first).days + 1)
            return tuple((first + timedelta(days=number)).isoformat() for number in days)
        case "weekday":
            return tuple(str(number) for number in range(7))
        case "hour" if found:
            hours = [int(hour) for hour in found]
            return tuple(str(hour) for hour in range(min(hours), max(hours) + 1))
        case _:
            return ()


def _label(reception: Reception, words: Messages, by: Grouping, group: str) -> str:
    match by:
        case "reason" | "close_reason":
            key = f"{by}.{group}"
            return words.text(key) if key in words.texts else group or "–"
        case "language":
            return language_name(group, words.language)
        case "desk":
            return reception.handoff.desks.known(group).name
        case "hour":
            return f"{group} h"
        case "weekday":
            return words.text(f"weekday.{group}")
        case "day":
            locale = "en_GB" if words.language == "en" else words.language
            return str(format_date(date.fromisoformat(group), "d MMM", locale=locale))
