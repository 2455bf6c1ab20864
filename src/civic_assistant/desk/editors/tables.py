"""The tables of the editors' pages: who has a draft, and what is being planned or published."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, String, Table, Text, UniqueConstraint

from civic_assistant.records import METADATA, UtcDateTime

GUIDE_DRAFTS = Table(
    "guide_draft",
    METADATA,
    Column("staff_id", String(64), primary_key=True),
    Column("author", String(120), nullable=False),
    Column("changed_at", UtcDateTime(), nullable=False),
)
"""The documents of a draft lie in the data folder; here stands whose it is."""

GUIDE_RUNS = Table(
    "guide_run",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("slot", String(8)),
    Column("kind", String(16), nullable=False),
    Column("staff_id", String(64), nullable=False, index=True),
    Column("author", String(120), nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("stage", String(40), nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer),
    Column("started_at", UtcDateTime(), nullable=False, index=True),
    Column("heard_at", UtcDateTime(), nullable=False),
    Column("ended_at", UtcDateTime()),
    Column("edition", Integer),
    Column("draft", String(64), nullable=False),
    Column("problem", String(40)),
    Column("told", Text, nullable=False),
    Column("outcome", JSON),
    UniqueConstraint("slot", name="uq_guide_run_slot"),
)
"""``slot`` is the same for every run that goes on and null afterwards, so that there is one."""
