"""Ages of people, read out of questions and of the cases that guides label by age."""

from __future__ import annotations

import re
from collections.abc import Iterator

from civic_assistant.folding import folded

OLDEST = 120
Ages = frozenset[int]
MINOR: Ages = frozenset(range(18))
ADULT: Ages = frozenset(range(18, OLDEST + 1))

# All patterns read folded text. After a number, these say somebody's age by themselves …
_OLD = re.compile(
    r"\s*-?(?:years?[ -]olds?\b|years of age|yrs? old|y\.?o\b|jahre? alt|jahrig\w*"
    r"|yasinda(?!n)\w*|yasin(?=dan)"
    r"|周?岁|歲)"
)
_MONTHS_OLD = re.compile(r"\s*-?(?:months?[ -]old|monate alt\w*|aylik|个月大|个月的)")
_MONTHS = re.compile(
    r"\s*(?:mois|months?|monate\w*|meses|mesi|luni|miesi\w+|місяц\w*|اشهر|شهر\w*)\b"
)
_BARE_BEFORE = re.compile(
    r"\b(?:under|over|aged|turned|i am|i'm|s?he is|s?he's|is|unter|uber|bin|ist)(?: just)?\s*$"
)
_BARE_AFTER = re.compile(r"\s*(?:$|[,;:!?).]|(?:and|or|with|who|yet|now|und|oder)\b)")
# … and these are years of anything.
_YEARS = re.compile(
    r"\s*(?:de )?(?:ans?|years?|jahren?|anos?|anni|anno|ani|lata?|rok\w*|рік|рок\w*|yas\w*|سنة"
    r"|سنوات|سنين|عاما?|اعوام)\b"
)
_NUMBER = re.compile(r"(?<![\d.,])(\d{1,3})(?![\d.,]*\d)")
# Before years of anything: somebody who *has* them, right before the number …
_HAS = re.compile(
    r"\b(?:ai|as|a|aura|avez|agee?s?(?: de)?|aged|age of|turned|turning|bin|ist|wird|tengo|tiene"
    r"|cumpl\w*|ho|ha|tenho|tem|fez|am|are|mam|ma|skonczyl\w*|мені|йому|їй|виповни\w*|عمر\w*"
    r"|البالغ\w*|[يت]بلغ)(?:\s+(?:deja|juste|que|bientot|presque|seulement|schon|erst|fast|ya|casi"
    r"|solo|gia|quasi|ja|quase|so|deja|doar|juz|dopiero|вже|тільки|лише|now|just))?\s*$"
)
# … or a person, four words before at most.
_PERSON = re.compile(
    r"\b(?:fils|fille|garcon|enfants?|bebe|mineure?s?|majeure?s?|jeunes?|adolescente?s?|ado|eleves?"
    r"|personnes?(?: agees?)?|mere|pere|frere|soeur|neveu|niece|gamine?|grand-[mp]ere|petite?"
    r"|son|daughter|child|children|kid|person|people|mother|father|boy|girl|nephew"
    r"|sohn\w*|tochter|kind\w*|personen?|mutter|vater|hij[oa]s?|nin[oa]s?|personas?|m?padre|madre"
    r"|figli[oa]?|bambin[oaie]|persone|filh[oa]s?|criancas?|pessoas?|mae|pai"
    r"|fiul\w*|fiic\w*|copil\w*|baiat\w*|fata|fetei|persoan\w*|mama|tata"
    r"|syn\w*|cork\w*|dziec\w*|osob\w*|mam[aey]|ojc\w*"
    r"|cocu\w*|oglu\w*|kizi\w*|син\w*|дочк\w*|дочц\w*|доньк\w*|доньц\w*|дитин\w*|особ\w*|мам\w*"
    r"|батьк\w*|ابني|ابنتي|بنتي|طفلي|طفل|ولدي|شخص|امي|ابي)\b"
    r"\W*(?:\w+\W+){0,4}$"
)
# What lasts years without being anybody's age.
_LASTS = re.compile(
    r"\b(?:depuis|pendant|durant|dans|il y a|for|since|within|every|seit|innerhalb|fur|desde|hace"
    r"|dentro de|durante|fra|daqui a|acum|timp de|przez|протягом|тому|через|منذ|خلال|لمدة|valid\w*"
    r"|valable\w*|perime\w*|expir\w*|anciennete|sejour|residen\w*|contrat\w*|bail|permis|vehicule"
    r"|chiens?|chiot|dogs?|puppy|cane|perro|hund\w*|tous les)\b"
)
_LASTS_AFTER = re.compile(r"\s*(?:d'|(?:de|di|of|ago|temu|atras|fa|тому)\b|前|了)")
_RANGE = re.compile(
    r"(?<!\d)(\d{1,2})\s*(?:a|et|to|and|bis|und|y|e|ate|ve|до|і|та|si|la|do|i|الى|و|到|至|[-–])\s*$"
)
_BELOW = re.compile(
    r"(?:moins de|avant|jusqu'a|under|below|before|younger than|unter|menos de|menor(?:es)? de"
    r"|meno di|sotto i|minori di|اقل من|دون|تحت|до|менше|sub|pana la|mai putin de|ponizej|do"
    r"|不满|未满|不到)\s*$"
)
_BELOW_AFTER = re.compile(r"\s*(?:以下|dan kucuk|alti\b|altinda\w*)")
_ABOVE = re.compile(
    r"(?:plus de|a partir de|des|au moins|over|above|older than|at least|from|uber|ab|mehr als"
    r"|mas de|mayor(?:es)? de|a partir de los|piu di|oltre i|mais de|maior(?:es)? de|اكثر من|فوق"
    r"|від|понад|старше|peste|powyzej|od|ponad|年满|超过)\s*$"
)
_ABOVE_AFTER = re.compile(
    r"\s*(?:\(?ou plus|et plus|or older|or over|and over|oder alter|o mas|o piu|ou mais|以上"
    r"|dan buyuk|ve uzeri|ustu|sau peste|lub wiecej|i wiecej|فما فوق)"
)
# Fewer years, alone in a label, are more often those of a marriage or a paper than an age.
_ALONE = 10
# How far before the number a person may stand, in characters: a few words.
_REACH = 32


