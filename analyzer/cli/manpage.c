/* SPDX-License-Identifier: MIT */
/*
 * Synopsis, options and exit statuses are printed from the same tables that
 * the parser uses, so that they cannot be out of date; prose and examples
 * come from docs/man/.  The pages carry no date: two builds of one source
 * are the same.
 */
#include "cli/manpage.h"

#include <ctype.h>

#include "base/embedded.h"

enum { PATH_LEN = 64, LINE_LEN = 512 };

static const char report_folder[] = "schema/reports/";

/* A text in roff: no leading control character, "-" as ASCII, "\" escaped. */
static void print_text(FILE *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\\') {
            fputs("\\e", out);
        } else if (*p == '-') {
            fputs("\\-", out);
        } else if ((*p == '.' || *p == '\'') && (p == text || p[-1] == '\n')) {
            fprintf(out, "\\&%c", *p);
        } else {
            fputc(*p, out);
        }
    }
}

/* Sentences end with a line in roff, so that the space after them is right. */
static void print_prose(FILE *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (p[0] == '.' && p[1] == ' ' && p[2] == ' ') {
            fputs(".\n", out);
            p += 2;
            continue;
        }
        char c[2] = {*p, '\0'};
        if (*p == '.') {
            fputc('.', out);
        } else {
            print_text(out, c);
        }
    }
    fputc('\n', out);
}

static void print_argument(FILE *out, const char *argument)
{
    if (argument != NULL) {
        fputs("\\ \\fI", out);
        print_text(out, argument);
        fputs("\\fR", out);
    }
}

static void print_flag(FILE *out, const struct option_spec *spec)
{
    fputs("\\fB", out);
    if (spec->letter != 0) {
        fprintf(out, "\\-%c", spec->letter);
    } else {
        fputs("\\-\\-", out);
        print_text(out, spec->name);
    }
    fputs("\\fR", out);
    print_argument(out, spec->argument);
}

static void print_synopsis(FILE *out, const struct command *command)
{
    fprintf(out, ".SH SYNOPSIS\n.B smtpscope %s\n", command->name);
    for (const enum option_id *id = command->options; *id != OPTION_UNKNOWN;
         id++) {
        if (*id != OPTION_HELP) {
            fputc('[', out);
            print_flag(out, options_spec(*id));
            fputs("]\n", out);
        }
    }
    if (*command->operands != '\0') {
        fputs("\\fI", out);
        print_text(out, command->operands);
        fputs("\\fR\n", out);
    }
}

static void print_options(FILE *out, const struct command *command)
{
    fputs(".SH OPTIONS\n", out);
    for (const enum option_id *id = command->options; *id != OPTION_UNKNOWN;
         id++) {
        const struct option_spec *spec = options_spec(*id);
        fputs(".TP\n", out);
        if (spec->letter != 0) {
            fprintf(out, "\\fB\\-%c\\fR, ", spec->letter);
        }
        fputs("\\fB\\-\\-", out);
        print_text(out, spec->name);
        fputs("\\fR", out);
        print_argument(out, spec->argument);
        fputc('\n', out);
        print_prose(out, spec->help);
    }
}

static void print_statuses(FILE *out)
{
    static const struct {
        int value;
        const char *text;
    } statuses[] = {
#define STATUS_ROW(name, value, text) {value, text},
        STATUS_LIST(STATUS_ROW)};
    fputs(".SH EXIT STATUS\n", out);
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
        fprintf(out, ".TP\n.B %d\n", statuses[i].value);
        print_prose(out, statuses[i].text);
    }
}

/* The handwritten part, without its comment lines. */
static void print_fragment(FILE *out, const char *name)
{
    char path[PATH_LEN];
    snprintf(path, sizeof(path), "docs/man/%s.roff", name);
    const struct embedded_file *file = embedded_find(path);
    if (file == NULL) {
        return;
    }
    struct span text = file->bytes;
    while (text.len > 0) {
        size_t end = span_find(text, SPAN_LITERAL("\n"));
        if (!span_starts(text, SPAN_LITERAL(".\\\""))) {
            fwrite(text.ptr, 1, end, out);
            fputc('\n', out);
        }
        text = span_skip(text, end + (end < text.len));
    }
}

