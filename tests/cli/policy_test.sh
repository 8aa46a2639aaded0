#!/bin/bash
# policy_test.sh - gen policy as ops use it: every kind of mistake is told once and at its place, the shipped
# policies pass their own tests, and explain, diff, fmt, schema and reference do what they say.
# usage: policy_test.sh FOLDER-OF-PROGRAMS SOURCE-TREE
root=$(cd "$2" && pwd)
. "$(dirname "$0")/house.sh"
unset GEN_POLICIES

fresh()
{
    rm -rf policies
    cp -r "$root/policies" policies
}

# wrong CODE PATTERN [PATTERN...]: check ends with CODE; each pattern is a line of what it says, and there
# is exactly one line for each mistake
wrong()
{
    local code=$1
    shift
    run "$code" policy check policies
    cat err >>out
    for pattern in "$@"; do
        has out "$pattern"
    done
    if [ "$code" -eq 2 ]; then
        holds "$(grep -Ec '^policies/[^ ]*:[0-9]+:[0-9]+: ' out)" -eq $#
        has out "^policies: $# mistake"
    fi
    hasnt out 'Sanitizer|runtime error|core dumped'
}

# edit FILE SED-EXPRESSION: must change something
edit()
{
    cp "policies/$1" before
    sed -i -E "$2" "policies/$1"
    ! cmp -s before "policies/$1" || { echo "$1: '$2' changes nothing"; failures=$((failures + 1)); }
}

# ---- the shipped ones

fresh
run 0 policy check policies
has out '^policies: in order, [0-9]+ files, 0 warnings, version [0-9a-f]{12}$'
run 0 policy check # the folder here is the usual one
has out '^policies: in order'
run 0 policy check policies --json
has out '^\{"folder":"policies","valid":true,"version":"[0-9a-f]{64}","mistakes":0,"warnings":0,"problems":\[\],"notes":\[\]\}$'
run 0 policy fmt --check
mkdir elsewhere
(cd elsewhere && GEN_POLICIES=$work/policies "$gen" policy check >../out 2>../err)
has out "^$work/policies: in order"

# ---- every kind of mistake, one message each

fresh && edit routing.yaml 's/^( +)parallel: 3/\1parallel: three/'
wrong 2 '^policies/routing.yaml:[0-9]+:[0-9]+: strategies\.parallel_quality\.parallel: .*whole number'
fresh && edit routing.yaml 's/^strategy: balanced/strateggy: balanced/'
wrong 2 '^policies/routing.yaml:[0-9]+:[0-9]+: strateggy: .*did you mean .?strategy'
fresh && edit routing.yaml 's/job\.urgency > 0\.8/job.urgancy > 0.8/'
wrong 2 '^policies/routing.yaml:[0-9]+:[0-9]+: rules\.short of time\.when: .*urgancy.*urgency'
fresh && edit routing.yaml 's/job\.urgency > 0\.8/job.urgency > "high"/'
wrong 2 '^policies/routing.yaml:[0-9]+:[0-9]+: rules\.short of time\.when: '
fresh && edit routing.yaml 's/job\.urgency > 0\.8/job.urgency + 0.8/'
wrong 2 '^policies/routing.yaml:[0-9]+:[0-9]+: rules\.short of time\.when: .*bool'
fresh && edit routing.yaml 's/job\.urgency > 0\.8/job.urgency > /'
wrong 2 '^policies/routing.yaml:[0-9]+:[0-9]+: rules\.short of time\.when: '
fresh && edit routing.yaml 's/strategy: fastest/strategy: fastset/'
wrong 2 '^policies/routing.yaml:[0-9]+:[0-9]+: .*fastset.*fastest'
fresh && edit routing.yaml 's/extends: best_quality/extends: parallel_quality/'
wrong 2 '^policies/routing.yaml:[0-9]+:[0-9]+: strategies\.parallel_quality.*(circle|cycle|itself)'
fresh && edit routing.yaml 's/^  quality: candidate\.quality \/ 10\.0/  quality: score.balanced/'
wrong 2 '^policies/routing.yaml:[0-9]+:[0-9]+: scores\..*(circle|cycle|itself|each other)'
fresh && edit routing.yaml 's/1\.0 \/ \(1\.0 \+ candidate\.load\)/1 \/ 0/'
wrong 2 '^policies/routing.yaml:[0-9]+:[0-9]+: scores\.ease\.formula: .*division by zero'
fresh && edit routing.yaml 's/1\.0 \/ \(1\.0 \+ candidate\.load\)/1.0 % 0.0 + 1.0 \/ 0.0/'
wrong 2 '^policies/routing.yaml:[0-9]+:18: scores\.ease\.formula: .*(division by zero|no such overload)' \
    '^policies/routing.yaml:[0-9]+:30: scores\.ease\.formula: .*division by zero' # both of them
