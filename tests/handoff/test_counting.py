from __future__ import annotations

import csv
import io
from datetime import date

from civic_assistant.handoff.events import EVENT_KINDS
from civic_assistant.handoff.figures import FigureRow, Grouping, as_csv
from tests.handoff.scene import AT, Scene

DAY = date(2026, 11, 23)


def figures(scene: Scene, by: Grouping | None = None) -> tuple[FigureRow, ...]:
    return scene.handoff.figures.counts(DAY, DAY, by)


def test_the_way_of_a_question_is_counted(scene: Scene) -> None:
    scene.arrive("marie")
    scene.offer()
    scene.wait()
    scene.later(seconds=40)
    scene.claim()
    scene.later(seconds=10)
    scene.reply()
    scene.reply()
    scene.later(seconds=110)
    scene.close()

    (whole,) = figures(scene)
    assert whole.counts == {
        "asked": 1, "offered": 1, "accepted": 1, "waited": 1, "answered": 1, "closed": 1,
        "solved": 1,
    }  # fmt: skip
    assert whole.mean_seconds == {"waited": 40, "answered": 50, "closed": 120}


def test_who_asks_without_an_offer_and_gives_up_is_counted(scene: Scene) -> None:
    scene.arrive("marie")
    scene.wait()
    scene.later(seconds=90)
    scene.handoff.handoffs.withdraw(scene.conversation_id, scene.now)
    (whole,) = figures(scene)
    assert whole.counts == {"asked": 1, "accepted": 1, "abandoned": 1}
    assert whole.mean_seconds == {"abandoned": 90}


def test_who_waits_in_vain_leaves_a_message_and_waits_again_asked_once(scene: Scene) -> None:
    scene.arrive("marie")
    scene.offer()
    scene.wait()
    scene.leave()
    scene.wait()
    scene.claim()
    scene.close()
    scene.hear("Autre chose ?")
    scene.leave()
    (whole,) = figures(scene)
    assert [whole.counts[kind] for kind in ("asked", "accepted", "left")] == [2, 2, 2]


def test_three_citizens_who_were_offered_a_person_and_wait_have_asked_for_one(
    scene: Scene,
) -> None:
    scene.arrive("marie")
    for _ in range(3):
        one = Scene(scene.handoff)
        one.offer()
        one.wait()
    (whole,) = figures(scene)
    assert (whole.counts["asked"], whole.counts["offered"]) == (3, 3)


def test_every_offer_ends_accepted_declined_recorded_or_lapsed(scene: Scene) -> None:
    scene.arrive("marie")
    ways = [Scene(scene.handoff) for _ in range(4)]
    for way in ways:
        way.offer()
    ways[0].wait()
    ways[1].hear("Autre chose")
    ways[2].leave()
    ways[3].later(hours=2)
    scene.handoff.upkeep.run(ways[3].now)

    (whole,) = figures(scene)
    ends = [whole.counts.get(kind, 0) for kind in ("accepted", "declined", "left", "lapsed")]
    assert (whole.counts["offered"], ends) == (4, [1, 1, 1, 1])


def test_figures_are_grouped_by_reason_language_desk_and_the_town_halls_clock(
    scene: Scene,
) -> None:
    scene.arrive("marie", desks=("accueil", "etat-civil"))
    scene.offer()
    scene.handoff.conversations.set_language(other := scene.another(), "ar")
    scene.now = AT.replace(hour=10)
    scene.arrive("marie", desks=("accueil", "etat-civil"))
    scene.wait(other, "etat-civil")

    def groups(by: Grouping) -> dict[str, int]:
        return {row.group: sum(row.counts.values()) for row in figures(scene, by)}

    assert groups("reason") == {"asked": 2, "unsure": 1}
    assert groups("language") == {"ar": 2, "fr": 1}
    assert groups("desk") == {"accueil": 1, "etat-civil": 2}
    assert groups("hour") == {"10": 1, "11": 2}  # in Paris
    assert groups("weekday") == {"0": 3}
    assert groups("day") == {"2026-11-23": 3}


def test_the_csv_has_every_kind_and_a_line_a_group(scene: Scene) -> None:
    scene.offer()
    lines = list(csv.DictReader(io.StringIO(as_csv(figures(scene, "reason"), "reason"))))
    assert [line["reason"] for line in lines] == ["unsure"]
    assert lines[0]["offered"] == "1"
    assert set(EVENT_KINDS) < set(lines[0])


def test_lengths_are_listed_for_percentiles(scene: Scene) -> None:
    scene.arrive("marie", seats=5)
    for seconds in (30, 10, 20):
        one = Scene(scene.handoff)
        one.wait()
        one.later(seconds=seconds)
        one.claim()
    assert scene.handoff.figures.seconds("waited", DAY, DAY) == (10, 20, 30)
