/* completion.c - see completion.h. */
#include "cli/completion.h"

#include "cli/session.h"

#include <string.h>

enum { COMPLETION_TEXT_MOST = 1024 * 1024 };

enum completion_shell { COMPLETION_BASH = 1, COMPLETION_ZSH, COMPLETION_FISH };

const struct gen_choice gen_completion_shells[] = {
    {"bash", COMPLETION_BASH,
     "source it, or put it into /usr/share/bash-completion/completions/gen"},
    {"zsh", COMPLETION_ZSH, "put it into a folder of $fpath as _gen"},
    {"fish", COMPLETION_FISH, "put it into ~/.config/fish/completions/gen.fish"},
    {NULL, 0, NULL},
};

/* All options of a command, as words with dashes. */
static void completion_words(const struct gen_option *options, struct gen_bytes *out)
{
    for (; options != NULL && options->type != GEN_OPTION_END; options++) {
        (void)gen_bytes_printf(out, " --%s", options->name);
    }
}

static void completion_choices(const struct gen_choice *choices, struct gen_bytes *out)
{
    for (const struct gen_choice *row = choices; row != NULL && row->word != NULL; row++) {
        (void)gen_bytes_printf(out, "%s%s", row == choices ? "" : " ", row->word);
    }
}

static void completion_commands(const struct gen_command *commands, struct gen_bytes *out)
{
    for (const struct gen_command *row = commands; row->name != NULL; row++) {
        (void)gen_bytes_printf(out, "%s%s", row == commands ? "" : " ", row->name);
    }
}

static void completion_verbs(const struct gen_command *command, struct gen_bytes *out)
{
    for (const struct gen_command *row = command->verbs; row != NULL && row->name != NULL; row++) {
        (void)gen_bytes_printf(out, "%s%s", row == command->verbs ? "" : " ",
                               gen_command_verb_name(row));
    }
}

/* What stands for the value of an option: how bash completes it; "" = nothing. */
static void bash_value(const struct gen_option *option, struct gen_bytes *out)
{
    if (option->type == GEN_OPTION_FILE) {
        (void)gen_bytes_text(out, "compgen -f -- \"$word\"");
    } else if (option->type == GEN_OPTION_FOLDER) {
        (void)gen_bytes_text(out, "compgen -d -- \"$word\"");
    } else if (option->type == GEN_OPTION_CHOICE) {
        (void)gen_bytes_text(out, "compgen -W '");
        completion_choices(option->choices, out);
        (void)gen_bytes_text(out, "' -- \"$word\"");
    } else {
        (void)gen_bytes_text(out, ":");
    }
}

static void bash_options(const struct gen_option *options, struct gen_bytes *out)
{
    for (; options != NULL && options->type != GEN_OPTION_END; options++) {
        if (options->type != GEN_OPTION_FLAG) {
            (void)gen_bytes_printf(out, "        *:--%s) mapfile -t COMPREPLY < <(", options->name);
            bash_value(options, out);
            (void)gen_bytes_text(out, "); return ;;\n");
        }
    }
}

/* What the shells share: the ids of jobs, newest first, asked from gend. */
static const char completion_jobs[] = "gen jobs --json --limit 50 2>/dev/null | "
                                      "grep -o '\"jobId\":\"gen_[0-9a-z]*\"' | cut -d'\"' -f4";

static void bash_operands(const struct gen_command *commands, const struct gen_command *command,
                          struct gen_bytes *out)
{
    switch (command->operand) {
    case GEN_OPERAND_FILE:
        (void)gen_bytes_text(out, "compgen -f -- \"$word\"");
        break;
    case GEN_OPERAND_FOLDER:
        (void)gen_bytes_text(out, "compgen -d -- \"$word\"");
        break;
    case GEN_OPERAND_VERB:
        (void)gen_bytes_text(out, "compgen -W '");
        completion_verbs(command, out);
        (void)gen_bytes_text(out, "' -- \"$word\"");
        break;
    case GEN_OPERAND_JOB:
        (void)gen_bytes_printf(out, "compgen -W \"$(%s)\" -- \"$word\"", completion_jobs);
        break;
    case GEN_OPERAND_COMMAND:
        (void)gen_bytes_text(out, "compgen -W '");
        completion_commands(commands, out);
        (void)gen_bytes_text(out, "' -- \"$word\"");
        break;
    case GEN_OPERAND_SHELL:
        (void)gen_bytes_text(out, "compgen -W '");
        completion_choices(gen_completion_shells, out);
        (void)gen_bytes_text(out, "' -- \"$word\"");
        break;
    default:
        (void)gen_bytes_text(out, ":");
        break;
    }
}

