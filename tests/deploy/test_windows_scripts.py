"""Do the scripts for Windows say what they should? No PowerShell runs here, so they are read, not run."""

import hashlib
import re
import struct
import tomllib
from pathlib import Path

import pytest

import powershell
from fernbereit_agent import settings, windows_service_words

WINDOWS = Path(__file__).parents[2] / "deploy" / "windows"
COMMON, INSTALL, UNINSTALL = (WINDOWS / name for name in ("common.ps1", "install.ps1", "uninstall.ps1"))
INTUNE = (WINDOWS / "intune" / "detect.ps1", WINDOWS / "intune" / "requirement.ps1")
TOGETHER = (
    pytest.param((COMMON, INSTALL), id="install.ps1"),
    pytest.param((COMMON, UNINSTALL), id="uninstall.ps1"),
    *(pytest.param((file,), id=file.name) for file in INTUNE),
)

KNOWN = {
    "Add-Content": {"encoding", "literalpath", "value"},
    "Add-Type": {"assemblyname"},
    "ConvertFrom-Json": set(),
    "Copy-Item": {"destination", "force", "literalpath"},
    "Get-AuthenticodeSignature": {"literalpath"},
    "Get-ChildItem": {"filter", "literalpath"},
    "Get-CimInstance": {"classname", "filter"},
    "Get-Content": {"encoding", "literalpath", "raw"},
    "Get-Date": set(),
    "Get-FileHash": {"algorithm", "literalpath"},
    "Get-ItemProperty": {"literalpath"},
    "Get-Service": {"erroraction", "name"},
    "Join-Path": set(),
    "New-Item": {"force", "itemtype", "path"},
    "New-ItemProperty": {"force", "name", "path", "propertytype", "value"},
    "New-Object": {"comobject"},
    "New-ScheduledTaskAction": {"argument", "execute"},
    "New-ScheduledTaskPrincipal": {"logontype", "runlevel", "userid"},
    "New-ScheduledTaskSettingsSet": {"executiontimelimit", "startwhenavailable"},
    "New-ScheduledTaskTrigger": {"at", "daily", "randomdelay"},
    "New-TimeSpan": {"hours", "minutes"},
    "Out-Null": set(),
    "Register-ScheduledTask": {"action", "principal", "settings", "taskname", "trigger"},
    "Remove-Item": {"erroraction", "force", "literalpath", "recurse"},
    "Rename-Item": {"literalpath", "newname"},
    "Set-Content": {"encoding", "literalpath", "value"},
    "Set-StrictMode": {"version"},
    "Split-Path": {"leaf"},
    "Start-ScheduledTask": {"taskname"},
    "Start-Service": {"erroraction", "name"},
    "Stop-Service": {"force", "name"},
    "Test-Path": {"literalpath"},
    "Unregister-ScheduledTask": {"confirm", "erroraction", "taskname"},
    "Write-Output": set(),
}
"""Commands of Windows PowerShell 5.1 and those of their parameters that are used. None uses a network."""

AUTOMATIC = {"_", "true", "false", "null", "lastexitcode", "psscriptroot", "@arguments"}


@pytest.mark.parametrize("files", TOGETHER)
def test_a_script_is_powershell(files: tuple[Path, ...]) -> None:
    """The grammar finds nothing that it cannot read."""
    assert powershell.read(*files).faults == ()


@pytest.mark.parametrize("files", TOGETHER)
def test_a_script_calls_only_what_exists(files: tuple[Path, ...]) -> None:
    """Own functions with parameters they declare, and known commands with parameters they have."""
    script = powershell.read(*files)
    wrong = [
        f"{call.name} -{parameter} in line {call.line}"
        for call in script.calls
        for parameter in call.parameters or ("",)
        if call.name not in script.functions | KNOWN
        or (parameter and parameter not in script.functions.get(call.name, KNOWN.get(call.name, set())))
    ]

    assert wrong == []


@pytest.mark.parametrize("files", TOGETHER)
def test_a_script_reads_only_variables_it_sets(files: tuple[Path, ...]) -> None:
    """Strict mode ends a script at a variable that nobody set: here before it runs."""
    script = powershell.read(*files)
    unset = {name for name in script.read - script.written - AUTOMATIC if not name.startswith("env:")}

    assert unset == set()


@pytest.mark.parametrize("file", [COMMON, INSTALL, UNINSTALL, *INTUNE], ids=lambda file: file.name)
def test_a_script_is_plain_ascii(file: Path) -> None:
    """Windows PowerShell 5.1 takes a file without a mark for the code page of the computer."""
    assert file.read_text(encoding="utf-8").isascii()


