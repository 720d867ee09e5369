"""Do `fernbereit policy check`, `show`, `dry-run`, `adopt` and `history` say and do what they promise?"""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner, Result

import fernbereit
from command_place import Place
from fernbereit.facts.readiness import Verdict
from fernbereit.policy import Check, Policy, as_json, shipped_policy
from fernbereit.readiness import Result as CheckResult
from fernbereit_server.cli import app
from fernbereit_server.commands.wording import words
from fernbereit_server.decisions import Waiver, read_decisions
from fernbereit_server.decisions.past import adopted_policies
from fernbereit_server.decisions.writing import grant_waiver
from fernbereit_server.judging.judged import Compliance
from fernbereit_server.store import schema
from policy_world import IN_ORDER

SOURCE = Path(fernbereit.__file__).with_name("default_policy.yaml")
OWN = (
    "extends: default\nversion: 7\ntitle: {de: Eigenes Regelwerk, en: Policy of our own}\ndeviations:\n"
    "  - check: camera\n    remove: true\n    reason: {de: Wir haben keinen., en: We have none.}\n"
)


def run(*arguments: str, columns: int = 240) -> Result:
    """Type a command on a wide terminal."""
    return CliRunner(env={"COLUMNS": str(columns)}).invoke(app, ["policy", *arguments])


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return a policy that extends the shipped one."""
    file = tmp_path / "own.yaml"
    file.write_text(OWN, encoding="utf-8")
    return file


def test_the_source_of_the_shipped_policy_is_right() -> None:
    """The command agrees with its own policy."""
    told = run("check", str(SOURCE), "--lang", "de")

    assert told.exit_code == 0
    assert f"Prüfungen: {len(shipped_policy().checks)}" in told.stdout


def test_a_faulty_file_is_told_in_json(own: Path) -> None:
    """A script reads line, field, problem, suggestion and example; the command still ends with 2."""
    own.write_text(OWN.replace("camera", "camrea"), encoding="utf-8")
    told = run("check", str(own), "--json", "--lang", "en")
    fault = json.loads(told.stdout)["faults"][0]

    assert told.exit_code == 2
    assert (fault["line"], fault["field"]) == (5, "deviations[1].check")
    assert (fault["suggestion"], fault["example"]) == ("camera", "check: camera")
    assert "no check called camrea" in fault["problem"]


def test_a_right_file_is_told_in_json(own: Path) -> None:
    """No faults, and which version it is."""
    assert json.loads(run("check", str(own), "--json").stdout) == {
        "file": str(own),
        "faults": [],
        "version": 7,
    }


@pytest.mark.parametrize("command", ["check", "show"])
def test_a_file_that_is_not_there_is_named(command: str, tmp_path: Path) -> None:
    """Exit code 2, no traceback."""
    told = run(command, str(tmp_path / "nowhere.yaml"), "--lang", "en")

    assert told.exit_code == 2
    assert "nowhere.yaml cannot be read" in told.stderr


def test_a_faulty_file_is_not_shown(own: Path) -> None:
    """Its faults are told instead."""
    own.write_text("version: 1", encoding="utf-8")
    told = run("show", str(own), "--lang", "de")

    assert told.exit_code == 2
    assert told.stdout == ""
    assert "checks: Dieses Feld fehlt." in told.stderr


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_check_is_shown_by_its_title(lang: str) -> None:
    """With what it expects, how it counts and whom it concerns."""
    told = run("show", "--lang", lang)

    assert told.exit_code == 0
    assert all(getattr(check.title, lang) in told.stdout for check in shipped_policy().checks)
    assert {"de": "mindestens 7,5 GB", "en": "at least 7.5 GB"}[lang] in told.stdout
    assert {"de": "29.07.2026", "en": "2026-07-29"}[lang] in told.stdout
    assert "disk_encryption.state" not in told.stdout
    assert {"de": "nur als Anzahl", "en": "as a count only"}[lang] in told.stdout


def test_deviations_are_shown_with_their_reason(own: Path) -> None:
    """Whoever reads a policy sees where it departs from its base, and why."""
    told = run("show", str(own), "--lang", "de")

    assert "Eigenes Regelwerk" in told.stdout
    assert "Entfernt: camera (Wir haben keinen.)" in told.stdout


def test_json_holds_the_whole_policy(own: Path) -> None:
    """Base and deviations put together, and the deviations beside it."""
    shown = json.loads(run("show", "--json").stdout)
    ours = json.loads(run("show", str(own), "--json").stdout)

    assert shown == {"extends": None, "deviations": [], "policy": as_json(shipped_policy())}
    assert [check["id"] for check in ours["policy"]["checks"]] == [
        check.id for check in shipped_policy().checks if check.id != "camera"
    ]
    assert ours["deviations"][0]["reason"]["en"] == "We have none."


@pytest.mark.parametrize(
    ("lang", "parts"),
    [
        (
            "de",
            (
                "Der Akku hält lange genug",
                "Zustand aller Akkus: mindestens 60 %",
                "Nehmen Sie das Netzteil mit.",
                "Tauschen Sie den Akku; seine Kapazität",
                "60 Tage",
                "battery",
                "SYS.3.1.A11",
                "die Prüfung entfällt",
            ),
        ),
        (
            "en",
            ("The battery lasts long enough", "at least 60%", "Take the power supply with you.", "60 days"),
        ),
    ],
)
def test_everything_about_one_check_is_shown(lang: str, parts: tuple[str, ...]) -> None:
    """Expectation in words, both remedies, requirements, what has to be bought."""
    told = run("show", "--check", "battery_health", "--lang", lang)

    assert told.exit_code == 0
    assert [part for part in parts if part not in told.stdout] == []


def test_a_check_that_is_not_there_is_suggested() -> None:
    """Exit code 2."""
    told = run("show", "--check", "batery_health", "--lang", "en")

    assert told.exit_code == 2
    assert "Did you mean battery_health?" in told.stderr


def test_one_check_in_json_is_as_in_the_file() -> None:
    """For scripts."""
    assert json.loads(run("show", "--check", "camera", "--json").stdout)["cost_item"] == "camera"


def test_a_file_and_the_one_in_force_are_not_asked_for_at_once(own: Path) -> None:
    """Exit code 2."""
    assert run("show", str(own), "--in-force").exit_code == 2


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Return a place with a store of its own."""
    return Place(tmp_path)


