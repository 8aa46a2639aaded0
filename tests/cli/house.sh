# house.sh - what the tests of the command line share: a folder of their own, gen on a gend of its
# own, and checks that say what was wrong. Sourced with the folder of the programs as $1.
set -u
bin=$1
gen=$bin/gen
failures=0
work=$(mktemp -d)
unset GEN_SERVER GEN_KEY GEN_SOCKET GEN_LISTEN GEN_PLUGINS GEN_CONFIG XDG_RUNTIME_DIR NO_COLOR
export HOME=$work XDG_STATE_HOME=$work/s XDG_CONFIG_HOME=$work/c GEN_STATE=$work/state
cd "$work" || exit 1

finish()
{
    "$gen" down >/dev/null 2>&1
    cd / && rm -rf "$work"
    [ "$failures" -eq 0 ] || exit 1
    echo "all right"
    exit 0
}
trap 'finish' EXIT
trap 'exit 1' INT TERM

# run CODE ARGUMENT... : gen with these arguments ends with CODE; its output is in ./out and ./err
run()
{
    local wanted=$1 code
    shift
    "$gen" "$@" >out 2>err </dev/null
    code=$?
    if [ "$code" -ne "$wanted" ]; then
        echo "gen $*: code $code instead of $wanted"
        cat out err
        failures=$((failures + 1))
    fi
}

# has FILE PATTERN: an extended regular expression that a line of FILE has
has()
{
    grep -Eq -- "$2" "$1" || { echo "no line like \"$2\" in $1:"; cat "$1"; failures=$((failures + 1)); }
}

hasnt()
{
    ! grep -Eq -- "$2" "$1" || { echo "a line like \"$2\" in $1:"; cat "$1"; failures=$((failures + 1)); }
}

# killed PID: with SIGKILL, and waited for: a process that is going still holds its lock
killed()
{
    kill -9 "$1"
    for _ in $(seq 400); do
        case $(cut -d ' ' -f 3 "/proc/$1/stat" 2>/dev/null) in
        '' | Z) return ;;
        esac
        sleep 0.05
    done
}

# holds TEST...: as test(1)
holds()
{
    test "$@" || { echo "not so: $*"; failures=$((failures + 1)); }
}
