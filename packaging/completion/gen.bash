# bash completion for gen, written by `gen completion bash`
_gen()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
    local command= i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        if [[ ${COMP_WORDS[i]} != -* ]]; then
            command=${command:+$command }${COMP_WORDS[i]}
            case $command in
                budget | invoice | policy | plugin | key | secret | webhook) ;;
                *) break ;;
            esac
        fi
    done
    case $command:$before in
        *:--server) mapfile -t COMPREPLY < <(:); return ;;
        *:--key) mapfile -t COMPREPLY < <(:); return ;;
        *:--socket) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        *:--state) mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
        'up':--listen) mapfile -t COMPREPLY < <(:); return ;;
        'run':--out) mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
        'run':--idempotency-key) mapfile -t COMPREPLY < <(:); return ;;
        'submit':--idempotency-key) mapfile -t COMPREPLY < <(:); return ;;
        'watch':--out) mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
        'jobs':--status) mapfile -t COMPREPLY < <(compgen -W 'queued in_progress canceling needs_attention completed partially_completed failed canceled' -- "$word"); return ;;
        'jobs':--project) mapfile -t COMPREPLY < <(:); return ;;
        'jobs':--tag) mapfile -t COMPREPLY < <(:); return ;;
        'jobs':--limit) mapfile -t COMPREPLY < <(:); return ;;
        'jobs':--after) mapfile -t COMPREPLY < <(:); return ;;
        'pause':--reason) mapfile -t COMPREPLY < <(:); return ;;
        'resume':--reason) mapfile -t COMPREPLY < <(:); return ;;
        'retry':--model) mapfile -t COMPREPLY < <(:); return ;;
        'retry':--reason) mapfile -t COMPREPLY < <(:); return ;;
        'resolve':--as) mapfile -t COMPREPLY < <(compgen -W 'not_bought lost found' -- "$word"); return ;;
        'resolve':--handle) mapfile -t COMPREPLY < <(:); return ;;
        'resolve':--cost) mapfile -t COMPREPLY < <(:); return ;;
        'resolve':--attempt) mapfile -t COMPREPLY < <(:); return ;;
        'resolve':--reason) mapfile -t COMPREPLY < <(:); return ;;
        'accept':--reason) mapfile -t COMPREPLY < <(:); return ;;
        'reject':--reason) mapfile -t COMPREPLY < <(:); return ;;
        'outputs':--out) mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
        'assets':--limit) mapfile -t COMPREPLY < <(:); return ;;
        'assets':--after) mapfile -t COMPREPLY < <(:); return ;;
        'costs':--period) mapfile -t COMPREPLY < <(:); return ;;
        'costs':--by) mapfile -t COMPREPLY < <(compgen -W 'provider model project team user tag job day total' -- "$word"); return ;;
        'costs':--provider) mapfile -t COMPREPLY < <(:); return ;;
        'costs':--project) mapfile -t COMPREPLY < <(:); return ;;
        'costs':--team) mapfile -t COMPREPLY < <(:); return ;;
        'costs':--user) mapfile -t COMPREPLY < <(:); return ;;
        'costs':--tag) mapfile -t COMPREPLY < <(:); return ;;
        'costs':--limit) mapfile -t COMPREPLY < <(:); return ;;
        'costs':--after) mapfile -t COMPREPLY < <(:); return ;;
        'report':--format) mapfile -t COMPREPLY < <(compgen -W 'csv json html' -- "$word"); return ;;
        'report':--output) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        'report':--period) mapfile -t COMPREPLY < <(:); return ;;
        'report':--by) mapfile -t COMPREPLY < <(compgen -W 'provider model project team user tag job day total' -- "$word"); return ;;
        'report':--team) mapfile -t COMPREPLY < <(:); return ;;
        'report':--user) mapfile -t COMPREPLY < <(:); return ;;
        'budget set':--hard) mapfile -t COMPREPLY < <(:); return ;;
        'budget set':--soft) mapfile -t COMPREPLY < <(:); return ;;
        'budget set':--period) mapfile -t COMPREPLY < <(compgen -W 'day week month quarter year always' -- "$word"); return ;;
        'budget set':--alerts) mapfile -t COMPREPLY < <(:); return ;;
        'budget set':--rollover) mapfile -t COMPREPLY < <(compgen -W 'yes no' -- "$word"); return ;;
        'budget set':--throttle-from) mapfile -t COMPREPLY < <(:); return ;;
        'budget set':--throttle-parallel) mapfile -t COMPREPLY < <(:); return ;;
        'budget set':--note) mapfile -t COMPREPLY < <(:); return ;;
        'invoice import':--format) mapfile -t COMPREPLY < <(compgen -W 'csv json' -- "$word"); return ;;
        'invoice import':--map) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        'invoice import':--from) mapfile -t COMPREPLY < <(:); return ;;
        'invoice import':--until) mapfile -t COMPREPLY < <(:); return ;;
        'invoice list':--provider) mapfile -t COMPREPLY < <(:); return ;;
        'expr':--vars) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        'policy test':--junit) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        'policy explain':--snapshot) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        'policy explain':--strategy) mapfile -t COMPREPLY < <(:); return ;;
        'policy explain':--organization) mapfile -t COMPREPLY < <(:); return ;;
        'policy diff':--briefs) mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
        'policy diff':--snapshot) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        'plugin new':--out) mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
        'plugin check':--recordings) mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
        'plugin check':--settings) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        'key create':--role) mapfile -t COMPREPLY < <(compgen -W 'viewer producer ad_director brand_manager admin' -- "$word"); return ;;
        'key create':--permissions) mapfile -t COMPREPLY < <(:); return ;;
        'key create':--team) mapfile -t COMPREPLY < <(:); return ;;
        'key create':--user) mapfile -t COMPREPLY < <(:); return ;;
        'key create':--expires) mapfile -t COMPREPLY < <(:); return ;;
        'key create':--most-priority) mapfile -t COMPREPLY < <(compgen -W 'low normal high' -- "$word"); return ;;
        'key create':--requests-per-minute) mapfile -t COMPREPLY < <(:); return ;;
        'key create':--jobs-per-day) mapfile -t COMPREPLY < <(:); return ;;
        'key create':--seconds-per-day) mapfile -t COMPREPLY < <(:); return ;;
        'key create':--parallel) mapfile -t COMPREPLY < <(:); return ;;
        'key create':--spend-limit) mapfile -t COMPREPLY < <(:); return ;;
        'key create':--spend-period) mapfile -t COMPREPLY < <(compgen -W 'day week month quarter year always' -- "$word"); return ;;
        'key create':--organization) mapfile -t COMPREPLY < <(:); return ;;
        'key list':--limit) mapfile -t COMPREPLY < <(:); return ;;
        'key list':--after) mapfile -t COMPREPLY < <(:); return ;;
        'key list':--organization) mapfile -t COMPREPLY < <(:); return ;;
        'key edit':--name) mapfile -t COMPREPLY < <(:); return ;;
        'key edit':--lift) mapfile -t COMPREPLY < <(:); return ;;
        'key edit':--role) mapfile -t COMPREPLY < <(compgen -W 'viewer producer ad_director brand_manager admin' -- "$word"); return ;;
        'key edit':--permissions) mapfile -t COMPREPLY < <(:); return ;;
        'key edit':--team) mapfile -t COMPREPLY < <(:); return ;;
        'key edit':--user) mapfile -t COMPREPLY < <(:); return ;;
        'key edit':--expires) mapfile -t COMPREPLY < <(:); return ;;
        'key edit':--most-priority) mapfile -t COMPREPLY < <(compgen -W 'low normal high' -- "$word"); return ;;
        'key edit':--requests-per-minute) mapfile -t COMPREPLY < <(:); return ;;
        'key edit':--jobs-per-day) mapfile -t COMPREPLY < <(:); return ;;
        'key edit':--seconds-per-day) mapfile -t COMPREPLY < <(:); return ;;
        'key edit':--parallel) mapfile -t COMPREPLY < <(:); return ;;
        'key edit':--spend-limit) mapfile -t COMPREPLY < <(:); return ;;
        'key edit':--spend-period) mapfile -t COMPREPLY < <(compgen -W 'day week month quarter year always' -- "$word"); return ;;
        'key edit':--organization) mapfile -t COMPREPLY < <(:); return ;;
        'key rotate':--organization) mapfile -t COMPREPLY < <(:); return ;;
        'key revoke':--organization) mapfile -t COMPREPLY < <(:); return ;;
        'secret set':--team) mapfile -t COMPREPLY < <(:); return ;;
        'secret set':--file) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        'secret rotate':--team) mapfile -t COMPREPLY < <(:); return ;;
        'secret rotate':--file) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        'secret test':--team) mapfile -t COMPREPLY < <(:); return ;;
        'secret remove':--team) mapfile -t COMPREPLY < <(:); return ;;
        'audit':--job) mapfile -t COMPREPLY < <(:); return ;;
        'audit':--actor) mapfile -t COMPREPLY < <(:); return ;;
        'audit':--since) mapfile -t COMPREPLY < <(:); return ;;
        'audit':--kind) mapfile -t COMPREPLY < <(:); return ;;
        'audit':--limit) mapfile -t COMPREPLY < <(:); return ;;
        'audit':--after) mapfile -t COMPREPLY < <(:); return ;;
        'audit':--head) mapfile -t COMPREPLY < <(:); return ;;
        'audit':--database) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        'audit':--export) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        'webhook add':--events) mapfile -t COMPREPLY < <(:); return ;;
        'webhook add':--project) mapfile -t COMPREPLY < <(:); return ;;
        'webhook add':--job) mapfile -t COMPREPLY < <(:); return ;;
        'webhook add':--title) mapfile -t COMPREPLY < <(:); return ;;
        'webhook deliveries':--limit) mapfile -t COMPREPLY < <(:); return ;;
    esac
    case $command in
        '') mapfile -t COMPREPLY < <(compgen -W 'up down run submit watch jobs job cancel pause resume retry resolve accept reject outputs assets models estimate costs report budget invoice expr policy plugin me key secret audit webhook doctor version completion help --json --server --key --socket --state --system --sandbox --help' -- "$word") ;;
        'up')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --listen --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'down')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'run')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --out --idempotency-key --quiet --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -f -- "$word")
            fi ;;
        'submit')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --idempotency-key --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -f -- "$word")
            fi ;;
        'watch')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --out --quiet --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -W "$(gen jobs --json --limit 50 2>/dev/null | grep -o '"jobId":"gen_[0-9a-z]*"' | cut -d'"' -f4)" -- "$word")
            fi ;;
        'jobs')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --status --project --tag --limit --after --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'job')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -W "$(gen jobs --json --limit 50 2>/dev/null | grep -o '"jobId":"gen_[0-9a-z]*"' | cut -d'"' -f4)" -- "$word")
            fi ;;
        'cancel')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -W "$(gen jobs --json --limit 50 2>/dev/null | grep -o '"jobId":"gen_[0-9a-z]*"' | cut -d'"' -f4)" -- "$word")
            fi ;;
        'pause')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --reason --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -W "$(gen jobs --json --limit 50 2>/dev/null | grep -o '"jobId":"gen_[0-9a-z]*"' | cut -d'"' -f4)" -- "$word")
            fi ;;
        'resume')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --reason --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -W "$(gen jobs --json --limit 50 2>/dev/null | grep -o '"jobId":"gen_[0-9a-z]*"' | cut -d'"' -f4)" -- "$word")
            fi ;;
        'retry')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --model --reason --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -W "$(gen jobs --json --limit 50 2>/dev/null | grep -o '"jobId":"gen_[0-9a-z]*"' | cut -d'"' -f4)" -- "$word")
            fi ;;
        'resolve')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --as --handle --cost --attempt --reason --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -W "$(gen jobs --json --limit 50 2>/dev/null | grep -o '"jobId":"gen_[0-9a-z]*"' | cut -d'"' -f4)" -- "$word")
            fi ;;
        'accept')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --reason --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'reject')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --reason --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'outputs')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --out --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -W "$(gen jobs --json --limit 50 2>/dev/null | grep -o '"jobId":"gen_[0-9a-z]*"' | cut -d'"' -f4)" -- "$word")
            fi ;;
        'assets')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --limit --after --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -f -- "$word")
            fi ;;
        'models')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'estimate')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -f -- "$word")
            fi ;;
        'costs')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --period --by --provider --project --team --user --tag --limit --after --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -W "$(gen jobs --json --limit 50 2>/dev/null | grep -o '"jobId":"gen_[0-9a-z]*"' | cut -d'"' -f4)" -- "$word")
            fi ;;
        'report')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --format --output --period --by --team --user --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'budget')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -W 'list show set remove' -- "$word")
            fi ;;
        'budget list')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --ended --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'budget show')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'budget set')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --hard --soft --period --alerts --rollover --throttle-from --throttle-parallel --note --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'budget remove')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'invoice')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -W 'import list show settle remove' -- "$word")
            fi ;;
        'invoice import')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --format --map --from --until --dry-run --settle --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -f -- "$word")
            fi ;;
        'invoice list')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --provider --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'invoice show')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'invoice settle')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'invoice remove')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'expr')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --vars --jsonl --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'policy')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -W 'check test explain diff fmt schema reference reload' -- "$word")
            fi ;;
        'policy check')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --strict --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -d -- "$word")
            fi ;;
        'policy test')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --coverage --junit --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -d -- "$word")
            fi ;;
        'policy explain')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --snapshot --strategy --organization --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -f -- "$word")
            fi ;;
        'policy diff')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --briefs --snapshot --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -d -- "$word")
            fi ;;
        'policy fmt')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --check --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -f -- "$word")
            fi ;;
        'policy schema')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'policy reference')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'policy reload')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'plugin')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -W 'new check list info' -- "$word")
            fi ;;
        'plugin new')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --out --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'plugin check')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --recordings --settings --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -f -- "$word")
            fi ;;
        'plugin list')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'plugin info')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -f -- "$word")
            fi ;;
        'me')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'key')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -W 'create list edit rotate revoke' -- "$word")
            fi ;;
        'key create')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --role --permissions --team --user --expires --most-priority --requests-per-minute --jobs-per-day --seconds-per-day --parallel --spend-limit --spend-period --organization --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'key list')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --limit --after --organization --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'key edit')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --name --lift --role --permissions --team --user --expires --most-priority --requests-per-minute --jobs-per-day --seconds-per-day --parallel --spend-limit --spend-period --organization --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'key rotate')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --organization --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'key revoke')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --organization --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'secret')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -W 'set list rotate test remove' -- "$word")
            fi ;;
        'secret set')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --team --file --other-account --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'secret list')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'secret rotate')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --team --file --master --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'secret test')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --team --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'secret remove')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --team --force --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'audit')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --job --actor --since --kind --limit --after --head --database --export --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'webhook')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -W 'add list test deliveries pause resume rotate remove' -- "$word")
            fi ;;
        'webhook add')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --events --project --job --title --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'webhook list')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'webhook test')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'webhook deliveries')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --limit --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'webhook pause')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'webhook resume')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'webhook rotate')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'webhook remove')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'doctor')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'version')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(:)
            fi ;;
        'completion')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -W 'bash zsh fish' -- "$word")
            fi ;;
        'help')
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W ' --man --markdown --json --server --key --socket --state --system --sandbox --help' -- "$word")
            else
                mapfile -t COMPREPLY < <(compgen -W 'up down run submit watch jobs job cancel pause resume retry resolve accept reject outputs assets models estimate costs report budget invoice expr policy plugin me key secret audit webhook doctor version completion help' -- "$word")
            fi ;;
    esac
}
complete -o filenames -F _gen gen