STRICTER = (
    "extends: default\nversion: {version}\ntitle: {{de: Strengeres Regelwerk, en: Stricter policy}}\n"
    "deviations:\n  - check: battery_health\n    change: {{expect: {{minimum: 0.7}}, essential: true}}\n"
    "    reason: {{de: Lange Sitzungen., en: Long meetings.}}\n"
)


def stricter(place: Place, version: int = 2) -> str:
    """Write a policy that asks more of batteries; return its path."""
    return str(place.file("stricter.yaml", STRICTER.format(version=version)))


def laptops(place: Place, number: int, health: float, **more: Any) -> list[str]:
    """Put laptops in order into the store, whose batteries are so."""
    return place.devices(number, {**IN_ORDER, "battery.health_ratio": health}, **more)


def moves(told: Result, *path: str) -> dict[tuple[str | None, str | None], int]:
    """Return counts of an answer in JSON by before and after."""
    found = json.loads(told.stdout)
    for part in path:
        found = found[part]
    return {(row["before"], row["after"]): row["devices"] for row in found}


def test_a_dry_run_says_what_would_change(place: Place) -> None:
    """Verdicts, compliance and results, rounded; nothing is written."""
    laptops(place, 40, 0.9)
    laptops(place, 11, 0.65)
    told = place.run("policy", "dry-run", stricter(place), "--json")
    shown = place.run("policy", "dry-run", stricter(place), lang="de").stdout

    assert moves(told, "verdicts") == {("ready", "ready"): 40, ("ready", "not_ready"): 10}
    assert moves(told, "checks", "battery_health") == {("pass", "pass"): 40, ("pass", "fail"): 10}
    assert 'Es wechseln: 10 von "bereit" zu "nicht bereit"' in shown
    assert "bereit: 50 -> 40" in shown
    assert "auf Vielfache von 5 gerundet" in shown
    assert "mindestens 60 % -> Zustand aller Akkus: mindestens 70 %" in shown
    assert json.loads(told.stdout)["differs"]["changed"] == {"battery_health": ["expect", "essential"]}
    with place.reading() as connection:
        assert read_decisions(connection).policy_adopted_on is None