fresh && edit routing.yaml 's/job\.urgency > 0\.8/job.title.matches("((a{1,100}){1,100}){1,100}")/'
wrong 2 '^policies/routing.yaml:[0-9]+:[0-9]+: rules\.short of time\.when: '
fresh && edit routing.yaml 's/job\.urgency > 0\.8/job.title.matches("(a")/'
wrong 2 '^policies/routing.yaml:[0-9]+:[0-9]+: rules\.short of time\.when: '
fresh && printf '\tsimple: 1\n' >>policies/routing.yaml
wrong 2 '^policies/routing.yaml:[0-9]+:[0-9]+: .*tab'
fresh && printf 'strategy: cheapest\n' >>policies/routing.yaml
wrong 2 '^policies/routing.yaml:[0-9]+:1: .*strategy.*(twice|already|again|duplicate)'
fresh && printf 'rules: [\n' >policies/routing.yaml
wrong 2 '^policies/routing.yaml:[0-9]+:[0-9]+: '
fresh && printf 'a: &x 1\nb: *x\n' >policies/routing.yaml
wrong 2 '^policies/routing.yaml:1:[0-9]+: .*anchor'
fresh && printf 'strategy: "\xff"\n' >policies/routing.yaml
wrong 2 '^policies/routing.yaml:1:[0-9]+: .*UTF-8'
fresh && : >policies/routing.yaml
run 2 policy check policies
has out '^policies/routing.yaml: the file is empty$'
fresh && edit budget.yaml 's/jobDefault: 10\.00/jobDefault: -1/'
wrong 2 '^policies/budget.yaml:[0-9]+:[0-9]+: jobDefault: '
fresh && edit budget.yaml 's/timeZone: UTC/timeZone: Europe\/Berlim/'
wrong 2 '^policies/budget.yaml:[0-9]+:[0-9]+: timeZone: .*Berlim'
fresh && edit access.yaml 's/^plan: business/plan: buisness/'
wrong 2 '^policies/access.yaml:[0-9]+:[0-9]+: plan: .*buisness.*business'
fresh && edit providers/veo.yaml 's/"2026-06-30"/"2026-06-31"/'
wrong 2 '^policies/providers/veo.yaml:[0-9]+:[0-9]+: models\.veo-3\.0-generate-001\.endOfLife: '
fresh && edit providers/kling.yaml 's/^id: kling/id: klingon/'
run 2 policy check policies
has out '^policies/providers/kling.yaml:[0-9]+:5: id: .*klingon.*kling.yaml'

# Several mistakes in several files: all of them at once, in order.
fresh && edit routing.yaml 's/job\.urgency > 0\.8/job.urgancy > 0.8/'
edit budget.yaml 's/jobDefault: 10\.00/jobDefault: ten/'
edit quality.yaml 's/^thresholds:/treshholds:/'
run 2 policy check policies
has out '^policies: 3 mistakes'
holds "$(grep -E '^policies/' out | cut -d: -f1 | tr '\n' ' ')" = \
    "policies/budget.yaml policies/quality.yaml policies/routing.yaml "
run 2 policy check policies --json
has out '"valid":false,"version":null,"mistakes":3,.*"file":"policies/budget.yaml","line":[0-9]+,"column":[0-9]+,"path":"jobDefault","message":".*","severity":"error"'

# Nothing hides anything: keys, types, names, rules of several keys, expressions, chains and tests together.
fresh && edit routing.yaml 's/extends: best_quality/extends: best_qualty/'
edit routing.yaml 's/job\.urgency > 0\.8/job.urgancy > 0.8/'
edit routing.yaml 's/models: \[kling\]/models: [klng]/'
edit routing.yaml 's/^strategy: balanced/strateggy: balanced/'
edit routing.yaml 's/from: 7/from: 4/'
edit access.yaml 's/^plan: business/plan: buisness/'
edit budget.yaml 's/jobDefault: 10\.00/jobDefault: 99999/'
printf 'a: [\n' >policies/retry.yaml
printf 'cases:\n  - {name: a, expcet: {tier: 1}}\n  - {name: a, expect: {tier: 4}, brief: gone.yaml}\n' >policies/tests/mine.yaml
wrong 2 '^policies/routing.yaml:[0-9]+:14: strategies\.parallel_quality\.extends: there is no "best_qualty" in strategies; did you mean "best_quality"' \
    '^policies/routing.yaml:[0-9]+:[0-9]+: rules\.short of time\.when: .*urgancy' \
    '^policies/routing.yaml:[0-9]+:[0-9]+: rules\.styles\.prefer\.models\[0\]: there is no provider "klng"' \
    '^policies/routing.yaml:[0-9]+:1: strateggy: unknown key' \
    '^policies/routing.yaml:[0-9]+:[0-9]+: tiers: tiers stand in rising order' \
    '^policies/access.yaml:[0-9]+:[0-9]+: plan: .*buisness' \
    '^policies/budget.yaml:1?[0-9]?[0-9]:1: jobDefault lies above jobMost' \
    '^policies/retry.yaml:2:1: not YAML' \
    '^policies/tests/mine.yaml:2:15: cases\[0\]\.expcet: unknown key "expcet" in case; did you mean "expect"' \
    '^policies/tests/mine.yaml:3:5: cases: two cases are called "a"' \
    '^policies/tests/mine.yaml:3:30: cases\[1\]\.expect\.tier: must be between 1 and 3' \
    '^policies/tests/mine.yaml:3:41: .*gone.yaml'
