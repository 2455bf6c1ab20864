"""Official terms in a sentence in another language: *residence permit (titre de séjour)*.

What is verified is the sentence without its brackets. A term is a stretch of the quote that the
sentence rests on, put behind its name, so that nothing that was checked rests on it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from civic_assistant.folding import folded
from civic_assistant.glossary import word_forms
from civic_assistant.glosses import TERM_LANGUAGE, Gloss, TermNames, term_names
from civic_assistant.guides import Passage
from civic_assistant.keywords import stem
from civic_assistant.languages import detect_language
from civic_assistant.outcomes import AnswerSentence, Citation, OfficialTerm
from civic_assistant.quotes import locate_quote

MOST_TERMS = 40
"""Terms that a model is told, of all the passages that it is given."""
_BRACKET = re.compile(r"\s*[(（][\s*_\"“„«]*([^()（）]{2,120}?)[\s*_\"”»]*[)）]")
_WORD = re.compile(r"[^\W_]+")
_JOINT = re.compile(r"[\s'’\-\u2010\u2011]{1,2}")
_EXPLAINED = re.compile(r"\s*[(（].*")
# A name of one short word is too often another word: "will", "fine".
_LEAST_WORD = 5
_LEAST_STEM = 4
_ENDING = 3
# Languages without a stemmer: inflected words begin alike.
_UNSTEMMED = frozenset({"uk"})
# Endings are put behind one another: a longer word may be the name with some of them.
_AGGLUTINATING = frozenset({"tr"})
_UNSPACED = frozenset({"zh"})
_OTHER_SCRIPTS = frozenset({"ar", "uk", "zh"})


@dataclass(frozen=True, slots=True)
class Bare:
    """A sentence without brackets in the quote's language.

    ``terms`` stood in them and stand in a quote, ``removed`` is what stands in none.
    """

    text: str
    terms: tuple[OfficialTerm, ...] = ()
    removed: tuple[str, ...] = ()


def told_terms(passages: Sequence[Passage], language: str) -> dict[str, str]:
    """Return the terms of French passages with their names in a language, for the prompt."""
    names = term_names(language)
    found: dict[str, Gloss] = {}
    for passage in passages:
        if passage.language == TERM_LANGUAGE != language:
            for gloss in names.glosses(passage.text):
                found.setdefault(gloss.name, gloss)
    return {gloss.term: gloss.name for gloss in list(found.values())[:MOST_TERMS]}


def bare_sentence(text: str, language: str, citations: Sequence[Citation]) -> Bare:
    """Return the sentence that is to be verified, in a language, and the terms that it named.

    A bracket in the answer's own language is part of the sentence. One that names a term stands
    apart from it: word for word in a quote, it comes back as that term; if not, it is left out and
    the sentence is judged without it, because a false term makes no true sentence false.
    """
    if all(citation.language == language for citation in citations):
        return Bare(text)
    pieces: list[str] = []
    terms: list[OfficialTerm] = []
    removed: list[str] = []
    last = length = 0
    for bracket in _BRACKET.finditer(text):
        said = bracket.group(1).strip()
        term = _quoted_term(said, citations)
        if term is None and not _names_term(said, language):
            continue
        pieces.append(text[last : bracket.start()])
        length += len(pieces[-1])
        last = bracket.end()
        if term is None:
            removed.append(said)
        else:
            terms.append(OfficialTerm(length, term))
    return Bare("".join((*pieces, text[last:])), tuple(terms), tuple(removed))


def with_official_terms(
    sentences: Sequence[AnswerSentence], language: str, names: TermNames
) -> tuple[AnswerSentence, ...]:
    """Return verified sentences in a language with the terms of their French quotes.

    A term is told behind its first name in the answer, as it stands in the quote, and once;
    never where the sentence says it itself.
    """
    told: set[str] = set()
    return tuple(_with_terms(sentence, language, names, told) for sentence in sentences)


def _with_terms(
    sentence: AnswerSentence, language: str, names: TermNames, told: set[str]
) -> AnswerSentence:
    if sentence.citation.language != TERM_LANGUAGE or language == TERM_LANGUAGE:
        return sentence
    kept = [term for term in sentence.terms if _is_first(term.term, names, told)]
    taken: list[tuple[int, int]] = [(term.at, term.at) for term in kept]
    said = folded(sentence.text)
    for gloss in _glosses(sentence, names):
        term, name = folded(gloss.term), folded(gloss.name)
        if term in told or name in told:
            continue
        if _is_said(term, said):
            told |= {term, name}
            continue
        place = name_in(sentence.text, gloss.name, language)
        if place is None or any(place[0] <= end and start <= place[1] for start, end in taken):
            continue
        told |= {term, name}
        taken.append(place)
        kept.append(OfficialTerm(place[1], gloss.term))
    return replace(sentence, terms=tuple(sorted(kept, key=lambda term: term.at)))


def name_in(text: str, name: str, language: str) -> tuple[int, int] | None:
    """Return where a text has a name first, its words in any form, or None.

    What explains the name in brackets need not be said. Words count whole; Chinese has no borders.
    """
    name = _EXPLAINED.sub("", name)
    if language in _UNSPACED:
        start = text.find(name)
        return None if start < 0 or len(name) < 2 else (start, start + len(name))
    wanted = _WORD.findall(name)
    if not wanted or (len(wanted) == 1 and len(wanted[0]) < _LEAST_WORD):
        return None
    words = list(_WORD.finditer(text))
    for place in range(len(words) - len(wanted) + 1):
        stretch = words[place : place + len(wanted)]
        alike = (_is_form(w, m.group(), language) for w, m in zip(wanted, stretch, strict=True))
        if all(alike) and all(
            _JOINT.fullmatch(text, before.end(), after.start())
            for before, after in pairwise(stretch)
        ):
            return stretch[0].start(), stretch[-1].end()
    return None


def _glosses(sentence: AnswerSentence, names: TermNames) -> list[Gloss]:
    """Return the terms of a sentence's quotes, those of more words first."""
    found = [gloss for c in sentence.citations for gloss in names.glosses(c.quote)]
    return sorted(dict.fromkeys(found), key=lambda gloss: -len(gloss.name))


