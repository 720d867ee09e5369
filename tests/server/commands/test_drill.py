"""Does `fernbereit drill` answer from two files, and say what is wrong with them?"""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from fernbereit_server.cli import app

CASES = Path(__file__).parents[1] / "resilience" / "cases"
SVG = "{http://www.w3.org/2000/svg}"


def drill(*words: str, case: str = "unknown-in-one-unit", lang: str = "de") -> Result:
    files = [
        "--organisation",
        str(CASES / case / "organisation.yaml"),
        "--fleet",
        str(CASES / case / "fleet.csv"),
    ]
    return CliRunner().invoke(app, ["drill", *words, *files, "--lang", lang], env={"COLUMNS": "100"})


def test_a_terminal_shows_bars_by_unit() -> None:
    """German first: headline, what binds, a bar with an unknown part, where the figures come from."""
    result = drill()

    assert result.exit_code == 0
    assert "Arbeitsfähig: 60 von 120 geeigneten Personen (50,0\u00a0%)." in result.stdout
    assert "Engpass: gleichzeitige Sitzungen (VPN)." in result.stdout
    assert "██████████▒▒········" in result.stdout
    assert "Gerechnet aus den Zahlen dieser beiden Dateien" in result.stdout


def test_eighty_columns_hold_long_names_without_a_broken_word(tmp_path: Path) -> None:
    """What stops people is said once, with the units it stops, instead of beside each of them."""
    names = [f"Rechnungsprüfungsamt {number}" for number in range(1, 7)]
    units = "\n".join(f"  - {{name: {name}, headcount: 1200}}" for name in names)
    ways = "gateways:\n  - {name: Zentraler VPN-Zugang im Technischen Rathaus, sessions: 90}\n"
    (tmp_path / "o.yaml").write_text(f"units:\n{units}\n{ways}", encoding="utf-8")
    rows = "\n".join(f"{name},vpn,ready,personal,{1200 if name != names[0] else 0}" for name in names)
    (tmp_path / "f.csv").write_text(f"unit,path,verdict,kind,count\n{rows}\n", encoding="utf-8")
    files = ["--organisation", str(tmp_path / "o.yaml"), "--fleet", str(tmp_path / "f.csv")]

    said = CliRunner().invoke(app, ["drill", *files, "--lang", "de"], env={"COLUMNS": "80"}).stdout

    lines = said.splitlines()
    stops = lines.index("Was die Übrigen aufhält:")
    assert max(map(len, lines)) <= 80
    assert all(any(line.startswith(f"{name} ") for line in lines[:stops]) for name in names)
    assert said.count("Zentraler VPN-Zugang im Technischen Rathaus") == 2
    assert "  zu wenige einsatzbereite Geräte: Rechnungsprüfungsamt 1" in map(str.rstrip, lines[stops:])


def test_english_says_the_same() -> None:
    """With the decimals of English."""
    result = drill(lang="en")

    assert "Able to work: 60 of 120 suitable people (50.0%)." in result.stdout


def test_services_are_said_to_hold_or_not() -> None:
    """A leader looks for this line first."""
    assert "✔ ja" in drill(case="service-minimum").stdout
    assert "✖ nein" in drill(case="reservation-off").stdout


def test_a_script_gets_the_figures() -> None:
    """Bounds, ratio and what binds, in all and by unit."""
    answer = json.loads(drill("--json", case="berlin-2021").stdout)

    assert answer["able"] == {"low": 12500, "high": 12500}
    assert answer["suitable"] == 85000
    assert answer["ratio"]["low"] == pytest.approx(0.147, abs=0.0005)
    assert answer["binding_constraint"]["names"] == ["VPN"]
    assert answer["units"][0]["able"]["low"] == 12500


def test_the_picture_can_be_read_without_seeing_it(tmp_path: Path) -> None:
    """Title, description with every unit's figures; unknown is a pattern, not a colour."""
    file = tmp_path / "drill.svg"
    result = drill("--svg", str(file))
    tree = ET.fromstring(file.read_text("utf-8"))  # noqa: S314 - our own file
    described = tree.findtext(f"{SVG}desc") or ""

    assert result.exit_code == 0
    assert tree.get("role") == "img"
    assert tree.get("aria-labelledby") == "title desc"
    assert tree.findtext(f"{SVG}title") == "Büro geschlossen"
    assert "A: 30\N{EN DASH}36 von 60" in described
    assert "B: 24\N{EN DASH}30 von 60" in described
    assert any(box.get("fill") == "url(#unknown)" for box in tree.iter(f"{SVG}rect"))


