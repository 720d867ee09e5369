"""Does this version take what a newer laptop says, and count what it does not know?"""

import pytest

import frozen
from fernbereit.delivery import decode
from fernbereit.facts.network import LinkType, Network, Zone
from fernbereit.facts.remote_access import RemoteAccess, Tunnel, VpnClient
from fernbereit.record import Outcome, Reason, Record, decode_record
from fernbereit.tolerance import Tolerated


def record_of(name: str) -> tuple[Record, Tolerated]:
    """Return the first record of one message and what was let pass."""
    return decode_record(decode(frozen.message("future", name)).records[0].body)


@pytest.mark.parametrize("name", frozen.names("future"))
def test_a_newer_message_is_accepted_and_what_remains_is_known(name: str) -> None:
    """Written again, the record holds nothing this version does not know."""
    for line in decode(frozen.message("future", name)).records:
        record, _ = decode_record(line.body)
        assert decode_record(record.encode())[1] == Tolerated(values=0, fields=0)


@pytest.mark.parametrize(
    ("name", "values", "fields"),
    [
        pytest.param("unknown-section", 0, 1, id="an unknown section is one field"),
        pytest.param("unknown-field-nested", 0, 6, id="unknown fields count on every level"),
        pytest.param("unknown-enum-word", 7, 0, id="unknown words count one by one"),
        pytest.param("extra-header-words", 0, 0, id="more words in the first line are no matter"),
        pytest.param("everything-new", 1, 4, id="all of it at once"),
    ],
)
def test_what_is_not_known_is_counted(name: str, values: int, fields: int) -> None:
    """Nobody loses a word without a number that says so."""
    assert record_of(name)[1] == Tolerated(values=values, fields=fields)


def test_sections_beside_an_unknown_one_are_kept() -> None:
    """A new section takes nothing with it."""
    record, _ = record_of("unknown-section")
    assert set(record.sections.present()) == {"machine", "battery", "screen_lock"}
    assert record.unchanged == {"hologram_sound": 9.0}


def test_unknown_words_read_as_other() -> None:
    """A satellite link is a link of another kind, and the known words beside it stay."""
    sections = record_of("unknown-enum-word")[0].sections.present()
    network, remote = sections["network"].facts, sections["remote_access"].facts
    assert isinstance(network, Network)
    assert isinstance(remote, RemoteAccess)
    assert (network.link_type, network.zone, network.ipv6) == (LinkType.OTHER, Zone.OTHER, True)
    assert (remote.clients, remote.tunnel) == ((VpnClient.OPENVPN, VpnClient.OTHER), Tunnel.OTHER)
    assert (sections["battery"].outcome, sections["battery"].reason) == (Outcome.OTHER, Reason.OTHER)
