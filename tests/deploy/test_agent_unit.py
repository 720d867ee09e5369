"""Is the agent's service on Linux confined to what it needs?"""

from configparser import RawConfigParser
from pathlib import Path

from fernbereit_agent.owner import prepare
from units import check_confined, read_unit

DEPLOY = Path(__file__).parents[2] / "deploy"
UNIT = DEPLOY / "systemd" / "fernbereit-agent.service"
FOLDERS = DEPLOY / "debian" / "fernbereit-agent.tmpfiles"
MOST_EXPOSED = 25
"""Ten times systemd's exposure level, which ends at 10.0."""


def service() -> RawConfigParser:
    """Return the unit."""
    return read_unit(UNIT)


def folders() -> dict[Path, int]:
    """Return the folders that the package makes, and their modes."""
    lines = (line.split() for line in FOLDERS.read_text(encoding="utf-8").splitlines())
    return {Path(words[1]): int(words[2], 8) for words in lines if words and words[0] == "d"}


def test_systemd_calls_the_service_well_confined() -> None:
    """`systemd-analyze security` judges the file without starting anything."""
    check_confined(UNIT, MOST_EXPOSED)


def test_wrong_settings_are_told_once() -> None:
    """Exit code 2 means wrong settings; the service is not started again and again."""
    assert service()["Service"]["RestartPreventExitStatus"] == "2"


def test_service_package_and_program_mean_the_same_folder() -> None:
    """The one folder it may write to is the one it is told to use and the one the package makes."""
    unit, place = service()["Service"], next(iter(folders()))

    assert unit["ExecStart"].endswith(f"run --data {place}")
    assert Path("/var/lib", unit["StateDirectory"]) == place
    assert int(unit["StateDirectoryMode"], 8) == folders()[place]
    assert unit["ProtectSystem"] == "strict"


def test_the_package_makes_the_folders_as_the_program_would(tmp_path: Path) -> None:
    """Whoever comes first, modes do not change."""
    data = tmp_path / "data"
    prepare(data)
    place = next(iter(folders()))
    made = {made: (data / made.relative_to(place)).stat().st_mode & 0o7777 for made in folders()}

    assert made == folders()


def test_people_s_folders_stay_where_they_are() -> None:
    """An empty folder over /home would hide from the agent on which volume people's files lie."""
    assert service()["Service"]["ProtectHome"] == "read-only"
