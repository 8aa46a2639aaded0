#!/bin/bash
# hold.sh BUILD - what a hold costs the writer with 0, 3 and 6 limits, in microseconds, the disk left out: on an
# empty ledger, with 1,000 and 100,000 holds at once, and with a million entries behind it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$1
work=$(mktemp -d "${TMPDIR:-/tmp}/genbench.XXXXXX")
trap 'rm -rf "$work"' EXIT

${CC:-cc} -std=gnu11 -O2 -D_GNU_SOURCE -I"$root/core" -o "$work/hold" "$here/hold.c" \
    "$build/libgen_store.a" "$build/libgen_model.a" "$build/libgen_platform.a" "$build/libgen_base.a" \
    $(pkg-config --libs sqlite3 libuv jansson libsodium) -lm -pthread
for history in "0 0" "1000 0" "100000 0" "1000 500000"; do
    # shellcheck disable=SC2086
    "$work/hold" "$work" 2000 $history
    rm "$work"/hold.db*
done
