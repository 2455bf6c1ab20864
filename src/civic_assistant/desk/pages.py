"""The desk's pages: Jinja templates with the visitor's words, escaped unless said otherwise."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache, partial
from hashlib import sha256
from importlib import resources
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from civic_assistant.desk.sessions import Member, form_token
from civic_assistant.desk.verifying import suspended_answers
from civic_assistant.desk.visit import SESSION_COOKIE, reception_of
from civic_assistant.desk.words import DESK_LANGUAGES, words_of
from civic_assistant.messages import is_right_to_left, language_name

TOWN_ZONE = ZoneInfo("Europe/Paris")


def page(
    request: Request,
    template: str,
    member: Member | None,
    status: int = 200,
    /,
    **values: object,
) -> HTMLResponse:
    """Return a page or a part of one; ``member`` is who is signed in, if anybody."""
    return HTMLResponse(rendered(request, template, member, **values), status)


def rendered(request: Request, template: str, member: Member | None, /, **values: object) -> str:
    """Return a template filled with values and the words that every page needs."""
    words, reception = words_of(request), reception_of(request)
    locale = "en_GB" if words.language == "en" else words.language
    token = request.cookies.get(SESSION_COOKIE, "")
    return (
        _environment()
        .get_template(template)
        .render(
            {
                "t": words.text,
                "has_text": words.texts.__contains__,
                "language": words.language,
                "desk_languages": DESK_LANGUAGES,
                "member": member,
                "csrf": form_token(token) if token else "",
                "town": reception.settings.town,
                "can_draft": reception.product.drafter is not None,
                "can_sum_up": reception.product.summariser is not None,
                "path": request.url.path,
                "suspended_answers": partial(suspended_answers, reception),
                "language_name": partial(language_name, shown_in=words.language),
                "moment": partial(_moment, now=reception.clock(), locale=locale),
                **values,
            }
        )
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__ or "civic_assistant.desk"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["version"] = _asset_version()
    environment.filters["direction"] = lambda tag: "rtl" if is_right_to_left(str(tag)) else "ltr"
    environment.filters["keyed"] = _keyed
    return environment


@lru_cache(maxsize=1)
def _asset_version() -> str:
    """Return a mark that changes with the static files, for their addresses."""
    digest = sha256()
    static = resources.files(__package__) / "static"
    for file in sorted(static.iterdir(), key=lambda entry: entry.name):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _keyed(text: str, key: str) -> Markup:
    """Return a label with the key that does the same."""
    return Markup('<span>{}</span> <kbd class="key">{}</kbd>').format(text, key)


def _moment(at: datetime, now: datetime | None, locale: str) -> str:
    """Return the hour of a moment, with its day when it is another than that of ``now``."""
    here = at.astimezone(TOWN_ZONE)
    is_today = now is not None and now.astimezone(TOWN_ZONE).date() == here.date()
    pattern = "HH:mm" if is_today else "d MMM, HH:mm"
    return str(format_datetime(here, pattern, locale=locale))
