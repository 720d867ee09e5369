"""Can the owner of a laptop call a result wrong, and take that back?"""

from pathlib import Path

import pytest

from fernbereit_agent import cli, contest, owner
from fernbereit_agent.policy_store import shipped


def _run(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> tuple[int, str, str]:
    code = cli.main(["contest", "--data", str(folder), "--lang", "en", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def _results(monkeypatch: pytest.MonkeyPatch, **results: str) -> None:
    """Let the laptop pass every check but those given."""
    from fernbereit.readiness import Result
    from fernbereit_agent.contesting import Contesting

    told = {check.id: Result.PASS for check in shipped().policy.judged}
    told |= {name: Result(result) for name, result in results.items()}
    monkeypatch.setattr(Contesting, "_look", lambda _self, _sections: told)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return the folder of an agent."""
    (tmp_path / "outbox.sqlite").touch()
    return tmp_path


@pytest.mark.parametrize("result", ["fail", "unknown"])
def test_a_result_that_is_no_pass_can_be_contested_and_taken_back(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, data: Path, result: str
) -> None:
    """Contesting twice is contesting once."""
    _results(monkeypatch, portable=result)
    for _ in range(2):
        code, out, _ = _run(capsys, data, "portable")
        assert (code, contest.contested(data)) == (0, ("portable",))
        assert "The device can be carried along (F-9559, portable)" in out
    assert _run(capsys, data, "portable", "--withdraw")[0] == 0
    assert contest.contested(data) == ()


@pytest.mark.parametrize("result", ["pass", "not_applicable"])
def test_what_the_laptop_passes_cannot_be_contested(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, data: Path, result: str
) -> None:
    """It would end with the next report."""
    _results(monkeypatch, portable=result)
    code, out, err = _run(capsys, data, "portable")

    assert (code, out, contest.contested(data)) == (1, "", ())
    assert "No reason to contest" in err


def test_an_unknown_check_is_answered_with_a_suggestion_and_what_fails_now(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, data: Path
) -> None:
    """The owner need not know the names."""
    _results(monkeypatch, portable="fail", camera="fail", memory="unknown")
    contest.contest(data, "camera")
    code, out, err = _run(capsys, data, "portabel")

    assert (code, out, contest.contested(data)) == (2, "", ("camera",))
    assert "There is no check named portabel. Did you mean portable?" in err
    assert err.splitlines()[-2:] == [
        "  F-9559 portable: The device can be carried along",
        "  F-0208 camera: There is a camera (contested)",
    ]


def test_without_a_name_it_shows_what_fails_now(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Also where no agent reports yet; a laptop in order is told so."""
    _results(monkeypatch, portable="fail")
    assert _run(capsys, tmp_path)[:2] == (
        0,
        "The machine fails these checks now:\n  F-9559 portable: The device can be carried along\n",
    )
    _results(monkeypatch)
    assert "passes every check" in _run(capsys, tmp_path)[1]


def test_what_may_only_be_counted_is_not_contested(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """A contest that comes and goes with the quality of a link would tell it."""
    for check in shipped().policy.counted:
        code, _, err = _run(capsys, data, check.id)
        assert (code, contest.contested(data)) == (1, ())
        assert "only counted over many machines" in err


def test_no_more_than_a_record_carries_can_be_contested(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, data: Path
) -> None:
    """The seventeenth has to wait; one of the sixteen can be contested again."""
    names = [check.id for check in shipped().policy.judged][: contest.MOST + 1]
    _results(monkeypatch, **dict.fromkeys(names, "fail"))
    codes = [_run(capsys, data, name)[0] for name in (*names, names[0])]

    assert codes == [0] * contest.MOST + [1, 0]
    assert len(contest.contested(data)) == contest.MOST


@pytest.mark.parametrize("withdraw", [False, True], ids=["contesting", "withdrawing"])
def test_a_folder_from_which_no_agent_reports_is_named(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    *,
    withdraw: bool,
) -> None:
    """Else the contest would lie where nobody reads it."""
    _results(monkeypatch, portable="fail")
    code, _, err = _run(capsys, tmp_path, "portable", *(["--withdraw"] if withdraw else []))

    assert code == 1
    assert f"No agent reports from the folder {tmp_path}" in err
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_contested_cannot_be_taken_back(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """With the one that was meant."""
    contest.contest(data, "disk_encryption")
    code, _, err = _run(capsys, data, "disk_encription", "--withdraw")

    assert (code, contest.contested(data)) == (1, ("disk_encryption",))
    assert "disk_encription is not contested. Did you mean disk_encryption?" in err


def test_a_folder_that_cannot_be_written_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, data: Path
) -> None:
    """Without a traceback."""
    _results(monkeypatch, portable="fail")
    (data / owner.FOLDER).touch()
    code, _, err = _run(capsys, data, "portable")

    assert code == 1
    assert err.startswith(f"The folder {data} cannot be used: ")


def test_foreign_files_in_the_folder_are_no_contests(data: Path) -> None:
    """What somebody put there never leaves the laptop."""
    contest.contest(data, "camera")
    for name in ("Müller", "..hidden", "UPPER", "with blank", "x" * 49):
        (data / owner.CONTESTED / name).touch()

    assert contest.contested(data) == ("camera",)


@pytest.mark.live
def test_this_machine_is_looked_at(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """The sections that a check asks are read here and now."""
    code, out, err = _run(capsys, data, "memory")

    assert code in {0, 1}
    assert "There is enough memory (F-5637, memory)" in out + err
