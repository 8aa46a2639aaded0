#!/bin/bash
# expr_test.sh - the command expr: one expression, variables, streams, exit codes, mistakes.
# usage: expr_test.sh FOLDER-OF-PROGRAMS SOURCE-TREE
. "$(dirname "$0")/house.sh"

said() # said TEXT: what the last run printed holds it
{
    grep -qF -- "$1" out err || {
        echo "expected \"$1\" in: $(cat out err)"
        failures=$((failures + 1))
    }
}

run 0 expr '[1, 2, 3].map(n, n * 2)'
said '[2, 4, 6]'
printf 'job:\n  budget: 12.5\n  needs: [avatar]\n' >vars.yaml
run 0 expr "job.budget > 10.0 && 'avatar' in job.needs" --vars vars.yaml
said true
echo '{"n": 3, "number": 1}' >vars.json
run 0 expr 'n + 1' --vars vars.json --json
said '{"value":{"type":"int","value":"4"}}'
run 0 expr "timestamp('2026-07-01T12:00:00Z').getHours('Europe/Berlin')"
said 14

# mistakes: 2 for what does not load, 1 for what fails when it runs
run 2 expr '1 +'
said 'line 1, column 4'
run 2 expr 'numbr + 1' --vars vars.json
said 'did you mean "number"?'
run 1 expr '1 / 0'
said 'division by zero'
run 2 expr "'x'.matches('(a')"
said 'column 13'
run 0 expr '-1 + 3'
said 2
run 0 expr '-(2)'
said -2
run 2 expr
run 2 expr --jsonl 1
echo '[1]' >list.json
run 2 expr 1 --vars list.json

# variables that cannot be read end as a brief does that cannot be read
run 2 expr 1 --vars missing.yaml
said 'there is no file missing.yaml'
run 2 run missing.yaml
mkdir folder.yaml
run 2 expr 1 --vars folder.yaml
run 2 run folder.yaml

# whole numbers are read exactly or not at all
cat >large.json <<'EOF'
{"a": {"b": [1, 18446744073709551615]}}
EOF
run 2 expr 'a.b[1]' --vars large.json
said 'large.json:1:17: a.b[1]: the whole number 18446744073709551615'
said 'uint()'
printf 'most: 9223372036854775807\nleast: -9223372036854775808\nreal: 99999999999999999999.0\n' >edge.yaml
run 0 expr 'most - 1 == 9223372036854775806 && least < 0 && real > 1e19' --vars edge.yaml
said true
for number in 9223372036854775808 -9223372036854775809 0xffffffffffffffffffff +99999999999999999999; do
    printf 'n: 1\nbad: %s\n' "$number" >large.yaml
    run 2 expr 1 --vars large.yaml
    said "large.yaml:2:6: bad: the whole number $number"
done
printf 'n: "18446744073709551615"\n' >quoted.yaml # what the message advises
run 0 expr 'uint(n) - 5u' --vars quoted.yaml
said 18446744073709551610

# text for people is whole, on one line, and nothing in it moves the cursor
run 0 expr "'a\\u0000b\\nc\\td\\u001b[2Je'"
has out '^a\\u0000b\\nc\\td\\u001b\[2Je$'
run 0 expr "[{'k': b'\\x00\\x01'}, 'after']"
has out '^\[\{k: \\u0000\\u0001\}, after\]$'
printf '{"s": "a\\u0000b"}' >nul.json
run 0 expr 's.size()' --vars nul.json
said 3

# optionals are shown; a fault has its place in fields, too
run 0 expr '[optional.none(), optional.of(1)]'
said '[optional.none(), optional.of(1)]'
run 1 expr --json "1 +
 1/0"
has err '^\{"error":\{"code":"invalid","message":"division by zero","line":2,"column":3\}\}$'
run 1 expr '1/0'
has err '^gen: line 1, column 2: division by zero$'
run 2 expr 'math.abss(1)'
has err 'did you mean math\.abs\(\)\?$'

# streams: an answer a line, in order, whatever the lines are
printf '%s\n' '{"expr":"1"}' '{"expr":"1 +"}' 'no json' '{"expr":"x","bindings":{"x":{"type":"uint","value":"7"}}}' \
    '{"expr":"1/0"}' '{"expr":"1 + 1u","disable_check":true}' '{"bindings":{}}' >lines
echo >>lines # an empty line has its answer too
head -c 5000000 /dev/zero | tr '\0' 'x' >>lines
echo >>lines
printf '%s' '{"expr":"2"}' >>lines # without a line end
"$bin/gen" expr --jsonl <lines >out 2>err || failures=$((failures + 1))
[ "$(wc -l <out)" = 10 ] || { echo "10 answers expected: $(cat out)"; failures=$((failures + 1)); }
check_line() # check_line NUMBER BEGINNING
{
    case $(sed -n "$1p" out) in
    "$2"*) ;;
    *) echo "line $1 is $(sed -n "$1p" out), expected $2"; failures=$((failures + 1)) ;;
    esac
}
check_line 1 '{"value":{"type":"int","value":"1"}}'
check_line 2 '{"error":"syntax: '
check_line 3 '{"error":"'
check_line 4 '{"value":{"type":"uint","value":"7"}}'
check_line 5 '{"error":"line 1, column 2: division by zero"}'
check_line 6 '{"error":"line 1, column 3: no such overload: int + uint"}'
check_line 7 '{"error":"'
check_line 8 '{"error":"'
check_line 9 '{"error":"the line is longer'
check_line 10 '{"value":{"type":"int","value":"2"}}'
: >empty.yaml
run 2 expr 1 --vars empty.yaml

# what is costly ends, and soon
printf '{"expr":"%s"}\n' "[0,1,2,3,4,5,6,7,8,9].all(a, [0,1,2,3,4,5,6,7,8,9].all(b, [0,1,2,3,4,5,6,7,8,9].all(c, \
[0,1,2,3,4,5,6,7,8,9].all(d, [0,1,2,3,4,5,6,7,8,9].all(e, [0,1,2,3,4,5,6,7,8,9].all(f, [0,1,2,3,4,5,6,7,8,9].all(g, \
[0,1,2,3,4,5,6,7,8,9].all(h, true))))))))" >lines
"$bin/gen" expr --jsonl <lines >out 2>err || failures=$((failures + 1))
said 'costs too much'
printf '{"expr":"%s"}\n' "$(head -c 100000 /dev/zero | tr '\0' '(')" >lines
"$bin/gen" expr --jsonl <lines >out 2>err || failures=$((failures + 1))
said 'syntax: '