def test_a_policy_that_differs_in_its_version_alone_moves_nobody(place: Place) -> None:
    """It says so, and may be adopted all the same."""
    laptops(place, 10, 0.9)
    same = "extends: default\nversion: 3\ntitle: {de: Bereitschaft für das mobile Arbeiten, en: Readiness to"
    file = place.file("same.yaml", f"{same} work from anywhere}}\ndeviations: []\n")
    told = place.run("policy", "dry-run", str(file))

    assert "Nothing but the version differs." in told.stdout
    assert "Moving: none, or too few to be counted" in told.stdout


def test_exact_counts_are_for_operations(place: Place) -> None:
    """They say so."""
    laptops(place, 7, 0.65)
    told = place.run("policy", "dry-run", stricter(place), "--exact", "--json")
    shown = place.run("policy", "dry-run", stricter(place), "--exact").stdout

    assert moves(told, "verdicts") == {("ready", "not_ready"): 7}
    assert json.loads(told.stdout)["rounded_to"] is None
    assert "for IT operations only" in shown


def test_fewer_devices_than_a_group_are_not_counted(place: Place) -> None:
    """Without `--exact` there is nothing to say."""
    laptops(place, 4, 0.65)
    told = place.run("policy", "dry-run", stricter(place))

    assert told.exit_code == 0
    assert "Counts begin at 5 devices." in told.stdout
    assert "not ready" not in told.stdout


def test_only_devices_that_count_are_tried(place: Place) -> None:
    """Retired ones are not; one of the inventory that never reported is unknown."""
    laptops(place, 5, 0.65)
    laptops(place, 5, 0.65, status="retired")
    place.run("inventory", "import", str(place.file("list.csv", "serial,label,kind\nS1,A,\nS2,B,stock\n")))
    told = place.run("policy", "dry-run", stricter(place), "--exact", "--json")

    assert moves(told, "verdicts") == {("ready", "not_ready"): 5, ("unknown", "unknown"): 1}


def test_a_waiver_holds_in_a_dry_run(place: Place) -> None:
    """For the device that has one."""
    first, *_ = laptops(place, 5, 0.65)
    waiver = Waiver(
        id=0,
        device_id=first,
        unit=None,
        check_id="battery_health",
        reason="new battery is ordered",
        approver="head of IT",
        granted_on=place.today,
        expires_on=place.today,
    )
    with place.writing() as connection:
        grant_waiver(connection, waiver)
    told = place.run("policy", "dry-run", stricter(place), "--exact", "--json")

    assert moves(told, "verdicts") == {("ready", "ready"): 1, ("ready", "not_ready"): 4}


def test_the_past_of_changed_checks_is_counted_as_far_as_it_is_known(place: Place) -> None:
    """Changes of themselves within 90 days; of a new limit nobody knows, and that is said."""
    names = laptops(place, 20, 0.9)
    rows = [
        {"device_id": name, "day": place.today - timedelta(days=ago), "subject": subject, "cause": cause}
        for name in names
        for ago, subject, cause in (
            (1, "battery_health", "facts"),
            (2, "battery_health", "time"),
            (3, "battery_health", "policy"),
            (91, "battery_health", "facts"),
            (1, "camera", "facts"),
        )
    ]
    with place.writing() as connection:
        connection.execute(insert(schema.transitions), [row | {"before": "a", "after": "b"} for row in rows])
    told = json.loads(place.run("policy", "dry-run", stricter(place), "--json").stdout)
    shown = place.run("policy", "dry-run", stricter(place)).stdout

    assert told["crossings"] == {"battery_health": {"days": 90, "times": 40, "devices": 20}}
    assert "The battery lasts long enough: 40 changes on 20 devices" in shown
    assert "nobody knows how often the new checks would have changed" in shown


def test_a_dry_run_without_a_store_names_the_next_step(place: Place) -> None:
    """Exit code 1."""
    told = place.run("policy", "dry-run", stricter(place))

    assert told.exit_code == 1
    assert "there is no store yet" in told.stderr
    assert not (place.folder / "data").exists()


def test_a_dry_run_on_an_empty_store_says_so(place: Place) -> None:
    """Exit code 1."""
    with place.writing():
        pass
    told = place.run("policy", "dry-run", stricter(place))

    assert told.exit_code == 1
    assert "no devices yet" in told.stderr


