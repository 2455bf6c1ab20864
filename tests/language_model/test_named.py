"""Endpoints as the settings name them: no key is ever printed."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from civic_assistant.command_line import app
from civic_assistant.errors import SettingsError
from civic_assistant.settings import load_settings
from evals.endpoints.scripted import answers, serving, status

KEY = "sk-very-secret"
NEAR = {"name": "near", "address": "https://models.example/v1", "model": "m", "key": KEY}


def named(monkeypatch: pytest.MonkeyPatch, *endpoints: object) -> None:
    monkeypatch.setenv("CIVIC_LANGUAGE_MODELS", json.dumps(endpoints))


def test_endpoints_are_read_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    named(monkeypatch, NEAR, {**NEAR, "name": "far", "structure": "none"})
    near, far = load_settings().language_models
    assert (near.name, near.structure, far.name) == ("near", "json_schema", "far")
    assert near.key.get_secret_value() == KEY


def test_without_endpoints_there_are_none() -> None:
    assert load_settings().language_models == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "ftp://models.example/v1"},
        {"address": "https://user:word@models.example/v1"},
        {"address": "https://models.example/v1?key=1"},
        {"address": "models.example"},
        {"name": "near far"},
        {"model": ""},
        {"structure": "xml"},
        {"keys": KEY},
    ],
)
def test_a_wrong_endpoint_is_refused_without_its_key(
    monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str]
) -> None:
    named(monkeypatch, {**NEAR, **wrong})
    with pytest.raises(SettingsError, match=r"language_models\.0") as refused:
        load_settings()
    assert KEY not in str(refused.value)


def test_what_is_no_json_is_refused_without_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVIC_LANGUAGE_MODELS", f"[{{'key': '{KEY}'")
    with pytest.raises(SettingsError, match="language_models") as refused:
        load_settings()
    assert KEY not in str(refused.value)


def test_the_settings_command_masks_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    named(monkeypatch, NEAR)
    shown = CliRunner().invoke(app, ["settings"])
    assert "models.example" in shown.output
    assert KEY not in shown.output


def test_the_command_says_of_each_endpoint_what_it_finds(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    database = tmp_path_factory.mktemp("records") / "civic.sqlite"
    monkeypatch.setenv("CIVIC_DATABASE_URL", f"sqlite:///{database}")
    right = answers(("A card is 12 euros a year.", "A card costs 12 euros a year."))
    with serving(right) as near, serving(status(401)) as far:
        places = [("near", near.address), ("far", far.address)]
        seconds = {"CALL": "60", "FIRST": "60", "CONNECT": "10"}
        for limit, value in seconds.items():
            monkeypatch.setenv(f"CIVIC_LANGUAGE_MODEL_{limit}_SECONDS", value)
        named(monkeypatch, *({**NEAR, "name": name, "address": at} for name, at in places))
        told = CliRunner().invoke(app, ["language-models"])
    assert told.exit_code == 3
    assert "'near' (m): reached, keeps the form, 1 of 1 quotes stand" in told.output
    assert "'far': it refuses the call" in told.output
    assert KEY not in told.output
