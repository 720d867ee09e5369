"""Do all looks at the targets of a day stay below a megabyte, whatever the settings name?"""

from pathlib import Path

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from fernbereit_agent.probes import PROBES, probes_for, targets
from fernbereit_agent.probes.targets_tried import (
    DAY_S,
    MOST_BYTES_A_DAY,
    SERIES_BYTES,
    bytes_of_a_look,
    seconds_between,
)
from fernbereit_agent.settings import ProbeSettings
from namespaces import need_namespaces, run_in_namespace


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the largest chain that is usual: RSA, with one authority in between."""
    need_namespaces()
    folder = tmp_path_factory.mktemp("certificate")
    trusted = trustme.CA(key_type=trustme.KeyType.RSA)
    issued = trusted.create_child_ca(key_type=trustme.KeyType.RSA).issue_cert(
        "127.0.0.1", key_type=trustme.KeyType.RSA
    )
    trusted.cert_pem.write_to_path(str(folder / "ca.pem"))
    issued.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    return folder


@pytest.mark.real
@pytest.mark.parametrize(("number", "samples"), [(0, 1), (1, 1), (3, 5)])
def test_a_look_costs_no_more_than_is_reckoned(certificate: Path, number: int, samples: int) -> None:
    """The kernel counts every byte on a loopback nobody else speaks on."""
    asked = {"targets": number, "samples": samples, "folder": str(certificate)}
    told = run_in_namespace(Path(__file__).with_name("cost_in_namespace.py"), asked)

    assert all(each["reachable"] for each in told["facts"]["results"])
    assert (told["facts"]["udp"], told["facts"]["captive_portal"]) == (True, False)
    assert told["facts"]["echo_loss_ratio"] == 0
    assert told["reckoned"] / 3 < told["bytes"] <= told["reckoned"]


@given(number=st.integers(0, 16), samples=st.integers(1, 20), tls=st.booleans())
def test_a_day_of_looks_costs_less_than_a_megabyte(number: int, samples: int, tls: bool) -> None:  # noqa: FBT001
    """The more there is to look at, the further apart the looks are; never more often than each hour."""
    wanted = ProbeSettings.model_validate(
        {
            "stun": "192.0.2.7:3478",
            "targets": tuple(
                {"name": f"t{each}", "host": "192.0.2.9", "samples": samples, "tls": tls}
                for each in range(number)
            ),
        }
    )
    every_s = seconds_between(wanted, targets.PROBE.every.total_seconds())

    assert every_s >= 3600
    assert bytes_of_a_look(wanted) * DAY_S / every_s <= MOST_BYTES_A_DAY * 1.000_001


def test_the_ordinary_settings_are_looked_at_every_hour() -> None:
    """The authority's own servers alone, and a few targets with them, fit into the day."""
    assert SERIES_BYTES * 24 < MOST_BYTES_A_DAY / 5
    few = tuple({"name": f"t{each}", "host": "192.0.2.9", "samples": 1} for each in range(3))
    wanted = ProbeSettings.model_validate({"stun": "192.0.2.7:3478", "targets": few})
    (paced,) = (probe for probe in probes_for(wanted) if probe.section == "targets")

    assert paced.every == targets.PROBE.every
    assert [probe.section for probe in probes_for(wanted)] == [probe.section for probe in PROBES]
