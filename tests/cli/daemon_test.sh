#!/bin/bash
# daemon_test.sh - gend started, found, examined and stopped by gen, and what gen says when it is not there.
. "$(dirname "$0")/house.sh"

# Nobody is there: each command says what to do, with the code that says so to scripts.
for command in jobs "job gen_01m81qqjc2h1m667q3j8md7c1b" assets "cancel gen_01m81qqjc2h1m667q3j8md7c1b"; do
    # shellcheck disable=SC2086
    run 3 $command
    has err 'gen up'
done
run 3 --json jobs
has err '^\{"error":\{"code":"unreachable",'

# What starts it is told as it must be typed, with the folder, quoted where a shell needs it.
run 3 jobs
has err "start it with .gen up --state $work/state.$"
run 3 jobs --state "$work/other folder"
has err "start it with .gen up --state '$work/other folder'.$"
run 3 jobs --socket "$work/other.sock"
has err "start it with .gen up --state $work/state --socket $work/other.sock.$"
GEN_SOCKET=$work/env.sock run 3 jobs
has err "start it with .gen up --state $work/state --socket $work/env.sock.$"
(unset GEN_STATE; "$gen" jobs >out 2>err </dev/null; true)
has err 'start it with .gen up.$'

# With --json a mistake is one object, wherever --json stands.
mistake()
{
    run 2 "$@"
    has err '^\{"error":\{"code":"invalid","message":".*"\}\}$'
    holds "$(wc -l <err)" -eq 1
    holds ! -s out
}
mistake --json jobs --limit x
mistake jobs --limit x --json
mistake jobs --limit x -j
mistake jobs --limit x -xj
mistake run --bogus --json
mistake run --bogus brief.yaml --json
mistake --bogus jobs --json
mistake jbos --json
mistake run --json
mistake jobs one --json
mistake jobs --limit --json
mistake jobs --status --json
mistake job nonsense --json
mistake help jbos --json
mistake completion perl --json
mistake --json
run 0 --version --json
has out '^\{"name":"gen","version":'
run 2 run --bogus -- --json # that is an operand
has err '^gen: there is no option --bogus'

# Help for programs: every row of the tables.
run 0 help --json
has out '^\{.*"commands":\[\{"name":"up",.*"exitCodes":\[\{"code":0,'
holds "$(wc -l <out)" -eq 1
run 0 --help --json
has out '^\{.*"commands":\['
run 0 help jobs --json
has out '^\{"name":"jobs",.*"options":\[\{"name":"status",.*"choices":\["queued"'
cp out one
run 0 jobs --json --help
holds "$(cat out)" = "$(cat one)"
run 1 doctor
has out '^fail +gend .*does not answer'
run 0 down
has out 'does not run'
holds ! -e state

# Up, once and again.
run 0 up --listen none
has out 'gend .* is up \(pid [0-9]+\)'
has out "socket +$work/state/gend.sock"
has out "state +$work/state"
run 0 up
has out 'runs already'
has out "^stop it with: gen down --state $work/state$"
run 0 up --state "$work/state" # what stops it must name the folder, too
has out "^stop it with: gen down --state $work/state$"
run 0 up --json
has out '^\{"status":"running","version":"[0-9.]+","pid":[0-9]+,"socket":'
pid=$(sed 's/.*"pid":\([0-9]*\).*/\1/' out)
holds "$(cat state/lock)" = "$pid"

# What a running gend does not take is said, not passed over.
run 0 up --listen none
has out 'runs already'
run 6 up --listen 127.0.0.1:1
has out 'runs already'
has err "it listens on no address; --listen 127.0.0.1:1 was not applied.*gen down --state $work/state.*gen up"
run 6 up --listen 127.0.0.1:1 --json
has err '^\{"error":\{"code":"conflict","message":"gend runs already \(pid [0-9]+\).*was not applied.*","socket":.*,"address":null,"state":'
holds "$(wc -l <err)" -eq 1
holds ! -s out
run 6 up -- --log-level debug
has err 'what stands after -- was not applied'

# It is not ours: its own session, so Ctrl-C in our terminal does not reach it.
holds "$(cut -d' ' -f6 "/proc/$pid/stat")" = "$pid"

# A second gend on the same folder ends, and gen shows why.
run 1 up --socket "$work/other.sock" --listen none
has err 'gend ended at once'
has err 'state|lock|pid'
run 1 up --socket "$work/other.sock" --listen none --json
has err '^\{"error":\{"code":"io","message":"gend ended at once.*","log":\[".*"\]\}\}$'
holds "$(wc -l <err)" -eq 1

