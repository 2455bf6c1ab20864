from __future__ import annotations

import pytest

from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.privacy import privacy_notice
from civic_assistant.settings import Settings


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_the_notice_says_the_days_that_are_set(language: str) -> None:
    settings = Settings(town="Vaubreuil", journal_days=77, request_days=333, conversation_days=41)
    notice = privacy_notice(settings, language)

    assert all(days in notice for days in ("77", "333", "41"))
    assert "Vaubreuil" in notice
    assert "{" not in notice
