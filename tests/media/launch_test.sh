#!/bin/bash
# gen-media run and doctor: what a program can and cannot do behind the launcher.
# Usage: launch_test.sh PROGRAM
source "$(dirname "$0")/check.sh"
start "$1"
mkdir work other
echo secret >other/secret
echo open >other/open

run 0 doctor
has '"seccomp":true' '"landlock":' '"libavcodec"'
landlock=true
case $out in
*'"landlock":0'*)
    landlock=false
    echo "this kernel has no Landlock: files outside are guarded by their modes only, not tested"
    ;;
esac

# --- exit codes pass through; what never ran has its own
run 7 run -- bash -c 'exit 7'
run 0 run -- true
run 127 run -- no-such-program
run 127 run -- ./no-such-program
touch plain
run 126 run -- ./plain
run 125 run
run 125 run --reed x -- true
run 125 run --write missing -- true
run 125 run --parent 1 -- true
"$gen_media" run --parent $$ -- true || fail "its parent is $$ and it says no"
run 143 run -- bash -c 'kill -TERM $$'

# --- no network, no other process, no signals to others
run 1 run -- bash -c 'exec 3<>/dev/tcp/127.0.0.1/9'
case $errors in *"socket: Permission denied"*) ;; *) fail "socket was not denied: $errors" ;; esac
run 254 run -- bash -c '(exit 3)' # bash's code for a fork that failed
run 3 run --processes 0 -- bash -c '(exit 3)'
run 1 run -- bash -c "kill -0 $$"

# --- files
run 0 run --write work -- bash -c "echo hi > $scratch/work/made"
[ "$(cat work/made)" = hi ] || fail "nothing was written to the --write folder"
[ "$(stat -c %a work/made)" = 600 ] || fail "others may read what it made"
run 0 run --read other/open -- bash -c "read word < $scratch/other/open; [ \$word = open ]"
if $landlock; then
    run 1 run --write work -- bash -c "echo no > $scratch/other/made"
    [ ! -e other/made ] || fail "it wrote outside"
    run 1 run --read other/open -- bash -c "read word < $scratch/other/secret"
    run 1 run --read other -- bash -c "echo no > $scratch/other/open"
    [ "$(cat other/open)" = open ] || fail "it changed what it may only read"
    run 1 run -- bash -c 'read word < /etc/passwd'
fi

# --- a clean environment, no open files, no core dumps
export GEN_SECRET=hidden
exec 9<other/secret
run 0 run --write work --processes 0 -- bash -c \
    "[ -z \"\$GEN_SECRET\" ] && [ \$HOME = $scratch/work ] && [ \$TMPDIR = $scratch/work ] &&
     [ \$LANG = C.UTF-8 ] && [ -n \"\$PATH\" ] && [ \$(ulimit -c) = 0 ]"
run 1 run -- bash -c 'read word <&9'
exec 9<&-
run 0 run -- perl -e 'exit(getpgrp() == $$ ? 0 : 1)' # a group of its own

# --- limits
run 0 run --memory-mb 300 -- awk 'BEGIN { exit 0 }'
"$gen_media" run --memory-mb 300 -- awk \
    'BEGIN { s = "x"; for (i = 0; i < 30; i++) s = s s; exit length(s) > 0 ? 0 : 1 }' \
    >/dev/null 2>&1 && fail "it took more than --memory-mb"
run 152 run --cpu-seconds 1 -- bash -c 'while :; do :; done'
run 153 run --file-mb 1 --write work -- bash -c \
    "printf -v block '%1048576s' x; printf '%s%s' \"\$block\" \"\$block\" > $scratch/work/large"
[ "$(stat -c %s work/large)" -le 1048576 ] || fail "it wrote more than --file-mb"

# --- it dies with its parent, even when that is killed without a chance to clean up
bash -c '"$1" run -- sleep 1000 & echo $! >child; wait' bash "$gen_media" &
parent=$!
for try in $(seq 100); do
    [ -s child ] && [ "$(cat "/proc/$(cat child)/comm" 2>/dev/null)" = sleep ] && break
    sleep 0.1
done
kill -9 "$parent"
wait "$parent" 2>/dev/null
dead=false
for try in $(seq 100); do
    # nobody may have collected it yet: a zombie is dead
    state=$(sed -n 's/^State:\t\(.\).*/\1/p' "/proc/$(cat child)/status" 2>/dev/null)
    if [ -z "$state" ] || [ "$state" = Z ]; then
        dead=true
        break
    fi
    sleep 0.1
done
$dead || fail "it outlived its parent (state $state)"

# --- and what it is for: ffmpeg on a file from outside
ffmpeg -v error -nostdin -y -f lavfi -i testsrc2=s=64x64:d=1 in.mp4 || fail "ffmpeg"
run 0 run --read in.mp4 --write work -- ffmpeg -v error -nostdin -y -i in.mp4 \
    -vf scale=32:32 work/out.mp4
run 0 probe work/out.mp4
has '"width":32'
printf '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n' >in.m3u8
run 1 run --read in.m3u8 --write work -- ffmpeg -v error -nostdin -y -protocol_whitelist \
    file,http,tcp -i in.m3u8 work/never.mp4
[ ! -e work/never.mp4 ] || fail "a playlist was followed"
finish
