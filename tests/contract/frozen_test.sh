#!/bin/bash
# frozen_test.sh - a plugin built with the header of 1.0 fits this engine, and today's header has grown at the
# ends of its structs only.
# usage: frozen_test.sh GEN-TRIAL FROZEN.so INCLUDE FROZEN-INCLUDE
set -euo pipefail
export LC_ALL=C.UTF-8
trial=$1
plugin=$2
now=$3
frozen=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$trial" "$plugin" >"$work/said" || { cat "$work/said"; exit 1; }

# Every member of every struct of the contract: name, offset and size, as each header lays them out.
layout()
{
    local header=$1/gen/provider.h
    {
        echo '#include <gen/provider.h>'
        echo '#include <stdio.h>'
        echo 'int main(void) {'
        perl -0777 -ne '
            s{/\*.*?\*/}{}gs;
            while (/^struct (gen_\w+) \{(.*?)^\};/gms) {
                my ($name, $body) = ($1, $2);
                while ($body =~ /([^;]+);/g) {
                    my $line = $1;
                    if ($line =~ /\(\*(\w+)\)/) { push @{$m{$name}}, $1; next }
                    my ($first, @more) = split /,/, $line;
                    for my $part ($first, @more) {
                        $part =~ /(\w+)\s*(?:\[[^\]]*\])?\s*$/ and push @{$m{$name}}, $1;
                    }
                }
            }
            for my $s (sort keys %m) {
                printf "printf(\"%s.%s %%zu %%zu\\n\", offsetof(struct %s, %s), sizeof(((struct %s *)0)->%s));\n",
                    $s, $_, $s, $_, $s, $_ for @{$m{$s}};
            }
            s/^#.*$//gm;
            while (/\b(GEN_[A-Z0-9_]+) = /g) { print "printf(\"$1 %lld 0\\n\", (long long)$1);\n" }
        ' "$header"
        echo 'return 0; }'
    } >"$work/layout.c"
    cc -std=gnu11 -w -I"$1" -o "$work/layout" "$work/layout.c"
    "$work/layout"
}

layout "$frozen" | sort >"$work/then"
layout "$now" | sort >"$work/today"
[ "$(wc -l <"$work/then")" -gt 250 ] || { echo "only $(wc -l <"$work/then") members were found"; exit 1; }
if ! comm -23 "$work/then" "$work/today" | tee "$work/changed" | grep -q .; then
    exit 0
fi
echo "these members of 1.0 moved, changed their size, or are gone:"
cat "$work/changed"
exit 1
