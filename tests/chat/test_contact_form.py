from __future__ import annotations

import json

from civic_assistant.chat.contact_form import Letter, form_props, read_letter
from civic_assistant.messages import messages_for
from civic_assistant.settings import Settings

SETTINGS = Settings(question_length=60)
FRENCH = messages_for("fr")


def test_a_complete_form_is_a_letter() -> None:
    sent = {"question": " Où ? ", "contact": " a@b.example ", "name": " Ada ", "consent": True}
    assert read_letter(sent, FRENCH, SETTINGS) == Letter("Où ?", "a@b.example", "Ada")


def test_everything_missing_is_named_by_field() -> None:
    problems = read_letter({}, FRENCH, SETTINGS)
    assert isinstance(problems, dict)
    assert sorted(problems) == ["consent", "contact", "question"]


def test_the_browser_is_not_trusted_with_types_lengths_or_consent() -> None:
    sent: dict[str, object] = {
        "question": "x" * 61,
        "contact": ["a@b.example"],
        "name": "n" * 200,
        "consent": "yes",
    }
    problems = read_letter(sent, FRENCH, SETTINGS)
    assert isinstance(problems, dict)
    assert sorted(problems) == ["consent", "contact", "name", "question"]
    assert "60" in problems["question"]


def test_the_form_is_filled_with_the_question_and_speaks_the_language() -> None:
    props = form_props("كم؟", messages_for("ar"), SETTINGS)
    assert (props["question"], props["direction"]) == ("كم؟", "rtl")
    json.dumps(props)
