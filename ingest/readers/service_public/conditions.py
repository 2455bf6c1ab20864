"""What the variables of a sheet's conditions mean, in the sheet's own words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from ingest.readers.service_public.tree import Node
from ingest.readers.service_public.words import words_of


def labels_of(sheet: Node) -> dict[str, str]:
    """Return, for each variable that the sheet itself explains, the situation it stands for.

    The answer of a questionnaire (*the death was abroad*) says it best, then the title of a
    situation, then that of a case. A variable with several titles of the best sort is left out:
    one of them would be wrong.
    """
    found: dict[str, list[str]] = {}
    for titles in (_answers(sheet), _titles(sheet, "Situation"), _titles(sheet, "Cas")):
        for variable, labels in titles.items():
            found.setdefault(variable, labels)
    return {variable: labels[0] for variable, labels in found.items() if len(set(labels)) == 1}


def variable_of(node: Node) -> str | None:
    """Return the variable that must be true for the node to be shown, if it is a single one."""
    condition = node.first("Condition")
    wanted = list(condition.elements) if condition else []
    if len(wanted) != 1 or wanted[0].name != "estVrai":
        return None
    return wanted[0].attributes.get("var")


def _answers(sheet: Node) -> Mapping[str, list[str]]:
    labels = defaultdict(list)
    for choice in sheet.below("Choix"):
        label = words_of(choice.first("IntituleSiSelectionne")) or words_of(choice.first("Titre"))
        for effect in choice.below("affecteVrai"):
            labels[effect.attributes.get("var", "")].append(label)
    return labels


def _titles(sheet: Node, name: str) -> Mapping[str, list[str]]:
    labels = defaultdict(list)
    for case in sheet.below(name):
        if variable := variable_of(case):
            labels[variable].append(words_of(case.first("Titre")))
    return labels
