"""The buttons with the cases that a guide distinguishes: what they show, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping

from civic_assistant.chat.page_words import direction
from civic_assistant.messages import Messages
from civic_assistant.outcomes import AskedDetail

CHOOSE_ACTION = "choose_case"


def choice_props(detail: AskedDetail, turn_id: str, messages: Messages) -> Mapping[str, object]:
    """Return what ``CaseChoice.jsx`` is given: the guide's labels, and a last one for the others.

    The labels stay in the guide's language; the last button is in the page's.
    """
    options = [
        {"text": label, "language": detail.language, "direction": direction(detail.language)}
        for label in detail.options
    ]
    other = {
        "text": messages.text("detail.other"),
        "language": messages.language,
        "direction": direction(messages.language),
    }
    return {
        "turn": turn_id,
        "spoken": messages.language,
        "direction": direction(messages.language),
        "label": messages.text("detail.which"),
        "options": [*options, other],
    }


def chosen_text(
    payload: Mapping[str, object], detail: AskedDetail, messages: Messages
) -> str | None:
    """Return the words of the button that was pressed, or None when there is no such button.

    The browser is not trusted: it says only the button's place, counted from 0.
    """
    place = payload.get("option")
    texts = (*detail.options, messages.text("detail.other"))
    if isinstance(place, bool) or not isinstance(place, int) or not 0 <= place < len(texts):
        return None
    return texts[place]


def chosen_again(payload: Mapping[str, object], props: Mapping[str, object]) -> str | None:
    """Return the words of a button as it was stored (what ``choice_props`` returned), or None."""
    place, options = payload.get("option"), props.get("options")
    if isinstance(place, bool) or not isinstance(place, int) or not isinstance(options, list):
        return None
    option = options[place] if 0 <= place < len(options) else None
    return str(option["text"]) if isinstance(option, dict) and option.get("text") else None
