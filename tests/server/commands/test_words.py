"""Do the commands say the same in both languages?"""

import re

from fernbereit_server.commands.wording import words

PLACEHOLDER = re.compile(r"\{(\w+)\}")


def test_every_text_is_in_both_languages_with_the_same_placeholders() -> None:
    """A text that is missing in German would be shown in English."""
    german, english = words("de").texts, words("en").texts

    assert set(german) == set(english)
    for key, text in english.items():
        assert sorted(PLACEHOLDER.findall(german[key])) == sorted(PLACEHOLDER.findall(text)), key
        assert german[key] != text or not re.search("[a-z]{4}", re.sub(PLACEHOLDER, "", text)), key
