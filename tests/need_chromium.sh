#!/bin/sh
# Makes sure that there is a Chromium for the browser tests: one that is here, else Debian's where it may be installed.
# The names are those that tests/browser.py looks for.
set -eu

present() {
    if [ -n "${JIZIHAO_CHROMIUM:-}" ]; then
        command -v "$JIZIHAO_CHROMIUM" >/dev/null
        return
    fi
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null && return
    done
    return 1
}

present && exit 0
if [ -z "${JIZIHAO_CHROMIUM:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium for the browser tests ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null && present && exit 0
fi
echo "The browser tests need Chromium: install it (Debian: apt-get install chromium), or name one in JIZIHAO_CHROMIUM" >&2
exit 1
