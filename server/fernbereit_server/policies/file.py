"""What does a policy file say, and what is wrong with it? Every fault at once, each with its line.

A file that has faults gives no policy at all.
"""

import dataclasses
import difflib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from fernbereit.nearest import nearest
from fernbereit.policy import Check, Policy, as_json, shipped_policy
from fernbereit.policy_extension import Deviation, Extension, extend
from fernbereit.policy_rules import Broken, Loc, broken_rules
from fernbereit_server.policies.examples import example, known_fields
from fernbereit_server.yaml_lines import YamlFault, decode, dotted, line_of, read_yaml

M = TypeVar("M", bound=BaseModel)

_LIMITS = {
    "greater_than_equal": "ge",
    "greater_than": "gt",
    "less_than_equal": "le",
    "multiple_of": "multiple_of",
    "too_short": "min_length",
    "too_long": "max_length",
    "string_too_short": "min_length",
    "string_too_long": "max_length",
    "string_pattern_mismatch": "pattern",
    "enum": "expected",
    "literal_error": "expected",
}
_KINDS = {
    "int_type": "int",
    "int_from_float": "int",
    "float_type": "float",
    "bool_type": "bool",
    "string_type": "str",
    "tuple_type": "list",
    "dict_type": "group",
    "model_type": "group",
    "model_attributes_type": "group",
    "date_type": "day",
    "date_parsing": "day",
    "date_from_datetime_parsing": "day",
    "finite_number": "float",
}


_EXAMPLES = {
    "no_yaml": "version: 1",
    "no_utf8": "version: 1",
    "no_policy": "version: 1",
    "too_large": "extends: default",
    "too_deep": "expect: {const: true}",
    "anchor": "weight: 3",
    "tag": "weight: 3",
    "twice": "weight: 3",
    "several_documents": "version: 1",
    "counted_weight": "weight: 0",
    "counted_essential": "essential: false",
    "no_weight": "weight: 1",
    "internal_fact": "fact: machine.model",
    "changed_twice": "change: {weight: 3, grace_days: 14}",
    "half_character": "title: {de: Regelwerk, en: Policy}",
    "id_changed": "remove: true",
    "set_twice": "set: {ready_at: 0.85}",
    "one_way": "change: {weight: 3}",
    "no_marker": "windows: {services: [McSvc]}",
    "client_other": "name: musterstadt_connect",
    "client_twice": "name: musterstadt_connect",
    "ordinary_interfaces": "interfaces: [mcon*]",
    "ordinary_adapters": "adapters: [Musterstadt Connect Adapter*]",
}


_MET: Mapping[tuple[str, ...], str] = {
    ("minimum", "maximum"): "{minimum: 1, maximum: 5}",
    ("minimum", "exclusiveMaximum"): "{minimum: 1, exclusiveMaximum: 5}",
    ("exclusiveMinimum", "maximum"): "{exclusiveMinimum: 0, maximum: 900}",
    ("exclusiveMinimum", "exclusiveMaximum"): "{exclusiveMinimum: 0, exclusiveMaximum: 1}",
    ("enum", "const"): "{enum: [encrypted, third_party]}",
    ("max_age", "min_days_left"): "{max_age: 30}",
}
"""Keywords that no value met together, and how they could stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong; `word` and `values` make a sentence in any language."""

    line: int
    field: str
    word: str
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    suggestion: str | None = None
    """What was probably meant."""
    example: str | None = None


