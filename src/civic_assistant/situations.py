"""What a citizen says of their own case: under age, foreign, a first request, abroad."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from civic_assistant.ages import ADULT, MINOR, Ages, ages_in
from civic_assistant.messages import country_names
from civic_assistant.phrases import flat, phrases_pattern

Facts = Mapping[str, frozenset[str]]
"""What is known of a case: by kind (``nationality``) the values that are possible (``foreign``).

Ages are whole years: a minor's are ``0`` to ``17``.
"""
AGE, CHILD, EXPIRED, PLACE, STAGE = "age", "child", "expired", "place", "stage"
ABROAD = "abroad"
FRENCH = "fr"
# Words of one clause before a word that can deny it.
_DENYING = 4
_CLAUSE = re.compile(
    r"[.,;:!?()،؛؟。，；：！？]|但"
    r"|\b(?:mais|but|aber|pero|ma|mas|ama|але|dar|ale|لكن)\b"
)
_DECLINING = ("uk", "pl")
_AGES = {"minor": MINOR, "adult": ADULT}


@dataclass(frozen=True, slots=True)
class Kind:
    """A way in which guides tell cases apart.

    ``is_personal`` cases hold for every guide, the others only for the request they were said of.
    ``is_asked`` is False for ways and outcomes, which nobody needs to be asked. Cases that have
    the values of ``cover`` between them leave nobody out.
    """

    name: str
    is_personal: bool
    is_asked: bool
    has_complement: bool
    values: frozenset[str]
    cover: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Wording:
    kind: str
    value: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True, eq=False)
class Situations:
    """The shipped words, by language, compiled."""

    languages: tuple[str, ...]
    kinds: Mapping[str, Kind]
    labels: Mapping[str, tuple[tuple[str, str], ...]]
    _wordings: Mapping[str, tuple[_Wording, ...]]
    _denials: Mapping[str, tuple[re.Pattern[str] | None, re.Pattern[str] | None]]
    _others: Mapping[str, Mapping[str, re.Pattern[str]]]

    def read(self, text: str, language: str) -> Facts:
        """Return what a text says of a case, in its language and in French terms.

        A denied case counts as its contrary where there is one (``not French``), otherwise not.
        """
        plain = flat(text)
        found: dict[str, set[str]] = {}
        for spoken in dict.fromkeys((language, FRENCH)):
            for wording in self._wordings.get(spoken, ()):
                for values in self._values(wording, plain, spoken):
                    found.setdefault(wording.kind, set()).update(values)
            if PLACE not in found and self._lives_abroad(plain, spoken):
                found[PLACE] = {ABROAD}
        if ages := ages_in(text):
            found[AGE] = set(_years(ages))
        if EXPIRED in found:
            found.setdefault(STAGE, {"renewal"})
        return {kind: frozenset(values) for kind, values in found.items() if values}

    def read_label(self, label: str, language: str) -> Facts:
        """Return which cases a guide's label stands for; labels come again with every question."""
        return _read_label(self, label, language)

    def _label(self, label: str, language: str) -> Facts:
        whole = flat(label).strip(" .:;")
        said = dict(self.read(label, language))
        if said.pop(EXPIRED, None):
            said.pop(STAGE)
        for kind, value in self.labels.get(whole, ()):
            said[kind] = said.get(kind, frozenset()) | self._years_of(kind, value)
        if re.search(r"\(\d{2,3}[ab]?\)$", whole):
            said["territory"] = frozenset({"own"})
        said.pop(CHILD, None)
        return said

    def mentions_abroad(self, text: str, language: str) -> bool:
        """Whether a text speaks of another country, without saying that anybody lives there."""
        plain = flat(text)
        spoken = dict.fromkeys((language, FRENCH))
        return any(self._others["country"][s].search(plain) for s in spoken) or any(
            (p := self._others["abroad"].get(s)) is not None and p.search(plain) for s in spoken
        )

    def is_unsure(self, text: str, language: str) -> bool:
        """Whether an answer to a question back is that the citizen does not know."""
        pattern = self._others["unsure"].get(language)
        return pattern is not None and pattern.fullmatch(flat(text).strip(" .!")) is not None

    def turns_to_self(self, text: str, language: str) -> bool:
        """Whether the citizen now asks for themselves, after asking for a child."""
        pattern = self._others["self"].get(language)
        return pattern is not None and pattern.search(flat(text)) is not None

    def _values(self, wording: _Wording, plain: str, language: str) -> Iterable[frozenset[str]]:
        kind = self.kinds[wording.kind]
        for match in wording.pattern.finditer(plain):
            values = self._years_of(wording.kind, wording.value)
            if wording.kind == CHILD and self._is_beside(plain[: match.start()], language):
                continue
            if not match.groupdict().get("denied") and not self._is_denied(plain, match, language):
                yield values
            elif kind.has_complement:
                yield kind.values - values

    def _years_of(self, kind: str, value: str) -> frozenset[str]:
        return frozenset(_years(_AGES[value])) if kind == AGE else frozenset({value})

    def _is_denied(self, plain: str, match: re.Match[str], language: str) -> bool:
        before, after = self._denials.get(language, (None, None))
        clause = _CLAUSE.split(plain[: match.start()])[-1]
        near = clause[-_DENYING:] if language == "zh" else _last_words(clause, _DENYING)
        if before is not None and before.search(near):
            return True
        return after is not None and after.match(plain[match.end() :]) is not None

    def _is_beside(self, before: str, language: str) -> bool:
        pattern = self._others["beside"].get(language)
        near = before[-1:] if language == "zh" else _last_words(before, 1)
        return pattern is not None and pattern.search(near) is not None

    def _lives_abroad(self, plain: str, language: str) -> bool:
        living = self._others["living"].get(language)
        country = self._others["country"][language]
        return living is not None and any(
            country.search(_first_words(_CLAUSE.split(plain[m.end() :])[0], 4))
            or country.search(_last_words(_CLAUSE.split(plain[: m.start()])[-1], 2))
            for m in living.finditer(plain)
        )


