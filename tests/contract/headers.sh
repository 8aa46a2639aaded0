#!/bin/bash
# headers.sh - compiles each header of the SDK alone: C99 to C17 and C++11 to C++20, gcc and clang,
# strict flags. usage: headers.sh SDK_INCLUDE_DIR
set -euo pipefail
include=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
compiled=0

# compile COMPILER STANDARD SUFFIX HEADER: once with the header alone, twice to prove its guard.
compile()
{
    local source=$work/alone.$3
    printf '#include <%s>\n#include <%s>\nint gen_alone;\n' "$4" "$4" >"$source"
    if ! "$1" -std="$2" -I "$include" -Wall -Wextra -Werror -Wshadow -Wconversion -Wundef -Wpedantic \
        -fsyntax-only "$source"; then
        printf 'headers: <%s> does not compile as %s with %s\n' "$4" "$2" "$1" >&2
        failed=1
    fi
    compiled=$((compiled + 1))
}

mapfile -t headers < <(cd "$include" && find gen -name '*.h' | sort)
for header in "${headers[@]}"; do
    for standard in c99 c11 c17; do
        for compiler in gcc clang; do
            command -v "$compiler" >/dev/null && compile "$compiler" "$standard" c "$header"
        done
    done
    for standard in c++11 c++14 c++17 c++20; do
        for compiler in g++ clang++; do
            command -v "$compiler" >/dev/null && compile "$compiler" "$standard" cpp "$header"
        done
    done
done

# What the header says of itself is used, not only parsed: presence by size, and the entry's type.
cat >"$work/use.c" <<'END'
#include <gen/ext/cancel.h>
#include <gen/ext/recover.h>
GEN_PROVIDER_EXPORT gen_provider_entry GEN_PROVIDER_ENTRY;
const struct gen_provider *GEN_PROVIDER_ENTRY(const struct gen_host *host)
{
    static const struct gen_provider none = {.size = sizeof(none)};

    return GEN_HAS(host, hash) ? &none : NULL;
}
END
cat >"$work/use.cpp" <<'END'
#include <gen/ext/cancel.h>
#include <gen/ext/recover.h>
extern "C" GEN_PROVIDER_EXPORT const gen_provider *GEN_PROVIDER_ENTRY(const gen_host *host)
{
    static gen_provider none = {};

    none.size = sizeof(none);
    return GEN_HAS(host, hash) ? &none : nullptr;
}
END
strict="-I $include -Wall -Wextra -Werror -Wshadow -Wconversion -Wno-missing-field-initializers"
for compiler in gcc clang; do
    # shellcheck disable=SC2086 # the flags are a list
    command -v "$compiler" >/dev/null && { "$compiler" -std=c11 $strict -fPIC -shared \
        -fvisibility=hidden -Wl,-z,defs -o "$work/use.so" "$work/use.c" || failed=1; }
done
for compiler in g++ clang++; do
    # shellcheck disable=SC2086
    command -v "$compiler" >/dev/null && { "$compiler" -std=c++11 $strict -fPIC -shared \
        -fvisibility=hidden -o "$work/use.so" "$work/use.cpp" || failed=1; }
done
[ "$compiled" -gt 0 ] || { echo 'headers: there is nothing to compile' >&2; exit 1; }
printf 'headers: %d compilations of %d headers, %s\n' "$compiled" "${#headers[@]}" \
    "$([ $failed = 0 ] && echo passed || echo failed)"
exit $failed
