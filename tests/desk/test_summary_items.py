"""With the real embedding and the means of five guides: honest items hold, others do not."""

from __future__ import annotations

import pytest

from civic_assistant.embedding import Embedding
from civic_assistant.index import open_index
from civic_assistant.language_model.line import Line
from civic_assistant.language_model.nearness import Nearness
from civic_assistant.language_model.summary_rules import ItemFault, SummaryItem, SummaryRules
from civic_assistant.settings import Settings
from tests.language_model.summary_items import HONEST, Honest


@pytest.fixture(scope="module")
def nearness(five_guides: Settings, embedder: Embedding) -> Nearness:
    index = open_index(five_guides, embedder)
    return Nearness(embedder, lambda: index.centring)


def fault(honest: Honest, line: Line, nearness: Nearness | None) -> ItemFault | None:
    rules = SummaryRules({line.number: line}, honest.language, "Vaubreuil-sur-Sarle", nearness)
    return rules.fault_of(honest.part, SummaryItem(honest.item, (line.number,)))


def test_nearly_every_honest_item_holds_and_more_than_without_meaning(nearness: Nearness) -> None:
    lost = [each.item for each in HONEST if fault(each, each.line, nearness) is not None]
    without = [each.item for each in HONEST if fault(each, each.line, None) is not None]
    assert lost == ["L’usager demande un duplicata de sa carte de stationnement perdue."]
    assert len(without) == 4  # negations of sentences that an item is not about


def test_most_items_are_dropped_under_another_message_of_the_same_speaker(
    nearness: Nearness,
) -> None:
    wrong = [
        fault(each, other.line, nearness)
        for each in HONEST
        for other in HONEST
        if other.message != each.message
        and other.language == each.language
        and other.line.speaker == each.line.speaker
    ]
    assert sum(found is not None for found in wrong) >= 0.8 * len(wrong)
