#!/bin/sh
# Removes the agent. Settings, identity and what was not sent yet stay, unless --purge is given: a laptop that is
# installed anew is then still the same laptop. May be repeated. Exit codes: 0 done, 1 failed, 2 wrong call.
set -eu

label=de.fernbereit.agent
account=_fernbereit
purge=no
case "${1-}" in
"") ;;
--purge) purge=yes ;;
*) echo "uninstall.sh [--purge]" >&2; exit 2 ;;
esac
[ "$(id -u)" = 0 ] || { echo "run this as root: sudo $0" >&2; exit 2; }

for daemon in "$label" "$label.privileged"; do
    launchctl bootout "system/$daemon" 2>/dev/null || true
    rm -f "/Library/LaunchDaemons/$daemon.plist"
done
rm -rf "/Library/Application Support/Fernbereit Privileged"
rm -f /usr/local/bin/fernbereit-agent
rm -rf "/Applications/Homeoffice-Check.app" /Library/Logs/Fernbereit
if [ "$purge" = yes ]; then
    rm -rf "/Library/Application Support/Fernbereit"
    dscl . -delete "/Users/$account" 2>/dev/null || true
    dscl . -delete "/Groups/$account" 2>/dev/null || true
fi
pkgutil --forget "$label" >/dev/null 2>&1 || true
rm -rf /Library/Fernbereit
echo "Fernbereit Agent was removed."