fresh && edit routing.yaml 's/^    extends: balanced/    extends: per_scene/'
wrong 2 'strategies\.per_scene\.extends: a cycle of `extends`: per_scene -> per_scene'
fresh && edit access.yaml 's/^( +)(enterprise:.*)/\1one: {extends: two}\n\1two: {extends: one}\n\1\2/'
wrong 2 'plans\.one\.extends: a cycle of `extends`: one -> two -> one' # once, not for each of them
fresh && printf 'cases:\n  - {name: a, expect: {tier: 4}}\n' >policies/tests/mine.yaml # gend would not mind
run 2 policy check policies --json
has out '"valid":false,"version":"[0-9a-f]{64}","mistakes":1,'

# A fact that may not be there is a warning, and a failure for those who want it.
fresh && edit routing.yaml 's/job\.urgency > 0\.8/job.deadlineIn < 60.0/'
line=$(grep -n 'job.deadlineIn' policies/routing.yaml | cut -d: -f1)
run 0 policy check policies
has out "^policies/routing.yaml:$line:15: rules\\.short of time\\.when: warning: job\\.deadlineIn is not always there; guard it: has\\(job\\.deadlineIn\\) && \\.\\.\\.$"
has out '^policies: in order, .* 1 warning,'
run 2 policy check policies --strict
has out 'warning: job\.deadlineIn'
run 0 policy check policies --json
has out '"valid":true,.*"mistakes":0,"warnings":1,.*"severity":"warning"'
edit routing.yaml 's/job\.deadlineIn < 60\.0/has(job.deadlineIn) \&\& job.deadlineIn < 60.0/'
run 0 policy check policies --strict
has out ' 0 warnings,'
run 0 policy check "$root/policies" --strict

# Files that are missing, too large, or cannot be read.
fresh && rm policies/retry.yaml
run 2 policy check policies
has out '^policies/retry.yaml: .*(missing|not there|no file|there is no)'
fresh && head -c 5242880 /dev/zero | tr '\0' '#' >policies/schedule.yaml
run 2 policy check policies
has out '^policies/schedule.yaml: .*(larger|large|at most|bytes)'
run 2 policy check nowhere
has err 'nowhere'
run 2 policy check "$root/README.md"
has err 'README.md'
if [ "$(id -u)" -ne 0 ]; then
    fresh && chmod 000 policies/retry.yaml
    run 2 policy check policies
    has out '^policies/retry.yaml: '
    chmod 600 policies/retry.yaml
fi
(cd elsewhere && XDG_CONFIG_HOME=$work/none "$gen" policy check >../out 2>../err)
code=$?
if [ "$code" -ne 0 ]; then # no installed defaults beside this program
    holds "$code" -eq 2
    has err 'there are no policies.*GEN_POLICIES'
fi

# Deep and large things end in a message.
fresh && edit routing.yaml "s/job\\.urgency > 0\\.8/$(printf '(%.0s' $(seq 2000))1$(printf ')%.0s' $(seq 2000)) == 1/"
wrong 2 '^policies/routing.yaml:[0-9]+:[0-9]+: rules\.short of time\.when: '
fresh && { printf 'a: '; printf '[%.0s' $(seq 3000); } >policies/routing.yaml
wrong 2 '^policies/routing.yaml:[0-9]+:[0-9]+: .*deep'
fresh && edit routing.yaml "s/job\\.urgency > 0\\.8/'\"\\\\x1b[2J\" == job.title'/"
run 0 policy check policies # a value like any other
fresh && printf '"\\e[2J": 1\n' >>policies/quality.yaml
run 2 policy check policies
holds -z "$(tr -d '\n\t -~\200-\377' <out)" # nothing that moves a cursor

