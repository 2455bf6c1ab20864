"""A citizen's question left with a contact, for a person of the town hall to answer.

The question is kept as the citizen sent it to a person, with their consent: the person needs what
the journal must not keep. Logged: that a request was left, closed or erased. Never its number,
contact, name or text.
"""

from __future__ import annotations

import logging
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

import phonenumbers
from sqlalchemy import Connection, Engine, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from civic_assistant.errors import ContactInvalid, RecordMissing, RecordsUnusable
from civic_assistant.limits import plain_text
from civic_assistant.records import REQUESTS, TURNS, reading, scrub, writing

logger = logging.getLogger(__name__)

RequestStatus = Literal["open", "closed"]

QUESTION_LIMIT = 10_000
NAME_LIMIT = 120
CONTACT_LIMIT = 254  # of an e-mail address, RFC 5321

# No vowels, so that no number is a word; no signs that look or sound like one another.
_SIGNS = "CFHJKMQRTVWX234679"
_TRIES = 20
_EMAIL = re.compile(
    r"[^\s@<>()\[\],;:\"\\]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}"
)


@dataclass(frozen=True, slots=True)
class Request:
    """A question for a person: its number, when and in which language, whom to answer and how."""

    number: str
    at: datetime
    language: str
    question: str
    contact: str
    name: str | None
    turn_id: str | None
    status: RequestStatus


class Requests:
    """Requests are left, listed, closed and erased."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def leave(
        self,
        *,
        question: str,
        contact: str,
        language: str,
        now: datetime,
        name: str | None = None,
        turn_id: str | None = None,
    ) -> str:
        """Keep a request and return its number, such as ``V7K-3QM``, once it is durable.

        The number has six signs of eighteen (34 million). A question beyond 10,000 characters or
        a name beyond 120 is cut there; a turn that the journal does not hold is left out. Raises
        `ContactInvalid` for a contact nobody could be reached by, and `RecordsUnusable`.
        """
        with writing(self._engine) as connection:
            number = leave_request(
                connection,
                question=question,
                contact=contact,
                language=language,
                now=now,
                name=name,
                turn_id=turn_id,
            )
        logger.info("a request was left for a person")
        return number

    def open_requests(self) -> tuple[Request, ...]:
        """Return the requests that nobody has closed, oldest first."""
        query = select(REQUESTS).where(REQUESTS.c.status == "open").order_by(REQUESTS.c.at)
        with reading(self._engine) as connection:
            return tuple(_request(row) for row in connection.execute(query))

    def request(self, number: str) -> Request:
        """Return the request of this number, as a citizen may say it (``v7k 3qm``).

        Raises `RecordMissing` when there is none.
        """
        query = select(REQUESTS).where(REQUESTS.c.number == written_number(number))
        with reading(self._engine) as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise _missing(number)
        return _request(row)

    def close(self, number: str) -> None:
        """Mark a request as answered; it stays until retention takes it. Raises `RecordMissing`."""
        change = update(REQUESTS).where(REQUESTS.c.number == written_number(number))
        with writing(self._engine) as connection:
            if connection.execute(change.values(status="closed")).rowcount == 0:
                raise _missing(number)
        logger.info("a request was closed")

    def erase(self, number: str) -> None:
        """Erase a request at the citizen's wish, from the database's files too.

        Raises `RecordMissing` when there is none.
        """
        with writing(self._engine) as connection:
            erased = connection.execute(
                delete(REQUESTS).where(REQUESTS.c.number == written_number(number))
            )
            if erased.rowcount == 0:
                raise _missing(number)
        scrub(self._engine)
        logger.info("a request was erased")


def leave_request(
    connection: Connection,
    *,
    question: str,
    contact: str,
    language: str,
    now: datetime,
    name: str | None = None,
    turn_id: str | None = None,
    number: str | None = None,
) -> str:
    """Keep a request within a transaction and return its number, as `Requests.leave` does.

    ``number`` is that of an open request to be written anew; it keeps the number. Raises
    `ContactInvalid`, and `RecordsUnusable` when twenty numbers in a row were taken.
    """
    kept: dict[str, object] = {
        "at": now,
        "language": language,
        "question": plain_text(question).strip()[:QUESTION_LIMIT],
        "contact": usable_contact(contact),
        "name": plain_text(name).strip()[:NAME_LIMIT] or None if name else None,
        "turn_id": select(TURNS.c.id).where(TURNS.c.id == turn_id).scalar_subquery(),
        "status": "open",
    }
    if number is not None:
        change = update(REQUESTS).where(REQUESTS.c.number == number).values(**kept)
        if connection.execute(change).rowcount:
            return number
    for _ in range(_TRIES):
        number = _new_number()
        try:
            with connection.begin_nested():
                connection.execute(insert(REQUESTS).values(number=number, **kept))
        except IntegrityError:
            continue
        return number
    raise RecordsUnusable(
        f"table 'request': {_TRIES} numbers in a row were taken; erase old requests (purge)."
    )


def usable_contact(contact: str) -> str:
    """Return an e-mail address as it is, or a telephone number in its international form.

    A number without a country code is taken as French. Raises `ContactInvalid`; the message does
    not quote the contact.
    """
    text = plain_text(contact).strip()
    if len(text) <= CONTACT_LIMIT:
        if _EMAIL.fullmatch(text) and ".." not in text:
            return text
        try:
            number = phonenumbers.parse(text, "FR")
        except phonenumbers.NumberParseException:
            pass
        else:
            if phonenumbers.is_valid_number(number):
                return phonenumbers.format_number(
                    number, phonenumbers.PhoneNumberFormat.INTERNATIONAL
                )
    raise ContactInvalid(
        "contact: neither an e-mail address nor a telephone number; ask for one of the two."
    )


def _new_number() -> str:
    signs = "".join(secrets.choice(_SIGNS) for _ in range(6))
    return f"{signs[:3]}-{signs[3:]}"


def written_number(number: str) -> str:
    """Return a number as it is kept, from what somebody says or types (``v7k 3qm``)."""
    signs = re.sub(r"[^A-Z0-9]", "", number.upper())
    return f"{signs[:3]}-{signs[3:]}"


def _missing(number: str) -> RecordMissing:
    return RecordMissing(
        f"request {number!r}: not kept; see the number, and whether it was erased already."
    )


def _request(row: Row[tuple[object, ...]]) -> Request:
    values = row._mapping
    return Request(
        number=str(values["number"]),
        at=cast(datetime, values["at"]),
        language=str(values["language"]),
        question=str(values["question"]),
        contact=str(values["contact"]),
        name=cast("str | None", values["name"]),
        turn_id=cast("str | None", values["turn_id"]),
        status=cast(RequestStatus, values["status"]),
    )
