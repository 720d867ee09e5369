"""How does a file become an organisation, and what does a faulty one say?

`organisation.yaml`, or a CSV with the plain table of units. Every fault is told at once; a faulty file yields
nothing.
"""

import json
from collections.abc import Mapping
from pathlib import Path as FilePath
from types import NoneType, UnionType
from typing import Annotated, Any, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from fernbereit.nearest import nearest
from fernbereit_server.organisation.contradictions import contradictions
from fernbereit_server.organisation.faults import Fault, FaultyFileError
from fernbereit_server.organisation.model import Organisation, Part
from fernbereit_server.organisation.table import Row, read_table
from fernbereit_server.yaml_lines import Path, YamlFault, decode, dotted, line_of, read_yaml

UNIT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "unit": ("unit", "einheit", "amt", "abteilung", "organisationseinheit"),
    "headcount": ("headcount", "beschäftigte", "personal", "köpfe"),
    "suitable": ("suitable", "geeignet", "homeofficegeeignet"),
    "site": ("site", "standort"),
}
_KINDS = {"integer": "whole", "number": "number", "boolean": "boolean", "string": "text", "array": "list"}
_TYPES = (
    ("int_", "whole"),
    ("float_", "number"),
    ("finite", "number"),
    ("bool_", "boolean"),
    ("string_", "text"),
    ("tuple_", "list"),
    ("too_short", "list"),
)
"""What pydantic complains of, by the beginning of its word, and what was expected then."""


def read_organisation(file: FilePath) -> Organisation:
    """Read `file` (`.csv`: a table of units, else YAML).

    Raises `OSError` where it cannot be read, `FaultyFileError` where it has faults.
    """
    data = file.read_bytes()
    if file.suffix.lower() == ".csv":
        return _from_table(data)
    try:
        text = decode(data)
    except YamlFault as fault:
        raise _of_yaml(fault) from None
    return parse(text)


def parse(text: str) -> Organisation:
    """Read the text of an `organisation.yaml`; raises `FaultyFileError`."""
    try:
        values, lines = read_yaml(text)
    except YamlFault as fault:
        raise _of_yaml(fault) from None
    if not isinstance(values, dict):
        raise FaultyFileError([Fault(line=1, field="", word="no_table", example="units:")])
    return _validated(values, lines)


def _of_yaml(fault: YamlFault) -> FaultyFileError:
    return FaultyFileError(
        [Fault(line=fault.line, field="", word=fault.word, values={"detail": fault.detail})]
    )


def _from_table(data: bytes) -> Organisation:
    rows, places = read_table(data, UNIT_COLUMNS, needed=("unit", "headcount"))
    faults: list[Fault] = []
    units = [_unit(row, faults) for row in rows]
    if faults:
        raise FaultyFileError(faults)
    lines: dict[Path, int] = {("units",): 1}
    for position, row in enumerate(rows):
        lines[("units", position)] = row.line
    renamed = {"units": [unit for unit in units if unit]}
    return _validated(renamed, lines, columns={"name": places["unit"]})


def _unit(row: Row, faults: list[Fault]) -> dict[str, Any]:
    unit: dict[str, Any] = {"name": row.cells["unit"]}
    for column in ("headcount", "suitable"):
        if said := row.cells.get(column, ""):
            if said.isascii() and said.isdigit() and len(said) < 9:
                unit[column] = int(said)
            else:
                faults.append(Fault(line=row.line, field=column, word="wrong", kind="count", example="120"))
    if site := row.cells.get("site"):
        unit["site"] = site
    return unit


def _validated(
    values: dict[str, Any], lines: Mapping[Path, int], columns: Mapping[str, str] | None = None
) -> Organisation:
    try:
        organisation = Organisation.model_validate_json(json.dumps(values))
    except ValidationError as error:
        faults: dict[tuple[int, str], Fault] = {}
        for found in _innermost(error):
            fault = _fault(found, lines)
            if columns:
                fault = _in_table(fault, columns)
            faults.setdefault((fault.line, fault.field), fault)
        raise FaultyFileError(list(faults.values())) from None
    wrong = contradictions(organisation, lines)
    if wrong:
        raise FaultyFileError([_in_table(fault, columns) if columns else fault for fault in wrong])
    return organisation


def _innermost(error: ValidationError) -> list[dict[str, Any]]:
    """Leave out that a list is too short where the parts it lacks are faulty themselves."""
    found: list[dict[str, Any]] = [dict(one) for one in error.errors()]
    places = [one["loc"] for one in found]
    return [
        one
        for one in found
        if not any(
            len(place) > len(one["loc"]) and place[: len(one["loc"])] == one["loc"] for place in places
        )
    ]