# ---- verbs and options

run 2 policy
has err 'gen policy needs VERB; see gen help policy'
run 2 policy chekc
has err 'did you mean "gen policy check"'
run 2 policy chekc --json
has err '^\{"error":\{"code":"invalid",'
run 2 policy check --1
has err 'there is no option --1; what begins with a dash and is none stands after --: -- "--1"'
run 2 policy fmt --help=1
run 0 policy fmt --help
hasnt out '[^ ] -$'
run 2 policy check --coverage
has err 'there is no option --coverage'
run 2 policy check a b
has err 'gen policy check does not take "b"'
run 2 policy explain
has err 'gen policy explain needs BRIEF'
run 2 policy diff policies policies
has err 'needs --briefs'
run 0 policy --help
has out '^  explain BRIEF \[DIR\]|^  policy explain BRIEF \[DIR\]'
run 0 policy test --help
has out '^gen policy test - '
run 0 help policy test
has out '^gen policy test - '
run 2 help policy tset
has err 'there is no "gen policy tset"'
run 0 --json policy check "$root/policies"
has out '"valid":true'
run 0 policy --json check "$root/policies"
has out '"valid":true'

# ---- test

fresh
run 0 policy test policies --coverage
has out '^[0-9]+ cases in [0-9]+ files: [0-9]+ right, 0 wrong, 0 skipped$'
holds "$(sed -n 's/^\([0-9]*\) cases in .*/\1/p' out)" -ge 40
has out '^  rules +[0-9]+ of [0-9]+'
has out '^  strategies +7 of 7$'
has out '^  rules +12 of 13; never: switched off soon$' # no model has a date to go by
has out '^  filters +([0-9]+) of \1; out of reach in these policies: end_of_life, .*score$'
run 0 policy test policies --junit junit.xml
has junit.xml '^<testsuites name="policies" tests="[0-9]+" failures="0" skipped="0">$'
if command -v xmllint >/dev/null; then
    xmllint --noout junit.xml || failures=$((failures + 1))
fi
run 0 policy test policies --json
has out '^\{"cases":[0-9]+,"passed":[0-9]+,"failed":0,.*"coverage":\{"rules":\{"used":'
holds "$(wc -l <out)" -eq 1

# A policy that decides otherwise fails the cases, and says what came out.
edit providers/veo.yaml 's/perSecond: 0\.08/perSecond: 9.99/'
run 1 policy test policies --junit junit.xml
has out '^policies/tests/[a-z_-]+\.yaml:[0-9]+:[0-9]+: '
has out '^    [a-zA-Z]+ +expected '
has out '^ +got '
has out '^[0-9]+ cases in [0-9]+ files: [0-9]+ right, [1-9][0-9]* wrong, 0 skipped$'
has junit.xml '<failure message="'
run 1 policy test policies --json
has out '"status":"failed","differences":\[\{"key":"[a-zA-Z]+","expected":"'
edit routing.yaml 's/job\.urgency > 0\.8/job.urgancy > 0.8/'
run 2 policy test policies
has err '^policies/routing.yaml:[0-9]+:[0-9]+: '

# Test files with mistakes of their own.
fresh
suite()
{
    printf "$1" >policies/tests/mine.yaml
    run "$2" policy test policies
    cat err >>out
    has out "$3"
}
suite 'cases:\n  - name: a\n    expcet: {tier: 1}\n' 2 '^policies/tests/mine.yaml:3:[0-9]+: cases\[0\]\.expcet: .*did you mean .?expect'
suite 'cases:\n  - name: a\n' 2 '^policies/tests/mine.yaml:2:5: cases\[0\].*expect'
suite 'cases:\n  - {name: a, expect: {}}\n' 2 'expects nothing'
suite 'cases:\n  - {name: a, expect: {tier: 4}}\n' 2 '^policies/tests/mine.yaml:2:.*tier.*between 1 and 3'
suite 'cases:\n  - {name: a, expect: {error: x, models: [a/b]}}\n' 2 'both models and an error'
suite 'cases:\n  - {name: a, expect: {costEstimate: {min: 2, max: 1}}}\n' 2 'min is more than max'
suite 'cases:\n  - {name: a, expect: {rejected: [a]}}\n' 2 'map of models to texts'
suite 'cases:\n  - {name: a, expect: {tier: 1}}\n  - {name: a, expect: {tier: 1}}\n' 2 'two cases are called "a"'
suite 'cases: []\n' 2 '^policies/tests/mine.yaml:1:'
suite 'case: []\n' 2 'did you mean .?cases'
suite 'snapshot: gone.yaml\ncases:\n  - {name: a, expect: {tier: 1}}\n' 2 '^policies/tests/mine.yaml:1:.*gone.yaml'
suite 'cases:\n\t- a\n' 2 '^policies/tests/mine.yaml:2:.*tab'
suite 'cases:\n  - {name: no brief, expect: {tier: 1}}\n' 2 '^policies/tests/mine.yaml:2:5: scenes: missing key'
has out ', 0 wrong, 0 skipped; 1 file has mistakes and was not run$'
suite 'brief: {scenes: [{prompt: x, duration: long}]}\ncases:\n  - {name: bad brief, expect: {tier: 1}}\n' 2 \
    '^policies/tests/mine.yaml:1:[0-9]+: scenes\[0\]\.duration: '
