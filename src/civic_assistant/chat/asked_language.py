"""Which of the page's languages a browser asks for."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers

from civic_assistant.messages import page_language

LANGUAGE_COOKIE = "civic_language"
"""Set by the page's script to the language it is shown in."""


def asked_language(headers: Headers, town_language: str) -> str:
    """Return the page language a browser asks for: the page's cookie, then Accept-Language."""
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(LANGUAGE_COOKIE)
    except CookieError:
        cookie = None
    chosen = page_language(cookie.value) if cookie else None
    accepted = headers.get("accept-language", "").split(",")
    spoken = (page_language(entry.split(";")[0]) for entry in accepted)
    return chosen or next(filter(None, spoken), None) or page_language(town_language) or "fr"
