"""Does the manifest name everything that can leave the laptop, and show what left it last?"""

import json
from pathlib import Path

import pytest

from fernbereit.facts import SECTIONS
from fernbereit.fields import fields
from fernbereit.words import LANGUAGES, load
from fernbereit_agent import manifest, owner

NOTHING = manifest.LastSent(path=Path("last-sent"), missing="manifest.nothing_sent")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_field_is_named_with_its_reason(lang: str) -> None:
    """A person reads label and reason of each field in the language asked for."""
    text = " ".join(manifest.as_text(lang, NOTHING).split())
    words = load(lang)
    missing = [
        field.key for field in fields() if words.label(field) not in text or words.why(field) not in text
    ]
    assert missing == []


def test_the_manifest_says_what_travels_beside_the_fields_and_what_is_never_read() -> None:
    """Neither the envelope nor the list of what is left alone is hidden."""
    text = manifest.as_text("de", NOTHING)
    assert all(load("de")(key) in text for key in (*manifest.ENVELOPE, *manifest.NEVER))


def test_what_was_sent_last_is_shown_to_the_byte(tmp_path: Path) -> None:
    """The envelope is printed as it went out, nothing interpreted."""
    sent = b'fernbereit 1 x\n1 0 5 {"sections":{},"odd":"\xc3\xa4"}'
    owner.publish(tmp_path, owner.LAST_SENT, sent)
    shown = manifest.as_text("de", manifest.last_sent(tmp_path))
    assert shown.encode().rstrip(b"\n").endswith(sent)


def test_a_laptop_that_sent_nothing_says_so(tmp_path: Path) -> None:
    """Nothing sent is told with the place that was looked into."""
    assert str(tmp_path) in manifest.as_text("en", manifest.last_sent(tmp_path))


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    """Somebody without the right is told so instead of an empty page."""
    (tmp_path / owner.LAST_SENT).mkdir(parents=True)
    assert manifest.last_sent(tmp_path).missing == "manifest.unreadable"


def test_a_script_reads_the_same_fields(tmp_path: Path) -> None:
    """The JSON form carries every field and the bytes last sent."""
    owner.publish(tmp_path, owner.LAST_SENT, b"fernbereit 1")
    told = json.loads(manifest.as_json("en", manifest.last_sent(tmp_path)))
    assert [entry["field"] for entry in told["fields"]] == [f"{f.section}.{f.path}" for f in fields()]
    assert told["last_sent"] == "fernbereit 1"


def test_the_documentation_has_a_row_for_every_field_in_both_languages() -> None:
    """The page for the staff council is complete in German and in English."""
    text = manifest.document()
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    heads_and_rules = 2 * len(LANGUAGES) * len(SECTIONS)
    assert len(rows) == len(LANGUAGES) * len(fields()) + heads_and_rules
