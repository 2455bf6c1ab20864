"""Forms of the editors' pages: read only for who may send them, and within bounds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from civic_assistant.desk.visit import Editor, own_form

FIELDS = 2_000
FIELD_BYTES = 2 * 1024 * 1024
"""Most bytes of one field: a text of `TEXT_CHARACTERS` in any script."""
TEXT_CHARACTERS = 400_000
"""Most characters of a text that is edited in place; the longest national guide has 200,000."""


async def sent(request: Request, _: Editor) -> AsyncIterator[FormData]:
    """Yield the fields of a form of this session. Raises `ForeignForm`.

    Nothing is read of it before it is known who sends it: an upload may be large.
    """
    async with request.form(max_files=1, max_fields=FIELDS, max_part_size=FIELD_BYTES) as form:
        own_form(request, field(form, "csrf"))
        yield form


Sent = Annotated[FormData, Depends(sent)]


def field(form: FormData, name: str) -> str:
    """Return what was typed into a field, or an empty string."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def fields(form: FormData) -> dict[str, str]:
    """Return what was typed, by name; of several the last."""
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}


def upload(form: FormData, name: str, most: int) -> tuple[str, bytes] | None:
    """Return a file's name and its first ``most`` + 1 bytes, or None when none was chosen."""
    value = form.get(name)
    if not isinstance(value, UploadFile) or not value.filename:
        return None
    value.file.seek(0)
    return value.filename, value.file.read(most + 1)
