"""The desks of the town hall: reception and the departments', with their hours, from a file."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, time, timedelta
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from civic_assistant.errors import RecordMissing, SettingsError
from civic_assistant.handoff.hours import Hours, Span, is_region

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_LONGEST_EXCEPTION = 366


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk: where a person answers, for which departments of the guides, and when."""

    id: str
    name: str
    departments: tuple[str, ...]
    hours: Hours


@dataclass(frozen=True, slots=True)
class Desks:
    """All desks, in the file's order; the first one, reception, takes what no other does."""

    all: tuple[Desk, ...]
    zone: ZoneInfo

    @property
    def default(self) -> Desk:
        """Reception."""
        return self.all[0]

    def desk(self, desk_id: str) -> Desk:
        """Return the desk of this id. Raises `RecordMissing`."""
        for desk in self.all:
            if desk.id == desk_id:
                return desk
        known = ", ".join(desk.id for desk in self.all)
        raise RecordMissing(f"desk {desk_id!r}: not among {known}; see the setting 'desks_file'.")

    def known(self, desk_id: str) -> Desk:
        """Return the desk of this id, or reception when the file no longer has it."""
        return next((desk for desk in self.all if desk.id == desk_id), self.default)

    def for_department(self, department: str | None) -> Desk:
        """Return the desk that answers for a guide's department, else reception."""
        asked = (department or "").casefold()
        for desk in self.all:
            if asked in (name.casefold() for name in desk.departments):
                return desk
        return self.default


def load_desks(path: Path | None) -> Desks:
    """Return the desks of a TOML file, or those of the fictional town shipped with the product.

    Raises `SettingsError` that names the file, the place in it and what is wrong.
    """
    shipped = resources.files(__package__ or "civic_assistant.handoff").joinpath("desks.toml")
    try:
        text = (path or shipped).read_text(encoding="utf-8")
        file = _File.model_validate(tomllib.loads(text))
    except OSError as error:
        raise _unusable(path, f"cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _unusable(path, f"is no TOML ({error})") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise _unusable(path, faults) from error
    zone = ZoneInfo(file.timezone)
    closures = _by_day(file.closure)
    return Desks(
        tuple(
            Desk(
                desk.id,
                desk.name,
                tuple(desk.departments),
                Hours(zone, desk.week.spans(), closures | _by_day(desk.exception), file.region),
            )
            for desk in file.desk
        ),
        zone,
    )


def _unusable(path: Path | None, fault: str) -> SettingsError:
    name = str(path) if path else "desks.toml"
    return SettingsError(f"setting 'desks_file': {name!r} {fault}; correct it.")


def _span(value: object) -> Span:
    match = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError("write a span as '08:30-12:00'")
    from_hour, from_minute, to_hour, to_minute = map(int, match.groups())
    span = Span(time(from_hour, from_minute), time(to_hour, to_minute))
    if span.start >= span.end:
        raise ValueError("a span must end after it starts, on the same day")
    return span


def _in_order(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    for earlier, later in pairwise(spans):
        if later.start < earlier.end:
            raise ValueError("spans of a day must be in order and must not overlap")
    return spans


_Spans = tuple[Annotated[Span, BeforeValidator(_span)], ...]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class _Week(_Strict):
    monday: _Spans = ()
    tuesday: _Spans = ()
    wednesday: _Spans = ()
    thursday: _Spans = ()
    friday: _Spans = ()
    saturday: _Spans = ()
    sunday: _Spans = ()

    @model_validator(mode="after")
    def _check(self) -> _Week:
        self.spans()
        return self

    def spans(self) -> tuple[tuple[Span, ...], ...]:
        return tuple(_in_order(getattr(self, day)) for day in _WEEKDAYS)


class _Exception(_Strict):
    from_day: date = Field(alias="from")
    until: date
    open: _Spans = ()

    @model_validator(mode="after")
    def _check(self) -> _Exception:
        _in_order(self.open)
        if not timedelta(0) <= self.until - self.from_day <= timedelta(days=_LONGEST_EXCEPTION):
            raise ValueError("'until' must not come before 'from', nor more than a year after")
        return self


class _Desk(_Strict):
    id: str = Field(pattern=r"^[a-z0-9-]{1,64}$")
    name: str = Field(min_length=1, max_length=120)
    departments: tuple[str, ...] = ()
    week: _Week = _Week()
    exception: tuple[_Exception, ...] = ()


class _File(_Strict):
    timezone: str = "Europe/Paris"
    region: str | None = None
    closure: tuple[_Exception, ...] = ()
    desk: tuple[_Desk, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _check(self) -> _File:
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"timezone {self.timezone!r} is not known") from None
        if self.region is not None and not is_region(self.region):
            raise ValueError(f"region {self.region!r} has no public holidays of its own")
        if len({desk.id for desk in self.desk}) != len(self.desk):
            raise ValueError("two desks have the same id")
        return self


def _by_day(exceptions: tuple[_Exception, ...]) -> dict[date, tuple[Span, ...]]:
    return {
        exception.from_day + timedelta(days=number): exception.open
        for exception in exceptions
        for number in range((exception.until - exception.from_day).days + 1)
    }
