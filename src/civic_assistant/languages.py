"""Which language a question is written in, and so which language the page answers in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import eldc
from langdetect import DetectorFactory, LangDetectException
from langdetect.detector_factory import PROFILES_DIRECTORY

from civic_assistant.messages import PAGE_LANGUAGES

RECOGNISED_ONLY = ("nl", "ru", "vi")
"""Languages told apart but not offered: without them a Dutch question would be taken for German and
a Russian one for Ukrainian. Such a question is answered in the page's language."""

SURE_GAP = 0.08
"""Lead of the first language over the second from which a question of three words is sure."""
CONVERSATION_PRIOR = 0.12
PAGE_PRIOR = 0.06
"""Chosen with `SURE_GAP` on 234 short questions in 15 languages (clean, mixed, unaccented)."""
SECOND_VOICE = 0.1
"""Weight of langdetect's probability beside eldc's score, where eldc alone is not sure."""

# Terms of French administration that citizens keep in French whatever language they write.
_LOAN_TERMS = re.compile(
    r"\b(?:(?:titres?|cartes?) de s[ée]jour"
    r"|carte (?:grise|vitale|d['’ ]identit[ée]|nationale d['’ ]identit[ée])"
    r"|(?:livrets? de famille|attestations? d['’ ]accueil|actes? de naissance)"
    r"|(?:permis de conduire|justificatifs? de domicile|s[ée]curit[ée] sociale)"
    r"|(?:france (?:services|travail)|p[ôo]le emploi|pr[ée]fecture|mairie|r[ée]c[ée]piss[ée]s?)"
    r"|(?:aah|ants|apl|ars|atsem|caf|ccas|cerfa|cmi|cni|cpam|hlm|ofii|ofpra|pacs|plu|pmi|rsa|urssaf))\b",
    re.IGNORECASE,
)
_NOISE = re.compile(r"https?://\S+|\S+@\S+|[\d_]+|[^\w\s'’-]")
_WORD = re.compile(r"[^\W\d_]+")
_UKRAINIAN_LETTERS = frozenset("іїєґІЇЄҐ")
_RUSSIAN_LETTERS = frozenset("ыэъёЫЭЪЁ")
_CYRILLIC_LANGUAGES = ("uk", "ru")
_OTHER_SCRIPTS = frozenset({"ar", "zh", *_CYRILLIC_LANGUAGES})
_LATIN_LANGUAGES = tuple(
    language for language in (*PAGE_LANGUAGES, *RECOGNISED_ONLY) if language not in _OTHER_SCRIPTS
)
# First letters of a character's Unicode name, and how many Latin letters one such character weighs.
_SCRIPTS = {
    "LATIN": ("latin", 1),
    "ARABIC": ("ar", 1),
    "CYRILLIC": ("cyrillic", 1),
    "CJK": ("zh", 2),
}


@dataclass(frozen=True, slots=True)
class Detected:
    """The page language to answer in, and whether the question alone shows it.

    ``written_in`` is what was recognised; it differs from ``language`` when the page does not
    offer it (`RECOGNISED_ONLY`) or when a weak question keeps the conversation's language.
    """

    language: str
    is_sure: bool
    written_in: str


def detect_language(
    text: str,
    *,
    conversation: str | None = None,
    page: str | None = None,
    town: str = "fr",
) -> Detected:
    """Return the language of a question, from its script, its letters and what is known around it.

    ``conversation`` is the language of the turns before and is kept by a short or weak question;
    ``page`` is the page's language; ``town`` the one that is left when nothing else is known.
    All three are page languages. The same text and context always give the same language.
    """
    kept = conversation or page or town
    words = _words_to_judge(text)
    scripts = _scripts(words)
    letters = sum(scripts.values())
    if not letters or scripts.get("other", 0) > letters / 2:
        return Detected(kept, False, kept)
    for language in ("ar", "zh"):
        if scripts.get(language, 0) >= letters / 4:
            return Detected(language, True, language)
    candidates = _LATIN_LANGUAGES
    if scripts.get("cyrillic", 0) >= letters / 4:
        if _UKRAINIAN_LETTERS & set(words):
            return Detected("uk", True, "uk")
        candidates = ("ru",) if _RUSSIAN_LETTERS & set(words) else _CYRILLIC_LANGUAGES
    written_in, is_sure = _judge(words, candidates, conversation, page)
    offered = written_in if written_in in PAGE_LANGUAGES else (page or conversation or town)
    return Detected(offered, is_sure, written_in)


