#!/usr/bin/env bash
# Finds what the tests of the HTML report need, and installs what is missing where the platform has it: Chromium with
# its ChromeDriver (Debian's packages, as root) and axe-core (npm). What was found goes to installed.env beside this
# script; tests/build.rs reads it. Without it those tests are ignored, with their reason. Exits 0 either way.
set -uo pipefail
cd "$(dirname "$0")"

missing() { printf 'browser tests will be skipped: %s\n' "$1" >&2; rm -f installed.env; exit 0; }

find_browser() {
    chromedriver=$(command -v chromedriver) || return 1
    for name in chromium chromium-browser google-chrome; do
        chromium=$(command -v "$name") && return 0
    done
    return 1
}

if ! find_browser; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium chromium-driver >/dev/null \
            || missing 'apt-get could not install chromium and chromium-driver'
    fi
    find_browser || missing 'chromium and chromedriver are not on PATH; install both and run tests/browser/install.sh again'
fi

axe=node_modules/axe-core/axe.min.js
if ! [ -s "$axe" ]; then
    command -v npm >/dev/null || missing 'npm, which brings axe-core, is not on PATH'
    npm install --no-audit --no-fund --no-package-lock --silent >/dev/null || missing 'npm could not install axe-core'
fi

printf 'CHROMIUM=%s\nCHROMEDRIVER=%s\nAXE=%s\n' "$chromium" "$chromedriver" "$PWD/$axe" > installed.env
printf 'browser tests will run with %s\n' "$("$chromium" --version 2>/dev/null || echo "$chromium")" >&2
