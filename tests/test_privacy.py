from __future__ import annotations

import pytest

from civic_assistant.language_model.named import NamedEndpoint
from civic_assistant.messages import PAGE_LANGUAGES, messages_for
from civic_assistant.privacy import privacy_notice
from civic_assistant.settings import Settings


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_the_notice_says_the_days_that_are_set(language: str) -> None:
    settings = Settings(town="Vaubreuil", journal_days=77, request_days=333, conversation_days=41)
    notice = privacy_notice(settings, language)

    assert all(days in notice for days in ("77", "333", "41"))
    assert "Vaubreuil" in notice
    assert "{" not in notice


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_the_notice_says_that_a_model_may_help_staff_only_where_it_may(language: str) -> None:
    named = NamedEndpoint(name="near", address="http://127.0.0.1:9/v1", model="m")
    told = messages_for(language).text("welcome.privacy_staff")
    settings = Settings(language_models=(named,))
    assert told in privacy_notice(settings, language)
    off: tuple[dict[str, object], ...] = (
        {"language_models": ()},
        {"language_model_helps_staff": False},
    )
    for update in off:
        assert told not in privacy_notice(settings.model_copy(update=update), language)