/* A head line of a report, "-- KEY: VALUE" (report/named.h), in roff. */
static void print_report_line(FILE *out, struct span line)
{
    char text[LINE_LEN];
    snprintf(text, sizeof(text), "%.*s", (int)line.len, line.ptr);
    char *value = strstr(text, ": ");
    if (strncmp(text, "-- ", 3) != 0 || value == NULL) {
        return;
    }
    *value = '\0';
    value += 2;
    if (strcmp(text, "-- about") == 0) {
        print_prose(out, value);
        fputs(".RS\n", out);
    } else if (strncmp(text, "-- column ", 10) == 0) {
        const char *meaning = strstr(value, ", ");
        fputs(".TP\n.B ", out);
        print_text(out, text + 10);
        fputc('\n', out);
        print_prose(out, meaning != NULL ? meaning + 2 : value);
    }
}

static void print_report(FILE *out, const struct embedded_file *file)
{
    const char *name = file->path + strlen(report_folder);
    fputs(".TP\n.B ", out);
    fprintf(out, "%.*s\n", (int)strcspn(name, "."), name);
    struct span text = file->bytes;
    while (span_starts(text, SPAN_LITERAL("--"))) {
        size_t end = span_find(text, SPAN_LITERAL("\n"));
        print_report_line(out, span_first(text, end));
        text = span_skip(text, end + (end < text.len));
    }
    fputs(".RE\n", out);
}

static void print_reports(FILE *out)
{
    const struct embedded_file *file = NULL;
    fputs(".SH REPORTS\nThe columns are those of CSV and JSON.\n", out);
    while ((file = embedded_next(report_folder, file)) != NULL) {
        print_report(out, file);
    }
}

static void print_title(FILE *out, const char *name, const char *summary)
{
    fputs(".TH \"SMTPSCOPE", out);
    if (strcmp(name, "smtpscope") != 0) {
        fputc('-', out);
        for (const char *p = name; *p != '\0'; p++) {
            fputc(toupper((unsigned char)*p), out);
        }
    }
    fprintf(out, "\" 1 \"\" \"smtpscope %s\" \"User Commands\"\n",
        SMTPSCOPE_VERSION);
    fputs(".nh\n.ad l\n.SH NAME\nsmtpscope", out);
    if (strcmp(name, "smtpscope") != 0) {
        fprintf(out, "\\-%s", name);
    }
    fputs(" \\- ", out);
    print_prose(out, summary);
}

static void print_see_also(FILE *out, const struct command *self)
{
    const struct command *command = NULL;
    fputs(".SH SEE ALSO\n", out);
    if (self != NULL) {
        fputs(".BR smtpscope (1),\n", out);
    }
    fputs(".BR smtpscope.yaml (5)", out);
    for (size_t i = 0; (command = commands_at(i)) != NULL; i++) {
        if (command != self) {
            fprintf(out, ",\n.BR smtpscope\\-%s (1)", command->name);
        }
    }
    fputc('\n', out);
}

static void print_commands(FILE *out)
{
    const struct command *command = NULL;
    fputs(".SH COMMANDS\n", out);
    for (size_t i = 0; (command = commands_at(i)) != NULL; i++) {
        fprintf(out, ".TP\n.BR smtpscope\\-%s (1)\n", command->name);
        print_prose(out, command->about);
    }
}

void manpage_print(FILE *out, const struct command *command)
{
    if (command == NULL) {
        print_title(out, "smtpscope", "find what is wrong in mail-server logs");
        fputs(".SH SYNOPSIS\n.B smtpscope\n.I COMMAND\n[\\fIOPTION\\fR...]\n"
              "[\\fIARGUMENT\\fR...]\n",
            out);
        print_fragment(out, "smtpscope");
        print_commands(out);
    } else {
        print_title(out, command->name, command->summary);
        print_synopsis(out, command);
        fputs(".SH DESCRIPTION\n", out);
        print_prose(out, command->about);
        print_options(out, command);
        print_fragment(out, command->name);
        if (strcmp(command->name, "report") == 0) {
            print_reports(out);
        }
    }
    print_statuses(out);
    print_see_also(out, command);
}

void manpage_print_configuration(FILE *out)
{
    fprintf(out,
        ".TH SMTPSCOPE.YAML 5 \"\" \"smtpscope %s\" \"File Formats\"\n"
        ".nh\n.ad l\n.SH NAME\nsmtpscope.yaml \\- a site's configuration of "
        "smtpscope\n",
        SMTPSCOPE_VERSION);
    print_fragment(out, "smtpscope.yaml");
    fputs(".SH SEE ALSO\n.BR smtpscope (1)\n", out);
}