def _words_to_judge(text: str) -> str:
    """Return the text without noise, and without loan terms where other words are left.

    Only loan terms, or a loan term with a person's name, say nothing about the language: then
    the term itself is judged in the second case and nothing is left in the first.
    """
    cleaned = _NOISE.sub(" ", unicodedata.normalize("NFC", text))
    masked = _LOAN_TERMS.sub(" ", cleaned)
    rest = _WORD.findall(masked)
    if masked != cleaned and rest and all(word.istitle() for word in rest):
        return cleaned
    return masked


def _scripts(text: str) -> Mapping[str, int]:
    weights: dict[str, int] = {}
    for character in filter(str.isalpha, text):
        family = unicodedata.name(character, "").split(" ")[0]
        script, weight = _SCRIPTS.get(family, ("other", 1))
        weights[script] = weights.get(script, 0) + weight
    return weights


def _judge(
    words: str, candidates: Sequence[str], conversation: str | None, page: str | None
) -> tuple[str, bool]:
    """Return the likeliest candidate, and whether it leads clearly on three words or more.

    One word keeps the conversation's language, and up to three do unless another clearly leads it.
    """
    if len(candidates) == 1:
        return candidates[0], True
    scores = dict.fromkeys(candidates, 0.0) | _eldc_scores(words, tuple(candidates))
    if _lead(scores) <= SURE_GAP and candidates is _LATIN_LANGUAGES:
        for language, probability in _langdetect_scores(words, candidates).items():
            scores[language] += SECOND_VOICE * probability
    count = len(_WORD.findall(words))
    boost = 2.5 if count <= 2 else 1.5 if count == 3 else 1.0
    for known, prior in ((conversation, CONVERSATION_PRIOR), (page, PAGE_PRIOR)):
        if known in scores:
            scores[known] += prior * boost
    likeliest = max(scores, key=lambda language: scores[language])
    if conversation in scores and (
        count == 1 or (count <= 3 and scores[likeliest] - scores[conversation] <= SURE_GAP)
    ):
        likeliest = conversation
    return likeliest, _lead(scores) > SURE_GAP and count >= 3


def _lead(scores: Mapping[str, float]) -> float:
    first, second, *_ = sorted(scores.values(), reverse=True)
    return first - second


@lru_cache(maxsize=4)
def _eldc_detector(languages: tuple[str, ...]) -> eldc.instance:
    eldc.init()
    detector = eldc.instance()
    detector.set_languages(list(languages))
    detector.set_scores(len(languages))
    return detector


def _eldc_scores(text: str, languages: tuple[str, ...]) -> dict[str, float]:
    return dict(_eldc_detector(languages).detect_details(text).scores)


@lru_cache(maxsize=1)
def _langdetect_factory() -> DetectorFactory:
    factory = DetectorFactory()
    factory.load_profile(PROFILES_DIRECTORY)
    # langdetect samples at random: without a seed the same question changes its language.
    factory.set_seed(0)
    return factory


def _langdetect_scores(text: str, languages: Sequence[str]) -> Mapping[str, float]:
    detector = _langdetect_factory().create()
    detector.set_prior_map({language: 1 / len(languages) for language in languages})
    detector.append(text)
    try:
        return {found.lang: found.prob for found in detector.get_probabilities()}
    except LangDetectException:
        # Nothing in the text that its profiles know.
        return {}
