/* SPDX-License-Identifier: MIT */
#include "cli/help.h"

#include "cli/terminal.h"

enum { OPTION_INDENT = 26, COMMAND_INDENT = 16, UNIT_LEN = 96 };

/* A usage line in the making; "[-d DB]" is never broken. */
struct usage {
    FILE *out;
    int column;
    int indent;
    int width;
};

static void add_unit(struct usage *u, const char *text)
{
    int len = (int)strlen(text);
    if (u->column + 1 + len > u->width && u->column > u->indent) {
        u->column = fprintf(u->out, "\n%*s", u->indent, "") - 1;
    }
    u->column += fprintf(u->out, " %s", text);
}

/* "[-d DB]", "[--explain]". */
static void add_option(struct usage *u, const struct option_spec *spec)
{
    char text[UNIT_LEN];
    char letter[] = {spec->letter, '\0'};
    snprintf(text, sizeof(text), "[%s%s%s%s]", spec->letter != 0 ? "-" : "--",
        spec->letter != 0 ? letter : spec->name,
        spec->argument != NULL ? " " : "",
        spec->argument != NULL ? spec->argument : "");
    add_unit(u, text);
}

void help_usage(FILE *out, const struct command *command)
{
    struct usage u = {.out = out, .width = terminal_width(out)};
    if (command == NULL) {
        fputs("usage: smtpscope COMMAND [OPTION...] [ARGUMENT...]\n", out);
        return;
    }
    u.indent = fprintf(out, "usage: smtpscope %s", command->name);
    u.column = u.indent;
    for (const enum option_id *id = command->options; *id != OPTION_UNKNOWN;
         id++) {
        if (*id != OPTION_HELP) { /* everybody knows it */
            add_option(&u, options_spec(*id));
        }
    }
    if (*command->operands != '\0') {
        add_unit(&u, command->operands);
    }
    fputc('\n', out);
}

static void print_option(FILE *out, const struct option_spec *spec)
{
    char letter[8] = "    ";
    if (spec->letter != 0) {
        snprintf(letter, sizeof(letter), "-%c, ", spec->letter);
    }
    int column = fprintf(out, "  %s--%s%s%s", letter, spec->name,
        spec->argument != NULL ? " " : "",
        spec->argument != NULL ? spec->argument : "");
    if (column > OPTION_INDENT - 2) {
        fputc('\n', out);
        column = 0;
    }
    fprintf(out, "%*s", OPTION_INDENT - column, "");
    terminal_wrap(out, span_of(spec->help), OPTION_INDENT, terminal_width(out));
}

void help_command(FILE *out, const struct command *command)
{
    help_usage(out, command);
    fputc('\n', out);
    terminal_wrap(out, span_of(command->about), 0, terminal_width(out));
    fputs("\nOptions:\n", out);
    for (const enum option_id *id = command->options; *id != OPTION_UNKNOWN;
         id++) {
        print_option(out, options_spec(*id));
    }
    fprintf(out, "\nMore: man smtpscope-%s\n", command->name);
}

void help_program(FILE *out)
{
    const struct command *command = NULL;
    help_usage(out, NULL);
    fputs("\nFinds what went wrong in mail-server logs, and says what to do.\n"
          "\nCommands:\n",
        out);
    for (size_t i = 0; (command = commands_at(i)) != NULL; i++) {
        fprintf(out, "  %-*s%s\n", COMMAND_INDENT - 2, command->name,
            command->summary);
    }
    fprintf(
        out, "  %-*s%s\n", COMMAND_INDENT - 2, "version", "print the version");
    fputs("\nA first run:\n"
          "  smtpscope ingest /var/log/mail.log*\n"
          "  smtpscope report\n"
          "\n\"smtpscope COMMAND --help\" shows the options of a command.\n",
        out);
}
