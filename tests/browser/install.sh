#!/usr/bin/env bash
# Finds what the tests of the HTML report need, and installs what is missing where the platform has it: Chromium with
# its ChromeDriver (Debian's packages, as root) and axe-core (npm). Chromium's headless shell is the same browser without
# its windows and takes half the time, so it is preferred. What was found goes to installed.env beside this script;
# tests/build.rs reads it. Without it those tests are ignored, with their reason. Exits 0 either way.
set -uo pipefail
cd "$(dirname "$0")"

missing() { printf 'browser tests will be skipped: %s\n' "$1" >&2; rm -f installed.env; exit 0; }

find_browser() {
    chromedriver=$(command -v chromedriver) || return 1
    version=$("$chromedriver" --version | grep -oE '[0-9]+' | head -1)
    for name in chromium-headless-shell chrome-headless-shell chromium chromium-browser google-chrome; do
        chromium=$(command -v "$name") && [[ $("$chromium" --version 2>/dev/null) == *" $version."* ]] && return 0
    done
    return 1
}

install() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1; }

if ! find_browser || [[ $chromium != *headless-shell ]]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq 2>/dev/null
        # Not every release has the shell.
        install chromium-headless-shell chromium-driver || find_browser || install chromium chromium-driver
    fi
    find_browser || missing 'no chromium and chromedriver of the same version are on PATH; install both and run tests/browser/install.sh again'
fi

axe=node_modules/axe-core/axe.min.js
if ! [ -s "$axe" ]; then
    command -v npm >/dev/null || missing 'npm, which brings axe-core, is not on PATH'
    npm install --no-audit --no-fund --no-package-lock --silent >/dev/null || missing 'npm could not install axe-core'
fi

printf 'CHROMIUM=%s\nCHROMEDRIVER=%s\nAXE=%s\n' "$chromium" "$chromedriver" "$PWD/$axe" > installed.env
printf 'browser tests will run with %s\n' "$("$chromium" --version 2>/dev/null || echo "$chromium")" >&2
