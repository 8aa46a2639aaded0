#!/bin/bash
# tidy.sh - clang-tidy over the sources of core, plugins and sdk, for as long as it may take.
set -euo pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.."

if [ "${1:-}" = --help ] || ! [[ ${1:-0} =~ ^[0-9]+$ ]]; then
    cat <<'END'
usage: packaging/tidy.sh [SECONDS [FILE...]]

Checks the given .c files; without any, those that differ from the main branch, or all of them,
latest change first, when there is no difference. Stops starting new files after SECONDS
(default 0: no limit) and says what was left out. Needs build/clang (its compile commands).
END
    [ "${1:-}" = --help ]
    exit
fi
seconds=${1:-0}
shift || true
. packaging/build/configure.sh
configure clang

# Sources that the branch, or the work tree, changed; a header stands for the file of its room.
changed()
{
    local base
    base=$(git merge-base HEAD origin/main 2>/dev/null || git merge-base HEAD main 2>/dev/null || true)
    if [ -n "$base" ]; then
        { git diff --name-only "$base"; git ls-files -o --exclude-standard; } | sed 's/\.h$/.c/' | sort -u
    fi
}

# All sources, those of the latest commits first.
latest_first()
{
    {
        git log -n 300 --name-only --format= -- '*.c' 2>/dev/null || true
        find core plugins sdk -name '*.c'
    } | awk '!seen[$0]++'
}

# Only what exists, is ours to check, and is compiled in build/clang.
checkable()
{
    local path
    while read -r path; do
        case $path in
        core/*.c | plugins/*.c | sdk/*.c)
            if [ -f "$path" ] && grep -q "\"file\": \".*/$path\"" build/clang/compile_commands.json; then
                printf '%s\n' "$path"
            fi
            ;;
        esac
    done
}

if [ $# -gt 0 ]; then
    mapfile -t files < <(printf '%s\n' "$@" | checkable)
else
    mapfile -t files < <(changed | checkable)
    [ ${#files[@]} -gt 0 ] || mapfile -t files < <(latest_first | checkable)
fi
if [ ${#files[@]} = 0 ]; then
    echo 'tidy: there is nothing to check'
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export work
: >"$work/left"
: >"$work/wrong"
end=$((seconds > 0 ? $(date +%s) + seconds : 0))
export end

# One file: nothing is started after the end; what clang-tidy says is kept and printed at once.
check()
{
    local log=$work/${1//\//_} before=()
    case $1 in
    core/base/error.c) ;;
    core/*) before=(--extra-arg=-Wno-unused-value --extra-arg=-include
        --extra-arg="$PWD/packaging/build/tidy.h") ;;
    esac
    if [ "$end" -gt 0 ] && [ "$(date +%s)" -ge "$end" ]; then
        echo "$1" >>"$work/left"
    elif ! clang-tidy --quiet -p build/clang "${before[@]}" "$1" >"$log" 2>"$log.errors"; then
        cat "$log" "$log.errors"
        echo "$1" >>"$work/wrong"
    fi
}
export -f check

# shellcheck disable=SC2016 # $1 is for the inner shell
printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -I{} bash -c 'check "$1"' check {}
left=$(wc -l <"$work/left")
wrong=$(wc -l <"$work/wrong")
echo "tidy: $((${#files[@]} - left)) files checked, $wrong with findings, $left left out for time"
[ "$wrong" = 0 ]
