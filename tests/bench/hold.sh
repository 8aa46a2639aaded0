#!/bin/bash
# hold.sh BUILD - what a hold costs the writer with 0, 3 and 6 limits, in microseconds, the disk left out: on an
# empty ledger, and on one that grows to 80,000 jobs.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$1
work=$(mktemp -d "${TMPDIR:-/tmp}/genbench.XXXXXX")
trap 'rm -rf "$work"' EXIT

${CC:-cc} -std=gnu11 -O2 -D_GNU_SOURCE -I"$root/core" -o "$work/hold" "$here/hold.c" \
    "$build/libgen_store.a" "$build/libgen_model.a" "$build/libgen_platform.a" "$build/libgen_base.a" \
    $(pkg-config --libs sqlite3 libuv jansson libsodium) -lm -pthread
"$work/hold" "$work" 2000
rm "$work"/hold.db*
"$work/hold" "$work" 20000
