#!/bin/bash
# attention_test.sh - jobs that need a person: what gen says and how it ends, that nothing is bought again and no
# clip of another order is taken, and that cancelling ends them at once.
# usage: attention_test.sh BIN TREE
set -euo pipefail
export LC_ALL=C.UTF-8
bin=$1
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

# brief NAME MODEL
brief()
{
    printf '{"title":"%s","budget":20,"resolution":"1280x720","models":["%s"],
        "scenes":[{"prompt":"A kettle boils at dawn","duration":4}]}\n' "$1" "$2" >"$1.json"
}

# ends CODE NAME COMMAND...: its output goes to NAME.out
ends()
{
    local code=0 want=$1 name=$2
    shift 2
    timeout 240 "$@" >"$name.out" 2>&1 || code=$?
    [ "$code" = "$want" ] || fail "$*: exit code $code, expected $want: $(tail -n 12 "$name.out")"
}

# says NAME PATTERN
says()
{
    grep -qE -- "$2" "$1.out" || fail "$1 does not say \"$2\": $(cat "$1.out")"
}

fault()
{
    curl -fsS -X PUT "http://127.0.0.1:$port/_sim/faults" -o /dev/null -d "$1"
}

# job NAME FILTER: the filter is true of the job's document
job()
{
    gen job --sandbox --json "$(cat "$1.id")" >"$1.job" 2>/dev/null
    jq -e "$2" "$1.job" >/dev/null ||
        fail "$1: not $2: $(jq -c '[.status, .costs, .pipelines[0].failure]' "$1.job")"
}

orders() # of a model, whose books name what was billed
{
    curl -fsS "http://127.0.0.1:$port/_sim/books" | jq "[.tasks[] | select(.model == \"$1\")] | length"
}

gen up --sandbox --listen none >up.out 2>&1 || { cat up.out; exit 1; }
port=$(sed -n 's/.*are simulated.*http:\/\/127.0.0.1:\([0-9]*\).*/\1/p' "$work/state/gend.log" | head -n 1)

# The provider answers an order with the id of the one before. Runway has no way to ask by our reference.
brief first runway/gen4.5
ends 0 first gen run --sandbox --quiet first.json
brief twice runway/gen4.5
fault '[{"match":{"provider":"runway","method":"POST"},"fault":{"duplicateId":true},"times":1}]'
gen submit --sandbox twice.json >twice.id 2>/dev/null || fail 'twice was not taken'
ends 7 twice gen watch --sandbox "$(cat twice.id)"
says twice 'needs attention'
says twice 'answered with the id'
says twice 'held +\$[0-9.]+, for what is under way at runway; \$0\.00 spent'
says twice 'look for the order in the console of runway'
says twice 'gen cancel.*gives it up'
job twice '.status == "needs_attention" and .costs.held > 0 and .costs.spent == 0'
job twice '.pipelines[0].shots[0].attempts == 1'
[ "$(orders gen4.5)" = 2 ] || fail "$(orders gen4.5) orders of two jobs"
ends 7 again gen watch --sandbox --quiet "$(cat twice.id)"
ends 0 cancel gen cancel --sandbox "$(cat twice.id)"
ends 1 canceled gen watch --sandbox --quiet "$(cat twice.id)"
job twice '.status == "canceled" and .costs.held == 0 and .costs.unverified > 0'
[ "$(orders gen4.5)" = 2 ] || fail "$(orders gen4.5) orders of two jobs, after cancelling"

# Kling can be asked by our reference: the order's own clip is found, and nobody has to look.
brief third kling/kling-v2-6
ends 0 third gen run --sandbox --quiet third.json
brief found kling/kling-v2-6
fault '[{"match":{"provider":"kling","method":"POST"},"fault":{"duplicateId":true},"times":1}]'
gen submit --sandbox found.json >found.id 2>/dev/null || fail 'found was not taken'
ends 0 found gen watch --sandbox --quiet "$(cat found.id)"
job found '.status == "completed" and .pipelines[0].shots[0].attempts == 1'
[ "$(orders kling-v2-6)" = 2 ] || fail "$(orders kling-v2-6) orders of two jobs"

# The answer to an order is lost.
brief lost runway/gen4.5
fault '[{"match":{"provider":"runway","method":"POST"},"fault":{"resetAfter":true},"times":1}]'
gen submit --sandbox lost.json >lost.id 2>/dev/null || fail 'lost was not taken'
ends 7 lost gen watch --sandbox "$(cat lost.id)"
says lost 'may have been bought from runway'
[ "$(orders gen4.5)" = 3 ] || fail "$(orders gen4.5) orders of three jobs"
says lost 'gen resolve .*--as not_bought'

# Somebody looks it up: it was bought, and cannot be had. It is charged, and ordered once more.
ends 0 resolve gen resolve --sandbox "$(cat lost.id)" --as lost --reason 'it is in their console'
ends 0 resolved gen watch --sandbox --quiet "$(cat lost.id)"
job lost '.status == "completed" and .costs.held == 0 and .pipelines[0].shots[0].attempts == 2'
[ "$(orders gen4.5)" = 4 ] || fail "$(orders gen4.5) orders of three jobs, one of them twice"

# A download that falls silent: cancelled, the job is over at once, and what was rendered is charged.
brief silent runway/gen4.5
fault '[{"match":{"provider":"cdn","method":"GET"},"fault":{"drip":20}}]'
gen submit --sandbox silent.json >silent.id 2>/dev/null || fail 'silent was not taken'
for ((i = 0; i < 600; i++)); do
    job silent true
    [ "$(jq -r '.pipelines[0].stage' silent.job)" != fetch ] || break
    sleep 0.1
done
sleep 1
gen cancel --sandbox "$(cat silent.id)" >/dev/null 2>&1 || fail 'silent cannot be cancelled'
ends 1 silent timeout 10 gen watch --sandbox --quiet "$(cat silent.id)"
job silent '.status == "canceled" and .costs.held == 0 and .costs.spent > 0'

[ "$failures" = 0 ] && echo 'all right'
exit "$failures"