def _is_first(term: str, names: TermNames, told: set[str]) -> bool:
    own = {folded(term), *(folded(gloss.name) for gloss in names.glosses(term))}
    is_first = told.isdisjoint(own)
    told |= own
    return is_first


def _is_said(term: str, said: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(term)}(?!\w)", said) is not None


def _is_form(word: str, written: str, language: str) -> bool:
    """Whether a word of a text is a word of a name, in whatever case or number."""
    plain = folded(word)
    for form in word_forms(written, language):
        if form == plain or stem(form, language) == stem(plain, language):
            return True
        if language in _AGGLUTINATING and len(plain) >= _LEAST_STEM and form.startswith(plain):
            return True
        if language in _UNSTEMMED and _begin_alike(form, plain):
            return True
    return False


def _begin_alike(one: str, other: str) -> bool:
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    common = min(len(one), len(other)) if same is None else same
    return common >= max(_LEAST_STEM, len(one) - _ENDING, len(other) - _ENDING)


def _quoted_term(said: str, citations: Sequence[Citation]) -> str | None:
    """Return the words of a quote that a bracket says; figures stay part of the sentence."""
    if any(character.isdigit() for character in said):
        return None
    for citation in citations:
        located = locate_quote(said, citation.quote, citation.language)
        if located is not None:
            return citation.quote[located.start : located.end]
    return None


def _names_term(said: str, language: str) -> bool:
    """Whether a bracket is in French, in an answer that is not: it is meant as an official term."""
    if language == TERM_LANGUAGE or any(character.isdigit() for character in said):
        return False
    if any(True for _ in _terms_of(said, language)):
        return True
    if language in _OTHER_SCRIPTS:
        return not said.isupper() and all(map(_is_latin, filter(str.isalpha, said)))
    written = detect_language(said, conversation=language, page=language).written_in
    return written == TERM_LANGUAGE


def _terms_of(said: str, language: str) -> Iterator[Gloss]:
    return term_names(language).glosses(said)


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")