suite 'brief: {scenes: [{prompt: x, duration: 5}]}\ncases:\n  - {name: bad world, snapshot: {nwo: 1}, expect: {tier: 1}}\n' 2 \
    '^policies/tests/mine.yaml:3:[0-9]+: .*nwo.*now'
suite 'brief: {scenes: [{prompt: x, duration: 5}]}\ncases:\n  - {name: later, skip: not yet, expect: {tier: 1}}\n' 0 '1 skipped$'
suite 'brief: {scenes: [{prompt: x, duration: 5}]}\ncases:\n  - {name: deliver, brief: {deliver: [youtube-shrots]}, expect: {tier: 1}}\n' 2 \
    '^policies/tests/mine.yaml:3:[0-9]+: deliver: .*youtube-shrots".*"youtube-shorts"'
# Names that nobody has: gen policy check tells them, too, and one line for each.
fresh
printf 'brief: {scenes: [{prompt: x, duration: 5}]}\ncases:\n  - {name: a, expect: {avoid: [klng], rules: [presenter], strategy: balancd, needs: [avatr]}}\n  - {name: b, snapshot: {models: {kling/kling-4: null}, team: {plan: startr}}, expect: {tier: 1}}\n' >policies/tests/mine.yaml
wrong 2 '^policies/tests/mine.yaml:3:.*expect\.avoid: .*"klng"; did you mean "kling"' \
    '^policies/tests/mine.yaml:3:.*expect\.rules: .*did you mean "presenters"' \
    '^policies/tests/mine.yaml:3:.*expect\.strategy: .*did you mean "balanced"' \
    '^policies/tests/mine.yaml:3:.*expect\.needs: .*did you mean "avatar"' \
    '^policies/tests/mine.yaml:4:.*snapshot\.models: .*"kling/kling-4"' \
    '^policies/tests/mine.yaml:4:.*snapshot\.team\.plan: .*did you mean "starter"'
rm -r policies/tests
run 2 policy test policies
has err 'there are no tests'

# ---- explain

fresh
cat >brief.yaml <<'BRIEF'
title: A kettle
scenes:
  - {prompt: A kettle boils at dawn, duration: 5}
  - {prompt: She pours tea, duration: 5}
budget: 5
BRIEF
run 0 policy explain brief.yaml policies
has out '^policies +policies, version [0-9a-f]{12}$'
has out '^snapshot +policies/tests/snapshot.yaml, as of 20'
has out '^decision +'
has out '^strategy +balanced \('
has out '^complexity +[0-9.]+ of 10, tier [123]'
has out '^generated scenes +1 +\+4\.00'
has out '^ +\*1 +[a-z]+/'
has out '^rejected +by +why$'
has out '^supplied material +no '
run 0 policy explain brief.yaml policies --strategy parallel_quality
has out '^ +\*[2-9] '
has out '^strategy +parallel_quality \(named by the user\)'
run 0 policy explain brief.yaml policies --json
has out '^\{"brief":"brief.yaml","policies":"policies","snapshot":".*","verdict":"ok","refusal":null,"decision":\{'
holds "$(wc -l <out)" -eq 1
run 0 policy explain brief.yaml # no gend: the folder here
has out '^policies +policies, version'
"$gen" policy explain - policies <brief.yaml >out 2>err
has out '^decision '
printf 'extends: policies/tests/snapshot.yaml\nteam: {remaining: 0.01}\nmodels: {local/studio: null}\n' >poor.yaml
run 5 policy explain brief.yaml policies --snapshot poor.yaml
has out '^refused '
run 2 policy explain gone.yaml policies
has err 'gone.yaml'
run 2 policy explain brief.yaml policies --snapshot gone.yaml
has err 'gone.yaml'
run 2 policy explain brief.yaml policies --strategy fastset
has out 'fastset'
printf 'scenes:\n  - {prmopt: x}\n' >bad.yaml
run 2 policy explain bad.yaml policies
has err '^bad.yaml:2:[0-9]+: scenes\[0\].*prmopt.*prompt'
run 2 policy explain "$root" policies
has err 'is a folder'
head -c 5242880 /dev/zero | tr '\0' '#' >huge.yaml
run 2 policy explain huge.yaml policies
has err '^huge.yaml: .*larger than 4 MB'
printf 'snapshot of a list\n' >list.yaml
run 2 policy explain brief.yaml policies --snapshot list.yaml
has err 'must be a map'

