"""Does every field that can leave a laptop say why, how long and who sees it?"""

import pytest

from fernbereit.facts import SECTIONS
from fernbereit.field import Visibility, declaration
from fernbereit.fields import FieldEntry, fields
from fernbereit.tolerance import OpenModel
from fernbereit.words import LANGUAGES, load

FIELDS = fields()
COUNTED_ONLY = {
    "remote_access.tunnel",
    "remote_access.route",
    "remote_access.active_client",
    "network.zone",
    "targets.results.through_tunnel",
}


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_has_fields(section: str) -> None:
    """A section without a field would be in no manifest."""
    assert any(field.section == section for field in FIELDS)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)
def test_every_field_is_declared_and_worded(field: FieldEntry) -> None:
    """Label and reason stand in every language, and the reason says more than the label."""
    for lang in LANGUAGES:
        words = load(lang)
        assert words.label(field)
        assert len(words.why(field)) > len(words.label(field)) / 2


def test_a_field_without_a_declaration_is_found() -> None:
    """The walk stops at a field that nobody declared."""

    class Sloppy(OpenModel):
        user_name: str | None = None

    with pytest.raises(KeyError):
        declaration(Sloppy.model_fields["user_name"])


def test_nobody_sees_the_whereabouts_of_one_laptop() -> None:
    """Zone and tunnel leave the collector as counts only."""
    counted = {f"{f.section}.{f.path}" for f in FIELDS if f.visibility is Visibility.COUNTED}
    assert counted >= COUNTED_ONLY


def test_hashes_are_shown_to_nobody() -> None:
    """Serial number and host name are compared, never shown."""
    internal = {f"{f.section}.{f.path}" for f in FIELDS if f.visibility is Visibility.INTERNAL}
    assert internal == {"machine.serial_hash", "machine.host_name_hash"}
