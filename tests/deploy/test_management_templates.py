"""Do the templates for management hold what the agent reads, in both languages?"""

import plistlib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from fernbereit_agent.host import System
from fernbereit_agent.laptop import Bytes, RecordedLaptop, RegistryAnswer, WindowsAnswers
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.settings import MANAGED_PREFERENCES, POLICY_KEY, Settings
from fernbereit_agent.settings_sources import load_settings
from management_templates import ADML, ADMX, NEVER_PRESCRIBED, PROFILE, settings

ROOT = Path(__file__).parents[2]
SPACE = "{http://www.microsoft.com/GroupPolicy/PolicyDefinitions}"
EVERY = tuple(settings())


def _tree(path: str) -> ET.Element:
    return ET.fromstring((ROOT / path).read_text(encoding="utf-8"))  # noqa: S314 - a file of ours


def _all(tree: ET.Element, name: str) -> list[ET.Element]:
    return list(tree.iter(SPACE + name))


def test_every_setting_can_be_prescribed_but_those_that_name_one_laptop() -> None:
    """Each by a policy of its own, for the machine, under the key that the agent reads."""
    policies = _all(_tree(ADMX), "policy")
    elements = [child for policy in policies for each in _all(policy, "elements") for child in each]
    values = {element.get("valueName") for element in [*policies, *elements]} - {None}
    assert values == {each.key for each in EVERY}
    assert not values & set(NEVER_PRESCRIBED)
    assert {policy.get("key") for policy in policies} == {POLICY_KEY.removeprefix("HKLM\\")}
    assert {policy.get("class") for policy in policies} == {"Machine"}


@pytest.mark.parametrize("lang", ADML)
def test_every_word_a_template_asks_for_is_there_and_none_is_left_over(lang: str) -> None:
    """Strings and presentations, whose boxes are those of the elements."""
    definitions, words = _tree(ADMX), _tree(ADML[lang])
    asked = {
        value.removeprefix("$(").removesuffix(")")
        for node in definitions.iter()
        for value in node.attrib.values()
        if value.startswith("$(")
    }
    strings = {f"string.{each.get('id')}" for each in _all(words, "string")}
    presentations = {f"presentation.{each.get('id')}" for each in _all(words, "presentation")}
    assert asked == strings | presentations
    boxes = {node.get("refId") for node in words.iter()} - {None}
    elements = {child.get("id") for each in _all(definitions, "elements") for child in each}
    assert boxes == elements


def test_categories_and_requirements_exist() -> None:
    """A policy without its parent does not show up in the editor."""
    tree = _tree(ADMX)
    names = {each.get("name") for each in _all(tree, "category")}
    assert {each.get("ref") for each in _all(tree, "parentCategory")} <= names
    supported = {each.get("ref") for each in _all(tree, "supportedOn")} - {None}
    assert supported == {each.get("name") for each in _all(tree, "definition")}


def test_names_are_once_and_as_the_schema_wants_them() -> None:
    """The editor refuses a whole file for one name twice."""
    for kind in ("policy", "category"):
        names = [each.get("name") or "" for each in _all(_tree(ADMX), kind)]
        assert len(set(names)) == len(names)
        assert all(name.isidentifier() for name in names)


@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.key)
def test_what_the_editor_writes_is_what_the_agent_reads(each: object) -> None:
    """Its example typed into its box, as the registry then has it."""
    setting = next(one for one in EVERY if one is each)
    value: RegistryAnswer = setting.example
    if setting.whole_numbers:
        value = int(setting.example)
    elif setting.schema.get("type") == "boolean":
        value = 1
    elif setting.schema.get("type") == "array":
        value = (setting.example,)
    values: dict[str, RegistryAnswer] = {setting.key: value}
    if setting.key in {"probes.beacon", "probes.second_internal_target"}:
        values |= {
            "probes.targets": '{"name": "intranet", "host": "h"}',
            "probes.internal_target": "10.0.0.1",
        }
    answers = WindowsAnswers(registry={POLICY_KEY: values})
    laptop = RecordedLaptop(
        provenance="constructed", note="", system=System.WINDOWS, today="2026-11-22", windows=answers
    )
    loaded = load_settings(environment={}, system_file=Path("/nowhere"), host=RecordedHost(laptop))
    assert loaded.origin(setting.path).name == setting.key


def test_the_profile_changes_nothing_as_it_is() -> None:
    """Its payload, as a Mac lays it down, is read and gives the defaults."""
    told = plistlib.loads((ROOT / PROFILE).read_bytes())
    assert told["PayloadType"] == "Configuration"
    (payload,) = told["PayloadContent"]
    assert payload["PayloadType"] == "de.fernbereit.agent"
    content = Bytes(hex=plistlib.dumps(payload).hex())
    laptop = RecordedLaptop(
        provenance="constructed",
        note="",
        system=System.MACOS,
        today="2026-11-22",
        files={MANAGED_PREFERENCES: content},
    )
    loaded = load_settings(environment={}, system_file=Path("/nowhere"), host=RecordedHost(laptop))
    assert loaded.settings == Settings()
    assert loaded.origin(("broker", "port")).form == "plist"
