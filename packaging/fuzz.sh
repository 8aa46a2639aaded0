#!/bin/bash
# fuzz.sh - builds the fuzz targets with clang's libFuzzer and runs each for a while.
set -euo pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.."

usage()
{
    cat <<'END'
usage: packaging/fuzz.sh [--fixed | --seed SEED] [SECONDS [NAME...]]

Runs the fuzz targets of tests/fuzz (all, or those named): first the corpus, then what libFuzzer makes
of it, for SECONDS each (default 5). The seed is another one each time and is printed.
  --fixed      for CI: the same inputs each time, so that a tree that passed passes again. From the
               corpus alone, from seed 1, and as many inputs as the target's line "fuzz-runs" says (20000
               without one); SECONDS (default 60) only stops a run that takes much too long
  --seed SEED  begins with this seed, from 1; with the same inputs in build/fuzz/found it does the same
  --help       print this
Without --fixed, new inputs that reach new code go to build/fuzz/found/NAME and are used again. An input
that fails goes to build/fuzz/failed, is printed in base64, and belongs into tests/fuzz/corpus/NAME
together with the fix.
END
}

wrong()
{
    usage >&2
    echo "fuzz: $*" >&2
    exit 2
}

fixed=
seed=
seconds=5
while [ $# -gt 0 ]; do
    case $1 in
    --help) usage; exit 0 ;;
    --fixed) fixed=1 seed=1 seconds=60 ;;
    --seed) [[ ${2:-} =~ ^[1-9][0-9]{0,8}$ ]] || wrong '--seed needs a number'; seed=$2; shift ;;
    *) break ;;
    esac
    shift
done
if [ $# -gt 0 ]; then
    [[ $1 =~ ^[1-9][0-9]*$ ]] || wrong "\"$1\" is no number of seconds"
    seconds=$1
    shift
fi
for name in "$@"; do
    [ -f "tests/fuzz/${name}_fuzz.c" ] || wrong "there is no fuzz target $name"
done

. packaging/build/configure.sh
configure fuzz
cmake --build build/fuzz --target fuzz

if [ $# = 0 ]; then
    for source in tests/fuzz/*_fuzz.c; do
        [ -e "$source" ] || { echo 'fuzz: there are no fuzz targets'; exit 0; }
        name=${source##*/}
        set -- "$@" "${name%_fuzz.c}"
    done
fi

# Nothing that differs from run to run: the corpus in the order of its names, no other inputs, a number
# of inputs instead of a time, and the same addresses, since libFuzzer looks at pointers too: none are
# random, and those on the stack depend on the environment. tests/fuzz/steady.c does the rest.
fixed_options() # fixed_options NAME
{
    local runs list=build/fuzz/$1.inputs
    runs=$(sed -n 's,^/\* fuzz-runs: \([0-9]*\) \*/$,\1,p' "tests/fuzz/$1_fuzz.c")
    find "tests/fuzz/corpus/$1" -type f | LC_ALL=C sort | paste -sd, >"$list"
    options=(-runs="${runs:-20000}" -reload=0 -purge_allocator_interval=-1 -timeout=30
             -seed_inputs="@$list")
}

# The input itself, because a log may be all that is left of the machine that found it.
print_input() # print_input LOG
{
    local input
    input=$(sed -n 's/.*Test unit written to //p' "$1" | head -n 1)
    [ -f "$input" ] || return 0
    echo "fuzz: the input, $(stat -c %s "$input") bytes; back with: base64 -d >FILE"
    head -c 65536 "$input" | base64
}

runner=()
if [ -n "$fixed" ]; then
    if setarch -R true 2>/dev/null; then
        runner=(env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 setarch -R)
    else
        echo 'fuzz: this system does not let us fix addresses: the inputs are not quite the same each time'
    fi
fi
mkdir -p build/fuzz/failed
for name in "$@"; do
    log=build/fuzz/$name.log
    from=${seed:-$((RANDOM * 32768 + RANDOM + 1))}
    if [ -n "$fixed" ]; then
        fixed_options "$name"
    else
        mkdir -p "build/fuzz/found/$name"
        options=(-timeout=10 "build/fuzz/found/$name" "tests/fuzz/corpus/$name")
    fi
    [ ! -f "tests/fuzz/$name.dict" ] || options+=("-dict=tests/fuzz/$name.dict")
    began=$(date +%s)
    if ! "${runner[@]}" "build/fuzz/fuzz/$name" -seed="$from" -max_total_time="$seconds" -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="build/fuzz/failed/$name-" "${options[@]}" \
        >"$log" 2>&1; then
        tail -n 60 "$log"
        print_input "$log"
        echo "fuzz: $name failed (seed $from); its input is in build/fuzz/failed, the whole log in $log"
        exit 1
    fi
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    echo "fuzz: $name: $runs inputs in $(($(date +%s) - began)) s from seed $from, nothing found"
done
