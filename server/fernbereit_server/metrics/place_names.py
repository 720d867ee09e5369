"""What is a site or unit called where people read it, the buckets that are none included?"""

from fernbereit.words import Words
from fernbereit_server.metrics.family import NO_SITE, NO_UNIT, OTHER_SITES, OTHER_UNITS

BUCKETS = (OTHER_UNITS, OTHER_SITES, NO_UNIT, NO_SITE)
"""What stands in the place of a name, in the order in which it follows the names."""


def place_name(name: str, words: Words) -> str:
    """Return a site or unit by its name, a bucket by the text `place.<bucket>` of the catalogue.

    >>> from fernbereit_server.commands.wording import words
    >>> place_name("other units (Rathaus)", words("de"))
    'Übrige Einheiten (Rathaus)'
    """
    bucket, parenthesis, site = name.partition(" (")
    if bucket in BUCKETS:
        return words(f"place.{bucket.replace(' ', '_')}") + parenthesis + site
    return name
