from __future__ import annotations

import pytest

from civic_assistant.gibberish import is_gibberish


@pytest.mark.parametrize(
    "text",
    [
        "zrtp kdfj mlqs", "asdf jklö qwert uiopü", "asdf", "sdkfjhg", "kjhgf lkjdsq", "йцукен фіва",
        "ضصثقف شسيب", "aaaaaaa", "qsdfghjklm", "xkq zvbrt wpqd", "?!", "12", "...", "q",
    ],
)  # fmt: skip
def test_keys_hit_at_random_are_gibberish(text: str) -> None:
    assert is_gibberish(text)


@pytest.mark.parametrize(
    "text",
    [
        "CNI", "APL RSA CMI", "SNCF", "MDPH", "mdph", "aeeh mdph", "BAFD", "PACS", "CCAS", "RNCPS",
        "cerfa 15776*02", "12100", "rue Krzysztof", "Wert", "Bd Foch", "Szczebrzeszyn",
        "wszczęcie postępowania", "zgłoszenie dziecka", "взвод", "свідоцтво", "шлюб", "вступ",
        "bghit carte identite", "kifach ndir passeport", "chhal taman la cantine", "çöp",
        "Rechtsschutzversicherung", "Schlossstraße", "البيت", "ولاية", "طالبي", "喵", "护照",
        "Ndiaye Mbarek", "wifi", "Airbnb", "Strč",
    ],
)  # fmt: skip
def test_words_acronyms_names_and_form_numbers_are_not(text: str) -> None:
    assert not is_gibberish(text)
