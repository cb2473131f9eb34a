/* SPDX-License-Identifier: MIT */
#include "cli/completion.h"

#include "cli/commands.h"

static const char opening[] =
    "# bash completion for smtpscope, made from its option tables\n"
    "_smtpscope()\n"
    "{\n"
    "    local current=${COMP_WORDS[COMP_CWORD]}\n"
    "    local previous=${COMP_WORDS[COMP_CWORD-1]}\n"
    "    local words=\n"
    "    COMPREPLY=()\n"
    "    if ((COMP_CWORD == 1)); then\n"
    "        words=\"";

static const char closing[] =
    "    esac\n"
    "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
    "}\n"
    "complete -o default -F _smtpscope smtpscope\n";

static void print_alternatives(FILE *out, const char *alternatives)
{
    for (const char *p = alternatives; *p != '\0'; p++) {
        fputc(*p == '|' ? ' ' : *p, out);
    }
}

/* The values of an option that takes one of a few words. */
static void print_values(FILE *out, const char *command, enum option_id id)
{
    const struct option_spec *spec = options_spec(id);
    if (spec->kind != OPTION_KIND_CHOICE) {
        return;
    }
    fprintf(out, "    %s:--%s", command, spec->name);
    if (spec->letter != 0) {
        fprintf(out, " | %s:-%c", command, spec->letter);
    }
    fputs(") words=\"", out);
    print_alternatives(out, spec->argument);
    fputs("\" ;;\n", out);
}

static void print_options(FILE *out, const struct command *command)
{
    fprintf(out, "    %s:*) words=\"", command->name);
    for (const enum option_id *id = command->options; *id != OPTION_UNKNOWN;
         id++) {
        fprintf(out, "--%s ", options_spec(*id)->name);
    }
    if (command->words != NULL) {
        print_alternatives(out, command->words);
    }
    fputs("\" ;;\n", out);
}

void completion_print(FILE *out)
{
    const struct command *command = NULL;
    fputs(opening, out);
    for (size_t i = 0; (command = commands_at(i)) != NULL; i++) {
        fprintf(out, "%s ", command->name);
    }
    fputs("version\"\n    fi\n"
          "    case ${COMP_WORDS[1]}:$previous in\n",
        out);
    for (size_t i = 0; (command = commands_at(i)) != NULL; i++) {
        for (const enum option_id *id = command->options; *id != OPTION_UNKNOWN;
             id++) {
            print_values(out, command->name, *id);
        }
        print_options(out, command);
    }
    fputs(closing, out);
}
