#!/bin/bash
# bench.sh - measures a release build with the programs of tests/bench and prints their numbers.
# Numbers are for people: no test passes or fails on them.
set -euo pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.."

if [ "${1:-}" = --help ]; then
    cat <<'END'
usage: packaging/bench.sh [NAME...]

Builds build/release and runs each tests/bench/NAME.sh (all, when none is named) with the
build folder as its only argument. Each prints its numbers, one a line: name, value, unit.
END
    exit 0
fi

packaging/deps.sh build run test
. packaging/build/configure.sh
configure release
cmake --build build/release

if [ $# = 0 ]; then
    for bench in tests/bench/*.sh; do
        [ -e "$bench" ] || { echo 'bench: there is nothing in tests/bench'; exit 1; }
        name=${bench##*/}
        set -- "$@" "${name%.sh}"
    done
fi
printf '%s, %s cores, %s, commit %s\n' "$(uname -srm)" "$(nproc)" \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" \
    "$(git rev-parse --short HEAD 2>/dev/null || echo unknown)"
for name in "$@"; do
    printf '\n== %s\n' "$name"
    "tests/bench/$name.sh" "$PWD/build/release"
done
