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
                policy | plugin) ;;
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
        'outputs':--out) mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
        'assets':--limit) mapfile -t COMPREPLY < <(:); return ;;
        'assets':--after) mapfile -t COMPREPLY < <(:); return ;;
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
    esac
    case $command in
        '') mapfile -t COMPREPLY < <(compgen -W 'up down run submit watch jobs job cancel outputs assets models expr policy plugin doctor version completion help --json --server --key --socket --state --system --sandbox --help' -- "$word") ;;
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
                mapfile -t COMPREPLY < <(compgen -W 'up down run submit watch jobs job cancel outputs assets models expr policy plugin doctor version completion help' -- "$word")
            fi ;;
    esac
}
complete -o filenames -F _gen gen