# A fact that is not known when a rule is asked: which, where in the file, and what to do.
fresh && edit routing.yaml 's/job\.urgency > 0\.8/job.deadlineIn < 60.0/'
line=$(grep -n 'job.deadlineIn' policies/routing.yaml | cut -d: -f1)
run 0 policy explain brief.yaml policies
has out "^warning +the rule \"short of time\" was left out: routing.yaml:$line:15: job.deadlineIn is not known here; guard it with has\\(job.deadlineIn\\)$"
has out "^short of time +no +fault: routing.yaml:$line:15: job.deadlineIn is not known here"
fresh && edit routing.yaml 's/prefer: provider\.health < 0\.6/prefer: history.quality < 5.0/'
run 0 policy explain brief.yaml policies
has out '^limping +yes +fault: routing.yaml:[0-9]+:21: history.quality is not known here; guard it with has\(history.quality\)'

# A fault that shows only when it is evaluated is told with its place, and costs its candidate.
fresh && edit routing.yaml 's/1\.0 \/ \(1\.0 \+ candidate\.load\)/double(1 \/ size(job.tags))/'
run 0 policy check policies
run 2 policy explain brief.yaml policies
has out '^[a-z]+/[^ ]+ +score +its score "ease" cannot be worked out: routing.yaml:[0-9]+:[0-9]+: division by zero'

fresh && edit routing.yaml 's/1\.0 \/ \(1\.0 \+ candidate\.load\)/1.0 \/ (candidate.load - candidate.load)/'
run 2 policy explain brief.yaml policies
has out '^[a-z]+/[^ ]+ +score +.*"ease" cannot be worked out: routing.yaml:[0-9]+:[0-9]+: it gives an infinity'

# What a provider switches off, and what it has switched off.
fresh && edit providers/kling.yaml 's/speed: 4\}/speed: 4, endOfLife: "2026-11-23T10:30:00Z"}/'
run 0 policy explain brief.yaml policies
has out '^kling/kling-v2-5-turbo +excluded \(rule switched off soon\)'
fresh && edit providers/kling.yaml 's/speed: 4\}/speed: 4, endOfLife: "2026-11-01", replacement: kling-v2-6}/'
run 0 policy explain brief.yaml policies
has out '^kling/kling-v2-5-turbo +end_of_life +.*switched it off on 2026-11-01; it is replaced by kling-v2-6'

# ---- diff

fresh
mkdir -p briefs/more && cp brief.yaml briefs/kettle.yaml
printf '{"scenes": [{"overlay": "Sale", "duration": 5, "assets": ["a.png"]}]}' >briefs/more/sale.json
cp -r policies after
run 0 policy diff policies after --briefs briefs
has out '^0 of 2 briefs change'
sed -i 's/^strategy: balanced/strategy: cheapest/' after/routing.yaml
run 1 policy diff policies after --briefs briefs
has out '^briefs/kettle.yaml$'
has out '^    strategy +balanced -> cheapest$'
has out '^2 of 2 briefs change'
run 1 policy diff policies after --briefs briefs --json
has out '"compared":2,"changed":2,.*"strategy":\{"before":"balanced","after":"cheapest"\}'
# What is chosen is a list, and a refusal is not among the names of models.
edit_after() { sed -i -E "$1" after/access.yaml; }
cp -r policies/access.yaml after/access.yaml
edit_after 's/^plan: business/plan: trial/'
printf 'scenes: [{prompt: A long one, duration: 50}, {prompt: Another, duration: 50}]\nbudget: 500\n' >briefs/long.yaml
run 1 policy diff policies after --briefs briefs --json
has out '"brief":"briefs/long.yaml","changes":\{"models":\{"before":\{"(chosen":\["|refused":").*"after":\{"refused":"'
has out '"models":\{"before":\{"chosen":\["[a-z]+/[^"]+"(,"[^"]+")*\]\},"after":\{'
hasnt out '"refused: '
rm briefs/long.yaml
cp bad.yaml briefs/bad.yaml
run 2 policy diff policies after --briefs briefs
has err '^briefs/bad.yaml:2:'
has out 'of 2 briefs change'
run 2 policy diff policies nowhere --briefs briefs
has err 'nowhere'
run 2 policy diff policies after --briefs nowhere
has err 'nowhere'
run 2 policy diff policies after --briefs elsewhere
has err 'there are no briefs in elsewhere'