/* The values that options of a command take. */
static void bash_values(const struct gen_command *command, struct gen_bytes *out)
{
    for (const struct gen_option *option = command->options;
         option != NULL && option->type != GEN_OPTION_END; option++) {
        if (option->type != GEN_OPTION_FLAG) {
            (void)gen_bytes_printf(out, "        '%s':--%s) mapfile -t COMPREPLY < <(",
                                   command->name, option->name);
            bash_value(option, out);
            (void)gen_bytes_text(out, "); return ;;\n");
        }
    }
    for (const struct gen_command *verb = command->verbs; verb != NULL && verb->name != NULL;
         verb++) {
        bash_values(verb, out);
    }
}

/* Options and operands of a command. */
static void bash_command(const struct gen_command *commands, const struct gen_command *command,
                         struct gen_bytes *out)
{
    (void)gen_bytes_printf(out,
                           "        '%s')\n            if [[ $word == -* ]]; then\n"
                           "                mapfile -t COMPREPLY < <(compgen -W '",
                           command->name);
    completion_words(command->options, out);
    completion_words(gen_option_global, out);
    (void)gen_bytes_text(out, "' -- \"$word\")\n            else\n"
                              "                mapfile -t COMPREPLY < <(");
    bash_operands(commands, command, out);
    (void)gen_bytes_text(out, ")\n            fi ;;\n");
    for (const struct gen_command *verb = command->verbs; verb != NULL && verb->name != NULL;
         verb++) {
        bash_command(commands, verb, out);
    }
}

/* The commands that go on with a verb, as a pattern. */
static void bash_verbful(const struct gen_command *commands, struct gen_bytes *out)
{
    const char *between = "";

    for (; commands->name != NULL; commands++) {
        if (commands->verbs != NULL) {
            (void)gen_bytes_printf(out, "%s%s", between, commands->name);
            between = " | ";
        }
    }
    (void)gen_bytes_text(out, between[0] == '\0' ? "''" : "");
}

static void completion_bash(const struct gen_command *commands, struct gen_bytes *out)
{
    (void)gen_bytes_text(
        out, "# bash completion for gen, written by `gen completion bash`\n"
             "_gen()\n{\n"
             "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
             "    local command= i\n"
             "    COMPREPLY=()\n"
             "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
             "        if [[ ${COMP_WORDS[i]} != -* ]]; then\n"
             "            command=${command:+$command }${COMP_WORDS[i]}\n"
             "            case $command in\n                ");
    bash_verbful(commands, out);
    (void)gen_bytes_text(out, ") ;;\n                *) break ;;\n            esac\n        fi\n"
                              "    done\n"
                              "    case $command:$before in\n");
    bash_options(gen_option_global, out);
    for (const struct gen_command *command = commands; command->name != NULL; command++) {
        bash_values(command, out);
    }
    (void)gen_bytes_text(out, "    esac\n    case $command in\n        '') mapfile -t COMPREPLY < "
                              "<(compgen -W '");
    completion_commands(commands, out);
    completion_words(gen_option_global, out);
    (void)gen_bytes_text(out, "' -- \"$word\") ;;\n");
    for (const struct gen_command *command = commands; command->name != NULL; command++) {
        bash_command(commands, command, out);
    }
    (void)gen_bytes_text(out, "    esac\n}\ncomplete -o filenames -F _gen gen\n");
}

/* Text inside single quotes, where zsh gives brackets and colons a meaning. */
static void zsh_text(struct gen_bytes *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            (void)gen_bytes_text(out, "'\\''");
            continue;
        }
        if (strchr("[]:\\", *text) != NULL) {
            (void)gen_bytes_text(out, "\\");
        }
        (void)gen_bytes_append(out, text, 1);
    }
}

static void zsh_options(const struct gen_option *options, struct gen_bytes *out)
{
    for (; options != NULL && options->type != GEN_OPTION_END; options++) {
        (void)gen_bytes_printf(out, " \\\n                '--%s[", options->name);
        zsh_text(out, options->help);
        (void)gen_bytes_text(out, "]");
        if (options->type != GEN_OPTION_FLAG) {
            (void)gen_bytes_printf(out, ":%s:", options->value);
        }
        if (options->type == GEN_OPTION_FILE) {
            (void)gen_bytes_text(out, "_files");
        } else if (options->type == GEN_OPTION_FOLDER) {
            (void)gen_bytes_text(out, "_files -/");
        } else if (options->type == GEN_OPTION_CHOICE) {
            (void)gen_bytes_text(out, "(");
            completion_choices(options->choices, out);
            (void)gen_bytes_text(out, ")");
        }
        (void)gen_bytes_text(out, "'");
    }
}

