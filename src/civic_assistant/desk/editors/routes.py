"""The editors' pages, added to the desk."""

from __future__ import annotations

from fastapi import FastAPI

from civic_assistant.desk.editors import (
    corrections_page,
    guide_page,
    history_page,
    list_page,
    new_page,
    plan_page,
    text_page,
    try_page,
    update_page,
)
from civic_assistant.desk.editors.workshop import open_workshop
from civic_assistant.desk.reception import Reception

PARTS = (
    list_page,
    new_page,
    plan_page,
    try_page,
    history_page,
    update_page,
    corrections_page,
    guide_page,
    text_page,
)
"""The pages' modules, a guide's own last: any id leads there."""


def add_editors(desk: FastAPI, reception: Reception) -> None:
    """Serve the editors' pages under ``/guides``."""
    desk.state.workshop = open_workshop(reception)
    for part in PARTS:
        desk.include_router(part.routes)
