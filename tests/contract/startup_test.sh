#!/bin/bash
# startup_test.sh - gend starts whatever its plugins do: those that hang when they are loaded are refused, and
# those that pass their trial and then crash or hang in gend end it once and not at every start.
# usage: startup_test.sh BUILD POLICIES
set -euo pipefail
export LC_ALL=C.UTF-8
build=$1
policies=$2
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null; rm -rf "$work"' EXIT
failed=0
plugins=$build/lib/contract
mkdir "$work/plugins"
cp "$plugins"/naughty/naughty{9,10,20}.so "$plugins/wayward/wayward.so" "$work/plugins"
mkfifo "$work/plugins/pipe.so"

# start DEED: gend with a wayward that does this in its health check, which comes right after the start.
start()
{
    printf 'listen: none\nproviders:\n  wayward:\n    settings: {where: health, deed: %s}\n' "$1" >"$work/gend.yaml"
    "$build/bin/gend" --config "$work/gend.yaml" --state "$work/state" --socket "$work/s" \
        --plugins "$work/plugins" --policies "$policies" >"$work/log" 2>&1 &
    pid=$!
}

# says PATTERN: waits until the log has it, or gend is gone.
says()
{
    local i
    for ((i = 0; i < 1200; i++)); do
        ! grep -qE -- "$1" "$work/log" || return 0
        [ -d "/proc/$pid" ] || break
        sleep 0.1
    done
    grep -qE -- "$1" "$work/log" || { echo "the log has not: $1"; cut -c1-400 "$work/log"; failed=1; }
}

ends() # of itself, by a signal or as the sanitizer ends it
{
    local code=0
    wait "$pid" || code=$?
    pid=
    [ "$code" != 0 ] || { echo "gend came to a good end, $1"; failed=1; }
}

stops()
{
    kill "$pid"
    wait "$pid" || { echo "gend did not stop in order, $1"; failed=1; }
    pid=
}

for deed in crash hang; do
    start "$deed"
    says 'msg=ready'
    for number in 9 20; do
        says "naughty$number.so reason=\"in its trial \\(load\\): it does not come to an end"
    done
    says 'naughty10.so reason="in its trial \(load\): it crashes'
    says 'pipe.so reason="is a special file'
    ends "$deed"
    start "$deed"
    says 'wayward.so reason="is in quarantine: gend (crashed in it|did not come back from it within 5 s) \(health'
    says 'msg=ready'
    stops "$deed"
    # Lifted, and with settings that do nothing, it works.
    rm "$work/state/plugins.calls"
    start nothing
    says 'loaded a plugin.*wayward.so'
    says 'msg=ready'
    stops "$deed"
done
exit "$failed"
