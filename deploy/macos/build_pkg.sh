#!/bin/sh
# Makes the installer package of macOS from the frozen agent (make freeze). Runs on a Mac; with --layout DIR it only
# lays out what the package would hold, anywhere.
#
#   build_pkg.sh [--frozen DIR] [--out DIR] [--sign-app NAME] [--sign-installer NAME] [--notary PROFILE]
#
# Without --sign-app the package is not signed: fit for a test, refused by every other Mac. PROFILE is what
# `xcrun notarytool store-credentials` keeps. Exit codes: 0 done, 1 failed, 2 wrong call.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
frozen="$root/dist/fernbereit-agent"
out="$root/dist"
layout=""
app_identity=""
installer_identity=""
notary=""
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || { echo "$1 needs a value" >&2; exit 2; }
    case "$1" in
    --frozen) frozen=$2 ;;
    --out) out=$2 ;;
    --layout) layout=$2 ;;
    --sign-app) app_identity=$2 ;;
    --sign-installer) installer_identity=$2 ;;
    --notary) notary=$2 ;;
    *) echo "unknown: $1" >&2; exit 2 ;;
    esac
    shift 2
done

label=de.fernbereit.agent
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$root/agent/fernbereit/__init__.py")
[ -n "$version" ] || { echo "the version was not found" >&2; exit 1; }
[ -x "$frozen/fernbereit-agent" ] || { echo "$frozen holds no frozen agent: run make freeze" >&2; exit 2; }

lay_out() { # lay_out DIR: what the package unpacks
    mkdir -p "$1/Library/Fernbereit" "$1/Library/LaunchDaemons"
    contents="$1/Applications/Homeoffice-Check.app/Contents"
    mkdir -p "$contents/MacOS"
    cp -R "$frozen" "$1/Library/Fernbereit/agent"
    cp "$here/$label.plist" "$here/$label.privileged.plist" "$1/Library/LaunchDaemons/"
    sed "s/@VERSION@/$version/" "$here/app/Info.plist" >"$contents/Info.plist"
    cp "$here/app/Homeoffice-Check" "$contents/MacOS/Homeoffice-Check"
    cp "$here/uninstall.sh" "$root/deploy/agent.toml" "$root/LICENSE" "$1/Library/Fernbereit/"
    mv "$1/Library/Fernbereit/agent.toml" "$1/Library/Fernbereit/agent.toml.sample"
    chmod -R u+rwX,go+rX,go-w "$1"
    chmod 0755 "$contents/MacOS/Homeoffice-Check" "$1/Library/Fernbereit/uninstall.sh"
    chmod 0644 "$1/Library/LaunchDaemons/"*
}

if [ -n "$layout" ]; then
    lay_out "$layout"
    exit 0
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
lay_out "$scratch/root"
plutil -lint "$scratch/root/Library/LaunchDaemons/$label.plist" \
    "$scratch/root/Library/LaunchDaemons/$label.privileged.plist" \
    "$scratch/root/Applications/Homeoffice-Check.app/Contents/Info.plist"

if [ -n "$app_identity" ]; then
    # From the inside out: libraries first, then the programs, then the bundle.
    find "$scratch/root/Library/Fernbereit/agent" -type f \( -name '*.so' -o -name '*.dylib' -o -perm -u+x \) -print0 |
        xargs -0 -n 1 codesign --force --timestamp --options runtime --sign "$app_identity"
    codesign --force --timestamp --options runtime --sign "$app_identity" \
        "$scratch/root/Applications/Homeoffice-Check.app"
fi

mkdir -p "$out"
package="$out/fernbereit-agent-$version-macos-$(uname -m).pkg"
pkgbuild --root "$scratch/root" --scripts "$here/scripts" --identifier "$label" --version "$version" \
    --ownership recommended --install-location / "$scratch/agent.pkg"
sed -e "s/@VERSION@/$version/g" -e "s/@ARCHITECTURE@/$(uname -m)/g" "$here/distribution.xml" >"$scratch/distribution.xml"
set -- --distribution "$scratch/distribution.xml" --package-path "$scratch"
[ -z "$installer_identity" ] || set -- "$@" --sign "$installer_identity" --timestamp
productbuild "$@" "$package"

if [ -n "$notary" ]; then
    xcrun notarytool submit "$package" --keychain-profile "$notary" --wait
    xcrun stapler staple "$package"
    spctl --assess --type install --verbose "$package"
fi
echo "$package"
