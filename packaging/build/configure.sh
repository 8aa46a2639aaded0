# configure.sh - read by the scripts of packaging/: `configure NAME` makes build/NAME ready.
# A build folder is configured again only when its cache file changed; ninja sees the rest itself.
# shellcheck shell=bash

# Results of one clone serve another: paths in ccache are relative to the tree.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

configure()
{
    local name=$1 sum
    sum=$(cksum <"packaging/build/$name.cmake")
    if [ -f "build/$name/build.ninja" ] && [ "$(cat "build/$name/configured" 2>/dev/null)" = "$sum" ]; then
        return
    fi
    echo "configuring build/$name"
    mkdir -p "build/$name"
    if ! cmake --fresh -G Ninja -C "packaging/build/$name.cmake" -B "build/$name" \
        >"build/$name/configure.log" 2>&1; then
        tail -n 30 "build/$name/configure.log" >&2
        echo "cmake could not configure build/$name (its words are above)" >&2
        return 1
    fi
    printf '%s\n' "$sum" >"build/$name/configured"
}
