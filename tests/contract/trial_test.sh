#!/bin/bash
# trial_test.sh - what gen-trial finds in plugins that misbehave, and that it finds nothing in good ones.
# usage: trial_test.sh BIN PLUGINS (the folder of naughty/)
set -euo pipefail
export LC_ALL=C.UTF-8
bin=$1
plugins=$2
failed=0

# expect NUMBER EXIT WHERE MESSAGE: of tests/contract/plugins/naughty.c; WHERE and MESSAGE are patterns.
expect()
{
    local said code=0
    said=$("$bin/gen-trial" --seconds 60 --quick "$plugins/naughty/naughty$1.so") || code=$?
    if [ "$code" != "$2" ] || ! grep -qE "\"where\": \"$3" <<<"$said" ||
        ! grep -qE "\"message\": \"$4" <<<"$said"; then
        printf 'naughty%s: exit code %s, expected %s and %s at %s:\n%s\n' "$1" "$code" "$2" "$4" "$3" \
            "$said"
        failed=1
    fi
}

said=$("$bin/gen-trial" "$plugins/naughty/naughty0.so")
grep -q '"verdict": "fits"' <<<"$said" && grep -q '"id": "naughty"' <<<"$said" ||
    { echo "the honest plugin is refused: $said"; failed=1; }

expect 1 1 'submit of m' 'it asks for the time'
expect 2 1 'poll of m' 'it does I/O of its own: opens a socket'
expect 3 1 'format of m' '(it does I/O of its own|it starts a thread)'
expect 4 1 'submit of m' 'it keeps state between calls: it writes to the static variable at'
expect 5 1 'cost of m' 'it does I/O of its own: opens a file'
expect 6 1 'submit of m' '[0-9]+ bytes stay allocated'
expect 7 1 'fetch of m .*an empty list' 'it crashes'
expect 8 1 'poll of m' 'it does not come to an end'
expect 9 1 'load' 'it does not come to an end'
expect 10 1 'load' 'it crashes'
expect 11 1 'load' 'it ends the process'
expect 12 1 'submit of m' 'the same answer leads to two different steps'
expect 13 1 'submit of m' 'it asks for a second paid request'
expect 14 1 'format of m' 'it says that 640x360 will come back'
expect 15 1 'load' 'it (starts a thread|does I/O)'
expect 16 1 'poll of m' 'it does I/O of its own: sleeps'
expect 17 1 'configure' 'it does I/O of its own: opens a file'
expect 18 1 'submit of m' 'it looks into the environment'
expect 19 1 'format of m' 'of the 5000 ms that its capabilities list it makes 4000'
expect 20 1 'load' 'it does not come to an end: it waits for something'
expect 21 1 'load' 'it looks into the environment'
expect 22 1 'load' 'it looks into the environment'
expect 23 1 'format of m .nothing but a headline' '[0-9]+ bytes stay allocated'
expect 24 1 'poll of m' 'it asks for one request after the other without an end'
expect 25 1 'poll of m' 'the same answer leads to two different steps'
expect 26 1 'fetch of m' 'it asks for the time'

# Use.
code=0
"$bin/gen-trial" >/dev/null 2>&1 || code=$?
[ "$code" = 2 ] || { echo "without a plugin: exit code $code"; failed=1; }
code=0
said=$("$bin/gen-trial" /nowhere.so) || code=$?
[ "$code" = 1 ] && grep -q 'message' <<<"$said" || { echo "a missing file: $code $said"; failed=1; }
exit "$failed"