def _in_table(fault: Fault, columns: Mapping[str, str]) -> Fault:
    name = fault.field.rpartition(".")[2]
    return Fault(
        line=fault.line,
        field=columns.get(name, name),
        word=fault.word,
        values=fault.values,
        kind=fault.kind,
        example=fault.example.partition(": ")[2] or fault.example,
        suggestion=fault.suggestion,
    )


def _fault(error: dict[str, Any], lines: Mapping[Path, int]) -> Fault:
    path: Path = tuple(word for word in error["loc"] if word != "[key]")
    owner, _ = _declared(path)
    line, name = line_of(lines, path), dotted(path)
    if error["type"] == "extra_forbidden":
        near = nearest(str(path[-1]), list(owner.model_fields))
        known = ", ".join(owner.model_fields)
        example = _example(near, owner.model_fields[near]) if near else ""
        return Fault(
            line=line, field=name, word="unknown", values={"known": known}, example=example, suggestion=near
        )
    word = "missing" if error["type"] == "missing" else "wrong"
    kind, bounds = _expected(owner, path, error)
    return Fault(line=line, field=name, word=word, kind=kind, values=bounds, example=_declared_example(path))


def _declared(path: Path) -> tuple[type[Part], FieldInfo | None]:
    """Return the part that declares the last field of `path`, and the declaration if there is one."""
    owner: type[Part] = Organisation
    info: FieldInfo | None = None
    for position, word in enumerate(path):
        if isinstance(word, int) or word not in owner.model_fields:
            continue
        info = owner.model_fields[word]
        inner = _part(info.annotation)
        if inner and position < len(path) - 1:
            owner = inner
    return owner, info


def _part(annotation: Any) -> type[Part] | None:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _part(inner))), None)


def _expected(owner: type[Part], path: Path, error: dict[str, Any]) -> tuple[str, dict[str, object]]:
    """Say what a field takes as a key of the catalogue and its limits; texts in lists and tables included."""
    word = str(error["type"])
    if word in {"greater_than_equal", "less_than_equal", "greater_than"}:
        low, high = _limits(owner, path)
        return ("whole_range" if _whole(owner, path) else "number_range"), {"low": low, "high": high}
    if word == "literal_error":
        choices = str(error["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
        return "choice", {"choices": choices}
    if word == "missing":
        schema = owner.model_json_schema()["properties"].get(str(path[-1]), {})
        return _KINDS.get(str(schema.get("type")), "table"), {}
    return next((kind for start, kind in _TYPES if word.startswith(start)), "table"), {}


def _metadata(owner: type[Part], path: Path) -> tuple[Any, list[Any]]:
    name = next((str(word) for word in reversed(path) if str(word) in owner.model_fields), "")
    info = owner.model_fields[name]
    found = list(info.metadata)
    kind = info.annotation

    def collect(annotation: Any) -> None:
        if get_origin(annotation) is Annotated:
            for extra in annotation.__metadata__:
                found.extend(getattr(extra, "metadata", [extra]))
        for inner in get_args(annotation):
            collect(inner)

    collect(kind)
    return kind, found


def _whole(owner: type[Part], path: Path) -> bool:
    kind, _ = _metadata(owner, path)
    names = {kind, *get_args(kind)} if isinstance(kind, UnionType | type) else set(get_args(kind))
    return "int" in str(names - {NoneType})


def _limits(owner: type[Part], path: Path) -> tuple[str, str]:
    _, found = _metadata(owner, path)
    low = next((f"{m.ge:g}" for m in found if getattr(m, "ge", None) is not None), None)
    above = next((f"> {m.gt:g}" for m in found if getattr(m, "gt", None) is not None), "")
    high = next((f"{m.le:.15g}" for m in found if getattr(m, "le", None) is not None), "")
    return (low if low is not None else above), high


def _declared_example(path: Path) -> str:
    """Return an example of the field that a place belongs to: of `availability` for one of its gateways."""
    owner, info = _declared(path)
    named = next((name for name, declared in owner.model_fields.items() if declared is info), "")
    return _example(named, info) if info else ""


def _example(name: str, info: FieldInfo) -> str:
    if not info.examples:
        return ""
    return f"{name}: {json.dumps(info.examples[0], ensure_ascii=False)}"
