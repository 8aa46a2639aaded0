#!/bin/bash
# check.sh safety|progress|mutants CHECKER MODEL - runs a checker that spin made of submission.pml.
#   safety    every state: no assertion fails, nothing is stuck, and the model makes every move that it allows
#   progress  with counted waits: nothing is stuck, and there is no way to go on for ever
#   mutants   each mistake that can be planted (MUTATED in the model) is found
set -euo pipefail
mode=$1 checker=$2 model=$3
work=$(mktemp -d "${TMPDIR:-/tmp}/genmodel.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

run() { # run OPTION...: the checker's words in `said`
    if ! "$checker" -m100000 "$@" >said 2>&1; then
        cat said
        echo "WRONG: the checker did not come to an end"
        exit 1
    fi
}
clean() {
    if ! grep -q 'errors: 0$' said || grep -q -e 'Search not completed' -e 'max search depth too small' said; then
        grep -e '^pan' -e '^error' said || cat said
        "$checker" -r -n ./*.trail 2>/dev/null | tail -n 120 || true
        echo "WRONG: the protocol breaks a promise (the way there is above)"
        exit 1
    fi
    grep -e 'states, stored' -e 'depth reached' said
}

case $mode in
safety)
    run -w24
    clean
    # The numbers of the states are those of the model's #define lines.
    awk 'FNR == NR && $1 == "#define" && $5 == "state" {n[$2] = $3}
        FNR == NR && $2 == "from" {print "move", n[$4], n[$8] > "allowed"; next}
        FNR != NR && $1 == "move"  {print > "made"}' "$model" said
    sed -i 's/)*$//' allowed
    if ! diff <(sort allowed) <(sort made) >differ; then
        cat differ
        echo "WRONG: moves that the model allows and never makes (<)"
        exit 1
    fi
    echo "all $(wc -l <allowed) moves are made"
    ;;
progress)
    run -w23 -l
    clean
    ;;
mutants)
    grep -E '^#define [A-Z_]+ +[0-9]+ +/. mutant:' "$model" >list
    [ "$(wc -l <list)" -ge 9 ] || { echo "WRONG: where are the mutants?"; exit 1; }
    while read -r _ name number _; do
        MUTANT=$number run -w22
        if ! grep -E '^pan:1: (assertion violated|invalid end state)' said >found; then
            echo "WRONG: nobody notices the mistake $name"
            exit 1
        fi
        printf '%-20s %s\n' "$name" "$(sed 's/^pan:1: //' found)"
    done <list
    ;;
*)
    echo "usage: check.sh safety|progress|mutants CHECKER MODEL" >&2
    exit 2
    ;;
esac
