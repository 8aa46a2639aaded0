#!/bin/bash
# hand_test.sh - what people decide: a job rests and goes on, a video is accepted and rejected; what cannot
# be done says why, with its exit code. Retries and findings: tests/api/hand_test.c, attention_test.sh.
. "$(dirname "$0")/house.sh"

cat >brief.yaml <<'END'
title: Hand
budget: 1
variations: [{name: wide, resolution: 320x180}, {name: tall, resolution: 180x320}]
scenes:
  - {prompt: slow, duration: 4, overlay: Hello}
END
run 0 up --listen none
run 0 submit brief.yaml
job=$(cat out)
run 0 pause "$job" --reason 'the client called'
has out "^$job: paused"
has out 'gen watch'
run 0 job "$job" --json
has out '"paused":true'
run 0 resume "$job"
has out "^$job: goes on"
run 0 watch "$job" --quiet
has out '^completed: 2 of 2'
run 0 audit --job "$job" --json
has out '"type":"job\.paused"'
has out 'the client called'

# Nothing failed, and it is over.
run 6 retry "$job"
has err 'has failed'
run 6 pause "$job"
has err 'is over already'
run 6 resolve "$job" --as lost
has err 'is over already'

# Videos: the last word counts.
run 0 outputs "$job" --json
output=$(sed 's/.*"outputId":"\(out_[0-9a-z]*\)".*/\1/' out)
run 0 accept "$output"
has out "^$output: accepted$"
run 0 reject "$output" -r 'the logo is upside down' --json
has out '"verdict":"rejected"'
run 0 job "$job" --json
has out 'the logo is upside down'

# Mistakes.
run 2 pause nobody
has err 'is not the id of a job'
run 2 accept "$job"
has err 'is not the id of a video'
run 4 pause gen_00000000000000000000000000
run 4 reject out_00000000000000000000000000
run 2 resolve "$job"
has err 'say what became of the order'
run 2 resolve "$job" --as gone
run 2 resolve "$job" --as found
has err 'handle'
run 2 resolve "$job" --as lost --cost much
has err 'cost'
run 2 retry "$job" --model x
run 0 down
finish
