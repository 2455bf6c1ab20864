"""What asking the guides' addresses came to, by department, as an editor reads it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ingest.addresses.asking import AddressProblem, Answer
from ingest.addresses.report import AddressFinding, AddressReport

_PLACES = {"page": "its own page", "text": "its text", "link": "a link"}
_PROBLEMS: dict[AddressProblem, str] = {
    "status": "",
    "no_host": "no such host",
    "no_connection": "no connection",
    "certificate": "its certificate is not valid",
    "no_answer": "no answer in time",
    "too_many_redirects": "it redirects without end",
    "not_public": "it leads into a private network",
    "credentials": "it holds a name or password: write it without",
    "malformed": "it is no web address",
}


def told_addresses(report: AddressReport) -> Iterator[str]:
    """Yield the lines of a report: each department with its guides, and one that counts."""
    by_department = groupby(report.findings, key=lambda one: one.named.department)
    for department, findings in by_department:
        yield department or "(no department)"
        for guide, named in groupby(findings, key=lambda one: one.named.guide_id):
            yield f"  {guide}"
            for one in named:
                yield from _finding(one)
    states = [one.answer.state for one in report.findings]
    counts = ", ".join(
        f"{states.count(state)} {state.replace('_', ' ')}" for state in dict.fromkeys(states)
    )
    left = f"; {report.left_out} more were not asked" if report.left_out else ""
    yield f"edition {report.edition}: {report.asked} addresses asked, {counts or 'all well'}{left}"


def _finding(one: AddressFinding) -> Iterator[str]:
    named = one.named
    place = _PLACES.get(named.place, f"the fact {named.place!r}")
    yield f"    {_state(one.answer)}: {named.address}"
    yield f"      in {place} ({', '.join(named.documents)})"


def _state(answer: Answer) -> str:
    why = _PROBLEMS[answer.problem] if answer.problem else ""
    match answer.state:
        case "moved":
            return f"moved to {answer.leads_to}"
        case "slow":
            return f"slow ({answer.seconds:.0f} s)"
        case "closed":
            return f"closed to programs ({answer.status})"
        case "dead":
            return f"dead ({why or answer.status})"
        case "not_asked":
            return f"not asked ({why})"
        case "well":
            return "well"