# ---- fmt

fresh
sed 's/^    / /; s/^  \([a-z]\)/      \1/' policies/budget.yaml >messy.yaml
cp policies/routing.yaml neat.yaml
printf 'a:   1   \nb:\n    - 1\n' >messy.yaml
run 1 policy fmt --check messy.yaml neat.yaml
has out '^messy.yaml$'
hasnt out 'neat.yaml'
chmod 640 messy.yaml
run 0 policy fmt messy.yaml neat.yaml
has out '^messy.yaml$'
holds "$(stat -c %a messy.yaml)" = 640
run 0 policy fmt --check messy.yaml
cmp -s neat.yaml policies/routing.yaml || failures=$((failures + 1))
printf 'a:   1   \n' | "$gen" policy fmt - >out 2>err
has out '^a: 1$'
printf 'a: [\n' >broken.yaml
cp broken.yaml copy.yaml
run 2 policy fmt broken.yaml
has err '^broken.yaml:[0-9]+:[0-9]+: '
cmp -s broken.yaml copy.yaml || failures=$((failures + 1))
run 2 policy fmt huge.yaml
has err '^huge.yaml: '
run 2 policy fmt gone.yaml
has err 'gone.yaml'

# The guide's own examples are laid out like that, and hold.
fresh
awk '/^```yaml/ { n++; f = 1; next } /^```/ { f = 0 } f { print > ("guide-" n ".yaml") }' "$root/docs/policy-guide.md"
run 0 policy fmt --check guide-*.yaml
holds "$(ls guide-*.yaml | wc -l)" -eq 3
awk '/^rules:$/ { while ((getline line < "guide-1.yaml") > 0) print line; next } { print }' policies/routing.yaml >with.yaml
mv with.yaml policies/routing.yaml
cp guide-2.yaml policies/tests/guide.yaml
run 0 policy check policies --strict
"$gen" policy test policies >out 2>err
has out '^policies/tests/guide.yaml: 2 cases, all right$'
rm guide-*.yaml

# ---- schema, reference

run 0 policy schema
has out '^routing +routing.yaml '
while read -r kind _; do
    "$gen" policy schema "$kind" >schema.json 2>err || failures=$((failures + 1))
    if command -v jq >/dev/null; then
        jq -e '."$schema" == "https://json-schema.org/draft/2020-12/schema"' schema.json >/dev/null ||
            { echo "schema $kind"; failures=$((failures + 1)); }
    fi
done <out
run 2 policy schema ruoting
has err 'ruoting'
run 0 policy reference
cp out reference.md
cmp -s reference.md "$root/docs/policy-reference.md" ||
    { echo "docs/policy-reference.md is not what gen policy reference prints"; failures=$((failures + 1)); }

# ---- a gend that is not there, and one that is

run 3 policy reload
has err 'gen up'
fresh && edit routing.yaml 's/job\.urgency > 0\.8/job.urgancy > 0.8/'
run 2 policy explain brief.yaml # nobody else could
has err '^policies/routing.yaml:[0-9]+:[0-9]+: rules\.short of time\.when: .*urgancy'
has err 'the policies in policies have 1 mistake$'
fresh
"$gen" up --listen none -- --policies "$work/policies" >out 2>err # whether it takes jobs is another matter
run 0 policy reload
has out "^nothing has changed: version [0-9a-f]{12} of $work/policies$"
(cd elsewhere && "$gen" policy explain ../brief.yaml >../out 2>../err)
has out "^policies +$work/policies, which gend runs on, version"
has out '^snapshot +the running gend \(.*gend.sock\), as of '
edit routing.yaml 's/job\.urgency > 0\.8/job.urgancy > 0.8/'
run 2 policy reload
has err "^$work/policies/routing.yaml:[0-9]+:[0-9]+: rules\.short of time\.when: .*urgancy"
has err 'the running policies stay in force'
run 2 policy reload --json
has err '"problems":\[\{"file":".*/routing.yaml","line":[0-9]+,"column":[0-9]+,"path":"rules.short of time.when","message":'

