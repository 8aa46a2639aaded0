#!/bin/bash
# test.sh - builds with AddressSanitizer and UBSan and runs every test; --all adds the long ones.
# On success nothing is printed after ctest's own summary.
set -euo pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.."

usage()
{
    cat <<'END'
usage: packaging/test.sh [--all] [-R REGEX] [-j JOBS]

Installs what is missing, builds build/dev and runs the tests with ctest. GEN_SKIP_CLIENTS=1 leaves
out the tests that need packages from npm.
  --all       also: tests labelled long, the tests under clang, ThreadSanitizer and valgrind,
              and every fuzz target for a minute (takes long)
  -R REGEX    only tests whose name matches, for example -R '^unit/store/'
  -j JOBS     tests at a time (default 2)
  --help      print this
END
}

all=
jobs=2
only=()
while [ $# -gt 0 ]; do
    case $1 in
    --help) usage; exit 0 ;;
    --all) all=1 ;;
    -R) only=(-R "${2:?-R needs a pattern}"); shift ;;
    -j) jobs=${2:?-j needs a number}; shift ;;
    *) usage >&2; echo "test: unknown argument: $1" >&2; exit 2 ;;
    esac
    shift
done

say()
{
    printf '\n== %s\n' "$*"
}

# The JavaScript tests, where there are any: their packages as the lock file says, and nothing else.
# Node 22 is one of them (npm's package node-linux-...), whatever node the system has.
install_javascript()
{
    local folder sum
    if [ "${GEN_SKIP_CLIENTS:-}" = 1 ]; then
        say 'GEN_SKIP_CLIENTS=1: the tests that need packages from npm are skipped'
        return
    fi
    for folder in tests/clients tests/browser; do
        [ -f "$folder/package.json" ] || continue
        if [ ! -f "$folder/package-lock.json" ]; then
            echo "test: $folder has a package.json without package-lock.json" >&2
            exit 1
        fi
        sum=$(cksum <"$folder/package-lock.json")
        if [ "$(cat "$folder/node_modules/.installed" 2>/dev/null)" = "$sum" ]; then
            continue
        fi
        say "packages of $folder"
        packaging/deps.sh javascript
        if ! npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error \
            --fetch-retries=1 --fetch-retry-mintimeout=2000 </dev/null; then
            echo "test: npm could not install the packages of $folder; is the network there?" >&2
            echo "test: GEN_SKIP_CLIENTS=1 leaves out the tests that need them" >&2
            exit 1
        fi
        # Node itself is an optional package: npm says nothing when it could not have it.
        if [ -f "$folder/node.sh" ] && ! bash "$folder/node.sh" --version >/dev/null; then
            rm -rf "$folder/node_modules"
            exit 1
        fi
        printf '%s\n' "$sum" >"$folder/node_modules/.installed"
    done
}

# build NAME [TARGET]: configures and builds build/NAME.
build()
{
    configure "$1"
    cmake --build "build/$1"
}

# ctest in build/NAME; finding no test is a failure.
run()
{
    local name=$1
    shift
    ctest --test-dir "build/$name" --output-on-failure --no-label-summary --no-tests=error \
        -j "$jobs" "$@" </dev/null
}

say 'packages'
packaging/deps.sh build run test
[ -z "$all" ] || packaging/deps.sh long
install_javascript
. packaging/build/configure.sh

say 'build with AddressSanitizer and UBSan'
build dev
if [ -z "$all" ]; then
    say 'tests'
    run dev -LE '^long$' "${only[@]}"
    exit
fi

say 'clang: build and tests'
build clang
run clang -E '^house/' "${only[@]}"
say 'ThreadSanitizer: build and tests'
build tsan
run tsan -E '^house/(floors|rooms|calls|map|format|text|headers|selftest)$' -LE '^long$' "${only[@]}"
say 'valgrind: build and unit tests'
build valgrind
# The rooms that start programs or wait for real time (platform, engine, some of cli and daemon) would
# time out twenty times slower; AddressSanitizer and ThreadSanitizer watch those.
run valgrind -R '^(unit/(base|model|expr|policy|decide|store|host|service)/|house/unset)' --timeout 900
say 'fuzzing, a minute each'
packaging/fuzz.sh 60
say 'tests, the long ones too'
run dev "${only[@]}"
