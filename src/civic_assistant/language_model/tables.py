"""The tables of calls to language models, and of what they may still cost."""

from __future__ import annotations

from sqlalchemy import Column, Float, Integer, String, Table

from civic_assistant.records import METADATA, UtcDateTime

CALLS = Table(
    "language_model_call",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("at", UtcDateTime(), nullable=False, index=True),
    Column("turn_id", String(64), nullable=False, index=True),
    Column("endpoint", String(40), nullable=False),
    Column("model", String(200), nullable=False),
    Column("prompt", String(40), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("tokens_read", Integer, nullable=False),
    Column("tokens_written", Integer, nullable=False),
    Column("first_milliseconds", Float),
    Column("milliseconds", Float, nullable=False),
)
"""Not a word of the prompt or the answer; ``outcome`` is ``said`` or why nothing usable came."""

SPENT = Table(
    "language_model_spent",
    METADATA,
    Column("scope", String(64), primary_key=True),
    Column("calls", Integer, nullable=False),
    Column("tokens", Integer, nullable=False),
    Column("changed_at", UtcDateTime(), nullable=False, index=True),
)
"""What was spent within a ``scope``: a day of the town's, or a digest of a conversation's id."""
