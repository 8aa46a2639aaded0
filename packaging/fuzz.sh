#!/bin/bash
# fuzz.sh - builds the fuzz targets with clang's libFuzzer and runs each for a while.
set -euo pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.."

if [ "${1:-}" = --help ] || ! [[ ${1:-5} =~ ^[0-9]+$ ]]; then
    cat <<'END'
usage: packaging/fuzz.sh [SECONDS [NAME...]]

Runs the fuzz targets of tests/fuzz (all, or those named) for SECONDS each (default 5). New inputs
that reach new code go to build/fuzz/found/NAME; an input that fails goes to build/fuzz/failed and
belongs into tests/fuzz/corpus/NAME together with the fix.
END
    [ "${1:-}" = --help ]
    exit
fi
seconds=${1:-5}
shift || true

. packaging/build/configure.sh
configure fuzz
cmake --build build/fuzz --target fuzz

if [ $# = 0 ]; then
    for source in tests/fuzz/*_fuzz.c; do
        [ -e "$source" ] || { echo 'fuzz: there are no fuzz targets'; exit 0; }
        name=${source##*/}
        set -- "$@" "${name%_fuzz.c}"
    done
fi
mkdir -p build/fuzz/failed
for name in "$@"; do
    mkdir -p "build/fuzz/found/$name"
    log=build/fuzz/$name.log
    dictionary=()
    [ ! -f "tests/fuzz/$name.dict" ] || dictionary=("-dict=tests/fuzz/$name.dict")
    if ! "build/fuzz/fuzz/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="build/fuzz/failed/$name-" "${dictionary[@]}" \
        "build/fuzz/found/$name" "tests/fuzz/corpus/$name" >"$log" 2>&1; then
        tail -n 60 "$log"
        echo "fuzz: $name failed; its input is in build/fuzz/failed, the whole log in $log"
        exit 1
    fi
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    echo "fuzz: $name: $runs inputs in $seconds s, nothing found"
done
