#!/bin/bash
# sandbox_test.sh - gend against the simulated providers: every model surface renders a video, the ledger equals
# the books of the simulator, and every output says that it is a sandbox.
# usage: sandbox_test.sh BIN TREE
set -euo pipefail
export LC_ALL=C.UTF-8
bin=$1
tree=$2
work=$(mktemp -d)
failures=0
cd "$work"
export PATH=$bin:$PATH GEN_STATE=$work/state
unset GEN_SANDBOX GEN_SERVER GEN_SOCKET GEN_KEY 2>/dev/null || true
trap 'gen down --sandbox >/dev/null 2>&1 || true; rm -rf "$work"' EXIT

fail()
{
    echo "$*"
    failures=$((failures + 1))
}

# job NAME MODEL SCENES: submits a brief for one model.
job()
{
    printf '{"title":"%s","budget":20,"resolution":"1280x720","models":["%s"],"sound":{"mood":"calm"},
        "scenes":[%s]}\n' "$1" "$2" "$3" >"$1.json"
    gen submit --sandbox "$1.json" >"$1.id" 2>"$1.err" || fail "$1: $(cat "$1.err")"
    grep -q '^SANDBOX: ' "$1.err" || fail "$1: submit does not say that it is a sandbox"
}

gen up --sandbox --listen none >up.out 2>&1 || { cat up.out; exit 1; }
cp "$tree/docs/examples/summer-sale/product.png" .

plain='{"prompt":"A kettle boils at dawn","duration":4,"overlays":[{"role":"headline","text":"Tea time"}]}'
long='{"prompt":"A long walk along the sea","duration":11}'
picture='{"prompt":"The bottle turns slowly","duration":5,"assets":["product.png"]}'
speech='{"prompt":"A baker in her shop","duration":5,"presenter":true,"dialogue":"Fresh bread, every morning. Come in and try it."}'

job runway runway/gen4.5 "$plain"
job picture runway/gen4_turbo "$picture"
job kling kling/kling-v2-6 "$plain"
job newkling kling/kling-v3 "$picture"
job heygen heygen/avatar_iv "$speech"
job omni veo/gemini-omni-1.2-flash "$plain"
job vertex veo/veo-3.1-fast-generate-001 "$long"

# A key of one's own is kept, and neither used nor called good.
echo not-a-key-of-anybody | gen secret set --sandbox runway >/dev/null 2>&1 || fail 'secret set'
gen secret test --sandbox runway >tested 2>&1 && fail 'a secret that was not tried passes'
grep -q '^runway: not tested: in a sandbox' tested || fail "secret test: $(cat tested)"

for name in runway picture kling newkling heygen omni vertex; do
    [ -s "$name.id" ] || continue
    if ! timeout 240 gen watch --sandbox --quiet "$(cat "$name.id")" >"$name.out" 2>&1; then
        fail "$name: $(tail -n 3 "$name.out")"
        continue
    fi
    gen outputs --sandbox "$(cat "$name.id")" --out "$name" >/dev/null 2>&1 || fail "$name: no outputs"
    jq -e '.sandbox == true and .costs.spent > 0 and .costs.held == 0 and .costs.unverified == 0' \
        "$name/job.json" >/dev/null || fail "$name: $(jq -c '[.sandbox, .costs]' "$name/job.json")"
    length=$(ffprobe -v error -show_entries format=duration -of csv=p=0 "$name"/*.mp4)
    asked=$(jq '[.scenes[].duration] | add' "$name.json")
    awk -v a="$length" -v b="$asked" 'BEGIN { exit !(a > b - 0.2 && a < b + 1.2) }' ||
        fail "$name: $length s, asked were $asked"
done

# The books agree: as many orders were billed as there were attempts, and where a provider reports what a
# render cost (Runway, Kling), the ledger has exactly that.
port=$(sed -n 's/.*are simulated.*http:\/\/127.0.0.1:\([0-9]*\).*/\1/p' "$work/state/gend.log" | head -n 1)
if [ -n "$port" ]; then
    curl -fsS "http://127.0.0.1:$port/_sim/books" >books.json
    billed=$(jq '[.accounts[] | select(.provider == "runway" or .provider == "kling").billedUsd]
        | add | . * 1000000 | round' books.json)
    spent=$(jq -s '[.[].costs.spent] | add | . * 1000000 | round' runway/job.json picture/job.json \
        kling/job.json newkling/job.json)
    orders=$(jq '[.tasks[] | select(.billedUsd > 0)] | length' books.json)
    shots=$(jq -s '[.[].pipelines[].shots[] | select(.role == "scene") | .attempts] | add' ./*/job.json)
    [ "$billed" = "$spent" ] || fail "the simulator billed $billed micro-dollars, the ledger says $spent"
    [ "$orders" = "$shots" ] || fail "$orders orders were billed for $shots attempts"
else
    fail 'the port of the simulator is not known'
fi

# The answer to an order is lost, then gend is killed: the clip is found again by our reference, and bought once.
curl -fsS -X PUT "http://127.0.0.1:$port/_sim/faults" -o /dev/null \
    -d '[{"match":{"provider":"kling","method":"POST"},"fault":{"resetAfter":true},"times":1}]'
job lost kling/kling-v2-6 "$plain"
sleep 2
kill -9 "$(cat "$work/state/lock")"
sleep 1
gen up --sandbox --listen none >up.out 2>&1 || fail "$(cat up.out)"
timeout 240 gen watch --sandbox --quiet "$(cat lost.id)" >lost.out 2>&1 || fail "lost: $(tail -n 3 lost.out)"
gen job --sandbox --json "$(cat lost.id)" >lost.job 2>/dev/null
port=$(sed -n 's/.*are simulated.*http:\/\/127.0.0.1:\([0-9]*\).*/\1/p' "$work/state/gend.log" | tail -n 1)
curl -fsS "http://127.0.0.1:$port/_sim/books" >books.json
attempt=$(jq -r '.pipelines[0].shots[0].attempts' lost.job)
bought=$(jq '[.tasks[] | select(.provider == "kling" and .model == "kling-v2-6")] | length' books.json)
[ "$attempt" = 1 ] && [ "$bought" = 2 ] || fail "lost: $attempt attempts, $bought orders of two jobs"

# A sandbox and real work never share a state.
gen down --sandbox >/dev/null 2>&1
if gend --state "$work/state" --listen none >real.log 2>&1; then
    fail 'gend took the state of a sandbox for real work'
fi
grep -q 'is that of a sandbox' real.log || fail "$(tail -n 1 real.log)"

[ "$failures" = 0 ] && echo 'all right'
exit "$failures"