run 0 jobs
has err '^no jobs$'
run 0 jobs --json
has out '^\{"jobs":\[\],"next":null\}$'
run 4 job gen_01m81qqjc2h1m667q3j8md7c1b
run 2 job nonsense
has err 'is not the id of a job'
run 4 cancel gen_01m81qqjc2h1m667q3j8md7c1b
run 4 watch gen_01m81qqjc2h1m667q3j8md7c1b
run 4 outputs gen_01m81qqjc2h1m667q3j8md7c1b
run 2 jobs --status faild
has err 'did you mean "failed"'
run 2 jbos
has err 'did you mean "gen jobs"'

# The doctor sees what is there, and what is missing when PATH has nothing.
run 0 doctor
has out '^ok +ready'
has out '^ok +provider +local'
has out '^ok +socket +mode 600'
has out '^ok +sandbox'
has out '^healthy: 0 failures'
run 0 doctor --json
has out '^\{"healthy":true,"checks":\[\{"check":"gend","result":"ok"'
PATH=/nonexistent "$gen" doctor >out 2>err
holds $? -eq 1
/usr/bin/grep -Eq '^fail +ffmpeg' out || { echo "no ffmpeg was not seen"; failures=1; }
chmod 666 state/gend.sock
run 0 doctor
has out '^warn +socket'
chmod 600 state/gend.sock

# Models: a table, and with a provider the rest.
run 0 models
has out '^MODEL +TIER'
hasnt out 'BULK'
run 0 models local
has out '^MODEL +BULK PRICE +ABILITIES$'
has out '^local/studio +- +.*whole storyboards, composes'

# Closed streams are an error, not a crash.
"$gen" version >&- 2>err
holds $? -eq 1
has err 'standard output'

# Without ffmpeg it says so at once, and what to do.
run 0 down
PATH=/nonexistent "$gen" up --listen none >out 2>err
holds $? -eq 1
has err 'ffmpeg.*install'
has err 'takes no jobs'
hasnt err 'level=error'

run 0 down
run 0 up --listen none

# A plugin that is none is refused with its reason.
run 0 down
mkdir plugins && echo 'not a plugin' >plugins/broken.so
run 0 up --listen none -- --plugins "$work/plugins"
run 0 doctor
has out '^warn +plugin +.*broken.so is refused: '

# One that calls itself local does not take the place of ours, unless that is said.
run 0 down
rm plugins/broken.so
cp "$(dirname "$gen")/../lib/plugins/local.so" plugins/mine.so
run 0 up --listen none -- --plugins "$work/plugins"
run 0 doctor
has out '^warn +plugin +.*/plugins/mine.so is refused: the provider id "local" is taken by .*/local.so; .*replace: \[local\]'
run 0 down
printf 'listen: none\nplugins: [%s/plugins]\nreplace: [local]\n' "$work" >replace.yaml
run 0 up -- --config "$work/replace.yaml"
run 0 doctor
hasnt out 'is refused'
has out '^ok +provider +local'

# Over TCP a key is needed.
run 0 down
for _ in 1 2 3 4 5 6 7 8; do # a port that is free
    address=127.0.0.1:$((20000 + RANDOM % 10000))
    "$gen" up --listen "$address" -- --log-level debug >out 2>err && break
done
has out 'is up'
run 0 up --listen "$address"
has out "address +http://$address"
run 6 up --listen none
has err "it listens at http://$address; --listen none was not applied"
unset GEN_STATE
run 1 jobs --server "http://$address"
has err 'GEN_KEY'
run 0 jobs --server "http://$address/" --key "$(cat state/api-key)"
export GEN_KEY
GEN_KEY=$(cat state/api-key)
run 0 doctor --server "http://$address"
unset GEN_KEY
run 2 jobs --server "http://$address" --system
run 3 jobs --server http://127.0.0.1:1
has err 'is the address right'
export GEN_STATE=$work/state

# Whoever watches is not left alone by a restart, whether it was killed or stopped in good order.
printf 'title: Slow\nscenes: [{prompt: slow, duration: 6, overlay: Hello}]\nvariations: [{resolution: 320x180}]\n' >slow.yaml
for way in killed stopped killed; do
    run 0 submit slow.yaml
    timeout 120 "$gen" watch "$(cat out)" --quiet >watched 2>&1 &
    watcher=$!
    sleep 0.7
    if [ "$way" = killed ]; then
        killed "$(cat state/lock)"
    else
        run 0 down
    fi
    run 0 up --listen none
    wait "$watcher"
    holds $? -eq 0
    has watched '^completed: 1 of 1'
done

# Killed: its lock says nothing, and it comes up again.
killed "$(cat state/lock)"
run 0 down
has out 'does not run'
run 0 up --listen none
run 0 down
has out 'is down \(it was pid'
run 3 jobs
run 0 down
