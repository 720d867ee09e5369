"""How does a management set the agent's settings? Templates generated from the declarations.

ADMX and ADML: https://learn.microsoft.com/previous-versions/windows/desktop/policy (PolicyDefinitions schema
1.0). One policy a setting, machine class, in one category a table; a list of tables is one text box with one
table a line, as JSON. The profile for macOS shows
every setting that has a default.
"""

import json
import plistlib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from fernbereit.settings_faults import Telling
from fernbereit.settings_model import SettingsModel, schema_of, table_of
from fernbereit_agent.settings import POLICY_KEY, Settings
from fernbereit_agent.settings_sources import telling_in

ADMX = "deploy/windows/policy/Fernbereit.admx"
ADML = {
    "de": "deploy/windows/policy/de-DE/Fernbereit.adml",
    "en": "deploy/windows/policy/en-US/Fernbereit.adml",
}
PROFILE = "deploy/macos/Fernbereit-Agent.mobileconfig"
DOMAIN = "de.fernbereit.agent"
NEVER_PRESCRIBED = ("device.id",)
"""Prescribed to a fleet, one id would make one device of all laptops."""
KEY = POLICY_KEY.removeprefix("HKLM\\")
_SPACE = "http://www.microsoft.com/GroupPolicy/PolicyDefinitions"
_HEAD = f'revision="1.0" schemaVersion="1.0" xmlns="{_SPACE}"'
_NAMES = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # the namespace of URLs, RFC 9562
_TEXTS = {
    "de": {
        "root": "Fernbereit",
        "about": "Einstellungen des Agenten von Fernbereit auf dem Laptop",
        "supported": "Fernbereit-Agent auf Windows 10 oder neuer",
        "general": "Allgemein",
        "value": "Registrierungswert {key}: {kind}.",
        "default": "Ohne Vorgabe gilt: {default}.",
        "example": "Beispiel: {example}",
        "list": "Eine Zeile je Eintrag, als JSON.",
        "box": "Wert",
    },
    "en": {
        "root": "Fernbereit",
        "about": "Settings of Fernbereit's agent on the laptop",
        "supported": "Fernbereit agent on Windows 10 or newer",
        "general": "General",
        "value": "Registry value {key}: {kind}.",
        "default": "If not prescribed: {default}.",
        "example": "Example: {example}",
        "list": "One line an entry, as JSON.",
        "box": "Value",
    },
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One key that can be prescribed; `table` is its category."""

    table: str
    path: tuple[str, ...]
    info: FieldInfo
    schema: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Return the name of the registry value."""
        return ".".join(self.path)

    @property
    def id(self) -> str:
        """Return a name that XML takes."""
        return self.key.replace(".", "_")

    @property
    def whole_numbers(self) -> bool:
        """Whether the editor offers a box for numbers; one for decimals does not exist."""
        return self.schema.get("type") == "integer"

    @property
    def example(self) -> str:
        """Return what to type in, or nothing."""
        if table := table_of(self.info):
            return json.dumps({key: _shown(info) for key, info in table.model_fields.items()})
        value = _shown(self.info)
        return "" if value is None else value if isinstance(value, str) else json.dumps(value)


def _shown(info: FieldInfo) -> Any:
    unset = info.default in (None, PydanticUndefined)
    return info.examples[0] if unset and info.examples else None if unset else info.default


def settings(model: type[SettingsModel] = Settings, above: tuple[str, ...] = ()) -> Iterator[Setting]:
    """Yield every setting; a list of tables is one."""
    for key, info in model.model_fields.items():
        table = table_of(info)
        if table is not None and isinstance(info.annotation, type):
            yield from settings(table, (*above, key))
        elif ".".join((*above, key)) not in NEVER_PRESCRIBED:
            yield Setting(".".join(above), (*above, key), info, schema_of(model, key))


def _tables() -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.table for each in settings()))


def _category(table: str) -> str:
    return f"fernbereit_{table or 'general'}"


