#!/bin/bash
# plugin_test.sh - gen plugin new, check and info, as an author of a plugin uses them; no gend runs.
# usage: plugin_test.sh BIN NAUGHTY (folder of plugins that misbehave)
set -euo pipefail
export LC_ALL=C.UTF-8
bin=$1
naughty=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failed=0
PATH=$bin:$PATH

# expect CODE PATTERN COMMAND...: exit code and a pattern in what it says.
expect()
{
    local code=0 said want=$1 pattern=$2
    shift 2
    said=$("$@" 2>&1) || code=$?
    if [ "$code" != "$want" ] || ! grep -qE -- "$pattern" <<<"$said"; then
        printf '%s: exit code %s, expected %s and "%s":\n%s\n' "$*" "$code" "$want" "$pattern" "$said"
        failed=1
    fi
}

# A new plugin builds without a warning, fits, and says who it is.
expect 0 'make -C acme check' gen plugin new acme
make -C acme CFLAGS='-O1 -Wall -Wextra -Werror' >make.log 2>&1 || { cat make.log; failed=1; }
expect 0 'it fits; acme 0.1.0, 1 model, [0-9]+ calls, 14 recordings' gen plugin check acme/acme.so
expect 0 '"verdict":"fits"' gen plugin check --json acme/acme.so
expect 0 '"verdict": "fits"' "$bin/gen-trial" --quick "$PWD/acme/acme.so" # as gend tries it
# Its health is tried, and no answer that decides nothing is taken for "not billed".
expect 0 '"health": ?[1-9]' gen plugin check --json acme/acme.so
said=$(gen plugin check acme/acme.so)
! grep -q 'taken for not billed' <<<"$said" || { echo "the template: $said"; failed=1; }
expect 0 '^id +acme' gen plugin info acme/acme.so
# What it may be asked for.
expect 0 '^one +2 +5 or 10 s +1280x720 720x1280 960x960 +24 +1 +1000 +- +5 +- ' gen plugin info acme/acme.so
expect 0 'it fits' make -C acme check

# Nothing is overwritten, and names are checked.
expect 6 'acme is there already' gen plugin new acme
expect 0 'other' gen plugin new acme --out other
for name in Acme 'a b' -a '' ../up; do
    expect 2 '' gen plugin new -- "$name"
done
[ ! -e up ] && [ ! -e ../up ]

# A recording that does not agree is told with its place.
sed -i 's/"failure":"quota"/"failure":"auth"/' acme/recordings/video.jsonl
expect 1 'recording "no credit left", step 2: .*failure is "quota", expected is "auth"' \
    gen plugin check acme/acme.so
echo '{"name":' >>acme/recordings/video.jsonl
expect 2 'video.jsonl:[0-9]+: ' gen plugin check acme/acme.so

# Plugins that misbehave.
expect 1 'it asks for the time' gen plugin check "$naughty/naughty1.so"
expect 1 'opens a socket' gen plugin check "$naughty/naughty2.so"
expect 1 'keeps state between calls' gen plugin check "$naughty/naughty4.so"
expect 1 'it crashes' gen plugin check "$naughty/naughty10.so"
expect 4 'there is no such file' gen plugin check nowhere.so
echo text >text.so
expect 1 'text.so: opening: ' gen plugin check text.so
expect 2 'plugin check' gen plugin check
exit "$failed"