# While the folder has mistakes, gend explains by what it runs on, and that is said.
cd elsewhere || exit 1
run 0 policy explain ../brief.yaml
has err "^$work/policies has 1 mistake \\(gen policy check $work/policies\\); this is what gend decides by the version that it still runs on$"
has out "^policies +$work/policies, as gend runs on them, version [0-9a-f]{12}$"
has out '^snapshot +the running gend \(.*gend.sock\), as of 20'
has out '^decision +'
has out '^complexity begins at 1$'
has out '^short of time +no '
has out '^for .* \(tier [123], needs '
has out '^ +\*1 +[a-z]+/'
run 0 policy explain ../brief.yaml --json
has err '^\{"note":".* has 1 mistake '
has out '^\{"brief":"../brief.yaml","policies":".*/policies","snapshot":"the running gend .*","verdict":"ok","refusal":null,"decision":\{'
run 0 policy explain ../brief.yaml --strategy cheapest
has out '^strategy +cheapest \(named by the user\)'
run 2 policy explain ../brief.yaml --strategy cheapset
has out '^refused .*cheapset'
run 2 policy explain ../bad.yaml
has err '^../bad.yaml:2:6: scenes\[0\].*prmopt.*prompt'
printf 'scenes:\n  - {prompt: x, duration: 5, assets: [a.png]}\n' >../files.yaml
run 0 policy explain ../files.yaml # files of the brief: nothing is uploaded
has out '^ +\*1 +[a-z]+/'
has out '"a.png" is not uploaded: by its name it is taken for picture \(image/png\)'
run 0 assets
hasnt out 'a.png'
printf 'scenes:\n  - {prompt: x, duration: 5, assets: [a.doc]}\n' >../files.yaml
run 2 policy explain ../files.yaml
has err '^../files.yaml:2:39: scenes\[0\]\.assets\[0\]: is not the id of an asset, nor a name'
printf 'scenes:\n  - {prompt: x, duration: 5, assets: [ast_01m81rcze1hsa2asfnqtzme0wd]}\n' >../files.yaml
run 2 policy explain ../files.yaml
has err 'there is no asset ast_'
has err 'with a folder .* nothing is looked up'
run 2 policy explain ../brief.yaml "$work/policies" # the folder itself was asked for
has err 'rules\.short of time\.when: .*urgancy'
run 2 policy explain ../brief.yaml --snapshot "$root/policies/tests/snapshot.yaml"
has err 'rules\.short of time\.when: .*urgancy'
has err 'without --snapshot and --organization it explains'
mv ../policies ../away
run 0 policy explain ../brief.yaml
has err 'cannot be read from here.*; this is what gend decides'
run 2 policy reload # not "no such job"
has err 'policies'
mv ../away ../policies
cd ..
edit routing.yaml 's/job\.urgancy > 0\.8/job.urgency > 0.7/'
run 0 policy reload --json
has out '^\{"version":"[0-9a-f]{64}",'

# What the running set is warned of, the doctor tells.
edit routing.yaml 's/job\.urgency > 0\.7/job.deadlineIn < 3600.0/'
run 0 policy reload
"$gen" doctor >out 2>err
has out '^warn +policy +.*routing.yaml:[0-9]+:[0-9]+: rules\.short of time\.when: .*job\.deadlineIn'

# Names of files and folders that are nearly those that are read.
fresh && mkdir policies/provider policies/providers/eu policies/test
cp policies/providers/veo.yaml policies/providers/eu
cp policies/tests/time.yaml policies/tests/late.YML
run 2 policy check policies
has out '^policies/provider: is not read; did you mean the folder providers/'
has out '^policies: 1 mistake, 3 warnings$'
rmdir policies/provider
run 0 policy check policies
has out '^policies/providers/eu: warning: is not read'
has out '^policies/test: warning: is not read; did you mean the folder tests/'
has out '^policies/tests/late.YML: warning: is not read'
run 2 policy check policies --strict

# A list that narrows is not empty.
fresh && sed -i 's/^  business:/  business:\n    models: []/' policies/access.yaml
wrong 2 '^policies/access.yaml:[0-9]+:13: plans\.business\.models: must be between 1 and 200 items long'

# A key without a value is no way to say "nothing": the price would be gone.
fresh && sed -i 's/perSecond: 0.03/perSecond: /' policies/providers/kling.yaml
run 2 policy check policies
has out 'kling.yaml:[0-9]+:[0-9]+: perSecond: has no value'
fresh && sed -i '0,/when: .*/s//when:/' policies/routing.yaml
run 2 policy check policies
has out 'routing.yaml:[0-9]+:[0-9]+: when: has no value'
fresh

# Empty files, pipes and links.
: >empty.yaml
run 2 policy explain empty.yaml policies
run 2 policy explain brief.yaml policies --snapshot empty.yaml
fresh && mkfifo policies/tests/pipe.yaml
run 2 policy test policies
has err 'regular file'
fresh && mv policies/retry.yaml real.yaml && sed -i 's/$/   /' real.yaml && ln -s ../real.yaml policies/retry.yaml
run 0 policy fmt policies/retry.yaml
holds -L policies/retry.yaml
hasnt real.yaml ' $'
fresh
