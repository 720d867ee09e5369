<#
.SYNOPSIS
Removes the Fernbereit agent from this computer.

.DESCRIPTION
May be repeated. Settings and outbox are kept unless -Purge is given: a laptop that is installed anew is then
still the same laptop. Exit codes: 0 done, 1 failed, 2 wrong call, 1618 files are in use.

.PARAMETER Purge
Also removes settings, outbox and the identity of this laptop.

.PARAMETER Log
File of the log; without it among the logs of Intune, or in the folder Temp of Windows.
#>
[CmdletBinding()]
param(
    [switch]$Purge,
    [string]$Log = ''
)

. (Join-Path $PSScriptRoot 'common.ps1')
Start-Log -Path $Log -Name 'uninstall'
Assert-Administrator

try {
    Stop-Agent
    $python = Join-Path $Target 'python\python.exe'
    if (Test-Path -LiteralPath $python) {
        $code = Invoke-Program -Path $python -Arguments @('-m', 'fernbereit_agent', 'service', 'remove')
        if ($code -ne 0) { throw "the service could not be removed (code $code)" }
    } elseif (Get-Service -Name $ServiceName -ErrorAction SilentlyContinue) {
        $code = Invoke-Program -Path (Join-Path $env:SystemRoot 'System32\sc.exe') -Arguments @('delete', $ServiceName)
        if ($code -ne 0) { throw "the service could not be removed (code $code)" }
    }
    Unregister-ScheduledTask -TaskName $PrivilegedTask -Confirm:$false -ErrorAction SilentlyContinue
    foreach ($place in @($Shortcut, $UninstallKey, $EventKey)) {
        if (Test-Path -LiteralPath $place) { Remove-Item -LiteralPath $place -Recurse -Force }
    }
    $helper = Join-Path $env:ProgramData 'Fernbereit Privileged'
    if (Test-Path -LiteralPath $helper) { Remove-Item -LiteralPath $helper -Recurse -Force }
    if ($Purge -and (Test-Path -LiteralPath $Data)) { Remove-Item -LiteralPath $Data -Recurse -Force }
} catch {
    Stop-Script -Code $Failed -Text "$($_.Exception.Message)"
}

try {
    foreach ($folder in @("$Target.new", "$Target.old", $Target)) {
        if (Test-Path -LiteralPath $folder) { Remove-Item -LiteralPath $folder -Recurse -Force }
    }
} catch {
    Stop-Script -Code $InUse -Text "Files are in use: $($_.Exception.Message)"
}
Stop-Script -Code $Done -Text 'Removed.'
