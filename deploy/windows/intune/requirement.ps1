# Requirement script for Intune: a 64-bit Windows 10 1809 or later. Prints True or False; compare as a
# Boolean with "equals True". Run as a 64-bit script.
$ErrorActionPreference = 'Stop'
$build = [int](Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion').CurrentBuild
Write-Output ([bool]([Environment]::Is64BitOperatingSystem -and $build -ge 17763))
exit 0
