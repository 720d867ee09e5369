"""Are the buckets that are no unit told in words, on the console and in the terminal?"""

import pytest

from fernbereit_server.commands import wording as commands
from fernbereit_server.console import wording as console
from fernbereit_server.metrics.family import OTHER_UNITS
from fernbereit_server.metrics.place_names import BUCKETS, place_name


@pytest.mark.parametrize("catalogue", [commands, console], ids=["terminal", "console"])
@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("bucket", BUCKETS)
def test_every_bucket_has_a_text(catalogue: object, lang: str, bucket: str) -> None:
    """What no unit carries is told in the language of the page."""
    say = catalogue.words(lang)  # type: ignore[attr-defined]

    assert place_name(bucket, say) == say(f"place.{bucket.replace(' ', '_')}")


def test_a_bucket_of_a_site_keeps_the_site() -> None:
    """The small units of one site stand together under its name."""
    assert place_name(f"{OTHER_UNITS} (Rathaus)", commands.words("de")) == "Übrige Einheiten (Rathaus)"


def test_a_name_is_nobodys_to_translate() -> None:
    """A unit is called what the authority calls it."""
    assert place_name("Amt (Nord)", commands.words("de")) == "Amt (Nord)"
