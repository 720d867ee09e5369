"""Does every fault of an organisation say where it stands, what was expected, an example, a suggestion?"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fernbereit_server.commands.file_faults import told
from fernbereit_server.commands.wording import words
from fernbereit_server.organisation.faults import Fault, FaultyFileError
from fernbereit_server.organisation.file import parse, read_organisation
from fernbereit_server.yaml_lines import LARGEST

UNITS = "units:\n  - name: Sozialamt\n    headcount: 120\n"


def faults_of(text: str) -> tuple[Fault, ...]:
    with pytest.raises(FaultyFileError) as caught:
        parse(text)
    return caught.value.faults


def test_headcount_stands_for_suitable_people_nobody_counted() -> None:
    """The drill says so in a note."""
    assert parse(UNITS).units[0].staff == 120


WRONG = [
    ("units:\n  - name: A\n", 2, "units[1].headcount", "missing", "a field is missing"),
    (UNITS + "gatways: []\n", 4, "gatways", "unknown", "an unknown field"),
    (UNITS.replace("120", "many"), 3, "units[1].headcount", "wrong", "a word for a number"),
    (UNITS.replace("120", "-1"), 3, "units[1].headcount", "wrong", "less than nobody"),
    (UNITS.replace("120", f"0x{'f' * 5000}"), 3, "units[1].headcount", "wrong", "more than the universe"),
    (UNITS.replace("120", "1.5"), 3, "units[1].headcount", "wrong", "half a person"),
    (UNITS.replace("120", "'120'"), 3, "units[1].headcount", "wrong", "a number in quotation marks"),
    (UNITS + "concurrency: 0\n", 4, "concurrency", "wrong", "nobody connects"),
    (UNITS + "concurrency: .nan\n", 4, "concurrency", "wrong", "no number at all"),
    (UNITS + "reservation: maybe\n", 4, "reservation", "wrong", "neither yes nor no"),
    (UNITS + "sites: Rathaus\n", 4, "sites", "wrong", "a text for a list"),
    (UNITS + "units: []\n", 4, "", "twice", "a field twice"),
    (UNITS + "gateways: [\n", 5, "", "no_yaml", "an open bracket"),
    (UNITS + "    headcount: 1\n", 4, "", "twice", "a field of a unit twice"),
    (UNITS + "sites: &all [Rathaus]\n", 4, "", "anchor", "an anchor"),
    (UNITS + "sites: !!set {Rathaus}\n", 4, "", "tag", "a tag"),
    (UNITS + 'name: "\\ud800"\n', 4, "", "half_character", "half a character"),
    (UNITS + "---\n" + UNITS, 4, "", "several_documents", "two documents"),
    (UNITS + f"sites: {'[' * 30}{']' * 30}\n", 4, "", "too_deep", "lists within lists"),
    (UNITS + "#" * LARGEST, 1, "", "too_large", "more text than anybody would write"),
    (UNITS + "sites: [a]\n1: a\n'1': b\n", 6, "", "twice", "a number and its text as two names"),
    ("- A\n", 1, "", "no_table", "a list for a file"),
    ("", 1, "", "no_table", "an empty file"),
    (
        UNITS + "    suitable: 121\n",
        4,
        "units[1].suitable",
        "more_suitable_than_people",
        "more suited than people",
    ),
    (UNITS + "    site: Rathaus\nsites: [Werkhof]\n", 4, "units[1].site", "stranger", "an unknown site"),
    (UNITS + "  - {name: Sozialamt, headcount: 1}\n", 4, "units[2].name", "name_twice", "a unit twice"),
    (
        UNITS + "  - {name: 'sozialamt ', headcount: 1}\n",
        4,
        "units[2].name",
        "name_twice",
        "a unit that differs in capitals and blanks only",
    ),
    (
        UNITS + "services:\n  - name: S\n    minimum:\n      Sozialant: 2\n",
        7,
        "services[1].minimum.Sozialant",
        "stranger",
        "a service of an unknown unit",
    ),
    (
        UNITS + "services:\n  - name: S\n    minimum: {Sozialamt: 121}\n",
        6,
        "services[1].minimum.Sozialamt",
        "minimum_above_staff",
        "more minimum than staff",
    ),
    (UNITS + "gateways:\n  - {name: G}\n", 5, "gateways[1]", "no_capacity", "a gateway without capacity"),
    (
        UNITS + "gateways:\n  - {name: G, bandwidth_mbit: 100}\n",
        5,
        "gateways[1]",
        "half_a_bandwidth",
        "bandwidth without a session's need",
    ),
    (
        UNITS
        + "gateways:\n  - {name: VPN, sessions: 1}\nscenarios:\n  - name: S\n    lost_gateways: [VPM]\n",
        8,
        "scenarios[1].lost_gateways[1]",
        "stranger",
        "a scenario naming a gateway that is not there",
    ),
    *(
        (
            UNITS + "sites: [Rathaus]\n"
            "gateways: [{name: VPN, sessions: 1, site: Rathaus, needs: [identity]}]\n"
            f"scenarios:\n  - name: S\n    {lost}\n    availability: {{VPN: 0.5}}\n",
            9,
            "scenarios[1].availability.VPN",
            "lost_and_available",
            f"a gateway lost and available at once ({lost})",
        )
        for lost in ("lost_gateways: [VPN]", "lost_sites: [Rathaus]", "lost_dependencies: [identity]")
    ),
    (
        UNITS + "gateways:\n  - {name: a, sessions: 1, licences: P}\n"
        "  - {name: b, sessions: 1, licences: P, uplink: L}\n"
        "  - {name: c, sessions: 1, uplink: L}\nlicence_pools:\n  - {name: P, sessions: 1}\n"
        "uplinks:\n  - {name: L, bandwidth_mbit: 1, per_session_mbit: 1}\n",
        9,
        "licence_pools[1]",
        "crossing",
        "limits that cross",
    ),
    (
        "units: [{name: A, headcount: 3}]\nprices:\n  laptops: {euro: 1200}\n",
        3,
        "prices.laptops",
        "item",
        "a price almost called like an item",
    ),
    (
        "units: [{name: A, headcount: 3}]\nstock:\n  Neue Geräte: 4\n",
        3,
        "stock.Neue Geräte",
        "item",
        "a stock that no device can need",
    ),
]


@pytest.mark.parametrize(
    ("text", "line", "field", "word"), [row[:4] for row in WRONG], ids=[row[4] for row in WRONG]
)
def test_each_fault_is_found_where_it_stands(text: str, line: int, field: str, word: str) -> None:
    """Line, field and kind of the first fault."""
    fault = faults_of(text)[0]

    assert (fault.line, fault.field, fault.word) == (line, field, word)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("text", [row[0] for row in WRONG], ids=[row[4] for row in WRONG])
def test_each_fault_can_be_said(text: str, language: str) -> None:
    """With file and line, nothing left unfilled."""
    said = told(Path("organisation.yaml"), faults_of(text), words(language))

    assert "organisation.yaml, " in said
    assert "{" not in said.replace('{"', "").replace("[{", "")


def test_a_message_is_whole() -> None:
    """File, line, field, what was expected, an example, a suggestion."""
    faults = faults_of(
        "units:\n  - {name: A, headcount: lots, sute: 1}\n  - {name: B, headcount: 5, suitabel: 1}\n"
    )

    known = "This field is unknown. Known are: name, site, headcount, suitable, essential."

    assert told(Path("o.yaml"), faults, words("en")).splitlines() == [
        "Nothing was taken over, because o.yaml has faults:",
        "o.yaml, line 2: units[1].headcount: Expected: a whole number. Example: headcount: 120",
        f'o.yaml, line 2: units[1].sute: {known} Did you mean "site"? Example: site: "Rathaus"',
        f'o.yaml, line 3: units[2].suitabel: {known} Did you mean "suitable"? Example: suitable: 95',
    ]


def test_a_table_of_units_will_do(tmp_path: Path) -> None:
    """Semicolons and German headings; capacity is unknown then."""
    file = tmp_path / "units.csv"
    file.write_bytes(
        "Einheit;Beschäftigte;Geeignet;Standort\nBürgeramt;60;40;Rathaus\nBauamt;50;;\n".encode("cp1252")
    )
    organisation = read_organisation(file)

    assert [(unit.name, unit.staff, unit.site) for unit in organisation.units] == [
        ("Bürgeramt", 40, "Rathaus"),
        ("Bauamt", 50, None),
    ]
    assert organisation.gateways is None


@pytest.mark.parametrize(
    "data",
    [
        "sep=;\nEinheit;Beschäftigte\nBürgeramt;60\n".encode(),
        "Einheit\tBeschäftigte\nBürgeramt\t60\n".encode("utf-16"),
    ],
    ids=["with a hint for Excel", "Unicode text"],
)
def test_tables_of_excel_are_read(tmp_path: Path, data: bytes) -> None:
    """As it saves them."""
    file = tmp_path / "units.csv"
    file.write_bytes(data)

    assert [(unit.name, unit.headcount) for unit in read_organisation(file).units] == [("Bürgeramt", 60)]


@pytest.mark.parametrize(
    ("data", "line", "word"),
    [
        (b"sep=;\nunit;headcount\nA;many\n", 3, "wrong"),
        (b"sep=;\nunit;people\nA;5\n", 2, "missing"),
        (b"PK\x03\x04\x00\x00", 1, "no_text"),
    ],
    ids=["a faulty row below a hint", "a missing column below a hint", "a workbook"],
)
def test_lines_are_those_of_the_file(tmp_path: Path, data: bytes, line: int, word: str) -> None:
    """A hint counts as one."""
    file = tmp_path / "units.csv"
    file.write_bytes(data)
    with pytest.raises(FaultyFileError) as caught:
        read_organisation(file)

    assert (line, word) in [(fault.line, fault.word) for fault in caught.value.faults]
    assert "{" not in told(file, caught.value.faults, words("de"))


def test_the_example_for_one_of_a_table_is_the_table() -> None:
    """A share for one gateway is shown with its gateway."""
    gateways = "gateways:\n  - {name: VPN, sessions: 1}\n"
    scenarios = "scenarios:\n  - {name: S, availability: {VPN: 1.5}}\n"
    said = told(Path("o.yaml"), faults_of(UNITS + gateways + scenarios), words("en"))

    assert said.splitlines()[1] == (
        "o.yaml, line 7: scenarios[1].availability.VPN: Expected: a number from 0 to 1. "
        'Example: availability: {"VPN Rathaus": 0.5}'
    )


@pytest.mark.parametrize(
    ("row", "line", "field"),
    [
        pytest.param("A,many,1", 2, "headcount", id="a word for a number"),
        pytest.param("A,5,6", 2, "suitable", id="more suited than people"),
        pytest.param(",5,1", 2, "unit", id="a unit without a name"),
        pytest.param("A,,1", 2, "headcount", id="nobody counted"),
    ],
)
def test_a_faulty_table_says_line_and_column(tmp_path: Path, row: str, line: int, field: str) -> None:
    """The same faults as in YAML, in the words of the table."""
    file = tmp_path / "units.csv"
    file.write_text(f"unit,headcount,suitable\n{row}\n", encoding="utf-8")
    with pytest.raises(FaultyFileError) as caught:
        read_organisation(file)

    assert [(fault.line, fault.field) for fault in caught.value.faults] == [(line, field)]


def test_a_file_that_multiplies_itself_is_refused() -> None:
    """Aliases of aliases would fill the memory."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]

    assert [fault.word for fault in faults_of("\n".join(lines))] == ["anchor"]


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text ends in anything but an organisation or faults that can be said."""
    try:
        parse(text)
    except FaultyFileError as faulty:
        said = told(Path("o.yaml"), faulty.faults, words("de"))
    else:
        said = "an organisation"

    assert said