class FaultyPolicyError(ValueError):
    """A file is no policy; `faults` are in the order of their lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.line, fault.field)))
        super().__init__("; ".join(f"line {fault.line}: {fault.word}" for fault in self.faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySource:
    """A sound policy, and how it departs from its base if it has one."""

    policy: Policy
    extends: str | None = None
    deviations: tuple[Deviation, ...] = ()


def read_policy_file(file: Path) -> PolicySource:
    """Read and validate a policy file; raises `OSError` or `FaultyPolicyError`."""
    try:
        text = decode(file.read_bytes())
    except YamlFault as fault:
        raise FaultyPolicyError([_file_fault(fault.line, fault.word)]) from None
    return parse_policy(text)


def parse_policy(text: str) -> PolicySource:
    """Validate the text of a policy file; raises `FaultyPolicyError`."""
    try:
        raw, lines = read_yaml(text)
    except YamlFault as fault:
        raise FaultyPolicyError([_file_fault(fault.line, fault.word, fault.detail)]) from None
    if not isinstance(raw, dict):
        raise FaultyPolicyError([_file_fault(1, "no_policy")])
    if "extends" in raw:
        return _extension(raw, lines)
    return PolicySource(policy=_policy(raw, lambda loc: loc, lines, []))


def _file_fault(line: int, word: str, detail: str = "") -> Fault:
    return Fault(line=line, field="", word=word, values={"detail": detail}, example=_EXAMPLES[word])


def _extension(raw: dict[str, Any], lines: Mapping[Loc, int]) -> PolicySource:
    extension, shape = _validated(Extension, raw)
    faults = [_shape_fault(Extension, raw, error, lines, loc) for loc, error in _errors(shape, raw)]
    extended = extend(as_json(shipped_policy()), raw)
    faults += [_rule_fault(broken, broken.loc, lines) for broken in extended.broken]

    def origin(loc: Loc) -> Loc | None:
        if loc[:1] == ("checks",) and len(loc) > 1:
            start = extended.origins.get(int(loc[1]))
            return None if start is None else (*start, *loc[2:])
        start = extended.set_at.get(str(loc[0])) if loc else None
        # Version and title are told by the extension's own shape.
        return None if start is None or len(start) == 1 else (*start, *loc[1:])

    policy = _policy(extended.policy, origin, lines, faults)
    if extension is None:  # every fault of its shape was raised above
        raise FaultyPolicyError(faults)
    return PolicySource(policy=policy, extends=extension.extends, deviations=extension.deviations)


def _policy(
    raw: dict[str, Any],
    origin: Callable[[Loc], Loc | None],
    lines: Mapping[Loc, int],
    faults: list[Fault],
) -> Policy:
    """Return the policy, or raise with the faults so far and its own, each at the place it comes from."""
    policy, shape = _validated(Policy, raw)
    for loc, error in _errors(shape, raw):
        place = origin(loc)
        if place is not None and error["type"] != "policy_rule":
            faults.append(_shape_fault(Policy, raw, error, lines, loc, place))
    faults += [_rule_fault(broken, origin(broken.loc) or (), lines) for broken in broken_rules(raw)]
    if policy is None or faults:
        raise FaultyPolicyError(faults)
    return policy


def _validated(model: type[M], raw: dict[str, Any]) -> tuple[M | None, ValidationError | None]:
    try:
        return model.model_validate_json(json.dumps(raw)), None
    except ValidationError as error:
        return None, error


def _errors(failure: ValidationError | None, raw: Any) -> Iterator[tuple[Loc, Mapping[str, Any]]]:
    """Yield each fault of shape once, with the place in the file it is about."""
    told: set[Loc] = set()
    for error in failure.errors(include_url=False) if failure is not None else ():
        kind = error["type"]
        loc = _in_file(error["loc"], raw, missing=kind == "missing")
        if loc in told or (kind == "too_short" and _found(raw, loc)):
            continue  # of a list that is not empty, only the sound items were counted
        told.add(loc)
        yield loc, error


def _in_file(loc: Loc, raw: Any, *, missing: bool) -> Loc:
    """Cut off what the model adds to a place, such as which of several kinds it tried."""
    for length, part in enumerate(loc):
        if not _has(raw, part):
            return (*loc[:length], loc[-1]) if missing else loc[:length]
        raw = raw[part]
    return loc


def _has(raw: Any, part: str | int) -> bool:
    if isinstance(raw, list):
        return isinstance(part, int) and part < len(raw)
    return isinstance(raw, dict) and part in raw


def _shape_fault(
    model: type[BaseModel],
    raw: Any,
    error: Mapping[str, Any],
    lines: Mapping[Loc, int],
    loc: Loc,
    place: Loc | None = None,
) -> Fault:
    place = loc if place is None else place
    kind, context = str(error["type"]), error.get("ctx", {})
    name = str(loc[-1]) if loc else ""
    word, values, suggestion = "unfit", {}, None
    meant = loc
    if kind in {"missing", "one_way", "no_marker"}:
        word = kind
    elif kind == "extra_forbidden":
        known = known_fields(model, loc[:-1])
        word, values, suggestion = "unknown_field", {"known": ", ".join(known)}, nearest(name, known) or None
        meant = (*loc[:-1], suggestion or known[0])
    elif kind in _LIMITS:
        word, values = kind, {"limit": str(context.get(_LIMITS[kind], ""))}
        if kind in {"enum", "literal_error"}:
            words = [part.strip(" '") for part in values["limit"].replace(" or ", ", ").split(",")]
            word, values, suggestion = (
                "one_of",
                {"limit": ", ".join(words)},
                nearest(str(_found(raw, loc)), words) or None,
            )
    elif kind in _KINDS:
        word = f"kind_{'const' if name == 'const' else _KINDS[kind]}"
    return Fault(
        line=line_of(lines, place),
        field=dotted(place),
        word=word,
        values=values,
        suggestion=suggestion,
        example=_EXAMPLES.get(word) or example(model, meant) or example(model, loc[:-1]),
    )


def _rule_fault(broken: Broken, place: Loc, lines: Mapping[Loc, int]) -> Fault:
    known = broken.known
    near = difflib.get_close_matches(broken.found, known, n=5, cutoff=0.4)
    shown = known if len(known) <= 24 else near or known[:5]
    return Fault(
        line=line_of(lines, place),
        field=dotted(place),
        word=broken.word,
        values={"found": broken.found, "known": ", ".join(shown)},
        suggestion=nearest(broken.found, known) or None,
        example=_rule_example(broken),
    )


def _rule_example(broken: Broken) -> str | None:
    if broken.word.startswith("keyword_for_") or broken.word == "expects_nothing":
        return example(Check, ("expect", broken.known[0]))
    if broken.word == "never_met":
        return _MET[broken.known]
    if broken.word == "id_twice":
        return f"id: {broken.found}_2"
    value = nearest(broken.found, broken.known) or (broken.known[0] if broken.known else None)
    if value is None:
        return _EXAMPLES.get(broken.word)
    name = broken.loc[-1]
    return f"{name}: {value}" if name in {"fact", "check", "const"} else value


def _found(raw: Any, loc: Loc) -> Any:
    for part in loc:
        raw = raw[part]
    return raw
