#!/bin/sh
# Makes sure that there is strace for the tests of durability, where it may be installed; they are skipped without it.
set -eu

command -v strace >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing strace for the tests of durability ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends strace >/dev/null \
        && command -v strace >/dev/null && exit 0
fi
echo "Without strace (Debian: apt-get install strace) no system call is made to fail: those tests are skipped." >&2