def admx() -> str:
    """Return the definitions."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f"<policyDefinitions {_HEAD}>"]
    lines += [
        "  <policyNamespaces>",
        '    <target prefix="fernbereit" namespace="Fernbereit.Policies.Agent" />',
        '    <using prefix="windows" namespace="Microsoft.Policies.Windows" />',
        "  </policyNamespaces>",
        '  <resources minRequiredRevision="1.0" />',
        "  <supportedOn>\n    <definitions>",
        '      <definition name="agent" displayName="$(string.supported)" />',
        "    </definitions>\n  </supportedOn>",
        '  <categories>\n    <category name="fernbereit" displayName="$(string.root)" />',
    ]
    for table in _tables():
        name = _category(table)
        lines.append(f'    <category name="{name}" displayName="$(string.{name})">')
        lines.append('      <parentCategory ref="fernbereit" />\n    </category>')
    lines.append("  </categories>\n  <policies>")
    for each in settings():
        lines += _policy(each)
    return "\n".join([*lines, "  </policies>", "</policyDefinitions>", ""])


def _policy(each: Setting) -> Iterator[str]:
    head = f'    <policy name="{each.id}" class="Machine" displayName="$(string.{each.id})"'
    head += f' explainText="$(string.{each.id}_about)" key={quoteattr(KEY)}'
    body = f'      <parentCategory ref="{_category(each.table)}" />\n      <supportedOn ref="agent" />'
    if each.schema.get("type") == "boolean":
        yield f'{head} valueName="{each.key}">\n{body}'
        yield '      <enabledValue><decimal value="1" /></enabledValue>'
        yield '      <disabledValue><decimal value="0" /></disabledValue>'
    else:
        yield f'{head} presentation="$(presentation.{each.id})">\n{body}\n      <elements>'
        yield f"        {_element(each)}\n      </elements>"
    yield "    </policy>"


def _element(each: Setting) -> str:
    name = f'id="{each.id}_box" valueName="{each.key}"'
    if each.whole_numbers:
        low, high = each.schema.get("minimum", 0), each.schema.get("maximum", 2**31 - 1)
        return f'<decimal {name} required="true" minValue="{low}" maxValue="{high}" />'
    if each.schema.get("type") == "array":
        return f'<multiText {name} required="true" maxLength="4096" maxStrings="64" />'
    return f'<text {name} required="true" maxLength="1023" />'


def adml(lang: str) -> str:
    """Return the words of the definitions."""
    texts, telling = _TEXTS[lang], telling_in(lang)
    strings = {name: texts[name] for name in ("root", "supported")}
    for table in _tables():
        strings[_category(table)] = _about_table(table, telling) or texts["general"]
    boxes = []
    for each in settings():
        about = telling.described(each.path, each.info)
        kind = telling.expected(Settings, each.path, described=False)
        explained = [f"{about[:1].upper()}{about[1:]}.", texts["value"].format(key=each.key, kind=kind)]
        if each.schema.get("type") == "array":
            explained.append(texts["list"])
        if each.info.default not in (None, PydanticUndefined, ()):
            default = json.dumps(each.info.default, ensure_ascii=False, default=str)
            explained.append(texts["default"].format(default=default))
        if each.example:
            explained.append(texts["example"].format(example=each.example))
        strings |= {each.id: f"{each.key}: {about}", f"{each.id}_about": "\n".join(explained)}
        if each.schema.get("type") != "boolean":
            boxes.append(_box(each, texts["box"]))
    told = [f'      <string id="{name}">{escape(text)}</string>' for name, text in strings.items()]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            f"<policyDefinitionResources {_HEAD}>",
            f"  <displayName>{texts['root']}</displayName>",
            f"  <description>{texts['about']}</description>",
            "  <resources>\n    <stringTable>",
            *told,
            "    </stringTable>\n    <presentationTable>",
            *boxes,
            "    </presentationTable>\n  </resources>\n</policyDefinitionResources>\n",
        ]
    )


def _about_table(table: str, telling: Telling) -> str:
    words = tuple(filter(None, table.split(".")))
    if not words:
        return ""
    model: type[SettingsModel] = Settings
    for word in words:
        inner = table_of(model.model_fields[word])
        assert inner is not None
        model = inner
    english = " ".join((model.__doc__ or "").split()).rstrip(".")
    return f"{table}: {telling.about.get(table, english)}"


def _box(each: Setting, label: str) -> str:
    box, text = f'refId="{each.id}_box"', escape(f"{label} ({each.key})")
    if each.whole_numbers:
        default = each.info.default if isinstance(each.info.default, int) else 0
        inner = f'<decimalTextBox {box} defaultValue="{default}">{text}</decimalTextBox>'
    elif each.schema.get("type") == "array":
        inner = f'<multiTextBox {box} showAsDialog="true">{text}</multiTextBox>'
    else:
        inner = f"<textBox {box}><label>{text}</label></textBox>"
    return f'      <presentation id="{each.id}">{inner}</presentation>'


def profile() -> str:
    """Return a configuration profile with every setting that has a default."""
    content: dict[str, Any] = {}
    for each in settings():
        place = content
        for word in each.path[:-1]:
            place = place.setdefault(word, {})
        if each.info.default not in (None, PydanticUndefined):
            place[each.path[-1]] = list(each.info.default) if table_of(each.info) else each.info.default
    payload = {
        **content,
        "PayloadType": DOMAIN,
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{DOMAIN}.settings",
        "PayloadUUID": str(uuid.uuid5(_NAMES, f"{DOMAIN}.settings")).upper(),
        "PayloadDisplayName": "Fernbereit-Agent",
    }
    payload = {key: value for key, value in payload.items() if value != {}}
    whole = {
        "PayloadContent": [payload],
        "PayloadDisplayName": "Fernbereit-Agent",
        "PayloadDescription": "Muster / sample: keep only the keys you prescribe.",
        "PayloadIdentifier": f"{DOMAIN}.profile",
        "PayloadScope": "System",
        "PayloadType": "Configuration",
        "PayloadUUID": str(uuid.uuid5(_NAMES, f"{DOMAIN}.profile")).upper(),
        "PayloadVersion": 1,
    }
    return plistlib.dumps(whole, sort_keys=False).decode("utf-8")


def render() -> Mapping[str, str]:
    """Return every template by its path below the repository."""
    return {ADMX: admx(), **{path: adml(lang) for lang, path in ADML.items()}, PROFILE: profile()}
