<#
.SYNOPSIS
Installs or updates the Fernbereit agent for all users of this computer.

.DESCRIPTION
May be repeated. The new version is unpacked and tried beside the old one; only then are the folders exchanged.
If its service does not start, the old version is put back.

Exit codes: 0 done; 1 failed, what was there before is there still; 2 wrong call, or a file is not what it should
be, nothing was changed; 3 installed, but the service ends because of its settings: the event log says which;
1618 files are in use, try again later.

.PARAMETER PythonZip
The embeddable package of Python 3.13 from python.org for this architecture; found beside this script if not named.

.PARAMETER PythonSha256
Its SHA-256, as you noted it when you downloaded and checked it.

.PARAMETER Settings
A file of settings to put in place as agent.toml. An existing one is replaced. Without it, settings come from
group policy or Intune.

.PARAMETER Privileged
Also enters the helper that reads, daily and as SYSTEM, what no other account may read. Without this switch it is
struck out.

.PARAMETER Log
File of the log; without it among the logs of Intune, or in the folder Temp of Windows.

.EXAMPLE
.\install.ps1 -PythonSha256 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef -Settings agent.toml
#>
[CmdletBinding()]
param(
    [string]$PythonZip = '',
    [Parameter(Mandatory = $true)][ValidatePattern('^[0-9A-Fa-f]{64}$')][string]$PythonSha256,
    [string]$Settings = '',
    [switch]$Privileged,
    [string]$Log = ''
)

. (Join-Path $PSScriptRoot 'common.ps1')
Start-Log -Path $Log -Name 'install'
Assert-Administrator

$new = "$Target.new"
$old = "$Target.old"

# Nothing of a bundle is used before every file of it is what it was when the bundle was made.
function Assert-Bundle {
    foreach ($line in Get-Content -LiteralPath (Join-Path $PSScriptRoot 'SHA256SUMS') -Encoding UTF8) {
        $sum, $name = $line -split '  ', 2
        $file = Join-Path $PSScriptRoot $name
        if (-not (Test-Path -LiteralPath $file)) { Stop-Script -Code $WrongCall -Text "$name is missing." }
        if ((Get-FileHash -LiteralPath $file -Algorithm SHA256).Hash -ne $sum) {
            Stop-Script -Code $WrongCall -Text "$name is not the file that belongs to this bundle."
        }
    }
}

function Get-PythonZip {
    param([Parameter(Mandatory = $true)]$Bundle)
    $zip = $PythonZip
    if (-not $zip) {
        $beside = @(Get-ChildItem -LiteralPath $PSScriptRoot -Filter "python-$($Bundle.python).*-embed-$($Bundle.architecture).zip")
        if ($beside.Count -ne 1) {
            Stop-Script -Code $WrongCall -Text "Put one python-$($Bundle.python).x-embed-$($Bundle.architecture).zip of python.org beside install.ps1."
        }
        $zip = $beside[0].FullName
    }
    if (-not (Test-Path -LiteralPath $zip)) { Stop-Script -Code $WrongCall -Text "$zip is missing." }
    if ((Get-FileHash -LiteralPath $zip -Algorithm SHA256).Hash -ne $PythonSha256) {
        Stop-Script -Code $WrongCall -Text "$zip does not have the checksum given by -PythonSha256."
    }
    return $zip
}

# Lays out the new version beside the old one.
function Expand-Agent {
    param([Parameter(Mandatory = $true)][string]$Zip)
    Add-Type -AssemblyName System.IO.Compression.FileSystem
    if (Test-Path -LiteralPath $new) { Remove-Item -LiteralPath $new -Recurse -Force }
    $python = Join-Path $new 'python'
    $app = Join-Path $new 'app'
    [IO.Compression.ZipFile]::ExtractToDirectory($Zip, $python)
    foreach ($wheel in Get-ChildItem -LiteralPath (Join-Path $PSScriptRoot 'wheels') -Filter '*.whl') {
        [IO.Compression.ZipFile]::ExtractToDirectory($wheel.FullName, $app)
    }
    $signature = Get-AuthenticodeSignature -LiteralPath (Join-Path $python 'python.exe')
    if ($signature.Status -ne 'Valid' -or $signature.SignerCertificate.Subject -notlike '*Python Software Foundation*') {
        Remove-Item -LiteralPath $new -Recurse -Force
        Stop-Script -Code $WrongCall -Text 'python.exe does not bear the signature of the Python Software Foundation.'
    }
    # With this file Python reads neither environment nor registry, and nothing outside these folders.
    $paths = @(Get-ChildItem -LiteralPath $python -Filter 'python3*._pth')[0]
    $library = @(Get-ChildItem -LiteralPath $python -Filter 'python3*.zip')[0]
    Set-Content -LiteralPath $paths.FullName -Value @($library.Name, '.', '..\app') -Encoding ASCII
    foreach ($command in $bundle.commands) {
        $call = '@"%~dp0python\python.exe" -m {0} %*' -f $command.module
        Set-Content -LiteralPath (Join-Path $new "$($command.name).cmd") -Value $call -Encoding ASCII
    }
    foreach ($name in @('uninstall.ps1', 'common.ps1', 'bundle.json', 'sbom.cdx.json', 'LICENSE', 'agent.toml.sample')) {
        Copy-Item -LiteralPath (Join-Path $PSScriptRoot $name) -Destination $new
    }
}