@pytest.mark.parametrize("command", ["dry-run", "adopt"])
def test_a_faulty_policy_is_neither_tried_nor_adopted(command: str, place: Place) -> None:
    """Every fault with its line; exit code 2; no store is made for it."""
    told = place.run("policy", command, str(place.file("bad.yaml", "version: 1\n")))

    assert told.exit_code == 2
    assert "bad.yaml, line 1" in told.stderr
    assert not (place.folder / "data").exists()


def test_a_policy_is_adopted_after_it_was_explained(place: Place) -> None:
    """Its deviations with reasons, what differs, what it does; then somebody says yes."""
    laptops(place, 10, 0.9)
    told = place.run("policy", "adopt", stricter(place), typed="y\n")

    assert told.exit_code == 0
    assert "Changed: battery_health (Long meetings.)" in told.stdout
    assert "at least 60% -> Condition of all batteries: at least 70%" in told.stdout.replace(
        "Health", "Condition"
    )
    assert "Verdicts, before and after:" in told.stdout
    with place.reading() as connection:
        decisions = read_decisions(connection)
    assert (decisions.policy.policy.version, decisions.policy_adopted_on) == (2, place.today)
    assert "fernbereit policy key" in told.stdout
    assert decisions.version == 1


@pytest.mark.parametrize("typed", ["n\n", ""], ids=["somebody says no", "nobody answers"])
def test_without_a_yes_nothing_is_adopted(place: Place, typed: str) -> None:
    """Exit code 1."""
    told = place.run("policy", "adopt", stricter(place), typed=typed)

    assert told.exit_code == 1
    assert "was not adopted" in told.stderr
    with place.reading() as connection:
        assert adopted_policies(connection) == []


@pytest.mark.parametrize("version", [1, 2], ids=["below the one in force", "the one in force again"])
def test_a_version_must_be_new(place: Place, version: int) -> None:
    """The message names the next free one; exit code 2."""
    place.run("policy", "adopt", stricter(place), "--yes")
    told = place.run("policy", "adopt", stricter(place, version), "--yes")

    assert told.exit_code == 2
    assert told.stdout == ""
    assert f"says version {version}, in force is version 2." in told.stderr
    assert "Example: version: 3" in told.stderr


def test_the_policy_in_force_is_shown(place: Place) -> None:
    """The shipped one until another is adopted, then that one with its day."""
    with place.writing():
        pass
    before = place.run("policy", "show", "--in-force")
    place.run("policy", "adopt", stricter(place), "--yes")
    after = place.run("policy", "show", "--in-force", lang="de")

    assert "Readiness to work from anywhere" in before.stdout
    assert "Strengeres Regelwerk" in after.stdout
    assert f"In Kraft seit {place.today:%d.%m.%Y}." in after.stdout
    assert "mindestens 70 %" in after.stdout


def test_the_history_lists_every_version(place: Place) -> None:
    """The shipped one first; days as the language writes them."""
    for version in (2, 5):
        place.run("policy", "adopt", stricter(place, version), "--yes")
    told = place.run("policy", "history", lang="de").stdout.splitlines()
    rows = json.loads(place.run("policy", "history", "--json").stdout)

    assert told[0].startswith("Version 1, mitgeliefert: Bereitschaft für das mobile Arbeiten")
    assert told[1].startswith(f"Version 2, übernommen am {place.today:%d.%m.%Y}: Strengeres Regelwerk")
    checks = len(shipped_policy().checks)
    assert [(row["version"], row["checks"]) for row in rows] == [(2, checks), (5, checks)]
    assert date.fromisoformat(rows[0]["adopted_on"]) == place.today


def test_every_field_that_can_differ_has_a_word() -> None:
    """A field that is added to a policy or a check needs one, in both languages."""
    fields = (set(Policy.model_fields) | set(Check.model_fields)) - {"version", "checks", "id"}

    for lang in ("de", "en"):
        said = words(lang).texts
        assert [name for name in sorted(fields) if f"policy.field.{name}" not in said] == []


def test_every_word_of_a_dry_run_is_known() -> None:
    """Whatever a judgement can say."""
    for lang in ("de", "en"):
        said = words(lang).texts
        for family, known in (("verdict", Verdict), ("compliance", Compliance), ("result", CheckResult)):
            wanted = [f"policy.{family}.{word.value}" for word in known if word.value != "other"]
            assert [key for key in wanted if key not in said] == []
