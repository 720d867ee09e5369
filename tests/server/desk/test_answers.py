"""Does anything about one device leave the desk that was declared to stay inside?"""

import json
from datetime import date
from types import UnionType
from typing import Any, Union, get_args, get_origin

import pytest
from pydantic import TypeAdapter

from fernbereit.facts import SECTIONS
from fernbereit.field import Visibility, declaration
from fernbereit.fields import fields
from fernbereit.tolerance import OpenEnum, OpenModel
from fernbereit_server.desk import DeviceDetail, DeviceRow, visible


def filled(model: type[OpenModel]) -> OpenModel:
    """Return a section in which every field, nested ones too, has a value."""
    return model(
        **{name: value_of(info.annotation, info.metadata) for name, info in model.model_fields.items()}
    )


def value_of(annotation: Any, metadata: list[Any]) -> Any:
    if get_origin(annotation) in (Union, UnionType):
        return value_of(next(part for part in get_args(annotation) if part is not type(None)), metadata)
    if get_origin(annotation) is tuple:
        return (value_of(get_args(annotation)[0], []),)
    if isinstance(annotation, type) and issubclass(annotation, OpenModel):
        return filled(annotation)
    if isinstance(annotation, type) and issubclass(annotation, OpenEnum):
        return next(iter(annotation))
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)
    for candidate in (True, 1, 0.5, "a" * 64, "abc", date(2026, 1, 2)):
        try:
            adapter.validate_python(candidate, strict=True)
        except ValueError:
            continue
        return candidate
    raise AssertionError(annotation)


def paths(value: Any, before: str = "") -> set[str]:
    if isinstance(value, dict):
        inner = [(f"{before}.{name}" if before else name, part) for name, part in value.items()]
        return {name for name, _ in inner} | {path for name, part in inner for path in paths(part, name)}
    if isinstance(value, list):
        return {path for part in value for path in paths(part, before)}
    return set()


@pytest.mark.parametrize("section", SECTIONS)
def test_exactly_the_fields_declared_visible_are_shown(section: str) -> None:
    """Driven by the declarations: a new field that is only counted or compared stays inside by itself."""
    facts = filled(SECTIONS[section])
    declared = {e.path for e in fields() if e.section == section and e.visibility is Visibility.DEVICE}

    assert paths(visible(facts)) == declared


@pytest.mark.parametrize("section", SECTIONS)
def test_the_example_of_a_section_holds_every_field(section: str) -> None:
    """The test above would prove nothing about a field that the example leaves out."""
    facts = filled(SECTIONS[section])

    assert paths(facts.model_dump(mode="json")) == {e.path for e in fields() if e.section == section}


def test_fields_a_newer_agent_adds_are_not_shown() -> None:
    """Nothing is known of their visibility."""
    facts = SECTIONS["battery"].model_validate(
        {"health_ratio": 0.9, "plugged_in": True, "packs": [{"plugged_in": True}]}
    )

    assert "plugged_in" not in json.dumps(visible(facts))


def test_there_is_something_to_hide() -> None:
    """Zone, tunnel and keyed hashes are declared as what they are."""
    hidden = {
        f"{section}.{name}"
        for section, model in SECTIONS.items()
        for name, info in model.model_fields.items()
        if declaration(info)[2] is not Visibility.DEVICE
    }

    assert {"network.zone", "remote_access.tunnel", "machine.serial_hash"} <= hidden


@pytest.mark.parametrize(
    "answer", [DeviceRow, DeviceDetail], ids=["a line of the list", "the page of a device"]
)
def test_an_answer_has_no_room_for_a_time(answer: type[DeviceRow]) -> None:
    """Ages are whole days; no field could carry a moment."""
    schema = json.dumps(answer.model_json_schema())

    assert "date-time" not in schema
    assert not any(word in schema for word in ("last_report", '_at"', "timestamp", "epoch", '"mark'))
