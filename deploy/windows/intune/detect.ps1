# Detection script for Intune: this version is installed and its service is entered to start by itself.
# Detected means: exit code 0 and something printed. Run as a 64-bit script.
$ErrorActionPreference = 'SilentlyContinue'
$wanted = '@VERSION@'
$key = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\Fernbereit Agent'
$found = (Get-ItemProperty -LiteralPath $key).DisplayVersion
$service = Get-Service -Name 'FernbereitAgent'
if ($found -eq $wanted -and $service -and $service.StartType -eq 'Automatic') {
    Write-Output "Fernbereit Agent $found"
    exit 0
}
exit 1
