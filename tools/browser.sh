#!/bin/sh
# Bring what the browser tests need: Chromium and fonts with Latin letters.  Installs Debian's packages when
# it may; otherwise says what is missing and goes on, for those tests skip without a browser.
set -eu
has_browser() { command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1; }
has_fonts() { command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list 2>/dev/null | head -n 1)" ]; }
if has_browser && has_fonts; then exit 0; fi

packages="chromium fontconfig fonts-dejavu-core"
if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then as_root=; elif sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root=none; fi
    if [ "$as_root" != none ]; then
        echo "Installing $packages ..." >&2
        $as_root apt-get update -qq </dev/null || true
        if DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $packages </dev/null >/dev/null; then
            exit 0
        fi
    fi
fi
echo "Missing for the browser tests: Chromium or fonts. They will be skipped." >&2
echo "On Debian or Ubuntu: sudo apt-get install $packages" >&2
