"""The gap report: what citizens asked and did not get, drawn, as a table and as CSV."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from babel.dates import format_date
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from civic_assistant.desk.pages import page
from civic_assistant.desk.plots import SPARK_HEIGHT, SPARK_WIDTH, Plot, bars, spark
from civic_assistant.desk.reception import Reception
from civic_assistant.desk.visit import At, NotAllowed, Staff
from civic_assistant.desk.words import words_of
from civic_assistant.gaps.gap import CAME_TO, Gap, GapReport
from civic_assistant.gaps.sheet import as_csv
from civic_assistant.messages import PAGE_LANGUAGES, Messages, language_name

routes = APIRouter()

PERIODS = (7, 28, 90)
"""Days that can be chosen, as far as the journal keeps them."""
SHOWN = 50
"""Gaps on a page."""
NO_DEPARTMENT = "-"
"""Stands for gaps without a near guide, so that no department is nearest."""
_SERIES = "questions"


@dataclass(frozen=True, slots=True)
class Choice:
    """What is shown: the last ``days``, one language or all, one department or all.

    With ``once``, what one conversation alone asked is shown too.
    """

    days: int
    language: str
    department: str
    once: bool

    def query(self, number: int = 1) -> str:
        """Return the address's query for a page of the same choice."""
        chosen: dict[str, object] = {"days": self.days}
        chosen |= {"language": self.language} if self.language else {}
        chosen |= {"department": self.department} if self.department else {}
        chosen |= {"once": "true"} if self.once else {}
        return urlencode(chosen | ({"number": number} if number > 1 else {}))


def chosen(
    reception: At,
    member: Staff,
    days: Annotated[int, Query(ge=1, le=3650)] = 28,
    language: Annotated[str, Query(max_length=8)] = "",
    department: Annotated[str, Query(max_length=200)] = "",
    once: bool = False,
) -> Choice:
    """Return what is asked for; the report is for leads and editors. Raises `NotAllowed`."""
    if not (member.is_lead or member.is_editor):
        raise NotAllowed
    days = min(days, reception.settings.journal_days)
    return Choice(days, language if language in PAGE_LANGUAGES else "", department, once)


Chosen = Annotated[Choice, Depends(chosen)]


@routes.get("/gaps")
def gaps(
    request: Request,
    reception: At,
    member: Staff,
    choice: Chosen,
    number: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Show the totals, the plots and a page of the table."""
    words = words_of(request)
    report, shown = _shown(reception, choice)
    pages = max(1, -(-len(shown) // SHOWN))
    number = min(number, pages)
    return page(
        request,
        "gaps.html",
        member,
        is_away=reception.be_present(member),
        choice=choice,
        report=report,
        shown=shown[SHOWN * (number - 1) : SHOWN * number],
        count=len(shown),
        questions=sum(gap.questions for gap in shown),
        once_count=sum(gap.conversations == 1 for gap in report.gaps),
        number=number,
        pages=pages,
        periods=_periods(reception),
        languages=PAGE_LANGUAGES,
        departments=_departments(report),
        no_department=NO_DEPARTMENT,
        plots=_plots(words, report, shown),
        spark=spark,
        spark_size=(SPARK_WIDTH, SPARK_HEIGHT),
        day=partial(_day, reception, words),
    )


@routes.get("/gaps.csv")
def gaps_csv(reception: At, choice: Chosen) -> Response:
    """Return what is chosen as CSV, every page of it."""
    report, shown = _shown(reception, choice)
    last = report.until.astimezone(reception.handoff.desks.zone).date()
    name = f"civic-gaps-{choice.days}-{last.isoformat()}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    text = as_csv(shown, report.weeks)
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _shown(reception: Reception, choice: Choice) -> tuple[GapReport, list[Gap]]:
    report = reception.product.gaps.report(reception.clock(), choice.days, choice.language)
    shown = [
        gap
        for gap in report.gaps
        if (choice.once or gap.conversations > 1) and choice.department in ("", _department(gap))
    ]
    return report, shown


def _department(gap: Gap) -> str:
    nearest = gap.nearest
    return (
        nearest.department if nearest and nearest.is_near and nearest.department else NO_DEPARTMENT
    )


def _departments(report: GapReport) -> list[str]:
    return sorted({_department(gap) for gap in report.gaps} - {NO_DEPARTMENT})


def _periods(reception: Reception) -> list[int]:
    kept = reception.settings.journal_days
    return sorted({min(days, kept) for days in (*PERIODS, kept)})


def _plots(words: Messages, report: GapReport, shown: Sequence[Gap]) -> list[Plot]:
    """Return what is shown by week, by what came of it, by language and by department."""
    weeks = [sum(counts) for counts in zip(*(gap.weeks for gap in shown), strict=True)]
    came_to: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    departments: Counter[str] = Counter()
    for gap in shown:
        came_to.update(gap.came_to)
        languages.update(gap.languages)
        departments[_department(gap)] += gap.questions
    locale = "en_GB" if words.language == "en" else words.language
    by_week = [
        (str(format_date(monday, "d MMM", locale=locale)), count)
        for monday, count in zip(report.weeks, weeks or [0] * len(report.weeks), strict=True)
    ]
    outcomes = [(words.text(f"gaps.came_to.{came}"), came_to[came]) for came in CAME_TO]
    spoken = [(language_name(tag, words.language), n) for tag, n in languages.most_common()]
    held = [
        (words.text("gaps.no_department") if name == NO_DEPARTMENT else name, count)
        for name, count in departments.most_common()
    ]
    return [
        _plot(words, "week", by_week, is_time=True),
        _plot(words, "came_to", outcomes),
        _plot(words, "language", spoken),
        _plot(words, "department", held),
    ]


def _plot(
    words: Messages, name: str, groups: Sequence[tuple[str, int]], *, is_time: bool = False
) -> Plot:
    counted = [(label, {_SERIES: count}) for label, count in groups]
    return bars(name, counted, {_SERIES: words.text("gaps.questions")}, is_time=is_time)


def _day(reception: Reception, words: Messages, at: date) -> str:
    here = at.astimezone(reception.handoff.desks.zone) if isinstance(at, datetime) else at
    locale = "en_GB" if words.language == "en" else words.language
    return str(format_date(here, "d MMM y", locale=locale))
