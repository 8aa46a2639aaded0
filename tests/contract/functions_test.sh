#!/bin/bash
# functions_test.sh - every function of the contract is tried, and a deed in any of them is found.
#
# The functions are read from the headers, so one that is added there and not tried fails here.
# usage: functions_test.sh GEN-TRIAL WAYWARD.so INCLUDE
set -euo pipefail
export LC_ALL=C.UTF-8
trial=$1
plugin=$2
include=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# The function pointers of struct gen_provider and of each extension's struct.
functions()
{
    perl -0777 -ne '
        s{/\*.*?\*/}{}gs;
        while (/^struct (gen_provider|gen_ext_\w+) \{(.*?)^\};/gms) {
            my $body = $2;
            print "$1\n" while $body =~ /(?:\(\*|gen_provider_step_verb \*)(\w+)/g;
        }' "$include"/gen/provider.h "$include"/gen/ext/*.h
}
functions | sort >"$work/header"
[ "$(wc -l <"$work/header")" -ge 11 ] || { echo "the headers cannot be read: $(cat "$work/header")"; exit 1; }

# What the trial says it called, of a plugin that has everything.
said=$("$trial" "$plugin") || { echo "$said"; exit 1; }
perl -ne 'print "$1\n" if /"tried"/ .. /\}/ and /"(\w+)": [1-9]/' <<<"$said" | sort >"$work/tried"
diff "$work/header" "$work/tried" || { echo "the header's functions (<) are not those that are tried (>)"; failed=1; }

# one DEED FUNCTION LATE PATTERN: the message that must come.
one()
{
    local code=0 said name=$2-$1-$3 where=$2
    [ "$1 $2" != "chance configure" ] || where=submit # what it remembers shows later
    printf '{"where":"%s","deed":"%s","late":%s}' "$2" "$1" "$3" >"$work/$name.json"
    said=$("$trial" --quick --seconds 100 --settings "$work/$name.json" "$plugin") || code=$?
    if [ "$code" != 1 ] || ! perl -0777 -ne "exit !/\"where\": \"([^\"]*($where)|load)[^\"]*\",\s*\"message\": \"$4/" <<<"$said"; then
        printf '%s in %s (late: %s): exit code %s, expected "%s":\n%s\n' "$1" "$2" "$3" "$code" "$4" "$said"
        return 1
    fi
}

while read -r deed message; do
    for function in $(cat "$work/header"); do
        one "$deed" "$function" false "$message" || failed=1
        case $function in
        submit | poll | fetch | recover | cancel | health) one "$deed" "$function" true "$message" || failed=1 ;;
        esac
    done
done <<'DEEDS'
time it asks for the time
file it does I.O of its own: opens a file
leak [0-9]+ bytes stay allocated
crash it crashes
hang it does not come to an end
state it keeps state between calls
getenv it looks into the environment
environ it looks into the environment
chance .*(chance|two different)
DEEDS
exit "$failed"