# Tries the new version before the old one is touched. Also compiles it: the service may not write here.
function Test-Agent {
    $python = Join-Path $new 'python\python.exe'
    $code = Invoke-Program -Path $python -Arguments @('-m', 'compileall', '-q', '--invalidation-mode', 'unchecked-hash', (Join-Path $new 'app'))
    if ($code -ne 0) { Write-Log -Text "compiling ended with code $code; the agent starts more slowly" }
    $trial = Join-Path $new 'trial'
    $code = Invoke-Program -Path $python -Arguments @('-m', 'fernbereit_agent', 'once', '--print', '--data', $trial) -Quiet
    if (Test-Path -LiteralPath $trial) { Remove-Item -LiteralPath $trial -Recurse -Force }
    if ($code -ne 0) {
        Remove-Item -LiteralPath $new -Recurse -Force
        Stop-Script -Code $Failed -Text "The new version does not run here: once --print ended with code $code."
    }
}

# Grants rights on a folder and takes what it inherits.
function Set-Rights {
    param([Parameter(Mandatory = $true)][string]$Path, [Parameter(Mandatory = $true)][string[]]$Grants)
    $code = Invoke-Program -Path (Join-Path $env:SystemRoot 'System32\icacls.exe') -Arguments (@($Path, '/inheritance:r', '/grant:r') + $Grants)
    if ($code -ne 0) { throw "icacls ended with code $code for $Path" }
}

# The service alone writes; whoever works here may walk through, read what was sent last, and leave a request.
function Set-DataFolder {
    $owner = Join-Path $Data 'owner'
    $requests = Join-Path $owner 'requests'
    foreach ($folder in @($Data, $owner, $requests)) {
        New-Item -ItemType Directory -Path $folder -Force | Out-Null
    }
    $keepers = @("*${System}:(OI)(CI)F", "*${Administrators}:(OI)(CI)F", "*${ServiceSid}:(OI)(CI)M")
    Set-Rights -Path $Data -Grants ($keepers + "*${Users}:(X,RA,S)")
    Set-Rights -Path $owner -Grants ($keepers + "*${Users}:(OI)(CI)RX")
    Set-Rights -Path $requests -Grants ($keepers + @("*${Users}:(WD,X,RA,S)", "*${CreatorOwner}:(OI)(IO)M"))
    if ($Settings) {
        Copy-Item -LiteralPath $Settings -Destination (Join-Path $Data 'agent.toml') -Force
        Write-Log -Text 'agent.toml is in place'
    }
}

function Set-Entries {
    param([Parameter(Mandatory = $true)]$Bundle)
    New-Item -Path $EventKey -Force | Out-Null
    $messages = '%SystemRoot%\System32\EventCreate.exe'
    New-ItemProperty -Path $EventKey -Name 'EventMessageFile' -PropertyType ExpandString -Value $messages -Force | Out-Null
    New-ItemProperty -Path $EventKey -Name 'TypesSupported' -PropertyType DWord -Value 7 -Force | Out-Null

    $shell = New-Object -ComObject WScript.Shell
    $link = $shell.CreateShortcut($Shortcut)
    $link.TargetPath = Join-Path $Target 'python\pythonw.exe'
    $link.Arguments = '-m fernbereit_agent self-check --html --open'
    $link.WorkingDirectory = $Target
    $link.Description = 'Kann ich morgen von zu Hause arbeiten?'
    $link.Save()

    $uninstall = 'powershell.exe -NoProfile -ExecutionPolicy Bypass -File "{0}"' -f (Join-Path $Target 'uninstall.ps1')
    New-Item -Path $UninstallKey -Force | Out-Null
    $texts = @{
        DisplayName          = 'Fernbereit Agent'
        DisplayVersion       = $Bundle.version
        Publisher            = 'Fernbereit'
        InstallLocation      = $Target
        UninstallString      = $uninstall
        QuietUninstallString = $uninstall
    }
    foreach ($name in $texts.Keys) {
        New-ItemProperty -Path $UninstallKey -Name $name -PropertyType String -Value $texts[$name] -Force | Out-Null
    }
    foreach ($name in @('NoModify', 'NoRepair')) {
        New-ItemProperty -Path $UninstallKey -Name $name -PropertyType DWord -Value 1 -Force | Out-Null
    }
}

