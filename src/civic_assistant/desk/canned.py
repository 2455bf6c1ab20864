"""Replies that staff send often, in the citizens' languages: a data file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from string import Formatter

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from civic_assistant.errors import SettingsError
from civic_assistant.messages import isolated

PLACEHOLDERS = frozenset({"name", "town", "phone"})


class CannedReply(BaseModel):
    """One reply: its title for staff and its text for citizens, by language tag.

    ``{name}``, ``{town}`` and ``{phone}`` are filled in.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern="^[a-z0-9_]{1,40}$")
    title: Mapping[str, str]
    text: Mapping[str, str]

    @field_validator("text")
    @classmethod
    def _has_known_placeholders(cls, text: Mapping[str, str]) -> Mapping[str, str]:
        for language, template in text.items():
            named = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
            if not named <= PLACEHOLDERS:
                raise ValueError(f"{language}: only {{name}}, {{town}} and {{phone}} are filled in")
        return text


class Letter(BaseModel):
    """The lines around an answer that leaves as an e-mail or letter, by language tag."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: Mapping[str, str]
    salutation: Mapping[str, str]
    opening: Mapping[str, str]
    closing: Mapping[str, str]


class CannedReplies(BaseModel):
    """The canned replies of a file, in its order, and the lines of letters."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    letter: Letter
    reply: tuple[CannedReply, ...]

    def filled(
        self, language: str, shown_in: str, values: Mapping[str, str]
    ) -> tuple[tuple[str, str, str], ...]:
        """Return (id, title, text) of the replies that are written in a citizen's language.

        ``shown_in`` is the language of the titles; a missing title falls back to French.
        """
        values = {name: str(isolated(value, language)) for name, value in values.items()}
        return tuple(
            (
                reply.id,
                reply.title.get(shown_in) or reply.title.get("fr", reply.id),
                reply.text[language].format_map(values),
            )
            for reply in self.reply
            if language in reply.text
        )


def load_canned(path: Path | None) -> CannedReplies:
    """Return the replies of a file, or the shipped ones.

    Raises `SettingsError`, which says what is wrong in the file.
    """
    try:
        if path is None:
            text = (resources.files(__package__) / "canned.toml").read_text(encoding="utf-8")
        else:
            text = path.read_text(encoding="utf-8")
        return CannedReplies.model_validate(tomllib.loads(text))
    except (OSError, tomllib.TOMLDecodeError, ValidationError, ValueError) as error:
        raise SettingsError(
            f"setting 'canned_replies_file': {str(path)!r} cannot be used ({error}); "
            "take the shipped file as a pattern."
        ) from error
