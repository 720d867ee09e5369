"""Does every faulty policy file say what is wrong, where, and how it would be right?"""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from faulty_files import messages
from fernbereit.policy import as_json, shipped_policy
from fernbereit_server.cli import app
from fernbereit_server.commands.policy_file import problem
from fernbereit_server.commands.wording import words
from fernbereit_server.policies.file import FaultyPolicyError, parse_policy, read_policy_file
from fernbereit_server.yaml_lines import LARGEST, YAML_FAULTS, read_yaml

FAULTY = sorted((Path(__file__).parent / "files").glob("faulty_*.yaml"))
HEAD = "extends: default\nversion: 2\ntitle: {de: Regelwerk, en: Policy}\ndeviations:\n"
REASON = "    reason: {de: Grund, en: Reason}\n"


@pytest.mark.parametrize("file", FAULTY, ids=lambda file: file.stem.removeprefix("faulty_"))
def test_each_fault_gives_its_message(file: Path) -> None:
    """The messages are those that the file ends with (`make write` renews them); the command ends with 2."""
    wanted = messages(file)
    told = CliRunner().invoke(app, ["policy", "check", str(file), "--lang", "en"])

    assert wanted
    assert told.exit_code == 2
    assert told.stderr.splitlines()[1:] == [f"{file}, {line}" for line in wanted]
    assert told.stdout == ""


@pytest.mark.parametrize("file", FAULTY, ids=lambda file: file.stem.removeprefix("faulty_"))
def test_every_fault_has_a_sentence_in_both_languages_and_an_example(file: Path) -> None:
    """Nobody is left with a code word; the German sentence is complete as well."""
    with pytest.raises(FaultyPolicyError) as caught:
        read_policy_file(file)

    for fault in caught.value.faults:
        assert fault.example
        for lang in ("de", "en"):
            sentence = problem(fault, words(lang))
            assert "{" not in re.sub(r"\^.*", "", sentence)


def test_every_sentence_about_a_fault_is_used() -> None:
    """A sentence no file can bring about would be dead, or its fault untested."""
    brought: set[str] = set()
    for file in FAULTY:
        with pytest.raises(FaultyPolicyError) as caught:
            read_policy_file(file)
        brought |= {fault.word for fault in caught.value.faults}
    known = {
        key.removeprefix("policy.fault.") for key in words("en").texts if key.startswith("policy.fault.")
    } | set(YAML_FAULTS)
    shape_only = {
        "unfit",
        "too_large",
        "no_utf8",
    }  # the first is a last resort, the others have their own test

    assert known - brought == shape_only


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"title: \xff\xfe", "no_utf8"), (b"# " + b"x" * LARGEST, "too_large")],
    ids=["not UTF-8", "larger than anybody would write"],
)
def test_a_file_that_cannot_be_text_of_a_policy_is_refused(tmp_path: Path, content: bytes, word: str) -> None:
    """Before anything in it is read."""
    file = tmp_path / "policy.yaml"
    file.write_bytes(content)
    with pytest.raises(FaultyPolicyError) as caught:
        read_policy_file(file)

    assert [fault.word for fault in caught.value.faults] == [word]


def test_a_policy_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    """Editors on Windows write one."""
    file = tmp_path / "policy.yaml"
    file.write_text(HEAD.replace("deviations:\n", "deviations: []\n"), encoding="utf-8-sig")

    assert read_policy_file(file).policy.version == 2


def test_an_extension_changes_what_it_names_and_nothing_else() -> None:
    """A changed field replaces the base's; version and title are the extension's own."""
    text = (
        f"{HEAD}  - check: battery_health\n    change: {{expect: {{minimum: 0.7}}, weight: 5}}\n{REASON}"
        f"  - check: camera\n    remove: true\n{REASON}  - set: {{ready_at: 0.9}}\n{REASON}"
    )
    base, source = as_json(shipped_policy()), parse_policy(text)
    wanted = [dict(check) for check in base["checks"] if check["id"] != "camera"]
    for check in wanted:
        if check["id"] == "battery_health":
            check.update(expect={"minimum": 0.7}, weight=5)
    title = {"de": "Regelwerk", "en": "Policy"}

    assert as_json(source.policy) == base | {
        "checks": wanted,
        "version": 2,
        "title": title,
        "ready_at": 0.9,
    }
    assert source.extends == "default"
    assert [deviation.reason.en for deviation in source.deviations] == ["Reason"] * 3


def test_an_added_check_is_judged_like_any_other() -> None:
    """It stands behind those of the base."""
    added = {**as_json(shipped_policy())["checks"][0], "id": "own_check"}
    text = f"{HEAD}  - add: {added}\n{REASON}".replace("True", "true")

    assert parse_policy(text).policy.checks[-1].id == "own_check"


def test_lines_are_those_of_keys_and_items() -> None:
    """Counted from 1, in block and in flow style."""
    _, lines = read_yaml("a:\n  - b: 1\n    c: {d: 2,\n        e: 3}\n")

    assert lines == {
        (): 1,
        ("a",): 1,
        ("a", 0): 2,
        ("a", 0, "b"): 2,
        ("a", 0, "c"): 3,
        ("a", 0, "c", "d"): 3,
        ("a", 0, "c", "e"): 4,
    }


def test_yes_and_no_are_words() -> None:
    """As YAML 1.2 says, so that `const: on` asks for the word "on"."""
    assert read_yaml("{a: on, b: no, c: true, d: 2026-07-29, e: 0.5, f: null}")[0] == {
        "a": "on",
        "b": "no",
        "c": True,
        "d": "2026-07-29",
        "e": 0.5,
        "f": None,
    }