# The helper has no arguments and speaks with nobody; on battery it waits.
function Set-PrivilegedTask {
    Unregister-ScheduledTask -TaskName $PrivilegedTask -Confirm:$false -ErrorAction SilentlyContinue
    if (-not $Privileged) { return }
    $action = New-ScheduledTaskAction -Execute (Join-Path $Target 'python\pythonw.exe') -Argument '-m fernbereit_agent.privileged'
    $trigger = New-ScheduledTaskTrigger -Daily -At '12:00' -RandomDelay (New-TimeSpan -Hours 4)
    $principal = New-ScheduledTaskPrincipal -UserId $System -LogonType ServiceAccount -RunLevel Highest
    $limits = New-ScheduledTaskSettingsSet -StartWhenAvailable -ExecutionTimeLimit (New-TimeSpan -Minutes 5)
    Register-ScheduledTask -TaskName $PrivilegedTask -Action $action -Trigger $trigger -Principal $principal -Settings $limits | Out-Null
    Start-ScheduledTask -TaskName $PrivilegedTask
}

# Enters the service and starts it. Returns the code to end with: wrong settings are no reason to go back.
function Start-Agent {
    $code = Invoke-Program -Path (Join-Path $Target 'python\python.exe') -Arguments @('-m', 'fernbereit_agent', 'service', 'install')
    if ($code -ne 0) { throw "the service could not be entered (code $code)" }
    Set-DataFolder
    try {
        Start-Service -Name $ServiceName
        (Get-Service -Name $ServiceName).WaitForStatus('Running', [TimeSpan]::FromSeconds(90))
        return $Done
    } catch {
        $service = Get-CimInstance -ClassName Win32_Service -Filter "Name='$ServiceName'"
        if ($service.State -eq 'Stopped' -and $service.ServiceSpecificExitCode -eq 2) { return $WrongSettings }
        throw
    }
}

# Puts the old version back, if there was one.
function Undo-Exchange {
    Stop-Agent
    if (Test-Path -LiteralPath $old) {
        if (Test-Path -LiteralPath $Target) { Remove-Item -LiteralPath $Target -Recurse -Force }
        Rename-Item -LiteralPath $old -NewName (Split-Path -Leaf $Target)
        Invoke-Program -Path (Join-Path $Target 'python\python.exe') -Arguments @('-m', 'fernbereit_agent', 'service', 'install') | Out-Null
        Start-Service -Name $ServiceName
        Write-Log -Text 'the version from before is in place again'
    } elseif (Test-Path -LiteralPath $Target) {
        Invoke-Program -Path (Join-Path $Target 'python\python.exe') -Arguments @('-m', 'fernbereit_agent', 'service', 'remove') | Out-Null
        Remove-Item -LiteralPath $Target -Recurse -Force
    }
}

$bundle = Get-Content -LiteralPath (Join-Path $PSScriptRoot 'bundle.json') -Raw -Encoding UTF8 | ConvertFrom-Json
Write-Log -Text "Fernbereit Agent $($bundle.version) for $($bundle.architecture)"
Assert-Bundle
if ($Settings -and -not (Test-Path -LiteralPath $Settings)) { Stop-Script -Code $WrongCall -Text "$Settings is missing." }
$zip = Get-PythonZip -Bundle $bundle

try {
    Expand-Agent -Zip $zip
    Test-Agent
    Stop-Agent
    if (Test-Path -LiteralPath $old) { Remove-Item -LiteralPath $old -Recurse -Force }
    if (Test-Path -LiteralPath $Target) {
        try {
            Rename-Item -LiteralPath $Target -NewName (Split-Path -Leaf $old)
        } catch {
            Remove-Item -LiteralPath $new -Recurse -Force
            Start-Service -Name $ServiceName -ErrorAction SilentlyContinue
            Stop-Script -Code $InUse -Text "Files of the installed version are in use: $($_.Exception.Message)"
        }
    }
    Rename-Item -LiteralPath $new -NewName (Split-Path -Leaf $Target)
} catch {
    Stop-Script -Code $Failed -Text "$($_.Exception.Message)"
}

try {
    $ended = Start-Agent
    Set-Entries -Bundle $bundle
    Set-PrivilegedTask
} catch {
    Write-Log -Text "$($_.Exception.Message)"
    Undo-Exchange
    Stop-Script -Code $Failed -Text 'The new version could not be started.'
}

if (Test-Path -LiteralPath $old) { Remove-Item -LiteralPath $old -Recurse -Force -ErrorAction SilentlyContinue }
if ($ended -eq $WrongSettings) {
    Stop-Script -Code $WrongSettings -Text 'Installed, but the service ended because of its settings; see the event log.'
}
Stop-Script -Code $Done -Text 'Installed and running.'
