#!/bin/bash
# engine.sh BUILD - what the daemon costs: start-up, memory when idle, a durable admission next to a
# disk sync, and what it adds to the render time of the main job.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$1
work=$(mktemp -d "${TMPDIR:-/tmp}/genbench.XXXXXX")
pids=()
cleanup() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

${CC:-cc} -O2 -D_GNU_SOURCE -o "$work/admit" "$here/admit.c"
${CC:-cc} -O2 -std=c11 -fPIC -shared -I"$root/sdk/include" -o "$work/fake.so" \
    "$root/tests/contract/plugins/fake.c"
mkdir "$work/plugins"
mv "$work/fake.so" "$work/plugins/"

field() { awk -v k="$1:" '$1 == k {print $2 / 1024}' "/proc/$2/status"; }
start() { # start STATE [OPTION...]: sets pid, and prints the milliseconds until it answered ready
    local state=$1 begin now
    shift
    mkdir -p "$state"
    begin=$(date +%s%N)
    "$build/bin/gend" --state "$state" --listen none "$@" 2>"$state/log" &
    pid=$!
    pids+=("$pid")
    until curl -sf --unix-socket "$state/gend.sock" http://localhost/readyz >/dev/null 2>&1; do
        sleep 0.002
        kill -0 "$pid" || { cat "$state/log" >&2; exit 1; }
    done
    now=$(date +%s%N)
    ready_ms=$(((now - begin) / 1000000))
}
metric() { curl -sf --unix-socket "$1/gend.sock" http://localhost/metrics | awk -v m="$2" '$1 == m {print $2}'; }

echo "-- start-up to ready (exec to the first 200 of /readyz, seven starts; then as gend itself logs it)"
times=()
for i in 1 2 3 4 5 6 7; do
    start "$work/up"
    times+=("$ready_ms")
    kill "$pid"; wait "$pid" || true
done
printf '%s\n' "${times[@]}" | sort -n | awk '{v[NR]=$1} END {print "ready_ms median " v[int((NR+1)/2)] ", most " v[NR]}'
start "$work/up"
grep -o ' ms=[0-9]*' "$work/up/log" | tail -n 1 | sed 's/ ms=/ready_ms_by_its_own_log /'

echo "-- memory when idle, MiB"
sleep 1
echo "idle_rss_anon $(field RssAnon "$pid")"
echo "idle_rss_all $(field VmRSS "$pid")"

echo "-- the main job: wall time, and the part of it in which none of its programs ran"
"$build/bin/gen" --socket "$work/up/gend.sock" run "$root/docs/examples/summer-sale/brief.yaml" \
    --out "$work/out" >/dev/null
job="$work/out/job.json"
wall=$(jq -r 'def ms: (.[0:19] + "Z" | fromdate) * 1000 + (.[20:23] | tonumber);
    (.completedAt | ms) - (.createdAt | ms)' "$job")
busy=$(metric "$work/up" gen_programs_busy_seconds_total | awk '{print $1 * 1000}')
cpu=$(metric "$work/up" gen_programs_cpu_seconds_total)
echo "main_job_wall_ms $wall"
echo "main_job_programs_busy_ms $busy (uploads' probes included)"
awk -v w="$wall" -v b="$busy" 'BEGIN {printf "orchestration_share %.2f %%\n", (w - b) * 100 / w}'
echo "main_job_programs_cpu_s $cpu"
echo "gend_cpu_s $(awk -v hz="$(getconf CLK_TCK)" '{print ($14 + $15) / hz}' "/proc/$pid/stat")"
echo "after_job_rss_anon $(field RssAnon "$pid")"
kill "$pid"; wait "$pid" || true

echo "-- durable admission over the API, next to one fdatasync on the same file system, ms"
perl -MIO::Socket::INET -e '$|=1; my $s = IO::Socket::INET->new(Listen => 512,
    LocalAddr => "127.0.0.1", LocalPort => 0) or die; print $s->sockport, "\n"; sleep 900' \
    >"$work/hole" &
pids+=("$!")
until [ -s "$work/hole" ]; do sleep 0.01; done
cat >"$work/gend.yaml" <<END
allowPrivate: true
providers:
  fake: {settings: {baseUrl: "http://127.0.0.1:$(cat "$work/hole")"}}
END
cat >"$work/brief.json" <<'END'
{"title":"bench","models":["fake/whole"],"budget":5,"scenes":[
 {"prompt":"a street at night","duration":5},{"prompt":"a shop window","duration":5},
 {"prompt":"a door opens","duration":5},{"prompt":"a smile","duration":5}]}
END
# a thousand jobs hold more money than the shipped limit of a month
cp -r "$root/policies" "$work/policies"
sed -i 's/hard: 500.00/hard: 500000.00/; s/soft: 400.00/soft: 400000.00/' "$work/policies/budget.yaml"
start "$work/admission" --config "$work/gend.yaml" --plugins "$work/plugins" --policies "$work/policies"
"$work/admit" "$work/admission/gend.sock" "$work" 1000 "$work/brief.json"
echo "rss_anon_with_1000_open_jobs $(field RssAnon "$pid")"