def ages_in(text: str) -> Ages:
    """Return the ages in years of the people that a text names by age; empty when it names none.

    A range (``under 18``, ``from 4 to 6``) gives all its years. What lasts years without being
    somebody's age (a permit, a stay, a dog's life) is left out.
    """
    return frozenset(age for ages in _stated(folded(text).replace("’", "'")) for age in ages)


def _stated(text: str) -> Iterator[Ages]:
    for found in _NUMBER.finditer(text):
        number, after = int(found.group(1)), text[found.end() :]
        before = text[max(0, found.start() - _REACH) : found.start()]
        clause = re.split(r"[.;!?؟。！？]", before)[-1]
        if number > OLDEST:
            continue
        if _MONTHS_OLD.match(after) or (_MONTHS.match(after) and _PERSON.search(clause)):
            yield frozenset({number // 12})
        elif said := _OLD.match(after):
            yield _range(number, clause, after[said.end() :])
        elif years := _YEARS.match(after):
            rest = after[years.end() :]
            lasts = _LASTS.search(clause) or _LASTS_AFTER.match(rest)
            if not lasts and _is_of_person(clause, rest, number):
                yield _range(number, clause, rest)
        elif _BARE_BEFORE.search(clause) and _BARE_AFTER.match(after):
            yield _range(number, clause, after)


def _is_of_person(before: str, after: str, number: int) -> bool:
    """Whether somebody stands before the number, or the text is little more than an age."""
    if _HAS.search(before) or _PERSON.search(before):
        return True
    if number < _ALONE:
        return False
    words = re.findall(r"[^\W\d_]+", before + after)
    bounds = (_BELOW, _ABOVE, _RANGE)
    return len(words) <= 3 and any(bound.search(before) for bound in bounds)


def _range(number: int, before: str, after: str) -> Ages:
    if between := _RANGE.search(before):
        return frozenset(range(int(between.group(1)), number + 1))
    if _BELOW.search(before) or _BELOW_AFTER.match(after):
        return frozenset(range(number))
    if _ABOVE.search(before) or _ABOVE_AFTER.match(after):
        return frozenset(range(number, OLDEST + 1))
    return frozenset({number})
