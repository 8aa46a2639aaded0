# check.sh - what the simulator's tests share: a gen-sim of their own, requests, checks that count.
# Sourced with the program as $1. Requests leave their status in $status, their body in ./body and
# their headers in ./head.
# shellcheck shell=bash
set -u
sim=$1
failures=0
sim_pid=
work=$(mktemp -d)
cd "$work" || exit 1
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY

finish()
{
    stop
    cat sim.err 2>/dev/null # a sanitizer's report must reach ctest
    cd / && rm -rf "$work"
    [ "$failures" -eq 0 ] || exit 1
    echo "all right"
    exit 0
}
trap finish EXIT
trap 'exit 1' INT TERM

fail()
{
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# start OPTION...: gen-sim on the state folder ./state; its address in $at
start()
{
    : >sim.out
    "$sim" --state "$work/state" "$@" >sim.out 2>>sim.err &
    sim_pid=$!
    for _ in $(seq 200); do
        grep -q listens sim.out && break
        kill -0 "$sim_pid" 2>/dev/null || { cat sim.err; fail "gen-sim $* ended at once"; exit 1; }
        sleep 0.05
    done
    at=$(sed -n 's/.*listens on //p' sim.out)
}

# stop [SIGNAL]: the exit code is checked unless it is killed
stop()
{
    local code
    [ -n "$sim_pid" ] || return 0
    kill "-${1:-TERM}" "$sim_pid" 2>/dev/null
    wait "$sim_pid" 2>/dev/null
    code=$?
    [ "${1:-TERM}" = KILL ] || [ "$code" = 0 ] || fail "gen-sim ended with $code"
    sim_pid=
}

# ask METHOD URL [CURL OPTION...]
ask()
{
    local method=$1 url=$2
    shift 2
    status=$(curl -s -m 30 -X "$method" -o body -D head -w '%{http_code}' "$@" "$url")
    curl_code=$?
    [ -e body ] || : >body
}

# is WANTED GOT WHAT
is()
{
    [ "$1" = "$2" ] || fail "$3: $2, not $1; body: $(head -c 600 body | tr -d '\0')"
}

# json EXPRESSION: of the body
json()
{
    jq -r "$1" body 2>/dev/null
}

# says STATUS EXPRESSION VALUE WHAT: the last answer
says()
{
    is "$1" "$status" "$4: status"
    is "$3" "$(json "$2")" "$4: $2"
}

faults()
{
    ask PUT "$at/_sim/faults" --json "$1"
    is 200 "$status" "faults $1"
}

# book EXPRESSION: of the books
book()
{
    curl -s -m 30 "$at/_sim/books" | jq -r "$1"
}

# until EXPRESSION VALUE METHOD URL OPTION...: asks until the body says so
until_says()
{
    local expression=$1 value=$2
    shift 2
    for _ in $(seq 600); do
        ask "$@"
        [ "$(json "$expression")" = "$value" ] && return 0
        sleep 0.1
    done
    fail "never $expression = $value from $2: $(head -c 600 body)"
}
