#!/bin/bash
# pages_test.sh - man page, reference and completions in the tree are those that gen writes, and the
# programs they are for can read them. usage: pages_test.sh FOLDER-OF-PROGRAMS SOURCE-TREE [--write]
root=$2
write=${3:-}
. "$(dirname "$0")/house.sh"

# page FILE ARGUMENT...
page()
{
    local file=$root/$1
    shift
    run 0 "$@"
    if [ "$write" = --write ]; then
        mkdir -p "$(dirname "$file")" && cp out "$file"
    fi
    cmp -s out "$file" || {
        echo "$file is not what gen $* prints; write it again: tests/cli/pages_test.sh BIN TREE --write"
        failures=$((failures + 1))
    }
}

page packaging/man/gen.1 help --man
page docs/cli.md help --markdown
page packaging/completion/gen.bash completion bash
page packaging/completion/_gen completion zsh
page packaging/completion/gen.fish completion fish

bash -n "$root/packaging/completion/gen.bash" || failures=$((failures + 1))
if command -v zsh >/dev/null; then
    zsh -n "$root/packaging/completion/_gen" || failures=$((failures + 1))
fi
if command -v fish >/dev/null; then
    fish -n "$root/packaging/completion/gen.fish" || failures=$((failures + 1))
fi
if command -v groff >/dev/null; then
    groff -man -ww -z "$root/packaging/man/gen.1" 2>warnings
    holds ! -s warnings
fi

# Completion in bash, as if a user pressed Tab.
complete_words()
{
    bash -c 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _gen; echo "${COMPREPLY[*]}"' \
        bash "$root/packaging/completion/gen.bash" "$@" >out
}
complete_words gen do
has out '^down doctor$'
complete_words gen run --id
has out '^--idempotency-key$'
complete_words gen jobs --status can
has out '^canceling canceled$'
complete_words gen --json comp
has out '^completion$'
complete_words gen completion z
has out '^zsh$'
touch brief.yaml
complete_words gen run br
has out '^brief.yaml$'
complete_words gen run --out ''
hasnt out 'brief'
complete_words gen policy ch
has out '^check$'
complete_words gen policy --json test --cov
has out '^--coverage$'
complete_words gen policy fmt br
has out '^brief.yaml$'
