from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from civic_assistant.chat.asked_language import asked_language


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({"cookie": "civic_language=ar", "accept-language": "de"}, "ar"),
        ({"cookie": "civic_language=klingon", "accept-language": "de-AT,fr;q=0.5"}, "de"),
        ({"accept-language": "nl,pt-BR;q=0.8"}, "pt"),
        ({"accept-language": "nl"}, "fr"),
        ({"cookie": "\x00;=;broken"}, "fr"),
        ({}, "fr"),
    ],
)
def test_the_cookie_comes_first_then_the_browser_then_the_town(
    headers: dict[str, str], language: str
) -> None:
    assert asked_language(Headers(headers), "fr") == language