def _years(ages: Ages) -> Iterable[str]:
    return map(str, ages)


def _inflected(language: str) -> Iterable[str]:
    """Yield the names of other countries, open at the end where the language declines them."""
    for name in country_names(language):
        declined = language in _DECLINING and " " not in name and len(name) > 5
        yield f"{name[:-2]}*" if declined else name


def _last_words(text: str, count: int) -> str:
    return " ".join(text.split()[-count:])


def _first_words(text: str, count: int) -> str:
    return " ".join(text.split()[:count])


@lru_cache(maxsize=8192)
def _read_label(situations: Situations, label: str, language: str) -> Facts:
    return situations._label(label, language)


@lru_cache(maxsize=1)
def load_situations() -> Situations:
    """Read the shipped words, once."""
    shipped = files("civic_assistant").joinpath("data", "situations.toml")
    table = tomllib.loads(shipped.read_text(encoding="utf-8"))
    kinds, labels = {}, dict[str, list[tuple[str, str]]]()
    wordings: dict[str, list[_Wording]] = {}
    for name, entry in table["kinds"].items():
        values = entry["values"]
        every = frozenset(_years(MINOR | ADULT)) if name == AGE else frozenset(values)
        kinds[name] = Kind(
            name,
            entry["scope"] == "person",
            entry.get("asked", True),
            entry.get("complement", False),
            every,
            frozenset(entry.get("cover", every)),
        )
        for value, languages in values.items():
            for label in languages.get("label", ()):
                labels.setdefault(flat(label), []).append((name, value))
            for language, phrases in languages.items():
                if language == "label":
                    continue
                negation = table["negation"].get(language, [])
                pattern = phrases_pattern(phrases, language, negation)
                wordings.setdefault(language, []).append(_Wording(name, value, pattern))
    languages = list(table["negation"])
    others = {
        name: {lang: phrases_pattern(words, lang) for lang, words in table[name].items() if words}
        for name in ("beside", "self", "living", "abroad", "unsure")
    }
    others["country"] = {lang: phrases_pattern(_inflected(lang), lang) for lang in languages}
    return Situations(
        tuple(languages),
        kinds,
        {label: tuple(pairs) for label, pairs in labels.items()},
        {language: tuple(listed) for language, listed in wordings.items()},
        {lang: _denials(table, lang) for lang in languages},
        others,
    )


def _denials(
    table: Mapping[str, Mapping[str, list[str]]], language: str
) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    before = table["negation"].get(language)
    after = table["negation_after"].get(language)
    return (
        phrases_pattern(before, language) if before else None,
        re.compile(r"\W*(?:\w+\W+)?" + phrases_pattern(after, language).pattern) if after else None,
    )