static void zsh_operands(const struct gen_command *commands, const struct gen_command *command,
                         struct gen_bytes *out)
{
    switch (command->operand) {
    case GEN_OPERAND_FILE:
        (void)gen_bytes_text(out, " \\\n                '*:file:_files'");
        break;
    case GEN_OPERAND_FOLDER:
        (void)gen_bytes_text(out, " \\\n                '*:folder:_files -/'");
        break;
    case GEN_OPERAND_JOB:
        (void)gen_bytes_text(out, " \\\n                '1:job:_gen_jobs'");
        break;
    case GEN_OPERAND_COMMAND:
        (void)gen_bytes_text(out, " \\\n                '1:command:(");
        completion_commands(commands, out);
        (void)gen_bytes_text(out, ")'");
        break;
    case GEN_OPERAND_SHELL:
        (void)gen_bytes_text(out, " \\\n                '1:shell:(");
        completion_choices(gen_completion_shells, out);
        (void)gen_bytes_text(out, ")'");
        break;
    default:
        break;
    }
}

static void zsh_command(const struct gen_command *commands, const struct gen_command *command,
                        struct gen_bytes *out)
{
    (void)gen_bytes_printf(out, "        '%s')\n            _arguments", command->name);
    zsh_options(command->options, out);
    zsh_options(gen_option_global, out);
    zsh_operands(commands, command, out);
    (void)gen_bytes_text(out, " ;;\n");
}

/* A command that goes on with a verb. */
static void zsh_verbs(const struct gen_command *commands, const struct gen_command *command,
                      struct gen_bytes *out)
{
    (void)gen_bytes_printf(out, "        '%s')\n            local -a verbs\n            verbs=(",
                           command->name);
    for (const struct gen_command *verb = command->verbs; verb->name != NULL; verb++) {
        (void)gen_bytes_printf(out, "\n        '%s:", gen_command_verb_name(verb));
        zsh_text(out, verb->summary);
        (void)gen_bytes_text(out, "'");
    }
    (void)gen_bytes_printf(out,
                           ")\n            if ((CURRENT == 2)); then\n"
                           "                _describe verb verbs\n                return\n"
                           "            fi\n            command=\"%s $words[2]\"\n"
                           "            shift words\n            ((CURRENT--))\n"
                           "            case $command in\n",
                           command->name);
    for (const struct gen_command *verb = command->verbs; verb->name != NULL; verb++) {
        zsh_command(commands, verb, out);
    }
    (void)gen_bytes_text(out, "            esac ;;\n");
}

static void completion_zsh(const struct gen_command *commands, struct gen_bytes *out)
{
    (void)gen_bytes_printf(out,
                           "#compdef gen\n"
                           "# zsh completion for gen, written by `gen completion zsh`\n"
                           "_gen_jobs()\n{\n    local -a jobs\n    jobs=(${(f)\"$(%s)\"})\n"
                           "    compadd -a jobs\n}\n\n_gen()\n{\n    local -a commands\n"
                           "    commands=(",
                           completion_jobs);
    for (const struct gen_command *command = commands; command->name != NULL; command++) {
        (void)gen_bytes_printf(out, "\n        '%s:", command->name);
        zsh_text(out, command->summary);
        (void)gen_bytes_text(out, "'");
    }
    (void)gen_bytes_text(out, ")\n    if ((CURRENT == 2)); then\n"
                              "        _describe command commands\n        return\n    fi\n"
                              "    local command=$words[2]\n"
                              "    shift words\n    ((CURRENT--))\n    case $command in\n");
    for (const struct gen_command *command = commands; command->name != NULL; command++) {
        if (command->verbs != NULL) {
            zsh_verbs(commands, command, out);
        } else {
            zsh_command(commands, command, out);
        }
    }
    (void)gen_bytes_text(out, "    esac\n}\n\n_gen \"$@\"\n");
}

/* Text inside single quotes of fish. */
static void fish_text(struct gen_bytes *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\') {
            (void)gen_bytes_text(out, "\\");
        }
        (void)gen_bytes_append(out, text, 1);
    }
}

/* Once the words of the command ("policy check") have been typed. */
static void fish_seen(const char *command, struct gen_bytes *out)
{
    size_t first = strcspn(command, " ");

    (void)gen_bytes_printf(out, " -n '__fish_seen_subcommand_from %.*s", (int)first, command);
    if (command[first] != '\0') {
        (void)gen_bytes_printf(out, "; and __fish_seen_subcommand_from %s", command + first + 1);
    }
    (void)gen_bytes_text(out, "'");
}

