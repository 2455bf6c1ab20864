"""A summary for who takes a conversation over: only what the messages say that it names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from civic_assistant.assembly import open_records
from civic_assistant.language_model.calls import Calls
from civic_assistant.language_model.line import Line, Speaker
from civic_assistant.language_model.named import NamedEndpoint
from civic_assistant.language_model.opening import open_asking
from civic_assistant.language_model.summary import MESSAGE_LENGTH, Summariser, Summary
from civic_assistant.language_model.summary_rules import ItemFault, Part, SummaryItem, SummaryRules
from civic_assistant.settings import Settings
from evals.endpoints.scripted import Behaviour, ScriptedServer, says, serving, status

SAID: tuple[tuple[int, Speaker, str], ...] = (
    (1, "citizen", "Bonjour, combien coûte le stationnement près de l’Hôtel de Ville ?"),
    (2, "assistant", "La carte de résident coûte 30 € par an. Elle est envoyée par la poste."),
    (4, "citizen", "Je n’ai pas de garage. Et pour une deuxième voiture, avant le 15 mars ?"),
    (5, "agent", "Je me renseigne. Les dossiers sont traités au plus tard sous 15 jours."),
    (7, "citizen", "Merci, ma tante Fatima viendra le chercher."),
)
TALK = tuple(Line(number, speaker, text, "fr") for number, speaker, text in SAID)
ASKED = ("L’usager demande le prix du stationnement près de l’Hôtel de Ville.", (1,))
TOLD = ("La carte de résident coûte 30 € par an.", (2,))
OPEN = ("Le tarif pour une deuxième voiture.", (4,))
Item = tuple[str, tuple[int, ...]]


def item(given: Item) -> dict[str, object]:
    text, numbers = given
    return {"text": text, "messages": list(numbers)}


def sums_up(
    asked: Item = ASKED, told: Sequence[Item] = (), unanswered: Sequence[Item] = ()
) -> Behaviour:
    said = {"asked": item(asked), "told": [*map(item, told)], "open": [*map(item, unanswered)]}
    return says(json.dumps(said, ensure_ascii=False))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=SecretStr(f"sqlite:///{tmp_path / 'civic.sqlite'}"))


def summed_up(
    settings: Settings, behaviour: Behaviour, lines: Sequence[Line] = TALK, language: str = "fr"
) -> tuple[Summary | None, ScriptedServer]:
    with serving(behaviour) as server:
        named = NamedEndpoint(name="near", address=server.address, model="m")
        chosen = settings.model_copy(update={"language_models": (named,)})
        now = datetime(2026, 11, 22, 10, tzinfo=UTC)
        records = open_records(chosen)
        endpoints = open_asking(chosen, records, ZoneInfo("Europe/Paris"), lambda: now)
        assert endpoints is not None
        summariser = Summariser(endpoints, None, "Vaubreuil-sur-Sarle")
        return summariser.summarise(lines, language, "summary 1"), server


def fault(part: Part, text: str, *numbers: int, language: str = "fr") -> ItemFault | None:
    rules = SummaryRules({line.number: line for line in TALK}, language, "Vaubreuil", None)
    return rules.fault_of(part, SummaryItem(text, numbers))


def test_a_summary_says_what_was_asked_told_and_left_open_with_its_messages(
    settings: Settings,
) -> None:
    found, server = summed_up(settings, sums_up(ASKED, [TOLD], [OPEN]))
    assert found == Summary(SummaryItem(*ASKED), (SummaryItem(*TOLD),), (SummaryItem(*OPEN),))
    given = server.given()
    assert given["write_in"] == "French"
    assert given["messages"][1] == {"number": 2, "from": "assistant", "text": TALK[1].text}
    (call,) = Calls(open_records(settings)).of_turn("summary 1")
    assert (call.outcome, call.prompt) == ("said", "summary-1")


def test_an_item_that_does_not_hold_is_left_out(settings: Settings) -> None:
    false = ("La carte de résident coûte 35 € par an.", (2,))
    found, _ = summed_up(settings, sums_up(ASKED, [false, TOLD, TOLD], [OPEN]))
    assert found is not None
    assert [i.text for i in found.told] == [TOLD[0]]


@pytest.mark.parametrize(
    "behaviour",
    [
        sums_up(("L’usager demande le prix d’une carte à 99 €.", (1,)), [TOLD]),
        sums_up(("The citizen asks what parking near the town hall would cost them.", (1,))),
        says("Voici le résumé."),
        status(500),
    ],
)
def test_without_what_was_asked_there_is_no_summary(
    settings: Settings, behaviour: Behaviour
) -> None:
    assert summed_up(settings, behaviour)[0] is None


def test_no_message_is_no_call(settings: Settings) -> None:
    found, server = summed_up(settings, sums_up(), ())
    assert (found, server.asked) == (None, [])


def test_a_long_message_is_cut_and_nothing_may_rest_on_what_was_cut(settings: Settings) -> None:
    long = Line(9, "agent", "Voici. " * (MESSAGE_LENGTH // 7) + " Le timbre coûte 86 €.", "fr")
    told = ("Le timbre coûte 86 €.", (9,))
    found, server = summed_up(settings, sums_up(ASKED, [told]), (*TALK, long))
    assert "86" not in str(server.given())
    assert found is not None
    assert found.told == ()


@pytest.mark.parametrize(
    ("part", "text", "numbers"),
    [
        ("asked", ASKED[0], (1,)),
        ("asked", "L’usager n’a pas de garage et demande le tarif d’une deuxième voiture.", (4,)),
        ("told", TOLD[0], (2,)),
        ("told", "Les dossiers sont traités au plus tard sous 15 jours.", (5,)),
        ("told", "Les dossiers de la Mairie sont traités au plus tard sous 15 jours.", (5,)),
        ("open", OPEN[0], (4, 1)),
        ("open", "Sa tante Fatima viendra à Vaubreuil.", (7,)),
    ],
)
def test_an_honest_item_holds(part: Part, text: str, numbers: tuple[int, ...]) -> None:
    assert fault(part, text, *numbers) is None


@pytest.mark.parametrize(
    ("part", "text", "numbers", "reason"),
    [
        ("told", "La carte coûte 30 € par mois.", (2,), "figure"),
        ("told", "La carte coûte 30 € par an.", (5,), "figure"),
        ("open", "Le tarif avant le 16 mars.", (4,), "figure"),
        ("open", "Il faut rappeler au 03 53 01 20 00.", (4,), "figure"),
        ("told", "Les dossiers sont traités au plus tôt après 15 jours.", (5,), "bound"),
        ("asked", "Il a un garage et demande le tarif d’une deuxième voiture.", (4,), "negation"),
        ("told", "La carte n’est pas envoyée par la poste.", (2,), "negation"),
        ("open", "Sa tante Leïla viendra le chercher.", (7,), "name"),
        ("asked", "L’usager habite à Grenoble.", (1,), "name"),
        ("asked", ASKED[0], (3,), "no_message"),
        ("asked", ASKED[0], (), "no_message"),
        ("asked", ASKED[0], (1, 2, 4, 5, 7), "no_message"),
        ("told", "Une deuxième voiture avant le 15 mars.", (4,), "speaker"),
        ("asked", "La carte de résident.", (2,), "speaker"),
        ("open", "Rappeler [name].", (7,), "placeholder"),
        ("told", "La carte de résident est garantie sous 15 jours.", (5,), "charged"),
        ("asked", "Un menteur demande le prix du stationnement.", (1,), "charged"),
        ("asked", "Le prix : https://a.example/x.", (1,), "markup"),
        ("asked", "Сколько стоит парковка?", (1,), "letters"),
        ("asked", "Le prix.\u202e", (1,), "hidden"),
        ("asked", " … ", (1,), "no_text"),
        ("asked", "Le prix " * 60, (1,), "too_long"),
    ],
)  # fmt: skip
def test_what_the_messages_do_not_say_is_not_shown(
    part: Part, text: str, numbers: tuple[int, ...], reason: ItemFault
) -> None:
    assert fault(part, text, *numbers) == reason


def test_an_item_rests_on_who_said_it_and_not_on_whoever_else_it_names() -> None:
    """What a citizen claims is not what they were told."""
    assert fault("told", "Une deuxième voiture est possible avant le 15 mars.", 4, 5) == "figure"


def test_figures_hold_across_languages() -> None:
    assert fault("told", "The resident card costs €30 a year.", 2, language="en") is None
    assert fault("told", "The resident card costs €13 a year.", 2, language="en") == "figure"
