#!/bin/bash
# pipelines.sh BUILD [quick] - thousands of pipelines at once: jobs a second, processor time, memory, delays and what
# a kill -9 costs, next to a bare loop of curl and SQLite that does the same in the same run.
#
# A job: durable before it counts as taken, submit (on a fresh connection), poll every 250 ms for 2 s, fetch
# 64 KiB to a file, complete durably. The provider is pipelines/provider.c on loopback; the engine is the engine's
# libraries with the shipped policies but for their bounds on parallel work, and without video work
# (pipelines/no_media.c). Compare the lines of one run only: the machine is part of every number.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)/pipelines
root=$(cd "$here/../../.." && pwd)
build=$1
quick=${2:-}
work=$(mktemp -d "${TMPDIR:-/tmp}/genbench.XXXXXX")
provider='' engine=''
cleanup() {
    for pid in $provider $engine; do kill -9 "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
ulimit -n "$(ulimit -Hn)"

make_programs() {
    local cc="${CC:-cc} -std=gnu11 -O2 -D_GNU_SOURCE" libraries='' floor
    # shellcheck disable=SC2046,SC2086 # lists of options
    {
        for floor in engine decide policy store host expr model platform base; do
            libraries="$libraries $build/libgen_$floor.a"
        done
        $cc -o "$work/provider" "$here/provider.c"
        $cc -o "$work/loop" "$here/loop.c" $(pkg-config --cflags --libs libcurl sqlite3)
        $cc -DGEN_VERSION='"0.1.0"' -I"$root/core" -o "$work/engine" "$here/engine.c" "$here/no_media.c" \
            $libraries $(pkg-config --libs libuv libcurl libmicrohttpd jansson yaml-0.1 libsodium \
            libseccomp gnutls sqlite3) -lm -ldl -pthread
        mkdir "$work/plugins"
        sed 's/max_concurrent = 4,/max_concurrent = 100000,/' "$root/tests/contract/plugins/fake.c" \
            >"$work/fake.c"
        $cc -fPIC -shared -I"$root/sdk/include" -o "$work/plugins/fake.so" "$work/fake.c"
    }
    cp -R "$root/policies" "$work/policies"
    sed -i 's/^\( *parallel:\) [0-9][0-9]*.*/\1 100000/' "$work/policies/access.yaml"
    sed -i 's/^  \(organization\|provider\): [0-9][0-9]*.*/  \1: 100000/' "$work/policies/schedule.yaml"
}

start_provider() { # RENDER_MS POLL_MS
    "$work/provider" "$1" "$2" >"$work/port" &
    provider=$!
    poll=$2
    until [ -s "$work/port" ]; do sleep 0.01; done
    port=$(cat "$work/port")
}
stop_provider() {
    kill "$provider"
    wait "$provider" 2>/dev/null || true
    provider=''
    rm -f "$work/port"
}
books() { curl -sf "http://127.0.0.1:$port/stats"; }
run_engine() { # STATE JOBS CONCURRENCY: sets engine (its pid), its lines go to STATE.out
    mkdir -p "$work/$1"
    "$work/engine" "$work/$1" "$work/policies" "$work/plugins" "$port" "$poll" "$2" "$3" >>"$work/$1.out" &
    engine=$!
}
wait_engine() {
    wait "$engine" || { echo "the engine failed"; exit 1; }
    engine=''
}
seconds() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.3f", b - a}'; }
now() { awk '{print $1}' /proc/uptime; }

row() { # NAME COUNT WALL CPU PEAK_KB BOOKS
    jq -r --arg name "$1" --argjson n "$2" --argjson s "$3" --argjson cpu "$4" --argjson peak "$5" \
        '[$name, ($n / $s | round), ($cpu / $n * 1e6 | round), ($peak / 1024 * 10 | round / 10),
          .accepted.p99, .running.p99, .done.p99, .polls, .connections, .twice] | @tsv' <<<"$6" |
        awk -F '\t' '{printf "%-12s %7s %9s %8s %10s %9s %8s %8s %8s %6s\n", $1, $2, $3, $4, $5, $6, $7, $8, $9, $10}'
}

