# Names, places and small tools that install.ps1 and uninstall.ps1 share. Windows PowerShell 5.1 and later.

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$ServiceName = 'FernbereitAgent'
# The account of the service as a security identifier: the same on every computer and in every language,
# computed from the name of the service (compare: sc.exe showsid FernbereitAgent).
$ServiceSid = 'S-1-5-80-1307130919-2943929115-596365299-1191430782-3016866611'
$System = 'S-1-5-18'
$Administrators = 'S-1-5-32-544'
$Users = 'S-1-5-32-545'
$CreatorOwner = 'S-1-3-0'

$Target = Join-Path $env:ProgramW6432 'Fernbereit Agent'
$Data = Join-Path $env:ProgramData 'Fernbereit'
$Shortcut = Join-Path $env:ProgramData 'Microsoft\Windows\Start Menu\Programs\Homeoffice-Check.lnk'
$UninstallKey = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\Fernbereit Agent'
$PrivilegedTask = 'Fernbereit Agent Privileged'
$EventKey = 'HKLM:\SYSTEM\CurrentControlSet\Services\EventLog\Application\FernbereitAgent'

# Exit codes, as Intune and opsi read them.
$Done = 0
$Failed = 1
$WrongCall = 2
$WrongSettings = 3
$InUse = 1618

function Write-Log {
    param([Parameter(Mandatory = $true)][string]$Text)
    $line = '{0:yyyy-MM-dd HH:mm:ss} {1}' -f (Get-Date), $Text
    [Console]::WriteLine($line)
    Add-Content -LiteralPath $script:LogFile -Value $line -Encoding UTF8
}

function Start-Log {
    param([string]$Path, [Parameter(Mandatory = $true)][string]$Name)
    if (-not $Path) {
        $folder = Join-Path $env:ProgramData 'Microsoft\IntuneManagementExtension\Logs'
        if (-not (Test-Path -LiteralPath $folder)) { $folder = Join-Path $env:SystemRoot 'Temp' }
        $Path = Join-Path $folder "Fernbereit-$Name.log"
    }
    $script:LogFile = $Path
}

# Stops with a message and an exit code; the message stands in the log.
function Stop-Script {
    param([Parameter(Mandatory = $true)][int]$Code, [Parameter(Mandatory = $true)][string]$Text)
    Write-Log -Text "$Text (exit code $Code)"
    exit $Code
}

# Runs a program and returns its exit code; what it prints goes to the log, unless it is quiet.
function Invoke-Program {
    param([Parameter(Mandatory = $true)][string]$Path, [string[]]$Arguments = @(), [switch]$Quiet)
    $before = $ErrorActionPreference
    $ErrorActionPreference = 'Continue'
    $told = & $Path @Arguments 2>&1
    $code = $LASTEXITCODE
    $ErrorActionPreference = $before
    if ($Quiet) { return $code }
    foreach ($line in $told) { Write-Log -Text "  $line" }
    return $code
}

function Assert-Administrator {
    if (-not [Environment]::Is64BitProcess) {
        Stop-Script -Code $WrongCall -Text 'Call the 64-bit PowerShell: %SystemRoot%\Sysnative\WindowsPowerShell\v1.0\powershell.exe'
    }
    $identity = New-Object Security.Principal.WindowsPrincipal ([Security.Principal.WindowsIdentity]::GetCurrent())
    if (-not $identity.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
        Stop-Script -Code $WrongCall -Text 'Run this as administrator or as SYSTEM.'
    }
}

# Stops the service if there is one, and waits until it has ended.
function Stop-Agent {
    $service = Get-Service -Name $ServiceName -ErrorAction SilentlyContinue
    if ($service -and $service.Status -ne 'Stopped') {
        Stop-Service -Name $ServiceName -Force
        $service.WaitForStatus('Stopped', [TimeSpan]::FromSeconds(60))
    }
}
