#!/bin/bash
# deps.sh - the one list of Debian packages this project needs, by purpose, and their installation.
# It installs only what is missing and says so; everything else here calls it first.
set -euo pipefail
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive

# purpose  package                   command (if that is there, the package is not needed)
packages='
build      build-essential
build      cmake
build      ninja-build
build      ccache
build      pkg-config
build      libuv1-dev
build      libcurl4-gnutls-dev
build      libmicrohttpd-dev
build      libjansson-dev
build      libyaml-dev
build      libsqlite3-dev
build      libsodium-dev
build      libseccomp-dev
build      libgnutls28-dev
build      libavformat-dev
build      libavcodec-dev
build      libavutil-dev
build      libswscale-dev
build      libpango1.0-dev
build      libcairo2-dev
run        ca-certificates
run        tzdata
run        ffmpeg                    ffmpeg
run        espeak-ng                 espeak-ng
run        fonts-inter
run        fonts-noto-core
run        fonts-noto-cjk
run        fonts-noto-color-emoji
test       libcriterion-dev
test       tzdata
test       llvm                      llvm-symbolizer
test       clang
test       clang-format
test       clang-tidy
test       libclang-rt-14-dev
test       git                       git
test       perl
test       shellcheck                shellcheck
test       universal-ctags
test       curl                      curl
test       jq                        jq
test       openssl                   openssl
test       spin                      spin
test       sqlite3                   sqlite3
test       mandoc                    mandoc
javascript nodejs                    node
javascript npm                       npm
long       valgrind                  valgrind
'

usage()
{
    cat <<'END'
usage: packaging/deps.sh [--list | --check] [PURPOSE...]

Installs the Debian packages that are missing for each PURPOSE (default: build run test).
  build       compile everything
  run         render with the local provider: ffmpeg, a voice, fonts; time zones
  test        packaging/test.sh and .ci/run
  javascript  tests in tests/clients and tests/browser
  long        packaging/test.sh --all
  --list      print the packages and stop
  --check     print what is missing and stop; exit code 1 if anything is
  --help      print this

Needs root, or sudo, and a Debian 12 package source. Does nothing when nothing is missing.
END
}

fail()
{
    printf 'deps: %s\n' "$@" >&2
    exit 1
}

# Prints the packages of the given purposes, one a line, without those whose command is there.
wanted()
{
    local purpose package command chosen
    while read -r purpose package command; do
        for chosen in "$@"; do
            if [ "$purpose" = "$chosen" ]; then
                if [ -z "$command" ] || ! command -v "$command" >/dev/null; then
                    printf '%s\n' "$package"
                fi
            fi
        done
    done <<<"$packages"
}

# Prints those of the given packages that dpkg does not know as installed.
missing()
{
    local installed package
    installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
    for package in "$@"; do
        if ! grep -qxF "installed $package" <<<"$installed"; then
            printf '%s\n' "$package"
        fi
    done
}

# Sets `root` to what a command must begin with to run as root.
find_root()
{
    root=()
    if [ "$(id -u)" = 0 ]; then
        return
    fi
    if ! command -v sudo >/dev/null; then
        fail "these packages are missing: $lacking" \
            "installing them needs root, and there is no sudo here; as root, run:" \
            "  apt-get install --no-install-recommends $lacking"
    fi
    root=(sudo)
    if ! [ -t 0 ]; then
        root=(sudo -n) # nobody is there to type a password
    fi
    if ! "${root[@]}" true; then
        fail "these packages are missing: $lacking" \
            "sudo refused to become root; run as root, or install them yourself:" \
            "  apt-get install --no-install-recommends $lacking"
    fi
    root+=(env "DEBIAN_FRONTEND=$DEBIAN_FRONTEND" "LC_ALL=$LC_ALL")
}

# Runs apt-get quietly; on failure shows what it said, then what to do, and stops.
apt()
{
    local log
    log=$(mktemp)
    if ! "${root[@]}" apt-get -q -o Acquire::Retries=2 -o DPkg::Lock::Timeout=120 "$@" \
        </dev/null >"$log" 2>&1; then
        tail -n 8 "$log" >&2
        rm -f "$log"
        fail "apt-get $1 failed (its last lines are above)" \
            "these packages are still missing: $lacking" \
            "check the network and the package sources in /etc/apt, then run this again"
    fi
    rm -f "$log"
}

mode=install
purposes=()
for argument in "$@"; do
    case $argument in
    --help) usage; exit 0 ;;
    --list) mode=list ;;
    --check) mode=check ;;
    build | run | test | javascript | long) purposes+=("$argument") ;;
    *) usage >&2; fail "unknown argument: $argument" ;;
    esac
done
if [ ${#purposes[@]} = 0 ]; then
    purposes=(build run test)
fi

if [ $mode = list ]; then
    for purpose in "${purposes[@]}"; do
        awk -v purpose="$purpose" '$1 == purpose { print $2 }' <<<"$packages"
    done | awk '!seen[$0]++'
    exit 0
fi
if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    fail "this is not a Debian system; install by hand what 'packaging/deps.sh --list' names"
fi

mapfile -t list < <(wanted "${purposes[@]}" | awk '!seen[$0]++')
if [ ${#list[@]} -gt 0 ]; then
    mapfile -t list < <(missing "${list[@]}")
fi
lacking="${list[*]}"
if [ $mode = check ]; then
    printf '%s\n' "${list[@]}" | sed '/^$/d'
    [ ${#list[@]} = 0 ]
    exit
fi
if [ ${#list[@]} = 0 ]; then
    printf 'deps: nothing is missing for %s\n' "${purposes[*]}"
    exit 0
fi

find_root
printf 'deps: installing %s packages for %s:\n' "${#list[@]}" "${purposes[*]}"
printf '%s\n' "${list[@]}" | paste -s -d ' ' | fold -s -w 96 | sed 's/^/  /'
apt update
# --no-remove: rather stop than take away something that the user put there.
apt install -y --no-install-recommends --no-remove "${list[@]}"
still=$(missing "${list[@]}" | tr '\n' ' ')
if [ -n "$still" ]; then
    fail "apt-get reported success, but these are not installed: $still"
fi
printf 'deps: installed\n'