side_by_side() { # COUNT
    local kind line
    echo "-- $1 jobs, all at once"
    printf '%-12s %7s %9s %8s %10s %9s %8s %8s %8s %6s\n' '' jobs/s us/job peak_MB p99_taken p99_poll \
        p99_done polls connects twice
    for kind in bare synced; do
        start_provider 2000 250
        mkdir -p "$work/$kind/files"
        line=$("$work/loop" "$work/$kind" "$port" 250 "$1" "$1" $kind)
        row "loop, $kind" "$1" "$(jq .s <<<"$line")" "$(jq .cpu <<<"$line")" "$(jq .peak <<<"$line")" "$(books)"
        [ $kind = synced ] || echo "$line" >"$work/line"
        stop_provider
        rm -rf "${work:?}/$kind"
    done
    start_provider 2000 250
    run_engine "run$1" "$1" "$1"
    wait_engine
    line=$(tail -n 1 "$work/run$1.out")
    row engine "$1" "$(jq .s <<<"$line")" "$(jq .cpu <<<"$line")" "$(jq .peak <<<"$line")" "$(books)"
    jq -rn --slurpfile loop "$work/line" --slurpfile all "$work/run$1.out" '
        ($all | map(select(.stage == "over"))[0]) as $engine |
        ($all | map(select(.stage == "admitted"))[0]) as $admitted |
        "engine / loop, bare: cpu \($engine.cpu / $loop[0].cpu * 100 | round / 100), throughput \($loop[0].s /
        $engine.s * 100 | round / 100); until all were admitted: \($admitted.s * 1000 | round) ms, \($admitted.cpu * 1000 | round) ms of cpu"' |
        tr -s ' \n' ' '
    echo
    stop_provider
    rm -rf "$work/run$1"
}

# kill -9 in the middle, and what is left of it.
killed() { # COUNT
    local kill_at first
    echo "-- kill -9 with $1 in flight"
    start_provider 2000 250
    run_engine killed "$1" "$1"
    until [ "$(books | jq .sold)" -ge "$(($1 / 2))" ]; do sleep 0.02; done
    kill -9 "$engine"
    wait "$engine" 2>/dev/null || true
    kill_at=$(now)
    curl -sf "http://127.0.0.1:$port/mark" >/dev/null
    run_engine killed 0 0
    wait_engine
    books >"$work/books"
    first=$(jq .firstPoll "$work/books")
    echo "sold $(jq .sold "$work/books"), sold twice $(jq .twice "$work/books"), fetched after the restart $(jq .fetched \
        "$work/books"), from the kill to the next poll $(seconds "$kill_at" "$first") s, $(
        jq -s 'map(select(.stage == "over"))[0].open' "$work/killed.out") left open"
    stop_provider
    rm -rf "$work/killed"
}

# Many that only wait: what one weighs, and how long a restart takes.
waiting() { # COUNT
    local up anon began
    echo "-- $1 open pipelines that wait for their provider"
    start_provider 3600000 10000
    run_engine waiting "$1" "$1"
    until [ "$(books | jq .polled)" -ge "$1" ]; do sleep 0.2; done
    sleep 1
    up=$(jq -s '.[0].anon' "$work/waiting.out")
    anon=$(awk '$1 == "RssAnon:" {print $2}' "/proc/$engine/status")
    echo "one weighs $(((anon - up) * 1024 / $1)) bytes; all of the process $((anon / 1024)) MB"
    kill -9 "$engine"
    wait "$engine" 2>/dev/null || true
    curl -sf "http://127.0.0.1:$port/mark" >/dev/null
    : >"$work/waiting.out"
    began=$(now)
    run_engine waiting 0 0
    until [ "$(books | jq .polled)" -ge "$1" ]; do sleep 0.1; done
    books >"$work/books"
    echo "after kill -9: first poll $(seconds "$began" "$(jq .firstPoll "$work/books")") s after the start, all loaded after $(
        jq -s 'map(select(.stage == "resumed"))[0].s' "$work/waiting.out") s, all polled after $(seconds "$began" \
        "$(jq .lastFirstPoll "$work/books")") s; sold twice $(jq .twice "$work/books")"
    kill -9 "$engine"
    wait "$engine" 2>/dev/null || true
    engine=''
    stop_provider
}

make_programs
echo "us/job: processor time of the process under test; p99 in ms: from the provider's answer \"taken\", \"running\" (less"
echo "the 250 ms) and \"done\" to the next request; loop, synced: its files are synced, as the engine's are"
for count in 50 1000 $([ -n "$quick" ] || echo 5000); do
    side_by_side "$count"
done
killed "$([ -n "$quick" ] && echo 200 || echo 1000)"
waiting "$([ -n "$quick" ] && echo 1000 || echo 10000)"
