# Sourced by the tests beside it: a scratch folder, and checks that count what failed.
# Thread: none. Usage: source check.sh; start PROGRAM; ...; finish
start() {
    gen_media=$1
    failures=0
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    cd "$scratch" || exit 1
}

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# run EXPECTED_EXIT_CODE ARGUMENTS...: standard output goes to $out, standard error to $errors
run() {
    local expected=$1 code
    shift
    out=$("$gen_media" "$@" 2>errors.txt)
    code=$?
    errors=$(cat errors.txt)
    [ -z "$errors" ] || echo "$errors" # a sanitizer's report must reach ctest
    [ "$code" = "$expected" ] ||
        fail "gen-media $*: exit code $code, not $expected; it said: $out $errors"
}

# has TEXT...: each is part of the last output
has() {
    local text
    for text in "$@"; do
        case $out in
        *"$text"*) ;;
        *) fail "\"$text\" is not in: $out" ;;
        esac
    done
}

lacks() {
    case $out in
    *"$1"*) fail "\"$1\" must not be in: $out" ;;
    esac
}

# color FILE X Y: the pixel's red green blue as three words of high, middle or low
color() {
    ffmpeg -v error -i "$1" -vf "format=rgb24,crop=1:1:$2:$3" -frames:v 1 -f rawvideo - |
        od -An -tu1 | awk '{ for (i = 1; i <= 3; i++)
            printf("%s%s", ($i > 170 ? "high" : ($i < 85 ? "low" : "middle")),
                (i < 3 ? " " : "\n")) }'
}

shows() {
    local got
    got=$(color "$1" "$2" "$3")
    [ "$got" = "$4" ] || fail "$1 at $2,$3 is $got, not $4"
}

finish() {
    if [ "$failures" -gt 0 ]; then
        echo "$failures checks failed"
        exit 1
    fi
    echo "all checks passed"
}
