"""Is a fleet of counts read as people write it, and is every fault told with its line?"""

import pytest

from fernbereit_server.organisation.faults import Fault, FaultyFileError
from fernbereit_server.resilience.counts import Group, Kind, Path, Verdict, read_counts

HEAD = "unit,path,verdict,kind,count\n"


def faults_of(text: str) -> list[Fault]:
    with pytest.raises(FaultyFileError) as caught:
        read_counts(text.encode(), ["Sozialamt", "Bauamt"], ["Pool"])
    return list(caught.value.faults)


def test_rows_of_one_group_add_up() -> None:
    """Two exports may be put one below the other."""
    text = HEAD + "Sozialamt,vpn,ready,personal,3\nSozialamt,VPN,Ready,personal,4\n"
    counts = read_counts(text.encode(), ["Sozialamt"], [])

    assert counts == {Group("Sozialamt", Path.VPN, Verdict.READY, Kind.PERSONAL): 7}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_spreadsheet_may_have_written_it(encoding: str) -> None:
    """Semicolons and Windows-1252 included."""
    text = (HEAD + "Bürgeramt,vpn,ready,personal,3\n").replace(",", ";")

    assert sum(read_counts(text.encode(encoding), ["Bürgeramt"], []).values()) == 3


@pytest.mark.parametrize(
    ("row", "line", "field", "word", "suggestion"),
    [
        pytest.param("Sozialant,vpn,ready,personal,3", 2, "unit", "stranger", "Sozialamt", id="unknown unit"),
        pytest.param("Bauamt,vpm,ready,personal,3", 2, "path", "wrong", "vpn", id="unknown path"),
        pytest.param("Bauamt,vpn,redy,personal,3", 2, "verdict", "wrong", "ready", id="unknown verdict"),
        pytest.param("Bauamt,vpn,ready,private,3", 2, "kind", "wrong", "", id="unknown kind"),
        pytest.param("Bauamt,vpn,ready,personal,-3", 2, "count", "wrong", "", id="less than none"),
        pytest.param("Bauamt,vpn,ready,personal,3.5", 2, "count", "wrong", "", id="half a device"),
        pytest.param("Bauamt,vpn,ready,personal,²", 2, "count", "wrong", "", id="a digit that is no number"),
        pytest.param("Pool,vpn,ready,personal,3", 2, "kind", "pool_row", "", id="a pool of one person"),
        pytest.param("Bauamt,vpn,ready,personal", 2, "", "cells", "", id="a cell too few"),
        pytest.param('"Bauamt,vpn,ready,personal,3', 2, "", "no_csv", "", id="an open quotation mark"),
    ],
)
def test_each_fault_has_its_line(row: str, line: int, field: str, word: str, suggestion: str) -> None:
    """And the field, and the word somebody may have meant."""
    fault = faults_of(f"{HEAD}{row}\n")[0]

    assert (fault.line, fault.field, fault.word, fault.suggestion) == (line, field, word, suggestion)


def test_a_column_may_say_what_alone_would_make_devices_ready() -> None:
    """Rows with another fix are another group; what no single thing fixes stays empty."""
    text = "unit,path,verdict,kind,fix,count\nBauamt,vpn,not_ready,personal,{},3\n"
    found = {
        fix: next(iter(read_counts(text.format(fix).encode(), ["Bauamt"], []))).fix
        for fix in ("battery", "Settings", "", "several", "none", "unknown")
    }

    assert found == {
        "battery": "battery",
        "Settings": "settings",
        "": "",
        "several": "",
        "none": "",
        "unknown": "",
    }


@pytest.mark.parametrize(
    ("verdict", "fix", "word"),
    [
        pytest.param("not_ready", "two things", "wrong", id="no slug"),
        pytest.param("ready", "battery", "nothing_to_fix", id="a ready device"),
        pytest.param("unknown", "battery", "nothing_to_fix", id="a device nobody has judged"),
    ],
)
def test_a_fix_that_fixes_nothing_is_a_fault(verdict: str, fix: str, word: str) -> None:
    """With its line and column."""
    faults = faults_of(f"unit,path,verdict,kind,count,fix\nBauamt,vpn,{verdict},personal,3,{fix}\n")

    assert [(fault.line, fault.field, fault.word) for fault in faults] == [(2, "fix", word)]


@pytest.mark.parametrize(
    ("head", "field", "word"),
    [
        pytest.param("unit,path,verdict,kind", "count", "missing", id="a column is missing"),
        pytest.param("unit,path,verdict,kind,count,size", "size", "unknown", id="a column nobody knows"),
        pytest.param("unit,unit,path,verdict,kind,count", "unit", "twice", id="a column twice"),
        pytest.param("", "unit", "missing", id="an empty file"),
    ],
)
def test_each_fault_of_the_header_is_told(head: str, field: str, word: str) -> None:
    """On line 1."""
    assert (1, field, word) in {(fault.line, fault.field, fault.word) for fault in faults_of(head + "\n")}


def test_a_fleet_without_rows_is_a_fault() -> None:
    """An empty export is more likely a mistake than an authority without devices."""
    assert [fault.word for fault in faults_of(HEAD)] == ["no_rows"]
