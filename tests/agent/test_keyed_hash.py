"""Do laptop and inventory find each other without telling a serial number?"""

import hmac
from hashlib import sha256

import pytest

from fernbereit.facts.machine import Machine
from fernbereit.keyed_hash import host_name_hash, serial_hash

KEY = bytes.fromhex("00112233445566778899aabbccddeeff")


def test_the_hash_is_hmac_sha256_under_the_key_of_the_authority() -> None:
    """Whoever holds the key can recompute it with any tool."""
    expected = hmac.new(KEY, b"PF-0A1B2C", sha256).hexdigest()

    assert serial_hash("PF-0A1B2C", KEY) == expected
    assert Machine(serial_hash=expected).serial_hash == expected
    assert serial_hash("PF-0A1B2C", KEY[::-1]) != expected


@pytest.mark.parametrize("written", ["pf-0a1b2c", " PF-0A1B2C\n", "PF-0A 1B2C"])
def test_the_way_a_serial_number_is_written_does_not_matter(written: str) -> None:
    """Exports differ in case and blanks."""
    assert serial_hash(written, KEY) == serial_hash("PF-0A1B2C", KEY)


@pytest.mark.parametrize(
    "placeholder",
    [
        "",
        " ",
        "0",
        "00000000",
        "FFFFFFFFFFFF",
        "None",
        "Default string",
        "To Be Filled By O.E.M.",
        "Not Specified",
        "System Serial Number",
        "unknown",
    ],
)
def test_a_placeholder_is_nobodys_serial_number(placeholder: str) -> None:
    """Thousands of machines share these: a hash of them would match the wrong laptop."""
    assert serial_hash(placeholder, KEY) is None


@pytest.mark.parametrize("name", ["NB-04711", "nb-04711.musterstadt.example", " nb-04711 "])
def test_a_host_name_is_taken_without_its_domain(name: str) -> None:
    """Inventories list one or the other."""
    assert host_name_hash(name, KEY) == host_name_hash("nb-04711", KEY)


@pytest.mark.parametrize("name", ["", "localhost", "localhost.localdomain", "."])
def test_a_host_name_that_says_nothing_has_no_hash(name: str) -> None:
    """Every fresh installation is called that."""
    assert host_name_hash(name, KEY) is None