def test_faults_end_a_script() -> None:
    """Otherwise PowerShell goes on after most of them."""
    assert "Set-StrictMode -Version 3.0\n$ErrorActionPreference = 'Stop'" in COMMON.read_text("utf-8")
    for file in (INSTALL, UNINSTALL):
        assert ". (Join-Path $PSScriptRoot 'common.ps1')" in file.read_text("utf-8")


def test_accounts_are_named_by_number() -> None:
    """Their names are other ones on a German Windows; the service's is computed as Windows does."""
    text = COMMON.read_text("utf-8") + INSTALL.read_text("utf-8")
    digest = hashlib.sha1(windows_service_words.NAME.upper().encode("utf-16-le"), usedforsecurity=False)
    number = "-".join(map(str, struct.unpack("<5I", digest.digest())))

    assert f"'S-1-5-80-{number}'" in text
    assert not re.search(r"(?i)(builtin\\|\\users\b|everyone|jeder|benutzer)", text)
    assert set(re.findall(r'"\*\$\{(\w+)\}:', INSTALL.read_text("utf-8"))) == {
        "System", "Administrators", "ServiceSid", "Users", "CreatorOwner",
    }  # fmt: skip


def test_places_are_those_of_the_agent() -> None:
    """Data, settings and service have the same names in the scripts and in the program."""
    text = COMMON.read_text("utf-8")
    data = settings.SYSTEM_FILES["win32"].replace("/", "\\").rpartition("\\")[0]

    assert f"$ServiceName = '{windows_service_words.NAME}'" in text
    assert data.endswith("Fernbereit")
    assert "$Data = Join-Path $env:ProgramData 'Fernbereit'" in text


def test_every_parameter_is_explained() -> None:
    """`Get-Help install.ps1` names what can be given."""
    for file in (INSTALL, UNINSTALL):
        head, _, rest = file.read_text("utf-8").partition("#>")
        declared = set(re.findall(r"\$(\w+)", rest.partition("\n)\n")[0].partition("param(")[2]))
        assert set(re.findall(r"\.PARAMETER (\w+)", head)) == {name for name in declared if name != "true"}


def test_every_exit_code_is_explained() -> None:
    """In the help of the script and in the German note beside it."""
    codes = set(re.findall(r"^\$\w+ = (\d+)$", COMMON.read_text("utf-8"), re.MULTILINE))
    note = (WINDOWS / "LIESMICH.md").read_text("utf-8")

    assert codes == {"0", "1", "2", "3", "1618"}
    assert {code for code in codes if re.search(rf"^\| {code} \|", note, re.MULTILINE)} == codes
    assert {code for code in codes if re.search(rf"\b{code} ", INSTALL.read_text("utf-8"))} == codes


def test_the_opsi_package_names_scripts_that_exist() -> None:
    """opsi 4.3 reads control.toml; what it names lies in CLIENT_DATA."""
    control = tomllib.loads((WINDOWS / "opsi" / "OPSI" / "control.toml").read_text("utf-8"))
    product = control["Product"]
    properties = {entry["name"] for entry in control["ProductProperty"]}

    assert re.fullmatch(r"[a-z0-9._-]+", product["id"])
    for key in ("setupScript", "uninstallScript"):
        text = (WINDOWS / "opsi" / "CLIENT_DATA" / product[key]).read_text("utf-8")
        assert set(re.findall(r'GetProductProperty\("(\w+)"', text)) <= properties
        assert len(re.findall(r"(?m)^\s*if ", text)) == len(re.findall(r"(?m)^\s*endif", text))
        assert set(re.findall(r"\$\w+\$", text)) == set(re.findall(r"DefVar (\$\w+\$)", text))
        called = set(re.findall(r"(?m)^(DosInAnIcon_\w+)", text))
        assert called == set(re.findall(r"(?m)^\[(DosInAnIcon_\w+)\]", text)) != set()


@pytest.mark.parametrize("script", [INSTALL, UNINSTALL], ids=["setup", "uninstall"])
def test_opsi_gives_parameters_that_the_script_has(script: Path) -> None:
    """A renamed parameter is renamed here too."""
    name = {"install.ps1": "setup", "uninstall.ps1": "uninstall"}[script.name]
    text = (WINDOWS / "opsi" / "CLIENT_DATA" / f"{name}.opsiscript").read_text("utf-8")
    head = script.read_text("utf-8").partition("#>")[0]
    given = set(re.findall(r"\s-([A-Z]\w+)", text)) - {"NoProfile", "ExecutionPolicy", "File"}
    given |= set(re.findall(r"""["']-([A-Z]\w+)""", text))

    assert given
    assert given <= set(re.findall(r"\.PARAMETER (\w+)", head))
