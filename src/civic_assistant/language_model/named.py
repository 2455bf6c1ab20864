"""An endpoint as the settings name it."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

Structure = Literal["json_schema", "bounded_json_schema", "json_object", "none"]
"""How an endpoint is asked to keep to a form: by the schema in the part of it that every server
knows, by the schema with bounds on lists and texts, by JSON alone, by the prompt alone."""


def _endpoint_address(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("an endpoint's address begins with http:// or https:// and names a host")
    if parts.username or parts.password:
        raise ValueError("an endpoint's address holds no user and no password; set its key")
    if parts.query or parts.fragment:
        raise ValueError("an endpoint's address ends with its path, such as /v1")
    return address.rstrip("/")


class NamedEndpoint(BaseModel):
    """One OpenAI-compatible endpoint: where it is, which model it is asked for, and its key.

    ``name`` is what journal and reports call it; ``address`` ends with the path that the routes
    stand under, mostly ``/v1``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    name: str = Field(pattern=r"^[\w.-]{1,40}$")
    address: Annotated[str, Field(max_length=500), AfterValidator(_endpoint_address)]
    model: str = Field(min_length=1, max_length=200)
    key: SecretStr = SecretStr("")
    structure: Structure = "json_schema"
