from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from civic_assistant import requests as module
from civic_assistant.errors import ContactInvalid, RecordMissing
from civic_assistant.journal import Journal
from civic_assistant.requests import Request, Requests, usable_contact
from tests.store.turns import AT, a_turn


def leave(engine: Engine, **changes: str | None) -> str:
    values: dict[str, str | None] = {"question": "Où voter ?", "contact": "a@b.fr"}
    values |= {"language": "fr", "name": None, "turn_id": None} | changes
    return Requests(engine).leave(now=AT, **values)  # type: ignore[arg-type]


def test_a_request_is_kept_as_the_citizen_sent_it(engine: Engine) -> None:
    Journal(engine).record(a_turn())
    number = leave(engine, name=" Ana ", contact="06 12 34 56 78", turn_id="t-1")

    (kept,) = Requests(engine).open_requests()
    assert kept == Request(
        number, AT, "fr", "Où voter ?", "+33 6 12 34 56 78", "Ana", "t-1", "open"
    )


def test_a_turn_that_was_not_kept_stops_no_request(engine: Engine) -> None:
    number = leave(engine, turn_id="t-9")
    assert Requests(engine).request(number).turn_id is None


def test_a_number_can_be_said_on_the_phone(engine: Engine) -> None:
    number = leave(engine)

    assert re.fullmatch(r"[CFHJKMQRTVWX234679]{3}-[CFHJKMQRTVWX234679]{3}", number)
    assert Requests(engine).request(number.lower().replace("-", " ")).number == number


def test_a_number_that_is_taken_is_drawn_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["CCC-CCC", "CCC-CCC", "FFF-FFF"])
    monkeypatch.setattr(module, "_new_number", lambda: next(drawn))

    assert [leave(engine), leave(engine)] == ["CCC-CCC", "FFF-FFF"]


def test_open_requests_come_oldest_first_and_closed_ones_not(engine: Engine) -> None:
    requests = Requests(engine)
    numbers = [
        requests.leave(
            question=str(day), contact="a@b.fr", language="fr", now=AT - timedelta(days=day)
        )
        for day in range(3)
    ]
    requests.close(numbers[1])

    assert [request.question for request in requests.open_requests()] == ["2", "0"]
    assert requests.request(numbers[1]).status == "closed"


def test_an_erased_request_is_gone(engine: Engine) -> None:
    number = leave(engine)
    Requests(engine).erase(number)

    for act in (Requests(engine).erase, Requests(engine).close, Requests(engine).request):
        with pytest.raises(RecordMissing, match=number):
            act(number)


def test_long_texts_are_cut_at_their_limit(engine: Engine) -> None:
    kept = Requests(engine).request(leave(engine, question="é" * 20_000, name="n" * 500))
    assert (len(kept.question), len(kept.name or "")) == (10_000, 120)


def test_nothing_personal_is_logged(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    number = leave(engine, name="Ana", contact="ana@exemple.fr")
    Requests(engine).erase(number)

    assert "left" in caplog.text and "erased" in caplog.text
    assert not [word for word in (number, "Ana", "ana@", "voter") if word in caplog.text]


@pytest.mark.parametrize(
    ("contact", "kept"),
    [
        (" ana.lopez+x@exemple.fr ", "ana.lopez+x@exemple.fr"),
        ("ana@mairie.vaubreuil.example", "ana@mairie.vaubreuil.example"),
        ("élise@société.fr", "élise@société.fr"),
        ("0612345678", "+33 6 12 34 56 78"),
        ("03 53 01 20 00", "+33 3 53 01 20 00"),
        ("+44 20 7946 0958", "+44 20 7946 0958"),
        ("٠٦١٢٣٤٥٦٧٨", "+33 6 12 34 56 78"),
    ],
)
def test_a_contact_that_reaches_somebody_is_taken(contact: str, kept: str) -> None:
    assert usable_contact(contact) == kept


UNUSABLE = (
    "", "  ", "ana", "ana@", "@b.fr", "a@b", "a b@c.fr", "a..b@c.fr", "a@-c.fr", "06 12", "12345",
    "a@b.fr, c@d.fr", "x" * 300 + "@b.fr", "0" * 400, "a@b.fr\nBcc: c@d.fr", "+999 123456",
)  # fmt: skip


@pytest.mark.parametrize("contact", UNUSABLE)
def test_any_other_contact_is_invalid_and_not_quoted(contact: str) -> None:
    with pytest.raises(ContactInvalid) as caught:
        usable_contact(contact)
    assert not contact.strip() or contact not in str(caught.value)
