"""Where back and forward lead, after what was published and taken back."""

from __future__ import annotations

from datetime import UTC, datetime

from civic_assistant.edition_log import Line, Switch, SwitchKind, line_of

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)


def moved(*moves: tuple[SwitchKind, int]) -> Line:
    switches = [Switch(AT, edition, None, "", "", kind) for kind, edition in moves]
    return line_of(switches)


def test_back_leads_through_what_was_live_one_after_the_other() -> None:
    assert moved(("publish", 1), ("publish", 2), ("publish", 3)) == Line((1, 2), 3, ())
    assert moved(("publish", 1), ("publish", 2), ("publish", 3), ("back", 2), ("back", 1)) == Line(
        (), 1, (3, 2)
    )


def test_forward_leads_where_the_step_back_came_from() -> None:
    line = moved(("publish", 1), ("publish", 2), ("back", 1))
    assert line.forward == 2
    assert moved(("publish", 1), ("publish", 2), ("back", 1), ("forward", 2)) == Line((1,), 2, ())


def test_several_steps_back_at_once_can_be_gone_forward_one_by_one() -> None:
    assert moved(("publish", 1), ("publish", 2), ("publish", 3), ("back", 1)) == Line((), 1, (3, 2))


def test_publishing_after_a_step_back_replaces_what_lay_ahead() -> None:
    line = moved(("publish", 1), ("publish", 2), ("back", 1), ("publish", 3))
    assert line == Line((1,), 3, ())
    assert line.back == 1


def test_an_edition_off_the_line_is_gone_to_as_if_it_were_new() -> None:
    moves: list[tuple[SwitchKind, int]] = [("publish", 1), ("publish", 2), ("back", 1)]
    assert moved(*moves, ("publish", 3), ("back", 2)) == Line((1, 3), 2, ())


def test_nothing_lies_before_the_first_edition() -> None:
    assert moved() == Line((), None, ())
    assert moved(("publish", 1)).back is None
