"""Can a policy teach a laptop new clients, and nothing but that?"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from fernbereit.client_rules import ORDINARY_INTERFACES, ORDINARY_MAKERS
from fernbereit.client_tables import MOST_CLIENTS, MOST_MARKERS, ManagementClientRow, VpnClientRow
from fernbereit.policy import Policy, as_json, shipped_policy
from fernbereit.signed_policy import MAX_JSON_BYTES, read_signed, write_signed
from fernbereit_server.policies.file import parse_policy

HEAD = "extends: default\nversion: 2\ntitle: {de: Regelwerk, en: Policy}\ndeviations:\n  - set:\n"
REASON = "    reason: {de: Grund, en: Reason}\n"
ROW: dict[str, Any] = {
    "name": "musterstadt_connect",
    "linux": {"interfaces": ["mcon*"], "units": ["mcon.service"]},
    "windows": {
        "services": ["McSvc"],
        "programs": ["Musterstadt Connect*"],
        "adapters": ["Musterstadt Connect Adapter*"],
        "components": [r"root\mconnect"],
    },
    "macos": {
        "interfaces": ["mcon*"],
        "labels": ["de.musterstadt.connect"],
        "bundles": ["de.musterstadt.pkg"],
    },
}


def row(**changes: Any) -> Any:
    """Return the plain values of a row with some of them changed."""
    return {**ROW, **changes}


def test_a_policy_takes_both_tables_by_deviation() -> None:
    """Nothing else of the base changes."""
    text = (
        f"{HEAD}      vpn_clients: [{{name: musterstadt_connect, windows: {{services: [McSvc]}}}}]\n"
        f"      management_clients: [{{name: opsi, linux: {{units: [opsiclientd.service]}}}}]\n{REASON}"
    )
    policy = parse_policy(text).policy

    assert [each.name for each in policy.vpn_clients] == ["musterstadt_connect"]
    assert [each.name for each in policy.management_clients] == ["opsi"]
    assert policy.checks == shipped_policy().checks


def test_the_tables_travel_with_the_signed_policy() -> None:
    """A laptop reads what was written."""
    policy = Policy.model_validate_json(shipped_policy().model_dump_json(by_alias=True, exclude_unset=True))
    told = policy.model_copy(update={"vpn_clients": (VpnClientRow.model_validate(row(), strict=False),)})
    told = Policy.model_validate(as_json(told), strict=False)
    written = write_signed(told, "0" * 16, lambda _: bytes(64))

    assert read_signed(written, "0" * 16, lambda *_: True).vpn_clients == told.vpn_clients


def test_a_policy_without_tables_is_written_as_before() -> None:
    """An agent that knows no tables still reads it."""
    assert {"vpn_clients", "management_clients"}.isdisjoint(as_json(shipped_policy()))


@pytest.mark.parametrize(
    "marker", ["../../etc/passwd", "/etc/passwd", r"..\..\x", "a/b", "x*y*", "?", "[a-z]*", ""]
)
@pytest.mark.parametrize(
    ("system", "kind"),
    [
        ("linux", "interfaces"),
        ("linux", "units"),
        ("windows", "services"),
        ("windows", "programs"),
        ("windows", "adapters"),
        ("macos", "interfaces"),
        ("macos", "labels"),
        ("macos", "bundles"),
    ],
)
def test_no_marker_is_a_path_or_a_pattern_of_everything(system: str, kind: str, marker: str) -> None:
    """A policy says which name to look for, never where."""
    with pytest.raises(ValidationError):
        VpnClientRow.model_validate(row(**{system: {kind: [marker]}}), strict=False)


@given(marker=st.text(max_size=80))
def test_whatever_is_taken_as_a_marker_stays_one_name(marker: str) -> None:
    """No separator, nothing that is short for everything, no line that goes on."""
    for system, kind in (
        ("linux", "units"),
        ("windows", "services"),
        ("macos", "labels"),
        ("macos", "bundles"),
    ):
        try:
            VpnClientRow.model_validate(row(**{system: {kind: [marker]}}), strict=False)
        except ValidationError:
            continue
        assert not set(marker) & set("/\\\n\0?[]")
        assert ".." not in marker or system == "windows"
        assert len(marker.rstrip("*")) > 1


@pytest.mark.parametrize("name", ORDINARY_INTERFACES)
def test_no_ordinary_interface_becomes_a_tunnel(name: str) -> None:
    """Neither by its name nor by a pattern that it fits."""
    exact = name if len(name) <= 14 else f"{name[:13]}*"
    for pattern in {exact, f"{name[:2]}*"}:
        policy = {**as_json(shipped_policy()), "vpn_clients": [row(linux={"interfaces": [pattern]})]}
        with pytest.raises(ValidationError):
            Policy.model_validate(policy, strict=False)


@pytest.mark.parametrize("maker", ORDINARY_MAKERS)
def test_no_ordinary_adapter_becomes_a_tunnel(maker: str) -> None:
    """Neither by the beginning of its description nor by less than that."""
    patterns = {f"{maker} Adapter*", f"{maker}*", f"{maker[:4]}*", f"{maker.upper()} X*"}
    for pattern in (each for each in patterns if len(each) > 4):
        policy = {**as_json(shipped_policy()), "vpn_clients": [row(windows={"adapters": [pattern]})]}
        with pytest.raises(ValidationError):
            Policy.model_validate(policy, strict=False)


def test_the_largest_tables_fit_beside_the_checks() -> None:
    """Sixteen clients with eight markers of each kind are a fraction of what a policy may weigh."""
    marker = "M" + "x" * 62
    full = row(
        linux={
            "interfaces": ["Mxxxxxxxxxxxxx"] * MOST_MARKERS,
            "units": [f"{marker}.service"] * MOST_MARKERS,
        },
        windows={kind: [marker] * MOST_MARKERS for kind in ("services", "programs", "adapters")},
        macos={kind: [f"{marker}.{marker}"] * MOST_MARKERS for kind in ("labels", "bundles")},
    )
    rows = tuple(VpnClientRow.model_validate(full, strict=False) for _ in range(MOST_CLIENTS))

    assert sum(len(each.model_dump_json()) for each in rows) < MAX_JSON_BYTES / 8


def test_a_management_client_has_no_interface() -> None:
    """Only a VPN has."""
    with pytest.raises(ValidationError):
        ManagementClientRow.model_validate({"name": "x1", "linux": {"interfaces": ["mcon*"]}}, strict=False)