static void fish_options(const struct gen_option *options, const char *command,
                         struct gen_bytes *out)
{
    for (; options != NULL && options->type != GEN_OPTION_END; options++) {
        (void)gen_bytes_text(out, "complete -c gen");
        if (command != NULL) {
            fish_seen(command, out);
        }
        (void)gen_bytes_printf(out, " -l %s", options->name);
        if (options->letter != 0) {
            (void)gen_bytes_printf(out, " -s %c", options->letter);
        }
        if (options->type == GEN_OPTION_FILE) {
            (void)gen_bytes_text(out, " -r -F");
        } else if (options->type == GEN_OPTION_FOLDER) {
            (void)gen_bytes_text(out, " -x -a '(__fish_complete_directories)'");
        } else if (options->type == GEN_OPTION_CHOICE) {
            (void)gen_bytes_text(out, " -x -a '");
            completion_choices(options->choices, out);
            (void)gen_bytes_text(out, "'");
        } else if (options->type != GEN_OPTION_FLAG) {
            (void)gen_bytes_text(out, " -x");
        }
        (void)gen_bytes_text(out, " -d '");
        fish_text(out, options->help);
        (void)gen_bytes_text(out, "'\n");
    }
}

static void fish_operands(const struct gen_command *commands, const struct gen_command *command,
                          struct gen_bytes *out)
{
    if (command->operand == GEN_OPERAND_NONE || command->operand == GEN_OPERAND_VERB) {
        return;
    }
    (void)gen_bytes_text(out, "complete -c gen");
    fish_seen(command->name, out);
    switch (command->operand) {
    case GEN_OPERAND_FILE:
        (void)gen_bytes_text(out, " -F\n");
        break;
    case GEN_OPERAND_FOLDER:
        (void)gen_bytes_text(out, " -x -a '(__fish_complete_directories)'\n");
        break;
    case GEN_OPERAND_JOB:
        (void)gen_bytes_text(out, " -a '(__gen_jobs)'\n");
        break;
    case GEN_OPERAND_COMMAND:
        (void)gen_bytes_text(out, " -a '");
        completion_commands(commands, out);
        (void)gen_bytes_text(out, "'\n");
        break;
    default:
        (void)gen_bytes_text(out, " -a '");
        completion_choices(gen_completion_shells, out);
        (void)gen_bytes_text(out, "'\n");
        break;
    }
}

static void fish_verbs(const struct gen_command *commands, const struct gen_command *command,
                       struct gen_bytes *out)
{
    for (const struct gen_command *verb = command->verbs; verb != NULL && verb->name != NULL;
         verb++) {
        (void)gen_bytes_printf(out,
                               "complete -c gen -n '__fish_seen_subcommand_from %s; and not "
                               "__fish_seen_subcommand_from ",
                               command->name);
        completion_verbs(command, out);
        (void)gen_bytes_printf(out, "' -a %s -d '", gen_command_verb_name(verb));
        fish_text(out, verb->summary);
        (void)gen_bytes_text(out, "'\n");
        fish_options(verb->options, verb->name, out);
        fish_operands(commands, verb, out);
    }
}

static void completion_fish(const struct gen_command *commands, struct gen_bytes *out)
{
    (void)gen_bytes_printf(out,
                           "# fish completion for gen, written by `gen completion fish`\n"
                           "function __gen_jobs\n    %s\nend\n\ncomplete -c gen -f\n",
                           completion_jobs);
    for (const struct gen_command *command = commands; command->name != NULL; command++) {
        (void)gen_bytes_printf(out, "complete -c gen -n __fish_use_subcommand -a %s -d '",
                               command->name);
        fish_text(out, command->summary);
        (void)gen_bytes_text(out, "'\n");
    }
    fish_options(gen_option_global, NULL, out);
    for (const struct gen_command *command = commands; command->name != NULL; command++) {
        fish_options(command->options, command->name, out);
        fish_operands(commands, command, out);
        fish_verbs(commands, command, out);
    }
}

void gen_completion_write(const struct gen_command *commands, int shell, struct gen_bytes *out)
{
    if (shell == COMPLETION_BASH) {
        completion_bash(commands, out);
    } else if (shell == COMPLETION_ZSH) {
        completion_zsh(commands, out);
    } else {
        completion_fish(commands, out);
    }
}

int gen_completion_run(struct gen_session *session)
{
    const char *word = session->options.operands[0];
    int shell = gen_choice_value(gen_completion_shells, word);
    struct gen_error err = {0};
    struct gen_bytes out;
    bool written;

    if (shell < 0) {
        (void)gen_error_set(&err, GEN_EINVAL,
                            "gen completion knows bash, zsh and fish, not "
                            "\"%.40s\"",
                            word);
        return gen_session_fail(session, &err);
    }
    gen_bytes_init(&out, COMPLETION_TEXT_MOST);
    gen_completion_write(session->commands, shell, &out);
    written = gen_session_write(session, &out);
    gen_bytes_fini(&out);
    return written ? GEN_EXIT_OK : GEN_EXIT_FAILED;
}