def test_names_in_the_picture_cannot_break_it(tmp_path: Path) -> None:
    """A unit may be called anything."""
    (tmp_path / "o.yaml").write_text('units:\n  - {name: "<script>&\\"", headcount: 3}\n', encoding="utf-8")
    (tmp_path / "f.csv").write_text("unit,path,verdict,kind,count\n,vpn,ready,personal,1\n", encoding="utf-8")
    options = ["--organisation", str(tmp_path / "o.yaml"), "--fleet", str(tmp_path / "f.csv")]
    result = CliRunner().invoke(app, ["drill", *options, "--svg", str(tmp_path / "a.svg")])
    text = (tmp_path / "a.svg").read_text("utf-8")

    assert result.exit_code == 0
    assert "<script>" not in text
    assert "<script>" in "".join(ET.fromstring(text).itertext())  # noqa: S314 - our own file


@pytest.mark.parametrize(
    "options",
    [
        ["--fleet", "f.csv"],
        ["--organisation", "o.yaml"],
        ["--fleet", "f.csv", "--organisation", "o.yaml", "--exact"],
        ["--fleet", "f.csv", "--organisation", "o.yaml", "--as-of", "2026-03-02"],
    ],
    ids=["no organisation", "no fleet", "files and exact numbers", "files and a day"],
)
def test_files_go_together_and_with_nothing_else(options: list[str]) -> None:
    """Exit 2, and which options there are."""
    result = CliRunner().invoke(app, ["drill", *options, "--lang", "de"])

    assert result.exit_code == 2
    assert "--organisation DATEI und --fleet DATEI" in result.stderr


def test_an_unknown_scenario_names_the_known_ones() -> None:
    """And the one somebody may have meant."""
    result = drill("gatway lost")

    assert result.exit_code == 2
    assert 'Meinten Sie "gateway-lost"?' in result.stderr


@pytest.mark.parametrize(
    ("organisation", "fleet", "said"),
    [
        pytest.param("units: [", "", "o.yaml, Zeile", id="an organisation that is no YAML"),
        pytest.param(
            "units:\n  - {name: Sozialamt, headcount: 3}\n",
            "Sozialant,vpn,ready,personal,1",
            'f.csv, Zeile 2: unit: "Sozialant" ist nirgends angegeben',
            id="a fleet with an unknown unit",
        ),
        pytest.param(
            "units:\n  - {name: A, headcount: 3}\nscenarios:\n  - {name: S, lost_gateways: [Nord]}\n",
            "A,vpn,ready,personal,1",
            'o.yaml, Zeile 4: scenarios[1].lost_gateways[1]: "Nord" ist nirgends angegeben',
            id="a scenario with a gateway that is not there",
        ),
    ],
)
def test_a_faulty_file_changes_nothing(tmp_path: Path, organisation: str, fleet: str, said: str) -> None:
    """Exit 2, every fault with file and line, no picture written, no traceback."""
    (tmp_path / "o.yaml").write_text(organisation, encoding="utf-8")
    (tmp_path / "f.csv").write_text(f"unit,path,verdict,kind,count\n{fleet}\n", encoding="utf-8")
    picture = tmp_path / "a.svg"
    options = [
        "--organisation",
        str(tmp_path / "o.yaml"),
        "--fleet",
        str(tmp_path / "f.csv"),
        "--svg",
        str(picture),
    ]
    result = CliRunner().invoke(app, ["drill", *options, "--lang", "de"])

    assert result.exit_code == 2
    assert said in result.stderr
    assert not picture.exists()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Exit 2."""
    gone = tmp_path / "gone.yaml"
    result = CliRunner().invoke(
        app, ["drill", "--organisation", str(gone), "--fleet", str(gone), "--lang", "de"]
    )

    assert result.exit_code == 2
    assert f"{gone} kann nicht gelesen werden" in result.stderr
